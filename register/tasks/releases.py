"""Work on releases."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from register import outbox
from register.reporting import building


@shared_task(name="register.build_release")
def build_release(message_id: str) -> None:
    """Build the release of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            building.build(release_id=UUID(message.payload["release_id"]), now=timezone.now(), trace=message.trace)
