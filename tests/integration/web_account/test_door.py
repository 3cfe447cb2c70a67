"""No single factor opens the register, by whichever way somebody comes in."""

from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.test import Client

from register.access import factors
from register.models import User
from tests.addresses import Page, pages
from tests.integration.web_account.conftest import PASSWORD, WithApp, equip, events, give_password
from tests.signing_in import sign_in

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

# Pages for everybody. Whoever opens another one adds it here, and somebody else reads that.
OPEN = {
    *("login", "persona", "organisation", "openid_connect_callback", "second_step", "session_left", "logout"),
    *("language", "theme", "help", "livez", "readyz", "version"),
    *("admin_desk:accept", "admin_desk:open_invitation", "csp_report"),
    *("admin_desk:new_start", "admin_desk:open_new_start"),
}
# What a script calls says so in its own language; the page that it stands on asks the person to sign in.
CALLED_BY_SCRIPT = {"physician:save", "physician:keep", "physician:begin", "physician:suggest"}
BEFORE_SECOND_FACTOR = {"enrol", "add_passkey", "second_step"}
PAGES = sorted(pages(), key=lambda page: page.name)


def test_the_pages_that_stand_open_are_these() -> None:
    assert {page.name for page in PAGES if not getattr(page.view, "login_required", True)} == OPEN
    assert {page.name for page in PAGES if hasattr(page.view, "before_second_factor")} == BEFORE_SECOND_FACTOR


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("equipped", [False, True], ids=["without factor", "with factor"])
def test_a_password_alone_opens_no_page(client: Client, person: User, method: str, equipped: bool) -> None:
    if equipped:
        equip(person)
    sign_in(client, person, methods=("password",))
    surprises = []
    for page in PAGES:
        if page.name in OPEN:
            continue
        with transaction.atomic():
            answer = getattr(client, method)(page.address)
            denied = len(events("authz.denied", "denied"))
            transaction.set_rollback(True)  # nothing of one page stays for the next
        if not _is_shut(page, method, equipped, answer, denied):
            surprises.append(f"{page.name}: {answer.status_code} {answer.headers.get('Location', '')}, {denied} denied")
    assert surprises == []


def _is_shut(page: Page, method: str, equipped: bool, answer: Any, denied: int) -> bool:
    """Whether a page leads to the second factor and to nothing else, and notes that it was asked for."""
    if page.name in BEFORE_SECOND_FACTOR and not equipped:
        return answer.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)
    way = "/aanmelden/tweede-stap/" if equipped else "/aanmelden/app/"
    if page.name in CALLED_BY_SCRIPT:
        shut = answer.status_code == HTTPStatus.UNAUTHORIZED
    elif method == "get" or page.name in BEFORE_SECOND_FACTOR:
        shut = answer.status_code == HTTPStatus.FOUND and answer.headers["Location"].startswith(way)
    else:
        shut = answer.status_code == HTTPStatus.FORBIDDEN and f'href="{way}' in answer.content.decode()
    return shut and denied == (page.name not in BEFORE_SECOND_FACTOR)


def test_a_session_without_any_record_of_how_it_began_is_no_better(client: Client, person: User) -> None:
    sign_in(client, person, methods=())
    assert client.get("/zaken/").headers["Location"].startswith("/aanmelden/app/")


def test_a_persona_of_a_demonstration_has_no_session_when_it_is_over(
    client: Client, person: User, settings: object
) -> None:
    sign_in(client, person, methods=("demo",))
    assert client.get("/zaken/").status_code == HTTPStatus.OK
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get("/zaken/").headers["Location"].startswith("/aanmelden/app/")


def test_with_a_factor_the_password_alone_signs_nobody_in(client: Client, equipped: WithApp) -> None:
    answer = give_password(client, equipped.person, next="/vragen/")
    assert answer.headers["Location"] == "/aanmelden/tweede-stap/"  # type: ignore[attr-defined]
    assert SESSION_KEY not in client.session
    assert client.get("/zaken/").headers["Location"].startswith("/aanmelden/?next=")
    assert events("auth.login") == []


def test_password_and_number_lead_to_the_page_asked_for(client: Client, equipped: WithApp) -> None:
    give_password(client, equipped.person, next="/vragen/")
    answer = client.post("/aanmelden/tweede-stap/", {"confirm_code": equipped.next_code})
    assert answer.headers["Location"] == "/vragen/"
    assert client.get("/vragen/").status_code == HTTPStatus.OK
    assert len(events("auth.login")) == 1


def test_a_session_that_began_without_the_factor_asks_for_it(client: Client, equipped: WithApp) -> None:
    sign_in(client, equipped.person, methods=("password",))
    before = client.session.session_key
    assert client.post("/aanmelden/tweede-stap/", {"confirm_code": "000000"}).status_code == 422
    answer = client.post("/aanmelden/tweede-stap/", {"confirm_code": equipped.next_code, "next": "/vragen/"})
    assert answer.headers["Location"] == "/vragen/"
    assert client.get("/vragen/").status_code == HTTPStatus.OK
    assert client.session.session_key != before


def test_nobody_adds_a_factor_on_the_word_of_a_password_when_there_is_one(client: Client, equipped: WithApp) -> None:
    sign_in(client, equipped.person, methods=("password",))
    for address in ("/aanmelden/app/", "/aanmelden/passkey/"):
        assert client.get(address).headers["Location"] == "/aanmelden/tweede-stap/"
        assert client.post(address, {"code": "000000"}).headers["Location"] == "/aanmelden/tweede-stap/"
    assert len(factors.kinds_of(equipped.person)) == 1


def test_what_was_typed_stays_on_the_page_when_the_session_is_over(client: Client, person: User) -> None:
    page = client.post("/zaken/nieuw", {"age_years": "34", "confirm_password": PASSWORD}).content.decode()
    assert "<dd>34</dd>" in page
    assert PASSWORD not in page


def test_the_admin_site_and_the_views_of_the_library_have_no_address(client: Client) -> None:
    for address in ("/admin/", "/admin/login/", "/accounts/login/", "/accounts/signup/", "/_allauth/"):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
