"""Mail to physicians for whom a question waits."""

from uuid import UUID

from celery import shared_task

from register import outbox
from register.casework import question_mail


@shared_task(name="register.send_question_mail")
def send_question_mail(message_id: str) -> None:
    """Say to the physician of this message how many questions wait."""
    with outbox.handling(message_id) as message:
        if message is not None:
            question_mail.deliver(reporter_id=UUID(message.payload["reporter_id"]), trace=message.trace)
