"""``manage.py verify_trail``: is the trail whole? Exit 0 only when it is; else every place that is not."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from register.audit import AnchorError, KeysMissingError, verify


class Command(BaseCommand):
    help = (
        "Compute the trail anew and hold it against its seals, their signatures, the anchor outside the database and "
        "the rows themselves. The exit status is 0 only when everything is whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=Path, metavar="PATH", help="the anchor to hold it against")

    def handle(self, *args: Any, **options: Any) -> None:
        if "keeper" not in settings.DATABASES:
            raise CommandError("DATABASE_KEEPER_URL is not set: only the role register_keeper reads the whole trail.")
        try:
            report = verify(
                now=timezone.now(),
                trusted=settings.TRAIL_TRUSTED_KEYS,
                anchored=options["anchor"] or settings.TRAIL_ANCHOR,
                note=True,
            )
        except (AnchorError, KeysMissingError) as missing:
            raise CommandError(str(missing)) from None
        finally:
            connections["keeper"].close()
        self.stdout.write(f"{report.seals} seals, {report.changes} changes, {report.accesses} looks.")
        if not report.whole:
            raise CommandError("\n".join(["The trail is not whole:", *(one.sentence for one in report.findings)]))
        self.stdout.write("The trail is whole.")
