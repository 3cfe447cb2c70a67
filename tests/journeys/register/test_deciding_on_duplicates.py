"""Two cases that may be one death: found, put side by side, told apart or merged, and merged no more."""

import pytest
from playwright.sync_api import Page, expect

from register.casework.duplicates import finding
from register.models import Case, DuplicatePair, User
from tests import factories
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, follow, sign_in
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(transactional_db: None) -> DuplicatePair:
    User.objects.create_user("register.jansen", role="register_staff")
    by = factories.physician()
    factories.submitted(by)
    factories.submitted(by, {"overledene": {"housing": "shelter"}})
    finding.look_at_all()
    return DuplicatePair.objects.select_related("first", "second").get()


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize(("language", "theme"), [in_a_soak("nl", "light"), ("en", "night")])
def test_a_pair_is_merged_and_the_merge_undone(pair: DuplicatePair, page: Page, language: str, theme: str) -> None:
    staff = User.objects.get(username="register.jansen")
    staff.language, staff.theme = language, theme
    staff.save()
    dutch = language == "nl"
    sign_in(page, "register.jansen")
    follow(page, page.get_by_role("link", name="Dubbelen" if dutch else "Duplicates", exact=True).first)
    _look(page)
    follow(page, page.get_by_role("link", name=pair.first.case_number))
    _look(page)
    page.get_by_role("button", name="Geen dubbel" if dutch else "Not the same death").click()
    expect(page.locator(".errors")).to_be_visible()
    _look(page)
    page.locator("input[name='take.Decedent.housing'][value=second]").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Zaken samenvoegen" if dutch else "Merge the two cases").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#besluit")).to_be_visible()
    _look(page)
    assert Case.objects.get(pk=pair.first_id).decedent_section.housing == "shelter"
    assert Case.objects.get(pk=pair.second_id).status == "excluded"
    page.locator("summary", has_text="ongedaan" if dutch else "Undo").click()
    page.locator("#besluit").locator("xpath=ancestor::section").locator("input[name=reason]").fill("Toch twee mensen")
    page.get_by_role("button", name="Besluit ongedaan maken" if dutch else "Undo the decision").click()
    expect(page.get_by_role("button", name="Zaken samenvoegen" if dutch else "Merge the two cases")).to_be_visible()
    assert Case.objects.get(pk=pair.second_id).status == "reopened"
