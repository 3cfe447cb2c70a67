"""A physician signs in at night, records a death with two substances, and hands it in while toxicology is pending."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from register.casework import moves, queries
from register.models import Case, User
from tests import factories
from tests.journeys.conftest import (
    TABLET,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    follow,
    sign_in,
)
from tests.journeys.physician.recording import STEPS, WORDS, Words, first_page, go_on
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


# The focused control, or the label around it, has an outline, and nothing lies over it.
FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement, label = focused.closest('label');
  const box = focused.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const outlined = el => el && getComputedStyle(el).outlineStyle !== 'none';
  return (outlined(focused) || outlined(label)) && (focused.contains(top) || (label && label.contains(top)));
}"""


@pytest.fixture
def physician(transactional_db: None) -> User:
    return User.objects.create_user("arts.amsterdam", role="physician", region_id="GG3406")


def record(page: Page, words: Words) -> Case:
    """Every step up to the confirmation."""
    for step in STEPS:
        step(page, words)
    page.get_by_role("button", name=words.submit, exact=True).click()
    expect(page.locator("h1")).to_contain_text(words.submitted)
    return Case.objects.get()


def assert_recorded(case: Case) -> None:
    assert case.status == "submitted"
    assert case.tox_status == "sampled"
    assert case.decedent_section.age_years == 34
    assert case.circumstances_section.scene_items == ["powder", "ghb_tube"]
    assert case.history_section.previous_overdose_missing == "UNK"
    rows = case.suspectedsubstance_rows.order_by("id").values_list("reported_as", "role", "evidence", "route")
    assert [row.substance_id for row in case.suspectedsubstance_rows.order_by("id")] == ["ketamine", None]
    assert list(rows) == [
        ("keta", "joint_cause", ["scene"], "nasal"),
        ("roze poeder", "joint_cause", ["scene"], None),
    ]


def test_a_case_with_two_substances_is_recorded_and_handed_in(physician: User, page: Page) -> None:
    sign_in(page, physician.username)
    case = record(page, WORDS["nl"])
    assert_recorded(case)
    page.goto(page.url.split("/zaken/")[0] + "/zaken/")
    expect(page.get_by_role("link", name=case.case_number).first).to_be_visible()


def test_the_same_case_is_recorded_without_javascript(physician: User, without_script: Page) -> None:
    sign_in(without_script, physician.username)
    assert_recorded(record(without_script, WORDS["nl"]))


@pytest.mark.soak
def test_the_same_case_is_recorded_in_english_on_a_tablet(physician: User, page: Page) -> None:
    page.set_viewport_size(TABLET)
    physician.language = "en"
    physician.save()
    sign_in(page, physician.username)
    assert_recorded(record(page, WORDS["en"]))


def test_a_case_is_recorded_with_the_keyboard_alone(physician: User, page: Page) -> None:
    """Tab, arrows, space and letters reach every control of the first page and go on."""
    sign_in(page, physician.username)
    focus(page, "a.button--large")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zaken/nieuw")
    focus(page, "[name=sex]")
    page.keyboard.press("Space")
    focus(page, "[name=age_years]")
    page.keyboard.type("34")
    focus(page, "[name=birth_year_missing]")
    page.keyboard.type("On")
    focus(page, "[name=residence_kind]")
    page.keyboard.press("Space")
    focus(page, "[name=residence_municipality]")
    page.keyboard.type("Amsterdam")
    focus(page, "button[name=do][value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/overlijden/")
    stored = Case.objects.get().decedent_section
    assert (stored.sex, stored.age_years, stored.residence_municipality_id) == ("male", 34, "GM0363")


