"""Hints beside a result, each with its reason: the traps of post-mortem toxicology as a table that can be read aloud.

A hint sets no role and no value. The table is ``data/toxicology_hints.csv``: about which analyte a line is, with which
outcome, beside which others (``with``: all of them, ``without``: none), in which specimen, below which value in the
register's own unit, and for a scope that does not name something. Limits are to be confirmed by the field.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from register.coding.analytes import DETECTED, Analyte, identity, relation_of
from register.coding.catalogue import Catalogue, rows
from register.coding.folding import fold
from register.coding.once import OncePerCatalogue
from register.coding.sentences import Sentence

EVERYTHING, GROUP = "*", "group:"


@dataclass(frozen=True, slots=True)
class Hint:
    """One line of the table; names are those of ``analytes.identity``."""

    id: str
    about: str
    outcome: str
    beside: frozenset[str]
    without: frozenset[str]
    matrices: frozenset[str]
    below: Decimal | None
    scope_lacks: str
    sentence: Sentence


def hints(analyte: Analyte, report: Sequence[Analyte], catalogue: Catalogue) -> tuple[Hint, ...]:
    """The hints beside one result of a report, in the order of the table."""
    found = {identity(other, catalogue) for other in report if other.outcome == DETECTED}
    own = identity(analyte, catalogue)
    substance = catalogue.substances.get(analyte.code or "")
    group = f"{GROUP}{substance.group}" if substance else ""
    return tuple(
        hint
        for hint in table(catalogue)
        if hint.about in (own, group, EVERYTHING) and _holds(hint, analyte) and _beside(hint, found)
    )


def _holds(hint: Hint, analyte: Analyte) -> bool:
    if hint.outcome != analyte.outcome or (hint.matrices and analyte.matrix not in hint.matrices):
        return False
    if hint.below is not None and not (
        analyte.unit == "ug_l" and analyte.value is not None and analyte.value < hint.below
    ):
        return False
    return not hint.scope_lacks or (bool(analyte.scope) and hint.scope_lacks not in (analyte.scope or ()))


def _beside(hint: Hint, found: Iterable[str]) -> bool:
    there = frozenset(found)
    return hint.beside <= there and not hint.without & there


def _table(catalogue: Catalogue) -> tuple[Hint, ...]:
    return tuple(
        Hint(
            id=row["id"],
            about=_name(row["about"], catalogue),
            outcome=row["outcome"],
            beside=_names(row["with"], catalogue),
            without=_names(row["without"], catalogue),
            matrices=frozenset(row["matrix"].split(";")) if row["matrix"] else frozenset(),
            below=Decimal(row["below"]) if row["below"] else None,
            scope_lacks=row["scope_lacks"],
            sentence=Sentence(row["nl"], row["en"]),
        )
        for row in rows("toxicology_hints.csv")
    )


def _name(text: str, catalogue: Catalogue) -> str:
    if text == EVERYTHING or text.startswith(GROUP) or text in catalogue.substances:
        return text
    relation = relation_of(text, catalogue)
    return relation.name if relation else fold(text)


def _names(text: str, catalogue: Catalogue) -> frozenset[str]:
    return frozenset(_name(part, catalogue) for part in text.split(";") if part)


table = OncePerCatalogue("toxicology_hints", _table)
