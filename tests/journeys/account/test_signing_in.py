"""A new physician signs in for the first time: with an app or a passkey, in both languages, with and without script."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.env import Environment
from config.settings.organisations import organisations
from register.access import factors, sessions
from register.audit import acting_as
from register.models import Session, User
from tests.factories import AMSTERDAM
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, assert_touchable
from tests.one_time_codes import code_of
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "een heel lang wachtwoord"
APP = {"nl": "Stel uw tweede stap in", "en": "Set up your second step"}
CODES = {"nl": "Uw herstelcodes", "en": "Your recovery codes"}
KEPT = {"nl": "Ik heb ze bewaard", "en": "I have kept them"}
CASES = {"nl": "Mijn zaken", "en": "My cases"}
AGAIN = {"nl": "Bevestig dat u het bent", "en": "Confirm that it is you"}
PASSKEY = {"nl": "Passkey toevoegen", "en": "Add a passkey"}
FIRST = {"nl": "Meld u eerst aan", "en": "Sign in first"}
FAILED = {"nl": "Aanmelden is niet gelukt", "en": "Signing in failed"}
VIRTUAL_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    """One new physician for each language."""
    with acting_as("system:test"):
        return {
            language: User.objects.create_user(
                f"arts.{language}", password=PASSWORD, role="physician", region_id=AMSTERDAM, language=language
            )
            for language in ("nl", "en")
        }


def _give_password(page: Page, language: str) -> None:
    page.locator("#f-username").fill(f"arts.{language}")
    page.locator("#f-password").fill(PASSWORD)
    page.locator("form[action='/aanmelden/'] button").click()


def _check(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_touchable(page)


def _seed(page: Page) -> str:
    return str(page.locator("strong.mono").text_content()).replace(" ", "")


@pytest.mark.parametrize("language", ["nl", in_a_soak("en")])
def test_a_new_physician_sets_up_an_app_and_keeps_the_codes(page: Page, people: dict[str, User], language: str) -> None:
    _check(page)
    _give_password(page, language)
    expect(page.get_by_role("heading", level=1)).to_have_text(APP[language])
    _check(page)
    seed = _seed(page)
    page.locator("#f-code").fill("000")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _check(page)
    page.locator("#f-code").fill(code_of(seed))
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CODES[language])
    _check(page)
    recovery_code = page.locator(".codes li").first.text_content()
    page.get_by_role("link", name=KEPT[language]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES[language])
    page.locator("a.org").click()
    _check(page)
    page.locator(".me > form[action='/afmelden/'] button").click()
    _give_password(page, language)
    expect(page.locator("#f-confirm_code")).to_be_visible()
    _check(page)
    page.locator("#f-confirm_code").fill("000000")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _check(page)
    page.locator("#f-confirm_code").fill(str(recovery_code))
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES[language])


def test_without_script_the_app_is_set_up_and_signs_in(without_script: Page, people: dict[str, User]) -> None:
    page = without_script
    _give_password(page, "nl")
    page.get_by_text("Ik kan niet scannen").click()
    seed = _seed(page)
    page.locator("#f-code").fill(code_of(seed))
    page.locator("main button[type=submit]").click()
    page.get_by_role("link", name=KEPT["nl"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES["nl"])
    page.locator(".me > form[action='/afmelden/'] button").click()
    _give_password(page, "nl")
    page.locator("#f-confirm_code").fill(code_of(seed, step=1))
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES["nl"])


@pytest.mark.parametrize("language", [in_a_soak("nl"), "en"])
def test_a_passkey_is_made_and_signs_in(
    page: Page, context: BrowserContext, live_server: LiveServer, people: dict[str, User], language: str
) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL_KEY})
    page.goto(re.sub(r"//[^:/]+", "//localhost", live_server.url))  # a passkey belongs to a name, not to a number
    _give_password(page, language)
    page.locator("a[href^='/aanmelden/passkey/']").click()
    expect(page.locator("form[data-passkey]")).to_be_visible()
    expect(page.locator("[data-problem]")).to_be_hidden()
    _check(page)
    page.locator("#f-name").fill("Telefoon")
    page.locator("form[data-passkey] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CODES[language])
    page.get_by_role("link", name=KEPT[language]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES[language])
    page.locator(".me > form[action='/afmelden/'] button").click()
    _give_password(page, language)
    expect(page.locator("form[data-passkey] button")).to_be_visible()
    _check(page)
    page.locator("form[data-passkey] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES[language])
    page.locator("a.org").click()
    expect(page.get_by_text("Telefoon", exact=True)).to_be_visible()
    _check(page)


def test_a_dialog_says_that_the_session_ends_and_the_button_keeps_it(page: Page, people: dict[str, User]) -> None:
    page.clock.install()
    _give_password(page, "nl")
    seed = _seed(page)
    page.locator("#f-code").fill(code_of(seed))
    page.locator("main button[type=submit]").click()
    page.get_by_role("link", name=KEPT["nl"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES["nl"])
    page.route("**/aanmelden/resterend/", lambda route: route.fulfill(json={"seconds": 118}))
    page.clock.run_for(13 * 60 * 1000 + 1000)
    expect(page.get_by_role("dialog")).to_be_visible()
    _check(page)
    page.get_by_role("button", name="Blijf aangemeld").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def _equip_and_sign_in(page: Page, person: User) -> str:
    """Sign in somebody who has an app already; the seed of the app."""
    seed = factors.new_seed()
    assert factors.add_app(person=person, seed=seed, code=code_of(seed))
    _give_password(page, person.language)
    page.locator("#f-confirm_code").fill(code_of(seed, step=1))
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(CASES[person.language])
    return seed


@pytest.mark.parametrize("language", ["nl", in_a_soak("en")])
def test_the_page_that_asks_again_leads_on_and_a_session_that_ended_says_so(
    page: Page, people: dict[str, User], language: str
) -> None:
    _equip_and_sign_in(page, people[language])
    session = sessions.SessionStore(Session.objects.get(person=people[language]).session_key)
    for proven in session["account_authentication_methods"]:
        proven["at"] -= 3600
    session.save()
    page.locator("a.org").click()
    page.get_by_role("link", name=PASSKEY[language]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(AGAIN[language])
    _check(page)
    page.locator("#f-confirm_password").fill("verkeerd")
    page.locator("form:has(#f-confirm_password) button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _check(page)
    page.locator("#f-confirm_password").fill(PASSWORD)
    page.locator("form:has(#f-confirm_password) button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PASSKEY[language])
    page.goto(page.url.partition("/aanmelden")[0] + "/mijn-profiel/")
    sessions.end_sessions(person=people[language])
    page.locator("form[action*='/sessie/'] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FIRST[language])
    _check(page)


@pytest.mark.parametrize("language", [in_a_soak("nl"), "en"])
def test_a_login_of_an_organisation_that_cannot_be_reached_says_so(
    page: Page, settings: Any, people: dict[str, User], language: str
) -> None:
    variables = {
        "OIDC_PROVIDERS": "amc",
        "OIDC_AMC_NAME": "Amsterdam UMC",
        "OIDC_AMC_ISSUER": "http://127.0.0.1:9",
        "OIDC_AMC_CLIENT_ID": "register",
        "OIDC_AMC_CLIENT_SECRET": "geheim",
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": organisations(Environment(variables))}}
    if language == "en":
        with page.expect_navigation():
            page.locator("header button[name=language]").first.click()
    page.reload()
    _check(page)
    page.get_by_role("link", name="Amsterdam UMC").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FAILED[language])
    _check(page)
