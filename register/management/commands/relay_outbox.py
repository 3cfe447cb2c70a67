"""``manage.py relay_outbox``: publish the outbox once, for an operator whose scheduler does not run."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from register import outbox


class Command(BaseCommand):
    help = "Hand all waiting work to the broker once more, and say what has been tried too often."

    def handle(self, *args: Any, **options: Any) -> None:
        published = outbox.relay(now=timezone.now())
        self.stdout.write(f"{published} messages handed to the broker.")
        for message in outbox.stuck():
            self.stdout.write(f"Tried {message.attempts} times without success: {message.task} ({message.pk}).")
