"""Webhooks of organisations: an address that hears of publications, and a secret, shown once and kept sealed."""

import base64
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet

from register.access import sealing
from register.access.errors import Fault, InvalidError, NotFoundError, RefusedError, StaleError, refuse_unless
from register.access.permission import may
from register.access.tokens import organisation_faults
from register.access.webhook_addresses import LONGEST, BadAddressError, taken_apart
from register.audit import acting_as
from register.models import User, Webhook, WebhookSecret
from register.workflow.verbs import Verb

PREFIX = "whsec_"
SECRET_BYTES = 32
PURPOSE = b"register: secrets of webhooks"
# For so long the older secret signs beside a new one, so that a receiver can change over when it suits.
OVERLAP = timedelta(days=7)

ADDRESS_WRONG = Fault(
    "address",
    f"Vul een adres op internet in dat met https:// begint, zonder poort of wachtwoord, onder {LONGEST} tekens.",
    f"Give an address on the internet that begins with https://, without a port or a password, below {LONGEST} "
    "characters.",
)
ADDRESS_TAKEN = Fault(
    "address",
    "Deze organisatie heeft dit adres al. Open het in de lijst.",
    "This organisation has this address already. Open it in the list.",
)


def webhooks_for(user: User | AnonymousUser) -> QuerySet[Webhook]:
    """Every webhook, for who manages tokens; none for anybody else."""
    webhooks: QuerySet[Webhook] = Webhook.objects.all()
    return webhooks if may(user, Verb.MANAGE_TOKENS) else webhooks.none()


def working_first(webhooks: QuerySet[Webhook]) -> QuerySet[Webhook]:
    """What is stopped comes last."""
    return webhooks.order_by(F("stopped_at").asc(nulls_first=True), "organisation", "address")


def require(by: User) -> None:
    """Go on when ``by`` may manage webhooks. Raises RefusedError."""
    refuse_unless(may(by, Verb.MANAGE_TOKENS))


def register_webhook(
    *, organisation: str, address: str, by: User, now: datetime, webhook_id: UUID | None = None
) -> tuple[Webhook, str]:
    """Write down an address. The second value is its secret, which cannot be shown again.

    ``webhook_id`` is the key that a form carries, so that a form sent twice makes one webhook.

    :raises InvalidError: with a fault at each field that cannot be.
    :raises RefusedError: when ``by`` may not, or the form was sent before.
    """
    require(by)
    name, where = organisation.strip(), address.strip()
    with acting_as(by):
        if webhook_id is not None and Webhook.objects.filter(pk=webhook_id).exists():
            raise RefusedError(
                code="registered_before",
                nl="Deze webhook bestaat al; zijn geheim wordt niet meer getoond. Maak op zijn pagina een nieuw.",
                en="This webhook exists already; its secret is not shown again. Make a new secret on its page.",
            )
        if faults := _faults(name, where):
            raise InvalidError(faults)
        webhook = Webhook(organisation=name, address=where, created_by=by, secret_since=now)
        webhook.pk = webhook_id or webhook.pk
        webhook.save(force_insert=True)
        return webhook, _new_secret(webhook, now)


def new_secret(*, webhook_id: UUID, seen_version: int, by: User, now: datetime) -> tuple[Webhook, str]:
    """Make another secret. The one before signs beside it for a week; older ones are gone.

    :raises StaleError: when the webhook changed since, also by this very form.
    """
    require(by)
    with acting_as(by):
        webhook = _locked(webhook_id, seen_version)
        WebhookSecret.objects.filter(webhook=webhook, ends_at__isnull=False).delete()
        WebhookSecret.objects.filter(webhook=webhook).update(ends_at=now + OVERLAP)
        webhook.secret_since = now
        webhook.save(update_fields=["secret_since"])
        return webhook, _new_secret(webhook, now)


def stop(*, webhook_id: UUID, seen_version: int, by: User, now: datetime) -> Webhook:
    """Post nothing to this address any more."""
    require(by)
    with acting_as(by):
        webhook = _locked(webhook_id, seen_version)
        if webhook.stopped_at is None:
            stop_because(webhook, Webhook.Stopped.BY_HAND, now=now)
        return webhook


def resume(*, webhook_id: UUID, seen_version: int, by: User) -> Webhook:
    """Post to this address again from the next publication on."""
    require(by)
    with acting_as(by):
        webhook = _locked(webhook_id, seen_version)
        webhook.stopped_at, webhook.stopped_why = None, ""
        webhook.save(update_fields=["stopped_at", "stopped_why"])
        return webhook


def stop_because(webhook: Webhook, why: Webhook.Stopped, *, now: datetime) -> None:
    """Stop a webhook for this reason; the caller has an actor."""
    webhook.stopped_at, webhook.stopped_why = now, why
    webhook.save(update_fields=["stopped_at", "stopped_why"])


def signing_secrets(webhook: Webhook, *, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first. One that an older key sealed is sealed anew."""
    rows = WebhookSecret.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), webhook=webhook)
    found = []
    for row in rows.order_by("-created_at"):
        plain = sealing.unseal(row.sealed, purpose=PURPOSE)
        if not sealing.is_current(row.sealed):
            row.sealed = sealing.seal(plain, purpose=PURPOSE)
            row.save(update_fields=["sealed"])
        found.append(plain)
    return found


def _locked(webhook_id: UUID, seen_version: int) -> Webhook:
    webhook = Webhook.objects.select_for_update().filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFoundError
    if webhook.row_version != seen_version:
        raise StaleError
    return webhook


def _new_secret(webhook: Webhook, now: datetime) -> str:
    plain = PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    WebhookSecret.objects.create(webhook=webhook, sealed=sealing.seal(plain, purpose=PURPOSE), created_at=now)
    return plain


def _faults(organisation: str, address: str) -> list[Fault]:
    faults = organisation_faults(organisation)
    try:
        taken_apart(address)
    except BadAddressError:
        return [*faults, ADDRESS_WRONG]
    if not faults and Webhook.objects.filter(organisation=organisation, address=address).exists():
        faults.append(ADDRESS_TAKEN)
    return faults
