"""A privacy officer, a case that people look at, and browsers for them. The log is read over another connection."""

from collections.abc import Callable

import pytest
from django.test import Client

from register.models import Case, User
from register.workflow.roles import Role
from tests import factories
from tests.signing_in import sign_in

At = Callable[[User], Client]


@pytest.fixture
def physician(transactional_db: None) -> User:
    return User.objects.create_user(
        "arts.amsterdam", role="physician", region_id=factories.AMSTERDAM, first_name="Aad", last_name="Arts"
    )


@pytest.fixture
def case(physician: User) -> Case:
    return factories.submitted(physician)


@pytest.fixture
def reviewer(transactional_db: None) -> User:
    return User.objects.create_user("register.jansen", role="register_staff", first_name="R.", last_name="Jansen")


@pytest.fixture
def officer(transactional_db: None) -> User:
    return User.objects.create_user("privacy", role=Role.AUDITOR.value, first_name="Pien", last_name="Privacy")


@pytest.fixture
def at(transactional_db: None) -> At:
    """The browser of a person."""

    def _at(person: User) -> Client:
        client = Client()
        return sign_in(client, person)

    return _at


@pytest.fixture
def desk(at: At, officer: User) -> Client:
    return at(officer)
