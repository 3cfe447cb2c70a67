"""The quality board over 50,000 cases: the slowest of twenty beside a bare count by region.

Run by ``make bench ARGS=quality_board``; ``CASES=2000`` before it tries it small. Row-level security is on. The cases
are those of the bench of the worklists, in one region; every fifth has an answer that is not known.
"""

import statistics

from bench import worklist  # sets Django up
from bench.worklist import CASES, MOST_QUERIES, ROUNDS

# isort: split
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from register.audit import acting_as
from register.models import Case, Decedent
from tests.signing_in import sign_in

MOST_MILLISECONDS = 1_000


def main() -> None:
    """Fill the register, then ask for the board and for the cases behind one figure."""
    physician, reviewer = worklist.people()
    worklist.fill(physician, reviewer)
    with acting_as(physician):
        for start in range(0, CASES, worklist.BATCH):
            keys = list(Case.objects.order_by("pk").values_list("pk", flat=True)[start : start + worklist.BATCH])
            Decedent.objects.create_many(
                [
                    Decedent(case_id=key, household_missing=None if place % 5 else "UNK")
                    for place, key in enumerate(keys)
                ]
            )
    client = Client()
    sign_in(client, reviewer)
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _line("board", client, reverse("register_data:quality"))
        _line("behind", client, f"{reverse('register_data:behind')}?wat=Decedent.household&reden=UNK")
    bare = [worklist.timed(_bare) for _ in range(ROUNDS)]
    print(f"a bare count by region: {statistics.median(bare):.1f} ms")


def _line(name: str, client: Client, address: str) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    asked = [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]
    rounds = [worklist.timed(lambda: client.get(address)) for _ in range(ROUNDS)]
    p95 = statistics.quantiles(rounds, n=20)[-1]
    late = "" if p95 <= MOST_MILLISECONDS and len(asked) <= MOST_QUERIES else "  MORE THAN ALLOWED"
    print(f"{name}: {len(asked)} queries, median {statistics.median(rounds):.0f} ms, p95 {p95:.0f} ms{late}")


def _bare() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT region_id, count(*) FROM register_case GROUP BY region_id")
        cursor.fetchall()


if __name__ == "__main__":
    main()
