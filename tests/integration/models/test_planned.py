"""Statements whose plan a connection keeps."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from register.audit import acting_as, doing
from register.models.planned import planned_cursor
from register.workflow.verbs import Verb
from tests import factories

pytestmark = pytest.mark.django_db

KEY = UUID(int=7)


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [f"app.{name}"])
        return str(cursor.fetchone()[0] or "")


def test_a_statement_is_planned_once_and_its_values_stay_apart_from_it() -> None:
    said = "SELECT %(word)s::text, %(key)s, 'planned once'"
    with CaptureQueriesContext(connection) as seen:
        for word in ("o'clock", "%", "", "\\", "'; --"):
            with planned_cursor() as cursor:
                cursor.execute(said, {"word": word, "key": KEY})
                assert cursor.fetchone() == (word, KEY, "planned once")
    assert {query["sql"] for query in seen} == {"SELECT $1::text, $2, 'planned once'"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%planned once%"])
        assert cursor.fetchone() == (1,)


def test_the_same_actor_is_told_once_and_what_they_did_ends_with_it() -> None:
    with acting_as("system:test"):
        person = factories.physician()
    with acting_as(person):
        with CaptureQueriesContext(connection) as seen, acting_as(person):
            pass
        assert [query["sql"].partition(" ")[0] for query in seen] == ["SAVEPOINT", "RELEASE"]
        with acting_as(person):
            doing(Verb.EDIT_CASE, reason="because")
            assert _setting("reason_code") == Verb.EDIT_CASE.value
        assert (_setting("actor"), _setting("reason_code")) == (str(person.pk), "")
        with acting_as("system:other"):
            assert _setting("actor") == "system:other"
        assert _setting("actor") == str(person.pk)
