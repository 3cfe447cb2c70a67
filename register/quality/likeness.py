"""How alike two cases are: the chance that both report the same death, with what each answer adds.

The weights stand in ``data/likeness.toml`` with their reasons. What agrees is worth more the rarer it is in the
register, so a score belongs to the ``Shares`` with which it was computed. Nothing here decides: a person does.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import Any, Self

WEIGHTS = Path(__file__).parent / "data" / "likeness.toml"
DAY_LENGTH = 1
# A chance is never nought or one.
SMALLEST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is compared of a case. Empty, or None, is unknown.

    ``died_from`` and ``died_to`` are the first and the last possible day; ``substances`` are codes of the catalogue, or
    the folded words of a name that is not linked yet. ``municipality`` and ``region`` are where the death was.
    """

    died_from: date | None
    died_to: date | None
    sex: str = ""
    age: int | None = None
    municipality: str = ""
    region: str = ""
    reference: str = ""
    substances: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """The chance (0 to 1) that two cases are one death, and the evidence of each answer.

    ``evidence`` holds the natural logarithm of the factor on the odds: above nought speaks for it, below against.
    """

    score: float
    evidence: Mapping[str, float]


@lru_cache(maxsize=1)
def weights() -> dict[str, Any]:
    """The weights as the file says them."""
    return tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Shares:
    """How common each value is among the cases of a register: counts of cases, and the number of cases and days."""

    cases: int
    days: int
    sexes: Mapping[str, int]
    ages: Mapping[int, int]
    municipalities: Mapping[str, int]
    regions: Mapping[str, int]
    substances: Mapping[str, int]
    lists: Mapping[frozenset[str], int]

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> Self:
        """The shares among these cases."""
        everything = list(profiles)
        days = [one.died_from for one in everything if one.died_from]
        return cls(
            cases=len(everything),
            days=(max(days) - min(days)).days + DAY_LENGTH if days else 0,
            sexes=Counter(one.sex for one in everything if one.sex),
            ages=Counter(one.age for one in everything if one.age is not None),
            municipalities=Counter(one.municipality for one in everything if one.municipality),
            regions=Counter(one.region for one in everything if one.region),
            substances=Counter(code for one in everything for code in one.substances),
            lists=Counter(one.substances for one in everything if one.substances),
        )

    def share(self, counted: Mapping[Any, int], value: Any, usual: str) -> float:
        """The share of cases with a value, mixed with what is usual where few cases were counted."""
        before = weights()["shares"]
        return float(
            (counted.get(value, 0) + before["cases_before"] * before[usual]) / (self.cases + before["cases_before"])
        )

    @property
    def deaths_a_day(self) -> float:
        """How many cases of another death stand on one day, on average."""
        before = weights()["shares"]
        days_before = before["cases_before"] / before["deaths_a_day"]
        return float((self.cases + before["cases_before"]) / (self.days + days_before))


def likeness(one: Profile, other: Profile, shares: Shares) -> Likeness:
    """The chance that two cases are the same death; 0 when they are not near.

    Two cases of one region with the same reference are always for a person to look at, whatever else they say.
    """
    if not near(one, other):
        agrees = _reference(one, other, shares)
        listed = agrees > 0 and one.region == other.region
        return Likeness(weights()["possible"], {"reference": agrees}) if listed else Likeness(0.0, {})
    evidence = {
        "date_of_death": _date(one, other, shares),
        "sex": _sex(one, other, shares),
        "age": _age(one, other, shares),
        "place": _place(one, other, shares),
        "reference": _reference(one, other, shares),
        "substances": _substances(one.substances, other.substances, shares),
    }
    return Likeness(1 / (1 + exp(-sum(evidence.values()))), evidence)


def near(one: Profile, other: Profile) -> bool:
    """Whether two cases can be one death at all: dates at most two days and ages at most a year apart, one sex.

    A date must be known in both; an age or a sex that is unknown does not stand in the way.
    """
    apart = days_apart(one, other)
    years = 0 if one.age is None or other.age is None else abs(one.age - other.age)
    same_sex = not one.sex or not other.sex or one.sex == other.sex
    return (
        apart is not None
        and apart <= weights()["date"]["within_days"]
        and years < len(weights()["age"]["by_years_apart"])
        and same_sex
    )


