"""The questions of the privacy officer on five million access events, beside the same questions without their indexes.

Run by ``make bench ARGS=access_log``. The owner fills the log with ``generate_series`` and then puts its indexes back;
the questions go over the viewer's connection, by the functions behind the pages. Goal: "what did user X see between t1
and t2" in at most 2 s.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.db import connections  # noqa: E402

from register.audit import daily, reading  # noqa: E402
from register.audit.outliers import reports  # noqa: E402
from register.audit.reading import Which  # noqa: E402
from register.workflow.roles import Role  # noqa: E402

EVENTS, PEOPLE, CASES, YEARS, ROUNDS, PAGE = int(os.environ.get("EVENTS", "5000000")), 300, 50_000, 5, 5, 51
END = datetime(2026, 11, 1, tzinfo=UTC)
START = END - timedelta(days=365 * YEARS)
# One event in twenty is a list of 25 cases, one in fifty a refusal; people differ in how much they do.
FILL = """
INSERT INTO audit.access_event (at, epoch, code, action, outcome, detail, actor, role, regions, origin, login, agent,
  purpose, object_type, objects, row_count, filters, policy, source, trace)
SELECT %(start)s::timestamptz + (%(end)s::timestamptz - %(start)s::timestamptz) * (n::float / %(events)s), 1,
  CASE WHEN n %% 20 = 0 THEN 'case.list' WHEN n %% 50 = 1 THEN 'authz.denied' ELSE 'case.read' END, 'R',
  CASE WHEN n %% 50 = 1 THEN 'denied' ELSE 'ok' END, '',
  '00000001-0000-4000-8000-' || lpad(floor(%(people)s * pow(random(), 2))::text, 12, '0'),
  (ARRAY['physician', 'physician', 'coordinator', 'register_staff'])[1 + n %% 4], '{GG3406}', '192.0.2.1',
  'd41d8cd98f00b204e9800998ecf8427e', 'd41d8cd98f00b204e9800998ecf8427e', 'lijkschouw', 'case',
  CASE WHEN n %% 20 = 0
    THEN ARRAY(SELECT
      ('00000002-0000-4000-8000-' || lpad(((n * 7 + k * 131) %% %(cases)s)::text, 12, '0'))::uuid
      FROM generate_series(1, 25) k)
    ELSE ARRAY[('00000002-0000-4000-8000-' || lpad(((n::bigint * 7919) %% %(cases)s)::text, 12, '0'))::uuid] END,
  1, '{}', 'read_case', 'bench', gen_random_uuid()
FROM generate_series(%(first)s::int, %(last)s::int) n
"""
BATCH = 500_000


def main() -> None:
    """Fill the log and print one line for each question."""
    started = time.perf_counter()
    _fill()
    print(f"{EVENTS:,} access events written in {time.perf_counter() - started:.0f} s")
    busy, last = _key(1, 0), END - timedelta(days=400)
    month = {"since": last, "until": last + timedelta(days=30)}
    case = UUID(_key(2, 4711))
    roles = [role.value for role in Role]
    print(f"{'question':52} {'ms':>8} {'without index':>14} {'ratio':>6}  answer")
    _ask("what did user X see, a month: one page", lambda: reading.looks(Which(actor=busy, **month), limit=PAGE))
    _ask("what did user X see, a month: cases (breach_report)", lambda: reading.touched_by(busy, **month))
    _ask("what did user X see, a month: how many cases", lambda: range(reading.count_touched(busy, **month)))
    _ask("what did user X see, five years: cases", lambda: reading.touched_by(busy, since=START, until=END))
    _ask("what did user X see, five years: one page", lambda: reading.looks(Which(actor=busy), limit=PAGE))
    _ask("who saw this case, ever", lambda: reading.looks(Which(case=case), limit=20_000))
    _ask("the log, a week, refusals only", lambda: reading.looks(_week(outcome="denied"), limit=PAGE))
    _ask("the log, a week, an event that never happens", lambda: reading.looks(_week(code="log.read"), limit=PAGE))
    _ask("counts for the reports, 30 days", lambda: daily.days(since=END - timedelta(days=30), until=END, roles=roles))
    _ask("the reports, 30 days", lambda: reports(daily.days(since=END - timedelta(days=30), until=END, roles=roles)))
    _ask("state of the trail", lambda: [reading.trail()])


def _week(**chosen: str) -> Which:
    return Which(since=END - timedelta(days=7), until=END, **chosen)  # type: ignore[arg-type]


def _key(kind: int, number: int) -> str:
    return f"0000000{kind}-0000-4000-8000-{number:012}"


def _fill() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET ROLE register_trail; SET maintenance_work_mem = '256MB'")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'audit' AND tablename = 'access_event'"
            " AND indexname NOT LIKE '%pkey'"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX audit.{name}")
        for first in range(1, EVENTS + 1, BATCH):
            span = {"first": first, "last": min(first + BATCH - 1, EVENTS)}
            shape = {"start": START, "end": END, "events": EVENTS, "people": PEOPLE, "cases": CASES}
            cursor.execute(FILL, {**span, **shape})
            print(f"  {span['last']:,}", file=sys.stderr, flush=True)
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE audit.access_event")


def _ask(words: str, question: Callable[[], Any]) -> None:
    answer = question()
    with_index = _median(question, ROUNDS)
    with connections[reading.VIEWER].cursor() as cursor:
        cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off")
        without = _median(question, 1)
        cursor.execute("RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan")
    print(f"{words:52} {with_index:>8.1f} {without:>14.0f} {without / with_index:>6.0f}  {len(answer):,}", flush=True)


def _median(work: Callable[[], Any], rounds: int) -> float:
    """Milliseconds, the middle of several rounds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
