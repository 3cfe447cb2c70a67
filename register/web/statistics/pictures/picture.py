"""What a chart is: its words, its drawing, the same cells as a table, and the published rows it was drawn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from register.web.statistics.charts.drawing import Drawing
from register.web.statistics.charts.seen import Figures, Seen, words
from register.web.statistics.pictures.chosen import Chosen

HIDDEN = "·"


class Earlier(NamedTuple):
    """A year before the release: from which release it comes, its table, and whether it may still change."""

    year: str
    release: str
    figures: Figures
    provisional: bool


@dataclass(frozen=True, slots=True)
class Source:
    """Where a chart reads: a table of the release by name, and the same table of earlier years."""

    release: str
    tables: Callable[[str], Figures | None]
    earlier: Callable[[str], Sequence[Earlier]]
    chosen: Chosen
    language: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Published rows: those of a table with these codes in these columns, and these years of each release."""

    table: str
    years: Mapping[str, Sequence[str]]
    codes: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart. ``of`` says what was chosen, in words; ``rows`` are all the cells it was drawn from."""

    title: str
    unit: str
    drawing: Drawing
    head: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    rows: Rows
    of: tuple[str, ...] = ()
    note: str = ""

    @property
    def about(self) -> str:
        """What is counted and what was chosen, in one line."""
        return " · ".join((self.unit, *self.of))

    @property
    def hides(self) -> bool:
        """Whether anything in it is suppressed."""
        return any(HIDDEN in cells for _name, cells in self.lines)


def told(cells: Sequence[Seen], language: str, digits: int = 0) -> tuple[str, ...]:
    """The numbers as text; a suppressed one is a dot, and what does not exist is empty."""
    return tuple(
        HIDDEN if one.hidden else "" if one.number is None else words(one.number, language, digits) for one in cells
    )


def years_in_words(years: Sequence[str]) -> str:
    """A year, or the first and the last of several."""
    return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"


def listed(figures: Figures, dimension: str) -> list[tuple[str, str]]:
    """The codes of a dimension as options; what is part of another one stands behind it with a dash."""
    parents = figures.parents[dimension]
    return [
        (code, f"– {label}" if parents[code] not in ("", figures.total) else label)
        for code, label in figures.codes[dimension].items()
    ]


def measures_of(*tables: Figures | None) -> list[tuple[str, str]]:
    """The measures of these tables as options, in order."""
    return [(code, label) for table in tables if table for code, label in table.measures.items()]


def does_not_add_up(figures: Figures, measure: str) -> str:
    """What to know of counts that overlap; empty for those that add up."""
    return _("Counts per substance do not add up.") if measure in ("any", "sole") and figures.overlaps else ""
