"""The access log: one row for each look, written in the transaction that reads, before the content leaves."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

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
    WORK_READ = "system.work_read"
    WORK_RETRY = "system.work_retry"
    COMMAND_RUN = "command.run"
    DENIED = "authz.denied"
    LOGIN = "auth.login"
    LOGOUT = "auth.logout"


# What each kind of event does to its object, as NEN 7513 asks: create, read, update, delete, execute.
ACTIONS = {
    "create": "C",
    "read": "R",
    "list": "R",
    "denied": "R",
    "update": "U",
    "login": "E",
    "logout": "E",
    "run": "E",
}

WRITE = 'SELECT audit.log_access(%s, %s::text::"char", %s, %s, %s, %s::uuid[], %s, %s::jsonb, %s, %s)'


def log_access(
    event: Event,
    *,
    object_type: str = "case",
    objects: Iterable[UUID] = (),
    outcome: str = "ok",
    detail: str = "",
    rows: int | None = None,
    filters: dict[str, Any] | None = None,
    policy: str = "",
) -> int:
    """Note that the current actor looked, and give the number of the event.

    Who, when and from where the database takes from the session. Without an actor, or when the row cannot be stored,
    nothing may be shown. ``filters`` holds coded choices only, never words that somebody typed.
    """
    require()
    shown = [str(each) for each in objects]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            [
                event.value,
                ACTIONS.get(event.value.rpartition(".")[2], "U"),
                outcome,
                detail,
                object_type,
                shown,
                len(shown) if rows is None else rows,
                json.dumps(filters or {}),
                policy,
                settings.SOURCE,
            ],
        )
        (number,) = cursor.fetchone()
    return int(number)
