"""A physician names substances: by mouse, by touch, with the keyboard alone, without a script, and from a text."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.casework import intake, moves, queries, substances
from register.models import Case, User
from tests import factories
from tests.journeys.conftest import (
    PATIENCE,
    TABLET,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    follow,
    sign_in,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

TEXT = "Overleden door cocaïne en GHB. Morfine werd niet aangetoond."


@pytest.fixture
def physician(transactional_db: None) -> User:
    return User.objects.create_user("arts.amsterdam", role="physician", region_id="GG3406")


@pytest.fixture
def case(physician: User) -> Case:
    return intake.open_case(by=physician)


@pytest.fixture
def touched(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A tablet that is touched."""
    context = browser.new_context(viewport=TABLET, locale="nl-NL", has_touch=True, is_mobile=True)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(live_server.url)
    yield opened
    context.close()


def open_page(page: Page, physician: User, case: Case, which: str = "middelen") -> Locator:
    """The picker on a page of the case."""
    base = page.url.split("/aanmelden")[0].rstrip("/")
    sign_in(page, physician.username)
    page.wait_for_url("**/zaken/")
    page.goto(f"{base}/zaken/{case.pk}/{which}/")
    return page.locator("#f-term")


def options(page: Page) -> Locator:
    return page.locator("[role=listbox] [role=option]")


def rows(case: Case) -> list[tuple[str | None, str | None]]:
    return list(case.suspectedsubstance_rows.order_by("id").values_list("substance_id", "reported_as"))


NAMED = (
    ("xtc", "mdma", "straatnaam: xtc"),
    ("keta", "ketamine", "straatnaam: keta"),
    ("3mmc", "3-mmc", "3-MMC"),
    ("kokaine", "cocaine", "lijkt op cocaïne"),
)


def test_substances_are_chosen_with_the_mouse(physician: User, case: Case, page: Page) -> None:
    term = open_page(page, physician, case)
    for number, (typed, _, why) in enumerate(NAMED, 1):
        term.press_sequentially(typed)
        expect(options(page).first).to_contain_text(why)
        expect(term).to_have_attribute("aria-expanded", "true")
        if number == 1:
            assert_accessible(page)
        options(page).first.click()
        expect(page.locator("section.substance")).to_have_count(number)
        expect(term).to_be_focused()
    assert rows(case) == [(code, typed) for typed, code, _ in NAMED]


def test_a_substance_is_chosen_by_touch_with_options_that_a_finger_hits(
    physician: User, case: Case, touched: Page
) -> None:
    term = open_page(touched, physician, case)
    term.tap()
    term.press_sequentially("fent")
    expect(options(touched)).to_have_count(8)
    heights = options(touched).evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 44
    assert term.bounding_box()["y"] < TABLET["height"] / 2  # type: ignore[index]
    options(touched).first.tap()
    expect(touched.locator("section.substance h2")).to_contain_text("fentanyl")
    assert_touchable(touched)
    assert_no_sideways_scroll(touched)
    with touched.expect_navigation():
        touched.get_by_role("button", name="Opslaan en doorgaan").tap()
    # The next page begins at its top, not at the box of the page before.
    assert touched.url.endswith("/toxicologie/")


