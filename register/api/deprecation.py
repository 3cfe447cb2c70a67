"""What of the API goes: announced in the changelog, by mail, and in every answer of the address itself.

A resource that goes has an ``Ending``. Its answers carry the headers ``Deprecation`` (RFC 9745) and ``Sunset``
(RFC 8594), with a link to what comes instead, and the description marks it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http.response import HttpResponseBase
from django.utils.http import http_date

# Nothing goes sooner after it was announced.
SHORTEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Ending:
    """Since when it is known that a resource goes, the last day on which it answers, and the address instead of it.

    Raises ValueError when that is sooner than twelve months after it was announced.
    """

    since: date
    last: date
    instead: str = ""

    def __post_init__(self) -> None:
        if self.last - self.since < SHORTEST:
            raise ValueError("what goes is announced at least twelve months before")


def announce(response: HttpResponseBase, ending: Ending) -> None:
    """Say in an answer that its resource goes, and when."""
    response["Deprecation"] = f"@{_seconds(ending.since)}"
    response["Sunset"] = http_date(_seconds(ending.last + timedelta(days=1)))
    if ending.instead:
        before = [response["Link"]] if response.has_header("Link") else []
        response["Link"] = ", ".join([*before, f'<{ending.instead}>; rel="successor-version"'])


def _seconds(day: date) -> int:
    """The first second of a day in UTC."""
    return int(datetime.combine(day, time.min, tzinfo=UTC).timestamp())