def shares_near(profiles: Iterable[Profile], year: int) -> Shares:
    """The shares among the deaths of a year and the year before: what is common changes with the years."""
    return Shares.of(one for one in profiles if one.died_from and year - 1 <= one.died_from.year <= year)


def days_apart(one: Profile, other: Profile) -> int | None:
    """The fewest days there can be between the two deaths; None when one date is unknown."""
    if not (one.died_from and one.died_to and other.died_from and other.died_to):
        return None
    return max((other.died_from - one.died_to).days, (one.died_from - other.died_to).days, 0)


def _date(one: Profile, other: Profile, shares: Shares) -> float:
    """The odds before anything else is known: of the cases that can lie so near, how many are the same death.

    A date that is known to the month lies near to thirty times as many other cases.
    """
    apart = days_apart(one, other) or 0
    days = (1 if apart == 0 else 2) * max(_width(one), _width(other))
    return _factor(weights()["begin"] * weights()["date"]["by_days_apart"][apart], shares.deaths_a_day * days)


def _width(one: Profile) -> int:
    """How many days the death can have been on."""
    return (one.died_to - one.died_from).days + DAY_LENGTH if one.died_from and one.died_to else 0


def _sex(one: Profile, other: Profile, shares: Shares) -> float:
    if not one.sex or not other.sex:
        return 0.0
    return _factor(weights()["sex"]["same"], shares.share(shares.sexes, one.sex, "sex"))


def _age(one: Profile, other: Profile, shares: Shares) -> float:
    if one.age is None or other.age is None:
        return 0.0
    likely, apart = weights()["age"]["by_years_apart"], abs(one.age - other.age)

    def share(age: int) -> float:
        return shares.share(shares.ages, age, "age")

    by_chance = share(one.age) if apart == 0 else share(one.age) + share(other.age)
    return _factor(likely[apart], by_chance)


def _place(one: Profile, other: Profile, shares: Shares) -> float:
    """Municipality and region together: who agrees on the first agrees on the second."""
    rule = weights()["place"]
    if one.municipality and one.municipality == other.municipality:
        return _factor(rule["same_municipality"], shares.share(shares.municipalities, one.municipality, "municipality"))
    known = bool(one.municipality and other.municipality)
    if not one.region or not other.region:
        return _factor(1 - rule["same_municipality"], 1.0) if known else 0.0
    usual = sum(shares.share(shares.regions, region, "region") for region in (one.region, other.region)) / 2
    if one.region == other.region:
        return _factor(rule["same_region"] if known else 1 - rule["other_region"], usual)
    return _factor(rule["other_region"], 1 - usual)


def _reference(one: Profile, other: Profile, shares: Shares) -> float:
    if not one.reference or not other.reference:
        return 0.0
    same, by_chance = weights()["reference"]["same"], 1 / (shares.cases + weights()["shares"]["cases_before"])
    return _factor(same, by_chance) if one.reference == other.reference else _factor(1 - same, 1 - by_chance)


def _substances(one: frozenset[str], other: frozenset[str], shares: Shares) -> float:
    """The same list counts by how rare the list is; of other lists what both name counts for, the rest against."""
    if not one or not other:
        return 0.0
    rule = weights()["substances"]
    if one == other:
        return _factor(rule["same_list"], shares.share(shares.lists, one, "list"))
    found = 0.0
    for code in one | other:
        usual = shares.share(shares.substances, code, "substance")
        shared = code in one and code in other
        found += _factor(rule["named_in_both"] if shared else 1 - rule["named_in_both"], usual if shared else 1 - usual)
    return _factor(1 - rule["same_list"], 1.0) + float(found * rule["weight"])


def _factor(of_one_death: float, by_chance: float) -> float:
    """The logarithm of how much likelier something is in one death than by chance."""
    return log(max(of_one_death, SMALLEST) / max(by_chance, SMALLEST))
