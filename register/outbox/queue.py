"""The outbox. A lost broker or a killed worker loses nothing: what is not done is published again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from register.models import OutboxMessage
from register.models.actor import require

log = logging.getLogger(__name__)

PUBLISH_AGAIN_AFTER = timedelta(minutes=5)
STUCK_AFTER_ATTEMPTS = 5


def enqueue(task: str, *, key: str, **ids: str) -> OutboxMessage:
    """Write that ``task`` must run, once for each ``key``, when the current transaction commits. ``ids`` only."""
    actor = require()
    message, created = OutboxMessage.objects.get_or_create(
        key=key, defaults={"task": task, "payload": ids, "actor": actor.name, "trace": actor.trace}
    )
    if created:
        transaction.on_commit(lambda: _publish(message))
    return message


def relay(*, now: datetime) -> int:
    """Publish what was never published, or was published long ago and is not done. Returns how many."""
    due = Q(published_at__isnull=True) | Q(published_at__lt=now - PUBLISH_AGAIN_AFTER)
    messages = list(_open().filter(due).order_by("created_at")[:100])
    return sum(_publish(message) for message in messages)


def stuck() -> QuerySet[OutboxMessage]:
    """Messages that were tried more than five times and are still not done."""
    return _open().filter(attempts__gt=STUCK_AFTER_ATTEMPTS).order_by("created_at")


@contextmanager
def handling(message_id: UUID | str) -> Iterator[OutboxMessage | None]:
    """Give the message to do, locked, or None when it is done already; mark it done when the block succeeds.

    Work and mark share one transaction: a worker killed half-way leaves neither.
    """
    OutboxMessage.objects.filter(pk=message_id).update(attempts=F("attempts") + 1)
    try:
        with transaction.atomic():
            message = _open().select_for_update().filter(pk=message_id).first()
            yield message
            if message is not None:
                OutboxMessage.objects.filter(pk=message_id).update(done_at=timezone.now(), last_error="")
    except Exception as error:
        # The kind of the error only: its words may hold what a log must not.
        OutboxMessage.objects.filter(pk=message_id).update(last_error=type(error).__name__)
        raise


def _open() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(done_at__isnull=True)


def _publish(message: OutboxMessage) -> bool:
    try:
        current_app.send_task(message.task, kwargs={"message_id": str(message.pk)}, retry=False)
    except Exception:  # the broker may fail in many ways; the row stays and the relay tries again
        log.warning("outbox message %s could not be published; the relay will try again", message.pk)
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(published_at=timezone.now())
    return True
