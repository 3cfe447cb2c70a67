"""People of the desk and a case as a physician hands it in."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client

from register.models import Case, User
from tests.factories import AMSTERDAM, handed_in
from tests.signing_in import sign_in

Submit = Callable[..., Case]


@pytest.fixture
def physician(db: None) -> User:
    return User.objects.create_user("arts", role="physician", region_id=AMSTERDAM)


@pytest.fixture
def reviewer(db: None) -> User:
    return User.objects.create_user("jansen", role="register_staff", first_name="R.", last_name="Jansen")


@pytest.fixture
def desk(client: Client, reviewer: User) -> Client:
    sign_in(client, reviewer)
    return client


@pytest.fixture
def submit(physician: User) -> Submit:
    """Hand in a case of this physician."""
    return partial(handed_in, physician)
