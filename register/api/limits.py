"""How often one caller may ask. Each web process counts for itself; a proxy in front may be stricter."""

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
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
        window = int(now // MINUTE)
        self._left = (window + 1) * MINUTE - now
        caller = caller_of(
            token,
            peer=request.META.get("REMOTE_ADDR", ""),
            forwarded=request.headers.get("X-Forwarded-For", ""),
        )
        key = f"api-requests:{caller}:{window}"
        cache.add(key, 0, timeout=2 * MINUTE)
        return cache.incr(key) <= settings.API_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        """The seconds until the next minute."""
        return self._left
