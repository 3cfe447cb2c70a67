"""Telling organisations of a publication."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from register import outbox
from register.reporting import announcing


@shared_task(name="register.announce_release")
def announce_release(message_id: str) -> None:
    """Write a message to every organisation that wants to hear of the release of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            told = message.payload
            announcing.announce(
                release_id=UUID(told["release_id"]), kind=told["kind"], now=timezone.now(), trace=message.trace
            )


@shared_task(name="register.deliver_webhook")
def deliver_webhook(message_id: str) -> None:
    """Make the try of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            told = message.payload
            announcing.deliver(
                delivery_id=UUID(told["delivery_id"]),
                round=int(told["round"]),
                number=int(told["number"]),
                now=timezone.now(),
                trace=message.trace,
            )


@shared_task(name="register.tell_of_stopped_webhook")
def tell_of_stopped_webhook(message_id: str) -> None:
    """Mail the administrators that the webhook of this message was stopped."""
    with outbox.handling(message_id) as message:
        if message is not None:
            announcing.tell_of_stop(webhook_id=UUID(message.payload["webhook_id"]), trace=message.trace)
