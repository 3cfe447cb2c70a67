"""Answers in words, for summaries, comparisons and the history of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.casework import choices
from register.quality import value_sets
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec
from register.quality.partial_dates import PartialDate, Precision
from register.web.answers import written
from register.web.language import active


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a summary. ``missing`` marks what must be filled in, ``quiet`` what is a reason and no value."""

    label: str
    text: str
    missing: bool = False
    quiet: bool = False


def fact(row: Any, spec: FieldSpec, *, label: str = "", unit: str = "") -> Fact:
    """The answer of ``row`` to ``spec`` as a line of a summary."""
    name = label or spec.label(active())
    reason = reason_in_words(row, spec)
    if reason:
        return Fact(name, reason, quiet=True)
    words = in_words(row, spec)
    return Fact(name, f"{words} {unit}".strip() if words else "–", quiet=not words)


def reason_in_words(row: Any, spec: FieldSpec) -> str:
    """Why the answer is missing; empty when nobody gave a reason."""
    code = getattr(row, f"{spec.field}_missing", None) if spec.may_be_missing else None
    return value_sets.label(value_sets.MISSING, code, active()) if code else ""


def in_words(row: Any, spec: FieldSpec) -> str:
    """The value in words; empty when there is none."""
    if spec.kind == "partial_date":
        first, last = getattr(row, f"{spec.field}_from"), getattr(row, f"{spec.field}_to")
        return partial_date(PartialDate(first, last)) if first and last else ""
    return _value_in_words(getattr(row, spec.field), spec)


def said(answer: Answer, spec: FieldSpec) -> str:
    """An answer in words, whether it is stored or not; empty when it says nothing."""
    if answer.missing:
        return value_sets.label(value_sets.MISSING, answer.missing, active())
    if spec.vocabulary and isinstance(answer.value, str):
        return choices.name_of(spec.vocabulary, answer.value, active())
    if isinstance(answer.value, PartialDate):
        return partial_date(answer.value)
    return _value_in_words(list(answer.value) if isinstance(answer.value, tuple) else answer.value, spec)


def _value_in_words(value: Any, spec: FieldSpec) -> str:
    match value:
        case None | "" | []:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case list():
            return ", ".join(_code(spec, code) for code in value)
        case datetime():
            return date_format(timezone.localtime(value), "j F Y, H:i")
        case date():
            return date_format(value, "j F Y")
        case int() | Decimal():
            return written(value)
        case str():
            return _code(spec, value)
        case _:
            return str(getattr(value, f"name_{active()}", None) or value)


def partial_date(day: PartialDate, *, short: bool = False) -> str:
    """21 november 2026, november 2026 or 2026; 21 nov 2026 or nov 2026 where there is little room."""
    month = "N" if short else "F"
    pattern = {Precision.DAY: f"j {month} Y", Precision.MONTH: f"{month} Y", Precision.YEAR: "Y"}[day.precision]
    return date_format(day.date_from, pattern)


def _code(spec: FieldSpec, code: str) -> str:
    return value_sets.label(spec.value_set, code, active()) if spec.value_set else code
