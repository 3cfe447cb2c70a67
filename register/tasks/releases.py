"""Work on releases."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from register import outbox
from register.reporting import building, releases


@shared_task(name="register.build_release")
def build_release(message_id: str) -> None:
    """Take the next step in building the release of this message."""
    with outbox.handling(message_id) as message:
        if message is not None:
            building.advance(release_id=UUID(message.payload["release_id"]), now=timezone.now(), trace=message.trace)


@shared_task(name="register.release_appears")
def release_appears(message_id: str) -> None:
    """Let the release of this message replace the one before it: its embargo has ended."""
    with outbox.handling(message_id) as message:
        if message is not None:
            releases.appear(release_id=UUID(message.payload["release_id"]))
