"""Reports on who looked more than usual: true of any counts, and good at finding planted browsers."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.audit.outliers import DAY, MEASURES, REPORTED_FROM, WEEK, Day, Report, monday_of, reports, score

START = date(2026, 3, 2)
ROLES = ("physician", "physician", "physician", "coordinator", "register_staff")
NAMES = [measure.name for measure in MEASURES]

counts = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 200))
some_days = st.lists(
    st.builds(
        Day,
        person=st.integers(1, 6).map(lambda number: UUID(int=number)),
        role=st.sampled_from(("physician", "coordinator")),
        day=st.integers(0, 13).map(lambda number: START + timedelta(days=number)),
        counts=counts,
    ),
    max_size=40,
    unique_by=lambda day: (day.person, day.role, day.day),
)


@given(some_days)
def test_every_report_lies_as_far_above_the_usual_as_it_says(days: list[Day]) -> None:
    for report in reports(days):
        assert report.z >= REPORTED_FROM
        assert report.counted > report.usual


@given(some_days, st.randoms(use_true_random=False))
def test_the_order_of_the_log_changes_nothing(days: list[Day], chance: random.Random) -> None:
    shuffled = list(days)
    chance.shuffle(shuffled)
    assert reports(shuffled) == reports(days)


@given(some_days)
def test_a_role_is_judged_by_itself(days: list[Day]) -> None:
    apart = [report for role in ("physician", "coordinator") for report in reports([d for d in days if d.role == role])]
    assert {report.key for report in apart} == {report.key for report in reports(days)}


@given(some_days)
def test_a_report_is_made_once(days: list[Day]) -> None:
    keys = [(report.role, *report.key) for report in reports(days)]
    assert len(keys) == len(set(keys))


@given(some_days)
def test_a_week_is_reported_only_where_none_of_its_days_is(days: list[Day]) -> None:
    found = reports(days)
    told = {(one.measure, one.role, one.person, monday_of(one.day)) for one in found if one.span == DAY}
    assert not told & {(one.measure, one.role, one.person, one.day) for one in found if one.span == WEEK}


@given(st.integers(0, 1000), st.integers(1, 20), counts)
def test_where_everybody_does_the_same_nobody_is_reported(seed: int, people: int, same: dict[str, int]) -> None:
    days = [
        Day(UUID(int=seed + n), "physician", START + timedelta(days=d), same) for n in range(people) for d in (0, 1)
    ]
    assert reports(days) == []


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(1, 50))
def test_more_of_it_never_scores_less(one: float, other: float, usual: float, spread: float) -> None:
    low, high = sorted((one, other))
    assert score(low, usual, spread) <= score(high, usual, spread)
    assert score(usual, usual, spread) == 0


def test_no_days_no_reports() -> None:
    assert reports([]) == []


def test_a_busy_person_is_compared_with_their_own_habit() -> None:
    busy, colleague = UUID(int=1), UUID(int=2)
    days = [
        Day(who, "register_staff", START + timedelta(days=number), {"opened": opened})
        for number in range(5)
        for who, opened in ((busy, 60), (colleague, 2), (UUID(int=3), 3), (UUID(int=4), 2))
    ]
    assert reports(days) == []


def test_what_stays_small_every_day_is_found_by_the_week() -> None:
    slow = UUID(int=1)
    days = [
        Day(UUID(int=who), "physician", START + timedelta(days=number), {"unrelated": 5 if who == 1 else 0})
        for number in range(5)
        for who in range(1, 12)
    ]
    (report,) = reports(days)
    assert (report.person, report.span, report.day, report.counted) == (slow, WEEK, START, 25)


def test_duty_in_the_weekend_is_compared_with_duty_in_the_weekend() -> None:
    saturday = START + timedelta(days=5)
    days = [Day(UUID(int=who), "physician", START, {"opened": 9}) for who in range(1, 20)]
    days += [Day(UUID(int=who), "physician", saturday, {"opened": 9, "odd_hours": 9}) for who in range(1, 5)]
    assert reports(days) == []


# A simulation: 30 days, 200 people of whom 20 browse, each in one of five manners.


@dataclass(frozen=True)
class Person:
    """How much somebody usually does; people of one role differ."""

    role: str
    opened: float
    unrelated: float
    odd_hours: float


USUAL = {"physician": (3, 0.3, 0.8), "coordinator": (6, 5, 0.1), "register_staff": (20, 2, 0.1)}


def _poisson(chance: random.Random, mean: float) -> int:
    limit, number, product = exp(-mean), 0, chance.random()
    while product > limit:
        number, product = number + 1, product * chance.random()
    return number


def _person(chance: random.Random, role: str) -> Person:
    return Person(role, *(usual * chance.gammavariate(4, 0.25) for usual in USUAL[role]))


def _usual_day(chance: random.Random, person: Person, weekend: bool) -> dict[str, int]:
    busy = chance.gammavariate(6, 1 / 6)
    at_odd_hours = person.opened * busy / 2 if weekend else person.odd_hours * busy
    return {
        "opened": _poisson(chance, person.opened * busy),
        "unrelated": _poisson(chance, person.unrelated * busy),
        "odd_hours": _poisson(chance, at_odd_hours),
        "denied": _poisson(chance, 0.08),
        "exports": _poisson(chance, 0.05),
    }


def _browse(chance: random.Random, manner: int, number: int, start: int, weekend: bool) -> dict[str, int]:
    """What a browser does besides: a spree, a little every day, at night, trying doors, a few days in a row."""
    match manner:
        case 0 if number in (start, start + 3):
            extra = chance.randint(25, 50)
        case 1 if not weekend:
            extra = chance.randint(4, 9)
        case 2 if start <= number < start + 6:
            extra = chance.randint(10, 18)
            return {"opened": extra, "unrelated": extra, "odd_hours": extra}
        case 3 if start <= number < start + 4:
            return {"denied": chance.randint(10, 25)}
        case 4 if start <= number < start + 3:
            extra = chance.randint(12, 30)
        case _:
            return {}
    return {"opened": extra, "unrelated": extra}


def _simulated(seed: int) -> tuple[list[Day], set[UUID]]:
    chance = random.Random(seed)
    days, browsers = [], {UUID(int=number + 1) for number in range(20)}
    for number in range(200):
        key, person, start = UUID(int=number + 1), _person(chance, ROLES[number % 5]), chance.randrange(20)
        for place in range(30):
            day = START + timedelta(days=place)
            weekend = day.weekday() >= 5
            if weekend and chance.random() < 0.8:
                continue
            done = _usual_day(chance, person, weekend)
            if key in browsers:
                for name, extra in _browse(chance, number % 5, place, start, weekend).items():
                    done[name] += extra
            days.append(Day(key, person.role, day, done))
    return days, browsers


@pytest.mark.parametrize("seed", range(10))
def test_at_least_19_of_20_planted_browsers_are_found_and_few_others(seed: int) -> None:
    days, browsers = _simulated(seed)
    found: list[Report] = reports(days)
    named = {report.person for report in found}
    false = [report for report in found if report.person not in browsers]
    assert len(named & browsers) >= 19
    assert len(false) <= 0.05 * len(found)
    assert len(named - browsers) <= 0.05 * (200 - len(browsers))
