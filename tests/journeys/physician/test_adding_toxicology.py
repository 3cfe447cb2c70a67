"""A physician adds the toxicology report weeks later (journey J3): by pasting it, and by hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.casework import moves, substances
from register.casework.dossier import Dossier
from register.casework.findings import key_of, unaccepted
from register.models import Case, User
from tests import factories
from tests.journeys.conftest import (
    DESKTOP,
    PATIENCE,
    TABLET,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    sign_in,
)
from tests.scale import in_a_soak

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LINES = (
    ("MDMA", "1,2 mg/L"),
    ("6-MAM", "12 µg/L"),
    ("codeïne", "<0,01 mg/L"),
    ("oxy", "0,03 mg/L"),
    ("N-pyrrolidino X", "positief"),
)
BUDGET_BY_PASTE, BUDGET_BY_HAND = 16, 27
MOST_TABS = 250


@dataclass(frozen=True, slots=True)
class Words:
    """The words on the buttons and links, and what the physician reads."""

    language: str
    enter: str
    read: str
    take_over: str
    take_proposals: str
    go_on: str
    hand_in: str
    handed_in: str
    conversion: str
    heroin: str


DUTCH = Words(
    "nl",
    "Uitslag invoeren",
    "Lezen",
    "Overnemen",
    "Neem voorstellen over",
    "Doorgaan",
    "Opnieuw indienen",
    "zijn ingediend",
    "= 0,012 mg/L",
    "Heroïne",
)
ENGLISH = Words(
    "en",
    "Enter a report",
    "Read",
    "Take over",
    "Take the proposals over",
    "Continue",
    "Hand in again",
    "were handed in",
    "= 0.012 mg/L",
    "Heroin",
)


class Hand:
    """A person at a page with a mouse, a finger or only a keyboard, who counts what they do."""

    def __init__(self, page: Page, way: str) -> None:
        self.page, self.way, self.count = page, way, 0

    def press(self, what: Locator) -> None:
        """Press a button or follow a link."""
        self.count += 1
        match self.way:
            case "keyboard":
                self._tab_to(what)
                self.page.keyboard.press("Enter")
            case "touch":
                what.tap()
            case _:
                what.click()

    def fill(self, what: Locator, text: str) -> None:
        """Type or paste a text in an empty field."""
        self.count += 1
        if self.way == "keyboard":
            self._tab_to(what)
            self.page.keyboard.insert_text(text)
        else:
            what.fill(text)

    def choose(self, name: str, value: str) -> None:
        """Choose one of a group of radio buttons."""
        self.count += 1
        radio = self.page.locator(f"input[name='{name}'][value='{value}']")
        if self.way != "keyboard":
            label = self.page.locator("label", has=radio)
            label.tap() if self.way == "touch" else label.click()
            return
        self._tab_to(self.page.locator(f"input[name='{name}']").first)
        self.page.keyboard.press("Space")
        for _ in range(10):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"the arrows never reached {value} of {name}")

    def _tab_to(self, what: Locator) -> None:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if what.evaluate("wanted => wanted === document.activeElement"):
                return
        pytest.fail(f"Tab never reached {what}")


@dataclass(frozen=True, slots=True)
class Desk:
    """A physician who is signed in, with a case that waits for its toxicology."""

    hand: Hand
    case: Case
    words: Words
    script: bool


def _waiting_case(physician: User) -> Case:
    """Three suspicions, handed in, taken by the register, waiting for the report."""
    case = factories.filled(physician)
    for reported, code in (("xtc", "mdma"), ("bruin", "heroin")):
        case = substances.add_suspicion(
            case_id=case.pk,
            reported_as=reported,
            substance=code,
            evidence=("witness",),
            seen_version=case.row_version,
            by=physician,
        )
    accepted = {key_of(finding): "Gecontroleerd" for finding in unaccepted(Dossier(case))}
    case = moves.submit(case_id=case.pk, seen_version=case.row_version, accepted=accepted, by=physician)
    reviewer = factories.reviewer()
    case = moves.take(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    return moves.await_toxicology(case_id=case.pk, seen_version=case.row_version, by=reviewer)


WAYS = {
    "desktop nl": ("mouse", DUTCH, True),
    "tablet en": ("touch", ENGLISH, True),
    "keyboard nl": ("keyboard", DUTCH, True),
    "without script en": ("mouse", ENGLISH, False),
}


def ways(*now: str) -> pytest.MarkDecorator:
    """The ways of one journey: ``now`` in every run, the others in a soak."""
    given = [WAYS[name] if name in now else in_a_soak(WAYS[name]) for name in WAYS]
    return pytest.mark.parametrize("desk", given, ids=list(WAYS), indirect=True)


@pytest.fixture
def desk(request: Any, browser: Browser, live_server: LiveServer, transactional_db: None) -> Iterator[Desk]:
    way, words, script = request.param
    physician = User.objects.create_user(
        "arts.amsterdam", role="physician", region_id=factories.AMSTERDAM, language=words.language
    )
    case = _waiting_case(physician)
    context = browser.new_context(
        viewport=TABLET if way == "touch" else DESKTOP, has_touch=way == "touch", java_script_enabled=script
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url)
    sign_in(page, physician.username)
    page.goto(f"{live_server.url}/zaken/")
    yield Desk(Hand(page, way), case, words, script)
    context.close()
    assert said == []


def _assert_screen(desk: Desk) -> None:
    """What every screen owes: one heading, accessible, nothing of the case in its address."""
    page = desk.hand.page
    assert page.locator("h1").count() == 1
    assert not any(word.lower() in page.url.lower() for word, _result in LINES)
    if desk.script:
        assert_accessible(page)


def _open_the_form(desk: Desk) -> None:
    hand, page = desk.hand, desk.hand.page
    hand.press(page.locator(f"a[href$='/zaken/{desk.case.pk}/toxicologie/']").first)
    hand.press(page.get_by_role("link", name=desk.words.enter))
    expect(page.locator("[name=report_reference]")).to_be_visible()
    _assert_screen(desk)
    hand.fill(page.locator("[name=report_reference]"), "NFI-2026-1234")


def _look_and_take_over(desk: Desk) -> None:
    hand, page, words = desk.hand, desk.hand.page, desk.words
    hand.press(page.get_by_role("button", name=words.read, exact=True))
    expect(page.locator("table.match")).to_contain_text(words.conversion)
    expect(page.locator("tr.parent", has_text=words.heroin)).to_have_count(1)
    expect(page.locator("code")).to_have_count(len(LINES))
    _assert_screen(desk)
    assert not desk.case.toxresult_rows.exists()
    at = next(place for place, (name, _result) in enumerate(LINES) if name == "oxy")
    hand.choose(f"line.{at}.choice", "oxycodone")
    hand.press(page.get_by_role("button", name=words.take_over, exact=True))


def _conclude_and_hand_in(desk: Desk) -> None:
    hand, page, words = desk.hand, desk.hand.page, desk.words
    expect(page).to_have_url(re.compile("/toxicologie/bevindingen/"))
    _assert_screen(desk)
    hand.press(page.get_by_role("button", name=words.take_proposals))
    expect(page.locator("#rollen")).to_be_visible()
    _assert_screen(desk)
    for row in desk.case.substancefinding_rows.order_by("id"):
        hand.choose(f"finding.{row.pk}.role", "joint_cause")
    hand.press(page.get_by_role("button", name=words.go_on, exact=True))
    expect(page).to_have_url(re.compile("/opnieuw-indienen/"))
    expect(page.locator("#k-toxicologie")).to_be_visible()
    expect(page.locator("#k-overledene")).to_have_count(0)
    _assert_screen(desk)
    hand.press(page.get_by_role("button", name=words.hand_in))
    expect(page.get_by_text(words.handed_in)).to_be_visible()


def _assert_added(desk: Desk) -> None:
    case = Case.objects.get(pk=desk.case.pk)
    assert (case.status, case.tox_status) == ("in_review", "final")
    request = case.toxrequest_rows.get()
    assert (request.status, request.report_reference) == ("final", "NFI-2026-1234")
    results = {row.reported_as: row for row in case.toxresult_rows.all()}
    assert list(results) == [name for name, _result in LINES]
    assert (results["codeïne"].outcome, results["codeïne"].qualifier) == ("below_limit", "lt")
    assert results["N-pyrrolidino X"].substance_id is None
    findings = {row.substance_id: row for row in case.substancefinding_rows.select_related("suspicion")}
    assert set(findings) == {"mdma", "heroin", "oxycodone", None}
    assert {row.role for row in findings.values()} == {"joint_cause"}
    linked = {code: row.suspicion.reported_as for code, row in findings.items() if row.suspicion_id}
    assert linked == {"mdma": "xtc", "heroin": "bruin"}
    suspected = dict(case.suspectedsubstance_rows.values_list("reported_as", "outcome"))
    assert suspected == {"coke": "not_tested", "xtc": "confirmed", "bruin": "confirmed"}


@ways("keyboard nl", "without script en")
def test_a_report_is_added_by_pasting_it(desk: Desk) -> None:
    _open_the_form(desk)
    table = "\n".join(f"{name}\t{result}" for name, result in LINES)
    desk.hand.fill(desk.hand.page.locator("[name=text]"), table)
    _look_and_take_over(desk)
    _conclude_and_hand_in(desk)
    _assert_added(desk)
    assert desk.hand.count <= BUDGET_BY_PASTE


@ways("desktop nl", "tablet en")
def test_a_report_is_added_by_hand(desk: Desk) -> None:
    _open_the_form(desk)
    for at, (name, result) in enumerate(LINES):
        desk.hand.fill(desk.hand.page.locator(f"[name='typed.{at}.name']"), name)
        desk.hand.fill(desk.hand.page.locator(f"[name='typed.{at}.result']"), result)
    _look_and_take_over(desk)
    _conclude_and_hand_in(desk)
    _assert_added(desk)
    assert desk.hand.count <= BUDGET_BY_HAND


@pytest.fixture
def physician(transactional_db: None) -> User:
    return User.objects.create_user("arts.amsterdam", role="physician", region_id=factories.AMSTERDAM)


@pytest.mark.parametrize(("language", "theme"), [in_a_soak("nl", "light"), ("en", "night")])
def test_every_screen_of_a_report_fits_a_phone_and_a_thumb(
    physician: User, page: Page, language: str, theme: str
) -> None:
    words = DUTCH if language == "nl" else ENGLISH
    physician.language, physician.theme = language, theme
    physician.save()
    case = _waiting_case(physician)
    sign_in(page, physician.username)
    base = page.url.split("/zaken/")[0] + f"/zaken/{case.pk}"
    hand = Hand(page, "mouse")

    def assert_all() -> None:
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        assert_touchable(page)

    page.goto(f"{base}/toxicologie/")
    assert_all()
    page.get_by_role("link", name=words.enter).click()
    expect(page.locator("[name=text]")).to_be_visible()
    hand.press(page.get_by_role("button", name=words.read, exact=True))
    expect(page.locator(".errors")).to_have_count(1)
    assert_all()
    text = "\n".join(
        [*(f"{name}\t{result}" for name, result in LINES), "ketamine\tneg.", "GHB\t1.200\tmg/L", "bijlage 2"]
    )
    page.fill("[name=text]", text)
    hand.press(page.get_by_role("button", name=words.read, exact=True))
    expect(page.locator("table.match")).to_be_visible()
    assert_all()
    for summary in page.locator("details > summary").all():
        if summary.is_visible():
            summary.click()
    assert_all()
    hand.press(page.get_by_role("button", name=words.take_over, exact=True))
    expect(page.locator(".errors")).to_have_count(1)
    assert_all()
    hand.choose("line.3.choice", "=")
    hand.press(page.get_by_role("button", name=words.take_over, exact=True))
    expect(page).to_have_url(re.compile("/toxicologie/bevindingen/"))
    assert_all()
    hand.press(page.get_by_role("button", name=words.take_proposals))
    expect(page.locator("#rollen")).to_be_visible()
    assert_all()
    page.goto(f"{base}/opnieuw-indienen/")
    assert_all()
    page.goto(f"{base}/toxicologie/")
    assert_all()
