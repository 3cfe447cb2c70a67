"""The mean age of a year: what is told, and what exactly that tells of the counts by age."""

import math
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from register.disclosure import Policy, StructuralZero, Suppressed
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


def _links(ages: list[int]) -> list[Any]:
    """As they were told before the means of men and of women were."""
    facts = replace(extract_of([death("heroin", age=age) for age in ages]), format=3)
    return list(mean_age.links(facts, definition="nl_broad", years=["2016"]))


MEN, WOMEN = [22, 23, 31, 33, 34, 41, 44, 52, 58, 63], [19, 20, 21, 21, 22, 30, 35, 36, 48, 61]
SPREAD = ("Y20T24", "Y40T44", "Y_GE65")


def test_three_means_allow_exactly_those_counts_that_some_ages_of_men_and_women_have() -> None:
    """Every register of as many men and women, each sex spread otherwise over three bands."""
    people = [("male", age) for age in MEN] + [("female", age) for age in WOMEN]
    facts = extract_of([death("heroin", sex=sex, age=age) for sex, age in people])
    links = list(mean_age.links(facts, definition="nl_broad", years=["2016"]))
    means = [mean_age.of(ages) for ages in (MEN, WOMEN, MEN + WOMEN)]
    spreads = [one for one in product(range(0, 11, 2), repeat=3) if sum(one) == 10]
    told = {both for both in product(spreads, repeat=2) if _allowed(links, both)}
    possible = {both for both in product(spreads, repeat=2) if _possible(both, means)}
    assert told == possible
    assert 0 < len(told) < len(spreads) ** 2


def _possible(spread: tuple[tuple[int, ...], ...], means: list[int | None]) -> bool:
    """Whether somebody could be so old that these are the means."""
    bands = {band.code: band for band in EUDA_BANDS}
    sums = []
    for counts, mean in zip(spread, means, strict=False):
        least, most = (
            sum(number * end for number, end in zip(counts, ends, strict=True))
            for ends in ([bands[code].low for code in SPREAD], [bands[code].high or OLDEST for code in SPREAD])
        )
        sums.append([lived for lived in range(least, most + 1) if (2 * lived + 10) // 20 == mean])
    return any((2 * (one + other) + 20) // 40 == means[2] for one in sums[0] for other in sums[1])


def _allowed(links: list[Any], spread: tuple[tuple[int, ...], ...]) -> bool:
    """Whether some years lived, of men and of women, fit all that is told."""
    counts = {
        (sex, code): number
        for sex, numbers in zip(("male", "female"), spread, strict=True)
        for code, number in zip(SPREAD, numbers, strict=True)
    }
    rows = [_row(one.terms, counts) for one in links]

    def ends(which: tuple[int, int]) -> tuple[float, float]:
        least, most = 0.0, 10_000.0
        for constant, *lived in rows:
            signs = tuple(factor > 0 or -(factor < 0) for factor in lived)
            if signs == which:
                least = max(least, math.ceil(-constant / max(lived)))
            elif signs == tuple(-sign for sign in which):
                most = min(most, math.floor(constant / -min(lived)))
        return least, most

    men, women, both = ends((1, 0)), ends((0, 1)), ends((1, 1))
    still = all(constant >= 0 for constant, *lived in rows if not any(lived))
    whole = max(men[0] + women[0], both[0]) <= min(men[1] + women[1], both[1])
    return still and whole and all(least <= most for least, most in (men, women, both))


def _row(terms: Any, counts: dict[tuple[str, str], int]) -> tuple[int, int, int]:
    """A relation as a constant and what it says of the years lived by men and by women."""
    constant, lived = 0, {"male": 0, "female": 0}
    for key, factor in terms:
        at = dict(key.at)
        if key.measure == mean_age.LIVED:
            if at["sex"] in lived:
                lived[at["sex"]] += factor
        elif "age" not in at:
            constant += 20 * factor
        else:
            sexes = [at["sex"]] if "sex" in at else ["male", "female"]
            constant += factor * sum(counts.get((sex, at["age"]), 0) for sex in sexes)
    return constant, lived["male"], lived["female"]


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
    cells = {(row.period, row.at[0]): row.cell for row in made.tables["age-mean"].rows}
    assert {year: cells[year, "_T"] for year in ("2016", "2017")} == {"2016": Derived(39), "2017": Suppressed()}
    assert cells["2016", "male"] == Derived(39)
    assert cells["2016", "female"] == StructuralZero(), "nobody"
