"""What a chart is made of: rectangles, lines, dots and texts in the units of its own view box."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import floor, log10

# Looks are classes of the stylesheet: colours and patterns stand there, for both themes and for paper.
HATCHED = "suppressed"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle. ``hatched`` is filled with the pattern of what is suppressed or provisional."""

    x: float
    y: float
    width: float
    height: float
    look: str = ""
    hatched: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, as the path of SVG."""

    points: tuple[tuple[float, float], ...]
    look: str

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle."""

    x: float
    y: float
    radius: float
    look: str


@dataclass(frozen=True, slots=True)
class Text:
    """A word or number; ``anchor`` is start, middle or end."""

    x: float
    y: float
    text: str
    look: str = ""
    anchor: str = "start"


@dataclass(slots=True)
class Drawing:
    """A whole chart. What comes later is drawn above what came before, kind by kind: the grid lies under everything."""

    width: float
    height: float
    grid: list[Line] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)


def ticks(largest: float, wanted: int = 4) -> list[int]:
    """Round whole numbers from nought to ``largest`` or a little above, about ``wanted`` steps."""
    if largest <= wanted:
        return list(range(max(1, round(largest)) + 1))
    rough = largest / wanted
    unit = 10 ** floor(log10(rough))
    step = next((factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough), 10 * unit)
    count = int(-(-largest // step))
    return [int(step * number) for number in range(count + 1)]


def apart(wanted: Sequence[float], distance: float, lowest: float) -> list[float]:
    """Places as near to the wanted ones as can be, at least ``distance`` from each other and none below ``lowest``."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = [0.0] * len(wanted)
    last = float("-inf")
    for place in order:
        last = placed[place] = max(wanted[place], last + distance)
    over = max([placed[order[-1]] - lowest, 0.0]) if order else 0.0
    for place in reversed(order):
        placed[place] = min(placed[place], lowest) if over else placed[place]
        lowest = placed[place] - distance if over else lowest
    return placed


def steps(values: Iterable[float], count: int = 5) -> list[float]:
    """The lower bounds of the classes of colour, each holding about as many values; fewer when values are few."""
    known = sorted({value for value in values if value > 0})
    if not known:
        return []
    bounds = [known[len(known) * part // count] for part in range(count)]
    return sorted(set(bounds))


def step_of(value: float, bounds: Sequence[float]) -> int:
    """The class of a value above nought, from 1."""
    return max(1, sum(value >= bound for bound in bounds))
