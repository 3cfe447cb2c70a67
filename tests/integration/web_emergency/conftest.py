"""A case of Amsterdam, a physician of Rotterdam who needs it, and everybody who hears of that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from register.models import Case, EmergencyAccess, User
from register.workflow.roles import Role
from tests import factories
from tests.factories import AMSTERDAM, ROTTERDAM
from tests.signing_in import sign_in

ASK = "/noodtoegang/"
WHY = {"reason_code": "danger", "text": "Zelfde roze poeder als hier vannacht."}


@dataclass(frozen=True, slots=True)
class People:
    """Those of the story, each with an address for mail."""

    reporter: User
    lead: User
    physician: User
    own_lead: User
    staff: User
    officer: User


def _somebody(name: str, role: Role, region: str | None = None) -> User:
    first, last = name.split(".")
    return User.objects.create_user(
        name,
        role=role.value,
        region_id=region,
        first_name=first.title(),
        last_name=last.title(),
        email=f"{name}@register.example",
    )


@pytest.fixture
def people(transactional_db: None) -> People:
    return People(
        reporter=_somebody("anouk.amstel", Role.PHYSICIAN, AMSTERDAM),
        lead=_somebody("hanna.hoofd", Role.COORDINATOR, AMSTERDAM),
        physician=_somebody("ruben.rotte", Role.PHYSICIAN, ROTTERDAM),
        own_lead=_somebody("rosa.rijnmond", Role.COORDINATOR, ROTTERDAM),
        staff=_somebody("joost.jansen", Role.REGISTER_STAFF),
        officer=_somebody("pien.privacy", Role.AUDITOR),
    )


@pytest.fixture
def case(people: People) -> Case:
    return factories.submitted(people.reporter)


@pytest.fixture
def at() -> Callable[[User], Client]:
    """The browser of a person."""
    return lambda person: sign_in(Client(), person)


@pytest.fixture
def desk(people: People, at: Callable[[User], Client]) -> Client:
    """The browser of the physician of Rotterdam."""
    return at(people.physician)


def ask(desk: Client, case: Case, **changed: str) -> Any:
    return desk.post(ASK, {"number": case.case_number, **WHY, **changed})


@pytest.fixture
def access(desk: Client, case: Case) -> EmergencyAccess:
    """The physician opened the case just now."""
    assert ask(desk, case).status_code == 302
    return EmergencyAccess.objects.get()
