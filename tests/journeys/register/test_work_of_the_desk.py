"""How much work the desk asks: a clean case and one with a question (J5), one that came back (J6), two at once (J7)."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.casework import moves, queries, toxicology
from register.models import User
from tests import factories
from tests.factories import version
from tests.integration.web_register.doubtful import doubtful
from tests.journeys.conftest import DESKTOP, assert_accessible, assert_no_sideways_scroll, sign_in
from tests.journeys.measuring import Hands, Keys
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CLEAN, WITH_A_QUESTION, CAME_BACK = 8, 14, 8
LONGEST_CLEAN, LONGEST_CAME_BACK = 120, 90  # seconds of the model


@pytest.fixture
def reviewer(transactional_db: None) -> User:
    return User.objects.create_user("register.jansen", role="register_staff", first_name="R.", last_name="Jansen")


@pytest.fixture
def physician(transactional_db: None) -> User:
    return User.objects.create_user("arts.amsterdam", role="physician", region_id="GG3406")


def _step(page: Page, name: str) -> str:
    return f"form[action$='/{name}/'] button"


def _took(hands: Hands, page: Page) -> None:
    hands.go(page.locator(_step(page, "take")))
    hands.pick(page.locator("#accept-because"), "checked")
    hands.go(page.locator(_step(page, "accept-warnings")))
    hands.go(page.locator(_step(page, "accept-suggestion")))


@pytest.mark.parametrize("how", [in_a_soak(Hands), Keys], ids=["mouse", "keys"])
def test_a_clean_case_and_one_with_a_question_within_their_measure(
    reviewer: User, physician: User, page: Page, how: type[Hands]
) -> None:
    first, second, third = (doubtful(physician) for _ in range(3))
    sign_in(page, reviewer.username)
    hands = how(page)
    new = page.locator(".lists a[aria-current]")
    expect(new).to_contain_text("3")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    hands.go(page.get_by_role("link", name=first.case_number))
    _took(hands, page)
    hands.go(page.locator(_step(page, "conclude")))
    hands.go(page.locator(_step(page, "wait")))
    hands.go(page.get_by_role("link", name="Volgende zaak").first)
    expect(page.locator(".casebar")).to_contain_text(second.case_number)
    assert hands.work.interactions <= CLEAN
    assert hands.work.reading <= LONGEST_CLEAN
    first.refresh_from_db()
    assert (first.status, first.reviewed_by) == ("awaiting_tox", reviewer)
    assert first.causeofdeath_section.intent_final == "accident"
    assert first.assessment_section.coding_confirmed_by == reviewer
    assert set(first.statuschange_rows.values_list("name", flat=True)) == {"submit", "take", "wait"}
    hands.work.interactions = 1  # the second case is open
    _took(hands, page)
    hands.press(page.get_by_text("Vraag stellen"))
    hands.pick(page.locator("#ask-field"), "Death.place_type")
    hands.pick(page.locator("#ask-standard"), "right")
    hands.go(page.locator(_step(page, "ask")))
    hands.go(page.get_by_role("link", name="Volgende zaak").first)
    expect(page.locator(".casebar")).to_contain_text(third.case_number)
    assert hands.work.interactions <= WITH_A_QUESTION
    assert second.query_rows.get().messages.get().text == "Klopt het antwoord op ‘Soort plaats’?"
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("language", [in_a_soak("nl"), "en"])
def test_a_case_that_came_back_is_closed_within_its_measure(
    reviewer: User, physician: User, page: Page, language: str
) -> None:
    case = factories.ready_to_close(physician, reviewer)
    queries.ask(case_id=case.pk, field="Death.place_type", text="Klopt dit?", seen_version=version(case), by=reviewer)
    toxicology.add_result(
        case_id=case.pk,
        request_id=case.toxrequest_rows.get().pk,
        raw={"reported_as": "N-pyrrolidino X", "outcome": "detected"},
        seen_version=version(case),
        by=physician,
    )
    queries.answer(query_id=case.query_rows.get().pk, text="Klopt.", seen_version=version(case), by=physician)
    reviewer.language = language
    reviewer.save()
    sign_in(page, reviewer.username)
    hands = Hands(page)
    hands.go(page.locator(".lists a[href$='/gewijzigd/']"))
    hands.go(page.get_by_role("link", name=case.case_number))
    expect(page.locator("table.diff")).to_contain_text("N-pyrrolidino X")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    hands.go(page.locator(_step(page, "close-query")).first)
    expect(page.locator("#p-open + ul a").first).to_be_visible()
    hands.press(page.locator("#p-substances summary", has_text="pyrrolidino").first)
    hands.pick(page.locator("#p-substances form[action$='/map/'] select").first, "ketamine")
    hands.go(page.locator(_step(page, "map")).first)
    hands.go(page.locator(_step(page, "close")))
    assert hands.work.interactions <= CAME_BACK
    assert hands.work.reading <= LONGEST_CAME_BACK
    case.refresh_from_db()
    assert case.status == "closed"
    expect(page.locator("form[action$='/conclude/']")).to_have_count(0)


def test_two_reviewers_see_each_other_and_one_who_left_is_gone(
    reviewer: User, physician: User, page: Page, browser: Browser, live_server: LiveServer
) -> None:
    User.objects.create_user("register.devries", role="register_staff", first_name="D.", last_name="de Vries")
    case = factories.submitted(physician)
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    sign_in(page, reviewer.username)
    address = f"{live_server.url}/beoordelen/{case.pk}/"
    page.goto(address)
    context = browser.new_context(viewport=DESKTOP, locale="nl-NL")
    other = context.new_page()
    other.goto(live_server.url)
    sign_in(other, "register.devries")
    other.goto(address)
    expect(other.locator("[data-presence]")).to_have_text("R. Jansen bekijkt deze zaak")
    with page.expect_response("**/aanwezig/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-presence]")).to_have_text("D. de Vries bekijkt deze zaak")
    assert_accessible(page)
    other.goto(f"{live_server.url}/werkvoorraad/nieuw/")
    context.close()
    for _ in range(20):  # the goodbye of a page that closes comes when it comes
        with page.expect_response("**/aanwezig/"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        if page.locator("[data-presence]").is_hidden():
            return
    pytest.fail("the colleague who left is still shown")
