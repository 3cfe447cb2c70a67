"""The people at the desks."""

import pytest

from register.models import User
from tests import factories


@pytest.fixture
def physician(db: None) -> User:
    return factories.physician()


@pytest.fixture
def colleague(db: None) -> User:
    """Another physician of the same region."""
    return factories.physician()


@pytest.fixture
def stranger(db: None) -> User:
    """A physician of another region."""
    return factories.physician(factories.ROTTERDAM)


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.reviewer()


@pytest.fixture
def second_reviewer(db: None) -> User:
    return factories.reviewer()
