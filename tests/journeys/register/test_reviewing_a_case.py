"""A reviewer takes a case from the list, links an unknown name, sets its role, concludes, codes and closes it."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.models import Case, User
from tests.factories import handed_in
from tests.journeys.conftest import (
    TABLET,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_nothing_overlaps,
    assert_touchable,
    follow,
    sign_in,
)
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True, slots=True)
class Words:
    """What the reviewer reads on buttons and labels."""

    take: str
    link: str
    link_button: str
    role: str
    sole: str
    save: str
    conclude: str
    accept: str
    close: str
    closed: str


WORDS = {
    "nl": Words(
        "In beoordeling nemen",
        "‘roze poeder’ aan een middel koppelen",
        "Koppelen",
        "Rol en zekerheid",
        "sole_cause",
        "Opslaan",
        "Conclusie opslaan",
        "Voorstel accepteren",
        "Sluiten",
        "Gesloten (definitief)",
    ),
    "en": Words(
        "Take into review",
        "Link ‘roze poeder’ to a substance",
        "Link",
        "Role and certainty",
        "sole_cause",
        "Save",
        "Save the conclusion",
        "Accept the suggestion",
        "Close",
        "Closed (final)",
    ),
}


@pytest.fixture
def reviewer(transactional_db: None) -> User:
    return User.objects.create_user("register.jansen", role="register_staff", first_name="R.", last_name="Jansen")


@pytest.fixture
def case(reviewer: User) -> Case:
    physician = User.objects.create_user("arts.amsterdam", role="physician", region_id="GG3406")
    return handed_in(physician, found=("roze poeder", None))


def review(page: Page, case: Case, words: Words) -> None:
    """From the list to the closed case."""
    follow(page, page.get_by_role("link", name=case.case_number).first)
    follow(page, page.get_by_role("button", name=words.take))
    for _ in range(2):  # the suspicion and the conclusion carry the same unknown name
        form = page.locator("details", has=page.locator("summary", has_text=words.link)).first
        form.locator("summary").click()
        form.locator("select[name=substance]").select_option("heroin")
        follow(page, form.get_by_role("button", name=words.link_button))
    form = page.locator("details", has=page.locator("summary", has_text=words.role)).first
    form.locator("summary").click()
    form.locator("select[name=role]").select_option(words.sole)
    form.locator("input[name=reason]").fill("blijkt uit het verslag")
    follow(page, form.get_by_role("button", name=words.save))
    page.locator("input[name=manner_final][value=non_natural]").check()
    page.locator("select[name=intent_final]").select_option("accident")
    page.locator("input[name=inclusion][value=probable]").check()
    page.locator("select[name=tox_consistent_missing]").select_option("NASK")
    follow(page, page.get_by_role("button", name=words.conclude))
    follow(page, page.get_by_role("button", name=words.accept))
    page.get_by_role("button", name=words.close, exact=True).click()
    expect(page.locator(".casebar")).to_contain_text(words.closed)


def assert_closed(case: Case, reviewer: User) -> None:
    case.refresh_from_db()
    assert (case.status, case.decided_by) == ("closed", reviewer)
    row = case.substancefinding_rows.get()
    assert (row.substance_id, row.reported_as, row.role) == ("heroin", "roze poeder", "sole_cause")
    assert case.causeofdeath_section.icd10_ucod == "X42"


def test_a_case_is_reviewed_and_closed(case: Case, reviewer: User, page: Page) -> None:
    sign_in(page, reviewer.username)
    review(page, case, WORDS["nl"])
    assert_closed(case, reviewer)


def test_the_same_case_is_closed_in_english_without_javascript(
    case: Case, reviewer: User, without_script: Page
) -> None:
    reviewer.language = "en"
    reviewer.save()
    sign_in(without_script, reviewer.username)
    review(without_script, case, WORDS["en"])
    assert_closed(case, reviewer)


@pytest.mark.parametrize(("language", "theme"), [("nl", "light"), in_a_soak("en", "night")])
def test_every_screen_of_the_desk_is_accessible_and_fits_a_phone(
    case: Case, reviewer: User, page: Page, language: str, theme: str
) -> None:
    reviewer.language, reviewer.theme = language, theme
    reviewer.save()
    words = WORDS[language]
    sign_in(page, reviewer.username)
    _look(page)
    follow(page, page.get_by_role("link", name=case.case_number).first)
    _look(page)
    follow(page, page.get_by_role("button", name=words.take))
    for summary in page.locator(".panel details > summary").all():
        summary.click()
    _look(page)
    page.get_by_role("button", name=words.close, exact=True).click()
    expect(page.locator(".errors")).to_be_visible()
    _look(page)


def test_every_control_of_the_desk_is_large_enough_for_a_finger_on_a_tablet(
    case: Case, reviewer: User, browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(viewport=TABLET, has_touch=True, is_mobile=True, locale="nl-NL")
    page = context.new_page()
    page.goto(live_server.url)
    sign_in(page, reviewer.username)
    assert_touchable(page)
    follow(page, page.get_by_role("link", name=case.case_number).first)
    follow(page, page.get_by_role("button", name=WORDS["nl"].take))
    assert_touchable(page)
    context.close()


def _look(page: Page) -> None:
    assert_nothing_overlaps(page)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
