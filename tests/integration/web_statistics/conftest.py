"""People at the statistics desk, in a browser without a browser."""

from collections.abc import Callable

import pytest
from django.test import Client

from register.models import User
from tests.integration.api.conftest import publish, release
from tests.integration.reporting.closed_cases import people
from tests.signing_in import sign_in

__all__ = ["publish", "release"]

At = Callable[..., Client]


@pytest.fixture
def at_desk(db: None) -> At:
    """The browser of a person: a name of the staff, or a role."""

    def _at(who: str, language: str = "nl") -> Client:
        people()
        person = User.objects.filter(username=who).first() or User.objects.create_user(who, role=who)
        person.language = language
        person.save()
        client = Client()
        sign_in(client, person)
        return client

    return _at
