"""From the form of the administrator to the account of the invitee, and every way in which a link does not work."""

import logging
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from register.access import invitations
from register.models import Invitation, OutboxMessage, User
from tests.integration.access.conftest import AMSTERDAM, PASSWORD, Invite
from tests.trail import looks

pytestmark = pytest.mark.django_db
NEW = "/beheer/uitnodigingen/nieuw/"
Link = Callable[[], str]


def _sent(**changes: str) -> dict[str, str]:
    year = str(timezone.localdate().year + 1)
    return {
        "name": "Wim Waarnemer",
        "email": "wim@ggd.example",
        "role": "physician",
        "region": AMSTERDAM,
        "ends_on_day": "1",
        "ends_on_month": "6",
        "ends_on_year": year,
        "language": "nl",
        **changes,
    }


def _passwords(first: str = PASSWORD, second: str | None = None) -> dict[str, str]:
    return {"password": first, "password_again": first if second is None else second}


def test_an_invitation_goes_from_the_form_to_a_signed_in_account(desk: Client, link: Link) -> None:
    page = desk.post(NEW, _sent(), follow=True)
    assert "De uitnodiging is onderweg naar wim@ggd.example." in page.content.decode()
    invitee = Client()
    path = link()
    shown = invitee.get(path, follow=True)
    assert shown.redirect_chain == [("/uitnodiging/", 302)]
    body = shown.content.decode()
    assert "Wim Waarnemer" in body
    assert "Forensisch arts" in body
    entered = invitee.post("/uitnodiging/", _passwords())
    assert (entered.status_code, entered.url) == (302, "/")  # type: ignore[attr-defined]
    user = User.objects.get(username="wim")
    assert invitee.session["_auth_user_id"] == str(user.pk)
    assert "invitation" not in invitee.session
    noted = [(look.code, look.actor, look.object_type) for look in looks()]
    assert ("authz.change", "system:invitation", "user") in noted
    assert ("auth.login", str(user.pk), "session") in noted


def test_the_form_shows_every_mistake_at_its_field_and_keeps_what_was_typed(desk: Client) -> None:
    sent = _sent(name="Wim\r\nBcc: x", email="wim", region="", ends_on_day="32", username="Wim Waarnemer")
    page = desk.post(NEW, sent)
    assert page.status_code == 422
    shown = {field.name: field for field in page.context["fields"]}
    assert {name for name, field in shown.items() if field.error} == {"name", "email", "region", "ends_on", "username"}
    assert (shown["email"].value, shown["ends_on"].parts[0].value) == ("wim", "32")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["", "superuser", "ADMIN", "\x00", "admin; --"])
def test_a_role_that_is_not_on_the_list_is_refused(desk: Client, role: str) -> None:
    page = desk.post(NEW, _sent(role=role))
    assert page.status_code == 422
    assert "Kies een rol uit de lijst." in page.content.decode()


def test_a_form_with_nothing_in_it_is_refused_and_not_broken(desk: Client) -> None:
    assert desk.post(NEW, {}).status_code == 422


def test_the_form_proposes_an_end_date_one_year_ahead(desk: Client) -> None:
    shown = {field.name: field for field in desk.get(NEW).context["fields"]}
    assert shown["ends_on"].parts[2].value == str(timezone.localdate().year + 1)


def test_sending_anew_kills_the_old_link_and_revoking_kills_the_new_one(
    desk: Client, invite: Invite, link: Link
) -> None:
    invitation = invite()
    page, old = f"/beheer/uitnodigingen/{invitation.pk}/", link()
    invitation.refresh_from_db()
    desk.post(f"{page}opnieuw/", {"version": str(invitation.row_version)})
    assert "werkt niet meer" in Client().get(old, follow=True).content.decode()
    new = link()
    assert "Wim Waarnemer" in Client().get(new, follow=True).content.decode()
    invitation.refresh_from_db()
    desk.post(f"{page}intrekken/", {"version": str(invitation.row_version)})
    assert "werkt niet meer" in Client().get(new, follow=True).content.decode()
    closed = desk.post(f"{page}opnieuw/", {"version": str(invitation.row_version + 1)})
    assert (closed.status_code, "Nodig opnieuw uit." in closed.content.decode()) == (422, True)
    stale = desk.post(f"{page}intrekken/", {"version": "1"})
    assert stale.status_code == 409


