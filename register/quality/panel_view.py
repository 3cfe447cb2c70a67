"""What the panel sees of a case: which answers, and in which grain. Who votes needs no person, no place and no day.

The table ``data/panel_view.csv`` has a line for each field that a page asks, so that a new one is decided on and never
shown by itself. A field of class identifying is always hidden; one of class quasi says why it is shown.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from register.quality import dictionary
from register.quality.dictionary import FieldSpec

FILE = Path(__file__).parent / "data" / "panel_view.csv"
BAND, OLDEST_BAND = 10, 90


class Way(StrEnum):
    """How an answer is shown: as it stands, in a band of ten years, as a year, or not at all."""

    AS_IS = "as_is"
    BAND = "band"
    YEAR = "year"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Shown:
    """One field and how it is shown; ``why`` is empty for a field that points at nobody."""

    spec: FieldSpec
    way: Way
    why: str


@lru_cache(maxsize=1)
def table() -> Mapping[str, Shown]:
    """Every line of the table, by the key of its field; UnknownFieldError for a field that is in no dictionary."""
    with FILE.open(encoding="utf-8", newline="") as file:
        lines = [
            Shown(dictionary.field(f"{row['model']}.{row['field']}"), Way(row["way"]), row["why"])
            for row in csv.DictReader(file)
        ]
    return {line.spec.key: line for line in lines}


@lru_cache(maxsize=32)
def shown(model: str) -> tuple[Shown, ...]:
    """The fields of a model that the panel sees, in the order of the table."""
    return tuple(line for line in table().values() if line.spec.model == model and line.way is not Way.HIDDEN)


def band(years: int) -> str:
    """An age as the ten years in which it lies: 30–39; 90+ for the oldest."""
    if years >= OLDEST_BAND:
        return f"{OLDEST_BAND}+"
    first = years // BAND * BAND
    return f"{first}–{first + BAND - 1}"


def year(first: date, last: date) -> str:
    """A day as its year; of a range that crosses a year both."""
    return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
