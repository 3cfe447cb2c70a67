"""Who is told: every webhook that works when a release appears or is retracted; and again when a person asks."""

from datetime import datetime
from uuid import UUID

from register.access import webhooks
from register.access.errors import NotFoundError, StaleError
from register.audit import acting_as
from register.models import Release, User, Webhook, WebhookDelivery
from register.reporting import published
from register.reporting.announcing.delivering import ACTOR, State, ask_for_try
from register.reporting.announcing.messages import Kind, NotYetPublicError


def announce(*, release_id: UUID, kind: str, now: datetime, trace: UUID | None = None) -> None:
    """Write a message for every webhook that works now. Nobody is told of what was retracted under its embargo.

    Raises NotYetPublicError while the release cannot be seen from outside.
    """
    with acting_as(ACTOR, trace=trace):
        release = Release.objects.get(pk=release_id)
        seen = published.release(release.identifier)
        if seen is None:
            raise NotYetPublicError
        if seen.retracted != (kind == Kind.RETRACTED):
            return
        for webhook in Webhook.objects.filter(stopped_at__isnull=True).order_by("pk"):
            _begin(webhook, Kind(kind), now=now, release=release)


def send_test(*, webhook_id: UUID, message_id: UUID, by: User, now: datetime) -> None:
    """Send a message that tells of nothing, so that a receiver can be tried. ``message_id`` is the key of the form."""
    webhooks.require(by)
    with acting_as(by):
        webhook = Webhook.objects.filter(pk=webhook_id).first()
        if webhook is None:
            raise NotFoundError
        if not WebhookDelivery.objects.filter(pk=message_id).exists():
            _begin(webhook, Kind.TEST, now=now, key=message_id)


def send_again(*, webhook_id: UUID, delivery_id: UUID, seen_round: int, by: User, now: datetime) -> None:
    """Begin another round for a message, at once and under the same id.

    :raises StaleError: when somebody sent it again since, also by this very form.
    """
    webhooks.require(by)
    with acting_as(by):
        rows = WebhookDelivery.objects.select_for_update(of=("self",)).filter(webhook=webhook_id)
        delivery = rows.filter(pk=delivery_id).first()
        if delivery is None:
            raise NotFoundError
        if delivery.round != seen_round:
            raise StaleError
        delivery.state, delivery.round, delivery.tries = State.WAITING, delivery.round + 1, 0
        delivery.began_at, delivery.next_at, delivery.ended_at = now, now, None
        delivery.save()
        ask_for_try(delivery)


def _begin(
    webhook: Webhook, kind: Kind, *, now: datetime, release: Release | None = None, key: UUID | None = None
) -> None:
    delivery = WebhookDelivery(webhook=webhook, kind=kind, release=release, created_at=now, began_at=now, next_at=now)
    delivery.pk = key or delivery.pk
    delivery.save(force_insert=True)
    ask_for_try(delivery)
