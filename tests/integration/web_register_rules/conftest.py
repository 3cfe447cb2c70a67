"""People of the rules: who sets them, who works by them, and somebody who reports."""

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
def office(admin: User) -> Client:
    """The administrator."""
    return sign_in(Client(), admin)
