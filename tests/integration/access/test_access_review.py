"""The review of access as a command, for whoever keeps it in a spreadsheet."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from register.access import invitations
from register.models import User
from tests.integration.access.conftest import AMSTERDAM, PASSWORD, Invite
from tests.trail import looks

pytestmark = pytest.mark.django_db


def test_the_command_says_who_has_what_since_when_by_whom_and_what_needs_attention(invite: Invite) -> None:
    invitation = invite()
    invitations.accept(invitation_id=invitation.pk, sending=1, password=PASSWORD, now=timezone.now())
    yesterday = timezone.localdate() - timedelta(days=1)
    User.objects.create_user("klaar", role="auditor", ends_on=yesterday)
    User.objects.create_user("slaper", role="auditor", last_login=timezone.now() - timedelta(days=91))
    said = StringIO()
    call_command("access_review", stdout=said)
    head, *lines = [line.split("\t") for line in said.getvalue().splitlines()]
    found = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    assert (found["wim"]["role"], found["wim"]["region"], found["wim"]["granted_by"]) == (
        "physician",
        AMSTERDAM,
        "beheer",
    )
    assert (found["klaar"]["attention"], found["klaar"]["state"]) == ("end date passed", "ended")
    assert found["slaper"]["attention"] == "not used for 90 days"
    assert (found["beheer"]["granted_by"], found["beheer"]["last_login"]) == ("operator", "never")
    (noted,) = looks(code="user.list")
    assert (noted.actor, noted.row_count) == ("system:access_review", 4)
