"""A published table as a cube, read from the register's own JSON: what each format writes in its own way.

Dimensions, code lists and measures come from the table itself, so a further table needs no further format.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from register.reporting.codelists import Code

TIME, AREA, DEFINITION, MEASURE = "time_period", "ref_area", "definition", "measure"
VALUE, STATUS, CONFIDENTIALITY = "obs_value", "obs_status", "conf_status"
SUPPRESSED, IMPOSSIBLE, NOT_TAKING_PART = "Q", "M", "L"
Number = int | float
# What each file says of its release, by its name in tidy files and in the register's own JSON.
RELEASE_COLUMNS = {
    "release_id": "id",
    "release_status": "status",
    "rule_version": "ruleVersion",
    "extracted_on": "extractedOn",
    "completeness": "completeness",
    "tox_completeness": "toxCompleteness",
}


class Observation(NamedTuple):
    """One cell: a code for each axis, the value or None, and its two statuses."""

    at: tuple[str, ...]
    value: Number | None
    status: str
    confidentiality: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension with its codes in order."""

    name: str
    nl: str
    en: str
    codes: tuple[Code, ...]

    def label_of(self, code: str) -> str:
        """The Dutch label of a code. Raises LookupError for an unknown one."""
        for known in self.codes:
            if known.code == code:
                return known.nl
        raise LookupError(f"{self.name} has no code {code!r}")


@dataclass(frozen=True, slots=True)
class Cube:
    """The cells of a table along its axes: time, area, definition, its own dimensions, measure."""

    release: Mapping[str, Any]
    table: Mapping[str, Any]
    axes: tuple[Axis, ...]
    cells: tuple[Observation, ...]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Cube":
        """The cube in the content of a JSON file of the register."""
        table = body["table"]
        periods = dict.fromkeys(cell[TIME] for cell in body["cells"])
        axes = (
            Axis(TIME, "Jaar van overlijden", "Year of death", tuple(Code(one, one, one) for one in periods)),
            *(_axis(one["name"], one["label"], one["codes"]) for one in table["dimensions"]),
            _axis(MEASURE, {"nl": "Telling", "en": "Measure"}, table["measures"]),
        )
        names = [axis.name for axis in axes]
        cells = tuple(
            Observation(tuple(cell[name] for name in names), cell[VALUE], cell[STATUS], cell[CONFIDENTIALITY])
            for cell in body["cells"]
        )
        return cls(body["release"], table, axes, cells)

    @property
    def name(self) -> str:
        return str(self.table["name"])

    @property
    def title(self) -> str:
        """The Dutch title."""
        return str(self.table["title"]["nl"])

    @property
    def measures(self) -> tuple[Code, ...]:
        return self.axes[-1].codes

    @property
    def usual_status(self) -> str:
        """The status of a value that nothing is the matter with in this release."""
        return "A" if self.release["status"] == "final" else "P"

    @property
    def open_axes(self) -> tuple[Axis, ...]:
        """The axes on which there is something to choose."""
        return tuple(axis for axis in self.axes if len(axis.codes) > 1)

    def whole_numbers(self, measure: str = "") -> bool:
        """Whether every value is a whole number; with ``measure``, those of that measure."""
        return all(
            cell.value is None or isinstance(cell.value, int) for cell in self.cells if measure in ("", cell.at[-1])
        )

    def unit(self, measure: str) -> str:
        """The Dutch word for what a measure counts: its own unit, or that of the table."""
        units = {one["code"]: one.get("unit", self.table["unit"]) for one in self.table["measures"]}
        return str(units[measure]["nl"])

    def release_values(self) -> dict[str, Any]:
        """What each row of a tidy file says of the release, by column."""
        return {column: self.release[name] for column, name in RELEASE_COLUMNS.items()}

    def statuses(self, kind: str) -> tuple[Code, ...]:
        """The code list ``obsStatus`` or ``confStatus``."""
        return _codes(self.table[kind])


def _axis(name: str, label: Mapping[str, str], codes: Sequence[Mapping[str, Any]]) -> Axis:
    return Axis(name, label["nl"], label["en"], _codes(codes))


def _codes(codes: Sequence[Mapping[str, Any]]) -> tuple[Code, ...]:
    return tuple(Code(one["code"], one["label"]["nl"], one["label"]["en"], one.get("parent", "")) for one in codes)
