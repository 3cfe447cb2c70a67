"""``manage.py reset_demo --yes``: empty a demonstration and fill it anew; refuses on any other database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from register.casework.demo import personas
from register.casework.demo.emptying import empty_register


class Command(BaseCommand):
    help = "Throw away everything in a demonstration register but its vocabularies, and fill it anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="really throw everything away")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demonstration: set DEMO=1 where made-up cases are kept.")
        strangers = personas.strangers()
        if strangers:
            raise CommandError(f"The register has {strangers} real user(s); it is left as it is.")
        if not options["yes"]:
            raise CommandError("This throws every case and release away: say --yes when that is meant.")
        empty_register()
        call_command("demo", stdout=self.stdout)
