"""Work that follows a change of the settings."""

from uuid import UUID

from celery import shared_task

from register import outbox
from register.casework.configuration import agreement_mail, following


@shared_task(name="register.follow_settings")
def follow_settings(message_id: str) -> None:
    """Look again at the next cases in review after the change of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            told = message.payload
            following.follow(
                change_id=UUID(told["change_id"]),
                after=told["after"],
                done=int(told["done"]),
                parts=int(told["parts"]),
                trace=message.trace,
            )


@shared_task(name="register.send_agreement_mail")
def send_agreement_mail(message_id: str) -> None:
    """Say to whoever may agree to it that the change of this message waits."""
    with outbox.handling(message_id) as message:
        if message is not None:
            agreement_mail.deliver(change_id=UUID(message.payload["change_id"]), trace=message.trace)
