"""The second page of every worklist and the review page with 50,000 cases: queries, and the slowest of twenty.

Run by ``make bench ARGS=worklist``; ``CASES=2000`` before it tries it small. Forced row-level security is on, as it
always is. The cases are written by the bulk path that keeps the history; those that are reviewed come through casework.
Each line says what a page cost the processors, of this process and of the database; the farthest page of the longest
lists is asked for too. A bare SELECT of the rows of a list stands beside them.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench import processor  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.casework import review, saved_lists  # noqa: E402
from register.models import Case, Death, ForensicService, SuspectedSubstance, User  # noqa: E402
from register.web.register_desk.worklists import BY_SLUG, FARTHEST, of  # noqa: E402
from tests import factories  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

CASES, BATCH, ROUNDS, REVIEWED = int(os.environ.get("CASES", "50000")), 2_000, 40, 40
MOST_MILLISECONDS, MOST_QUERIES = 300, 20
# Lists that are longer than a page can go.
FAR = ("mijn-zaken", "gesloten")
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
    saved_lists.keep(name="Own", base="nieuw", substance="heroin", region="GG3406", owner=reviewer)
    client = Client()
    sign_in(client, reviewer)
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _measure(client, reviewer)


def _measure(client: Client, reviewer: User) -> None:
    with acting_as(reviewer):
        bare = _rounds(_bare)
    print(f"a bare SELECT of 25 rows: {statistics.median(bare):.2f} ms")
    print(
        f"{'page':28} {'queries':>7} {'median ms':>10} {'p95 ms':>8} {'own cpu':>8} {'database':>9}"
        f"  at most {MOST_QUERIES} and {MOST_MILLISECONDS}"
    )
    lists = [(one.slug, f"{one.url}?blad=2") for one in of(saved_lists.of(reviewer))]
    reviews = [reverse("register_desk:review", args=[key]) for key in came_back(reviewer)]
    for name, address in lists:
        _line(name, client, [address] * ROUNDS)
    for name in FAR:
        _line(f"{name}, far", client, [f"{BY_SLUG[name].url}?blad={FARTHEST}"] * ROUNDS)
    _line("review, only changes", client, [f"{address}?lijst=gewijzigd" for address in reviews])
    _line("review, everything", client, [f"{address}?lijst=gewijzigd&toon=alles" for address in reviews])


def _line(name: str, client: Client, addresses: list[str]) -> None:
    client.get(addresses[0])
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[0])
    asked = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
    before = processor.used()
    rounds = [timed(lambda address=address: client.get(address)) for address in addresses]  # type: ignore[misc]
    own, database = (1000 * seconds / len(rounds) for seconds in processor.since(before))
    p95 = statistics.quantiles(rounds, n=20)[-1]
    late = "" if p95 <= MOST_MILLISECONDS and len(asked) <= MOST_QUERIES else "  MORE THAN ALLOWED"
    print(
        f"{name:28} {len(asked):>7} {statistics.median(rounds):>10.1f} {p95:>8.1f} {own:>8.1f} {database:>9.1f}{late}",
        flush=True,
    )


def came_back(reviewer: User) -> list[UUID]:
    """Cases that were reviewed and of which the region then changed an answer and entered a result."""
    with acting_as("system:bench"):
        physician = factories.physician()
    keys = []
    for _ in range(REVIEWED):
        case = factories.in_review(physician, reviewer)
        case = review.mark_reviewed(case_id=case.pk, seen_version=case.row_version, by=reviewer)
        with acting_as(physician):
            factories.with_result(case, physician)
        keys.append(case.pk)
    return keys


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

    analyse()


def analyse() -> None:
    """Let the database count what it holds, as it does by itself some minutes after so many rows came."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _case(number: int, state: str, physician: User, reviewer: User, service: ForensicService) -> Case:
    decided = state == "closed"
    return Case(
        case_number=f"9999-{number:06}",
        region_id="GG3406",
        forensic_service=service,
        reporter=physician,
        assigned_to=reviewer if number % 3 == 0 else None,
        status=state,
        state_since=f"{FIRST_DAY + timedelta(days=number % 5000)}T08:00Z",
        unreviewed_since=f"{FIRST_DAY + timedelta(days=number % 3000)}T08:00Z" if number % 50 == 0 else None,
        closable_since=f"{FIRST_DAY + timedelta(days=number % 3000)}T08:00Z" if state == "in_review" else None,
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


def _rounds(work: Callable[[], Any]) -> list[float]:
    return [timed(work) for _ in range(ROUNDS)]


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds of one round."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
