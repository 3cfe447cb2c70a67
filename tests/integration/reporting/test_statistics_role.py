"""What reads the published figures can read nothing else and write nothing, whatever it is asked."""

import pytest
from django.db import DatabaseError, connections

from register.reporting import published

pytestmark = pytest.mark.django_db(databases=["default", "owner", "stats"], transaction=True)


def _tables() -> list[tuple[str, str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        return [(schema, table) for schema, table in cursor.fetchall()]


def _refused(statement: str) -> bool:
    with connections["stats"].cursor() as cursor:
        try:
            cursor.execute(statement)
        except DatabaseError:
            return True
    return False


def test_the_role_reads_the_published_tables_and_no_other() -> None:
    tables = _tables()
    readable = {table for schema, table in tables if not _refused(f'SELECT 1 FROM "{schema}"."{table}" LIMIT 1')}
    assert readable == {"published_release", "published_file"}
    assert len(tables) > 40


@pytest.mark.parametrize("session", ["on", "off"])
def test_the_role_writes_nothing_not_even_when_it_asks_for_a_writing_session(session: str) -> None:
    with connections["stats"].cursor() as cursor:
        cursor.execute(f"SET default_transaction_read_only = {session}")
    for statement in (
        "INSERT INTO pub.published_file (id) VALUES (gen_random_uuid())",
        "UPDATE pub.published_release SET status = 'final'",
        "DELETE FROM pub.published_file",
        "TRUNCATE pub.published_file",
        "CREATE TABLE pub.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "DROP TABLE pub.published_file",
    ):
        assert _refused(statement), statement
    connections["stats"].close()


def test_the_read_side_uses_that_role() -> None:
    with connections["stats"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("register_stats",)
    assert published.releases() == ([], 0)
