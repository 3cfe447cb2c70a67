"""Mail to people who are invited, or who begin again."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from register import outbox
from register.access import invitation_mail, new_start


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


@shared_task(name="register.send_new_start")
def send_new_start(message_id: str) -> None:
    """Mail the link with which the person of this message begins again."""
    with outbox.handling(message_id) as message:
        if message is not None:
            told = message.payload
            new_start.deliver(user_id=UUID(told["user_id"]), epoch=int(told["epoch"]), trace=message.trace)
