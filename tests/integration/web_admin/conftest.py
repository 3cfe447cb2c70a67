"""People at the administrator's desk, in a browser without a browser."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from register.models import OutboxMessage, User
from register.tasks import send_invitation
from tests.integration.access.conftest import Invite, admin, invite, physician
from tests.signing_in import sign_in

__all__ = ["Invite", "admin", "invite", "physician"]


@pytest.fixture
def desk(admin: User) -> Client:
    """An administrator who is signed in."""
    client = Client()
    sign_in(client, admin)
    return client


@pytest.fixture
def link() -> Callable[[], str]:
    """Let the worker mail what waits; the path of the link in the last mail."""

    def _link() -> str:
        for message in OutboxMessage.objects.filter(done_at__isnull=True):
            send_invitation(str(message.pk))
        found = re.search(r"http://localhost:8000(/uitnodiging/\S+)", str(mail.outbox[-1].body))
        assert found
        return found[1]

    return _link
