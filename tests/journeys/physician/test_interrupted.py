"""A physician is called away in the middle of a word, and finds everything again (journey J2)."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from playwright.sync_api import Browser, Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from register.access import sessions
from register.models import Case, UnreadAnswer, User
from tests import factories
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, assert_touchable, follow
from tests.journeys.physician.recording import choose
from tests.journeys.physician.typing import (
    NARRATIVE,
    PROMISED,
    SHIFTS,
    STATE,
    at_circumstances,
    open_desk,
    save_of,
    sign_in_at,
    stored,
    type_and_save,
    up_to_circumstances,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HALF_A_WORD = "Gevonden op de ba"
# What a browser may keep of a site, and what it holds.
KEPT_BY_BROWSER = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...(await caches.keys()),
  ...(await indexedDB.databases()).map((one) => one.name),
  ...(await navigator.serviceWorker.getRegistrations()).map((one) => one.scope),
]"""
COVERED = """selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, Math.min(box.y + box.height / 2, innerHeight - 1));
  const dialog = document.querySelector('#session-end');
  return dialog.contains(top) && getComputedStyle(dialog, '::backdrop').opacity === '1';
}"""

Open = Callable[..., Page]


@pytest.fixture
def physician(transactional_db: None) -> User:
    return User.objects.create_user("arts.amsterdam", role="physician", region_id=factories.AMSTERDAM)


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, physician: User) -> Iterator[Open]:
    """Opens a browser of its own in which somebody is signed in."""
    opened: list[Page] = []

    def at_desk(username: str = "arts.amsterdam", *, script: bool = True) -> Page:
        opened.append(open_desk(browser, live_server, username, script=script))
        return opened[-1]

    yield at_desk
    for page in opened:
        page.context.close()


def _resume(page: Page) -> None:
    """The one tap with which a physician goes on."""
    page.locator("section:has(#h-c) li a").first.click()


def test_half_a_word_is_there_again_in_another_browser_with_one_tap(open_page: Open) -> None:
    page = open_page()
    up_to_circumstances(page)
    choose(page, "used_alone", "no")
    type_and_save(page, "narrative", HALF_A_WORD)
    page.context.close()
    page = open_page()
    expect(page.get_by_text("M, 34 jr, Amsterdam")).to_be_visible()
    _resume(page)
    page.wait_for_url("**/omstandigheden/#f-narrative")
    expect(page.locator(NARRATIVE)).to_have_value(HALF_A_WORD)
    expect(page.locator(NARRATIVE)).to_be_focused()
    expect(page.locator("[name=used_alone][value=no]")).to_be_checked()
    case = Case.objects.get()
    assert (case.decedent_section.age_years, case.death_section.place_type) == (34, "other_home")
    assert_accessible(page)


def test_a_tab_that_closes_while_its_case_is_being_made_takes_nothing_along(open_page: Open) -> None:
    page = open_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Nieuwe zaak").click()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE register_casenumberseries IN EXCLUSIVE MODE")
        with page.expect_request("**/zaken/nieuw/bewaren"):
            choose(page, "sex", "male")
        page.fill("[name=age_years]", "34")
        page.goto(page.url.replace("/nieuw", "/"))
    found = page.get_by_text("M, 34 jr")
    for _look in range(40):
        if found.count():
            break
        page.reload()
    expect(found).to_be_visible()
    assert Case.objects.count() == 1


def test_a_login_that_ends_while_typing_covers_the_page_and_gives_it_back(open_page: Open, physician: User) -> None:
    page = open_page()
    case = at_circumstances(page, physician)
    type_and_save(page, "narrative", HALF_A_WORD)
    sessions.end_sessions(person=physician)
    page.locator(NARRATIVE).press_sequentially("nk, ko")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("U bent afgemeld")
    assert page.evaluate(COVERED, NARRATIVE)
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    assert_accessible(page)
    with page.expect_popup() as opened, page.expect_response(save_of("narrative")):
        dialog.get_by_role("link", name="Opnieuw aanmelden").click()
        opened.value.locator("button[name=persona][value='arts.amsterdam']").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(NARRATIVE)).to_be_focused()
    if not opened.value.is_closed():
        opened.value.close()
    page.bring_to_front()
    page.keyboard.type("ud")
    expect(page.locator(NARRATIVE)).to_have_value(f"{HALF_A_WORD}nk, koud")
    page.get_by_role("button", name="Opslaan en doorgaan").click()
    page.wait_for_url("**/middelen/")
    assert stored(case).narrative == f"{HALF_A_WORD}nk, koud"


