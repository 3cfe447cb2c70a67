"""Does the trail tell of every row as it is? Finds what changed a row without leaving a trail, whoever did it."""

from typing import Any

from register.audit.findings import MOST, Finding

TRIGGERS = (
    "t05_actor",
    "t10_stamp_insert",
    "t10_stamp_update",
    "t90_record",
    "t90_record_update",
)
ON_CASES = "t07_reason"
TRACKED = """
SELECT c.relname, EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'case_id'
                          AND NOT k.attisdropped) OR c.relname = 'register_case',
       ARRAY(SELECT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled = 'A')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'row_version' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'register\\_historical%%'
ORDER BY 1
"""
# One line for each row that the trail tells of: its first and last version, and what became of it.
GAPS = """
SELECT tbl, pk FROM audit.change_event GROUP BY tbl, pk
HAVING max(row_version) - min(row_version) + 1 <> count(*)
    OR (min(row_version) <> 1 AND NOT bool_or(op = 'B')) LIMIT %s
"""
# Rows beside the last event about each. Only columns that both know are compared: adding a column makes no event.
APART = """
WITH present AS (
  SELECT coalesce(j->>'id', j->>'code') AS pk, (j->>'row_version')::bigint AS row_version, j
  FROM (SELECT {row} AS j FROM public.{table} t) rows
), told AS (
  SELECT DISTINCT ON (pk) pk, row_version, op, id, digest FROM audit.change_event WHERE tbl = %s
  ORDER BY pk, row_version DESC
), said AS (
  -- What is no longer the text that was written is found elsewhere; here it would only be unreadable.
  SELECT told.*, CASE WHEN told.digest = sha256(p.salt || convert_to(p.body, 'UTF8')) THEN p.body::jsonb->'new' END AS n
  FROM told LEFT JOIN audit.change_payload p ON p.event_id = told.id
)
SELECT coalesce(present.pk, said.pk), CASE
  WHEN said.pk IS NULL THEN 'untold'
  WHEN present.pk IS NULL THEN 'gone'
  WHEN said.op = 'D' THEN 'back'
  WHEN said.row_version <> present.row_version THEN 'version'
  ELSE 'content' END
FROM present FULL JOIN said ON said.pk = present.pk
WHERE (present.pk IS NULL AND said.op <> 'D') OR said.pk IS NULL
   OR (present.pk IS NOT NULL AND (said.op = 'D' OR said.row_version <> present.row_version
       OR (said.n <> j AND (SELECT jsonb_object_agg(key, value) FROM jsonb_each(j) WHERE said.n ? key)
           IS DISTINCT FROM (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said.n) WHERE j ? key))))
LIMIT %s
"""
PLAIN = "to_jsonb(t)"
# What stands for a password is told as a digest only.
OF_A_PERSON = (
    "to_jsonb(t) || jsonb_build_object('password', encode(sha256(convert_to(to_jsonb(t)->>'password', 'UTF8')), 'hex'))"
)
SENTENCES = {
    "untold": "{row} is there, and no change tells how it came.",
    "gone": "{row} is gone, and no change tells who took it away.",
    "back": "{row} is there again, although the trail tells that it was taken away.",
    "version": "{row} has another version than its last change tells: it was changed without leaving a trail.",
    "content": "{row} says something else than its last change tells: it was changed without leaving a trail.",
}


def tracked_tables(cursor: Any) -> list[tuple[str, list[str]]]:
    """Every table whose changes are kept, with the triggers that it lacks or that are off."""
    cursor.execute(TRACKED.replace("%%", "%"))
    return [
        (table, [name for name in (*TRIGGERS, *((ON_CASES,) if of_case else ())) if name not in active])
        for table, of_case, active in cursor.fetchall()
    ]


def reconcile(cursor: Any) -> list[Finding]:
    """Every way in which rows and trail differ; nothing when each row is what the trail tells."""
    found: list[Finding] = []
    tables = tracked_tables(cursor)
    found += [
        Finding("trigger", f"The trigger {name} of {table} is off or gone: changes there leave no trail.")
        for table, missing in tables
        for name in missing
    ]
    cursor.execute(GAPS, [MOST])
    found += [
        Finding("gap", f"Of {table} {pk} a change is missing between its first and its last.")
        for table, pk in cursor.fetchall()
    ]
    for table, _ in tables:
        row = OF_A_PERSON if table == "register_user" else PLAIN
        cursor.execute(APART.format(row=row, table=table), [table, MOST])
        found += [Finding("apart", SENTENCES[kind].format(row=f"{table} {pk}")) for pk, kind in cursor.fetchall()]
    return found
