"""How often one caller may ask. Each web process counts for itself; a proxy in front may be stricter."""

import time
from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from register.access import caller_of

if TYPE_CHECKING:  # the framework imports this module while it imports its views
    from rest_framework.views import APIView

MINUTE = 60


class PerMinute(BaseThrottle):
    """So many requests in a minute by the clock: by token, or by address where no token is needed."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        token: Any = request.auth
        now = time.time()
        self._left = (now // MINUTE + 1) * MINUTE - now
        return counted(caller(request.META, token.pk if token else None)) <= settings.API_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        """The seconds until the next minute."""
        return self._left


def caller(asked: Mapping[str, Any], token_id: UUID | None) -> str:
    """By what name this caller is counted; ``asked`` is what the web server says of the request."""
    forwarded = asked.get("HTTP_X_FORWARDED_FOR", "")
    return caller_of(token_id, peer=asked.get("REMOTE_ADDR", ""), forwarded=forwarded)


def counted(caller: str) -> int:
    """Count one request of this caller; how many that makes in this minute."""
    return _counts.one_more(caller, int(time.time() // MINUTE))


def forget() -> None:
    """Begin anew, as a process does that was just started."""
    _counts.clear()


class _Counts:
    """The requests of each caller in the current minute."""

    def __init__(self) -> None:
        self._lock, self._minute, self._counts = Lock(), 0, Counter[str]()

    def one_more(self, caller: str, minute: int) -> int:
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            self._counts[caller] += 1
            return self._counts[caller]

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()


_counts = _Counts()