def test_a_page_that_waits_does_not_open_for_somebody_else(open_page: Open, physician: User) -> None:
    User.objects.create_user("arts.rotterdam", role="physician", region_id=factories.ROTTERDAM)
    page = open_page()
    case = at_circumstances(page, physician)
    sessions.end_sessions(person=physician)
    page.locator(NARRATIVE).press_sequentially(HALF_A_WORD)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    with page.expect_popup() as opened:
        dialog.get_by_role("link", name="Opnieuw aanmelden").click()
        opened.value.locator("button[name=persona][value='arts.rotterdam']").click()
    expect(dialog).to_contain_text("nu een ander aangemeld")
    assert page.evaluate(COVERED, NARRATIVE)
    assert stored(case).narrative is None


def test_typing_goes_on_while_the_network_is_off_and_is_saved_after_it(open_page: Open, physician: User) -> None:
    page = open_page()
    case = at_circumstances(page, physician)
    page.clock.install()
    page.context.set_offline(True)
    page.locator(NARRATIVE).press_sequentially(HALF_A_WORD)
    page.clock.run_for(3_000)
    expect(page.locator(STATE)).to_have_text("Niet opgeslagen – geen verbinding. Laat dit scherm open.")
    page.clock.run_for(30_000)
    page.locator(NARRATIVE).press_sequentially("nk")
    choose(page, "used_alone", "no")
    assert_no_sideways_scroll(page)
    page.context.set_offline(False)
    page.clock.run_for(15_000)
    expect(page.locator(STATE)).to_contain_text("Opgeslagen om")
    page.get_by_role("button", name="Opslaan en doorgaan").click()
    page.wait_for_url("**/middelen/")
    now = stored(case)
    assert (now.narrative, now.circumstances_section.used_alone) == (f"{HALF_A_WORD}nk", "no")


def test_going_on_waits_for_the_network_and_loses_nothing(open_page: Open, physician: User) -> None:
    page = open_page()
    case = at_circumstances(page, physician)
    page.context.set_offline(True)
    page.locator(NARRATIVE).fill(HALF_A_WORD)
    page.locator(NARRATIVE).blur()
    expect(page.locator(STATE)).to_contain_text("Niet opgeslagen")
    page.get_by_role("button", name="Opslaan en doorgaan").click()
    expect(page.locator(NARRATIVE)).to_have_value(HALF_A_WORD)
    page.context.set_offline(False)
    page.wait_for_url("**/middelen/")
    assert stored(case).narrative == HALF_A_WORD


def test_after_signing_out_the_browser_holds_nothing_for_the_next_physician(
    open_page: Open, live_server: LiveServer
) -> None:
    User.objects.create_user("arts.rotterdam", role="physician", region_id=factories.ROTTERDAM)
    page = open_page()
    up_to_circumstances(page)
    type_and_save(page, "narrative", HALF_A_WORD)
    assert page.evaluate(KEPT_BY_BROWSER) == []
    assert HALF_A_WORD not in page.title() + page.url
    assert HALF_A_WORD not in str(page.context.cookies())
    page.locator("header form[action='/afmelden/'] button").first.click()
    page.wait_for_url("**/aanmelden/**")
    assert page.evaluate(KEPT_BY_BROWSER) == []
    page.go_back()
    expect(page.locator("body")).not_to_contain_text(HALF_A_WORD)
    expect(page.locator(NARRATIVE)).to_have_count(0)
    other = sign_in_at(page.context, live_server, "arts.rotterdam")
    assert other.evaluate(KEPT_BY_BROWSER) == []
    expect(other.locator("body")).not_to_contain_text("Amsterdam, ")


def test_a_draft_that_was_resumed_is_not_handed_in_with_a_core_answer_missing(open_page: Open, physician: User) -> None:
    page = open_page()
    case = at_circumstances(page, physician)
    page.context.close()
    page = open_page()
    _resume(page)
    page.get_by_role("link", name="Controleren en indienen").click()
    page.get_by_role("button", name="Indienen", exact=True).click()
    expect(page.locator(".errors")).to_be_focused()
    assert stored(case).status == "draft"


