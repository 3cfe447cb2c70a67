"""Keys of forms that nobody will send again."""

from celery import shared_task
from django.utils import timezone

from register.outbox import saves


@shared_task(name="register.forget_saves")
def forget_saves() -> None:
    """Delete the keys of forms that were sent more than a day ago."""
    saves.forget(now=timezone.now())
