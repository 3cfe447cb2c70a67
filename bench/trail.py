"""What the trail costs: a case save beside the same save in plain Django, and a million changes verified.

Run by ``make bench ARGS=trail``. Both saves read and write the same two rows in one transaction, in rounds that take
turns; the plain one on copies of the tables without triggers, with models of Django alone.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.db import connection, connections, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from register import audit  # noqa: E402
from register.audit import Event, acting_as, log_access  # noqa: E402
from register.casework import intake  # noqa: E402
from register.models import Case, Decedent, User  # noqa: E402
from register.workflow.verbs import Verb  # noqa: E402

SAVES = 300
ROUNDS = 5
EVENTS = 1_000_000


def main() -> None:
    """Print the figures of both."""
    with acting_as("system:bench"):
        physician = User.objects.create_user("bench", role="physician", region_id="GG3406")
    saving(physician)
    verifying()


def saving(physician: User) -> None:
    """The same two rows, the section and its case, in one transaction: with everything around them and with nothing."""
    case = intake.open_case(by=physician)
    plain_case, plain_decedent = _copies()
    chance = random.Random(1)

    def with_everything() -> None:
        with acting_as(physician, doing=Verb.EDIT_CASE):
            row = Decedent.objects.get(case_id=case.pk)
            row.age_years = chance.randrange(120)
            row.save()
            parent = Case.objects.get(pk=case.pk)
            parent.last_touched = str(chance.random())
            parent.save()
            log_access(Event.CASE_UPDATE, objects=[case.pk])

    def with_nothing() -> None:
        with transaction.atomic():
            row = plain_decedent.objects.get(case_id=case.pk)
            row.age_years = chance.randrange(120)
            row.save()
            parent = plain_case.objects.get(pk=case.pk)
            parent.last_touched = str(chance.random())
            parent.save()

    figures = _interleaved({"everything": with_everything, "plain Django": with_nothing})
    everything, plain = figures["everything"], figures["plain Django"]
    print("A save of a section and its case, in one transaction (median of rounds):")
    print(f"  plain Django, tables without triggers: {plain * 1000:6.2f} ms")
    print(f"  history, trail, isolation, access log: {everything * 1000:6.2f} ms   {everything / plain:.2f} times")
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TABLE plain_register_case, plain_register_decedent")


def _copies() -> tuple[type[models.Model], type[models.Model]]:
    """Models of Django alone on tables that are copies: the same columns, constraints and indexes, and no trigger."""
    for table in ("register_case", "register_decedent"):
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"CREATE TABLE plain_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(f"INSERT INTO plain_{table} SELECT * FROM {table}")
            cursor.execute(f"GRANT SELECT, UPDATE ON plain_{table} TO register_app")
    return _copy_of(Case), _copy_of(Decedent)


def _copy_of(tracked: type[models.Model]) -> type[models.Model]:
    fields: dict[str, models.Field] = {}
    for field in tracked._meta.concrete_fields:
        if not field.is_relation:
            fields[field.attname] = field.clone()
        elif isinstance(field.target_field, models.UUIDField):
            fields[field.attname] = models.UUIDField(null=field.null, db_column=field.column)
        else:
            fields[field.attname] = models.CharField(max_length=40, null=field.null, db_column=field.column)
    meta = type("Meta", (), {"managed": False, "db_table": f"plain_{tracked._meta.db_table}", "app_label": "register"})
    return type(f"Plain{tracked.__name__}", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def _interleaved(works: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Seconds of one call of each: rounds of one after rounds of the other, so that a busy machine hits both."""
    rounds: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            begin = time.perf_counter()
            for _ in range(SAVES):
                work()
            rounds[name].append((time.perf_counter() - begin) / SAVES)
    return {name: median(seconds) for name, seconds in rounds.items()}


def verifying() -> None:
    """A million changes of two tables, sealed, then verified whole."""
    folder = Path(tempfile.mkdtemp(prefix="register-bench-"))
    signing, trusted, anchored = folder / "signing.pem", folder / "trusted.pem", folder / "anchor.txt"
    audit.make_keys(signing, trusted)
    _fill()
    begin = time.perf_counter()
    audit.seal(now=timezone.now(), signing=signing, anchored=anchored)
    sealed = time.perf_counter() - begin
    begin = time.perf_counter()
    report = audit.verify(now=timezone.now(), trusted=trusted, anchored=anchored)
    seconds = time.perf_counter() - begin
    assert report.whole, report.findings[:3]
    print(f"{report.changes:,} changes and {report.accesses:,} looks:")
    print(f"  sealed in one batch: {sealed:6.1f} s")
    print(f"  verified whole:      {seconds:6.1f} s   ({report.changes / seconds:,.0f} changes a second)")


def _fill() -> None:
    """Documents of one case, each changed nine times, told by the triggers of the register themselves."""
    with acting_as("system:bench", doing=Verb.REVIEW_CASE), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_sourcedocument (id, row_version, case_id, kind, state)"
            " SELECT gen_random_uuid(), 1, %s, 'toxicology', 'requested' FROM generate_series(1, %s)",
            [Case.objects.values_list("pk", flat=True)[0], EVENTS // 10],
        )
    for state in ("reminded", "received", "abstracted") * 3:
        with acting_as("system:bench", doing=Verb.REVIEW_CASE), connection.cursor() as cursor:
            cursor.execute("UPDATE register_sourcedocument SET state = %s", [state])


if __name__ == "__main__":
    main()
