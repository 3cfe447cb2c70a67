"""Work that must happen after commit: a row in the same transaction, published to the broker, handled once."""

from register.outbox.queue import enqueue, handling, relay, stuck

__all__ = ["enqueue", "handling", "relay", "stuck"]
