"""``manage.py find_duplicates``: compare every case with all that are near, after an import or other weights."""

from typing import Any

from django.core.management.base import BaseCommand

from register.casework.duplicates import finding


class Command(BaseCommand):
    help = "Look for cases that may be the same death. What a person decided about a pair stays decided."

    def handle(self, *args: Any, **options: Any) -> None:
        found = finding.look_at_all()
        self.stdout.write(
            f"{found.compared} pairs compared: {found.new} new, {found.open} wait for a decision,"
            f" {found.gone} are alike no more."
        )
