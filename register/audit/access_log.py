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
    DENIED = "authz.denied"
    LOGIN = "auth.login"
    LOGIN_FAILED = "auth.fail"
    LOGOUT = "auth.logout"
    FACTOR_ADDED = "auth.mfa_enrol"
    FACTOR_REMOVED = "auth.mfa_reset"
    STEP_UP = "auth.stepup"


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
