"""How often one caller may ask. Each web process counts for itself; a proxy in front may be stricter."""

import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
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
        return counted(caller(request, token.pk if token else None)) <= settings.API_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        """The seconds until the next minute."""
        return self._left


def caller(request: HttpRequest | Request, token_id: UUID | None) -> str:
    """By what name this caller is counted."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return caller_of(token_id, peer=request.META.get("REMOTE_ADDR", ""), forwarded=forwarded)


def counted(caller: str) -> int:
    """Count one request of this caller; how many that makes in this minute."""
    key = _key(caller)
    try:
        return int(cache.incr(key))
    except ValueError:  # the first of this minute
        cache.add(key, 0, timeout=2 * MINUTE)
        return int(cache.incr(key))


def _key(caller: str) -> str:
    return f"api-requests:{caller}:{int(time.time() // MINUTE)}"
