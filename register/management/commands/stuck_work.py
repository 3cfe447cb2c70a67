"""``manage.py stuck_work``: is any work stuck, or a program silent? Status 1 and a sentence for each when so."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from register import outbox
from register.audit import Event, acting_as, log_access
from register.management.commands.relay_outbox import OPERATOR


class Command(BaseCommand):
    help = "Say what work is stuck and whether worker and clock are alive; status 0 only when all is well."

    def handle(self, *args: Any, **options: Any) -> None:
        found = outbox.standing(now=timezone.now())
        with acting_as(OPERATOR):
            log_access(Event.COMMAND_RUN, object_type="work", objects=[each.id for each in found.stuck])
        self.stdout.write(f"{found.waiting} waiting, {found.parked} parked, {found.done_today} done today.")
        for sentence in outbox.complaints(found):
            self.stdout.write(sentence)
        if not found.sound:
            sys.exit(1)
