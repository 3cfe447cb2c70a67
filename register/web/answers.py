"""Stored answers as form values: the inverse of reading a form, so that saving a page unchanged changes nothing."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from register.quality.dictionary import FieldSpec
from register.quality.partial_dates import PartialDate, Precision
from register.web.language import active

FormValues = dict[str, list[str]]


def form_values(row: Any, specs: Iterable[FieldSpec]) -> FormValues:
    """The answers of ``row`` to the fields ``specs`` under the names of the form; blank answers are left out."""
    values: FormValues = {}
    for spec in specs:
        values.update(_value(row, spec))
        reason = getattr(row, f"{spec.field}_missing", None) if spec.may_be_missing else None
        if reason:
            values[f"{spec.field}_missing"] = [reason]
    return values


def written(number: int | Decimal) -> str:
    """A number as people of the page's language write it: decimal comma in Dutch, no thousands mark."""
    text = format(number.normalize(), "f") if isinstance(number, Decimal) else str(number)
    return text.replace(".", ",") if active() == "nl" else text


def _value(row: Any, spec: FieldSpec) -> FormValues:
    if spec.kind == "partial_date":
        first, last = getattr(row, f"{spec.field}_from"), getattr(row, f"{spec.field}_to")
        return _partial(spec.field, PartialDate(first, last)) if first and last else {}
    value = getattr(row, f"{spec.field}_id" if spec.vocabulary else spec.field)
    if value is None:
        return {}
    match value:
        case bool():
            return {spec.field: ["yes" if value else "no"]}
        case list():
            return {spec.field: list(value)}
        case datetime():
            return _moment(spec.field, timezone.localtime(value))
        case date():
            return _day(spec.field, value)
        case int() | Decimal():
            return {spec.field: [written(value)]}
        case _:
            return {spec.field: [str(value)]}


def _partial(name: str, day: PartialDate) -> FormValues:
    values = _day(name, day.date_from)
    if day.precision is not Precision.DAY:
        del values[f"{name}_day"]
    if day.precision is Precision.YEAR:
        del values[f"{name}_month"]
    return values


def _day(name: str, day: date) -> FormValues:
    return {f"{name}_day": [str(day.day)], f"{name}_month": [str(day.month)], f"{name}_year": [str(day.year)]}


def _moment(name: str, moment: datetime) -> FormValues:
    return {**_day(name, moment.date()), f"{name}_time": [f"{moment:%H:%M}"]}
