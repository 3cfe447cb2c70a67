"""Who looked more than their work explains: arithmetic on counts per person and day, with no database and no clock.

A count is compared with what is usual in the same role; where being busy is a habit and no signal, also with what is
usual for the person. Counts are taken to the square root (Anscombe), after which a Poisson count of any size spreads
by one; the spread that a role really has, measured so that outliers do not hide in it, replaces that one when it is
larger.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median
from typing import TypeVar
from uuid import UUID

Key = TypeVar("Key", bound=Hashable)

REPORTED_FROM = 4.5
DAY, WEEK = 1, 7
SATURDAY = 5
# From the median of the distances to the median to a standard deviation, for a bell curve.
MAD_TO_DEVIATION = 1.4826


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. With ``own_habit`` a person who always does much of it is not reported for it; ``weekly``
    measures are also added up by week, for what stays small every day.
    """

    name: str
    own_habit: bool
    weekly: bool
    nl: str
    en: str


MEASURES = (
    Measure("opened", True, False, "Veel zaken ingezien", "Many cases read"),
    Measure("unrelated", False, True, "Zaken zonder eigen werk eraan", "Cases without own work on them"),
    Measure("odd_hours", False, False, "Zaken in de nacht of het weekend", "Cases at night or in the weekend"),
    Measure("denied", False, True, "Vaak geweigerd", "Often refused"),
    Measure("exports", True, True, "Veel bestanden opgehaald", "Many files downloaded"),
    Measure("log_reads", True, False, "Logboek vaak ingezien", "Log read often"),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Day:
    """What one person did on one day: a count for each measure, those that are nought left out."""

    person: UUID
    role: str
    day: date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """One line of the worklist: more of ``measure`` than usual on a day, or in the week from ``day`` on."""

    measure: str
    span: int
    person: UUID
    role: str
    day: date
    counted: int
    usual: float
    z: float

    @property
    def key(self) -> tuple[str, int, UUID, date]:
        return self.measure, self.span, self.person, self.day


def reports(days: Sequence[Day]) -> list[Report]:
    """The reports on these days, the most striking first. A week is reported only where none of its days is."""
    found: list[Report] = []
    for measure in MEASURES:
        daily = _striking(days, measure, DAY)
        told = {(one.person, one.role, monday_of(one.day)) for one in daily}
        weekly = _striking(_weeks(days), measure, WEEK) if measure.weekly else []
        found += daily + [one for one in weekly if (one.person, one.role, one.day) not in told]
    return sorted(found, key=lambda one: (-one.z, one.day, str(one.person), one.measure))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def score(counted: float, usual: float, spread: float) -> float:
    """How many spreads a count lies above what is usual."""
    return (_root(counted) - _root(usual)) / spread


def _striking(days: Sequence[Day], measure: Measure, span: int) -> list[Report]:
    found = []
    # Who is on duty in a weekend is compared with who was on duty in another.
    for peers in _grouped(days, lambda day: (day.role, span == DAY and day.day.weekday() >= SATURDAY)).values():
        counts = [day.counts.get(measure.name, 0) for day in peers]
        usual, spread = median(counts), _spread(counts)
        own = {}
        if measure.own_habit:
            theirs = _grouped(peers, lambda day: day.person)
            own = {who: median(each.counts.get(measure.name, 0) for each in some) for who, some in theirs.items()}
        for day, counted in zip(peers, counts, strict=True):
            expected = max(usual, own.get(day.person, usual))
            z = score(counted, expected, spread)
            if z >= REPORTED_FROM:
                found.append(Report(measure.name, span, day.person, day.role, day.day, counted, expected, z))
    return found


def _weeks(days: Iterable[Day]) -> list[Day]:
    sums: dict[tuple[UUID, str, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day in days:
        week = sums[day.person, day.role, monday_of(day.day)]
        for name, count in day.counts.items():
            week[name] += count
    return [Day(person, role, monday, dict(counts)) for (person, role, monday), counts in sums.items()]


def _grouped(days: Iterable[Day], by: Callable[[Day], Key]) -> dict[Key, list[Day]]:
    groups: dict[Key, list[Day]] = defaultdict(list)
    for day in days:
        groups[by(day)].append(day)
    return groups


def _spread(counts: Sequence[int]) -> float:
    roots = [_root(count) for count in counts]
    middle = median(roots)
    return max(1.0, MAD_TO_DEVIATION * median(abs(root - middle) for root in roots))


def _root(count: float) -> float:
    return 2 * sqrt(count + 3 / 8)
