"""What a session has proven: which ways of signing in it went through, and when.

django-allauth keeps the list in the session, bound to the person it was proven for.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest

PASSWORD, SECOND_FACTOR, DEMO = "password", "mfa", "demo"
FRESH = timedelta(minutes=10)


def record(request: HttpRequest, person: Any, method: str, **facts: Any) -> None:
    """Write down that ``person`` went through ``method`` now."""
    record_authentication(request, person, method, **facts)


def is_complete(request: HttpRequest) -> bool:
    """Whether the session shows pages: it gave a second factor, or is a persona's in a demonstration."""
    return SECOND_FACTOR in _methods(request) or _is_persona(request)


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """Whether password or second factor were given at most ten minutes ago. A persona has nothing to give."""
    given = [proven["at"] for proven in _records(request) if proven["method"] in (PASSWORD, SECOND_FACTOR)]
    return _is_persona(request) or (bool(given) and now.timestamp() - max(given) <= FRESH.total_seconds())


def _is_persona(request: HttpRequest) -> bool:
    return settings.DEMO and DEMO in _methods(request)


def _methods(request: HttpRequest) -> set[str]:
    return {proven["method"] for proven in _records(request)}


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    return get_authentication_records(request, request.user) if request.user.is_authenticated else []
