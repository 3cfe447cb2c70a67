"""What happens exactly once: work after commit, as a row in the same transaction; and a form that is sent twice."""

from register.outbox.queue import enqueue, handling, relay, stuck

__all__ = ["enqueue", "handling", "relay", "stuck"]
