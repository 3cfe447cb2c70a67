"""The one place where counts become publishable cells: all tables of a release as one system, or nothing at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from register.disclosure import (
    SENTENCES,
    Count,
    DisclosureInputError,
    Infeasible,
    Policy,
    Protected,
    Suppressed,
    Table,
    build,
    protect,
)
from register.reporting.codelists import DEFINITION_CODES, TOTAL
from register.reporting.errors import BuildError
from register.reporting.extract import Extract
from register.reporting.formats import ProtectedTable, Row
from register.reporting.links import links_between
from register.reporting.tables import TableDesign, designs
from register.reporting.tabulate import tabulate

REASONS_TOLD = 3


@dataclass(frozen=True, slots=True)
class ProtectedRelease:
    """The tables of a release as they may leave, and what the register's staff may know of how they were protected.

    ``report`` is for the screen of those who decide; it never reaches a file.
    """

    tables: dict[str, ProtectedTable]
    report: dict[str, Any]


def protected_release(extract: Extract, *, definition: str, years: range, policy: Policy) -> ProtectedRelease:
    """Tabulate and protect. Raises BuildError when the cells cannot be protected or when that is not proven."""
    parts = tabulate(extract, definition=definition, years=years)
    try:
        system = build(parts, links_between(parts, extract))
    except DisclosureInputError as error:
        raise BuildError(nl=error.nl, en=error.en) from error
    outcome = protect(system, policy)
    if isinstance(outcome, Infeasible):
        raise _not_protected(outcome)
    found = {
        design.name: ProtectedTable(design, tuple(_rows(design, parts, outcome, definition)))
        for design in designs(extract.catalogue)
    }
    return ProtectedRelease(found, _report(found, parts, outcome, policy))


def _rows(design: TableDesign, parts: Sequence[Table], outcome: Protected, definition: str) -> Iterator[Row]:
    """The cells of one published table: by year, then definition, then measure, then code."""
    wanted = DEFINITION_CODES if design.per_definition else (definition,)
    shown = [part for part in parts if part.name == design.number and part.population in wanted]
    cells = [(part, outcome.table(part)) for part in shown]
    for period in parts[0].dimensions[0].codes:
        for part, found in cells:
            for codes, cell in found.items():
                if codes[0] == period and _shown(design, codes[1:]):
                    yield Row(period, part.population, codes[1:], part.measure, cell)


def _shown(design: TableDesign, codes: Sequence[str]) -> bool:
    return all(column.holds(code) for column, code in zip(design.columns, codes, strict=True))


def _not_protected(outcome: Infeasible) -> BuildError:
    told = outcome.reasons[:REASONS_TOLD]
    return BuildError(
        nl=" ".join(["De publicatie is niet gemaakt: bescherming is niet bewezen.", *(one.nl for one in told)]),
        en=" ".join(["The release was not built: protection is not proven.", *(one.en for one in told)]),
    )


def _report(
    found: dict[str, ProtectedTable], parts: Sequence[Table], outcome: Protected, policy: Policy
) -> dict[str, Any]:
    summaries = {name: _summary(table, parts, outcome) for name, table in found.items()}
    cells = sum(summary["cells"] for summary in summaries.values())
    hidden = sum(summary["hidden"] for summary in summaries.values())
    return {
        "tables": summaries,
        "cells": cells,
        "hidden": hidden,
        "hidden_percent": round(100 * hidden / cells, 1) if cells else 0.0,
        "computable": 0,
        "attacker": _attacker(policy),
        "threshold": policy.threshold,
        "internal": outcome.internal,
        "engine": outcome.dossier.engine if outcome.dossier else "",
        "witnesses": len(outcome.dossier.claim.witnesses) if outcome.dossier else 0,
    }


def _attacker(policy: Policy) -> dict[str, str]:
    """What the attacker that was tried knows: each level knows what the one before knows."""
    levels = [SENTENCES["A1"], SENTENCES["A2"]] if policy.attacker == "A2" else [SENTENCES["A1"]]
    return {"nl": " ".join(nl for nl, _ in levels), "en": " ".join(en for _, en in levels)}


def _summary(table: ProtectedTable, parts: Sequence[Table], outcome: Protected) -> dict[str, Any]:
    """How much of a table is hidden. The share of deaths is over the finest rows; of an overlapping table, mentions."""
    primary = outcome.dossier.primary if outcome.dossier else frozenset()
    mine = {(part.population, part.measure): part for part in parts if part.name == table.design.number}
    counts = {kind: part.filled() for kind, part in mine.items()}
    small = deaths = shown = 0
    for row in table.rows:
        kind, codes = (row.definition, row.measure), (row.period, *row.at)
        small += isinstance(row.cell, Suppressed) and mine[kind].key(codes) in primary
        if TOTAL not in row.at and row.measure != "sole":
            deaths += counts[kind][codes]
            shown += row.cell.value if isinstance(row.cell, Count) else 0
    hidden = table.suppressed
    return {
        "cells": len(table.rows),
        "hidden": hidden,
        "primary": small,
        "secondary": hidden - small,
        "hidden_percent": round(100 * hidden / len(table.rows), 1) if table.rows else 0.0,
        "deaths_hidden_percent": round(100 * (deaths - shown) / deaths, 1) if deaths else 0.0,
    }
