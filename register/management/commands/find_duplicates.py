"""``manage.py find_duplicates``: compare every case with all that are near, after an import or other weights."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from register.casework.duplicates import finding


class Command(BaseCommand):
    help = "Look for cases that may be the same death. What a person decided about a pair stays decided."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--later", action="store_true", help="leave it to the worker, year by year")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["later"]:
            self.stdout.write(f"{finding.ask_for_all(now=timezone.now())} parts wait for the worker.")
            return
        found = finding.look_at_all()
        self.stdout.write(
            f"{found.compared} pairs compared: {found.new} new, {found.open} wait for a decision,"
            f" {found.gone} are alike no more."
        )
