"""How many statements a request of the physician's desk takes: each costs web server and database their part."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from register.models import Case, User
from tests import factories
from tests.integration.web_physician.conftest import version

pytestmark = pytest.mark.django_db

# What one page more or less asks: a vocabulary, the rows of its kinds, the names that a summary shows.
MOST = {
    "": 11,
    "overledene/": 11,
    "omstandigheden/": 13,
    "middelen/": 13,
    "toxicologie/": 14,
    "conclusie/": 15,
    "controleren/": 15,
}
MOST_OF_A_SAVE = 18


def _asked(seen: CaptureQueriesContext) -> list[str]:
    """Without the marks of transactions, and without what keeps the session, written once in half a minute."""
    left_out = ("SAVEPOINT", "RELEASE", 'UPDATE "register_session"')
    return [query["sql"] for query in seen if not any(mark in query["sql"] for mark in left_out)]


@pytest.fixture
def filled(physician: User) -> Case:
    return factories.filled(physician)


@pytest.mark.parametrize("page", MOST)
def test_a_page_of_a_case_takes_few_statements(desk: Client, filled: Case, page: str) -> None:
    address = f"/zaken/{filled.pk}/{page}"
    desk.get(address)  # the first look of a process reads the vocabularies
    with CaptureQueriesContext(connection) as seen:
        assert desk.get(address).status_code == 200
    assert len(_asked(seen)) <= MOST[page], "\n".join(text[:120] for text in _asked(seen))


def test_a_save_takes_few_statements_and_is_answered_from_what_it_stored(desk: Client, filled: Case) -> None:
    def save(age: int, seen: int) -> Any:
        address = reverse("physician:save", args=[filled.pk, "overledene"])
        typed = {"save_id": str(uuid4()), "age_years": str(age)}
        return desk.post(address, typed, headers={"If-Match": f'"{seen}"'})

    save(40, version(filled))
    before = version(filled)
    with CaptureQueriesContext(connection) as seen:
        answer = save(41, before)
    assert (answer.status_code, answer.json()["saved"]) == (200, ["age_years"])
    assert before < answer.json()["version"] == version(filled)
    assert len(_asked(seen)) <= MOST_OF_A_SAVE, "\n".join(text[:120] for text in _asked(seen))
