"""Rights with which the register refuses to run: an app role that could change, silence or forge what happened.

The catalogue of the database is asked, not the intention: whoever gave a right, and by which way the role got it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from register.audit.reconciliation import ON_CASES, TRIGGERS

APP = "default"
REMEDY = "start it with the rights of config/local/roles.sql, config/local/database.sql and the migrations"

OVERPOWERED = """
SELECT r.rolname || CASE
         WHEN r.rolsuper THEN ' is a superuser'
         WHEN r.rolbypassrls THEN ' passes row-level security'
         WHEN r.rolcreaterole THEN ' may make roles'
         WHEN r.rolreplication THEN ' may copy the whole database'
         ELSE ' owns tables or the database' END
FROM pg_roles r
WHERE CASE WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
           THEN r.rolname = current_user ELSE pg_has_role(current_user, r.oid, 'MEMBER') END
  AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication
       OR r.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())
       OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                  WHERE c.relowner = r.oid AND n.nspname IN ('public', 'pub', 'audit')))
ORDER BY 1
"""

MAKES = """
SELECT 'the database (' || p || ')' FROM unnest(ARRAY['CREATE', 'TEMP']) AS p
WHERE has_database_privilege(current_database(), p)
UNION ALL
SELECT 'the schema ' || nspname FROM pg_namespace
WHERE nspname IN ('public', 'pub', 'audit') AND has_schema_privilege(oid, 'CREATE')
ORDER BY 1
"""

# Rows that say what happened: they are added and never changed. A right on one column is a right too.
CHANGES_THE_PAST = """
SELECT c.oid::regclass::text || ' (' || string_agg(p, ', ' ORDER BY p) || ')'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS p
WHERE c.relkind IN ('r', 'p')
  AND (n.nspname = 'audit'
       OR (n.nspname = 'public' AND (c.relname LIKE 'register\\_historical%%'
           OR c.relname IN ('register_statuschange', 'register_releasechange'))))
  AND (has_table_privilege(c.oid, p) OR (p = 'UPDATE' AND has_any_column_privilege(c.oid, 'UPDATE')))
GROUP BY c.oid
ORDER BY 1
"""

UNWATCHED = """
SELECT c.oid::regclass::text || ' (' || t || ')'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'row_version' AND NOT a.attisdropped
CROSS JOIN unnest(%s::text[] || CASE
  WHEN c.relname = 'register_case'
    OR EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'case_id' AND NOT k.attisdropped)
  THEN ARRAY[%s]::text[] ELSE '{}' END) AS t
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'register\\_historical%%'
  AND NOT EXISTS (SELECT FROM pg_trigger g
                  WHERE g.tgrelid = c.oid AND g.tgname = t AND g.tgenabled IN ('O', 'A'))
ORDER BY 1
"""

OPEN_TO_EVERY_REGION = """
SELECT c.oid::regclass::text FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND (c.relname IN ('register_case', 'register_historicalcase')
       OR EXISTS (SELECT FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attname = 'case_id' AND NOT a.attisdropped))
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
ORDER BY 1
"""


def overpowered_role() -> str:
    """The app role is a superuser or an owner, or belongs to one."""
    return _sentence("The app role has too much power: {found}", OVERPOWERED)


def makes_things() -> str:
    """The app role can make tables, with which a trail can be forged."""
    return _sentence("The app role may make things in {found}", MAKES)


def changes_the_past() -> str:
    """The app role can change or take away what happened."""
    return _sentence("The app role may change what happened in {found}", CHANGES_THE_PAST)


def unwatched_tables() -> str:
    """A tracked table lost a trigger, so that a change leaves nothing behind, or of a case no reason."""
    return _sentence("Tracked tables lack a trigger: {found}", UNWATCHED, [list(TRIGGERS), ON_CASES])


def open_to_every_region() -> str:
    """A table with rows of a case is not closed by region."""
    return _sentence("Tables of cases are not closed by region: {found}", OPEN_TO_EVERY_REGION)


# What is judged at every start.
JUDGED: tuple[tuple[str, Callable[[], str]], ...] = (
    ("D001", overpowered_role),
    ("D002", makes_things),
    ("D003", changes_the_past),
    ("D004", unwatched_tables),
    ("D005", open_to_every_region),
)


def unsafe_rights(app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any) -> Sequence[CheckMessage]:
    """Every unsafe right of the role with which this process works; the owner's address is not judged."""
    if APP not in (databases or ()):
        return []
    return [Error(sentence, id=f"register.{code}") for code, judge in JUDGED if (sentence := judge())]


def _sentence(words: str, query: str, values: Sequence[Any] | None = None) -> str:
    """The words with what the query found, or nothing when it found nothing."""
    with connections[APP].cursor() as cursor:
        cursor.execute(query, values if values is not None else [])
        found = [str(row[0]) for row in cursor.fetchall()]
    return f"{words.format(found=', '.join(found))}: {REMEDY}." if found else ""
