"""What stands in a database of the register: rows and checksum of each table, and what a reader would not be shown."""

from typing import Any

import psycopg
from psycopg import sql

# Everything that could make the same row another text in another session.
SESSION = (
    "-c search_path= -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 "
    "-c bytea_output=hex -c statement_timeout=0"
)
TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY 1, 2
"""
# Row security shows a reader everything only when a policy says plainly so and no other takes away again.
HIDING = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema$)' AND c.relrowsecurity AND (
  SELECT coalesce(bool_and(pg_get_expr(p.polqual, p.polrelid) = 'true') FILTER (WHERE NOT p.polpermissive), true)
     AND coalesce(bool_or(pg_get_expr(p.polqual, p.polrelid) = 'true') FILTER (WHERE p.polpermissive), false)
  FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*')
    AND EXISTS (SELECT FROM unnest(p.polroles) r WHERE r = 0 OR pg_has_role(current_user, r, 'USAGE'))
) IS NOT TRUE ORDER BY 1
"""
# A dump does not keep the order of rows, so their digests are summed.
COUNTED = """
SELECT count(*), coalesce(sum(
  ('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint), 0)::text FROM {} t
"""

Session = psycopg.Connection[Any]


def names(session: Session) -> list[tuple[str, str]]:
    """Schema and name of every table."""
    return session.execute(TABLES).fetchall()


def counted(session: Session) -> dict[str, list[Any]]:
    """Of each table how many rows it has, and the sum of their digests."""
    return {
        f"{schema}.{table}": list(
            session.execute(sql.SQL(COUNTED).format(sql.Identifier(schema, table))).fetchone() or ()
        )
        for schema, table in names(session)
    }


def hiding(session: Session) -> list[str]:
    """The tables of which row security could keep rows from the role of this session."""
    return [name for (name,) in session.execute(HIDING).fetchall()]
