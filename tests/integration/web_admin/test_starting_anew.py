"""Somebody who lost what they sign in with begins again: an administrator lets them, and a mail shows who they are."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from register.access import accounts, factors, new_start
from register.audit import acting_as
from register.models import OutboxMessage, User
from register.tasks import send_new_start
from tests.integration.web_account.conftest import PASSWORD, WithApp, equip, newcomer
from tests.integration.web_account.conftest import give_password as give
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.django_db
NEW = "een heel ander wachtwoord"
CHOICE = {"password": NEW, "password_again": NEW}


@pytest.fixture
def lost(db: None) -> WithApp:
    """A physician with a password and an app, who has neither any more."""
    values = {"password": PASSWORD, "region_id": "GG3406", "email": "arts@amc.example"}
    return equip(newcomer("arts.kwijt", "physician", **values))


def _ask(desk: Client, person: User, **changes: str) -> int:
    person.refresh_from_db()
    sent = {"reason": "telefoon verloren", "version": str(person.grant_version), **changes}
    answer = desk.post(f"/beheer/gebruikers/{person.pk}/opnieuw-beginnen/", sent)
    return int(answer.status_code)


def _link() -> str:
    """Let the worker mail what waits; the path of the link in the last mail."""
    for message in OutboxMessage.objects.filter(done_at__isnull=True):
        send_new_start(str(message.pk))
    found = re.search(r"http://localhost:8000(/opnieuw-beginnen/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_who_lost_everything_begins_again_with_another_password_and_other_factors(
    desk: Client, admin: User, lost: WithApp
) -> None:
    person, inside = lost.person, sign_in(Client(), lost.person)
    assert _ask(desk, person) == 302
    assert inside.get("/zaken/").status_code == 302
    assert give(Client(), person).status_code == 422  # type: ignore[attr-defined]
    assert not factors.kinds_of(person) and not factors.recovery_codes_left(person)
    visitor, path = Client(), _link()
    assert (mail.outbox[-1].to, len(mail.outbox)) == (["arts@amc.example"], 1)
    shown = visitor.get(path, follow=True)
    assert shown.redirect_chain == [("/opnieuw-beginnen/", 302)]
    assert "arts.kwijt" in shown.content.decode()
    for wrong in ({"password": "kort", "password_again": "kort"}, {**CHOICE, "password_again": "x"}, {}):
        assert visitor.post("/opnieuw-beginnen/", wrong).status_code == 422
    assert visitor.post("/opnieuw-beginnen/", CHOICE).headers["Location"] == "/aanmelden/"
    assert "Uw wachtwoord is bewaard." in visitor.get("/aanmelden/").content.decode()
    assert give(visitor, person, NEW).status_code == 302  # type: ignore[attr-defined]
    assert visitor.get("/zaken/").headers["Location"].startswith("/aanmelden/app/")
    assert "werkt niet meer" in Client().get(path, follow=True).content.decode()
    assert person.changes.latest("at").name == "start_anew"
    told = [(look.code, look.actor, look.objects) for look in looks() if person.pk in look.objects]
    assert ("auth.mfa_reset", str(admin.pk), [person.pk]) in told
    assert ("authz.change", new_start.ACTOR, [person.pk]) in told


def test_a_link_dies_with_the_next_one_after_a_day_and_with_the_account(
    desk: Client, admin: User, lost: WithApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(desk, lost.person)
    older = _link()
    _ask(desk, lost.person)
    newer = _link()
    assert "werkt niet meer" in Client().get(older, follow=True).content.decode()
    ready = Client()
    assert "arts.kwijt" in ready.get(newer, follow=True).content.decode()
    with monkeypatch.context() as clock:
        clock.setattr(new_start, "VALID", timedelta(0))
        assert "werkt niet meer" in Client().get(newer, follow=True).content.decode()
    version = User.objects.get(pk=lost.person.pk).grant_version
    accounts.switch_off(user_id=lost.person.pk, reason="uit dienst", seen_version=version, by=admin)
    page = ready.post("/opnieuw-beginnen/", CHOICE)
    assert "werkt niet meer" in page.content.decode()
    assert not User.objects.get(pk=lost.person.pk).has_usable_password()
    for token in ("", "x", newer.rpartition("/")[2][:-2]):
        assert "werkt niet meer" in Client().get(f"/opnieuw-beginnen/{token}", follow=True).content.decode()


def test_nobody_is_let_begin_again_without_a_reason_an_address_or_by_themselves(
    desk: Client, admin: User, lost: WithApp
) -> None:
    assert _ask(desk, lost.person, reason=" ") == 422
    assert _ask(desk, lost.person, version="99") == 409
    assert _ask(desk, admin) == 403
    assert "Opnieuw laten beginnen" in desk.get(f"/beheer/gebruikers/{lost.person.pk}/").content.decode()
    with acting_as("system:test"):
        User.objects.filter(pk=lost.person.pk).update(email="")
    assert _ask(desk, lost.person) == 422
    User.objects.filter(pk=lost.person.pk).update(email="a@b.example", ends_on=timezone.localdate() - timedelta(1))
    assert _ask(desk, lost.person) == 422
    assert not OutboxMessage.objects.exists()
    assert factors.kinds_of(lost.person) == {"totp"}
