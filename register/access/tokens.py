"""Tokens of organisations that read published tables: shown once, kept as a digest, expiring, revocable at once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from register.audit import acting_as
from register.models import ApiToken, User

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
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - LAST_USE_STEP)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


def revoke_token(*, token_id: UUID, by: User) -> None:
    """Make the token worthless from its next use on."""
    with acting_as(by):
        ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
