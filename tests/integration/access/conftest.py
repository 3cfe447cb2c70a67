"""An administrator, a physician, and somebody who is invited."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from register.access import invitations
from register.access.grants import Grant
from register.access.invitees import Invitee
from register.models import Invitation, User
from register.workflow.roles import Role

AMSTERDAM, ROTTERDAM = "GG3406", "GG4607"
PASSWORD = "een zin die niemand raadt"

Invite = Callable[..., Invitation]


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_user("beheer", role=Role.ADMIN.value, first_name="Bas", last_name="Beheer")


@pytest.fixture
def physician(db: None) -> User:
    return User.objects.create_user("arts", role=Role.PHYSICIAN.value, region_id=AMSTERDAM)


@pytest.fixture
def invite(admin: User) -> Invite:
    """Invite a physician of Amsterdam, or somebody who differs in what is given."""

    def _invite(**changes: object) -> Invitation:
        today = timezone.localdate()
        values: dict[str, object] = {
            "name": "Wim Waarnemer",
            "email": "wim@ggd.example",
            "grant": Grant(Role.PHYSICIAN.value, AMSTERDAM, "", today + timedelta(days=90)),
            **changes,
        }
        return invitations.invite(invitee=Invitee(**values), by=admin, now=timezone.now())  # type: ignore[arg-type]

    return _invite
