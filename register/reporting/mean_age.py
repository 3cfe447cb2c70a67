"""The mean age of the deaths of a year, and what it tells of the counts by age.

It is told in whole years, of ten deaths with a known age or more. Whoever reads it knows the sum of the ages to within
half a year for each death: for ten deaths ten years in all, which is more than the width of a published age band. What
it tells of the counts by age are two inequalities, which the tables are protected beside. It is told for both sexes
together only: three means would hold sums of ages against each other, which no inequality between counts can say.
"""

from collections.abc import Iterator, Sequence

from register.disclosure import AtLeastZero, CellKey, Link
from register.quality import dictionary
from register.reporting.codelists import EUDA_BANDS
from register.reporting.extract import Extract
from register.reporting.tables import TIME

FEWEST = 10
AGE = "Decedent.age_years"


def of(ages: Sequence[int]) -> int | None:
    """The mean in whole years, half a year rounded up; None of too few."""
    return (2 * sum(ages) + len(ages)) // (2 * len(ages)) if len(ages) >= FEWEST else None


def ages_of(extract: Extract, definition: str, year: str) -> list[int]:
    """The known ages of the deaths of a year."""
    return [one.age for one in extract.counted(definition) if str(one.year) == year and one.age_known is not None]


def links(extract: Extract, *, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """What a mean, or that there is none, tells of the counts by age of each year."""
    for year in years:
        deaths = sum(str(one.year) == year for one in extract.counted(definition))
        if deaths >= FEWEST:
            yield from _of_year(ages_of(extract, definition, year), deaths, definition, year)


def _of_year(ages: Sequence[int], deaths: int, definition: str, year: str) -> Iterator[Link]:
    """Constants are told in deaths of the year, of which the number is published: 1 is a ``deaths``-th of them."""
    whole = CellKey.of(definition, "deaths", {TIME: year})
    bands = [(CellKey.of(definition, "deaths", {TIME: year, "age": band.code}), band) for band in EUDA_BANDS]
    mean, known = of(ages), len(ages)
    if mean is None:
        few = tuple((key, -deaths) for key, _ in bands)
        yield AtLeastZero(((whole, FEWEST - 1), *few), "no mean age is told of fewer than ten known ages")
        return
    many = tuple((key, deaths) for key, _ in bands)
    yield AtLeastZero((*many, (whole, -FEWEST)), "a mean age is told of ten known ages or more")
    oldest = dictionary.field(AGE).maximum or 0
    eldest = [(key, oldest if band.high is None else band.high) for key, band in bands]
    yield AtLeastZero(
        tuple((key, 2 * high - 2 * mean + 1) for key, high in eldest),
        "were all as old as their band allows, the mean age would be what is told or more",
    )
    yield AtLeastZero(
        tuple((key, known * (2 * mean + 1 - 2 * band.low) - 1) for key, band in bands),
        "were all as young as their band allows, the mean age would be below the next year",
    )
