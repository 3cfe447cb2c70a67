"""A task like those of the register, whose work is one row that shows whether it was done once, twice or never."""

import time
from uuid import UUID

from celery import shared_task

from register import outbox
from register.audit import Event, acting_as, log_access
from register.models import OutboxMessage
from tests.integration.outbox.programs import broker

TASK = "tests.ring"


@shared_task(name=TASK)
def ring(message_id: str) -> None:
    """Leave one row for this message, after the seconds it asks for; the broker counts how often it was begun."""
    with broker() as line:
        line.incr(started(message_id))
    with outbox.handling(message_id) as message:
        if message is not None:
            time.sleep(float(message.payload["seconds"]))
            with acting_as("system:bell", trace=message.trace):
                log_access(Event.COMMAND_RUN, object_type="work", objects=[UUID(message_id)])


def started(message_id: object) -> str:
    """Where the broker counts how often this message was begun."""
    return f"started:{message_id}"


def enqueue_bells(number: int, *, seconds: float = 0) -> list[OutboxMessage]:
    """Write down that these bells must ring, each in a transaction of its own."""
    made = []
    for _ in range(number):
        with acting_as("system:test") as actor:
            made.append(outbox.enqueue(TASK, key=f"bell:{actor.trace}", seconds=str(seconds)))
    return made