def focus(page: Page, selector: str) -> None:
    """Press Tab until the control has the focus, and check that the focus can be seen and is not covered."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    else:
        pytest.fail(f"Tab never reached {selector}")
    seen = page.evaluate(FOCUS_IS_SEEN)
    assert seen, f"the focus on {selector} is hidden or covered"


def test_mistakes_are_summed_up_above_the_heading_and_linked_to_their_fields(physician: User, page: Page) -> None:
    sign_in(page, physician.username)
    follow(page, page.get_by_role("link", name="Nieuwe zaak"))
    page.fill("[name=age_years]", "3o")
    go_on(page, WORDS["nl"])
    number = Case.objects.get().case_number
    expect(page).to_have_title(f"Fout: Overledene – {number} – Register drugssterfte")
    expect(page.locator(".errors")).to_be_focused()
    page.locator(".errors a").click()
    expect(page.locator("[name=age_years]")).to_be_focused()
    expect(page.locator("[name=age_years]")).to_have_value("3o")
    assert_accessible(page)


def test_two_windows_on_one_page_lose_nothing(physician: User, page: Page) -> None:
    sign_in(page, physician.username)
    first_page(page, WORDS["nl"])
    case = Case.objects.get()
    page.goto(page.url.replace("overlijden", "overledene"))
    second = page.context.new_page()
    second.goto(page.url)
    second.fill("[name=age_years]", "43")
    go_on(second, WORDS["nl"])
    second.close()
    page.fill("[name=birth_year]", "1983")
    page.get_by_role("button", name="Opslaan en doorgaan").click()
    page.wait_for_url("**/overlijden/")
    stored = Case.objects.get(pk=case.pk).decedent_section
    assert (stored.age_years, stored.birth_year) == (43, 1983)
    goes_on_only_after_choosing(page, case)


def goes_on_only_after_choosing(page: Page, case: Case) -> None:
    """Of one answer given in two windows the second person chooses; the button does not go past that."""
    page.goto(page.url.replace("overlijden", "overledene"))
    second = page.context.new_page()
    second.goto(page.url)
    second.fill("[name=age_years]", "44")
    go_on(second, WORDS["nl"])
    second.close()
    page.fill("[name=age_years]", "45")
    page.get_by_role("button", name="Opslaan en doorgaan").click()
    mine = page.get_by_role("button", name="Uw antwoord: 45")
    expect(mine).to_be_visible()
    page.get_by_role("button", name="Opslaan en doorgaan").click()
    expect(page.locator("#verschil")).to_be_focused()
    assert Case.objects.get(pk=case.pk).decedent_section.age_years == 44
    with page.expect_response(lambda answer: answer.url.endswith("/bewaren")):
        mine.click()
    go_on(page, WORDS["nl"])
    assert Case.objects.get(pk=case.pk).decedent_section.age_years == 45


@pytest.mark.parametrize(("language", "theme"), [("nl", "light"), in_a_soak("en", "night")])
def test_every_screen_is_accessible_fits_a_phone_and_a_thumb(
    physician: User, page: Page, language: str, theme: str
) -> None:
    assert_all(page)
    physician.language, physician.theme = language, theme
    physician.save()
    sign_in(page, physician.username)
    words = WORDS[language]
    base = page.url.split("/zaken/")[0]
    assert_all(page)
    page.goto(f"{base}/zaken/nieuw")
    assert_all(page)
    page.goto(f"{base}/zaken/")
    first_page(page, words)
    case = Case.objects.get()
    for step in STEPS[1:]:
        assert_all(page)
        step(page, words)
    assert_all(page)
    paths = ["", "middelen/", "toxicologie/", "conclusie/", "intrekken/", "geschiedenis/"]
    request = case.toxrequest_rows.get().pk
    paths += [
        f"toxicologie/{request}/",
        *(f"toxicologie/{request}/{name}/" for name in ("monster", "rapport", "uitslag")),
    ]
    for path in paths:
        page.goto(f"{base}/zaken/{case.pk}/{path}")
        assert_all(page)
    for path in ("vragen/", "zaken/lijst/concepten/", "nulmeldingen/", "mijn-profiel/", "hulp/", "codeboek/", "niets/"):
        page.goto(f"{base}/{path}")
        assert_all(page)
    open_widgets_and_mistakes(page, f"{base}/zaken/{case.pk}/", words)
    earlier, later = (factories.filled(physician) for _ in range(2))
    page.goto(f"{base}/zaken/{later.pk}/overledene/eerder-concept/")
    expect(page.locator(f"main .actions a[href*='{earlier.pk}']")).to_be_visible()
    assert_all(page)
    page.goto(f"{base}/zaken/{case.pk}/controleren/")
    follow(page, page.get_by_role("button", name=words.submit, exact=True))
    assert_all(page)
    question = asked(case)
    for path in ("", "overledene/", f"vragen/{question}/", "geschiedenis/", "toxicologie/"):
        page.goto(f"{base}/zaken/{case.pk}/{path}")
        assert_all(page)


def open_widgets_and_mistakes(page: Page, case: str, words: Words) -> None:
    """The picker with its results, a page with a mistake in a row, a new draft that is handed in far too early."""
    page.goto(f"{case}middelen/")
    page.fill("[name=term]", "keta")
    follow(page, page.get_by_role("button", name=words.search, exact=True))
    assert_all(page)
    page.goto(f"{case}omstandigheden/")
    page.fill("[name='naloxone.new.doses']", "x")
    go_on(page, words)
    assert page.locator(".errors").count() == 1
    assert_all(page)
    page.fill("[name='naloxone.new.doses']", "")
    go_on(page, words)
    page.goto(f"{case.split('/zaken/')[0]}/zaken/nieuw")
    page.fill("[name=age_years]", "9")
    go_on(page, words)
    page.goto(page.url.replace("overlijden", "controleren").replace("overledene", "controleren").split("#")[0])
    follow(page, page.get_by_role("button", name=words.submit, exact=True))
    assert page.locator(".errors").count() == 1
    assert_all(page)


def asked(case: Case) -> UUID:
    """A question of the register about the age."""
    reviewer = User.objects.create_user("register.jansen", role="register_staff")

    def version() -> int:
        return Case.objects.get(pk=case.pk).row_version

    moves.take(case_id=case.pk, seen_version=version(), by=reviewer)
    queries.ask(case_id=case.pk, field="Decedent.age_years", text="Klopt dit?", seen_version=version(), by=reviewer)
    return case.query_rows.get().pk


def assert_all(page: Page) -> None:
    """What every screen owes."""
    assert page.locator("h1").count() == 1
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_touchable(page)
