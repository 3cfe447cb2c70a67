"""``manage.py import_cases FILE --mapping NAME --by USER``: import cases from a file; running it again adds nothing."""

import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from register.casework.errors import CaseworkError
from register.casework.importing import importer, mapping
from register.casework.importing.importer import Batch, Rejected
from register.casework.importing.reader import FileFaultError

REJECTS_HEADER = ("row", "field", "sentence", "sentence_nl")


class Command(BaseCommand):
    help = (
        "Import cases from FILE by a mapping. A row that cannot become a case is listed in the rejects file and the "
        "rest goes on (exit status 0); a file that is not what the mapping says is refused whole (exit status 1)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", required=True, help=f"one of: {', '.join(mapping.names())}")
        parser.add_argument("--by", required=True, metavar="USER", help="who imports; the reporter of the cases")
        parser.add_argument("--dry-run", action="store_true", help="check everything, store nothing")
        parser.add_argument("--rejects", type=Path, metavar="PATH", help="where to list what was rejected")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        by = get_user_model().objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"There is no user '{options['by']}'.")
        try:
            plan = mapping.load(options["mapping"])
            total = importer.count_rows(file, plan, by=by)
            batches = list(_shown(importer.import_file(file, plan, by=by, dry_run=options["dry_run"]), total))
        except (mapping.MappingError, FileFaultError, CaseworkError) as fault:
            raise CommandError(str(fault)) from None
        rejected = [each for batch in batches for each in batch.rejected]
        path = options["rejects"] or file.with_name(f"{file.name}.rejects.csv")
        self._list(path, rejected)
        self.stdout.write(_summary(batches, dry_run=options["dry_run"]))
        if rejected:
            self.stdout.write(f"Rejected rows: {path}")

    def _list(self, path: Path, rejected: Sequence[Rejected]) -> None:
        """Write the rejects file; without rejected rows only one of an earlier run is brought up to date."""
        if not rejected and not path.exists():
            return
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(REJECTS_HEADER)
                writer.writerows(importer.rejects_lines(rejected))
        except OSError as error:
            self.stderr.write(f"The rejects file {path} cannot be written: {error.strerror}.")
            for row, field, sentence, _ in importer.rejects_lines(rejected):
                self.stderr.write(f"row {row}, {field or 'whole row'}: {sentence}")


def _shown(batches: Iterable[Batch], total: int) -> Iterator[Batch]:
    """The batches, with a progress bar on a terminal."""
    with tqdm(total=total, unit="row", disable=not sys.stderr.isatty()) as bar:
        for batch in batches:
            bar.update(batch.rows)
            yield batch


def _summary(batches: Sequence[Batch], *, dry_run: bool) -> str:
    rows, imported, known = (sum(getattr(batch, name) for batch in batches) for name in ("rows", "imported", "known"))
    rejected = sum(len(batch.rejected) for batch in batches)
    done = "would be imported" if dry_run else "imported"
    return f"{rows} rows: {imported} {done}, {known} imported before, {rejected} rejected."
