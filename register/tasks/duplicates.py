"""Comparing a case that was handed in or changed with the others."""

from uuid import UUID

from celery import shared_task

from register import outbox
from register.casework.duplicates import finding


@shared_task(name="register.find_duplicates")
def find_duplicates(message_id: str) -> None:
    """Find the cases that look like the case of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            finding.look(case_id=UUID(message.payload["case_id"]), trace=message.trace)
