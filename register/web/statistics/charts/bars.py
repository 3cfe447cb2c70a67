"""Bars: ages of men and women back to back, intents stacked by year, and combinations of substances."""

from collections.abc import Sequence
from dataclasses import dataclass

from register.web.statistics.charts.drawing import Dot, Drawing, Line, Rect, Text, ticks
from register.web.statistics.charts.seen import Seen, shown, words

WIDTH = 740.0
ROW = 24.0
STUB = 26.0
# Between the names of the classes, one below the other.
LABEL = 15.0


def pyramid(rows: Sequence[tuple[str, Seen, Seen]], sides: tuple[str, str], language: str, digits: int = 0) -> Drawing:
    """A row for each age band, the oldest on top: men to the left, women to the right."""
    drawing = Drawing(WIDTH, 52 + ROW * len(rows))
    marks, most = _scale(shown([seen for _, *both in rows for seen in both]))
    middle, labels, room = WIDTH / 2, 60.0, WIDTH / 2 - 60 - 46
    bottom = 26 + ROW * len(rows)
    for side, sign in ((0, -1), (1, 1)):
        start = middle + sign * labels
        drawing.texts.append(Text(start + sign * room / 2, 14, sides[side], "strong", "middle"))
        for mark in marks:
            x = start + sign * room * mark / most
            drawing.grid.append(Line(((x, 22), (x, bottom)), "grid" if mark else "axis"))
            drawing.texts.append(Text(x, bottom + 16, words(mark, language), anchor="middle"))
    for number, (name, *both) in enumerate(rows):
        y = 24 + ROW * number
        drawing.texts.append(Text(middle, y + 15, name, anchor="middle"))
        for side, sign in ((0, -1), (1, 1)):
            at = (middle + sign * labels, y + 2, sign, room / most)
            _bar(drawing, both[side], at, f"f{side + 1}", language, digits)
    return drawing


def stack(
    years: Sequence[tuple[str, Seen, Sequence[Seen]]], series: Sequence[str], rest: str, language: str
) -> Drawing:
    """A bar for each year (its total and the parts that have a colour); what is left of a known total is hatched.

    A suppressed total is a hatched stub of no length behind the parts that are shown, with a dot instead of its number.
    """
    drawing = Drawing(WIDTH, 40 + 32.0 * len(years))
    marks, most = _scale([*shown([total for _, total, _ in years]), *(sum(shown(parts)) for _, _, parts in years)])
    left, right = 56.0, WIDTH - 40
    scale = (right - left) / most
    bottom = 8 + 32.0 * len(years)
    for mark in marks:
        x = left + scale * mark
        drawing.grid.append(Line(((x, 4), (x, bottom)), "grid" if mark else "axis"))
        drawing.texts.append(Text(x, bottom + 16, words(mark, language), anchor="middle"))
    for row, (year, total, parts) in enumerate(years):
        y = 8 + 32.0 * row
        drawing.texts.append(Text(left - 8, y + 17, year, anchor="end"))
        x = left
        for number, seen in enumerate(parts, 1):
            if seen.number:
                width = scale * seen.number
                drawing.rects.append(Rect(x, y, width, 24, f"f{number}"))
                if width > 26:
                    drawing.texts.append(Text(x + width / 2, y + 16, words(seen.number, language), "on-bar", "middle"))
                x += width
        if total.number is not None and (left_over := total.number - sum(shown(parts))) > 0:
            drawing.rects.append(Rect(x, y, scale * left_over, 24, "suppressed", hatched=True))
        if total.number is not None:
            drawing.texts.append(Text(left + scale * total.number + 6, y + 17, words(total.number, language), "strong"))
        elif total.hidden:
            drawing.rects.append(Rect(x, y, STUB, 24, "suppressed", hatched=True))
            drawing.texts.append(Text(x + STUB + 6, y + 19, "·", "dot-text"))
    drawing.legend += [(f"kf{number}", name) for number, name in enumerate(series, 1)] + [("kh", rest)]
    return drawing


@dataclass(frozen=True, slots=True)
class Together:
    """Two classes in the same death, by their place among the classes; ``code`` is that of the pair."""

    classes: tuple[int, int]
    code: str
    name: str
    seen: Seen


def combinations(classes: Sequence[str], pairs: Sequence[Together], language: str) -> Drawing:
    """A row for each pair, the most frequent on top: dots for its classes and a bar for its deaths."""
    head = LABEL * len(classes) + 10
    drawing = Drawing(WIDTH, head + ROW * len(pairs) + 20)
    column, start = 34.0, 34.0 * len(classes) + 150
    marks, most = _scale(shown([pair.seen for pair in pairs]))
    bottom = head + ROW * len(pairs)
    for number, name in enumerate(classes):
        x, y = 20 + column * number, LABEL * (number + 1)
        drawing.texts.append(Text(x, y, name, "strong"))
        drawing.grid.append(Line(((x, y + 4), (x, bottom - 4)), "grid"))
    for mark in marks:
        x = start + (WIDTH - 40 - start) * mark / most
        drawing.grid.append(Line(((x, head - 4), (x, bottom)), "grid" if mark else "axis"))
        drawing.texts.append(Text(x, bottom + 14, words(mark, language), anchor="middle"))
    for row, pair in enumerate(pairs):
        y = head + ROW * row
        ends = [20 + column * number for number in pair.classes]
        drawing.lines.append(Line(((min(ends), y + 10), (max(ends), y + 10)), "axis"))
        drawing.dots += [
            Dot(20 + column * number, y + 10, 5, "filled" if number in pair.classes else "hollow")
            for number in range(len(classes))
        ]
        _bar(drawing, pair.seen, (start, y, 1, (WIDTH - 40 - start) / most), "f1", language)
    return drawing


def _scale(numbers: Sequence[float]) -> tuple[list[int], int]:
    """The marks of the axis and the number at its end; nought alone is marked where no number is shown."""
    marks = ticks(max([*numbers, 1]))
    return marks if any(numbers) else marks[:1], marks[-1]


def _bar(
    drawing: Drawing, seen: Seen, at: tuple[float, float, int, float], look: str, language: str, digits: int = 0
) -> None:
    """A bar from ``at`` (x, y, direction, units for one death); a suppressed one is a hatched stub of no length."""
    x, y, sign, scale = at
    width = STUB if seen.hidden else (seen.number or 0) * scale
    left = x if sign > 0 else x - width
    if seen.hidden:
        drawing.rects.append(Rect(left, y, width, ROW - 5, "suppressed", hatched=True))
    elif width:
        drawing.rects.append(Rect(left, y, width, ROW - 5, look))
    said = "·" if seen.hidden else "" if seen.number is None else words(seen.number, language, digits)
    look, base = ("dot-text", y + 16) if seen.hidden else ("beside", y + 14)
    drawing.texts.append(Text(x + sign * (width + 6), base, said, look, "start" if sign > 0 else "end"))