def test_a_used_link_leads_to_signing_in(invite: Invite, link: Link) -> None:
    invite()
    path, client = link(), Client()
    client.get(path)
    client.post("/uitnodiging/", _passwords())
    page = Client().get(path, follow=True)
    assert page.status_code == 200
    assert "Hebt u al een account?" in page.content.decode()
    assert "wim" not in page.content.decode().lower()


def test_a_link_that_dies_between_look_and_password_makes_no_account(invite: Invite, admin: User, link: Link) -> None:
    invitation = invite()
    client = Client()
    client.get(link())
    invitation.refresh_from_db()
    invitations.revoke(invitation_id=invitation.pk, seen_version=invitation.row_version, by=admin, now=timezone.now())
    page = client.post("/uitnodiging/", _passwords())
    assert "werkt niet meer" in page.content.decode()
    assert not User.objects.filter(username="wim").exists()


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({}, "password", "Kies een wachtwoord."),
        (_passwords(PASSWORD, "iets anders"), "password_again", "De twee wachtwoorden verschillen."),
        (_passwords("kort"), "password", "te kort"),
        (_passwords("password1234"), "password", "te algemeen"),
        (_passwords("x" * 2000), "password", "hoogstens 1000"),
        (_passwords("een zin met \x00 erin"), "password", "hoogstens 1000"),
    ],
)
def test_a_password_that_will_not_do_gets_a_sentence_at_its_field(
    invite: Invite, link: Link, sent: dict[str, str], field: str, sentence: str
) -> None:
    invite()
    client = Client()
    client.get(link())
    page = client.post("/uitnodiging/", sent)
    assert page.status_code == 422
    wrong = {box.name: box.error for box in page.context["boxes"] if box.error}
    assert list(wrong) == [field]
    assert sentence in wrong[field]
    assert client.post("/uitnodiging/", _passwords()).status_code == 302


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "..%2F..", "x" * 4000, "%E2%80%AE"])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_whatever_a_link_holds_its_answer_is_the_same_and_nothing_is_logged(
    db: None, caplog: pytest.LogCaptureFixture, token: str, method: str
) -> None:
    caplog.set_level(logging.DEBUG, logger="django.request")
    client = Client(enforce_csrf_checks=True)
    for path in (f"/uitnodiging/{token}", f"/uitnodiging/{token}/"):  # some mail programs add a slash
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.url) == (302, "/uitnodiging/")
    assert caplog.text == ""
    assert "werkt niet meer" in client.get("/uitnodiging/").content.decode()
    assert not client.session.keys()


def test_somebody_who_is_signed_in_does_not_become_somebody_else(desk: Client, invite: Invite, link: Link) -> None:
    invite()
    page = desk.get(link(), follow=True)
    assert "U bent al aangemeld" in page.content.decode()
    assert "U bent al aangemeld" in desk.post("/uitnodiging/", _passwords()).content.decode()
    assert not User.objects.filter(username="wim").exists()


def test_the_password_page_wants_the_form_of_this_register(invite: Invite, link: Link) -> None:
    invite()
    client = Client(enforce_csrf_checks=True)
    client.get(link())
    page = client.post("/uitnodiging/", _passwords())
    assert page.status_code == 403
    assert PASSWORD not in page.content.decode()


def test_an_unknown_invitation_is_not_found(desk: Client) -> None:
    for step in ("", "opnieuw/", "intrekken/"):
        url = f"/beheer/uitnodigingen/{OutboxMessage().pk}/{step}"
        assert (desk.post(url) if step else desk.get(url)).status_code == 404
