"""Isolation below the application: what a bare session of a role reads and writes, whatever the application forgets.

Sessions are as deployed: of the role itself, with no setting of a test. T33 and T34 of the threat table.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.test import TransactionTestCase

from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from tests.conftest import session_of
from tests.factories import AMSTERDAM, ROTTERDAM, person
from tests.integration.access import country

Session = psycopg.Connection[Any]
REFUSED = psycopg.errors.InsufficientPrivilege
# Of each table with rows of cases: which of them belong to a region, as the owner sees it.
BELONGS = {
    "register_case": "region_id = '{region}'",
    "register_historicalcase": "region_id = '{region}'",
    "register_nilreport": "service_id IN (SELECT code FROM register_forensicservice WHERE region_id = '{region}')",
}
BELONGS["register_historicalnilreport"] = BELONGS["register_nilreport"]
OF_A_CASE = "case_id IN (SELECT id FROM register_case WHERE region_id = '{region}')"
COUNTRYWIDE = "register_releaseextract"
WITH_A_CASE = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'case_id' AND NOT a.attisdropped
    ORDER BY c.relname
"""


@pytest.fixture(scope="module", autouse=True)
def two_regions(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A draft and a closed case of each region, a nil report of each, and an extract of the whole country."""
    with django_db_blocker.unblock():
        staff = person(Role.REGISTER_STAFF)
        for region in country.REGIONS:
            reporter = person(Role.PHYSICIAN, region)
            country.store((CaseState.DRAFT, CaseState.CLOSED), reporter=reporter, staff=staff)
            country.store_nil_report(by=reporter)
        country.store_extract(by=staff)
        yield
        TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]


@pytest.fixture
def owner(django_db_blocker: Any) -> Iterator[Session]:
    with django_db_blocker.unblock(), session_of("owner") as session:
        yield session


@pytest.fixture
def app(django_db_blocker: Any) -> Iterator[Session]:
    with django_db_blocker.unblock(), session_of("default") as session:
        yield session


@contextmanager
def told(session: Session, **context: str) -> Iterator[Session]:
    """A transaction in which the session was told who acts, as ``acting_as`` tells it."""
    usual = {"actor": "somebody", "trace": str(uuid4()), "reason_code": "test", "reason_text": "a reason in words"}
    with session.transaction():
        for name, value in {**usual, **context}.items():
            session.execute("SELECT set_config(%s, %s, true)", [f"app.{name}", value])
        yield session


def _tables(owner: Session) -> list[str]:
    """Every table with rows of cases, in which the owner sees a row of each region."""
    tables = [*BELONGS, *(name for (name,) in owner.execute(WITH_A_CASE))]
    empty = [table for table in tables for region in country.REGIONS if not _rows(owner, table, region)]
    assert empty == [], "the test has nothing to look for in these tables"
    return tables


def _rows(owner: Session, table: str, region: str) -> list[str]:
    where = BELONGS.get(table, OF_A_CASE).format(region=region)
    return sorted(text for (text,) in owner.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {where}"))


def _seen(session: Session, table: str) -> list[str]:
    return sorted(text for (text,) in session.execute(f"SELECT to_jsonb(t)::text FROM {table} t"))


def _new_row(text: str) -> str:
    """The same row under a key of its own."""
    row = json.loads(text)
    if "history_id" in row:
        return json.dumps({**row, "history_id": str(uuid4()) if isinstance(row["history_id"], str) else 10**8})
    return json.dumps({**row, "id": str(uuid4())})


def _insert(session: Session, table: str, row: str) -> None:
    with session.transaction():
        session.execute(f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)", [row])


def _refusal(session: Session, statement: str) -> str:
    """What the database answers: the kind of its error, or how many rows were touched."""
    try:
        with session.transaction():
            return f"{session.execute(statement).rowcount} rows"
    except psycopg.Error as error:
        return type(error).__name__


def test_without_a_context_no_row_of_a_case_is_read_and_none_is_written(owner: Session, app: Session) -> None:
    tables = [*_tables(owner), COUNTRYWIDE]
    assert {table: _seen(app, table) for table in tables if _seen(app, table)} == {}
    written = {}
    for table in _tables(owner):
        row = _new_row(_rows(owner, table, AMSTERDAM)[0])
        try:
            _insert(app, table, row)
        except REFUSED:
            continue
        written[table] = row
    assert written == {}


def test_a_session_of_a_region_reads_the_rows_of_that_region_and_no_other(owner: Session, app: Session) -> None:
    surprises = {}
    for table in _tables(owner):
        for region in country.REGIONS:
            with told(app, regions=region):
                seen = _seen(app, table)
            if seen != _rows(owner, table, region):
                surprises[table, region] = len(seen)
    assert surprises == {}
    with told(app, regions=AMSTERDAM):
        assert _seen(app, COUNTRYWIDE) == []


def test_a_session_that_meets_every_region_reads_every_row(owner: Session, app: Session) -> None:
    with told(app, scope="all"):
        short = [table for table in [*_tables(owner), COUNTRYWIDE] if _seen(app, table) != _seen(owner, table)]
    assert short == []


def test_no_row_is_inserted_for_a_case_of_another_region(owner: Session, app: Session) -> None:
    inserted = []
    for table in _tables(owner):
        row = _new_row(_rows(owner, table, ROTTERDAM)[0])
        with told(app, regions=AMSTERDAM):
            try:
                _insert(app, table, row)
            except psycopg.errors.InsufficientPrivilege as refused:
                assert "row-level security" in str(refused), table
                continue
        inserted.append(table)
    assert inserted == []


def test_no_row_of_another_region_is_changed_or_deleted_and_no_own_row_is_moved_there(
    owner: Session, app: Session
) -> None:
    elsewhere = owner.execute("SELECT id FROM register_case WHERE region_id = %s", [ROTTERDAM]).fetchone()
    assert elsewhere is not None
    move = {
        "register_case": f"region_id = '{ROTTERDAM}'",
        "register_nilreport": "service_id = "
        f"(SELECT code FROM register_forensicservice WHERE region_id = '{ROTTERDAM}' LIMIT 1)",
    }
    untouched, refused = {"0 rows", "InsufficientPrivilege"}, "InsufficientPrivilege"
    surprises = {}
    for table in _tables(owner):
        key = "history_id" if "historical" in table else "id"
        before = _rows(owner, table, ROTTERDAM)
        keys = ", ".join(f"'{json.loads(row)[key]}'" for row in before)
        answers = {}
        with told(app, regions=AMSTERDAM):
            answers["change"] = _refusal(app, f"UPDATE {table} SET {key} = {key} WHERE {key} IN ({keys})")
            answers["delete"] = _refusal(app, f"DELETE FROM {table} WHERE {key} IN ({keys})")
            moved = move.get(table, f"case_id = '{elsewhere[0]}'" if table not in BELONGS else f"{key} = {key}")
            answers["move"] = _refusal(app, f"UPDATE {table} SET {moved}")
        if not {answers["change"], answers["delete"]} <= untouched or answers["move"] != refused:
            surprises[table] = answers
        if _rows(owner, table, ROTTERDAM) != before:
            surprises[table] = {"changed": table}
    assert surprises == {}


def test_a_row_of_another_region_cannot_be_locked_or_copied(owner: Session, app: Session) -> None:
    with told(app, regions=AMSTERDAM):
        locked = app.execute("SELECT region_id FROM register_case FOR UPDATE").fetchall()
        with app.cursor().copy("COPY register_case (region_id) TO STDOUT") as copy:
            copied = list(copy.rows())
    assert {region for (region,) in [*locked, *copied]} == {AMSTERDAM}


def test_what_the_database_knows_of_the_values_of_a_case_is_hidden_too(owner: Session, app: Session) -> None:
    owner.execute("ANALYZE register_case")
    with told(app, regions=AMSTERDAM):
        assert app.execute("SELECT * FROM pg_stats WHERE tablename LIKE 'register_%case'").fetchall() == []
        with pytest.raises(REFUSED), app.transaction():
            app.execute("SELECT * FROM pg_statistic")


@pytest.mark.parametrize("alias", ["default", "viewer", "keeper", "stats"])
def test_no_working_role_can_take_the_isolation_away(alias: str, django_db_blocker: Any) -> None:
    statements = (
        "ALTER TABLE public.register_case DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE public.register_case NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY app_region ON public.register_case",
        "CREATE POLICY mine ON public.register_case TO PUBLIC USING (true)",
        "SET ROLE register_owner",
        "SET ROLE register_trail",
        "SET SESSION AUTHORIZATION register_owner",
        "SET session_replication_role = replica",
        f"ALTER ROLE register_{'app' if alias == 'default' else alias} BYPASSRLS",
        "GRANT register_owner TO CURRENT_USER",
        "CREATE VIEW public.mine AS SELECT * FROM public.register_case",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    )
    with django_db_blocker.unblock(), session_of(alias) as session:
        answers = {statement: _refusal(session, statement) for statement in statements}
    assert set(answers.values()) == {"InsufficientPrivilege"}, answers


def test_a_session_that_turns_row_security_off_reads_nothing(app: Session) -> None:
    app.execute("SET row_security = off")
    with pytest.raises(REFUSED, match="row-level security"):
        app.execute("SELECT 1 FROM register_case")


def test_the_context_ends_with_its_transaction(app: Session) -> None:
    for end in ("COMMIT", "ROLLBACK"):
        app.execute("BEGIN")
        app.execute("SELECT set_config('app.regions', %s, true), set_config('app.scope', 'all', true)", [AMSTERDAM])
        assert app.execute("SELECT count(*) FROM register_case").fetchone() == (4,)
        app.execute(end)
        assert app.execute("SELECT count(*) FROM register_case").fetchone() == (0,)


def test_the_viewer_reads_the_number_of_a_case_and_nothing_else_of_it(owner: Session, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), session_of("viewer") as viewer:
        assert len(viewer.execute("SELECT id, case_number FROM register_case").fetchall()) == 4
        columns = owner.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'register_case'::regclass AND attnum > 0"
            " AND NOT attisdropped AND attname NOT IN ('id', 'case_number')"
        ).fetchall()
        answers = {name: _refusal(viewer, f"SELECT {name} FROM register_case") for (name,) in columns}
        answers |= {
            table: _refusal(viewer, f"SELECT 1 FROM {table}")
            for table in [*_tables(owner), COUNTRYWIDE]
            if table != "register_case"
        }
        answers["write"] = _refusal(viewer, "UPDATE register_case SET case_number = '1'")
    assert set(answers.values()) == {"InsufficientPrivilege"}, answers


def test_the_statistics_role_reads_no_row_of_a_case(owner: Session, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), session_of("stats") as stats:
        tables = [*_tables(owner), COUNTRYWIDE]
        answers = {table: _refusal(stats, f"SELECT 1 FROM public.{table}") for table in tables}
    assert set(answers.values()) == {"InsufficientPrivilege"}, answers


def test_the_keeper_reads_every_row_and_writes_none(owner: Session, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), session_of("keeper") as keeper:
        tables = [*_tables(owner), COUNTRYWIDE]
        assert [table for table in tables if _seen(keeper, table) != _seen(owner, table)] == []
        answers = {}
        for table in tables:
            key = "history_id" if "historical" in table else "release_id" if table == COUNTRYWIDE else "id"
            answers[table, "UPDATE"] = _refusal(keeper, f"UPDATE {table} SET {key} = {key}")
            answers[table, "DELETE"] = _refusal(keeper, f"DELETE FROM {table}")
            answers[table, "INSERT"] = _refusal(keeper, f"INSERT INTO {table} SELECT * FROM {table}")
    assert set(answers.values()) == {"InsufficientPrivilege"}, answers


def test_people_of_no_region_meet_no_case(app: Session) -> None:
    for regions in ("", ",", "%", "GG", f"{AMSTERDAM.lower()}", f" {AMSTERDAM}", "{" + AMSTERDAM + "}"):
        with told(app, regions=regions):
            assert _seen(app, "register_case") == [], regions
