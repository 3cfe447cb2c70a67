"""Emergency access below the application: what a bare session reads and writes that was told of one.

Sessions are as deployed: of the role itself, with no setting of a test.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from register.access import emergency
from register.access.errors import InvalidError
from register.models import Case, EmergencyAccess, User
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from tests.conftest import session_of
from tests.emergencies import TABLE, expire, let_pass
from tests.factories import AMSTERDAM, ROTTERDAM, person
from tests.integration.access import country
from tests.integration.access.test_isolation import WITH_A_CASE, told

Session = psycopg.Connection[Any]
REFUSED = psycopg.errors.InsufficientPrivilege
MINUTE = timedelta(minutes=1)
# Of each table of a case: the column that holds its key.
KEY = {"register_case": "id", "register_historicalcase": "id"}


class World:
    """Two cases of Amsterdam and one of Rotterdam, and a physician of Rotterdam who opened the first."""

    def __init__(self) -> None:
        staff = person(Role.REGISTER_STAFF)
        states = (CaseState.SUBMITTED, CaseState.CLOSED)
        first, second = country.store(states, reporter=person(Role.PHYSICIAN, AMSTERDAM), staff=staff)
        country.store(states[:1], reporter=person(Role.PHYSICIAN, ROTTERDAM), staff=staff)
        self.physician = person(Role.PHYSICIAN, ROTTERDAM)
        self.case, self.other = first.key, second.key
        self.access = country.open_elsewhere(Case.objects.get(pk=first.key), by=self.physician)


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@pytest.fixture
def owner(transactional_db: None) -> Iterator[Session]:
    with session_of("owner") as session:
        yield session


@pytest.fixture
def app(transactional_db: None) -> Iterator[Session]:
    with session_of("default") as session:
        yield session


@contextmanager
def under(app: Session, world: World, **changed: str) -> Iterator[Session]:
    """A transaction of the physician under the access, told as ``acting_as`` and ``look_under`` tell it."""
    usual = {"actor": str(world.physician.pk), "role": "physician", "regions": ROTTERDAM}
    with told(app, **{**usual, "emergency": str(world.access.pk), **changed}) as session:
        yield session


def _tables(owner: Session) -> list[str]:
    return [*KEY, *(name for (name,) in owner.execute(WITH_A_CASE) if name != TABLE)]


def _rows(session: Session, table: str, where: str = "true") -> list[str]:
    return sorted(text for (text,) in session.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {where}"))


def _answer(session: Session, statement: str, values: list[Any] | None = None) -> str:
    try:
        with session.transaction():
            return f"{session.execute(statement, values).rowcount} rows"
    except psycopg.Error as error:
        return type(error).__name__


def test_it_opens_every_row_of_its_case_and_of_no_other(world: World, owner: Session, app: Session) -> None:
    surprises = {}
    for table in _tables(owner):
        key = KEY.get(table, "case_id")
        opened = f"{key} = '{world.case}'"
        own = f"{key} IN (SELECT id FROM register_case WHERE region_id = '{ROTTERDAM}')"
        assert _rows(owner, table, opened), f"the test has nothing to look for in {table}"
        with under(app, world):
            seen = _rows(app, table)
        if seen != _rows(owner, table, f"{opened} OR {own}"):
            surprises[table] = len(seen)
    assert surprises == {}


def test_it_opens_nothing_that_lies_across_cases(world: World, app: Session) -> None:
    across = ("releaseextract", "namelink", "historicalnamelink", "duplicatepair", "rulecomparison")
    country.store_extract(by=person(Role.REGISTER_STAFF))
    with under(app, world):
        assert {name: _rows(app, f"register_{name}") for name in across if _rows(app, f"register_{name}")} == {}


def test_it_lets_nobody_write_a_row_of_the_case(world: World, owner: Session, app: Session) -> None:
    surprises = {}
    for table in _tables(owner):
        key, row_key = KEY.get(table, "case_id"), "history_id" if "historical" in table else "id"
        where = f"{key} = '{world.case}'"
        before = _rows(owner, table, where)
        mine = f"{key} IN (SELECT id FROM register_case WHERE region_id = '{ROTTERDAM}')"
        fresh = json.dumps({**json.loads(before[0]), row_key: 10**8 if "historical" in table else str(uuid4())})
        with under(app, world):
            answers = [
                _answer(app, f"UPDATE {table} SET {row_key} = {row_key} WHERE {where}"),
                _answer(app, f"DELETE FROM {table} WHERE {where}"),
                _answer(app, f"SELECT 1 FROM {table} WHERE {where} FOR UPDATE"),
                _answer(app, f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)", [fresh]),
            ]
            if key == "case_id":  # nor is a row of an own case moved there
                answers.append(_answer(app, f"UPDATE {table} SET case_id = '{world.case}' WHERE {mine}"))
        if not set(answers) <= {"0 rows", "InsufficientPrivilege"} or _rows(owner, table, where) != before:
            surprises[table] = answers
    assert surprises == {}


def _ended(world: World) -> None:
    emergency.end(access_id=world.access.pk, by=world.physician)


def _change(**values: Any) -> Callable[[World], None]:
    return lambda world: User.objects.filter(pk=world.physician.pk).update(**values) and None


ENDS: dict[str, Callable[[World], None]] = {
    "its hour is over": lambda world: expire(world.access),
    "it was ended": _ended,
    "the person was switched off": _change(is_active=False),
    "another role": _change(role=Role.COORDINATOR.value),
    "another region": _change(region_id="GG1413"),
    "the account changed and changed back": _change(session_epoch=1),
}


@pytest.mark.parametrize("why", ENDS)
def test_it_is_closed_at_once_when(why: str, world: World, app: Session) -> None:
    with under(app, world):
        assert _rows(app, "register_case", f"id = '{world.case}'")
    ENDS[why](world)
    with under(app, world):
        for table in ("register_case", "register_death", "register_historicalcase"):
            assert _rows(app, table, f"{KEY.get(table, 'case_id')} = '{world.case}'") == [], table


def test_it_is_open_in_its_last_minute(world: World, app: Session) -> None:
    let_pass(world.access, EmergencyAccess.LASTS - MINUTE)
    with under(app, world):
        assert _rows(app, "register_case", f"id = '{world.case}'")


def test_what_it_opened_is_not_written_by_a_statement_in_which_it_ends_either(world: World, app: Session) -> None:
    """What keeps from writing looks at no clock: it holds for as long as the session was told of the access."""
    _ended(world)
    with under(app, world):
        assert app.execute("SELECT audit.opened_case(), audit.entered_case()").fetchone() == (None, world.case)


def test_it_ends_between_two_statements_of_one_transaction(world: World, app: Session) -> None:
    """The clock of each statement decides, not that of the transaction: so it is with what ends it as well."""
    with under(app, world):
        assert app.execute("SELECT audit.opened_case()").fetchone() == (world.case,)
        _ended(world)
        assert app.execute("SELECT audit.opened_case()").fetchone() == (None,)
        assert _rows(app, "register_death", f"case_id = '{world.case}'") == []


def test_the_access_of_somebody_else_opens_nothing(world: World, app: Session) -> None:
    for actor in (str(person(Role.PHYSICIAN, ROTTERDAM).pk), "system:relay", ""):
        with under(app, world, actor=actor):
            assert _rows(app, "register_case", f"id = '{world.case}'") == []
    for key in ("", str(uuid4())):
        with under(app, world, emergency=key):
            assert _rows(app, "register_case", f"id = '{world.case}'") == []


def test_the_database_sets_its_hour_and_lets_nobody_have_two_at_once(world: World, app: Session) -> None:
    (row,) = [text for text in _all(world) if json.loads(text)["id"] == str(world.access.pk)]
    later = {"granted_at": "2020-01-01", "expires_at": "2099-01-01", "outcome": "explained", "note": "x"}
    second = json.dumps({**json.loads(row), **later, "id": str(uuid4())})
    insert = f"INSERT INTO {TABLE} SELECT * FROM jsonb_populate_record(NULL::{TABLE}, %s)"
    with under(app, world):
        assert _answer(app, insert, [second]) == "UniqueViolation"
    _ended(world)
    with under(app, world):
        assert _answer(app, insert, [second]) == "1 rows"
        lasts, known = app.execute(
            f"SELECT expires_at - granted_at, abs(extract(epoch FROM granted_at - now())) < 60 AND outcome = ''"
            f" FROM {TABLE} WHERE id = %s",
            [json.loads(second)["id"]],
        ).fetchone() or (None, None)
    assert (lasts, known) == (EmergencyAccess.LASTS, True)


def _all(world: World) -> list[str]:
    with session_of("owner") as owner:
        return _rows(owner, TABLE)


def test_nobody_gives_an_access_to_somebody_else(world: World, app: Session) -> None:
    (row,) = [text for text in _all(world) if json.loads(text)["id"] == str(world.access.pk)]
    theirs = json.dumps({**json.loads(row), "id": str(uuid4()), "case_id": str(world.other)})
    insert = f"INSERT INTO {TABLE} SELECT * FROM jsonb_populate_record(NULL::{TABLE}, %s)"
    for who in ({"actor": str(person(Role.PHYSICIAN, ROTTERDAM).pk)}, {"actor": str(uuid4()), "role": "auditor"}):
        with under(app, world, **who):
            assert _answer(app, insert, [theirs]) == "InsufficientPrivilege"


@pytest.mark.parametrize(
    "change",
    [
        "expires_at = expires_at + interval '1 hour'",
        "text = 'iets anders'",
        "reason_code = 'other'",
        "case_id = case_id, person_id = person_id",
        "ended_at = NULL, ended_by_id = NULL",
        "outcome = 'asked', note = 'anders'",
    ],
)
def test_it_never_changes_but_by_its_end_and_its_outcome_each_once(change: str, world: World, app: Session) -> None:
    officer = person(Role.AUDITOR)
    _ended(world)
    EmergencyAccess.objects.filter(pk=world.access.pk).update(
        outcome="explained", note="Gesproken.", reviewed_by=officer, reviewed_at=world.access.granted_at
    )
    for who in ({}, {"actor": str(officer.pk), "role": "auditor"}, {"scope": "all"}):
        with under(app, world, **who):
            assert (
                _answer(app, f"UPDATE {TABLE} SET {change} WHERE id = '{world.access.pk}'") == "InsufficientPrivilege"
            )
    for statement in (f"DELETE FROM {TABLE}", f"TRUNCATE {TABLE}"):
        with under(app, world, scope="all"):
            assert _answer(app, statement) == "InsufficientPrivilege"


def test_who_sees_that_a_case_was_opened(world: World, app: Session) -> None:
    def seen(**who: str) -> bool:
        with told(app, **who):
            return bool(_rows(app, TABLE, f"id = '{world.access.pk}'"))

    assert seen(actor=str(world.physician.pk), role="physician", regions=ROTTERDAM)
    assert seen(role="coordinator", regions=AMSTERDAM)
    assert seen(role="register_staff", scope="all")
    assert seen(role="auditor")
    assert not seen(role="physician", regions=ROTTERDAM)
    assert not seen(role="admin")
    assert not seen(role="statistician")


def test_of_two_that_are_asked_at_once_one_is_given(world: World) -> None:
    number = Case.objects.values_list("case_number", flat=True).get(pk=world.other)
    together = Barrier(2)

    def ask() -> str:
        together.wait()
        try:
            emergency.ask(number=number, reason_code="danger", text="Zelfde roze poeder", by=world.physician)
        except InvalidError as invalid:
            return invalid.faults[0].en
        finally:
            connections["default"].close()
        return "given"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(job.result() for job in [pool.submit(ask), pool.submit(ask)])
    assert said == sorted(["given", emergency.OPEN_ALREADY.en])
    assert EmergencyAccess.objects.filter(person=world.physician, case=world.other).count() == 1


def test_a_table_that_comes_later_is_opened_alike(world: World, owner: Session) -> None:
    """``audit.isolate`` is what a migration calls: the same policies as on the tables that stand."""
    with owner.transaction(force_rollback=True):
        owner.execute("CREATE TABLE register_later (id uuid, case_id uuid)")
        owner.execute("SELECT audit.isolate('register_later')")
        asked = (
            "SELECT polname, polcmd::text, polpermissive, concat(pg_get_expr(polqual, polrelid), ' / ',"
            " pg_get_expr(polwithcheck, polrelid)) FROM pg_policy WHERE polrelid = %s::regclass ORDER BY 1"
        )
        later = owner.execute(asked, ["register_later"]).fetchall()
        stands = owner.execute(asked, ["register_death"]).fetchall()
    assert [(*row[:3], row[3].replace("register_later", "register_death")) for row in later] == stands
