"""The one place where counts become publishable cells: all tables of a release as one system, or nothing at all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from register.disclosure import (
    SENTENCES,
    CellKey,
    Count,
    DisclosureInputError,
    Infeasible,
    Policy,
    Suppressed,
    System,
)
from register.reporting import explaining, naming
from register.reporting.choices import NONE, Choices
from register.reporting.codelists import DEFINITION_CODES
from register.reporting.conflicts import RULES, ConflictError, conflicts_of
from register.reporting.derived import Deriver, PublishedCell
from register.reporting.errors import BuildError
from register.reporting.extract import Extract
from register.reporting.formats import ProtectedTable, Row
from register.reporting.margins import margins
from register.reporting.over_time import Earlier, Together, protect_together, system_of
from register.reporting.profiles import USUAL, Profile
from register.reporting.ruled import Rules
from register.reporting.splitting import protect_pieces
from register.reporting.table_design import TIME, TableDesign
from register.reporting.tables import designs

REASONS_TOLD = 3
DEAREST = 5


@dataclass(frozen=True, slots=True)
class ProtectedRelease:
    """The tables of a release as they may leave, and what the register's staff may know of how they were protected.

    ``report`` is for the screen of those who decide; it never reaches a file.
    """

    tables: dict[str, ProtectedTable]
    report: dict[str, Any]


def protected_release(
    extract: Extract,
    *,
    definition: str,
    years: range,
    policy: Policy,
    earlier: Sequence[Earlier] = (),
    choices: Choices = NONE,
    profile: Profile = USUAL,
) -> ProtectedRelease:
    """Tabulate and protect beside the earlier releases, by the rules of ``profile`` beside those of ``policy``.

    Raises BuildError when the cells cannot be protected or when that is not proven, and ConflictError where people have
    to choose how to go on.
    """
    totals = [CellKey.of(definition, "deaths", {TIME: str(year)}) for year in years]
    rules = Rules.of(extract, definition=definition, years=years, profile=profile, earlier=earlier, choices=choices)
    policy = rules.applied(policy)
    try:
        system = system_of(
            extract,
            definition=definition,
            years=years,
            threshold=policy.threshold,
            beside=earlier,
            profile=rules.joint,
            accepted=choices.waived,
        )
        kept = margins(
            system, extract, definition=definition, years=years, threshold=policy.threshold, beside=bool(earlier)
        )
        made = _protected(system, (totals, kept), policy, earlier, rules)
    except DisclosureInputError as error:
        raise BuildError(nl=error.nl, en=error.en) from error
    deriver = Deriver(extract, made.cells, policy.threshold)
    found = {
        design.name: ProtectedTable(design, tuple(_rows(design, deriver, definition, years)))
        for design in designs(extract)
    }
    report = _report(found, made, policy)
    if told := rules.told(made, extract, policy.threshold):
        report["rules"] = told
    if earlier:
        report["over_time"] = {**made.report, "waived": naming.words(choices.waived, extract)}
    return ProtectedRelease(found, report)


def _protected(
    system: System,
    kept: tuple[Sequence[CellKey], Sequence[CellKey]],
    policy: Policy,
    earlier: Sequence[Earlier],
    rules: Rules,
) -> Together:
    totals, sums = kept
    if earlier:
        outcome = protect_together(system, totals, policy, earlier, rules.choices, rules.joint, sums)
    else:
        alone = protect_pieces(system, policy, totals=totals, sums=sums)
        outcome = alone if isinstance(alone, Infeasible) else Together.alone(system, alone)
    if isinstance(outcome, Infeasible):
        found = conflicts_of(outcome, {key: key for key in system.cells})
        if found and all(one.why in RULES for one in found):
            raise ConflictError(found)
        raise _not_protected(outcome)
    return outcome


def _rows(design: TableDesign, deriver: Deriver, definition: str, years: range) -> Iterator[Row]:
    """The cells of one published table: by year, then definition, then measure, then code."""
    wanted = DEFINITION_CODES if design.per_definition else (definition,)
    for period in map(str, years):
        for population in wanted:
            for measure in design.measures:
                for at in product(*([code.code for code in column.codes] for column in design.columns)):
                    if (cell := _cell(design, deriver, population, measure, period, at)) is not None:
                        yield Row(period, population, at, measure, cell)


def _cell(
    design: TableDesign, deriver: Deriver, definition: str, measure: str, period: str, at: tuple[str, ...]
) -> PublishedCell | None:
    """The cell at these codes; None where the table has no such cell, as there is no sole count of no substance."""
    if measure not in design.counts:
        return deriver.cell(design, definition, measure, period, at)
    key = design.key(definition, measure, period, at)
    return deriver.cells.get(key) if key is not None else None


def _not_protected(outcome: Infeasible) -> BuildError:
    told = outcome.reasons[:REASONS_TOLD]
    return BuildError(
        nl=" ".join(["De publicatie is niet gemaakt: bescherming is niet bewezen.", *(one.nl for one in told)]),
        en=" ".join(["The release was not built: protection is not proven.", *(one.en for one in told)]),
    )


def _report(found: dict[str, ProtectedTable], made: Together, policy: Policy) -> dict[str, Any]:
    values = dict(zip(made.system.cells, made.system.values, strict=True))
    outcome, primary = made.outcome, made.small
    protects = explaining.protects(found, made.leans)
    coarser = explaining.coarser(found, values)
    summaries = {
        name: {
            **_summary(table, values, primary),
            "protects": protects.get(name, {}),
            "coarser": coarser.get(name, []),
        }
        for name, table in found.items()
    }
    cells = sum(summary["cells"] for summary in summaries.values())
    hidden = sum(summary["hidden"] for summary in summaries.values())
    return {
        "tables": summaries,
        "cells": cells,
        "hidden": hidden,
        "hidden_percent": _percent(hidden, cells),
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


def _summary(table: ProtectedTable, values: Mapping[CellKey, int], primary: Collection[CellKey]) -> dict[str, Any]:
    """How much of a table is hidden. The share of deaths is over the finest rows; of an overlapping table, mentions."""
    design = table.design
    parents = [{code.parent for code in column.codes} for column in design.columns]
    small = deaths = shown = cells = hidden = 0
    shares: dict[tuple[str, str], list[int]] = {}
    for row in table.rows:
        cells, hidden = cells + 1, hidden + isinstance(row.cell, Suppressed)
        for column, code in zip(design.columns, row.at, strict=True):
            share = shares.setdefault((column.name, code), [0, 0])
            share[0], share[1] = share[0] + 1, share[1] + isinstance(row.cell, Suppressed)
        if row.measure not in design.counts or (key := _key(design, row)) is None:
            continue
        small += isinstance(row.cell, Suppressed) and key in primary
        if row.measure == design.counts[0] and not any(
            code in above for code, above in zip(row.at, parents, strict=True)
        ):
            deaths += values[key]
            shown += row.cell.value if isinstance(row.cell, Count) else 0
    return {
        "cells": cells,
        "hidden": hidden,
        "primary": small,
        "secondary": hidden - small,
        "hidden_percent": _percent(hidden, cells),
        "deaths_hidden_percent": _percent(deaths - shown, deaths),
        "dearest": _dearest(design, shares),
    }


def _dearest(design: TableDesign, shares: Mapping[tuple[str, str], list[int]]) -> list[dict[str, Any]]:
    """The codes of which the largest part of the cells is hidden, the worst first."""
    named = {(column.name, code.code): (column, code) for column in design.columns for code in column.codes}
    worst = sorted(
        ((hidden / cells, hidden, at) for at, (cells, hidden) in shares.items() if hidden),
        key=lambda one: (-one[0], -one[1], one[2]),
    )[:DEAREST]
    return [
        {
            "column": {"nl": named[at][0].nl, "en": named[at][0].en},
            "code": {"nl": named[at][1].nl, "en": named[at][1].en},
            "cells": shares[at][0],
            "hidden": hidden,
            "hidden_percent": _percent(hidden, shares[at][0]),
        }
        for _, hidden, at in worst
    ]


def _key(design: TableDesign, row: Row) -> CellKey | None:
    return design.key(row.definition, row.measure, row.period, row.at)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