def test_substances_are_chosen_with_the_keyboard_alone(physician: User, case: Case, page: Page) -> None:
    term = open_page(page, physician, case)
    term.focus()
    page.keyboard.type("ket")
    expect(options(page).first).to_be_visible()
    count = options(page).count()
    expect(page.locator(".combobox [role=status]")).to_have_text(f"{count - 1} resultaten")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(options(page).nth(count - 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    active = term.get_attribute("aria-activedescendant")
    assert active == options(page).nth(0).get_attribute("id")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(term).to_have_value("ket")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("section.substance")).to_have_count(1)
    expect(term).to_be_focused()
    page.keyboard.type("roze poeder 💊")
    page.keyboard.press("Enter")
    expect(page.locator("section.substance")).to_have_count(2)
    assert rows(case) == [("ketamine", "ket"), (None, "roze poeder 💊")]


def test_the_picker_speaks_english(physician: User, case: Case, page: Page) -> None:
    physician.language = "en"
    physician.save()
    term = open_page(page, physician, case)
    term.press_sequentially("xtc")
    expect(options(page).first).to_contain_text("street name: xtc")
    expect(options(page).last).to_have_text("Add ‘xtc’ as a substance not known yet")
    assert_accessible(page)


def test_the_answer_to_what_was_typed_last_is_shown(physician: User, case: Case, page: Page) -> None:
    """An answer that comes late, to a word that stands there no more, is thrown away."""
    term = open_page(page, physician, case)
    held: list[object] = []

    def hold(route: object, request: object) -> None:
        if "heroine" in (request.post_data or ""):  # type: ignore[attr-defined]
            held.append(route)
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/middelen/zoeken/", hold)
    with page.expect_request("**/middelen/zoeken/"):
        term.fill("heroine")
    term.fill("xtc")
    expect(options(page).first).to_contain_text("MDMA")
    for route in held:
        route.abort()  # type: ignore[attr-defined]
    expect(options(page).first).to_contain_text("MDMA")
    page.unroute("**/middelen/zoeken/")


def test_choosing_keeps_what_else_stands_on_the_page(physician: User, case: Case, page: Page) -> None:
    term = open_page(page, physician, case)
    page.fill("[name=expected_product]", "een roze pil")
    term.press_sequentially("xtc")
    options(page).first.click()
    expect(page.locator("section.substance")).to_have_count(1)
    expect(page.locator("[name=expected_product]")).to_have_value("een roze pil")


def test_a_substance_is_chosen_copied_removed_and_put_back_without_a_script(
    physician: User, case: Case, without_script: Page
) -> None:
    page = without_script
    term = open_page(page, physician, case)
    term.fill("keta")
    follow(page, page.get_by_role("button", name="Zoeken", exact=True))
    follow(page, page.locator("button[value='add:ketamine']"))
    follow(page, page.get_by_role("button", name="Dupliceren"))
    assert rows(case) == [("ketamine", "keta")] * 2
    follow(page, page.get_by_role("button", name="Weghalen").first)
    assert len(rows(case)) == 1
    follow(page, page.get_by_role("button", name="Ongedaan maken"))
    assert rows(case) == [("ketamine", "keta")] * 2


def test_a_removed_row_comes_back_with_the_keyboard(physician: User, case: Case, page: Page) -> None:
    substances.add_suspicion(
        case_id=case.pk, reported_as="keta", substance="ketamine", seen_version=case.row_version, by=physician
    )
    open_page(page, physician, case)
    remove = page.get_by_role("button", name="Weghalen")
    remove.focus()
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Ongedaan maken")
    expect(undo).to_be_focused()
    expect(page.locator(".notice.undo")).to_contain_text("ketamine is weggehaald.")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.keyboard.press("Enter")
    expect(page.locator("section.substance h2")).to_have_text("Middel 1: ketamine")
    assert rows(case) == [("ketamine", "keta")]


def test_after_handing_in_a_row_is_struck_out_and_stays_to_be_seen(physician: User, page: Page) -> None:
    case = factories.submitted(physician)
    reviewer = User.objects.create_user("register.jansen", role="register_staff")
    moves.take(case_id=case.pk, seen_version=Case.objects.get(pk=case.pk).row_version, by=reviewer)
    now = Case.objects.get(pk=case.pk).row_version
    queries.ask(case_id=case.pk, field="", text="Klopt dit?", seen_version=now, by=reviewer)
    open_page(page, physician, case)
    page.get_by_role("button", name="Weghalen").click()
    page.fill("[name=reason]", "Verkeerd verstaan")
    page.get_by_role("button", name="Weghalen").click()
    expect(page.locator("del")).to_contain_text("Verkeerd verstaan")
    expect(page.locator("section.substance")).to_have_count(0)
    assert_accessible(page)


@pytest.mark.parametrize("which", ["middelen", "conclusie"])
def test_substances_of_a_text_are_taken_over_one_by_one(physician: User, case: Case, page: Page, which: str) -> None:
    open_page(page, physician, case, which)
    page.get_by_text("Middelen uit een tekst halen").click()
    page.fill("[name=pasted]", TEXT)
    page.get_by_role("button", name="Middelen zoeken").click()
    expect(page.locator(".pastedtext mark")).to_have_text(["cocaïne", "GHB"])
    expect(page.locator(".pastedtext .denied")).to_have_text("Morfine")
    expect(page.get_by_text("Niet aangetoond volgens de tekst")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_touchable(page)
    page.get_by_role("button", name="Overnemen GHB").click()
    expect(page.locator("section.substance")).to_have_count(1)
    page.get_by_role("button", name="Overnemen cocaïne").click()
    expect(page.locator("section.substance")).to_have_count(2)
    expect(page.get_by_role("button", name="Overnemen")).to_have_count(0)
    expect(page.locator("[name=pasted]")).to_have_value(TEXT)


def test_substances_of_a_text_are_taken_over_without_a_script(
    physician: User, case: Case, without_script: Page
) -> None:
    page = without_script
    open_page(page, physician, case)
    page.get_by_text("Middelen uit een tekst halen").click()
    page.fill("[name=pasted]", TEXT)
    page.get_by_role("button", name="Middelen zoeken").click()
    follow(page, page.get_by_role("button", name="Overnemen GHB"))
    assert rows(case) == [("ghb", "GHB")]
