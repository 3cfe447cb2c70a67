"""Who can be invited: names and addresses that are read strictly, and given once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from register.access import invitations
from register.access.errors import InvalidError
from register.access.grants import Grant
from register.audit import acting_as
from register.models import Invitation, OutboxMessage, User
from tests.integration.access.conftest import AMSTERDAM, PASSWORD, Invite

pytestmark = pytest.mark.django_db


def _accept(invitation: Invitation) -> User:
    return invitations.accept(invitation_id=invitation.pk, sending=1, password=PASSWORD, now=timezone.now())


def _faults(invite: Invite, **changes: object) -> set[str]:
    with pytest.raises(InvalidError) as refused:
        invite(**changes)
    return {fault.field for fault in refused.value.faults}


@pytest.mark.parametrize("email", ["wim@ggd.example", "WIM@ggd.EXAMPLE"])
def test_an_address_has_one_open_invitation_or_one_account(invite: Invite, email: str) -> None:
    invitation = invite()
    assert _faults(invite, email=email) == {"email"}
    _accept(invitation)
    assert _faults(invite, email=email) == {"email"}


def test_a_user_name_is_given_once_and_one_made_from_the_address_gets_a_number(invite: Invite) -> None:
    _accept(invite())
    assert _faults(invite, email="w@ggd.example", username="Wim") == {"username"}
    assert invite(email="wim@elders.example").username == "wim2"
    assert invite(email="wim@nergens.example").username == "wim3"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "   "}, {"name"}),
        ({"name": "x" * 300}, {"name"}),
        ({"name": "Wim\r\nBcc: iedereen@example.nl"}, {"name"}),
        ({"name": "Wim \u202eremenraaW"}, {"name"}),
        ({"name": "Wim\u200bWaarnemer"}, {"name"}),
        ({"name": "Wim\x00"}, {"name"}),
        ({"name": "=HYPERLINK(1)"}, {"name"}),
        ({"email": ""}, {"email"}),
        ({"email": "wim"}, {"email"}),
        ({"email": "wim@ggd.example\r\nBcc: x@y.example"}, {"email"}),
        ({"email": "wim@ggd.example, x@y.example"}, {"email"}),
        ({"email": "wím@ggd.example"}, {"email"}),
        ({"email": f"{'x' * 300}@ggd.example"}, {"email"}),
        ({"username": "wim waarnemer"}, {"username"}),
        ({"username": "wіm"}, {"username"}),  # the letter in the middle is Cyrillic
        ({"username": "x" * 61}, {"username"}),
        ({"username": "../../etc"}, {"username"}),
        ({"language": "fr"}, {"language"}),
        ({"grant": Grant("owner")}, {"role"}),
        ({"grant": Grant("physician")}, {"region"}),
        ({"grant": Grant("physician", AMSTERDAM, ends_on=timezone.localdate() - timedelta(days=1))}, {"ends_on"}),
        ({"name": "", "email": "", "grant": Grant("")}, {"name", "email", "role"}),
    ],
)
def test_what_cannot_be_invited_has_a_sentence_at_each_field(
    invite: Invite, changes: dict[str, object], fields: set[str]
) -> None:
    assert _faults(invite, **changes) == fields
    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_name_that_was_typed_with_combining_marks_is_stored_in_one_form(invite: Invite) -> None:
    assert invite(name="Rene\u0301  de Vries").name == "René de Vries"


@pytest.mark.django_db(transaction=True)
def test_of_two_invitations_of_one_person_at_the_same_moment_one_is_stored(invite: Invite) -> None:
    start = Barrier(2)

    def attempt(_: int) -> bool:
        start.wait(10)
        try:
            invite(username="wim.waarnemer")
        except InvalidError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]
    assert Invitation.objects.count() == OutboxMessage.objects.count() == 1


def test_the_database_holds_one_open_invitation_and_one_account_for_an_address(invite: Invite) -> None:
    invitation = invite()
    with pytest.raises(IntegrityError, match="one_open_invitation_per_email"), acting_as("system:test"):
        Invitation.objects.create(
            name="x",
            email="Wim@GGD.example",
            username="anders",
            role="auditor",
            created_by=invitation.created_by,
            expires_at=timezone.now() + timedelta(days=1),
        )
    User.objects.create_user("een", email="een@ggd.example", role="auditor")
    with pytest.raises(IntegrityError, match="one_account_per_email"), acting_as("system:test"):
        User.objects.create_user("twee", email="Een@ggd.example", role="auditor")
