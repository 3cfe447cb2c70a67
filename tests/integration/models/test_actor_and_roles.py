"""A write names its actor, and each database role has only its own rights."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError

from register.audit import acting_as, current_actor
from register.models import Case, Decedent, ForensicService, User
from register.models.actor import WriteWithoutActorError
from tests.conftest import session_of
from tests.trail import nobody

pytestmark = pytest.mark.django_db


@pytest.fixture
def physician() -> User:
    return User.objects.create_user("arts", role="physician", region_id="GG3406")


def _case(reporter: User, number: str = "2026-000001") -> Case:
    service = ForensicService.objects.get(region_id="GG3406")
    case = Case(case_number=number, region_id="GG3406", forensic_service=service, reporter=reporter)
    case.save()
    return case


def test_a_write_names_its_actor_in_the_history(physician: User) -> None:
    with acting_as(physician, reason="because it was examined"):
        case = _case(physician)
    row = case.history.get()
    assert (row.history_user, row.history_change_reason) == (physician, "because it was examined")


def test_a_save_without_an_actor_is_refused(physician: User) -> None:
    with acting_as(physician):
        case = _case(physician)
    with pytest.raises(WriteWithoutActorError):
        case.save()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_case SET narrative = 'x'",
        "DELETE FROM register_suspectedsubstance",
        "INSERT INTO register_decedent (id, case_id, row_version) SELECT gen_random_uuid(), id, 1 FROM register_case",
    ],
)
def test_plain_sql_without_an_actor_is_refused_by_the_database(physician: User, statement: str) -> None:
    with acting_as(physician):
        _case(physician)
    nobody()
    with pytest.raises(DatabaseError, match="write without actor"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_actor_ends_with_the_block_also_after_an_error(physician: User) -> None:
    nobody()
    with pytest.raises(ZeroDivisionError), acting_as(physician):
        _ = 1 / 0
    assert current_actor() is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit.ctx('actor')")
        assert cursor.fetchone() == (None,)


def test_an_inner_actor_holds_until_its_end(physician: User) -> None:
    other = User.objects.create_user("register", role="register_staff")
    with acting_as(physician):
        with acting_as(other):
            assert current_actor().user == other  # type: ignore[union-attr]
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit.ctx('actor')")
            assert cursor.fetchone() == (str(physician.pk),)


def test_the_database_raises_the_row_version_whatever_python_says(physician: User) -> None:
    with acting_as(physician):
        case = _case(physician)
        case.change(narrative="first")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE register_case SET narrative = 'second', row_version = 1")
    assert case.row_version == 2
    case.refresh_from_db()
    assert case.row_version == 3


def test_a_value_and_a_reason_for_missing_cannot_stand_together(physician: User) -> None:
    with pytest.raises(IntegrityError, match="decedent_sex_answer"), acting_as(physician):
        Decedent(case=_case(physician), sex="male", sex_missing="UNK").save()


def test_a_code_outside_its_value_set_cannot_be_stored(physician: User) -> None:
    with pytest.raises(IntegrityError, match="decedent_sex_answer"), acting_as(physician):
        Decedent(case=_case(physician), sex="unheard-of").save()


def test_a_case_cannot_be_decided_by_its_reporter(physician: User) -> None:
    with pytest.raises(IntegrityError, match="case_decided_by_another"), acting_as(physician):
        _case(physician).change(decided_by=physician)


def test_bulk_insert_keeps_the_history(physician: User) -> None:
    with acting_as(physician):
        cases = [_case(physician, f"2026-00000{number}") for number in range(3)]
        Decedent.objects.create_many([Decedent(case=case, sex="male") for case in cases])
    assert set(Decedent.history.values_list("history_user", "history_type")) == {(physician.pk, "+")}
    assert Decedent.history.count() == 3


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (x int)",
        "CREATE TEMP TABLE mine (x int)",
        "DROP TABLE register_case",
        "ALTER TABLE register_case DISABLE TRIGGER USER",
        "TRUNCATE register_case CASCADE",
        "DELETE FROM register_case",
        "UPDATE register_historicalcase SET narrative = 'x'",
        "DELETE FROM register_historicalcase",
        "UPDATE audit.access_event SET code = 'x'",
        "UPDATE pub.published_file SET size = 0",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
    ],
)
def test_the_app_role_has_no_ddl_and_cannot_touch_what_is_kept(statement: str) -> None:
    with session_of("default") as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement)


@pytest.mark.parametrize("table", ["register_case", "register_user", "register_releaseextract", "django_session"])
def test_the_statistics_role_reads_nothing_but_published_tables(table: str) -> None:
    with session_of("stats") as session:
        assert session.execute("SELECT count(*) FROM pub.published_release").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(f"SELECT 1 FROM public.{table}")


def test_the_statistics_role_cannot_write() -> None:
    with session_of("stats") as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("DELETE FROM pub.published_file")


def test_the_three_roles_are_three_accounts() -> None:
    users = {settings.DATABASES[alias]["USER"] for alias in ("default", "owner", "stats")}
    assert len(users) == 3
