"""How fast are real deaths imported and reviewed, beside plain saves of the same answers without history or checks?

``make bench ARGS=import_cases`` on fresh servers. The file is that of Connecticut (REGISTER_REFERENCE_DIR); without it
the made-up Dutch deaths of a fixed rule serve. Wall time and processor time are both printed, because the first says
little on a machine that does other work; nothing is asserted.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

ROWS = int(os.environ.get("BENCH_ROWS", "1200"))
REPOSITORY = Path(__file__).resolve().parent.parent
REFERENCE = Path(os.environ.get("REGISTER_REFERENCE_DIR", REPOSITORY.parent / "shared" / "reference"))


@contextmanager
def measured(what: str, cases: Callable[[], int]) -> Iterator[None]:
    """Print cases a second, by the clock and by the processor time of this process."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    yield
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    done = cases()
    print(f"{what:<44} {done:>6} cases {wall:>7.1f} s {done / wall:>7.0f}/s   processor {done / busy:>6.0f}/s")


def source(folder: Path) -> tuple[Path, str]:
    """A file of at most ROWS deaths, and its mapping."""
    from register.casework.importing import synthetic

    file = folder / "deaths.csv"
    real = REFERENCE / "connecticut_drug_deaths_2012_2019.csv"
    if real.exists():
        with real.open("rb") as lines:
            file.write_bytes(b"".join(islice(lines, ROWS + 1)))
        return file, "connecticut"
    year = synthetic.Margins(2017, ROWS, {"male": ROWS, "female": 0}, {(15, 64): ROWS})
    lines = [synthetic.HEADER, *synthetic.cases([year])]
    file.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    return file, "nl_margins"


def plain_saves(count: int) -> None:
    """The baseline: the same rows saved one by one by plain Django in one transaction; no history, rule or step."""
    from django.db.models import Model

    from register.audit import acting_as
    from register.models import Case, User

    by = User.objects.get(username="bench.importer")
    with acting_as(by):
        for number in range(count):
            for row in rows_of(Case, by, number):
                row.skip_history_when_saving = True
                Model.save(row, force_insert=True)


def rows_of(case_model: type, by: object, number: int) -> Iterator[Any]:
    """What an average death of the file becomes: a case, its sections, a request, and three rows of each kind."""
    from register.models import (
        SECTIONS,
        DefinitionResult,
        StatusChange,
        SubstanceFinding,
        SuspectedSubstance,
        ToxRequest,
        ToxResult,
    )

    case = case_model(
        case_number=f"B-{number:08}",
        region_id="GG3406",
        forensic_service_id="FD-GG3406",
        reporter=by,
        status="submitted",
    )
    yield case
    for section in SECTIONS:
        yield section(case=case)
    request = ToxRequest(case=case, status="final")
    yield request
    for code in ("heroin", "cocaine", "ethanol"):
        yield SuspectedSubstance(case=case, substance_id=code, reported_as=code, evidence=["tox_lab"])
        yield SubstanceFinding(case=case, substance_id=code, reported_as=code, role="joint_cause", evidence=["tox_lab"])
        yield ToxResult(case=case, request=request, substance_id=code, reported_as=code, outcome="detected")
    for definition in ("sel_b", "sel_d", "nl_broad"):
        yield DefinitionResult(case=case, definition=definition, outcome="yes", rule_id="B2", rule_version="1")
    yield StatusChange(case=case, name="submit", from_status="draft", to_status="submitted", role="x", version=1)


def main() -> None:
    """Import, import again, review, and the baseline, in this order on the same database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    from register.casework import review_bulk
    from register.casework.importing import importer, mapping
    from register.models import User

    importing, reviewing = (
        User.objects.get_or_create(username=name, defaults={"role": "register_staff", "password": uuid4().hex})[0]
        for name in ("bench.importer", "bench.reviewer")
    )
    with tempfile.TemporaryDirectory() as folder:
        file, name = source(Path(folder))
        plan = mapping.load(name)
        counts: dict[str, int] = {}
        with measured(f"import ({name}), history and all checks", lambda: counts["imported"]):
            rows = importer.count_rows(file, plan, by=importing)
            batches = list(importer.import_file(file, plan, by=importing))
            counts["imported"] = sum(batch.imported for batch in batches)
        with measured("the same file again (adds nothing)", lambda: rows):
            assert sum(batch.imported for batch in importer.import_file(file, plan, by=importing)) == 0
        with measured("bulk review to closed", lambda: counts["closed"]):
            keys = review_bulk.waiting(plan, by=reviewing)
            reviewed = list(review_bulk.review_cases(keys, plan, by=reviewing))
            counts["closed"] = sum(batch.closed + batch.excluded for batch in reviewed)
        with measured("baseline: plain saves, no history, no checks", lambda: rows):
            plain_saves(rows)


if __name__ == "__main__":
    sys.exit(main())
