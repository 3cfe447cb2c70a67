"""The access log: one row for each look, written in the transaction that reads, before the content leaves."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from register.models import AccessEvent
from register.models.actor import require


class Event(StrEnum):
    """What was looked at or refused."""

    CASE_CREATE = "case.create"
    CASE_READ = "case.read"
    CASE_LIST = "case.list"
    CASE_UPDATE = "case.update"
    CASE_SUBMIT = "case.submit"
    CASE_DECIDE = "case.decide"
    CASE_REOPEN = "case.reopen"
    CASE_WITHDRAW = "case.withdraw"
    HISTORY_READ = "history.read"
    IMPORT_RUN = "import.run"
    RELEASE_READ = "release.read"
    RELEASE_PROPOSE = "release.propose"
    RELEASE_PUBLISH = "release.publish"
    USER_LIST = "user.list"
    USER_READ = "user.read"
    AUTHZ_CHANGE = "authz.change"
    TOKEN_LIST = "token.list"  # noqa: S105 - codes of events about tokens
    TOKEN_ISSUE = "token.issue"  # noqa: S105
    TOKEN_REVOKE = "token.revoke"  # noqa: S105
    DENIED = "authz.denied"
    LOGIN = "auth.login"
    LOGOUT = "auth.logout"


def log_access(
    event: Event,
    *,
    object_type: str = "case",
    objects: Iterable[UUID] = (),
    outcome: str = "ok",
    rows: int | None = None,
) -> None:
    """Note that the current actor looked. Without an actor, or when the row cannot be stored, nothing may be shown."""
    actor = require()
    shown = list(objects)
    AccessEvent.objects.create(
        code=event.value,
        outcome=outcome,
        actor=actor.name,
        role=actor.role,
        trace=actor.trace,
        object_type=object_type,
        objects_shown=shown,
        row_count=len(shown) if rows is None else rows,
    )
