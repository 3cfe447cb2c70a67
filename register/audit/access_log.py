"""The access log: one row for each look, written in the transaction that reads, before the content leaves."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.utils.crypto import salted_hmac

from register.audit import catalogue
from register.models.actor import require
from register.models.planned import planned_cursor


class Event(StrEnum):
    """What was looked at or refused. What each means stands in the catalogue, a line for every member."""

    CASE_CREATE = "case.create"
    CASE_READ = "case.read"
    CASE_LIST = "case.list"
    CASE_SEARCH = "case.search"
    CASE_UPDATE = "case.update"
    CASE_SUBMIT = "case.submit"
    CASE_DECIDE = "case.decide"
    CASE_REOPEN = "case.reopen"
    CASE_WITHDRAW = "case.withdraw"
    HISTORY_READ = "history.read"
    CASE_EXPORT = "case.export"
    NIL_LIST = "nil.list"
    NIL_REPORT = "nil.report"
    NIL_WITHDRAW = "nil.withdraw"
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
    WEBHOOK_LIST = "webhook.list"
    WEBHOOK_READ = "webhook.read"
    WEBHOOK_REGISTER = "webhook.register"
    WEBHOOK_CHANGE = "webhook.change"
    WORK_READ = "system.work_read"
    WORK_RETRY = "system.work_retry"
    COMMAND_RUN = "command.run"
    STATS_READ = "stats.read"
    EXPORT_DOWNLOAD = "export.download"
    LOG_READ = "log.read"
    LOG_EXPORT = "log.export"
    LOG_REVIEW = "log.review"
    EMERGENCY_OPEN = "breakglass.open"
    EMERGENCY_CLOSE = "breakglass.close"
    EMERGENCY_REVIEW = "breakglass.review"
    DENIED = "authz.denied"
    LOGIN = "auth.login"
    LOGIN_FAILED = "auth.fail"
    LOGOUT = "auth.logout"
    FACTOR_ADDED = "auth.mfa_enrol"
    FACTOR_REMOVED = "auth.mfa_reset"
    STEP_UP = "auth.stepup"


# How somebody stands to a case that they see under an emergency access (NEN 7513: behandelrelatie).
EMERGENCY_RELATION = "break-glass"


class NotLoggedError(OperationalError):
    """The look could not be noted, so nothing may be shown."""


WRITE = 'SELECT audit.log_access(%s, %s::text::"char", %s, %s, %s, %s::uuid[], %s, %s::jsonb, %s, %s)'


def log_access(
    event: Event,
    *,
    object_type: str = "",
    objects: Iterable[UUID] = (),
    outcome: str = "ok",
    detail: str = "",
    rows: int | None = None,
    filters: Mapping[str, object] | None = None,
    policy: str = "",
) -> int:
    """Note that the current actor looked, and give the number of the event.

    Who, when and from where the database takes from the session. ``filters`` holds coded choices, and of words that
    somebody typed only the ``keyed_digest``; ``policy`` is the verb by which it was allowed or refused. Without an
    actor, or when the row cannot be stored (NotLoggedError), nothing may be shown. A look under an emergency access
    says so by itself.
    """
    actor = require()
    told = dict(filters or {})
    if actor.emergency:
        told |= {"relation": EMERGENCY_RELATION, "grant": actor.emergency}
    kind = catalogue.kind_of(event)
    about, shown = object_type or kind.about[0], [str(each) for each in objects]
    catalogue.check(kind, outcome=outcome, about=about, given={"objects": shown, "filters": told, "detail": detail})
    count = len(shown) if rows is None else rows
    values = [event.value, kind.action, outcome, detail, about, shown, count]
    try:
        with planned_cursor() as cursor:
            cursor.execute(WRITE, [*values, json.dumps(told), policy, settings.SOURCE])
            (number,) = cursor.fetchone()
    except DatabaseError as error:
        raise NotLoggedError("The access log cannot be written; nothing is shown.") from error
    return int(number)


def keyed_digest(purpose: str, text: str) -> str:
    """Words that nobody may read in the log but that can be compared: equal words give equal digests."""
    return salted_hmac(f"register.audit.{purpose}", text, algorithm="sha256").hexdigest()[:32] if text else ""
