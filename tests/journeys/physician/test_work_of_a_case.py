"""How much work the physician's desk asks: a new case with two substances (J1), and an answer to a question (J4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.casework import queries
from register.models import Case, User
from tests import factories
from tests.journeys.conftest import DESKTOP, PATIENCE, TABLET, assert_accessible, sign_in
from tests.journeys.measuring import Fingers, Hands, Keys
from tests.journeys.physician.recording import WORDS, Words
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

MOST_INTERACTIONS, WITHOUT_SCRIPT, MOST_SECONDS = 40, 8, 240
MOST_FOR_AN_ANSWER, SECONDS_FOR_AN_ANSWER = 6, 60
# What may stand in no address and no title.
ABOUT_THE_CASE = ("amsterdam", "ketamine", "keta", "mdma", "xtc", "34 ")


@dataclass(frozen=True, slots=True)
class Physician:
    """Somebody signed in with hands of their own."""

    user: User
    hands: Hands
    words: Words
    script: bool

    @property
    def page(self) -> Page:
        return self.hands.page

    def at(self, name: str) -> Locator:
        return self.page.locator(f"[name='{name}']")

    def go_on(self) -> None:
        self.hands.go(self.page.get_by_role("button", name=self.words.go_on, exact=True))


HANDS: dict[str, type[Hands]] = {"mouse": Hands, "fingers": Fingers, "keys": Keys}
SOAKED = (("mouse", "nl"), ("mouse", "en"), ("fingers", "nl"), ("keys", "en"))
WAYS = [
    ("fingers", "en", True),
    ("keys", "nl", True),
    ("mouse", "en", False),
    *(in_a_soak((hands, language, True)) for hands, language in SOAKED),
]


@pytest.fixture(params=WAYS, ids=lambda way: " ".join((way[0], way[1], "" if way[2] else "without script")).strip())
def physician(request: Any, browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Physician]:
    name, language, script = request.param
    user = User.objects.create_user(
        "arts.amsterdam", role="physician", region_id=factories.AMSTERDAM, language=language
    )
    # The region used this laboratory before, so it is filled in already.
    factories.filled(factories.physician())
    touch = name == "fingers"
    context = browser.new_context(
        viewport=TABLET if touch else DESKTOP, has_touch=touch, java_script_enabled=script, locale="nl-NL"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live_server.url)
    sign_in(page, user.username)
    page.wait_for_url("**/zaken/")
    yield Physician(user, HANDS[name](page), WORDS[language], script)
    assert said == []
    context.close()


def today(me: Physician, name: str) -> None:
    """The chip of today; three boxes without a script."""
    chip = me.page.locator(f"fieldset:has([name='{name}_day']) .chips button").first
    if me.script:
        me.hands.press(chip)
        return
    me.hands.fill(me.at(f"{name}_day"), "20")
    me.hands.fill(me.at(f"{name}_month"), "10")
    me.hands.fill(me.at(f"{name}_year"), "2026")


def substance(me: Physician, typed: str, code: str) -> None:
    """Type a name and choose it; without a script there is a press on the button between."""
    box = me.at("term")
    me.hands.fill(box, typed)
    if me.script and me.page.locator(".combobox").count():
        option = me.page.locator(f"[role=option][data-code='{code}']")
        expect(option).to_be_visible()
    else:
        me.hands.go(me.page.get_by_role("button", name=me.words.search, exact=True))
        option = me.page.locator(f"button[name=do][value='add:{code}']")
    if isinstance(me.hands, Keys) and me.page.locator(".combobox").count():
        me.page.keyboard.press("ArrowDown")
        with me.page.expect_navigation():
            me.hands.work.interactions += 1
            me.page.keyboard.press("Enter")
        return
    me.hands.go(option)


def record(me: Physician) -> Case:
    """Every step of J1."""
    hands = me.hands
    hands.go(me.page.get_by_role("link", name=me.words.new_case))
    hands.choose("sex", "male")
    hands.fill(me.at("age_years"), "34")
    hands.choose("residence_kind", "municipality")
    hands.pick(me.at("residence_municipality"), "GM0363")
    me.go_on()
    today(me, "date_of_death")
    hands.choose("date_of_death_precision", "exact")
    hands.pick(me.at("place_type"), "own_home")
    hands.pick(me.at("death_municipality"), "GM0363")
    hands.choose("manner_provisional", "non_natural")
    today(me, "date_examined")
    me.go_on()
    hands.pick(me.at("intent_provisional"), "accident")
    hands.choose("used_alone", "yes")
    hands.choose("scene_items", "powder")
    me.go_on()
    for typed, code in (("keta", "ketamine"), ("xtc", "mdma")):
        substance(me, typed, code)
    for row in me.page.locator("section.sheet").all():
        hands.choose("role", "joint_cause", inside=row)
    me.go_on()
    hands.choose("asked", "yes")
    hands.pick(me.at("matrix"), "blood_femoral")
    me.go_on()
    hands.choose("relation_to_drugs", "direct")
    hands.fill(me.at("cause_line_a"), "Intoxicatie")
    hands.choose("intent_certainty", "probable")
    me.go_on()
    hands.go(me.page.get_by_role("button", name=me.words.submit, exact=True))
    expect(me.page.locator("h1")).to_contain_text(me.words.submitted)
    return Case.objects.get(reporter=me.user)


def test_a_case_with_two_substances_is_handed_in_within_its_measure(physician: Physician) -> None:
    case, work = record(physician), physician.hands.work
    room = MOST_INTERACTIONS + (0 if physician.script else WITHOUT_SCRIPT)
    assert work.interactions <= room, f"{work.interactions} interactions"
    assert work.seconds <= MOST_SECONDS, f"{work.seconds:.0f} s modelled"
    assert case.status == "submitted"
    assert set(case.suspectedsubstance_rows.values_list("substance_id", flat=True)) == {"ketamine", "mdma"}
    shown = physician.page.locator("main").inner_text()
    assert case.case_number in shown
    assert str(case.toxrequest_rows.get().due_on.year) in shown
    for address, title in work.passed:
        assert not [word for word in ABOUT_THE_CASE if word in f"{address.partition('/zaken/')[2]} {title}".casefold()]
    assert not physician.page.locator("[name*=bsn], [name*=birth_date], [name=name]").count()


def test_a_question_is_answered_within_its_measure(physician: Physician) -> None:
    reviewer = factories.reviewer()
    case = factories.in_review(physician.user, reviewer)
    queries.ask(
        case_id=case.pk, field="Decedent.age_years", text="Klopt dit?", seen_version=case.row_version, by=reviewer
    )
    hands, page = physician.hands, physician.page
    page.reload()
    hands.go(page.locator("section[aria-labelledby=h-v] .ledger a"))
    marked = page.locator(".asked [name=age_years]")
    expect(marked).to_have_value("34")
    if physician.script:
        assert_accessible(page)
    marked.clear()
    hands.fill(marked, "43")
    hands.choose("standard", "corrected")
    hands.go(page.locator("form[method=post] .actions button"))
    work, case = hands.work, Case.objects.get(pk=case.pk)
    assert work.interactions <= MOST_FOR_AN_ANSWER
    assert work.reading <= SECONDS_FOR_AN_ANSWER
    assert (case.status, case.decedent_section.age_years) == ("query_answered", 43)
    assert case.query_rows.get().messages.count() == 2
