"""A published table as people read it: rows and columns made of the cells of its JSON file, and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from register.reporting.codelists import DECIMALS
from register.web.field_shapes import Option
from register.web.language import active
from register.web.statistics.charts.seen import words

TOTAL = "_T"
LONG = 25
HIDDEN = "·"
# What the page of every table says of its release.
SAID_ABOVE = ("ref_area", "definition")
RATE, NOT_COUNTS = "per_100k", "not_counts"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value on the page: a number, hidden, or impossible; hidden is never zero."""

    text: str
    hidden: bool = False
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row. ``within`` says that it is part of the row above that is not."""

    label: str
    cells: tuple[Cell, ...]
    total: bool = False
    within: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table page. ``left_out`` rows hold only true zeros, or nothing that can be. ``years`` is empty when years are
    the columns.

    ``counts`` says whether the figures are numbers of deaths; ``fixed`` what is the same for all of them, such as the
    source of the population.
    """

    name: str
    number: str
    title: str
    measure: str
    adding: str
    fixed: tuple[tuple[str, str], ...]
    counts: bool
    overlaps: bool
    head: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    left_out: int
    years: tuple[Option, ...]
    measures: tuple[Option, ...]
    suppressed: int
    cells: int
    explanation: str


def sheet(body: Mapping[str, Any], *, year: str = "", measure: str = "", everything: bool = False) -> Sheet:
    """The table for one year, or for all years beside each other when it has one dimension more.

    An unknown year or measure gives the newest year and the first measure; of a table of rates, the rate.
    """
    table, release = body["table"], body["release"]
    years = [str(one) for one in range(release["periodTo"], release["periodFrom"] - 1, -1)]
    measures = [one["code"] for one in table["measures"]]
    chosen_year = year if year in years else years[0]
    usual = RATE if RATE in measures else measures[0]
    chosen = measure if measure in measures else usual
    across, down = _axes(table["dimensions"])
    values = _values(body["cells"], across, down, chosen, "" if across is None else chosen_year)
    columns = years if across is None else [code["code"] for code in across["codes"]]
    named = years if across is None else [_words(code["label"]) for code in across["codes"]]
    lines = [_line(code, [values.get((code["code"], column)) for column in columns]) for code in down["codes"]]
    told = next(one for one in table["measures"] if one["code"] == chosen)
    no_counts, counts = table["adding"]["code"] == NOT_COUNTS, "unit" not in told
    kept = [line for line in lines if everything or len(lines) <= LONG or line.total or _says_something(line)]
    return Sheet(
        name=table["name"],
        number=table["number"],
        title=_words(table["title"]),
        measure=_words(told["label"]),
        adding="" if no_counts and counts else _words(table["adding"]["label"]),
        fixed=_fixed(table["dimensions"]),
        counts=counts,
        overlaps=table["adding"]["code"] == "overlapping",
        head=_words(down["label"]),
        columns=tuple(named),
        lines=tuple(kept),
        left_out=len(lines) - len(kept),
        years=() if across is None else tuple(Option(one, one, one == chosen_year) for one in years),
        measures=tuple(Option(one["code"], _words(one["label"]), one["code"] == chosen) for one in table["measures"]),
        suppressed=table["suppression"]["suppressed"],
        cells=table["suppression"]["cells"],
        explanation=_words(table["suppression"]["label"]),
    )


def _axes(dimensions: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]]:
    """What goes across and what goes down; across is None when the years do.

    A table of one figure a year has one line: that of its only answer.
    """
    free = [one for one in dimensions if one["name"] != "ref_area" and len(one["codes"]) > 1]
    return (free[-1], free[0]) if len(free) > 1 else (None, free[0] if free else dimensions[-1])


def _fixed(dimensions: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """What a table of its own has one code of, and so no column on the page: the name and that code in words."""
    alone = (one for one in dimensions if one["name"] not in SAID_ABOVE and len(one["codes"]) == 1)
    return tuple((_words(one["label"]), _words(one["codes"][0]["label"])) for one in alone)


def _values(
    cells: Sequence[Mapping[str, Any]],
    across: Mapping[str, Any] | None,
    down: Mapping[str, Any],
    measure: str,
    year: str,
) -> dict[tuple[str, str], Mapping[str, Any]]:
    column = "time_period" if across is None else across["name"]
    return {
        (cell[down["name"]], cell[column]): cell
        for cell in cells
        if cell["measure"] == measure and year in ("", cell["time_period"])
    }


def _line(code: Mapping[str, Any], cells: Sequence[Mapping[str, Any] | None]) -> Line:
    return Line(
        label=_words(code["label"]),
        cells=tuple(_cell(cell) for cell in cells),
        total=code["code"] == TOTAL,
        within=code.get("parent", TOTAL) != TOTAL,
    )


def _cell(cell: Mapping[str, Any] | None) -> Cell:
    if cell is None or cell["obs_status"] == "M":
        return Cell("")
    if cell["conf_status"] == "C":
        return Cell(HIDDEN, hidden=True)
    value = cell["obs_value"]
    return Cell(words(value, active(), DECIMALS.get(cell["measure"], 0)), zero=value == 0)


def _says_something(line: Line) -> bool:
    return any(cell.hidden or (cell.text and not cell.zero) for cell in line.cells)


def _words(label: Mapping[str, str]) -> str:
    return label[active()]
