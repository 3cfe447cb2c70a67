"""The second page of every worklist with 50,000 cases: queries, and time beside a bare SELECT of the same rows.

Run by ``make bench ARGS=worklist``. The cases are written by the bulk path that keeps the history.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from register.audit import acting_as  # noqa: E402
from register.models import Case, Death, ForensicService, SuspectedSubstance, User  # noqa: E402
from register.web.register_desk.worklists import WORKLISTS  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

CASES, BATCH, ROUNDS = 50_000, 2_000, 15
FIRST_DAY = date(2012, 1, 1)
# Most cases of a register are finished; the rest lie on every desk.
SHARES = (
    ("closed", 0.80),
    ("submitted", 0.06),
    ("in_review", 0.04),
    ("query_open", 0.03),
    ("query_answered", 0.02),
    ("awaiting_tox", 0.04),
    ("reopened", 0.005),
    ("panel", 0.005),
)


def main() -> None:
    """Fill the register and print one line for each list."""
    physician, reviewer = people()
    started = time.perf_counter()
    fill(physician, reviewer)
    print(f"{CASES:,} cases with history written in {time.perf_counter() - started:.0f} s")
    client = Client()
    sign_in(client, reviewer)
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _measure(client)


def _measure(client: Client) -> None:
    print(f"{'list':24} {'queries':>7} {'page ms':>8} {'bare SELECT ms':>15} {'ratio':>6}")
    for worklist in WORKLISTS:
        url = reverse("register_desk:worklist", args=[worklist.slug])
        client.get(url, {"blad": "2"})
        with CaptureQueriesContext(connection) as queries:
            client.get(url, {"blad": "2"})
        asked = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
        page = _median(lambda url=url: client.get(url, {"blad": "2"}))  # type: ignore[misc]
        bare = _median(_bare)
        print(f"{worklist.slug:24} {len(asked):>7} {page:>8.1f} {bare:>15.2f} {page / bare:>6.0f}")


def people() -> tuple[User, User]:
    """One who hands in and one who reviews."""
    with acting_as("system:bench"):
        return (
            User.objects.create_user("bench.arts", role="physician", region_id="GG3406"),
            User.objects.create_user("bench.register", role="register_staff"),
        )


def fill(physician: User, reviewer: User) -> None:
    """Write the cases, with one death and one suspicion each."""
    service = ForensicService.objects.get(region_id="GG3406")
    states = [state for state, share in SHARES for _ in range(round(CASES * share))]
    for start in range(0, CASES, BATCH):
        with acting_as(physician):
            cases = [
                _case(number, states[number], physician, reviewer, service)
                for number in range(start, min(start + BATCH, CASES))
            ]
            Case.objects.create_many(cases)
            days = [FIRST_DAY + timedelta(days=(start + place) % 5000) for place in range(len(cases))]
            Death.objects.create_many(
                [
                    Death(case=case, date_of_death_from=day, date_of_death_to=day)
                    for case, day in zip(cases, days, strict=True)
                ]
            )
            SuspectedSubstance.objects.create_many(
                [SuspectedSubstance(case=case, substance_id="heroin", reported_as="bruin") for case in cases]
            )


def _case(number: int, state: str, physician: User, reviewer: User, service: ForensicService) -> Case:
    decided = state == "closed"
    return Case(
        case_number=f"9999-{number:06}",
        region_id="GG3406",
        forensic_service=service,
        reporter=physician,
        assigned_to=reviewer if number % 3 == 0 else None,
        status=state,
        submitted_at=f"{FIRST_DAY + timedelta(days=number % 5000)}T08:00Z",
        followup_due=FIRST_DAY + timedelta(days=number % 9000),
        locked_on=f"{FIRST_DAY + timedelta(days=number % 5000)}T12:00Z" if decided else None,
        decided_by=reviewer if decided else None,
    )


def _bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM register_case WHERE status = 'submitted' ORDER BY submitted_at, id LIMIT 25 OFFSET 25"
        )
        cursor.fetchall()


def _median(work: Callable[[], Any]) -> float:
    """Milliseconds, the middle of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        rounds.append((time.perf_counter() - started) * 1000)
    return statistics.median(rounds)


if __name__ == "__main__":
    main()
