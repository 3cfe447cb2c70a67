"""What became of a suspicion: confirmed, tested and not detected, or never looked for.

"Not found" and "not looked for" are two things: a substance that no line of the report names was looked for only when
the scope of the panel covers its group (``panel_scopes.csv``).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from register.coding.analytes import Analyte, present
from register.coding.catalogue import Catalogue, rows

CONFIRMED, NOT_DETECTED, NOT_TESTED = "confirmed", "not_detected", "not_tested"
NEGATIVE = frozenset({"not_detected", "below_limit"})
COVERED_BY = {row["group"]: frozenset(row["scopes"].split(";")) for row in rows("panel_scopes.csv")}


@dataclass(frozen=True, slots=True)
class Toxicology:
    """What the laboratory said of a case. ``settled``: nothing more is expected; ``scope``: what was looked for."""

    analytes: tuple[Analyte, ...]
    settled: bool
    scope: frozenset[str]
    present: frozenset[str]

    @classmethod
    def of(
        cls, analytes: Iterable[Analyte], catalogue: Catalogue, *, settled: bool, scope: Iterable[str] = ()
    ) -> "Toxicology":
        found = tuple(analytes)
        return cls(found, settled, frozenset(scope), present(found, catalogue))


def outcome(code: str | None, toxicology: Toxicology, concluded: Collection[str], catalogue: Catalogue) -> str | None:
    """What became of a suspicion of ``code``; None while it cannot be told. ``concluded``: found by other evidence."""
    if code is None or code not in catalogue.substances:
        return None
    if code in toxicology.present or code in concluded:
        return CONFIRMED
    outcomes = {analyte.outcome for analyte in toxicology.analytes if analyte.code == code}
    covered = bool(COVERED_BY.get(catalogue.substance(code).group, frozenset()) & toxicology.scope)
    if outcomes & NEGATIVE:
        # The scope speaks only where it names what it takes: a broad screen that reports a substance looked for it.
        return NOT_DETECTED if covered or not _special(code, catalogue) or not toxicology.scope else NOT_TESTED
    if not toxicology.settled:
        return None
    return NOT_DETECTED if covered and "not_tested" not in outcomes else NOT_TESTED


def _special(code: str, catalogue: Catalogue) -> bool:
    """Whether a broad screen misses the group of this substance."""
    return "screen_broad" not in COVERED_BY.get(catalogue.substance(code).group, frozenset())
