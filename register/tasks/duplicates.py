"""Comparing a case that was handed in or changed with the others, or all deaths of a year."""

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


@shared_task(name="register.find_duplicates_of_a_year")
def find_duplicates_of_a_year(message_id: str) -> None:
    """Find the cases that look alike of the year of this message; empty for deaths without a day."""
    with outbox.handling(message_id) as message:
        if message is not None:
            year = message.payload["year"]
            finding.look_at_year(year=int(year) if year else None, trace=message.trace)
