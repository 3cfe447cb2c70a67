"""From where somebody looks: the address that the trusted proxy saw, and digests of login and browser."""

import pytest
from django.db import connection
from django.test import Client, override_settings

from register.audit import keyed_digest, origin
from register.models import User
from tests import factories
from tests.signing_in import sign_in


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "client"),
    [
        (0, "203.0.113.9", "", "203.0.113.9"),
        (0, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (2, "10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "10.0.0.1", "2001:db8::7", "2001:db8::7"),
        (1, "10.0.0.1", "' OR 1=1 --", "unknown"),
        (0, "", "", "unknown"),
    ],
)
def test_only_what_a_trusted_proxy_says_is_believed(proxies: int, peer: str, forwarded: str, client: str) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        assert origin.where(peer=peer, forwarded=forwarded, agent="").origin == client


@pytest.mark.django_db
@override_settings(TRUSTED_PROXIES=1)
def test_a_look_holds_the_place_and_no_word_of_login_or_browser() -> None:
    physician: User = factories.physician()
    client = Client(headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "User-Agent": "Mozilla/5.0 (secret)"})
    sign_in(client, physician)
    session = client.session.session_key
    assert client.get("/zaken/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT origin, login, agent FROM testing.looks() WHERE code = 'case.list'")
        (row,) = cursor.fetchall()
    assert row == ("203.0.113.9", keyed_digest("login", session), keyed_digest("agent", "Mozilla/5.0 (secret)"))
    assert session not in row[1]


@pytest.mark.django_db
def test_signing_in_holds_the_place_although_nobody_was_known_yet() -> None:
    User.objects.create_user("privacy", role="auditor")
    assert Client().post("/aanmelden/demo/", {"persona": "privacy"}).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT origin FROM testing.looks() WHERE code = 'auth.login'")
        assert cursor.fetchall() == [("127.0.0.1",)]


@pytest.mark.django_db
def test_searched_words_are_kept_as_a_digest_only() -> None:
    physician = factories.physician()
    client = Client()
    sign_in(client, physician)
    client.post("/zaken/zoeken/", {"number": "Jansen uit Diemen"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT filters, row_to_json(l)::text FROM testing.looks() l WHERE code = 'case.search'")
        ((_, whole),) = cursor.fetchall()
    assert "Jansen" not in whole
    assert keyed_digest("search", "Jansen uit Diemen") in whole
    assert keyed_digest("search", "jansen") not in whole


def test_equal_words_have_equal_digests_and_other_purposes_have_others() -> None:
    assert keyed_digest("search", "a") == keyed_digest("search", "a") != keyed_digest("login", "a")
    assert keyed_digest("search", "") == ""
