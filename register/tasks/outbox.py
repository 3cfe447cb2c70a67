"""The relay that makes up for a lost broker or a killed worker, and the worker's sign of life."""

from celery import shared_task
from django.utils import timezone

from register import outbox


@shared_task(name="register.relay_outbox")
def relay_outbox() -> None:
    """Publish again what is not done."""
    outbox.relay(now=timezone.now())


@shared_task(name="register.heartbeat")
def heartbeat() -> None:
    """The clock rang and the worker heard it."""
    outbox.beat(outbox.Program.WORKER)
