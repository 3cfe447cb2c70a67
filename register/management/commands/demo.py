"""``manage.py demo``: fill an empty register with made-up cases, and say who may sign in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from register.casework.demo import filling, personas
from register.casework.demo.plan import DECIDED_PER_YEAR

RELEASED_BY, APPROVED_BY = filling.REVIEWERS


class Command(BaseCommand):
    help = "Fill an empty register with made-up people and cases, or print the logins of the made-up people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the register holds cases")
        parser.add_argument("--logins", action="store_true", help="print who may sign in, with the password")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demonstration: set DEMO=1 where made-up cases may be kept.")
        if options["logins"]:
            self._logins()
        elif filling.is_empty():
            self._fill()
        elif not options["if_empty"]:
            raise CommandError("The register holds cases already: reset_demo empties a demonstration first.")

    def _fill(self) -> None:
        strangers = personas.strangers()
        if strangers:
            raise CommandError(
                f"The register has {strangers} real user(s); a demonstration needs a database of its own."
            )
        today = timezone.localdate()
        with transaction.atomic():
            filled = filling.fill(today)
        if "load_population" in get_commands():
            call_command("load_population", by=RELEASED_BY, demo=True, stdout=self.stdout)
        if "make_release" in get_commands():
            years = [today.year - years_ago for years_ago, _ in DECIDED_PER_YEAR]
            call_command(
                "make_release",
                min(years),
                max(years),
                by=RELEASED_BY,
                approve_by=APPROVED_BY,
                title="Drugsgerelateerde sterfte (voorbeeld)",
                submit="Voorbeeldpublicatie met verzonnen zaken.",
                stdout=self.stdout,
            )
        self.stdout.write(f"Demonstration: {filled.cases} made-up cases.")

    def _logins(self) -> None:
        self.stdout.write(f"Demo logins (password of each: {personas.password()})")
        for persona in personas.PERSONAS:
            region = f", {persona.region}" if persona.region else ""
            self.stdout.write(f"  {persona.username:<18} {persona.role.nl} / {persona.role.en}{region}")
