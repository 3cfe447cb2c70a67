"""A doubtful case goes to the panel, two members vote unseen by each other, and its reviewer ends the panel."""

import pytest
from playwright.sync_api import Page, expect

from register.casework import moves, review
from register.models import Case, PanelVote, User
from tests import factories
from tests.factories import version
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, follow, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case(transactional_db: None) -> Case:
    """A case of which its reviewer doubts."""
    staff = User.objects.create_user("register.jansen", role="register_staff", first_name="R.", last_name="Jansen")
    User.objects.create_user("panel.bakker", role="panel_member", first_name="B.", last_name="Bakker")
    User.objects.create_user("panel.visser", role="panel_member", language="en", theme="night")
    physician = factories.physician()
    case = factories.submitted(physician, {"omstandigheden": {"narrative": "Gevonden door de buren."}})
    case = moves.take(case_id=case.pk, seen_version=case.row_version, by=staff)
    case = factories.made_ready(case, physician, staff)
    return review.conclude(case_id=case.pk, seen_version=case.row_version, by=staff, case_certainty="possible")


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def _as(page: Page, username: str, home: str) -> None:
    page.goto(home)  # away from a page that goes on telling who looks at it
    page.context.clear_cookies()
    page.goto(home)
    sign_in(page, username)


def test_a_doubtful_case_is_voted_on_and_its_reviewer_decides(case: Case, page: Page) -> None:
    home = page.url.split("/aanmelden")[0].rstrip("/")
    sign_in(page, "register.jansen")
    page.goto(f"{home}/beoordelen/{case.pk}/")
    page.get_by_role("button", name="Aan het panel voorleggen").click()
    expect(page.locator("#p-panel")).to_contain_text("0 van ten minste 2 stemmen")
    _look(page)

    _as(page, "panel.bakker", home)
    expect(page.locator("h1")).to_have_text("Panel")
    _look(page)
    page.get_by_role("link", name=case.case_number).click()
    expect(page.locator("body")).not_to_contain_text("Gevonden door de buren")
    page.get_by_role("button", name="Stemmen", exact=True).click()
    expect(page.locator(".errors")).to_be_visible()
    _look(page)
    page.get_by_label("Waarschijnlijk").focus()
    page.keyboard.press("Space")
    page.get_by_label("Onderbouwing").fill("De concentratie past bij de omstandigheden.")
    page.get_by_role("button", name="Stemmen", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("table")).to_contain_text("U hebt gestemd")

    _as(page, "panel.visser", home)
    page.set_viewport_size({"width": 320, "height": 640})
    follow(page, page.get_by_role("link", name=case.case_number))
    _look(page)
    page.get_by_label("Suspected", exact=True).check()
    page.get_by_label("Grounds").fill("The scene tells little.")
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.locator("table")).to_contain_text("You voted")
    page.set_viewport_size({"width": 1366, "height": 768})

    _as(page, "register.jansen", home)
    page.get_by_role("link", name="Panel heeft gestemd").click()
    page.get_by_role("link", name=case.case_number).click()
    expect(page.locator("#p-panel")).to_contain_text("De stemmen verschillen")
    page.locator("summary", has_text="Panel afronden").click()
    ending = page.locator("#a-panel_done")
    ending.get_by_label("Waarschijnlijk").check()
    ending.get_by_role("button", name="Panel afronden").click()
    expect(page.locator(".errors")).to_contain_text("De stemmen wijzen dit oordeel niet aan")
    _look(page)
    page.locator("#a-panel_done").get_by_label("Waarom").fill("De uitslag is bevestigd.")
    page.locator("#a-panel_done").get_by_role("button", name="Panel afronden").click()
    expect(page.locator(".ledger")).to_contain_text("De uitslag is bevestigd.")
    assert Case.objects.get(pk=case.pk).status == "in_review"
    assert Case.objects.get(pk=case.pk).assessment_section.inclusion == "probable"
    assert PanelVote.objects.filter(case=case).count() == 2
    assert version(case) > case.row_version
