"""An invitation becomes an account once, by its newest link, while it lasts."""

import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from register.access import invitation_mail, invitations
from register.access.errors import ClosedError, RefusedError, StaleError
from register.access.invitations import InvitationState
from register.audit import acting_as
from register.models import Invitation, OutboxMessage, User
from register.tasks import send_invitation
from register.workflow.roles import Role
from tests.integration.access.conftest import AMSTERDAM, PASSWORD, Invite

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://localhost:8000/uitnodiging/(\S+)")


def _deliver() -> str:
    """Let the worker do what waits; the secret part of the link that was mailed last."""
    for message in OutboxMessage.objects.filter(done_at__isnull=True):
        send_invitation(str(message.pk))
    found = LINK.search(str(mail.outbox[-1].body))
    assert found
    return found[1]


def _accept(invitation: Invitation, password: str = PASSWORD) -> User:
    return invitations.accept(
        invitation_id=invitation.pk, sending=invitation.sending, password=password, now=timezone.now()
    )


def _open(token: str) -> Invitation:
    named = invitations.read_token(token)
    assert named
    return invitations.waiting(invitation_id=named[0], sending=named[1], now=timezone.now())


def test_the_link_in_the_mail_leads_to_the_account_that_was_offered(invite: Invite, admin: User) -> None:
    invitation = invite()
    assert _open(_deliver()) == invitation
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (
        ["wim@ggd.example"],
        "Uitnodiging voor het register drugsgerelateerde sterfte",
    )
    user = _accept(invitation)
    assert user.check_password(PASSWORD)
    assert (user.display_name, user.username, user.role, user.region_id) == (
        "Wim Waarnemer",
        "wim",
        "physician",
        AMSTERDAM,
    )
    assert (user.forensic_service_id, user.ends_on) == (f"FD-{AMSTERDAM}", invitation.ends_on)
    assert user.changes.get().by == admin
    invitation.refresh_from_db()
    assert (invitation.user, invitations.state_of(invitation, now=timezone.now())) == (user, InvitationState.ACCEPTED)


def test_the_mail_speaks_the_language_that_was_chosen(invite: Invite) -> None:
    invite(language="en")
    _deliver()
    assert mail.outbox[0].subject == "Invitation for the register of drug-related deaths"
    assert "Forensic physician" in str(mail.outbox[0].body)


def test_there_is_no_account_before_the_link_was_used(invite: Invite) -> None:
    invite()
    _deliver()
    assert not User.objects.filter(username="wim").exists()


