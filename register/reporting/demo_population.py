"""Made-up population figures for a demonstration: of the right size, from no source, and marked as such everywhere."""

from collections.abc import Mapping, Sequence

from register.reporting.codelists import TOTAL
from register.reporting.extract import Inhabitants
from register.reporting.population_file import BANDS, COUNTRY, SEXES

CODE, SOURCE = "demo-1", "Verzonnen bevolking op 1 januari"
YEARS = range(2012, 2031)
FIRST_YEAR, AT_FIRST, A_YEAR = 2012, 16_700_000, 100_000
# Per thousand of the people, by age band of the EU drugs agency.
BY_AGE = (155, 58, 63, 66, 65, 61, 60, 62, 70, 74, 66, 200)


def rows(regions: Sequence[str]) -> tuple[Inhabitants, ...]:
    """The country by sex and age band and the regions by their total, for every year."""
    found: list[Inhabitants] = []
    for year in YEARS:
        people = AT_FIRST + (year - FIRST_YEAR) * A_YEAR
        country = [
            Inhabitants(year, sex, band, COUNTRY, people * share // 2000)
            for sex in SEXES
            for band, share in zip(BANDS, BY_AGE, strict=True)
        ]
        found += country
        found += [
            Inhabitants(year, TOTAL, TOTAL, region, persons)
            for region, persons in _divided(sum(row.persons for row in country), regions).items()
        ]
    return tuple(found)


def _divided(people: int, regions: Sequence[str]) -> Mapping[str, int]:
    """Larger and smaller regions that add up to all people."""
    weights = {region: 3 + number * 7 % 11 for number, region in enumerate(sorted(regions))}
    whole = sum(weights.values())
    divided = {region: people * weight // whole for region, weight in weights.items()}
    if divided:
        divided[min(divided)] += people - sum(divided.values())
    return divided
