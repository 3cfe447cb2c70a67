"""The outbox. A lost broker or a killed worker loses nothing: what is not done is published again.

A message is marked as published *before* it goes to the broker. So two relays never hand over the same row at once,
and a worker that receives it never meets the row locked by the one who sent it. Whoever dies between mark and sending
costs half a minute and no work.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now, NullIf
from django.utils import timezone

from register.models import OutboxMessage
from register.models.actor import require

log = logging.getLogger(__name__)

# The relay is itself a message that is thrown away after ten seconds in the queue. So it only runs when the queue is
# short, and then what was published half a minute ago and is neither done nor held by a worker was lost (ADR 0016).
PUBLISH_AGAIN_AFTER = timedelta(seconds=30)
TRIES = 5
FIRST_PAUSE = timedelta(seconds=15)
BATCH = 100
# The kind of error of work whose worker was killed each time, so that nobody was left to say what went wrong.
WORKER_LOST = "WorkerLost"


def enqueue(task: str, *, key: str, not_before: datetime | None = None, **ids: str) -> OutboxMessage:
    """Write that ``task`` must run, once for each ``key``, when the current transaction commits. ``ids`` only.

    With ``not_before`` it waits in the database until then, never in the broker.
    """
    actor = require()
    when = {"available_at": not_before} if not_before else {"published_at": timezone.now()}
    message, created = OutboxMessage.objects.get_or_create(
        key=key, defaults={"task": task, "payload": ids, "actor": actor.name, "trace": actor.trace, **when}
    )
    if created and not_before is None:
        transaction.on_commit(partial(_publish, [message]))
    return message


def relay(*, now: datetime) -> int:
    """Publish what is due and was never published, or was published and got lost. Returns how many."""
    _park_what_kills_its_worker(now)
    published = 0
    while claimed := _claim(now):
        handed_over = _publish(claimed)
        published += handed_over
        if handed_over < len(claimed):
            break  # the broker does not answer; the next round tries again
    return published


def try_again() -> list[UUID]:
    """Give all parked work its tries back and publish it when this transaction commits; the keys of the messages."""
    with transaction.atomic():
        parked = list(_open().filter(parked_at__isnull=False).select_for_update(skip_locked=True))
        keys = [message.pk for message in parked]
        OutboxMessage.objects.filter(pk__in=keys).update(
            parked_at=None, attempts=0, available_at=Now(), published_at=Now()
        )
        transaction.on_commit(partial(_publish, parked))
    return keys


@contextmanager
def handling(message_id: UUID | str) -> Iterator[OutboxMessage | None]:
    """Give the message to do, locked, or None when there is nothing to do now; mark it done when the block succeeds.

    Nothing to do: it is done, parked, not yet due, or another worker holds it. Work and mark share one transaction:
    a worker killed half-way leaves neither. The count of tries is stored before, so that it survives the worker.
    """
    begun, message = _begin(message_id), None
    try:
        with transaction.atomic():
            message = _take(message_id) if begun else None
            yield message
            if message is not None:
                OutboxMessage.objects.filter(pk=message_id).update(done_at=Now(), last_error="")
    except Exception as error:
        if message is not None:
            _failed(message, error)
        raise


def _open() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(done_at__isnull=True)


def _waiting() -> QuerySet[OutboxMessage]:
    return _open().filter(parked_at__isnull=True)


def _begin(message_id: UUID | str) -> bool:
    """Count one more try, when the message is to be done now and nobody holds it."""
    with transaction.atomic():
        ready = _waiting().filter(pk=message_id, available_at__lte=Now(), attempts__lt=TRIES)
        if ready.select_for_update(skip_locked=True).first() is None:
            return False
        OutboxMessage.objects.filter(pk=message_id).update(attempts=F("attempts") + 1)
        return True


def _take(message_id: UUID | str) -> OutboxMessage | None:
    """The message, locked until the work is done; None when another worker was faster."""
    return _waiting().filter(pk=message_id).select_for_update(skip_locked=True).first()


def _failed(message: OutboxMessage, error: Exception) -> None:
    """Let the next try wait longer than the last, or park the message. Only the kind of the error is kept: its words
    may hold what a log must not."""
    pause = FIRST_PAUSE * 2 ** (message.attempts - 1)
    _open().filter(pk=message.pk).update(
        last_error=type(error).__name__,
        published_at=None,
        available_at=Now() + Value(pause),
        parked_at=Case(When(attempts__gte=TRIES, then=Now()), default=None),
    )


def _lost(now: datetime) -> Q:
    return Q(published_at__isnull=True) | Q(published_at__lt=now - PUBLISH_AGAIN_AFTER)


def _claim(now: datetime) -> list[OutboxMessage]:
    """Mark a batch of due messages as published and give them; what a worker or another relay holds is left alone."""
    with transaction.atomic():
        due = _waiting().filter(_lost(now), available_at__lte=now, attempts__lt=TRIES).order_by("created_at")
        messages = list(due.select_for_update(skip_locked=True)[:BATCH])
        OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(published_at=now)
    return messages


def _park_what_kills_its_worker(now: datetime) -> None:
    with transaction.atomic():
        begun = _waiting().filter(_lost(now), attempts__gte=TRIES).select_for_update(skip_locked=True)
        OutboxMessage.objects.filter(pk__in=[message.pk for message in begun]).update(
            parked_at=now, last_error=Coalesce(NullIf("last_error", Value("")), Value(WORKER_LOST))
        )


def _publish(messages: Sequence[OutboxMessage]) -> int:
    """Hand messages to the broker until it refuses one; that one and the rest are free for the relay again."""
    for place, message in enumerate(messages):
        try:
            current_app.send_task(message.task, kwargs={"message_id": str(message.pk)}, retry=False)
        except Exception:  # the broker may fail in many ways; the row stays and the relay tries again
            log.warning("outbox message %s could not be published; the relay will try again", message.pk)
            left = [each.pk for each in messages[place:]]
            OutboxMessage.objects.filter(pk__in=left, done_at__isnull=True).update(published_at=None)
            return place
    return len(messages)
