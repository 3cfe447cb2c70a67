"""The mean age of the deaths of a year, of men and of women, and what it tells of the counts by age.

It is told in whole years, of ten deaths with a known age or more. Whoever reads it knows the sum of the ages to within
half a year for each death: for ten deaths ten years in all, which is more than the width of a published age band.

Three means hold three sums of ages against each other and against the counts by age and sex. Counts alone cannot say
what follows; the sums can. So the years that the dead of each sex lived are unknowns of their own, which nobody prints:
no less than if all were as young as their band allows, no more than if all were as old, and between the two bounds
that a mean in whole years gives. Every such sum is one of some ages, so this is all that follows, and no more than it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from register.disclosure import TOTAL, AtLeastZero, CellKey, Dimension, Link, Table
from register.quality import dictionary
from register.reporting import codelists
from register.reporting.codelists import EUDA_BANDS, MEN_AND_WOMEN
from register.reporting.extract import Death, Extract
from register.reporting.table_design import TIME

FEWEST = 10
AGE = "Decedent.age_years"
# The measure of the years that the dead lived.
LIVED = "years lived"
SEXES = tuple(one.code for one in codelists.sexes() if one.code != TOTAL)
Terms = tuple[tuple[CellKey, int], ...]


def of(ages: Sequence[int]) -> int | None:
    """The mean in whole years, half a year rounded up; None of too few."""
    return (2 * sum(ages) + len(ages)) // (2 * len(ages)) if len(ages) >= FEWEST else None


def ages_of(extract: Extract, definition: str, year: str, sex: str = TOTAL) -> list[int]:
    """The known ages of the deaths of a year, of one sex or of all."""
    return _known(one for one in _of_year(extract, definition, year) if sex in (TOTAL, one.sex))


def tabulated(extract: Extract, *, definition: str, periods: Dimension) -> Iterator[Table]:
    """The years lived by sex, where means are told by sex."""
    if extract.crossed:
        lived: Counter[tuple[str, ...]] = Counter()
        for one in extract.counted(definition):
            lived[str(one.year), one.sex] += one.age_known or 0
        yield Table("T2 years", definition, (periods, Dimension.listed("sex", SEXES)), lived, LIVED, printed=False)


def links(extract: Extract, *, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """What the means, or that there is none, tell of the counts by age of each year."""
    for year in years:
        deaths = _of_year(extract, definition, year)
        if len(deaths) >= FEWEST:
            told = _Told(definition, year, deaths)
            yield from told.by_sex() if extract.crossed else told.of_all()


class _Told:
    """What is told of one year. Constants are told in deaths of the year, of which the number is published: 1 is a
    ``deaths``-th of them."""

    def __init__(self, definition: str, year: str, deaths: Sequence[Death]) -> None:
        self.definition, self.year, self.deaths = definition, year, deaths
        self.whole = CellKey.of(definition, "deaths", {TIME: year})

    def by_sex(self) -> Iterator[Link]:
        """The means of all, of men and of women beside the years lived by each sex."""
        lived = {sex: CellKey.of(self.definition, LIVED, {TIME: self.year, "sex": sex}) for sex in SEXES}
        for sex, key in lived.items():
            yield AtLeastZero(((key, 1), *self._if_all(-1, sex, oldest=False)), "nobody is younger than their age band")
            yield AtLeastZero((*self._if_all(1, sex, oldest=True), (key, -1)), "nobody is older than their age band")
        yield from self._mean(TOTAL, tuple((key, 1) for key in lived.values()))
        for sex in MEN_AND_WOMEN:
            if sum(one.sex == sex for one in self.deaths) >= FEWEST:
                yield from self._mean(sex, ((lived[sex], 1),))

    def _mean(self, sex: str, lived: Terms) -> Iterator[Link]:
        mean = of(_known(one for one in self.deaths if sex in (TOTAL, one.sex)))
        yield self._whether(mean, sex)
        if mean is not None:
            known = self._bands(2 * mean - 1, sex)
            twice = tuple((key, 2 * factor) for key, factor in lived)
            yield AtLeastZero((*twice, *_times(-1, known)), "the mean age is what is told or more")
            number = len(self.deaths)
            below = (*self._bands(number * (2 * mean + 1), sex), *_times(-number, twice), (self.whole, -1))
            yield AtLeastZero(below, "the mean age is below the next year")

    def of_all(self) -> Iterator[Link]:
        """The mean of all deaths, where no other is told: what follows needs no sums of ages."""
        ages = _known(self.deaths)
        mean, known = of(ages), len(ages)
        yield self._whether(mean, TOTAL)
        if mean is not None:
            yield AtLeastZero(
                (*self._if_all(2, TOTAL, oldest=True), *self._bands(1 - 2 * mean, TOTAL)),
                "were all as old as their band allows, the mean age would be what is told or more",
            )
            yield AtLeastZero(
                (*self._if_all(-2 * known, TOTAL, oldest=False), *self._bands(known * (2 * mean + 1) - 1, TOTAL)),
                "were all as young as their band allows, the mean age would be below the next year",
            )

    def _whether(self, mean: int | None, sex: str) -> Link:
        """That there is a mean, or none."""
        number = len(self.deaths)
        if mean is None:
            few = ((self.whole, FEWEST - 1), *self._bands(-number, sex))
            return AtLeastZero(few, "no mean age is told of fewer than ten known ages")
        many = (*self._bands(number, sex), (self.whole, -FEWEST))
        return AtLeastZero(many, "a mean age is told of ten known ages or more")

    def _bands(self, factor: int, sex: str) -> Terms:
        """The deaths with a known age, each band ``factor`` times."""
        return tuple((self._of_band(band.code, sex), factor) for band in EUDA_BANDS)

    def _if_all(self, factor: int, sex: str, *, oldest: bool) -> Terms:
        """The years lived if all were as old, or as young, as their band allows, ``factor`` times."""
        most = dictionary.field(AGE).maximum or 0
        ages = {band.code: (most if band.high is None else band.high) if oldest else band.low for band in EUDA_BANDS}
        return tuple((self._of_band(code, sex), factor * age) for code, age in ages.items())

    def _of_band(self, band: str, sex: str) -> CellKey:
        return CellKey.of(self.definition, "deaths", {TIME: self.year, "age": band, "sex": sex})


def _known(deaths: Iterable[Death]) -> list[int]:
    return [one.age for one in deaths if one.age_known is not None]


def _of_year(extract: Extract, definition: str, year: str) -> list[Death]:
    return [one for one in extract.counted(definition) if str(one.year) == year]


def _times(factor: int, terms: Terms) -> Terms:
    return tuple((key, factor * own) for key, own in terms)
