"""The data dictionary: every field of the record with its kind, limits, level, privacy class and labels."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "data_dictionary.csv"

PAGES = ("overledene", "overlijden", "omstandigheden", "middelen", "toxicologie", "conclusie")
KINDS = ("code", "codes", "int", "decimal", "date", "partial_date", "datetime", "text", "bool", "ref")
LEVELS = ("core", "strong", "optional", "derived", "reviewer", "closing")
PRIVACY = ("identifying", "quasi", "free")

# Models of which a case holds exactly one; the others are rows of which it holds any number.
SECTIONS = ("Case", "Decedent", "Death", "CauseOfDeath", "Circumstances", "History", "Assessment")


class UnknownFieldError(LookupError):
    """A field that the data dictionary does not hold."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of the record.

    ``kind`` is one of KINDS, a reference as ``ref:<vocabulary>``. ``minimum`` and ``maximum`` are bounds of a number,
    ``maximum`` of a text is its length in characters. ``page`` is empty for what no page of the physician asks.
    ``may_be_missing`` says that a reason for missing may stand in place of the value.
    """

    model: str
    field: str
    page: str
    kind: str
    value_set: str
    minimum: int | None
    maximum: int | None
    level: str
    privacy: str
    label_nl: str
    label_en: str
    may_be_missing: bool
    key: str
    vocabulary: str

    def label(self, language: str) -> str:
        return self.label_nl if language == "nl" else self.label_en

    @property
    def on_case(self) -> bool:
        """True when a case holds one answer to this field, False for a field of a repeated row."""
        return self.model in SECTIONS


def _bound(text: str) -> int | None:
    return int(text) if text else None


def _spec(row: Mapping[str, str]) -> FieldSpec:
    return FieldSpec(
        model=row["model"],
        field=row["field"],
        page=row["page"],
        kind=row["kind"],
        value_set=row["value_set"],
        minimum=_bound(row["minimum"]),
        maximum=_bound(row["maximum"]),
        level=row["level"],
        privacy=row["privacy"],
        label_nl=row["label_nl"],
        label_en=row["label_en"],
        may_be_missing=row["may_be_missing"] == "yes",
        key=f"{row['model']}.{row['field']}",
        vocabulary=row["kind"].partition(":")[2],
    )


@lru_cache(maxsize=1)
def all_fields() -> tuple[FieldSpec, ...]:
    """Every field, in the order of the data dictionary."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_spec(row) for row in csv.DictReader(file))


@lru_cache(maxsize=1)
def _by_key() -> Mapping[str, FieldSpec]:
    return {spec.key: spec for spec in all_fields()}


@lru_cache(maxsize=64)
def fields_of(model: str) -> tuple[FieldSpec, ...]:
    """The fields of a model; empty for a model that the dictionary does not describe."""
    return tuple(spec for spec in all_fields() if spec.model == model)


@lru_cache(maxsize=64)
def fields_on(page: str) -> tuple[FieldSpec, ...]:
    """The fields that a page of the physician asks, in the order of the dictionary."""
    return tuple(spec for spec in all_fields() if spec.page == page)


def find(key: str) -> FieldSpec | None:
    """The field with this key, such as ``Death.date_of_death``, or None."""
    return _by_key().get(key)


def field(key: str) -> FieldSpec:
    """The field with this key, such as ``Death.date_of_death``; UnknownFieldError when there is none."""
    try:
        return _by_key()[key]
    except KeyError:
        raise UnknownFieldError(f"unknown field {key!r}") from None
