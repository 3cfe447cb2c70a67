"""``manage.py review_cases --by REVIEWER``: review and close imported cases in bulk, every guard respected."""

import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from register.casework import review_bulk
from register.casework.errors import CaseworkError
from register.casework.importing import mapping
from register.casework.review_bulk import NotReviewed, Reviewed

REFUSED_HEADER = ("case_number", "reason", "reason_nl")
SHOWN = 10


class Command(BaseCommand):
    help = (
        "Take, conclude, code and close the submitted cases of an import. What the source's conclusion means stands in "
        "the mapping. A case that a guard refuses stays as it was and is listed; the exit status is 0."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, metavar="USER", help="the reviewer; never the reporter of the cases")
        parser.add_argument("--mapping", default="connecticut", help=f"one of: {', '.join(mapping.names())}")
        parser.add_argument("--year", type=int, help="only deaths of this year")
        parser.add_argument("--limit", type=int, help="at most this many cases")
        parser.add_argument("--refused", type=Path, metavar="PATH", help="a CSV file to list the refused cases in")
        parser.add_argument("--dry-run", action="store_true", help="decide everything, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        by = get_user_model().objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"There is no user '{options['by']}'.")
        try:
            plan = mapping.load(options["mapping"])
            keys = review_bulk.waiting(plan, by=by, year=options["year"], limit=options["limit"])
            batches = list(_shown(review_bulk.review_cases(keys, plan, by=by, dry_run=options["dry_run"]), len(keys)))
        except (mapping.MappingError, CaseworkError) as fault:
            raise CommandError(str(fault)) from None
        refused = [each for batch in batches for each in batch.refused]
        closed, excluded = sum(batch.closed for batch in batches), sum(batch.excluded for batch in batches)
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{len(keys)} cases: {closed} {would}closed, {excluded} {would}excluded, {len(refused)} refused."
        )
        self._list(options["refused"], refused)

    def _list(self, path: Path | None, refused: Sequence[NotReviewed]) -> None:
        lines = [(each.case_number, *reason) for each in refused for reason in each.reasons]
        if path is not None:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([REFUSED_HEADER, *lines])
            return
        for number, reason, _ in lines[:SHOWN]:
            self.stdout.write(f"{number}: {reason}")
        if len(lines) > SHOWN:
            self.stdout.write(f"... and {len(lines) - SHOWN} more; --refused PATH lists them all.")


def _shown(batches: Iterable[Reviewed], total: int) -> Iterator[Reviewed]:
    """The batches, with a progress bar on a terminal."""
    with tqdm(total=total, unit="case", disable=not sys.stderr.isatty()) as bar:
        for batch in batches:
            bar.update(batch.cases)
            yield batch
