"""Reading the access log and the trail, for whoever oversees the register.

Everything here goes over the connection ``viewer``: a role that reads events without the content of changes, and of
cases nothing but their number. A process without that connection (a worker) cannot read the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from psycopg.pq import Format

from register.workflow.roles import EMERGENCY

VIEWER = "viewer"
COLUMNS = (
    "id, at, code, outcome, detail, actor, role, origin, purpose, object_type, objects, row_count, filters::text,"
    " policy, source, trace"
)
# The beginning of a statement. Two halves, each with its own index: the first needs no reading of the log itself
# (migration 0022).
CASES_OF_ACTOR = (
    "WITH e AS (SELECT code, at, objects FROM access_event WHERE actor = %s AND at >= %s AND at < %s"
    " AND object_type = 'case' AND cardinality(objects) <= 100"
    " UNION ALL SELECT code, at, objects FROM access_event WHERE actor = %s AND at >= %s AND at < %s"
    " AND object_type = 'case' AND cardinality(objects) > 100) "
)


@dataclass(frozen=True, slots=True)
class Look:
    """One event of the access log."""

    id: int
    at: datetime
    code: str
    outcome: str
    detail: str
    actor: str
    role: str
    origin: str
    purpose: str
    object_type: str
    objects: list[UUID]
    rows: int
    filters: str
    policy: str
    source: str
    trace: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which events; what is left empty does not limit. ``until`` is not included."""

    actor: str = ""
    case: UUID | None = None
    code: str = ""
    outcome: str = ""
    role: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> tuple[list[str], list[Any]]:
        pairs = (
            ("actor = %s", self.actor),
            ("objects @> ARRAY[%s]::uuid[]", self.case),
            ("code = %s", self.code),
            ("outcome = %s", self.outcome),
            ("role = %s", self.role),
            ("at >= %s", self.since),
            ("at < %s", self.until),
        )
        given = [(text, value) for text, value in pairs if value]
        return [text for text, _ in given], [value for _, value in given]


@dataclass(frozen=True, slots=True)
class Change:
    """What one request or task changed of a case: which kinds of rows, never what stands in them."""

    at: datetime
    actor: str
    role: str
    rows: list[str]


@dataclass(frozen=True, slots=True)
class Touched:
    """A case that somebody touched: its number (none when it is not a case any more), when, how often and how."""

    case_id: UUID
    number: str | None
    first: datetime
    last: datetime
    times: int
    codes: list[str]


@dataclass(frozen=True, slots=True)
class Trail:
    """The state of the log and the trail; None where nothing has happened yet."""

    looks: int
    changes: int
    sealed_at: datetime | None
    verified_at: datetime | None
    whole: bool | None
    findings: list[str]


def connected() -> bool:
    """Whether this process may read the log at all."""
    return VIEWER in settings.DATABASES


def looks(which: Which, *, before: int | None = None, limit: int) -> list[Look]:
    """The events, the newest first. ``before`` is the number of the last event of the page before."""
    conditions, values = which.conditions()
    if before is not None:
        conditions.append("(at, id) < (SELECT at, id FROM access_event WHERE id = %s)")
        values.append(before)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    # The texts of conditions stand above; what somebody chose is a parameter.
    sql = f"SELECT {COLUMNS} FROM access_event {where} ORDER BY at DESC, id DESC LIMIT %s"  # noqa: S608
    return [Look(*row) for row in _rows(sql, [*values, limit])]


def looks_under(grants: Sequence[tuple[UUID, UUID, str]]) -> dict[UUID, list[Look]]:
    """What was looked at or refused under each of these emergency accesses, in the order it happened.

    Each is given by its own key, that of its case, and its person as an actor.
    """
    columns = ", ".join(f"e.{name.strip()}" for name in COLUMNS.split(","))
    rows = _rows(
        f"SELECT g.key, {columns} FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) AS g(key, case_id, actor)"  # noqa: S608 - names
        " JOIN access_event e ON e.objects @> ARRAY[g.case_id] AND e.actor = g.actor AND e.purpose = %s"
        " AND e.filters->>'grant' = g.key::text ORDER BY e.at, e.id",
        [*(list(column) for column in zip(*grants, strict=True)), EMERGENCY] if grants else [[], [], [], EMERGENCY],
    )
    found: dict[UUID, list[Look]] = {}
    for key, *values in rows:
        found.setdefault(key, []).append(Look(*values))
    return found


def changes_of(case_id: UUID, *, limit: int) -> list[Change]:
    """Who changed a case, the newest first: one line for each request or task."""
    rows = _rows(
        "SELECT min(at), actor, role, array_agg(DISTINCT op::text || ' ' || tbl ORDER BY op::text || ' ' || tbl)"
        " FROM change_event WHERE case_id = %s GROUP BY trace, actor, role ORDER BY min(at) DESC LIMIT %s",
        [case_id, limit],
    )
    return [Change(*row) for row in rows]


def touched_by(actor: str, *, since: datetime, until: datetime) -> list[Touched]:
    """Every case in the events of ``actor`` in this period, by number: looked at, listed, changed or refused."""
    grouped = (
        "SELECT t.id, c.case_number, min(t.first), max(t.last), sum(t.times)::int, array_agg(t.code ORDER BY t.code)"
        " FROM (SELECT o.id, e.code, min(e.at) AS first, max(e.at) AS last, count(*) AS times"
        "   FROM e CROSS JOIN LATERAL unnest(e.objects) AS o(id) GROUP BY o.id, e.code) t"
        " LEFT JOIN public.register_case c ON c.id = t.id GROUP BY t.id, c.case_number ORDER BY c.case_number, t.id"
    )
    return [Touched(*row) for row in _rows(CASES_OF_ACTOR + grouped, [actor, since, until] * 2)]


def count_touched(actor: str, *, since: datetime, until: datetime) -> int:
    """How many cases ``touched_by`` would give."""
    counted = "SELECT count(*) FROM (SELECT DISTINCT unnest(objects) FROM e) AS touched"
    return int(_rows(CASES_OF_ACTOR + counted, [actor, since, until] * 2)[0][0])


def case_numbered(number: str) -> UUID | None:
    """The key of the case with this number."""
    rows = _rows("SELECT id FROM public.register_case WHERE case_number = %s", [number])
    return rows[0][0] if rows else None


def numbers_of(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The case numbers behind these keys."""
    rows = _rows("SELECT id, case_number FROM public.register_case WHERE id = ANY(%s)", [list(case_ids)])
    return dict(rows)


def trail() -> Trail:
    """How much is logged, up to when it is sealed, and what the last verification found."""
    (counted,) = _rows("SELECT (SELECT count(*) FROM access_event), (SELECT count(*) FROM change_event)")
    sealed = _rows("SELECT at FROM seal ORDER BY id DESC LIMIT 1")
    verified = _rows("SELECT at, whole, findings FROM verification ORDER BY id DESC LIMIT 1")
    at, whole, findings = verified[0] if verified else (None, None, [])
    return Trail(counted[0], counted[1], sealed[0][0] if sealed else None, at, whole, findings)


def _rows(sql: str, values: Sequence[Any] = ()) -> list[Any]:
    with connections[VIEWER].cursor() as cursor:
        # Moments and keys arrive as bytes: reading them from text costs more than finding them.
        cursor.cursor.format = Format.BINARY
        cursor.execute(sql, values)
        return cursor.fetchall()