def test_the_secret_of_the_link_stands_in_no_table_and_no_log(invite: Invite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    invitation = invite()
    secret = _deliver()
    _accept(invitation)
    assert secret not in caplog.text
    with connection.cursor() as cursor:
        # What the application may not read it never wrote.
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND has_table_privilege(oid, 'SELECT')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{secret}%"])
            assert cursor.fetchone() == (0,), table


def test_the_outbox_holds_ids_and_nothing_else(invite: Invite) -> None:
    invitation = invite()
    message = OutboxMessage.objects.get()
    assert message.payload == {"invitation_id": str(invitation.pk), "sending": "1"}
    assert "wim" not in json.dumps([message.payload, message.key])


def test_a_mail_that_left_is_not_sent_twice(invite: Invite) -> None:
    invitation = invite()
    _deliver()
    invitation_mail.deliver(invitation_id=invitation.pk, sending=1, now=timezone.now())
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_leaves_the_work_to_be_done_again(invite: Invite, settings: Settings) -> None:
    invitation = invite()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = OutboxMessage.objects.get()
    with pytest.raises(ConnectionRefusedError):
        send_invitation(str(message.pk))
    message.refresh_from_db()
    invitation.refresh_from_db()
    assert (message.done_at, message.last_error, invitation.sent_at) == (None, "ConnectionRefusedError", None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutboxMessage.objects.update(available_at=timezone.now())  # what failed waits a little before it is tried again
    assert _open(_deliver()) == invitation


def test_a_link_works_once(invite: Invite) -> None:
    invitation = invite()
    token = _deliver()
    _accept(invitation)
    with pytest.raises(ClosedError):
        _accept(invitation)
    with pytest.raises(ClosedError):
        _open(token)
    assert User.objects.filter(username="wim").count() == 1


def test_the_old_link_dies_when_the_invitation_is_sent_anew(invite: Invite, admin: User) -> None:
    invitation = invite()
    old = _deliver()
    later = timezone.now() + timedelta(hours=1)
    invitations.send_anew(invitation_id=invitation.pk, seen_version=2, by=admin, now=later)
    with pytest.raises(ClosedError):
        _open(old)
    assert _open(_deliver()) == invitation
    assert len(mail.outbox) == 2


def test_a_revoked_invitation_is_neither_accepted_nor_mailed_nor_sent_anew(invite: Invite, admin: User) -> None:
    invitation = invite()
    revoked = invitations.revoke(invitation_id=invitation.pk, seen_version=1, by=admin, now=timezone.now())
    for message in OutboxMessage.objects.all():
        send_invitation(str(message.pk))
    assert mail.outbox == []
    with pytest.raises(ClosedError):
        _accept(invitation)
    with pytest.raises(ClosedError):
        invitations.send_anew(
            invitation_id=invitation.pk, seen_version=revoked.row_version, by=admin, now=timezone.now()
        )
    assert invite() != invitation


@pytest.mark.parametrize("change", [{"expires_at": 0}, {"ends_on": -1}])
def test_an_expired_link_opens_nothing_until_the_invitation_is_sent_anew(
    invite: Invite, admin: User, change: dict[str, int]
) -> None:
    invitation = invite()
    token = _deliver()
    now = timezone.now()
    with acting_as("system:test"):
        invitation.refresh_from_db()
        if "expires_at" in change:
            invitation.change(created_at=now - timedelta(days=8), expires_at=now)
        else:
            invitation.change(ends_on=timezone.localdate() - timedelta(days=1))
    assert invitations.state_of(invitation, now=now) is InvitationState.EXPIRED
    assert Invitation.objects.filter(invitations.in_state(InvitationState.EXPIRED, now=now)).get() == invitation
    for attempt in (lambda: _open(token), lambda: _accept(invitation)):
        with pytest.raises(ClosedError):
            attempt()
    act = {"invitation_id": invitation.pk, "seen_version": invitation.row_version, "by": admin, "now": now}
    if "ends_on" in change:
        with pytest.raises(ClosedError):
            invitations.send_anew(**act)
    else:
        invitations.send_anew(**act)
        assert _open(_deliver()) == invitation


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "../..", "W10:1tRy7J:nothing", "é" * 300])
def test_a_link_that_was_not_signed_here_says_nothing(token: str) -> None:
    assert invitations.read_token(token) is None


def test_a_link_signed_for_something_else_says_nothing(invite: Invite) -> None:
    from django.core import signing

    token = signing.dumps([invite().pk.hex, 1], salt="another purpose")
    assert invitations.read_token(token) is None


def test_a_weak_password_leaves_the_invitation_open(invite: Invite) -> None:
    invitation = invite()
    for weak in ("kort", "password1234"):
        with pytest.raises(ValidationError):
            _accept(invitation, weak)
    assert _accept(invitation)


@pytest.mark.django_db(transaction=True)
def test_of_two_tries_at_the_same_moment_one_makes_the_account(invite: Invite) -> None:
    invitation = invite()
    start = Barrier(4)

    def attempt(_: int) -> bool:
        start.wait(10)
        try:
            _accept(invitation)
        except ClosedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]
    assert User.objects.filter(username="wim").count() == 1


def test_an_account_made_in_another_way_closes_the_invitation_of_that_name(invite: Invite) -> None:
    invitation = invite()
    User.objects.create_user("WIM", role="auditor")
    with pytest.raises(ClosedError):
        _accept(invitation)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_administrator_invites(invite: Invite, role: Role) -> None:
    invitation = invite()
    other = User.objects.create_user("other", role=role.value, region_id=AMSTERDAM)
    assert list(invitations.invitations_for(other)) == []
    for act in (invitations.send_anew, invitations.revoke):
        with pytest.raises(RefusedError):
            act(invitation_id=invitation.pk, seen_version=1, by=other, now=timezone.now())


def test_an_old_page_neither_revokes_nor_sends(invite: Invite, admin: User) -> None:
    invitation = invite()
    for act in (invitations.send_anew, invitations.revoke):
        with pytest.raises(StaleError):
            act(invitation_id=invitation.pk, seen_version=7, by=admin, now=timezone.now())


def test_without_a_mail_server_a_mail_is_a_file_that_the_operator_can_open(
    invite: Invite, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    settings.PUBLIC_URL = "https://register.example/"
    invite()
    send_invitation(str(OutboxMessage.objects.get().pk))
    (letter,) = tmp_path.iterdir()
    assert "https://register.example/uitnodiging/" in letter.read_text(encoding="utf-8")
