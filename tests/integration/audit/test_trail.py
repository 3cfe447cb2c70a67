"""No row changes without the trail telling who, when, what and, once a case was submitted, why."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from celery import shared_task
from django.db import close_old_connections, connection, connections, models, transaction
from django.db.utils import DatabaseError

from register.audit import acting_as
from register.models import Case, Death, Decedent, NilReport, SourceDocument, Substance, SuspectedSubstance, User
from register.models.tracked import Tracked
from register.workflow.roles import Role
from register.workflow.verbs import Verb
from tests import factories
from tests.conftest import session_of
from tests.integration.audit.conftest import Keeper
from tests.scale import scaled
from tests.trail import changes, nobody

WRITES = scaled("writes", small=400, full=10_000)
MIXED = scaled("mixed", small=400, full=10_000)


class Writer:
    """Writes at random, by every path that Python and SQL have, as one who does not mean to leave a trail."""

    def __init__(self, cases: list[Case], chance: random.Random) -> None:
        self.cases, self.chance = cases, chance
        self.paths: list[Callable[[], None]] = [
            self.saves,
            self.changes_many,
            self.creates_many,
            self.updates_past_the_history,
            self.bulk_updates_past_the_history,
            self.bulk_creates_past_the_history,
            self.plain_update,
            self.plain_insert,
            self.plain_delete,
            self.changes_a_term,
            self.changes_a_person,
            self.changes_nothing,
        ]

    def case(self) -> Case:
        return Case.objects.get(pk=self.chance.choice(self.cases).pk)

    def saves(self) -> None:
        decedent = self.case().decedent_section
        decedent.age_years = self.chance.randrange(100)
        decedent.save()

    def changes_many(self) -> None:
        rows = list(Death.objects.all())
        for row in rows:
            row.pmi_hours = self.chance.randrange(1000)
        Death.objects.change_many([row for row in rows if row.pmi_hours is not None], ["pmi_hours"])

    def creates_many(self) -> None:
        case = self.case()
        SourceDocument.objects.create_many([SourceDocument(case=case, kind="toxicology") for _ in range(3)])

    def updates_past_the_history(self) -> None:
        _plain(Decedent).filter(case=self.case()).update(birth_year=1900 + self.chance.randrange(100))

    def bulk_updates_past_the_history(self) -> None:
        rows = list(_plain(Case)[:5])
        for row in rows:
            row.narrative = f"text {self.chance.random()}"
        _plain(Case).bulk_update(rows, ["narrative"])

    def bulk_creates_past_the_history(self) -> None:
        case = self.case()
        _plain(SuspectedSubstance).bulk_create([SuspectedSubstance(case=case, reported_as="x") for _ in range(2)])

    def plain_update(self) -> None:
        _sql(
            "UPDATE register_case SET external_reference = %s WHERE id = %s", str(self.chance.random()), self.case().pk
        )

    def plain_insert(self) -> None:
        _sql(
            "INSERT INTO register_nilreport (id, row_version, service_id, month, by_id, at)"
            " VALUES (%s, 77, %s, make_date(%s, %s, 1), %s, now()) ON CONFLICT DO NOTHING",
            uuid4(),
            self.case().forensic_service_id,
            self.chance.randrange(1990, 2030),
            self.chance.randrange(1, 13),
            self.case().reporter_id,
        )

    def plain_delete(self) -> None:
        _sql("DELETE FROM register_suspectedsubstance WHERE id IN (SELECT id FROM register_suspectedsubstance LIMIT 1)")

    def changes_a_term(self) -> None:
        Substance.objects.filter(code=self.chance.choice(["heroin", "cocaine"])).update(
            cas=str(self.chance.random())[:9]
        )

    def changes_a_person(self) -> None:
        person = self.case().reporter
        person.last_name = str(self.chance.random())
        person.set_password(person.last_name)
        person.save()

    def changes_nothing(self) -> None:
        _sql("UPDATE register_death SET id = id")


def _plain(model: type[Tracked]) -> models.QuerySet[Any]:
    """A query set that does not refuse to write past the readable history."""
    return models.QuerySet(model)


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.scaled
@pytest.mark.django_db(transaction=True, databases=["default", "keeper"])
def test_whatever_writes_the_trail_tells_of_every_row_as_it_is(keeper: Keeper, physician: User) -> None:
    cases = [factories.draft(physician) for _ in range(5)]
    writer = Writer(cases, random.Random(7))
    used = set()
    for number in range(WRITES):
        write = writer.chance.choice(writer.paths)
        used.add(write.__name__)
        try:
            with acting_as("system:writer"):
                write()
                if number % 10 == 9:
                    raise ZeroDivisionError  # what is rolled back leaves no event behind
        except ZeroDivisionError:
            continue
    assert len(used) == len(writer.paths)
    keeper.seal()
    report = keeper.verify()
    assert report.findings == ()
    assert NilReport.objects.exists()


@pytest.mark.django_db
def test_a_change_tells_what_was_and_what_is(physician: User) -> None:
    case = factories.draft(physician)
    with acting_as(physician):
        case.decedent_section.change(age_years=34)
    event = changes(tbl="register_decedent")[-1]
    assert (event.actor, event.role, event.op, event.case_id) == (str(physician.pk), "physician", "U", case.pk)
    assert event.old is not None and event.new is not None
    assert (event.old["age_years"], event.new["age_years"]) == (None, 34)
    assert (event.old["row_version"], event.new["row_version"], event.row_version) == (1, 2, 2)


@pytest.mark.django_db
def test_a_save_that_changes_nothing_is_no_event(physician: User) -> None:
    factories.draft(physician)
    before = len(changes())
    with acting_as(physician):
        _sql("UPDATE register_decedent SET sex = sex")
    assert len(changes()) == before


@pytest.mark.django_db
def test_what_stands_for_a_password_is_told_as_a_digest(physician: User) -> None:
    with acting_as("system:test"):
        physician.set_password("a long enough secret")
        physician.save()
    event = changes(tbl="register_user", pk=str(physician.pk))[-1]
    assert event.old is not None and event.new is not None
    assert event.old["password"] != event.new["password"]
    assert physician.password not in str(event)


REASONED = [
    "UPDATE register_case SET narrative = 'x'",
    "UPDATE register_decedent SET age_years = 3",
    "DELETE FROM register_suspectedsubstance",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", REASONED)
def test_a_submitted_case_changes_only_with_a_reason(statement: str, physician: User) -> None:
    factories.submitted(physician)
    nobody()
    with pytest.raises(DatabaseError, match="change without reason"), transaction.atomic(), acting_as(physician):
        _sql(statement)
    with acting_as(physician, doing=Verb.ANSWER_QUERY, reason="typed by a person"):
        _sql(statement)
    event = changes(reason_code="answer_query")[-1]
    assert event.reason == "een vraag beantwoorden: typed by a person"


@pytest.mark.django_db
def test_a_draft_changes_without_a_reason(physician: User) -> None:
    factories.filled(physician)
    nobody()
    with acting_as(physician):
        for statement in REASONED:
            _sql(statement)


ATTACKS = [
    "UPDATE audit.change_event SET actor = 'x'",
    "DELETE FROM audit.change_event",
    "TRUNCATE audit.change_event CASCADE",
    "INSERT INTO audit.change_event (epoch, actor, role, trace, tbl, pk, op, row_version, digest)"
    " VALUES (1, 'x', 'x', gen_random_uuid(), 'x', 'x', 'I', 1, '')",
    "UPDATE audit.change_payload SET body = '{}'",
    "SELECT body FROM audit.change_payload",
    "SELECT objects FROM audit.access_event",
    "UPDATE audit.access_event SET actor = 'x'",
    "DELETE FROM audit.access_event",
    "INSERT INTO audit.seal VALUES (1, now(), 1, '1', 0, '', 0, '', '', '', '', '')",
    "SELECT audit.record()",
    "SELECT audit.begin_trail('register_case', 'x')",
    "SELECT audit.begin_epoch('x', 'x')",
    "SELECT audit.note_verification(true, '{}', 0, 0, 0)",
    "ALTER TABLE register_case DISABLE TRIGGER ALL",
    "ALTER TABLE register_case DISABLE TRIGGER t90_record",
    "DROP TRIGGER t90_record ON register_case",
    "SET session_replication_role = replica",
    "SET ROLE register_trail",
    "SET ROLE register_owner",
    "CREATE FUNCTION audit.ctx2() RETURNS text LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TABLE public.register_false (id uuid, row_version int)",
    "CREATE TEMP TABLE register_case (id uuid, case_id uuid, row_version bigint)",
    "CREATE SCHEMA forged",
    "ALTER TABLE register_case DISABLE ROW LEVEL SECURITY",
    "DROP POLICY app_region ON register_case",
    "GRANT register_trail TO register_app",
    "UPDATE register_historicalcase SET narrative = 'x'",
    "DELETE FROM register_historicalcase",
    "COPY audit.change_event TO '/dev/null'",
]


@pytest.mark.django_db
def test_the_app_role_cannot_change_forge_or_silence_the_trail() -> None:
    survived = []
    for attack in ATTACKS:
        with session_of("default") as session:
            session.execute("SELECT set_config('app.scope', 'all', false)")
            try:
                session.execute(attack)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported):
                continue
            survived.append(attack)
    assert survived == []


@pytest.mark.django_db
def test_the_trail_cannot_be_forged_by_a_table_that_looks_like_one() -> None:
    """With the defaults of PostgreSQL a temporary table could carry the function of the trail; see trust.md 3.2."""
    name = connections["default"].settings_dict["NAME"]
    with session_of("owner") as owner:
        owner.execute(f'GRANT TEMP ON DATABASE "{name}" TO register_app')
        try:
            with session_of("default") as session:
                session.execute("CREATE TEMP TABLE register_decedent (id uuid, case_id uuid, row_version bigint)")
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"function audit\.record"):
                    session.execute(
                        "CREATE TRIGGER forge AFTER INSERT ON pg_temp.register_decedent"
                        " FOR EACH ROW EXECUTE FUNCTION audit.record()"
                    )
        finally:
            owner.execute(f'REVOKE TEMP ON DATABASE "{name}" FROM register_app')


@pytest.mark.django_db
def test_every_function_of_the_trail_is_closed_to_everybody() -> None:
    with session_of("owner") as session:
        rows = session.execute(
            "SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " WHERE p.pronamespace = 'audit'::regnamespace AND a.grantee = 0"
        ).fetchall()
        owners = session.execute(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'audit'::regnamespace"
            " UNION SELECT DISTINCT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'audit'::regnamespace"
        ).fetchall()
    assert rows == []
    assert owners == [("register_trail",)]


@shared_task(name="tests.mark")
def mark(case_id: str, name: str) -> None:
    """What a task does that writes for somebody: here it leaves the name of whom it writes for."""
    _mark(case_id, name)


def _mark(case_id: Any, name: str) -> None:
    with acting_as(name):
        _sql("UPDATE register_case SET last_touched = %s WHERE id = %s", name, case_id)


@pytest.mark.scaled
@pytest.mark.django_db(transaction=True)
def test_the_actor_of_an_event_is_never_somebody_else(physician: User) -> None:
    """Threads share nothing, an inner actor ends with its block, and an error leaves nobody behind."""
    cases = [factories.draft(physician).pk for _ in range(8)]
    people = [factories.person(Role.REGISTER_STAFF) for _ in range(4)]

    def work(worker: int) -> None:
        chance = random.Random(worker)
        for number in range(MIXED // 8):
            case_id, name = cases[worker], f"system:{worker}-{number}"
            match chance.randrange(5):
                case 0:
                    _mark(case_id, name)
                case 1:
                    mark.apply(kwargs={"case_id": str(case_id), "name": name}, throw=True)
                case 2:
                    with acting_as(name):
                        _mark(case_id, f"{name}-inner")
                        _sql("UPDATE register_case SET last_touched = %s WHERE id = %s", name, case_id)
                case 3:
                    try:
                        with acting_as(name):
                            _mark(case_id, name)
                            raise ZeroDivisionError
                    except ZeroDivisionError:
                        _mark(case_id, f"{name}-after")
                case _:
                    person = chance.choice(people)
                    with acting_as(person):
                        _sql("UPDATE register_case SET last_touched = %s WHERE id = %s", str(person.pk), case_id)
        close_old_connections()
        connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    marked = [event for event in changes(tbl="register_case", op="U") if event.new and event.new["last_touched"]]
    assert len(marked) >= MIXED
    assert [event for event in marked if event.new and event.actor != event.new["last_touched"]] == []
