"""Mail about emergency access, and what had no outcome in time."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from register import outbox
from register.access import emergency_mail, emergency_review


@shared_task(name="register.send_emergency_mail")
def send_emergency_mail(message_id: str) -> None:
    """Send the mail of this message to its one reader."""
    with outbox.handling(message_id) as message:
        if message is not None:
            told = message.payload
            emergency_mail.deliver(
                access_id=UUID(told["access_id"]),
                person_id=UUID(told["person_id"]),
                about=told["about"],
                trace=message.trace,
            )


@shared_task(name="register.escalate_emergencies")
def escalate_emergencies() -> None:
    """Write down the mails about emergency access without an outcome that are due today."""
    emergency_review.round_of(now=timezone.now())
