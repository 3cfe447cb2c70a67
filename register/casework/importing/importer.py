"""Importing a file: batches of rows become submitted cases, each batch whole or not at all, each row once.

A row that cannot become a case is rejected with its reasons and the rest goes on. A run that was stopped is continued
by running it again: rows whose case is stored are passed over.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import DatabaseError
from django.utils import timezone

from register.access import may
from register.audit import Event, acting_as, log_access
from register.casework import reference
from register.casework.dossier import Dossier, store
from register.casework.errors import refuse_unless
from register.casework.importing.plans import ImportMapping
from register.casework.importing.reader import DataRow, check_file, read_rows
from register.casework.importing.rows import Fault, RejectedError, Workshop
from register.casework.numbers import next_case_numbers
from register.coding.recognition import recogniser_for
from register.models import Case, User
from register.workflow.verbs import Verb

BATCH = 200
NOT_STORED = Fault(
    "", "De databank weigerde deze zaak; controleer de rij.", "The database refused this case; check the row."
)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that did not become a case, with everything that is wrong with it."""

    row: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of some rows: how many became cases, how many were known already, and which were rejected."""

    rows: int
    imported: int
    known: int
    rejected: tuple[Rejected, ...]


def count_rows(path: Path, mapping: ImportMapping, *, by: User) -> int:
    """Check the whole file and count its rows. Raises RefusedError and FileFaultError."""
    refuse_unless(may(by, Verb.IMPORT_CASES))
    return check_file(path, mapping)


def import_file(path: Path, mapping: ImportMapping, *, by: User, dry_run: bool = False) -> Iterator[Batch]:
    """Import the rows of a file that ``count_rows`` found good, one batch at a time.

    With ``dry_run`` everything is checked and nothing is stored.
    """
    if not dry_run:
        with acting_as(by):
            log_access(Event.IMPORT_RUN, object_type="import")
    rows = read_rows(path, mapping)
    while batch := list(islice(rows, BATCH)):
        yield _import(batch, mapping, by, dry_run=dry_run)


def _import(rows: Sequence[DataRow], mapping: ImportMapping, by: User, *, dry_run: bool) -> Batch:
    with acting_as(by, doing=Verb.IMPORT_CASES, reason=f"import {mapping.name}"):
        return _import_batch(rows, mapping, by, dry_run=dry_run)


def _import_batch(rows: Sequence[DataRow], mapping: ImportMapping, by: User, *, dry_run: bool) -> Batch:
    known = set(Case.objects.filter(import_key__in=[row.key for row in rows]).values_list("import_key", flat=True))
    fresh = [row for row in rows if row.key not in known]
    vocabularies = reference.current()
    workshop = Workshop(mapping, by, timezone.now(), vocabularies, recogniser_for(vocabularies.catalogue))
    made: list[tuple[DataRow, Dossier]] = []
    rejected: list[Rejected] = []
    for row in fresh:
        try:
            made.append((row, _made(row, workshop)))
        except RejectedError as refused:
            rejected.append(Rejected(row.number, refused.faults))
    if not dry_run:
        unstored = _store(made, by)
        rejected = sorted((*rejected, *unstored), key=lambda each: each.row)
    return Batch(len(rows), len(fresh) - len(rejected), len(known), tuple(rejected))


def _made(row: DataRow, workshop: Workshop) -> Dossier:
    if row.columns is None:
        raise RejectedError(
            [
                Fault(
                    "",
                    f"Deze rij heeft {row.fields} velden; dat klopt niet met de kop.",
                    f"This row has {row.fields} fields, which is not what the header has.",
                )
            ]
        )
    return workshop.case_of(row.columns, row.key)


def _store(made: Sequence[tuple[DataRow, Dossier]], by: User) -> list[Rejected]:
    """Store the batch; when the database refuses it, store its cases one by one and say which one it was."""
    try:
        _store_together([dossier for _, dossier in made], by)
    except DatabaseError:
        return [Rejected(row.number, (NOT_STORED,)) for row, dossier in made if not _stored(dossier, by)]
    return []


def _stored(dossier: Dossier, by: User) -> bool:
    for row in dossier.fresh:
        row._state.adding = True
    try:
        _store_together([dossier], by)
    except DatabaseError:
        return False
    return True


def _store_together(dossiers: Sequence[Dossier], by: User) -> None:
    if not dossiers:
        return
    with acting_as(by):  # a transaction of its own: what the database refuses takes nothing else with it
        numbers = next_case_numbers(timezone.localdate().year, len(dossiers))
        for dossier, number in zip(dossiers, numbers, strict=True):
            dossier.case.case_number = number
        store(dossiers)
        keys = [dossier.case.pk for dossier in dossiers]
        log_access(Event.CASE_CREATE, objects=keys)
        log_access(Event.CASE_SUBMIT, objects=keys)


def rejects_lines(rejected: Iterable[Rejected]) -> Iterator[tuple[int, str, str, str]]:
    """The lines of the rejects file: row, field, and the sentence in English and Dutch."""
    for each in rejected:
        for fault in each.faults:
            yield each.row, fault.field, fault.en, fault.nl
