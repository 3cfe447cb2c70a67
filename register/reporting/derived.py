"""What a release publishes beside counts of deaths: per cents, rates, medians, nil reports and completeness.

A per cent and a rate are computed from published counts and never where one of them is hidden, so they tell nothing
that the counts do not tell. A median and a mean age are published for ten deaths or more, the mean where the deaths it
is of are. Nil reports and completeness count no deaths.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from register.disclosure import Cell, CellKey, Count, StructuralZero, Suppressed
from register.reporting import codelists as codes
from register.reporting import items, mean_age
from register.reporting.codelists import NOTIFIED, SERVICES, TOTAL
from register.reporting.extract import Area, Extract, Inhabitants, Population
from register.reporting.shares import share
from register.reporting.table_design import TIME, TableDesign

# The fewest deaths of which a median is published, whatever the threshold of the release.
MEDIAN_FROM = 10
PER = {"per_100k": 100_000, "per_million": 1_000_000}


@dataclass(frozen=True, slots=True)
class Derived:
    """A published number that counts no deaths."""

    value: float


PublishedCell = Cell | Derived


@dataclass(frozen=True)
class Deriver:
    """Gives the cells of the measures that are no counts, from the published ``cells`` and the frozen extract."""

    extract: Extract
    cells: Mapping[CellKey, Cell]
    threshold: int

    def cell(self, design: TableDesign, definition: str, measure: str, period: str, at: Sequence[str]) -> PublishedCell:
        """The cell of a measure at these codes."""
        make: Mapping[str, Callable[[], PublishedCell]] = {
            "percent": lambda: self._percent(design, definition, period, at),
            "median_days": lambda: self._median(design, definition, period, at),
            "mean_age": lambda: self._mean_age(definition, period, at[0]),
            "nil_reports": lambda: self._nil_reports(period, at[0]),
            "completeness": lambda: self._completeness(period, at[0]),
            "population": lambda: self._population(design, period, at),
            "per_100k": lambda: self._rate(design, definition, measure, period, at),
            "per_million": lambda: self._rate(design, definition, measure, period, at),
        }
        return make[measure]()

    def _count(self, design: TableDesign, definition: str, period: str, at: Sequence[str]) -> Cell:
        key = design.key(definition, "deaths", period, at)
        return self.cells[key] if key is not None else StructuralZero()

    def _percent(self, design: TableDesign, definition: str, period: str, at: Sequence[str]) -> PublishedCell:
        """Of what the code is part of: an answer of the known answers, a known or unknown answer of all deaths."""
        (column,), (code,) = design.columns, at
        above = next(one.parent for one in column.codes if one.code == code) or TOTAL
        part, whole = (self._count(design, definition, period, (one,)) for one in (code, above))
        if isinstance(part, Suppressed) or isinstance(whole, Suppressed):
            return Suppressed()
        if not isinstance(part, Count) or not isinstance(whole, Count) or whole.value == 0:
            return StructuralZero()
        return Derived(round(100 * part.value / whole.value, codes.DECIMALS["percent"]))

    def _median(self, design: TableDesign, definition: str, period: str, at: Sequence[str]) -> PublishedCell:
        known = self._count(design, definition, period, at)
        if at[0] != items.DAYS.code or known == Count(0):
            return StructuralZero()
        if not isinstance(known, Count) or known.value < max(MEDIAN_FROM, self.threshold):
            return Suppressed()
        told = self.extract.tallied(items.DAYS_OF, definition)
        days = sorted(int(code) for (year, code), count in told.items() if year == period for _ in range(count))
        middle = len(days) // 2
        return Derived(days[middle] if len(days) % 2 else (days[middle - 1] + days[middle]) // 2)

    def _mean_age(self, definition: str, period: str, sex: str) -> PublishedCell:
        deaths = self.cells[CellKey.of(definition, "deaths", {TIME: period, "sex": sex})]
        if deaths == Count(0):
            return StructuralZero()
        mean = mean_age.of(mean_age.ages_of(self.extract, definition, period, sex))
        return Derived(mean) if isinstance(deaths, Count) and mean is not None else Suppressed()

    def _nil_reports(self, period: str, month: str) -> PublishedCell:
        if month == codes.UNKNOWN:
            return StructuralZero()
        told = self.extract.tallied("nil_reports", SERVICES)
        if month == TOTAL:
            return Count(sum(count for (year, _), count in told.items() if year == period))
        return Count(told.get((period, month), 0))

    def _completeness(self, period: str, area: str) -> PublishedCell:
        """So rounded that no number below the threshold follows from it; not to be said where nothing was reported."""
        decided, reported = self._reported[period, area]
        percent = share(decided, reported, threshold=self.threshold)
        return StructuralZero() if percent is None else Derived(percent)

    @cached_property
    def _reported(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        told = self.extract.tallied("completeness", NOTIFIED)
        decided: Counter[tuple[str, str]] = Counter()
        reported: Counter[tuple[str, str]] = Counter()
        within = _within(self.extract.known_areas())
        for (year, code), count in told.items():
            region, _, state = code.partition(".")
            for area in within.get(region, (region, TOTAL)):
                reported[year, area] += count
                decided[year, area] += count if state == "decided" else 0
        return _Pairs((at, (decided[at], count)) for at, count in reported.items())

    def _population(self, design: TableDesign, period: str, at: Sequence[str]) -> PublishedCell:
        persons = self._people(design, period, at)
        return Count(persons) if persons else StructuralZero()

    def _rate(
        self, design: TableDesign, definition: str, measure: str, period: str, at: Sequence[str]
    ) -> PublishedCell:
        counted, persons = self._count(design, definition, period, at), self._people(design, period, at)
        if not persons or not isinstance(counted, Count):
            return StructuralZero() if not persons else counted
        return Derived(round(counted.value * PER[measure] / persons, codes.DECIMALS[measure]))

    def _people(self, design: TableDesign, period: str, at: Sequence[str]) -> int:
        nodes = dict(column.place(code) for column, code in zip(design.columns, at, strict=True))
        return self._inhabitants.number(
            period, nodes.get("sex", TOTAL), nodes.get("age", TOTAL), nodes.get("area", TOTAL)
        )

    @cached_property
    def _inhabitants(self) -> "People":
        return People(self.extract.population, self.extract.known_areas())


class _Pairs(dict[tuple[str, str], tuple[int, int]]):
    """Nothing decided and nothing reported where there is no row."""

    def __missing__(self, key: tuple[str, str]) -> tuple[int, int]:
        return 0, 0


class People:
    """How many people live in a year, of a sex, in an age band of either scheme, in an area; 0 when not known."""

    def __init__(self, population: Population | None, areas: Sequence[Area]) -> None:
        self.within = _within(areas)
        self.found: Counter[tuple[str, str, str, str]] = Counter()
        rows = population.rows if population else ()
        for row in rows:
            for at in self._counts_in(row):
                self.found[at] += row.persons
        for year in {str(row.year) for row in rows}:
            for province in self._not_whole(year):
                del self.found[year, TOTAL, TOTAL, province]

    def number(self, year: str, sex: str, band: str, area: str) -> int:
        """The number of people, 0 when nothing is known of them."""
        return self.found[year, sex, band, area]

    def _not_whole(self, year: str) -> set[str]:
        """The provinces of which a region is not known: their sum would be too small."""
        return {
            area
            for region, areas in self.within.items()
            for area in areas
            if not self.found[year, TOTAL, TOTAL, region] and area not in (region, TOTAL)
        }

    def _counts_in(self, row: Inhabitants) -> Iterator[tuple[str, str, str, str]]:
        """Every place where these people count: themselves, both sexes, wider age bands, provinces."""
        if row.area != codes.AREA.code:
            for area in self.within.get(row.area, ()):
                if area != TOTAL:
                    yield str(row.year), row.sex, row.age_band, area
            return
        bands = {TOTAL, row.age_band, *_wider(row.age_band)}
        for sex in {TOTAL, row.sex}:
            for band in bands:
                yield str(row.year), sex, band, TOTAL


def _within(areas: Sequence[Area]) -> dict[str, tuple[str, ...]]:
    """Each region with itself, its province when it lies in one, and the country."""
    provinces: dict[str, set[str]] = {}
    for area in areas:
        provinces.setdefault(area.region, set()).add(area.province)
    return {
        region: (region, *(held if len(held) == 1 and codes.UNKNOWN not in held else ()), TOTAL)
        for region, held in provinces.items()
    }


def _wider(band: str) -> Iterator[str]:
    narrow = next((one for one in codes.EUDA_BANDS if one.code == band), None)
    for wide in codes.NDM_BANDS:
        if narrow and wide.holds(narrow.low):
            yield wide.code
