"""``manage.py load_population``: keep a new version of the population figures, from a file or made up for a demo."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from register.reporting import demo_population, population_file, populations
from register.reporting.errors import InvalidError, RefusedError


class Command(BaseCommand):
    help = "Keep a new version of the population figures: year, sex, age_band, area, persons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the figures as CSV")
        parser.add_argument(
            "--by", required=True, metavar="USER", help="the member of the register's staff who keeps it"
        )
        parser.add_argument("--code", default="", help="name of the version, such as cbs-2026")
        parser.add_argument("--source", default="", help="where the figures come from, as it is published")
        parser.add_argument("--published-on", type=date.fromisoformat, metavar="DAY", help="the day of the source")
        parser.add_argument("--reason", default="Loaded from the command line.")
        parser.add_argument("--demo", action="store_true", help="made-up figures, only where DEMO=1")

    def handle(self, *args: Any, **options: Any) -> None:
        person = get_user_model().objects.filter(username=options["by"]).first()
        if person is None:
            raise CommandError(f"There is no user {options['by']!r}.")
        try:
            version = populations.keep(**self._wanted(options), by=person, now=timezone.now())
        except InvalidError as error:
            raise CommandError(str(error)) from None
        except RefusedError as error:
            raise CommandError(error.en) from None
        self.stdout.write(f"{version.code}: {version.counts.count()} numbers.")

    def _wanted(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["demo"]:
            if not settings.DEMO:
                raise CommandError("This is no demonstration: set DEMO=1 where made-up figures may be kept.")
            return {
                "code": demo_population.CODE,
                "source": demo_population.SOURCE,
                "published_on": timezone.localdate(),
                "text": population_file.write(demo_population.rows(populations.regions())),
                "reason": "Verzonnen cijfers voor de demonstratie.",
                "demo": True,
            }
        if options["file"] is None:
            raise CommandError("Name the file with the figures, or use --demo.")
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"{options['file']} cannot be read as UTF-8 text.") from None
        named = {name: options[name] for name in ("code", "source", "published_on", "reason")}
        return {**named, "text": text}
