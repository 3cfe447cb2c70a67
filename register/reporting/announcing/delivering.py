"""One try to deliver a message, what is written of it, and when the next one comes.

Each try is a piece of work of its own in the outbox, which is done also when nothing arrived: waiting for days is the
schedule of this module. A worker that is killed between sending and writing sends once more, under the same id.
"""

from datetime import datetime, timedelta
from uuid import UUID

from register.access import webhooks
from register.audit import acting_as
from register.models import Webhook, WebhookAttempt, WebhookDelivery
from register.outbox import enqueue
from register.reporting.announcing import messages, posting
from register.reporting.announcing.posting import Answer, Outcome

ACTOR = "system:webhooks"
TASK = "register.deliver_webhook"
NOTICE_TASK = "register.tell_of_stopped_webhook"
# The pauses between the tries of a round: a little more than three days in all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))
State = WebhookDelivery.State
Stopped = Webhook.Stopped


def ask_for_try(delivery: WebhookDelivery, *, at: datetime | None = None) -> None:
    """Ask the worker for the next try, now or at a moment."""
    number = delivery.tries + 1
    enqueue(
        TASK,
        key=f"{TASK}:{delivery.pk}:{delivery.round}:{number}",
        not_before=at,
        delivery_id=str(delivery.pk),
        round=str(delivery.round),
        number=str(number),
    )


def deliver(*, delivery_id: UUID, round: int, number: int, now: datetime, trace: UUID | None = None) -> None:
    """Try this message once. Does nothing when this try was made, or the message was sent again since."""
    with acting_as(ACTOR, trace=trace):
        rows = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("webhook", "release")
        delivery = rows.get(pk=delivery_id)
        if (delivery.state, delivery.round, delivery.tries) != (State.WAITING, round, number - 1):
            return
        if delivery.webhook.stopped_at is not None:
            _end(delivery, State.GIVEN_UP, now)
        elif (body := messages.content_of(delivery)) is None:
            _end(delivery, State.VOID, now)
        else:
            _note(delivery, _posted(delivery, body, now), now)


def _posted(delivery: WebhookDelivery, body: bytes, now: datetime) -> Answer:
    secrets = webhooks.signing_secrets(delivery.webhook, now=now)
    headers = messages.headers_of(messages.id_of(delivery.pk), body, secrets=secrets, now=now)
    return posting.post(delivery.webhook.address, headers=headers, body=body)


def _note(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    WebhookAttempt.objects.create(delivery=delivery, at=now, outcome=answer.outcome, status=answer.status)
    delivery.tries += 1
    if answer.outcome is Outcome.DELIVERED:
        _end(delivery, State.DELIVERED, now)
    elif answer.outcome is Outcome.GONE:
        _stop(delivery.webhook, Stopped.GONE, now)
        _end(delivery, State.GIVEN_UP, now)
    elif delivery.tries > len(PAUSES):
        if not _arrived_since(delivery):
            _stop(delivery.webhook, Stopped.FAILING, now)
        _end(delivery, State.GIVEN_UP, now)
    else:
        delivery.next_at = now + PAUSES[delivery.tries - 1]
        delivery.save(update_fields=["tries", "next_at"])
        ask_for_try(delivery, at=delivery.next_at)


def _arrived_since(delivery: WebhookDelivery) -> bool:
    """Whether another message reached this webhook while this one was tried."""
    arrived = WebhookAttempt.objects.filter(delivery__webhook=delivery.webhook, outcome=Outcome.DELIVERED)
    return arrived.filter(at__gte=delivery.began_at).exists()


def _stop(webhook: Webhook, why: Stopped, now: datetime) -> None:
    webhooks.stop_because(webhook, why, now=now)
    enqueue(NOTICE_TASK, key=f"{NOTICE_TASK}:{webhook.pk}:{now:%Y%m%dT%H%M%S}", webhook_id=str(webhook.pk))


def _end(delivery: WebhookDelivery, state: State, now: datetime) -> None:
    delivery.state, delivery.next_at, delivery.ended_at = state, None, now
    delivery.save(update_fields=["state", "tries", "next_at", "ended_at"])
