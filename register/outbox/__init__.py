"""What happens exactly once: work after commit, as a row in the same transaction; and a form that is sent twice."""

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
