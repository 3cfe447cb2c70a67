"""A physician who types, seen from outside: what the page says, what the server has, and what interrupts them."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response
from pytest_django.live_server_helper import LiveServer

from register.casework import intake
from register.models import Case, User
from tests import factories
from tests.journeys.conftest import DESKTOP, PATIENCE, sign_in
from tests.journeys.physician.recording import WORDS, death, first_page

NARRATIVE = "[name=narrative]"
STATE = "#save-state"
# The longest that something typed may be unsaved, with room for a slow machine.
PROMISED = 3_000 + 5_000
SHIFTS = """() => {
  window.shifted = [];
  new PerformanceObserver((list) => window.shifted.push(...list.getEntries().filter((one) => !one.hadRecentInput)
    .map((one) => [one.value, one.sources.map((each) => each.node && (each.node.outerHTML || each.node.textContent))])))
    .observe({ type: "layout-shift", buffered: false });
}"""


def open_desk(browser: Browser, live_server: LiveServer, username: str, *, script: bool = True) -> Page:
    """A browser of its own in which the physician is signed in."""
    context = browser.new_context(viewport=DESKTOP, locale="nl-NL", java_script_enabled=script)
    return sign_in_at(context, live_server, username)


def sign_in_at(context: BrowserContext, live_server: LiveServer, username: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(live_server.url)
    sign_in(page, username)
    return page


def up_to_circumstances(page: Page) -> Case:
    """A case recorded up to its third page."""
    first_page(page, WORDS["nl"])
    page.wait_for_url("**/overlijden/")
    death(page, WORDS["nl"])
    page.wait_for_url("**/omstandigheden/")
    return Case.objects.get()


def at_circumstances(page: Page, physician: User) -> Case:
    """The third page of a case of which the first two are recorded already."""
    case = factories.draft(physician)
    for name in ("overledene", "overlijden"):
        saved = intake.save_page(
            case_id=case.pk, page=name, raw=factories.pages()[name], seen_version=case.row_version, by=physician
        )
        assert saved.problems == {}
        case = saved.case
    page.goto(f"{page.url.split('/zaken/')[0]}/zaken/{case.pk}/omstandigheden/")
    return case


def save_of(name: str) -> Callable[[Response], bool]:
    """Whether this is the answer to a save that spoke about this question."""
    return lambda answer: answer.url.endswith("/bewaren") and f"{name}=" in (answer.request.post_data or "")


def type_and_save(page: Page, name: str, text: str) -> None:
    """Type, and wait until the server answered that it has what was typed."""
    wanted = save_of(name)
    with page.expect_response(lambda answer: wanted(answer) and answer.ok, timeout=PROMISED):
        page.locator(f"[name={name}]").press_sequentially(text)


def stored(case: Case) -> Any:
    return Case.objects.get(pk=case.pk)
