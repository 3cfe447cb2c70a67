"""Lines by year: what is final is drawn through, what is provisional dotted above a hatched ground."""

from collections.abc import Sequence
from dataclasses import dataclass

from register.web.statistics.charts.drawing import Dot, Drawing, Line, Rect, Text, apart, ticks
from register.web.statistics.charts.seen import Seen, shown, words

LEFT, RIGHT, TOP, BOTTOM = 40.0, 566.0, 20.0, 320.0
WIDTH, HEIGHT = 740.0, 350.0
APART = 30.0


@dataclass(frozen=True, slots=True)
class Year:
    """One year: what is seen of each series, and whether it may still change."""

    name: str
    provisional: bool
    values: tuple[Seen, ...]


def draw(years: Sequence[Year], series: Sequence[str], language: str, provisional: str) -> Drawing:
    """A line for each series, at most four; a suppressed year interrupts its line and is marked at the axis."""
    drawing = Drawing(WIDTH, HEIGHT)
    marks = ticks(max([*shown([seen for year in years for seen in year.values]), 1]))
    places = _places(len(years))

    def height(number: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * number / marks[-1]

    _ground(drawing, years, places, provisional)
    for mark in marks:
        drawing.grid.append(Line(((LEFT, height(mark)), (RIGHT, height(mark))), "grid" if mark else "axis"))
        drawing.texts.append(Text(LEFT - 6, height(mark) + 4, words(mark, language), anchor="end"))
    ends: list[tuple[int, float, str]] = []
    for number, name in enumerate(series):
        points = [
            (place, height(seen.number)) if (seen := year.values[number]).number is not None else None
            for place, year in zip(places, years, strict=True)
        ]
        _line(drawing, years, points, number + 1)
        for place, year in zip(places, years, strict=True):
            if year.values[number].hidden:
                drawing.rects.append(Rect(place - 12 + 7 * number, BOTTOM - 9, 6, 8, "suppressed", hatched=True))
        known = [point for point in points if point]
        if known:
            newest = [year for year in years if year.values[number].number is not None][-1]
            told = words(newest.values[number].number or 0, language)
            # What stands at the end of the line is of an earlier year where the newest is suppressed.
            told += "" if newest is years[-1] else f" ({newest.name})"
            ends.append((number + 1, known[-1][1], f"{name}|{told}"))
    for (number, _, text), y in zip(ends, apart([end[1] for end in ends], APART, BOTTOM - 16), strict=True):
        name, value = text.split("|")
        drawing.texts.append(Text(RIGHT + 10, y + 2, name, f"t{number} name"))
        drawing.texts.append(Text(RIGHT + 10, y + 16, value))
    return drawing


def _places(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    return [LEFT + 14 + (RIGHT - LEFT - 28) * number / (count - 1) for number in range(count)]


def _ground(drawing: Drawing, years: Sequence[Year], places: Sequence[float], provisional: str) -> None:
    half = (places[1] - places[0]) / 2 if len(places) > 1 else 60.0
    every = max(1, -(-len(years) // 12))
    for number, (year, place) in enumerate(zip(years, places, strict=True)):
        if year.provisional:
            start, end = max(LEFT, place - half), min(RIGHT, place + half)
            drawing.rects.append(Rect(start, TOP, end - start, BOTTOM - TOP, "provisional", hatched=True))
        if number % every == 0 or number == len(years) - 1:
            look = "strong" if year.provisional else ""
            drawing.texts.append(
                Text(place, BOTTOM + 18, year.name + ("*" if year.provisional else ""), look, "middle")
            )
    if any(year.provisional for year in years):
        drawing.texts.append(Text(RIGHT, TOP - 6, f"* {provisional}", "strong", "end"))


def _line(drawing: Drawing, years: Sequence[Year], points: Sequence[tuple[float, float] | None], number: int) -> None:
    """Pieces between known years; a piece that ends in a provisional year is dotted."""
    for place in range(1, len(points)):
        before, here = points[place - 1], points[place]
        if before and here:
            dotted = " prov" if years[place].provisional else ""
            drawing.lines.append(Line((before, here), f"line s{number}{dotted}"))
    drawing.dots += [
        Dot(point[0], point[1], 3.2, f"dot s{number}")
        for place, point in enumerate(points)
        if point and (years[place].provisional or len(points) == 1 or _alone(points, place))
    ]


def _alone(points: Sequence[tuple[float, float] | None], place: int) -> bool:
    around = [points[other] for other in (place - 1, place + 1) if 0 <= other < len(points)]
    return not any(around)
