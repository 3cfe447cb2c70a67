"""How alike two cases are: what agrees speaks for one death, the rarer the more; what is unknown says nothing."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from register.quality.likeness import Profile, Shares, days_apart, likeness, shares_near, weights

DAY = date(2026, 3, 14)
ONE = Profile(
    died_from=DAY,
    died_to=DAY,
    sex="male",
    age=34,
    municipality="GM0363",
    region="GG3406",
    substances=frozenset({"cocaine", "mmc-3"}),
)
# A year of a register: a death a day, half of them with these two substances in one of four municipalities.
YEAR = [
    Profile(
        died_from=DAY - timedelta(days=place),
        died_to=DAY - timedelta(days=place),
        sex=("male", "male", "female")[place % 3],
        age=20 + place % 50,
        municipality=f"GM{place % 40:04}",
        region=f"GG{place % 20:04}",
        substances=frozenset({"cocaine", "heroin"} if place % 2 else {"ghb"}),
    )
    for place in range(365)
]
SHARES = Shares.of(YEAR)
PROBABLE, POSSIBLE = weights()["probable"], weights()["possible"]

CHANGES: tuple[dict[str, object], ...] = (
    {},
    {"died_to": DAY + timedelta(days=17)},
    {"sex": "", "reference": "a1"},
    {"age": None, "reference": "b2"},
    {"age": 35},
    {"municipality": ""},
    {"municipality": "GM0599"},
    {"municipality": "GM0599", "region": "GG4607"},
    {"substances": frozenset({"cocaine"})},
    {"substances": frozenset({"ghb", "‘rozepoeder’"})},
    {"substances": frozenset()},
)
VARIANTS = [replace(ONE, **change) for change in CHANGES]  # type: ignore[arg-type]


def score(one: Profile, other: Profile) -> float:
    return likeness(one, other, SHARES).score


@pytest.mark.parametrize(
    ("change", "least"),
    [
        ({}, PROBABLE),
        ({"died_from": DAY + timedelta(days=1), "died_to": DAY + timedelta(days=1)}, PROBABLE),
        ({"age": 35, "municipality": "GM0599", "region": "GG4607"}, POSSIBLE),
        ({"substances": frozenset({"cocaine"})}, POSSIBLE),
        ({"municipality": ""}, POSSIBLE),
    ],
    ids=["all the same", "a day later", "a year older elsewhere", "one substance fewer", "place unknown"],
)
def test_two_reports_of_one_death_are_recognised(change: dict[str, object], least: float) -> None:
    assert score(ONE, replace(ONE, **change)) >= least  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"sex": "female"},
        {"age": 41},
        {"died_from": DAY + timedelta(days=3), "died_to": DAY + timedelta(days=3)},
        {"died_from": None, "died_to": None},
        {"municipality": "GM0599", "region": "GG4607", "substances": frozenset({"ghb"})},
    ],
    ids=["another sex", "seven years older", "three days later", "no date", "elsewhere of something else"],
)
def test_two_deaths_are_told_apart(change: dict[str, object]) -> None:
    assert score(ONE, replace(ONE, **change)) < POSSIBLE  # type: ignore[arg-type]


def test_likeness_does_not_ask_which_case_came_first() -> None:
    for one, other in product(VARIANTS, VARIANTS):
        there, back = likeness(one, other, SHARES), likeness(other, one, SHARES)
        assert there.score == pytest.approx(back.score)
        assert 0 <= there.score <= 1


@pytest.mark.parametrize("one", VARIANTS, ids=range(len(VARIANTS)))
def test_what_is_unknown_says_nothing(one: Profile) -> None:
    unknown = Profile(died_from=DAY, died_to=DAY)
    found = likeness(one, unknown, SHARES).evidence
    assert {found[name] for name in ("sex", "age", "place", "reference", "substances")} == {0.0}


def test_the_same_answer_says_more_where_it_is_rare() -> None:
    rare, common = replace(ONE, municipality="GM1999"), replace(ONE, municipality="GM0003")
    assert likeness(rare, rare, SHARES).evidence["place"] > likeness(common, common, SHARES).evidence["place"]
    ghb, rarer = replace(ONE, substances=frozenset({"ghb"})), replace(ONE, substances=frozenset({"‘rozepoeder’"}))
    assert likeness(rarer, rarer, SHARES).evidence["substances"] > likeness(ghb, ghb, SHARES).evidence["substances"]


def test_a_date_known_to_the_month_says_less_than_a_day() -> None:
    month = replace(ONE, died_from=date(2026, 3, 1), died_to=date(2026, 3, 31))
    assert days_apart(ONE, month) == 0
    assert score(ONE, month) < score(ONE, ONE)


def test_the_same_reference_in_one_region_is_always_looked_at() -> None:
    one = replace(ONE, reference="2026001")
    later = replace(one, died_from=DAY + timedelta(days=90), died_to=DAY + timedelta(days=90))
    assert score(one, later) == POSSIBLE
    assert score(one, replace(later, region="GG4607")) == 0


def test_a_small_register_takes_nothing_for_rare() -> None:
    two = Shares.of([ONE, replace(ONE, sex="female")])
    assert two.share(two.sexes, "male", "sex") == pytest.approx(0.5, abs=0.01)


def test_what_is_common_is_counted_among_the_deaths_of_the_same_years() -> None:
    assert shares_near(YEAR, 2026).cases == 365
    assert shares_near(YEAR, 2025).cases == sum(
        one.died_from is not None and one.died_from.year == 2025 for one in YEAR
    )
