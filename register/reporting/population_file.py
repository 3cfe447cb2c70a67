"""A population as text: one line for each year, sex, age band and area, checked as a whole before anything is kept."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from register.reporting import codelists as codes
from register.reporting.codelists import TOTAL
from register.reporting.extract import Inhabitants

COLUMNS = ("year", "sex", "age_band", "area", "persons")
SEXES = ("male", "female")
BANDS = tuple(band.code for band in codes.EUDA_BANDS)
COUNTRY = codes.AREA.code
FIRST, LAST, MOST = 1990, 2100, 100_000_000
TOLD = 5


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with the text, in Dutch and English."""

    nl: str
    en: str


def read(text: str, regions: Collection[str]) -> tuple[tuple[Inhabitants, ...], tuple[Complaint, ...]]:
    """The rows of the text and what is wrong with it; without complaints the rows are a whole population.

    The country stands in it by sex and age band, every year. Regions stand in it by their total, and then all of them.
    """
    lines = _lines(text.strip("\ufeff \r\n"))
    if tuple(name.strip() for name in next(lines, [])) != COLUMNS:
        named = ",".join(COLUMNS)
        return (), (Complaint(f"De eerste regel moet {named} zijn.", f"The first line must be {named}."),)
    rows: list[Inhabitants] = []
    complaints: list[Complaint] = []
    for number, line in enumerate(lines, 2):
        row = _row([part.strip() for part in line], regions)
        if row is None:
            complaints.append(Complaint(f"Regel {number} kan niet worden gelezen.", f"Line {number} cannot be read."))
        else:
            rows.append(row)
    if not rows and not complaints:
        complaints.append(Complaint("Er staat geen enkel aantal in.", "It holds no number at all."))
    return tuple(rows), tuple((complaints or list(_whole(rows, regions)))[:TOLD])


def write(rows: Collection[Inhabitants]) -> str:
    """The text of a population."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((row.year, row.sex, row.age_band, row.area, row.persons) for row in sorted(rows))
    return out.getvalue()


def _lines(text: str) -> Iterator[list[str]]:
    """The cells of each line; none of a line that is not proper CSV, so that it can be told by its number."""
    reader = csv.reader(io.StringIO(text))
    while True:
        try:
            yield next(reader)
        except csv.Error:
            yield []
        except StopIteration:
            return


def _row(parts: list[str], regions: Collection[str]) -> Inhabitants | None:
    if len(parts) != len(COLUMNS):
        return None
    year, sex, band, area, persons = parts
    numbers = all(part.isascii() and part.isdigit() and len(part) <= 9 for part in (year, persons))
    if not numbers or not FIRST <= int(year) <= LAST or not 0 < int(persons) <= MOST:
        return None
    detailed = sex in SEXES and band in BANDS and area == COUNTRY
    total = (sex, band) == (TOTAL, TOTAL) and area in regions
    return Inhabitants(int(year), sex, band, area, int(persons)) if detailed or total else None


def _whole(rows: list[Inhabitants], regions: Collection[str]) -> Iterator[Complaint]:
    """What is missing, double, or does not add up."""
    if len({(row.year, row.sex, row.age_band, row.area) for row in rows}) < len(rows):
        yield Complaint("Een regel staat er twee keer in.", "A line stands in it twice.")
    for year in sorted({row.year for row in rows}):
        country = [row for row in rows if row.year == year and row.area == COUNTRY]
        named = {row.area: row.persons for row in rows if row.year == year and row.area != COUNTRY}
        if len(country) != len(SEXES) * len(BANDS):
            yield Complaint(
                f"Voor {year} ontbreekt een geslacht of leeftijdsgroep van Nederland.",
                f"A sex or age band of the Netherlands is missing for {year}.",
            )
        elif named and set(named) != set(regions):
            yield Complaint(f"Voor {year} ontbreekt een regio.", f"A region is missing for {year}.")
        elif named and sum(named.values()) != sum(row.persons for row in country):
            yield Complaint(
                f"De regio's van {year} zijn samen niet Nederland.",
                f"The regions of {year} do not add up to the Netherlands.",
            )
