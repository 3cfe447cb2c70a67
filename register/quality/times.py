"""Moments: a day and a clock time as they were in the Netherlands."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from register.quality.partial_dates import PartialDate, parse, parse_parts
from register.quality.problems import Problem

ZONE = ZoneInfo("Europe/Amsterdam")

_TIME = r"(\d{1,2})[:.u](\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d{0,3})?)?"
_OFFSET = r"\s?(Z|[+-]\d{2}:?\d{2})?"
_CLOCK = re.compile(f"{_TIME}{_OFFSET}", re.ASCII | re.IGNORECASE)
_SPLIT = re.compile(r"(?<=\d)(?:[Tt]|,?\s+)(?=\d{1,2}[:.uU]\d{2}(?!\d))", re.ASCII)

_FORM = Problem(
    "Vul een datum en een tijd in, zoals 14-03-2019 02:14.",
    "Fill in a date and a time, such as 14-03-2019 02:14.",
)
_NO_SUCH_TIME = Problem(
    "Schrijf de tijd als uren en minuten, van 00:00 tot en met 23:59.",
    "Write the time as hours and minutes, from 00:00 to 23:59.",
)
_SKIPPED_HOUR = Problem(
    "Dit tijdstip bestond niet: de klok ging dat uur vooruit naar de zomertijd.",
    "This time did not exist: the clock went forward to summer time in that hour.",
)


def read_moment(texts: list[str]) -> datetime | Problem:
    """A moment from one text, or from the boxes day, month, year, time. The result carries the zone Europe/Amsterdam.

    A time without an offset is the clock on the wall in the Netherlands; of an hour that came twice, the first.
    """
    match texts:
        case [text]:
            halves = _SPLIT.split(text, maxsplit=1)
            if len(halves) != 2:
                return _FORM
            day, time = parse(halves[0]), halves[1]
        case [day_text, month, year, time]:
            day = parse_parts(day_text, month, year)
        case _:
            return _FORM
    if isinstance(day, Problem):
        return day
    return _moment(day, time.strip())


def _moment(day: PartialDate, time: str) -> datetime | Problem:
    if day.date_from != day.date_to:
        return _FORM
    clock = _CLOCK.fullmatch(time)
    if clock is None:
        return _NO_SUCH_TIME if time else _FORM
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return _NO_SUCH_TIME
    fraction = int((clock[4] or "0").ljust(6, "0"))
    naive = datetime.combine(day.date_from, datetime.min.time()).replace(
        hour=hour, minute=minute, second=second, microsecond=fraction
    )
    if clock[5]:
        offset = _offset(clock[5])
        return _NO_SUCH_TIME if offset is None else naive.replace(tzinfo=offset).astimezone(ZONE)
    moment = naive.replace(tzinfo=ZONE)
    exists = moment.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None) == naive
    return moment if exists else _SKIPPED_HOUR


def _offset(text: str) -> timezone | None:
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        return None
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def written_moment(moment: datetime) -> str:
    """``14-03-2019 02:14``; with seconds or an offset only where they are needed to read the same moment back."""
    local = moment.astimezone(ZONE)
    text = f"{local:%d-%m-}{local.year:04} {local:%H:%M}"
    again = read_moment([text])
    if isinstance(again, datetime) and again.astimezone(UTC) == local.astimezone(UTC):
        return text
    return local.isoformat()
