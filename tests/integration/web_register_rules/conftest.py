"""People of the rules: who sets them and works by them, and somebody who reports."""

import pytest
from django.test import Client

from register.models import User
from register.workflow.roles import Role
from tests import factories
from tests.signing_in import sign_in


@pytest.fixture
def admin(db: None) -> User:
    return factories.person(Role.ADMIN)


@pytest.fixture
def staff(db: None) -> User:
    return factories.reviewer()


@pytest.fixture
def physician(db: None) -> User:
    return factories.physician()


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    """Somebody of the register's staff."""
    sign_in(client, staff)
    return client


@pytest.fixture
def colleague(db: None) -> User:
    return factories.reviewer()


@pytest.fixture
def beside(colleague: User) -> Client:
    """A colleague of who sits at the desk."""
    return sign_in(Client(), colleague)


@pytest.fixture
def office(admin: User) -> Client:
    """The administrator."""
    return sign_in(Client(), admin)
