"""Dates of which the day, or the day and the month, may be unknown: a range of days, both ends included."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self, assert_never

from register.quality.problems import Problem

EARLIEST_YEAR = 1890
LATEST_YEAR = 2100
LONGEST_DATE = 40

MONTHS_NL = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_WORDS = {
    word: number
    for names in (MONTHS_NL, MONTHS_EN)
    for number, name in enumerate(names, start=1)
    for word in (name.lower(), name.lower()[:3])
} | {"mrt": 3, "sept": 9}


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A day, a month or a year, as its first and its last day. Sorts by the first day, then by the last.

    Any other range is a ValueError: a date that is known to the week is written as its month.
    """

    date_from: date
    date_to: date

    def __post_init__(self) -> None:
        if (self.date_from, self.date_to) not in (
            (self.date_from, self.date_from),
            _month(self.date_from.year, self.date_from.month),
            _year(self.date_from.year),
        ):
            raise ValueError(f"{self.date_from} to {self.date_to} is not a day, a month or a year")

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        """The day, month or year; ValueError when the calendar does not hold it."""
        if month is None:
            return cls(*_year(year))
        if day is None:
            return cls(*_month(year, month))
        return cls(date(year, month, day), date(year, month, day))

    @property
    def precision(self) -> Precision:
        if self.date_from == self.date_to:
            return Precision.DAY
        if self.date_from.month == self.date_to.month:
            return Precision.MONTH
        return Precision.YEAR

    def written(self) -> str:
        """As people write it: 14-03-2019, 03-2019 or 2019; ``parse`` reads it back."""
        match self.precision:
            case Precision.DAY:
                return f"{self.date_from:%d-%m-}{self.date_from.year:04}"
            case Precision.MONTH:
                return f"{self.date_from:%m-}{self.date_from.year:04}"
            case Precision.YEAR:
                return f"{self.date_from.year:04}"
            case unknown:
                assert_never(unknown)

    def iso(self) -> str:
        """As machines write it: 2019-03-14, 2019-03 or 2019; ``parse`` reads it back."""
        match self.precision:
            case Precision.DAY:
                return self.date_from.isoformat()
            case Precision.MONTH:
                return self.date_from.isoformat()[:7]
            case Precision.YEAR:
                return self.date_from.isoformat()[:4]
            case unknown:
                assert_never(unknown)

    def ends_before(self, other: "PartialDate | date") -> bool:
        """True when every day of this date lies before every day of the other."""
        return self.date_to < (other.date_from if isinstance(other, PartialDate) else other)

    def starts_after(self, other: "PartialDate | date") -> bool:
        """True when every day of this date lies after every day of the other."""
        return self.date_from > (other.date_to if isinstance(other, PartialDate) else other)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


_FORM = Problem(
    "Schrijf de datum als dag-maand-jaar, zoals 14-03-2019; alleen 03-2019 of 2019 mag ook.",
    "Write the date as day-month-year, such as 14-03-2019; 03-2019 or 2019 alone will do too.",
)
_FOUR_DIGITS = Problem(
    "Schrijf het jaar met vier cijfers, zoals 2019.",
    "Write the year in four digits, such as 2019.",
)
_MONTH_RANGE = Problem(
    "Schrijf de maand als getal van 1 tot en met 12.",
    "Write the month as a number from 1 to 12.",
)
_DAY_RANGE = Problem(
    "Schrijf de dag als getal van 1 tot en met 31.",
    "Write the day as a number from 1 to 31.",
)
_NO_YEAR = Problem("Vul ook het jaar in.", "Fill in the year as well.")
_NO_MONTH = Problem(
    "Vul ook de maand in, of laat de dag leeg.",
    "Fill in the month as well, or leave the day empty.",
)

_SEPARATORS = re.compile(r"[\s\-/.]+")
_MIDNIGHT = re.compile(r"[t ]00:00(?::00(?:\.0+)?)?$")


def parse(text: str) -> PartialDate | Problem:
    """Read ``2019``, ``03-2019``, ``14-03-2019``, ``14 maart 2019`` or the ISO forms. Future dates are read as well.

    The order is day, month, year, unless the text begins with a year.
    """
    folded = text.strip().lower()
    if len(folded) > LONGEST_DATE:
        return _FORM
    parts = [part for part in _SEPARATORS.split(_MIDNIGHT.sub("", folded)) if part]
    match parts:
        case [year]:
            return parse_parts("", "", year)
        case [first, second]:
            year, month = (first, second) if _is_year(first) else (second, first)
            return parse_parts("", month, year)
        case [first, second, third]:
            year, month, day = (first, second, third) if _is_year(first) else (third, second, first)
            return parse_parts(day, month, year)
        case _:
            return _FORM


def parse_parts(day: str, month: str, year: str) -> PartialDate | Problem:
    """Read the three boxes dag, maand, jaar; the day, or the day and the month, may be empty."""
    day, month, year = day.strip(), month.strip().lower(), year.strip()
    if not year:
        return _NO_YEAR
    if not (year.isascii() and year.isdigit()):
        return _FORM
    if len(year) != 4:
        return _FOUR_DIGITS
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        return Problem(
            f"Het jaar {year} kan niet kloppen; vul een jaar tussen {EARLIEST_YEAR} en {LATEST_YEAR} in.",
            f"The year {year} cannot be right; fill in a year between {EARLIEST_YEAR} and {LATEST_YEAR}.",
        )
    if not month:
        return _NO_MONTH if day else PartialDate.of(int(year))
    month_number = _MONTH_WORDS.get(month) or _number(month)
    if month_number is None or not 1 <= month_number <= 12:
        return _MONTH_RANGE
    if not day:
        return PartialDate.of(int(year), month_number)
    return _day(_number(day), month_number, int(year))


def _day(day: int | None, month: int, year: int) -> PartialDate | Problem:
    if day is None or not 1 <= day <= 31:
        return _DAY_RANGE
    last = monthrange(year, month)[1]
    if day > last:
        return Problem(
            f"{day:02}-{month:02}-{year} bestaat niet: {MONTHS_NL[month - 1]} {year} heeft {last} dagen.",
            f"{day:02}-{month:02}-{year} does not exist: {MONTHS_EN[month - 1]} {year} has {last} days.",
        )
    return PartialDate.of(year, month, day)


def _is_year(part: str) -> bool:
    return len(part) >= 4 and part.isascii() and part.isdigit()


def _number(part: str) -> int | None:
    return int(part) if len(part) <= 2 and part.isascii() and part.isdigit() else None
