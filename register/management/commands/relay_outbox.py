"""``manage.py relay_outbox [--parked]``: publish the outbox once, for an operator whose scheduler does not run."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from register import outbox
from register.audit import Event, acting_as, log_access

OPERATOR = "system:operator"


class Command(BaseCommand):
    help = "Hand all waiting work to the broker once more, and say what is stuck."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parked", action="store_true", help="also try again what failed five times")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["parked"]:
            with acting_as(OPERATOR):
                again = outbox.try_again()
                log_access(Event.WORK_RETRY, object_type="work", objects=again)
            self.stdout.write(f"{len(again)} parked messages are tried again.")
        published = outbox.relay(now=timezone.now())
        self.stdout.write(f"{published} messages handed to the broker.")
        for sentence in outbox.complaints(outbox.standing(now=timezone.now())):
            self.stdout.write(sentence)