def test_one_answer_that_cannot_be_read_drops_no_other_and_is_shown_again(open_page: Open) -> None:
    page = open_page()
    follow(page, page.get_by_role("link", name="Nieuwe zaak"))
    choose(page, "sex", "male")
    page.wait_for_url("**/overledene/")
    with page.expect_response(save_of("housing")):
        page.fill("[name=age_years]", "3o")
        page.locator("[name=housing]").focus()
        page.select_option("[name=housing]", "own_rent")
    expect(page.locator("#f-age_years-e")).to_be_visible()
    expect(page.locator("[name=age_years]")).to_have_attribute("aria-invalid", "true")
    case = Case.objects.get()
    assert (case.decedent_section.sex, case.decedent_section.housing) == ("male", "own_rent")
    assert_accessible(page)
    assert_touchable(page)
    page.reload()
    expect(page.locator("[name=age_years]")).to_have_value("3o")
    expect(page.locator("#f-age_years-e")).to_be_visible()
    with page.expect_response(save_of("age_years")):
        page.fill("[name=age_years]", "30")
        page.locator("[name=age_years]").blur()
    expect(page.locator("#f-age_years-e")).to_have_count(0)
    assert not UnreadAnswer.objects.exists()


def test_what_is_answered_before_the_scripts_came_is_saved_when_they_come(open_page: Open, physician: User) -> None:
    page = open_page()
    case = at_circumstances(page, physician)
    late: list[Route] = []
    page.route("**/autosave*.js", lambda route: late.append(route))
    page.goto(page.url, wait_until="commit")
    page.fill(NARRATIVE, HALF_A_WORD)
    choose(page, "used_alone", "no")
    page.select_option("[name=previous_overdose_missing]", "UNK")
    with page.expect_response(save_of("narrative")):
        for one in late:
            one.continue_()
    now = stored(case)
    assert now.narrative == HALF_A_WORD
    assert now.circumstances_section.used_alone == "no"
    assert now.history_section.previous_overdose_missing == "UNK"


def test_leaving_asks_only_while_something_is_unsaved(open_page: Open, physician: User) -> None:
    page = open_page()
    at_circumstances(page, physician)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.route("**/bewaren", lambda route: route.abort())
    page.locator(NARRATIVE).press_sequentially(HALF_A_WORD)
    page.get_by_role("link", name="Takenlijst").or_(page.locator("nav a[href='/zaken/']")).first.click(
        no_wait_after=True
    )
    expect(page.locator(NARRATIVE)).to_have_value(HALF_A_WORD)
    assert asked == ["beforeunload"]
    page.unroute("**/bewaren")
    expect(page.locator(f"{STATE}:not(.is-behind)")).to_have_attribute("data-state", "saved")
    page.locator("nav a[href='/zaken/']").first.click()
    page.wait_for_url("**/zaken/")
    assert asked == ["beforeunload"]


def test_nothing_on_the_page_moves_while_it_saves(open_page: Open, physician: User) -> None:
    page = open_page()
    case = at_circumstances(page, physician)
    page.evaluate(SHIFTS)
    type_and_save(page, "narrative", HALF_A_WORD)
    expect(page.locator(STATE)).to_contain_text("Opgeslagen om")
    page.route("**/bewaren", lambda route: route.abort())
    page.locator(NARRATIVE).press_sequentially("nk")
    expect(page.locator(STATE)).to_contain_text("Niet opgeslagen")
    page.unroute("**/bewaren")
    expect(page.locator(STATE)).to_contain_text("Opgeslagen om")
    assert page.evaluate("window.shifted") == []
    assert stored(case).narrative == f"{HALF_A_WORD}nk"


def test_each_change_is_saved_in_time_and_said_in_the_bar(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Nieuwe zaak").click()
    assert not Case.objects.exists()
    with page.expect_response("**/zaken/nieuw/bewaren", timeout=PROMISED) as begun:
        choose(page, "sex", "male")
    assert begun.value.status == 201
    case = Case.objects.get()
    page.wait_for_url(f"**/zaken/{case.pk}/overledene/")
    expect(page.locator(".casebar .number")).to_have_text(case.case_number)
    expect(page.locator(STATE)).to_contain_text("Opgeslagen om")
    expect(page.locator("#save-said")).to_contain_text("Opgeslagen om")
    type_and_save(page, "age_years", "34")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Opslaan en doorgaan").click()
    page.wait_for_url("**/overlijden/")
    assert Case.objects.get().decedent_section.age_years == 34
