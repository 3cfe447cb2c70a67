"""A session ends by itself, with the account, and when its owner says so; nobody picks its key."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from register.access import sessions
from register.models import Session, User
from tests.integration.web_account.conftest import (
    PASSWORD,
    WithApp,
    change,
    events,
    give_password,
    new_password,
    newcomer,
)
from tests.signing_in import sign_in

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


def _is_in(client: Client) -> bool:
    return client.get("/zaken/").status_code == 200


def _turn_back(client: Client, seconds: float, *marks: str) -> None:
    session = client.session
    for mark in marks:
        session[mark] -= seconds
    session.save()


def test_a_key_that_somebody_brought_along_is_not_the_key_of_the_session(client: Client, equipped: WithApp) -> None:
    client.get("/aanmelden/organisatie/x/")
    attacker = client.session
    attacker["planted"] = "1"
    attacker.save()
    planted = attacker.session_key
    client.cookies["sessionid"] = planted
    give_password(client, equipped.person)
    client.post("/aanmelden/tweede-stap/", {"confirm_code": equipped.next_code})
    assert _is_in(client)
    assert client.session.session_key != planted
    other = Client()
    other.cookies["sessionid"] = planted
    assert not _is_in(other)


@pytest.mark.django_db
def test_a_key_that_nobody_gave_out_opens_nothing(client: Client) -> None:
    client.cookies["sessionid"] = "abcdefghijklmnopqrstuvwxyz012345"
    assert not _is_in(client)


def test_a_quarter_of_an_hour_without_use_ends_a_session(client: Client, person: User) -> None:
    sign_in(client, person)
    row = Session.objects.get(person=person)
    assert timedelta(minutes=14) < row.expire_date - timezone.now() <= timedelta(minutes=15)
    row.expire_date = timezone.now()
    row.save()
    assert not _is_in(client)


def test_use_keeps_a_session_and_asking_how_long_it_lasts_does_not(client: Client, person: User) -> None:
    sign_in(client, person)
    _turn_back(client, 600, sessions.SEEN)
    assert client.get("/aanmelden/resterend/").json()["seconds"] <= 300
    assert client.get("/aanmelden/resterend/").json()["seconds"] <= 300
    client.get("/zaken/")
    assert client.get("/aanmelden/resterend/").json()["seconds"] > 800


def test_the_button_to_stay_keeps_a_session(client: Client, person: User) -> None:
    sign_in(client, person)
    _turn_back(client, 800, sessions.SEEN)
    assert client.post("/aanmelden/blijven/").json()["seconds"] > 880


def test_half_a_day_ends_a_session_that_is_in_use(client: Client, person: User) -> None:
    sign_in(client, person)
    _turn_back(client, 12 * 60 * 60 - 60, sessions.BEGUN)
    assert client.post("/aanmelden/blijven/").json()["seconds"] <= 60
    _turn_back(client, 61, sessions.BEGUN)
    assert client.get("/aanmelden/resterend/").json() == {"seconds": 0}
    assert not _is_in(client)
    assert not Session.objects.filter(person=person).exists()


@pytest.mark.parametrize("ending", [{"is_active": False}, {"ends_on": timezone.localdate() - timedelta(days=1)}])
def test_an_account_that_ends_takes_its_sessions_along(client: Client, person: User, ending: dict[str, object]) -> None:
    sign_in(client, person)
    assert _is_in(client)
    change(person, **ending)
    assert not _is_in(client)
    change(person, is_active=True, ends_on=None)
    assert not _is_in(client)


def test_an_account_that_ended_between_the_two_steps_does_not_get_in(client: Client, equipped: WithApp) -> None:
    give_password(client, equipped.person)
    change(equipped.person, is_active=False)
    client.post("/aanmelden/tweede-stap/", {"confirm_code": equipped.next_code})
    assert not _is_in(client)


def test_a_new_password_ends_the_sessions_of_the_old_one(client: Client, person: User) -> None:
    sign_in(client, person)
    new_password(person, PASSWORD + " nieuw")
    assert not _is_in(client)


def test_a_new_role_ends_the_session_at_its_next_request(client: Client, person: User) -> None:
    sign_in(client, person)
    before = client.session.session_key
    change(person, role="statistician")
    assert client.get("/zaken/").headers["Location"].startswith("/aanmelden/")
    other = Client()
    other.cookies["sessionid"] = before
    assert not _is_in(other)


def test_a_person_sees_their_sessions_and_ends_one(client: Client, person: User) -> None:
    sign_in(client, person)
    other = sign_in(Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/142.0"}), person)
    _turn_back(other, 60, sessions.SEEN)
    other.get("/zaken/")
    page = client.get("/mijn-profiel/").content.decode()
    assert "Firefox, Windows" in page
    key = other.session.session_key
    assert key
    assert key not in page
    client.post(f"/mijn-profiel/sessie/{sessions.handle_of(key)}/einde/")
    assert not _is_in(other)
    assert _is_in(client)
    assert len(events("auth.logout")) == 1


def test_nobody_ends_the_session_of_somebody_else(client: Client, person: User) -> None:
    stranger = newcomer("ander", "statistician")
    sign_in(client, stranger)
    other = sign_in(Client(), person)
    client.post(f"/mijn-profiel/sessie/{sessions.handle_of(str(other.session.session_key))}/einde/")
    assert _is_in(other)


def test_an_administrator_ends_every_session_of_a_person(client: Client, person: User) -> None:
    sign_in(client, person)
    sign_in(Client(), person)
    assert sessions.end_sessions(person=person) == 2
    assert not _is_in(client)


def test_signing_in_removes_sessions_that_are_over(client: Client, equipped: WithApp) -> None:
    sign_in(Client(), equipped.person)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    give_password(client, equipped.person)
    client.post("/aanmelden/tweede-stap/", {"confirm_code": equipped.next_code})
    assert Session.objects.count() == 1


def test_the_cookie_goes_with_the_browser_and_no_script_reads_it(client: Client, person: User) -> None:
    answer = give_password(client, person)
    cookie = answer.cookies["sessionid"]  # type: ignore[attr-defined]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


def test_a_session_that_runs_out_says_so_on_every_page(client: Client, person: User) -> None:
    sign_in(client, person)
    _turn_back(client, 12 * 60 * 60 - 300, sessions.BEGUN)
    page = client.get("/zaken/").content.decode()
    assert 'data-seconds="29' in page or 'data-seconds="300"' in page
    assert time.time() - client.session[sessions.SEEN] < 60
