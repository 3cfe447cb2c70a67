"""Results of a laboratory as a person reads them: metabolites under their parent, each hint beside what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from register.casework.units import for_reading
from register.coding.analytes import Family
from register.coding.laboratory_values import in_dutch, in_english
from register.coding.toxicology_hints import Hint
from register.quality import value_sets
from register.web.language import active, sentence
from register.web.physician.substance_names import heading_of
from register.web.physician.summaries import result_words, substance_name

SIGNS = {"lt": "< ", "gt": "> ", "approx": "≈ "}


@dataclass(frozen=True, slots=True)
class ShownResult:
    """One result. ``why`` says why it stands under another substance, ``beside`` is its value in the usual unit."""

    row: Any
    name: str
    as_reported: str
    words: str
    beside: str
    why: str
    hints: tuple[str, ...]

    @property
    def child(self) -> bool:
        return bool(self.why)


@dataclass(frozen=True, slots=True)
class ShownFamily:
    """Results that point to one substance. ``heading`` is its name when no result is about the substance itself."""

    heading: str
    results: tuple[ShownResult, ...]


def shown(rows: Sequence[Any], families: Iterable[Family], hints: Mapping[str, Sequence[Hint]]) -> list[ShownFamily]:
    """The rows of these families; a family of which no row is among ``rows`` is left out."""
    by_key = {str(row.pk): row for row in rows}
    found = []
    for family in families:
        members = [one for one in family.members if one.analyte.key in by_key]
        results = tuple(
            _result(by_key[one.analyte.key], sentence(one.why) if one.why else "", hints.get(one.analyte.key, ()))
            for one in members
        )
        if results:
            found.append(ShownFamily(heading_of(family) if all(one.why for one in members) else "", results))
    return found


def measured(value: Decimal, unit: str, qualifier: str | None = None) -> str:
    """A value with its sign and unit, in the page's language."""
    number = in_dutch(value) if active() == "nl" else in_english(value)
    return f"{SIGNS.get(qualifier or '', '')}{number} {value_sets.label('VS-UNIT', unit, active())}"


def _result(row: Any, why: str, hints: Sequence[Hint]) -> ShownResult:
    name = _named(row)
    other = for_reading(row.value, row.unit, substance=row.substance_id, molar_mass=_molar_mass(row))
    return ShownResult(
        row=row,
        name=name,
        as_reported="" if row.reported_as == name else row.reported_as or "",
        words=result_words(row),
        beside=f"= {measured(*other)}" if other else "",
        why=why,
        hints=tuple(sentence(hint.sentence) for hint in hints),
    )


def _molar_mass(row: Any) -> Decimal | None:
    return row.substance.molar_mass if row.substance is not None else None


def _named(row: Any) -> str:
    return substance_name(row) if row.substance is not None else row.reported_as or ""
