"""What each person did on each day, counted from the access log for the reports of ``outliers``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from register.audit.outliers import MEASURES, Day
from register.audit.reading import VIEWER

# A case is "unrelated" when the person never changed anything of it before the end of the period: neither reported it,
# nor took it, nor answered for it. Night lasts from ten to six, by the clock of the register.
COUNT = """
WITH looked AS MATERIALIZED (
  SELECT actor, role, code, outcome, objects, local::date AS day,
    extract(isodow FROM local) > 5 OR extract(hour FROM local) NOT BETWEEN 6 AND 21 AS odd
  FROM access_event CROSS JOIN LATERAL (SELECT at AT TIME ZONE %(zone)s) AS clock(local)
  WHERE at >= %(since)s AND at < %(until)s AND role = ANY(%(roles)s)
    AND actor ~ '^[0-9a-f-]{36}$'
), opened AS (
  SELECT l.actor, l.role, l.day, o.id, bool_or(l.odd) AS odd
  FROM looked l CROSS JOIN LATERAL unnest(l.objects) AS o(id)
  WHERE l.code IN ('case.read', 'history.read', 'case.export') AND l.outcome = 'ok' GROUP BY 1, 2, 3, 4
), worked AS MATERIALIZED (
  SELECT DISTINCT c.actor, c.case_id FROM change_event c
  WHERE c.at < %(until)s AND c.case_id IN (SELECT id FROM opened)
), cases AS (
  SELECT o.actor, o.role, o.day, count(*) AS opened,
    count(*) FILTER (WHERE w.actor IS NULL) AS unrelated, count(*) FILTER (WHERE o.odd) AS odd_hours
  FROM opened o LEFT JOIN worked w ON w.actor = o.actor AND w.case_id = o.id GROUP BY 1, 2, 3
), events AS (
  SELECT actor, role, day, count(*) FILTER (WHERE outcome = 'denied') AS denied,
    count(*) FILTER (WHERE code IN ('export.download', 'log.export', 'case.export')) AS exports,
    count(*) FILTER (WHERE code = 'log.read') AS log_reads
  FROM looked GROUP BY 1, 2, 3
)
SELECT e.actor, e.role, e.day, coalesce(c.opened, 0), coalesce(c.unrelated, 0), coalesce(c.odd_hours, 0), e.denied,
  e.exports, e.log_reads
FROM events e LEFT JOIN cases c USING (actor, role, day) ORDER BY e.day, e.actor
"""


def days(*, since: datetime, until: datetime, roles: Sequence[str]) -> list[Day]:
    """The counts of everybody in these roles, for each day on which they did anything at all."""
    values: dict[str, Any] = {"since": since, "until": until, "roles": list(roles), "zone": settings.TIME_ZONE}
    with connections[VIEWER].cursor() as cursor:
        cursor.execute(COUNT, values)
        rows = cursor.fetchall()
    names = [measure.name for measure in MEASURES]
    return [
        Day(UUID(actor), role, day, {name: count for name, count in zip(names, counts, strict=True) if count})
        for actor, role, day, *counts in rows
    ]
