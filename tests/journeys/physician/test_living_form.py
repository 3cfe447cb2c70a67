"""A form that follows what a physician answers: questions that apply, reasons, chips, and a way back from each."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.casework import intake
from register.models import Case, User
from tests import factories
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, assert_touchable
from tests.journeys.physician.recording import choose
from tests.journeys.physician.typing import SHIFTS, open_desk, save_of, stored

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

UNDO = "Ongedaan maken"


@pytest.fixture
def case(transactional_db: None) -> Case:
    physician = User.objects.create_user("arts.amsterdam", role="physician", region_id=factories.AMSTERDAM)
    begun = factories.draft(physician)
    raw = {"residence_kind": "municipality", "residence_municipality": "GM0363", "sex": "female", "pregnancy": "no"}
    saved = intake.save_page(case_id=begun.pk, page="overledene", raw=raw, seen_version=begun.row_version, by=physician)
    assert saved.problems == {}
    return saved.case


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, case: Case, script: bool) -> Iterator[Page]:
    page = open_desk(browser, live_server, "arts.amsterdam", script=script)
    yield page
    page.context.close()


def _go_to(page: Page, case: Case, section: str) -> None:
    page.goto(f"{page.url.split('/zaken/')[0]}/zaken/{case.pk}/{section}/")


only_with_script = pytest.mark.parametrize("script", [True], ids=["with script"], indirect=True)
only_without_script = pytest.mark.parametrize("script", [False], ids=["without script"], indirect=True)


@only_with_script
def test_a_question_comes_and_goes_with_the_answer_that_asks_for_it(desk: Page, case: Case) -> None:
    _go_to(desk, case, "overledene")
    pregnancy = desk.locator(".field:has([name=pregnancy])")
    expect(pregnancy).to_be_visible()
    expect(desk.locator(".condition").first).to_be_hidden()
    desk.evaluate(SHIFTS)
    with desk.expect_response(save_of("sex")):
        choose(desk, "sex", "male")
    expect(pregnancy).to_be_hidden()
    note = desk.locator(".wiped")
    expect(note).to_contain_text("Deze antwoorden worden gewist: Zwanger of kraambed")
    assert_accessible(desk)
    assert_touchable(desk)
    assert_no_sideways_scroll(desk)
    assert (stored(case).decedent_section.pregnancy, stored(case).decedent_section.pregnancy_missing) == (None, "NA")
    with desk.expect_response(save_of("pregnancy")):
        note.get_by_role("button", name=UNDO).click()
    expect(pregnancy).to_be_visible()
    expect(desk.locator("[name=sex][value=female]")).to_be_focused()
    expect(note).to_have_count(0)
    now = stored(case).decedent_section
    assert (now.sex, now.pregnancy, now.pregnancy_missing) == ("female", "no", None)
    assert desk.evaluate("window.shifted") == []


@only_without_script
def test_without_a_script_each_question_says_when_it_is_asked_and_what_was_wiped_comes_back(
    desk: Page, case: Case
) -> None:
    _go_to(desk, case, "overledene")
    expect(desk.get_by_text("Alleen invullen als het geslacht vrouw is.")).to_be_visible()
    expect(desk.get_by_role("button", name="Vandaag")).to_have_count(0)
    choose(desk, "sex", "male")
    desk.get_by_role("button", name="Opslaan en doorgaan").click()
    expect(desk.locator("section.notice")).to_contain_text("Zwanger of kraambed")
    assert stored(case).decedent_section.pregnancy is None
    desk.get_by_role("button", name=UNDO).click()
    desk.wait_for_url("**/overledene/")
    expect(desk.locator("[name=sex][value=female]")).to_be_checked()
    assert stored(case).decedent_section.pregnancy == "no"


@only_with_script
def test_a_reason_takes_the_place_of_the_answer_and_goes_with_one_press(desk: Page, case: Case) -> None:
    _go_to(desk, case, "overledene")
    with desk.expect_response(save_of("age_years")):
        desk.fill("[name=age_years]", "34")
        desk.locator("[name=age_years]").blur()
    with desk.expect_response(save_of("age_years")):
        desk.select_option("[name=age_years_missing]", "UNK")
    expect(desk.locator("[name=age_years]")).to_have_value("")
    assert (stored(case).decedent_section.age_years, stored(case).decedent_section.age_years_missing) == (None, "UNK")
    with desk.expect_response(save_of("age_years")):
        desk.locator(".field:has([name=age_years])").get_by_role("button", name=UNDO).click()
    expect(desk.locator("[name=age_years]")).to_have_value("34")
    assert (stored(case).decedent_section.age_years, stored(case).decedent_section.age_years_missing) == (34, None)


@only_with_script
def test_an_answer_takes_the_place_of_a_reason(desk: Page, case: Case) -> None:
    _go_to(desk, case, "overledene")
    desk.select_option("[name=age_years_missing]", "UNK")
    with desk.expect_response(lambda answer: "age_years=34" in (answer.request.post_data or "")):
        desk.fill("[name=age_years]", "34")
        desk.locator("[name=age_years]").blur()
    expect(desk.locator("[name=age_years_missing]")).to_have_value("")
    assert stored(case).decedent_section.age_years == 34


@only_with_script
def test_today_and_the_same_municipality_are_one_press(desk: Page, case: Case) -> None:
    _go_to(desk, case, "overlijden")
    with desk.expect_response(save_of("date_of_death_day")):
        desk.locator(".field:has([name=date_of_death_day])").get_by_role("button", name="Vandaag").click()
    with desk.expect_response(save_of("death_municipality")):
        desk.get_by_role("button", name="Zelfde gemeente: Amsterdam").click()
    now = stored(case).death_section
    assert now.date_of_death_from == now.date_of_death_to == timezone.localdate()
    assert now.death_municipality_id == "GM0363"
    assert_accessible(desk)
    assert_touchable(desk)
    assert_no_sideways_scroll(desk)
