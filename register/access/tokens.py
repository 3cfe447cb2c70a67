"""Tokens of organisations that read published tables: shown once, kept as a digest, scoped, expiring, revocable."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from register.access.errors import Fault, InvalidError, NotFoundError, RefusedError, refuse_unless
from register.access.permission import may
from register.audit import Event, acting_as, log_access
from register.audit.origin import where
from register.models import ApiToken, User
from register.models.actor import Machine
from register.workflow.verbs import Verb

MONITOR, STATISTICS, ANONYMOUS = "monitor", "statistiek", "anonymous"
LAST_USE_STEP = timedelta(minutes=1)
USUAL_DAYS, MOST_DAYS = 90, 366
LONGEST_ORGANISATION = 120
SCOPES = tuple(str(scope) for scope in ApiToken.Scope)
READ = str(ApiToken.Scope.AGGREGATES_READ)
# Who acts when a token is used: an organisation, and nobody of the register.
ACTOR = "system:token"

ORGANISATION_NEEDED = Fault("organisation", "Vul de naam van de organisatie in.", "Name the organisation.")
ORGANISATION_WRONG = Fault(
    "organisation",
    f"Houd de naam op één regel, zonder onzichtbare tekens, onder {LONGEST_ORGANISATION} tekens.",
    f"Keep the name on one line, without invisible characters, below {LONGEST_ORGANISATION} characters.",
)
DAYS_WRONG = Fault("days", f"Kies van 1 tot en met {MOST_DAYS} dagen.", f"Choose from 1 to {MOST_DAYS} days.")
SCOPE_WRONG = Fault("scope", "Kies waarvoor het token geldt.", "Choose what the token is for.")


class TokenState(StrEnum):
    """Whether a token opens anything."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


def tokens_for(user: User | AnonymousUser) -> QuerySet[ApiToken]:
    """Every token, for who manages them; none for anybody else."""
    tokens: QuerySet[ApiToken] = ApiToken.objects.all()
    return tokens if may(user, Verb.MANAGE_TOKENS) else tokens.none()


def newest_first(tokens: QuerySet[ApiToken], *, now: datetime) -> QuerySet[ApiToken]:
    """What still opens something comes first."""
    worthless = ExpressionWrapper(Q(revoked_at__isnull=False) | Q(expires_at__lte=now), output_field=BooleanField())
    return tokens.order_by(worthless, F("created_at").desc(), "pk")


def state_of(token: ApiToken, *, now: datetime) -> TokenState:
    if token.revoked_at is not None:
        return TokenState.REVOKED
    return TokenState.EXPIRED if token.expires_at <= now else TokenState.VALID


def issue_token(
    *, organisation: str, by: User, expires_at: datetime, scope: str = READ, token_id: UUID | None = None
) -> tuple[ApiToken, str]:
    """Make a token. The second value is the token itself, which is not stored and cannot be shown again.

    ``token_id`` is the key that a form carries, so that a form sent twice makes one token.

    :raises InvalidError: with a fault at each field that cannot be.
    :raises RefusedError: when ``by`` may not, or the form was sent before.
    """
    _require(by)
    name, now = organisation.strip(), timezone.now()
    if faults := _faults(name, scope, expires_at - now):
        raise InvalidError(faults)
    plain = secrets.token_urlsafe(32)
    with acting_as(by):
        if token_id is not None and ApiToken.objects.filter(pk=token_id).exists():
            raise RefusedError(
                code="issued_before",
                nl="Dit token is al uitgegeven en wordt niet nog eens getoond. Trek het in en geef een nieuw uit.",
                en="This token was issued already and is not shown again. Revoke it and issue a new one.",
            )
        token = ApiToken(organisation=name, digest=digest_of(plain), scope=scope, created_by=by, expires_at=expires_at)
        token.pk = token_id or token.pk
        token.save(force_insert=True)
    return token, plain


def organisation_of(plain: str, *, now: datetime, scope: str = READ) -> ApiToken | None:
    """The token behind ``plain`` when it is for this and neither expired nor revoked; its last use is noted once a
    minute."""
    token = ApiToken.objects.filter(
        digest=digest_of(plain), scope=scope, revoked_at__isnull=True, expires_at__gt=now
    ).first()
    if token is not None and (token.last_used_at is None or token.last_used_at < now - LAST_USE_STEP):
        note_use(token.pk, now=now)
    return token


def note_use(token_id: UUID, *, now: datetime) -> None:
    """Keep when the token was last used."""
    with acting_as(ACTOR):
        ApiToken.objects.filter(pk=token_id).update(last_used_at=now)


def machine_of(token_id: UUID | None) -> Machine:
    """Who reads the API: the token of an organisation, or nobody known."""
    return Machine(f"token:{token_id}" if token_id else ANONYMOUS, MONITOR, STATISTICS)


def caller_of(token_id: UUID | None, *, peer: str, forwarded: str) -> str:
    """By what name requests are counted: the token, or the address that they come from."""
    return f"token:{token_id}" if token_id else where(peer=peer, forwarded=forwarded, agent="").origin


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
    with acting_as(machine_of(token.pk if token else None), where=where(peer=peer, forwarded=forwarded, agent=agent)):
        log_access(Event.STATS_READ, outcome=outcome, detail=detail, filters=filters)


def revoke_token(*, token_id: UUID, by: User) -> ApiToken:
    """Make the token worthless from its next use on.

    :raises NotFoundError: when there is no such token.
    """
    _require(by)
    with acting_as(by):
        ApiToken.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=timezone.now())
        token = ApiToken.objects.filter(pk=token_id).first()
    if token is None:
        raise NotFoundError
    return token


def organisation_faults(name: str) -> list[Fault]:
    """What is wrong with the name of an organisation."""
    faults = [] if name else [ORGANISATION_NEEDED]
    if not name.isprintable() or len(name) > LONGEST_ORGANISATION:
        faults.append(ORGANISATION_WRONG)
    return faults


def _faults(organisation: str, scope: str, life: timedelta) -> list[Fault]:
    faults = organisation_faults(organisation)
    if not timedelta(0) < life <= timedelta(days=MOST_DAYS):
        faults.append(DAYS_WRONG)
    if scope not in SCOPES:
        faults.append(SCOPE_WRONG)
    return faults


def _require(by: User) -> None:
    refuse_unless(may(by, Verb.MANAGE_TOKENS))


def digest_of(plain: str) -> str:
    """What stands for a token wherever it is kept."""
    return hashlib.sha256(plain.encode()).hexdigest()
