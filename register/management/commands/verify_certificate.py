"""Check the certificate of a protected table from the files alone, without a solver and without a database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from register.reporting.single_tables import promise_of, verify_files, waivers_of


class Command(BaseCommand):
    """Exit 0 only when the certificate proves that no small count can be computed."""

    help = "Check that a certificate proves the protection of a table."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder of the instance and the two files that protect_table wrote."""
        parser.add_argument("folder", type=Path, metavar="INSTANCE_DIR")
        parser.add_argument("protected", type=Path)
        parser.add_argument("certificate", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and say what is wrong, or what is proven and which small counts are shown by waiver."""
        if reasons := verify_files(options["folder"], options["protected"], options["certificate"]):
            raise CommandError("\n".join(reasons), returncode=1)
        self.stdout.write("The certificate proves the protection.")
        self.stdout.write(promise_of(options["certificate"]))
        waived = waivers_of(options["certificate"])
        self.stdout.write(f"Small counts published by waiver: {len(waived)}.")
        for line in waived:
            self.stdout.write(f"  {line}")
