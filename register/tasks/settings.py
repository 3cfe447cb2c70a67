"""Work that follows a change of the settings."""

from uuid import UUID

from celery import shared_task

from register import outbox
from register.casework.configuration import following


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
