"""Somebody with a password, with and without an app for the second step."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from register.access import factors
from register.audit import acting_as
from register.models import User
from tests.factories import AMSTERDAM
from tests.one_time_codes import code_of
from tests.trail import Look, looks

PASSWORD = "een heel lang wachtwoord"


@dataclass(frozen=True, slots=True)
class WithApp:
    """A person whose app has shown one number, and who kept the recovery codes."""

    person: User
    seed: str
    recovery_codes: list[str]

    @property
    def next_code(self) -> str:
        return code_of(self.seed, step=1)


def events(code: str, outcome: str = "ok") -> list[Look]:
    """What the access log holds of one kind."""
    return looks(code=code, outcome=outcome)


def give_password(client: Client, person: User, password: str = PASSWORD, **more: str) -> object:
    return client.post("/aanmelden/", {"username": person.username, "password": password, **more})


def newcomer(name: str, role: str, **values: object) -> User:
    """An account as an administrator makes it."""
    with acting_as("system:test"):
        return User.objects.create_user(name, role=role, **values)  # type: ignore[arg-type]


def change(person: User, **values: object) -> None:
    """Change the account of ``person`` as an administrator does."""
    person.refresh_from_db()
    with acting_as("system:test"):
        for name, value in values.items():
            setattr(person, name, value)
        person.save()


def new_password(person: User, password: str) -> None:
    """Give ``person`` another password."""
    change(person, password=make_password(password))


def equip(person: User) -> WithApp:
    """Give ``person`` an app and recovery codes."""
    seed = factors.new_seed()
    assert factors.add_app(person=person, seed=seed, code=code_of(seed))
    return WithApp(person, seed, factors.new_recovery_codes(person=person))


@pytest.fixture
def person(db: None) -> User:
    """A physician who never set up a second step."""
    return newcomer("arts.veilig", "physician", password=PASSWORD, region_id=AMSTERDAM, email="arts@amc.example")


@pytest.fixture
def equipped(person: User) -> WithApp:
    return equip(person)
