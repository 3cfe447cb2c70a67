"""The cells of a published table and what may be said of each: the one thing that every format is made from.

A suppressed count is a missing value with a status, never a number, and nothing in a file tells why it was suppressed.
Status codes are those of SDMX CL_OBS_STATUS and CL_CONF_STATUS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, assert_never

from register.disclosure import Count, StructuralZero, Suppressed
from register.reporting.codelists import Code
from register.reporting.derived import Derived, PublishedCell
from register.reporting.extract import FORMAT
from register.reporting.formats.said import SAID
from register.reporting.table_design import TableDesign

SUPPRESSION = Code(
    "suppression",
    "Een lege waarde met obs_status Q is verborgen, omdat kleine aantallen tot personen kunnen leiden of omdat zij "
    "anders te berekenen is. Verborgen betekent niet nul; een 0 is een echte nul.",
    "An empty value with obs_status Q is hidden, because small counts can lead to persons or because it could be "
    "computed otherwise. Hidden does not mean zero; a 0 is a true zero.",
)
OBS_STATUS = (
    Code("A", "Normale waarde", "Normal value"),
    Code("P", "Voorlopige waarde", "Provisional value"),
    Code("Q", "Verborgen", "Missing value; suppressed"),
    Code("M", "Kan niet voorkomen", "Missing value; data cannot exist"),
)
CONF_STATUS = (
    Code("F", "Openbaar", "Free for publication"),
    Code("C", "Vertrouwelijk", "Confidential statistical information"),
)


@dataclass(frozen=True, slots=True)
class About:
    """What every file says of its release. ``status`` is provisional, further_provisional or final.

    ``completeness``: per cent of the cases of the period that are decided; ``tox_completeness``: per cent of the
    counted deaths with a final toxicology result. Both are rounded down and None when there is nothing to count.
    ``extracted_on`` is the cut-off day of the figures. ``rules``: those beside the threshold, None when there are none.
    ``extract_format``: of the frozen facts, 0 of a release that was frozen before it was kept.
    """

    release_id: str
    title: str
    status: str
    definition: str
    rule_version: str
    year_from: int
    year_to: int
    extracted_on: date
    threshold: int
    completeness: int | None
    tox_completeness: int | None
    rules: Mapping[str, Any] | None = None
    extract_format: int = FORMAT


class Row(NamedTuple):
    """One cell of a published table: year, definition, one code for each column, measure, and what may be known."""

    period: str
    definition: str
    at: tuple[str, ...]
    measure: str
    cell: PublishedCell


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table as it may leave: its design and its cells in order."""

    design: TableDesign
    rows: tuple[Row, ...]

    @property
    def suppressed(self) -> int:
        return sum(isinstance(row.cell, Suppressed) for row in self.rows)


def observation(cell: PublishedCell, status: str) -> tuple[float | None, str, str]:
    """The value, observation status and confidentiality status of a cell in a release of this status.

    A count is a whole number; a per cent, a rate or a median may be a decimal one.
    """
    match cell:
        case Count(value) | Derived(value):
            return value, "A" if status == "final" else "P", "F"
        case Suppressed():
            return None, "Q", "C"
        case StructuralZero():
            return None, "M", "F"
        case _:
            assert_never(cell)


def release_facts(about: About) -> dict[str, Any]:
    """The release as the JSON file and the manifest describe it."""
    return {
        "id": about.release_id,
        "title": about.title,
        "status": about.status,
        "definition": about.definition,
        "ruleVersion": about.rule_version,
        "periodFrom": about.year_from,
        "periodTo": about.year_to,
        "extractedOn": about.extracted_on.isoformat(),
        "threshold": about.threshold,
        "completeness": about.completeness,
        "toxCompleteness": about.tox_completeness,
        **({"extractFormat": about.extract_format} if about.extract_format >= SAID else {}),
        **({"rules": about.rules} if about.rules else {}),
    }
