"""Load the shipped vocabularies; running it again is harmless."""

from typing import Any

from django.core.management.base import BaseCommand

from register.casework.vocabularies import load_vocabularies


class Command(BaseCommand):
    help = "Load substances, groups, ICD-10 codes, places and value sets from the files shipped with the register."

    def handle(self, *args: Any, **options: Any) -> None:
        for loaded in load_vocabularies():
            if options["verbosity"] > 0:
                self.stdout.write(f"{loaded.vocabulary}: {loaded.rows}")
