"""The mean age of a year: what is told, and what exactly that tells of the counts by age."""

from itertools import product

import pytest

from register.disclosure import Policy, Suppressed
from register.reporting import mean_age
from register.reporting.codelists import EUDA_BANDS, band_of
from register.reporting.derived import Derived
from register.reporting.protect import protected_release
from tests.unit.reporting.deaths import YEARS, death, extract_of

AGES = [22, 23, 24, 31, 33, 34, 41, 44, 52, 58, 63]
OLDEST = 120


@pytest.mark.parametrize(
    ("ages", "mean"),
    [([40] * 9, None), ([40] * 10, 40), ([40] * 5 + [41] * 5, 41), ([40] * 6 + [41] * 5, 40), ([0] * 10, 0)],
)
def test_a_mean_is_in_whole_years_of_ten_ages_or_more(ages: list[int], mean: int | None) -> None:
    assert mean_age.of(ages) == mean


def test_the_inequalities_hold_for_exactly_those_counts_that_some_ages_with_this_mean_have() -> None:
    """Every register of as many deaths, spread otherwise over three bands, with the ages that its bands allow."""
    _, lower, upper = _links(AGES)
    bands = {band.code: band for band in EUDA_BANDS}
    mean, wanted = mean_age.of(AGES), len(AGES)
    for counts in product(range(wanted + 1), repeat=3):
        if sum(counts) != wanted:
            continue
        there = dict(zip(("Y_LT15", "Y35T39", "Y_GE65"), counts, strict=True))
        least = sum(bands[code].low * number for code, number in there.items())
        most = sum((bands[code].high or OLDEST) * number for code, number in there.items())
        possible = any((2 * total + wanted) // (2 * wanted) == mean for total in range(least, most + 1))
        told = all(
            sum(factor * there.get(dict(key.at)["age"], 0) for key, factor in one.terms) >= 0 for one in (lower, upper)
        )
        assert told == possible, counts


def _links(ages: list[int]) -> list[object]:
    facts = extract_of([death("heroin", age=age) for age in ages])
    return list(mean_age.links(facts, definition="nl_broad", years=["2016"]))


def test_no_mean_tells_that_few_ages_are_known_and_a_year_of_few_deaths_tells_nothing() -> None:
    (few,) = _links([*AGES[:9], *[-1] * 6])
    counts = {band_of(age, EUDA_BANDS): 0 for age in AGES}
    for age in AGES[:9]:
        counts[band_of(age, EUDA_BANDS)] += 1

    def value(known: int) -> int:
        return sum(
            factor * (15 if "age" not in dict(key.at) else known if dict(key.at)["age"] == "Y40T44" else 0)
            for key, factor in few.terms
        )

    assert value(9) >= 0 > value(10)
    assert _links(AGES[:9]) == []


def test_a_mean_stands_where_the_deaths_of_its_year_are_published() -> None:
    facts = extract_of([*(death("heroin", age=age) for age in AGES), *(death("heroin", year=2017) for _ in range(9))])
    made = protected_release(facts, definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    cells = {row.period: row.cell for row in made.tables["age-mean"].rows}
    assert cells == {"2016": Derived(39), "2017": Suppressed()}
