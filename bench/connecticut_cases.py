"""The deaths of the Connecticut file as closed cases of a register: imported and reviewed by the commands for it.

The file is open data of a US state and no part of the project; ``REGISTER_REFERENCE_DIR`` says where it stands.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from register.audit import acting_as
from register.casework import review_bulk
from register.casework.importing import importer, mapping
from register.casework.importing.reader import DataRow, read_rows
from register.models import Case, User

FILE = "connecticut_drug_deaths_2012_2019.csv"
REFERENCE = Path(os.environ.get("REGISTER_REFERENCE_DIR", Path(__file__).resolve().parents[2] / "shared" / "reference"))
BENCH = "system:bench"
IMPORTER, REVIEWER, MAKER = "bench.import", "bench.review", "bench.release"


@dataclass(frozen=True, slots=True)
class Filled:
    """How many rows became cases and how many of these were closed, and the seconds that each took."""

    rows: int
    imported: int
    closed: int
    refused: int
    importing: float
    reviewing: float


def person(username: str, role: str = "register_staff") -> User:
    """A member of the register's staff, made when there is none of this name."""
    with acting_as(BENCH):
        return User.objects.get_or_create(username=username, defaults={"role": role})[0]


def fill() -> Filled:
    """Import and review what is not there yet."""
    plan = mapping.load("connecticut")
    started = time.perf_counter()
    batches = list(importer.import_file(REFERENCE / FILE, plan, by=person(IMPORTER)))
    imported = time.perf_counter()
    reviewer = person(REVIEWER)
    keys = review_bulk.waiting(plan, by=reviewer)
    reviewed = list(review_bulk.review_cases(keys, plan, by=reviewer))
    return Filled(
        rows=sum(batch.rows for batch in batches),
        imported=sum(batch.imported for batch in batches),
        closed=sum(batch.closed for batch in reviewed),
        refused=sum(len(batch.refused) for batch in reviewed),
        importing=imported - started,
        reviewing=time.perf_counter() - imported,
    )


def rows() -> list[DataRow]:
    """The rows of the file with the key under which the register knows each."""
    return list(read_rows(REFERENCE / FILE, mapping.load("connecticut")))


def by_key() -> dict[str, Case]:
    """The cases of the file by that key."""
    cases = Case.objects.filter(import_key__startswith="connecticut:").select_related("assessment_section")
    return {case.import_key or "": case for case in cases}
