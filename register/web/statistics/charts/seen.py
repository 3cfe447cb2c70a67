"""Published cells by their codes: a number, suppressed, or nothing. A chart sees nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOTAL = "_T"
NAMED_APART = frozenset({"ref_area", "definition", "population_source"})
# Tables of which only some measures, or none, add up to the total.
OVERLAPPING = frozenset({"overlapping", "by_measure"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What is published of a cell. Neither a number nor hidden: it cannot be, or it is not in the table."""

    number: float | None = None
    hidden: bool = False


NOTHING, HIDDEN = Seen(), Seen(hidden=True)


class Figures:
    """One published table, read from its JSON file. It never changes, so it may be kept and read by several at once."""

    total = TOTAL

    def __init__(self, body: Mapping[str, Any], language: str) -> None:
        self.language = language
        table = body["table"]
        dimensions = table["dimensions"]
        self.names = [one["name"] for one in dimensions if one["name"] not in NAMED_APART]
        self.codes = {
            one["name"]: {code["code"]: code["label"][language] for code in one["codes"]} for one in dimensions
        }
        self.parents = {
            one["name"]: {code["code"]: code.get("parent", "") for code in one["codes"]} for one in dimensions
        }
        self.measures = {one["code"]: one["label"][language] for one in table["measures"]}
        self.overlaps = table["adding"]["code"] in OVERLAPPING
        self.status = body["release"]["status"]
        cells = body["cells"]
        self.periods = sorted({cell["time_period"] for cell in cells})
        self._seen = {
            (cell["measure"], cell["time_period"], *(cell[name] for name in self.names)): _seen(cell)
            for cell in cells
            if len(self.codes["definition"]) == 1 or cell["definition"] == body["release"]["definition"]
        }

    def at(self, measure: str, period: str, *codes: str) -> Seen:
        """The cell at these codes, in the order of the dimensions."""
        return self._seen.get((measure, period, *codes), NOTHING)

    def label(self, dimension: str, code: str) -> str:
        return str(self.codes[dimension][code])

    def has(self, dimension: str, code: str) -> bool:
        return code in self.codes[dimension]


def _seen(cell: Mapping[str, Any]) -> Seen:
    if cell["conf_status"] == "C":
        return HIDDEN
    return NOTHING if cell["obs_value"] is None else Seen(cell["obs_value"])


def shown(seen: Sequence[Seen]) -> list[float]:
    """The numbers among what is seen."""
    return [one.number for one in seen if one.number is not None]


def comparable(seen: Sequence[Seen]) -> bool:
    """Whether the largest of these can be named: something is shown, and nothing is hidden that may be larger."""
    return bool(shown(seen)) and not any(one.hidden for one in seen)


def words(value: float, language: str, digits: int = 0) -> str:
    """A number with the marks of the language: 1.234,5 or 1,234.5."""
    text = f"{value:,.{digits}f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
