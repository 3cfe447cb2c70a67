"""Made-up Dutch deaths with published margins, as a file for the mapping ``nl_margins``.

The published figures give, for each year, the deaths by sex and the deaths by age band, and no cross table. The cases
made here have exactly those margins; how sex and age go together, and everything else about them, is filled in by
a fixed rule, so that the same margins always give the same file. The figures are those of the EMCDDA statistical
bulletin 2019 (drug-related deaths, Netherlands, national definition, which is Selection B of the CBS file).

``python -m register.casework.importing.synthetic MARGINS.csv --output CASES.csv``
"""

import argparse
import csv
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

TOTAL = "_T"
SEXES = {"M": "male", "F": "female"}
HEADER = ("date", "sex", "age", "region", "municipality", "place", "intent", "cause")
# Ages of the open band are spread over this many years.
OPEN_BAND = 20

# Places in turn: GGD region and municipality.
PLACES = (
    ("GG3406", "GM0363"),
    ("GG4607", "GM0599"),
    ("GG7014", "GM0518"),
    ("GG2514", "GM0344"),
    ("GG5608", "GM0772"),
    ("GG0111", "GM0014"),
    ("GG1106", "GM0153"),
    ("GG6106", "GM0935"),
)
KINDS = ("own_home", "own_home", "other_home", "public_space", "own_home", "hospital", "hotel")
INTENTS = ("accident", "accident", "suicide", "accident", "undetermined", "accident", "suicide")
# Causes in turn; each names a substance of the list T40.0-T40.9, T43.6, so that each case falls under Selection B.
CAUSES = (
    "Vergiftiging door heroïne en cocaïne",
    "Vergiftiging door methadon en alcohol",
    "Vergiftiging door cocaïne",
    "Vergiftiging door oxycodon en diazepam",
    "Vergiftiging door MDMA",
    "Vergiftiging door morfine",
    "Vergiftiging door amfetamine en GHB",
    "Vergiftiging door fentanyl",
    "Vergiftiging door tramadol en alcohol",
)


class MarginsError(Exception):
    """Margins that are not complete or do not add up; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Margins:
    """The deaths of one year: in all, by sex and by age band (lowest and highest age)."""

    year: int
    total: int
    by_sex: Mapping[str, int]
    by_band: Mapping[tuple[int, int], int]

    def __post_init__(self) -> None:
        for what, counts in (("sex", self.by_sex), ("age band", self.by_band)):
            if sum(counts.values()) != self.total:
                raise MarginsError(f"The deaths of {self.year} by {what} do not add up to {self.total}.")


def read_margins(path: Path) -> list[Margins]:
    """The margins of each year in a file with the columns year, sex, age_band and deaths. Raises MarginsError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(int(r["year"]), r["sex"], r["age_band"], int(r["deaths"])) for r in csv.DictReader(file)]
    except (OSError, KeyError, TypeError, ValueError):
        raise MarginsError(f"{path.name} is not a file with the columns year, sex, age_band and deaths.") from None
    years = sorted({year for year, *_ in rows})
    return [_margins(year, [row[1:] for row in rows if row[0] == year]) for year in years]


def _margins(year: int, rows: Sequence[tuple[str, str, int]]) -> Margins:
    totals = [deaths for sex, band, deaths in rows if sex == TOTAL and band == TOTAL]
    if len(totals) != 1:
        raise MarginsError(f"The file does not give one total for {year}.")
    return Margins(
        year=year,
        total=totals[0],
        by_sex={SEXES[sex]: deaths for sex, band, deaths in rows if band == TOTAL and sex in SEXES},
        by_band={_ages(band): deaths for sex, band, deaths in rows if sex == TOTAL and band != TOTAL},
    )


def _ages(band: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]+)(?:-([0-9]+)|\+)", band)
    if found is None:
        raise MarginsError(f"'{band}' is not an age band.")
    lowest = int(found[1])
    return lowest, int(found[2]) if found[2] else lowest + OPEN_BAND - 1


def cases(years: Sequence[Margins]) -> Iterator[tuple[str, ...]]:
    """One row for each death, in the order of the header. Women are spread evenly over the ages of a year."""
    number = 0
    for margins in years:
        ages = [
            lowest + place % (highest - lowest + 1)
            for (lowest, highest), deaths in sorted(margins.by_band.items())
            for place in range(deaths)
        ]
        women = margins.by_sex.get("female", 0)
        for place, age in enumerate(ages):
            female = (place + 1) * women // margins.total > place * women // margins.total
            died = date(margins.year, 1, 1) + timedelta(days=place * 365 // margins.total)
            region, municipality = PLACES[number % len(PLACES)]
            yield (
                died.isoformat(),
                "female" if female else "male",
                str(age),
                region,
                municipality,
                KINDS[number % len(KINDS)],
                INTENTS[number % len(INTENTS)],
                CAUSES[number % len(CAUSES)],
            )
            number += 1


def write_cases(margins: Path, output: Path) -> int:
    """Write the file of cases and say how many it holds. Raises MarginsError, and then writes nothing."""
    rows = list(cases(read_margins(margins)))
    with output.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return len(rows)


def main(arguments: Sequence[str]) -> int:
    """The command line; exit status 1 with one sentence when the margins cannot be used."""
    parser = argparse.ArgumentParser(description="Write made-up cases with published margins.")
    parser.add_argument("margins", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        count = write_cases(options.margins, options.output)
    except MarginsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{options.output.name} cannot be written: {error.strerror}.\n")
        return 1
    sys.stdout.write(f"{count} cases written to {options.output}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
