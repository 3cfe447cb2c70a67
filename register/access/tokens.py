"""Tokens of organisations that read published tables: shown once, kept as a digest, expiring, revocable at once."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from register.audit import Event, acting_as, log_access
from register.audit.origin import where
from register.models import ApiToken, User
from register.models.actor import Machine

MONITOR, STATISTICS, ANONYMOUS = "monitor", "statistiek", "anonymous"
LAST_USE_STEP = timedelta(minutes=1)


def issue_token(*, organisation: str, by: User, expires_at: datetime) -> tuple[ApiToken, str]:
    """Make a token. The second value is the token itself, which is not stored and cannot be shown again."""
    plain = secrets.token_urlsafe(32)
    with acting_as(by):
        token = ApiToken.objects.create(
            organisation=organisation, digest=_digest(plain), created_by=by, expires_at=expires_at
        )
    return token, plain


def organisation_of(plain: str, *, now: datetime) -> ApiToken | None:
    """The token behind ``plain`` when it is neither expired nor revoked; its last use is noted once a minute."""
    token = ApiToken.objects.filter(digest=_digest(plain), revoked_at__isnull=True, expires_at__gt=now).first()
    if token is not None:
        with acting_as(machine_of(token)):
            _note_use(token, now)
    return token


def machine_of(token: ApiToken | None) -> Machine:
    """Who reads the API: the token of an organisation, or nobody known."""
    return Machine(f"token:{token.pk}" if token else ANONYMOUS, MONITOR, STATISTICS)


def log_reading(
    token: ApiToken | None,
    *,
    outcome: str,
    detail: str,
    filters: Mapping[str, str],
    peer: str,
    forwarded: str,
    agent: str,
) -> None:
    """Note one request of a machine for published figures, before anything leaves; raises when it cannot be noted."""
    with acting_as(machine_of(token), where=where(peer=peer, forwarded=forwarded, agent=agent)):
        log_access(Event.STATS_READ, outcome=outcome, detail=detail, filters=filters)


def _note_use(token: ApiToken, now: datetime) -> None:
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - LAST_USE_STEP)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def revoke_token(*, token_id: UUID, by: User) -> None:
    """Make the token worthless from its next use on."""
    with acting_as(by):
        ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
