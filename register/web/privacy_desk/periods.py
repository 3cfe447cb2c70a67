"""The period that somebody asks about: two days, both included, in the time zone of the register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from register.web import fields
from register.web.field_shapes import FieldView

LONGEST = 366
FORMS = ("%Y-%m-%d", "%d-%m-%Y")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day up to and including the last."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """The end of the last day, not included."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def query(self) -> str:
        """The period as the end of an address."""
        return f"van={self.first.isoformat()}&tot={self.last.isoformat()}"

    @property
    def filters(self) -> dict[str, str]:
        """The period as the log keeps it."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A period as it was asked for, with its two fields; ``period`` is None when one of them has a mistake."""

    period: Period | None
    fields: tuple[FieldView, FieldView]


def lately(days: int, today: date) -> Period:
    """The last days up to and including today."""
    return Period(today - timedelta(days=days - 1), today)


def asked(values: Mapping[str, str], usual: Period) -> Asked:
    """The period of ``van`` and ``tot``; an empty one is that of ``usual``."""
    texts = [values.get("van", "").strip()[:20], values.get("tot", "").strip()[:20]]
    days = [_day(text) if text else day for text, day in zip(texts, (usual.first, usual.last), strict=True)]
    first, last = (
        fields.plain(name, label, value=day.strftime(FORMS[1]) if day else text)
        for name, label, text, day in zip(
            ("van", "tot"), (_("From"), _("Up to and including")), texts, days, strict=True
        )
    )
    sentence = _("Write a day such as 01-03-2026.")
    if days[0] is None:
        first = fields.with_error(first, sentence)
    if days[1] is None:
        last = fields.with_error(last, sentence)
    if days[0] is not None and days[1] is not None:
        if days[0] > days[1]:
            last = fields.with_error(last, _("The last day lies before the first."))
        elif (days[1] - days[0]).days >= LONGEST:
            last = fields.with_error(last, _("Ask for at most a year at once."))
        else:
            return Asked(Period(days[0], days[1]), (first, last))
    return Asked(None, (first, last))


def _day(text: str) -> date | None:
    for form in FORMS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
        return day if 1900 < day.year < 9999 else None
    return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
