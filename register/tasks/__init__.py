"""What the worker does. A task is a doorbell: it takes the id of a message, makes one call, and returns when the work
is done already."""

from register.tasks.outbox import relay_outbox
from register.tasks.releases import build_release
from register.tasks.saves import forget_saves

__all__ = ["build_release", "forget_saves", "relay_outbox"]
