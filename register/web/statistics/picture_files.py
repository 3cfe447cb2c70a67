"""A chart as a file: the published rows it was drawn from, and the picture with its words as SVG and as PNG."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from django.template.loader import render_to_string

from register.web import documents
from register.web.statistics.charts.drawing import Drawing
from register.web.statistics.pictures.picture import Picture, Rows

YEAR = "time_period"
# The sheet around a drawing, in its units: a margin, lines of text, and about how wide a letter is.
MARGIN, LEAST_WIDTH = 24.0, 560.0
TITLE, SMALL, LETTER = 24.0, 18.0, 0.56
TITLE_SIZE, SMALL_SIZE, LEGEND_SIZE = 18.0, 13.0, 12.0
SWATCH = 16.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on the sheet, at its height."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Swatch:
    """One line of the legend: how it looks, and what it means."""

    x: float
    y: float
    look: str
    text: str

    @property
    def text_x(self) -> float:
        return self.x + SWATCH + 6

    @property
    def text_y(self) -> float:
        return self.y + 0.75 * SWATCH


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing with everything that must stand beside it when it leaves its page."""

    width: float
    height: float
    title: tuple[Line, ...]
    below: tuple[Line, ...]
    drawing: Drawing
    top: float
    legend: tuple[Swatch, ...]
    source: tuple[Line, ...]


def rows_file(rows: Rows, content_of: Callable[[str], bytes]) -> bytes:
    """The rows as tidy CSV, as they stand in the published files. ``content_of`` gives the CSV of a release's table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    header: list[str] = []
    for release, years in rows.years.items():
        lines = csv.reader(io.StringIO(content_of(release).decode(), newline=""))
        columns = next(lines)
        if not header:
            header = columns
            writer.writerow(header)
        wanted = {**rows.codes, YEAR: years}
        writer.writerows(_kept(lines, {columns.index(name): frozenset(codes) for name, codes in wanted.items()}))
    return out.getvalue().encode()


def _kept(lines: Iterable[list[str]], wanted: Mapping[int, frozenset[str]]) -> Iterable[list[str]]:
    return (line for line in lines if all(line[place] in codes for place, codes in wanted.items()))


def svg_file(picture: Picture, *, source: str, hidden: str, language: str) -> bytes:
    """The picture with title, legend and source, in the colours of paper. ``hidden`` says what the hatching means."""
    context: dict[str, Any] = {
        "sheet": _sheet(picture, source, hidden),
        "drawing": picture.drawing,
        "title": picture.title,
        "about": picture.about,
        "language": language,
    }
    return render_to_string("statistics/picture.svg", context).encode()


def png_file(svg: bytes) -> bytes:
    """The same picture in pixels, with fonts that come along: the same on every machine."""
    return documents.pictured(svg)


def _sheet(picture: Picture, source: str, hidden: str) -> Sheet:
    drawing = picture.drawing
    inner = max(drawing.width, LEAST_WIDTH)
    title, y = _lines(picture.title, inner, TITLE_SIZE, TITLE, MARGIN)
    below, y = _lines(picture.about, inner, SMALL_SIZE, SMALL, y)
    top = y + 14
    legend, y = _legend(_meanings(picture, hidden), inner, top + drawing.height + 18)
    told, y = _lines(" ".join(part for part in (picture.note, source) if part), inner, LEGEND_SIZE, SMALL, y)
    return Sheet(inner + 2 * MARGIN, y + MARGIN / 2, title, below, drawing, top, legend, told)


def _meanings(picture: Picture, hidden: str) -> list[tuple[str, str]]:
    return [*picture.drawing.legend, *([("kh", f"· {hidden}")] if picture.hides else [])]


def _lines(text: str, width: float, size: float, height: float, y: float) -> tuple[tuple[Line, ...], float]:
    """The text over as many lines as it needs from ``y`` on, and where what follows begins."""
    parts = wrap(text, int(width / (size * LETTER)))
    return tuple(Line(y + height * (place + 0.75), part) for place, part in enumerate(parts)), y + height * len(parts)


def _legend(meanings: Iterable[tuple[str, str]], width: float, y: float) -> tuple[tuple[Swatch, ...], float]:
    """The legend in rows; the whole legend has no height where there is nothing to explain."""
    placed: list[Swatch] = []
    x = 0.0
    for look, text in meanings:
        wide = SWATCH + 6 + len(text) * LEGEND_SIZE * LETTER + 14
        if placed and x + wide > width:
            x, y = 0.0, y + SWATCH + 6
        placed.append(Swatch(x, y, look, text))
        x += wide
    return tuple(placed), y + (SWATCH + 10 if placed else 0)
