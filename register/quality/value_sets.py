"""The closed lists of answers (VS-SEX, VS-PLACE, …) with Dutch and English labels and their validity."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "value_sets.csv"
MISSING = "VS-MISSING"


class UnknownValueSetError(LookupError):
    """A value set or a code that the shipped file does not hold."""


@dataclass(frozen=True, slots=True)
class Value:
    """One code of a value set; ``valid_to`` is None while the code may still be chosen."""

    code: str
    label_nl: str
    label_en: str
    valid_from: date
    valid_to: date | None = None

    def label(self, language: str) -> str:
        return self.label_nl if language == "nl" else self.label_en

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@lru_cache(maxsize=1)
def _load() -> Mapping[str, tuple[Value, ...]]:
    found: dict[str, list[tuple[int, Value]]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = Value(
                code=row["code"],
                label_nl=row["label_nl"],
                label_en=row["label_en"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            found.setdefault(row["value_set"], []).append((int(row["position"]), value))
    return {name: tuple(value for _, value in sorted(rows, key=lambda row: row[0])) for name, rows in found.items()}


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of all value sets, in the order of the file."""
    return tuple(_load())


def values(value_set: str) -> tuple[Value, ...]:
    """The values of a set in their order on screen; UnknownValueSetError when there is no such set."""
    try:
        return _load()[value_set]
    except KeyError:
        raise UnknownValueSetError(f"unknown value set {value_set!r}") from None


@lru_cache(maxsize=256)
def codes(value_set: str) -> tuple[str, ...]:
    """The codes of a set in their order on screen."""
    return tuple(value.code for value in values(value_set))


@lru_cache(maxsize=256)
def _by_code(value_set: str) -> Mapping[str, Value]:
    return {value.code: value for value in values(value_set)}


def label(value_set: str, code: str, language: str) -> str:
    """The label of a code in ``nl`` or ``en``; UnknownValueSetError when the set does not hold the code."""
    try:
        return _by_code(value_set)[code].label(language)
    except KeyError:
        raise UnknownValueSetError(f"unknown code {code!r} in {value_set}") from None
