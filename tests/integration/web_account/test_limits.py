"""Guessing is slow, whoever guesses and wherever from, and tells nothing about who has an account."""

import re
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections
from django.test import Client

from register.access import limits
from register.models import SignInTry, User
from tests.conftest import session_of
from tests.integration.web_account.conftest import PASSWORD, WithApp, events, give_password, newcomer
from tests.scale import scaled
from tests.signing_in import sign_in

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


class CountingHasher(MD5PasswordHasher):
    """The hasher of the tests, which counts how often a password is looked at."""

    looked: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.looked.append(password)
        return super().encode(password, salt)


@pytest.fixture
def looked(person: User, settings: object) -> Iterator[list[str]]:
    settings.PASSWORD_HASHERS = [f"{CountingHasher.__module__}.CountingHasher"]  # type: ignore[attr-defined]
    CountingHasher.looked.clear()
    yield CountingHasher.looked
    CountingHasher.looked.clear()


def _five_minutes_pass() -> None:
    """As if the tries so far were made earlier. The app may not move them, so the owner does."""
    with session_of("owner") as session:
        session.execute("UPDATE register_signintry SET at = at - interval '301 seconds'")


@pytest.mark.scaled
def test_of_very_many_passwords_five_are_looked_at(client: Client, person: User, looked: list[str]) -> None:
    tries = scaled("passwords", small=100, full=1_000)
    for number in range(tries):
        answer = client.post(
            "/aanmelden/",
            {"username": person.username, "password": f"wachtwoord {number}"},
            REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}",
        )
        assert answer.status_code == 422
    assert len(looked) == 5
    assert len(events("auth.fail", "denied")) == tries


def test_who_is_signed_in_guesses_no_more_passwords_than_anybody_else(
    client: Client, person: User, looked: list[str]
) -> None:
    sign_in(client, newcomer("collega", "statistician"))
    for number in range(12):
        assert give_password(client, person, f"wachtwoord {number}").status_code == 422  # type: ignore[attr-defined]
    assert len(looked) == 5
    assert [event.objects for event in events("auth.fail", "denied")] == [[person.pk]] * 12


def test_the_right_password_is_not_looked_at_either_while_the_account_waits(
    client: Client, person: User, looked: list[str]
) -> None:
    for number in range(5):
        give_password(client, person, f"wachtwoord {number}")
    assert give_password(client, person).status_code == 422  # type: ignore[attr-defined]
    assert PASSWORD not in looked


@pytest.mark.django_db(transaction=True)
def test_after_five_minutes_there_are_five_more(client: Client, person: User) -> None:
    for number in range(6):
        give_password(client, person, f"wachtwoord {number}")
    assert give_password(client, person).status_code == 422  # type: ignore[attr-defined]
    _five_minutes_pass()
    assert give_password(client, person).status_code == 302  # type: ignore[attr-defined]
    assert SignInTry.objects.count() == 1  # the address keeps its own count


def test_a_name_that_nobody_has_is_counted_and_answered_alike(client: Client, person: User, looked: list[str]) -> None:
    answers = {}
    for name in (person.username, "niemand.bestaat"):
        for number in range(7):
            page = client.post("/aanmelden/", {"username": name, "password": f"wachtwoord {number}"}).content.decode()
            answers[name, number] = re.sub(r"value=\"\w{64}\"", "", page).replace(name, "NAAM")
    assert len(set(answers.values())) == 1
    assert len(looked) == 10


def test_the_same_name_in_capitals_is_the_same_account(client: Client, person: User, looked: list[str]) -> None:
    for number in range(20):
        name = "".join(letter.upper() if number >> place & 1 else letter for place, letter in enumerate("arts.veilig"))
        client.post("/aanmelden/", {"username": f" {name} ", "password": "x"})
    assert len(looked) == 5


def test_one_address_does_not_try_a_list_of_names(client: Client, person: User, looked: list[str]) -> None:
    for number in range(80):
        client.post("/aanmelden/", {"username": f"naam{number}", "password": "Welkom2027!"})
    assert len(looked) == 50


def test_a_header_does_not_make_another_address(client: Client, person: User, looked: list[str]) -> None:
    for number in range(80):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        client.post("/aanmelden/", {"username": f"naam{number}", "password": "x"}, headers=headers)
    assert len(looked) == 50


def test_no_name_and_no_password_stands_in_what_is_counted_or_noted(client: Client, person: User) -> None:
    client.post("/aanmelden/", {"username": "mijn geheime wachtwoord", "password": "x"})
    give_password(client, person, "verkeerd")
    noted = [(event.objects, event.actor) for event in events("auth.fail", "denied")]
    assert sorted(noted, key=str) == sorted([([], "system:login"), ([person.pk], "system:login")], key=str)
    assert "geheim" not in str(list(SignInTry.objects.values()))


def test_five_wrong_numbers_shut_the_second_step_for_the_right_one_too(client: Client, equipped: WithApp) -> None:
    give_password(client, equipped.person)
    for number in range(5):
        assert client.post("/aanmelden/tweede-stap/", {"confirm_code": f"00000{number}"}).status_code == 422
    answer = client.post("/aanmelden/tweede-stap/", {"confirm_code": equipped.next_code})
    assert answer.status_code == 422
    assert client.post("/aanmelden/tweede-stap/", {"confirm_code": equipped.recovery_codes[0]}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_tries_of_a_signed_in_person_count_although_their_request_is_rolled_back(
    client: Client, equipped: WithApp
) -> None:
    sign_in(client, equipped.person)
    for number in range(5):
        assert client.post("/aanmelden/bevestigen/", {"confirm_code": f"00000{number}"}).status_code < 500
    assert SignInTry.objects.count() == 5
    assert not limits.take(limits.FACTORS_OF_ACCOUNT, str(equipped.person.pk))


@pytest.mark.django_db(transaction=True)
def test_of_twenty_tries_at_once_five_are_allowed() -> None:
    gate, allowed = threading.Barrier(20), []

    def run() -> None:
        gate.wait()
        try:
            allowed.append(limits.take(limits.PASSWORDS_OF_ACCOUNT, "arts.veilig"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(allowed) == [False] * 15 + [True] * 5


@pytest.mark.django_db(transaction=True)
def test_nobody_signs_in_when_tries_cannot_be_counted(client: Client, person: User) -> None:
    client.raise_request_exception = False
    with session_of("owner") as session:
        session.execute("REVOKE INSERT ON register_signintry FROM register_app")
        try:
            answer = give_password(client, person)
        finally:
            session.execute("GRANT INSERT ON register_signintry TO register_app")
    assert answer.status_code == 500  # type: ignore[attr-defined]
    assert client.get("/zaken/").headers["Location"].startswith("/aanmelden/?")
