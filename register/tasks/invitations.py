"""Mail to people who are invited."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from register import outbox
from register.access import invitation_mail


@shared_task(name="register.send_invitation")
def send_invitation(message_id: str) -> None:
    """Mail the link of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            invitation_mail.deliver(
                invitation_id=UUID(message.payload["invitation_id"]),
                sending=int(message.payload["sending"]),
                now=timezone.now(),
                trace=message.trace,
            )
