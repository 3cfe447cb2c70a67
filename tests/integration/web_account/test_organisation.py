"""The login of a hospital or GGD leads to an account that exists, and to nothing on a token that does not hold."""

import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client

from config.env import Environment
from config.settings.organisations import organisations as configured
from register.access import organisations
from register.audit import acting_as
from register.models import User
from tests.integration.web_account.conftest import WithApp, change, events, newcomer
from tests.organisation_login import CLIENT, SECRET

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
LEAVE, BACK = "/aanmelden/organisatie/amc/", "/aanmelden/organisatie/amc/terug/"
SPOILT = (
    *("nonce", "no nonce", "audience", "party", "issuer", "expired"),
    *("key", "kid", "none", "shared", "cut", "nonsense", "missing"),
)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a provider that runs beside the tests."""
    told = tmp_path_factory.mktemp("organisation") / "port"
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-m", "tests.organisation_login", str(told)], cwd=root)
    try:
        while not told.exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield f"http://127.0.0.1:{told.read_text()}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def amc(provider: str, settings: Any) -> Iterator[str]:
    """The provider as the environment of a deployment names it."""
    _set(provider, settings)
    return provider


def _set(provider: str, settings: Any, **more: str) -> None:
    variables = {
        "OIDC_PROVIDERS": "amc",
        "OIDC_AMC_NAME": "Amsterdam UMC",
        "OIDC_AMC_ISSUER": provider,
        "OIDC_AMC_CLIENT_ID": CLIENT,
        "OIDC_AMC_CLIENT_SECRET": SECRET,
        "OIDC_AMC_EMAIL_DOMAINS": "amc.example",
        **more,
    }
    apps = configured(Environment(variables))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def _walk(client: Client, provider: str, *, spoil: str = "", **claims: Any) -> Any:
    """Leave for the organisation, be let in there as ``claims``, and come back."""
    requests.post(f"{provider}/next", json={"claims": claims, "spoil": spoil}, timeout=10)
    return client.get(_return(client))


def _return(client: Client) -> str:
    away = client.get(LEAVE, {"next": "/vragen/"}).headers["Location"]
    back = urlsplit(requests.get(away, allow_redirects=False, timeout=10).headers["Location"])
    assert back.path == BACK
    return f"{back.path}?{back.query}"


@pytest.fixture
def linked(equipped: WithApp) -> WithApp:
    with acting_as("system:test"):
        organisations.link(provider="amc", subject="sub-17", person=equipped.person)
    return equipped


def test_the_sign_in_page_offers_the_organisation(client: Client, amc: str, db: None) -> None:
    page = client.get("/aanmelden/?next=/vragen/").content.decode()
    assert f'href="{LEAVE}?next=/vragen/"' in page
    assert "Amsterdam UMC" in page


def test_without_organisations_there_is_no_such_door(client: Client, db: None) -> None:
    assert "organisatie" not in client.get("/aanmelden/").content.decode()
    assert client.get(LEAVE).status_code == 404


def test_the_way_out_carries_a_state_a_nonce_and_a_challenge(client: Client, amc: str, db: None) -> None:
    asked = parse_qs(urlsplit(client.get(LEAVE).headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32
    assert asked["state"]
    assert "email" in asked["scope"][0]


def test_a_linked_person_still_gives_the_second_step_of_the_register(client: Client, amc: str, linked: WithApp) -> None:
    assert _walk(client, amc, sub="sub-17").headers["Location"] == "/aanmelden/tweede-stap/"
    assert client.get("/zaken/").status_code == 302
    answer = client.post("/aanmelden/tweede-stap/", {"confirm_code": linked.next_code})
    assert answer.headers["Location"] == "/vragen/"
    assert client.get("/vragen/").status_code == 200
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}])
def test_a_second_factor_of_the_organisation_counts_when_the_settings_say_so(
    client: Client, provider: str, linked: WithApp, settings: Any, claims: dict[str, Any]
) -> None:
    _set(provider, settings, OIDC_AMC_SECOND_FACTOR="mfa,hwk")
    assert _walk(client, provider, sub="sub-17", **claims).headers["Location"] == "/vragen/"
    assert client.get("/vragen/").status_code == 200
    assert len(events("auth.login")) == 1


def test_it_does_not_count_when_the_settings_do_not_say_so_or_the_token_does_not(
    client: Client, provider: str, linked: WithApp, settings: Any
) -> None:
    _set(provider, settings)
    assert _walk(client, provider, sub="sub-17", amr=["mfa"]).headers["Location"] == "/aanmelden/tweede-stap/"
    _set(provider, settings, OIDC_AMC_SECOND_FACTOR="mfa")
    other = Client()
    assert _walk(other, provider, sub="sub-17", amr=["pwd"]).headers["Location"] == "/aanmelden/tweede-stap/"


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_token_that_does_not_hold_lets_nobody_in(client: Client, amc: str, linked: WithApp, spoil: str) -> None:
    answer = _walk(client, amc, sub="sub-17", spoil=spoil)
    assert answer.status_code == 403
    assert "niet te vertrouwen" in answer.content.decode()
    assert client.get("/zaken/").status_code == 302
    assert client.get("/aanmelden/tweede-stap/").headers["Location"] == "/aanmelden/"
    assert events("auth.login") == []
    assert len(events("auth.fail", "denied")) == 1


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?error=access_denied&state=y", "?state=%00"])
def test_coming_back_without_having_left_leads_nowhere(client: Client, amc: str, db: None, query: str) -> None:
    assert client.get(BACK + query).status_code == 403


def test_the_way_back_of_somebody_else_is_not_mine(client: Client, amc: str, linked: WithApp) -> None:
    requests.post(f"{amc}/next", json={"claims": {"sub": "sub-17"}, "spoil": ""}, timeout=10)
    way = _return(Client())
    assert client.get(way).status_code == 403


def test_a_way_back_works_once(client: Client, amc: str, linked: WithApp) -> None:
    requests.post(f"{amc}/next", json={"claims": {"sub": "sub-17"}, "spoil": ""}, timeout=10)
    way = _return(client)
    assert client.get(way).status_code == 302
    assert client.get(way).status_code == 403


def test_somebody_without_an_account_gets_none(client: Client, amc: str, person: User) -> None:
    answer = _walk(client, amc, sub="sub-99", email="ander@amc.example", email_verified=True)
    assert answer.status_code == 403
    assert "geen account" in answer.content.decode()
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_an_address_that_the_organisation_may_vouch_for_links_once(client: Client, amc: str, equipped: WithApp) -> None:
    claims = {"email": "Arts@AMC.example", "email_verified": True}
    assert _walk(client, amc, sub="sub-1", **claims).headers["Location"] == "/aanmelden/tweede-stap/"
    assert SocialAccount.objects.get().user_id == equipped.person.pk
    assert _walk(Client(), amc, sub="sub-2", **claims).status_code == 403
    assert _walk(Client(), amc, sub="sub-1").headers["Location"] == "/aanmelden/tweede-stap/"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "arts@amc.example"},
        {"email": "arts@amc.example", "email_verified": "true"},
        {"email": "arts@elders.example", "email_verified": True},
        {"email": "arts@amc.example.org", "email_verified": True},
        {"email": "amc.example", "email_verified": True},
    ],
)
def test_an_address_that_nobody_vouches_for_links_nobody(
    client: Client, amc: str, equipped: WithApp, claims: dict[str, Any]
) -> None:
    assert _walk(client, amc, sub="sub-1", **claims).status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_account_that_ended_does_not_come_in_by_the_organisation(client: Client, amc: str, linked: WithApp) -> None:
    change(linked.person, ends_on="2020-01-01")
    assert _walk(client, amc, sub="sub-17").status_code == 403
    assert client.get("/aanmelden/tweede-stap/").headers["Location"] == "/aanmelden/"


def test_a_person_without_a_factor_sets_one_up_first(client: Client, amc: str, person: User) -> None:
    with acting_as("system:test"):
        organisations.link(provider="amc", subject="sub-3", person=person)
    assert _walk(client, amc, sub="sub-3").headers["Location"] == "/vragen/"
    assert client.get("/vragen/").headers["Location"].startswith("/aanmelden/app/")


def test_an_organisation_that_does_not_answer_gives_a_sentence(client: Client, settings: Any, db: None) -> None:
    _set("http://127.0.0.1:9", settings)
    answer = client.get(LEAVE)
    assert answer.status_code == 403
    assert "Amsterdam UMC" in answer.content.decode()


def test_an_administrator_links_a_subject_once_and_that_is_noted(client: Client, amc: str, equipped: WithApp) -> None:
    admin = newcomer("beheer", "admin")
    call_command("link_organisation", "amc", "sub-8", user=equipped.person.username, by="beheer", stdout=StringIO())
    (noted,) = events("authz.change")
    assert (noted.actor, noted.objects) == (str(admin.pk), [equipped.person.pk])
    assert _walk(client, amc, sub="sub-8").headers["Location"] == "/aanmelden/tweede-stap/"
    for provider, by, sentence in (
        ("amc", "beheer", "leads to an account already"),
        ("umcu", "beheer", "names no 'umcu'"),
        ("amc", equipped.person.username, "may not"),
        ("amc", "niemand", "no user 'niemand'"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("link_organisation", provider, "sub-8", user=equipped.person.username, by=by)
