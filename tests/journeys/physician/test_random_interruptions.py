"""A physician types while everything goes wrong at random: no field is lost (journey J2)."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as BrowserError
from pytest_django.live_server_helper import LiveServer

from register.access import sessions
from register.models import Case, User
from tests import factories
from tests.journeys.physician.typing import PROMISED, STATE, open_desk, save_of
from tests.scale import scaled

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SAVES = "**/bewaren"
NOTE_STATES = """place => {
  const state = document.querySelector(place), noted = document.documentElement.dataset;
  noted.states = '';
  window.noting?.disconnect();
  window.noting = new MutationObserver(() => { noted.states += ` ${state.dataset.state}`; });
  window.noting.observe(state, { attributes: true, attributeFilter: ['data-state'] });
}"""
SEED = 20261126
# Questions of one page, and the model that holds each.
TEXTS = {"narrative": "", "agonist_daily_dose": "history_section", "call_delay_minutes": "circumstances_section"}


@dataclass
class Night:
    """One physician with one draft, and what they typed last in each question."""

    context: BrowserContext
    page: Page
    case: Case
    physician: User
    address: str
    chance: random.Random
    typed: dict[str, str] = field(default_factory=dict)

    def say(self) -> str:
        """Type something else in one question; gives its name."""
        name = self.chance.choice(sorted(TEXTS))
        number = next(one for one in self.chance.sample(range(1, 1000), 2) if str(one) not in self.typed.get(name, ""))
        self.typed[name] = str(number) if name == "call_delay_minutes" else f"woord {number}"
        self.page.locator(f"[name={name}]").fill(self.typed[name])
        return name

    def is_saved(self) -> None:
        """The page says that everything is with the server."""
        expect(self.page.locator(f"{STATE}:not(.is-behind)")).to_have_attribute(
            "data-state", "saved", timeout=PROMISED * 3
        )

    def lost(self) -> dict[str, tuple[str, str]]:
        """What was typed and does not stand in the draft: by question, what was typed and what stands."""
        case = Case.objects.get(pk=self.case.pk)
        found = {}
        for name, text in self.typed.items():
            holder = getattr(case, TEXTS[name]) if TEXTS[name] else case
            if str(getattr(holder, name)) != text:
                found[name] = (text, str(getattr(holder, name)))
        return found


def kill_of_the_tab(night: Night) -> None:
    """Within the time promised the answer is there; then the tab goes without a word, and another one opens."""
    wanted = save_of("")
    with night.page.expect_response(
        lambda answer: answer.url.endswith("/bewaren") and wanted(answer), timeout=PROMISED
    ):
        night.say()
    night.page.close()
    night.page = night.context.new_page()
    night.page.goto(night.address)


def network_off(night: Night) -> None:
    night.context.set_offline(True)
    night.say()
    expect(night.page.locator(STATE)).to_have_attribute("data-state", "offline", timeout=PROMISED)
    night.say()
    night.context.set_offline(False)
    night.is_saved()


def server_error(night: Night) -> None:
    left = [night.chance.randint(1, 2)]

    def fail(route: Route) -> None:
        left[0] -= 1
        if left[0] < 0:
            route.continue_()
        else:
            route.fulfill(status=night.chance.choice([500, 502, 503]), body="")

    _through(night, fail)


def answer_lost(night: Night) -> None:
    """The server saved, and nobody hears so: the same save is sent again and changes nothing."""
    left = [1]

    def swallow(route: Route) -> None:
        left[0] -= 1
        if left[0] < 0:
            route.continue_()
        else:
            route.fetch()
            route.abort()

    _through(night, swallow)


def session_end(night: Night) -> None:
    sessions.end_sessions(person=night.physician)
    night.say()
    dialog = night.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    with night.page.expect_popup() as opened:
        dialog.get_by_role("link", name="Opnieuw aanmelden").click()
        opened.value.locator(f"button[name=persona][value='{night.physician.username}']").click()
    expect(dialog).to_be_hidden()
    night.is_saved()


def _through(night: Night, handle: Callable[[Route], None]) -> None:
    """What the page says is noted as it changes: it may be offline for less than a look at it takes."""
    night.page.evaluate(NOTE_STATES, STATE)
    night.page.route(SAVES, handle)
    night.say()
    expect(night.page.locator("html")).to_have_attribute("data-states", re.compile("offline"), timeout=PROMISED)
    night.is_saved()
    night.page.unroute(SAVES)


INTERRUPTIONS = (kill_of_the_tab, network_off, server_error, answer_lost, session_end)


@pytest.fixture
def night(browser: Browser, live_server: LiveServer, transactional_db: None) -> Night:
    physician = User.objects.create_user("arts.amsterdam", role="physician", region_id=factories.AMSTERDAM)
    case = factories.draft(physician)
    page = open_desk(browser, live_server, physician.username)
    address = f"{live_server.url}/zaken/{case.pk}/omstandigheden/"
    page.goto(address)
    return Night(page.context, page, case, physician, address, random.Random(SEED))


@pytest.mark.scaled
def test_no_field_is_lost_in_random_interruptions(night: Night) -> None:
    count = scaled("interruptions", small=5, full=100)
    lost = {}
    try:
        for number in range(count):
            interruption = INTERRUPTIONS[number] if number < 5 else night.chance.choice(INTERRUPTIONS)
            interruption(night)
            if found := night.lost():
                lost[f"{number} {interruption.__name__}"] = found
    except (BrowserError, AssertionError) as error:
        pytest.fail(f"interruption {number} ({interruption.__name__}): {error}")
    finally:
        night.context.close()
    assert lost == {}
