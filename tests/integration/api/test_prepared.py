"""A statement that is prepared once for each connection gives its first row, whatever the driver does between."""

import pytest
from django.db import Error, connection, transaction

from register.models.planned import Prepared

pytestmark = pytest.mark.django_db(transaction=True)

GREATER = Prepared("test_greater", "SELECT $1::text, $2::text WHERE $3::int > 1")


def _names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name = 'test_greater'")
        return [name for (name,) in cursor.fetchall()]


def test_it_is_prepared_once_and_again_when_the_server_was_told_to_forget_it() -> None:
    assert GREATER.first(["één", None, "2"]) == ("één", None)
    assert GREATER.first(["x", "y", "1"]) is None
    assert _names() == ["test_greater"]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert _names() == []
    assert GREATER.first(["x", "y", "2"]) == ("x", "y")
    assert _names() == ["test_greater"]


def test_inside_a_transaction_it_is_part_of_it_also_as_its_first_statement() -> None:
    settle = Prepared("test_settle", "SELECT set_config('app.actor', $1, true), txid_current_if_assigned()")
    with transaction.atomic():
        assert settle.first(
            [
                "somebody",
            ]
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.actor')")
            assert cursor.fetchone() == ("somebody",)


def test_what_the_server_refuses_is_an_error_of_django() -> None:
    with pytest.raises(Error):
        GREATER.first(["x", "y", "no number"])
    assert GREATER.first(["x", "y", "2"]) == ("x", "y")
