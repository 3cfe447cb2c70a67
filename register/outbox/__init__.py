"""Work that must happen after commit: a row in the same transaction, published to the broker, handled once."""

from register.outbox.heartbeat import Program, beat
from register.outbox.queue import enqueue, handling, relay, try_again
from register.outbox.standing import Standing, complaints, standing, stuck

__all__ = [
    "Program",
    "Standing",
    "beat",
    "complaints",
    "enqueue",
    "handling",
    "relay",
    "standing",
    "stuck",
    "try_again",
]
