"""Sessions in the database, with the person each belongs to. Named by ``SESSION_ENGINE``."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone

from register.models import Session, User

# What a session knows of itself, in seconds since 1970: when it began, and when it was last used by somebody.
BEGUN, SEEN, AGENT = "begun", "seen", "agent"


class SessionStore(DatabaseStore):
    """Django's store, in the register's own table."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        row.person_id = data.get(SESSION_KEY)
        row.begun_at = _moment(data.get(BEGUN))
        row.seen_at = _moment(data.get(SEEN))
        row.agent = data.get(AGENT, "")
        return cast("Session", row)


def left(session: Mapping[str, Any], *, now: datetime) -> timedelta:
    """How long a session still lasts when nobody does anything; zero when it is over, all of it when it is new."""
    begun, seen = _moment(session.get(BEGUN)) or now, _moment(session.get(SEEN)) or now
    ends = min(
        seen + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        begun + timedelta(seconds=settings.SESSION_ABSOLUTE_AGE),
    )
    return max(ends - now, timedelta())


def sessions_of(person: User) -> QuerySet[Session]:
    """The sessions of ``person`` that still hold, the last used first."""
    return Session.objects.filter(person=person, expire_date__gt=timezone.now()).order_by("-seen_at")


def handle_of(session_key: str) -> str:
    """What a page may call a session by: its key opens it, so the key stays on the server."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]


def end_session(*, person: User, handle: str) -> bool:
    """End the session of ``person`` that goes by ``handle``; False when there is none."""
    keys = sessions_of(person).values_list("session_key", flat=True)
    ended = [key for key in keys if handle_of(key) == handle]
    return bool(ended) and Session.objects.filter(session_key__in=ended).delete()[0] > 0


def end_sessions(*, person: User) -> int:
    """End every session of ``person``; how many there were."""
    return Session.objects.filter(person=person).delete()[0]


def sweep() -> None:
    """Remove what is over."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
