"""A real browser against a live server, for the journeys of every desk."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.scale import scaled

# Playwright's synchronous interface runs an event loop in the thread of the test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Style sheets and media are read beforehand only for rules about a page with sound or one that is locked to a side: a
# fifth of the work of a look, and no page of the register has either.
# Besides the standard: no two landmarks of a page with the same name, between which a screen reader would not tell.
ASKED = {
    "runOnly": STANDARD,
    "rules": {"landmark-unique": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
# A text near something drawn by ::before or ::after is judged as well, by the colours around it. By itself axe leaves
# that undecided, and asks of every element whether there is one.
JUDGE_ALL = "axe.configure({checks: [{id: 'color-contrast', options: {ignorePseudo: true}}]});"
AXE = Axe(f"{AXE_SCRIPT};{JUDGE_ALL}")
DESKTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)
# What the browser sent as it closed may still be on its way: so many looks in a row must find nothing.
LOOKS = 5
# Seconds of one journey: a browser that hangs fails its test, not the whole run.
LONGEST = scaled("seconds", small=600, full=3_600)


# Controls, and links that stand on their own; a link inside running text may be as high as its line.
TOO_SMALL = """least => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(el => el.type !== 'hidden' && !el.closest('p, dd, td, .timeline, .skip, [aria-hidden=true]'))
  .map(el => [el, (el.closest('label, li') || el).getBoundingClientRect()])
  .filter(([el, box]) => box.width > 1 && box.height > 1 && box.height < least - 0.5)
  .map(([el, box]) => [el.tagName, el.name || el.textContent.trim().slice(0, 30), Math.round(box.height)].join(' '))"""


# What stands in a row of choices and needs more room than it has, so that its words lie over those of the next.
TOO_NARROW = """() => [...document.querySelectorAll('.segment label')]
  .filter(el => el.clientWidth > 0 && el.scrollWidth > el.clientWidth + 2)
  .map(el => el.textContent.trim())"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    if not CHROMIUM.exists():
        pytest.skip(f"the journeys need a browser at {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def no_longer_than() -> Iterator[None]:
    """Give a journey up that takes so long that the browser must hang."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"the browser did not answer within {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def nothing_under_way(transactional_db: None) -> Iterator[None]:
    """Empty the database only when the server answers nobody any more: a page says goodbye when its browser closes.

    Each request has a thread of its own. One that began under an earlier test may end here, and counts for nothing.
    """
    under_way: set[int] = set()

    def begins(**_: object) -> None:
        under_way.add(threading.get_ident())

    def ends(**_: object) -> None:
        under_way.discard(threading.get_ident())

    request_started.connect(begins)
    request_finished.connect(ends)
    yield
    quiet = 0
    until = time.monotonic() + PATIENCE / 1000
    while quiet < LOOKS and time.monotonic() < until:
        time.sleep(0.02)
        quiet = 0 if under_way else quiet + 1
    request_started.disconnect(begins)
    request_finished.disconnect(ends)
    assert not under_way, "a request is still being answered"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile, at the size of a small desktop and in Dutch."""
    opened = browser.new_context(viewport=DESKTOP, locale="nl-NL")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer) -> Iterator[Page]:
    """A page at the live server. An error in the console, or a broken content policy, fails the test."""
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(live_server.url)
    yield opened
    assert [text for text in said if not _is_answer_with_mistakes(text)] == []


@pytest.fixture
def without_script(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a browser in which JavaScript is off."""
    context = browser.new_context(viewport=DESKTOP, locale="nl-NL", java_script_enabled=False)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(live_server.url)
    yield opened
    context.close()


def _is_answer_with_mistakes(text: str) -> bool:
    """The browser notes each answer of 403, 404, 409, 412 or 422 in the console; those are answers like any other."""
    return any(f"status of {status}" in text for status in (403, 404, 409, 412, 422))


def follow(page: Page, target: Locator) -> None:
    """Press what leads to another page, and wait until that one is there: nothing is done on the page that goes."""
    with page.expect_navigation():
        target.click()


def sign_in(page: Page, username: str) -> None:
    """Sign in as a persona, by the button that a demonstration has."""
    follow(page, page.locator(f"button[name=persona][value='{username}']"))


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA that axe can find."""
    found = AXE.run(page, options=ASKED)
    problems = [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]
    assert problems == [], f"{page.url}\n" + "\n".join(problems)


def assert_no_sideways_scroll(page: Page, width: int = 320) -> None:
    """At this width the page is no wider than the window."""
    before = page.viewport_size or DESKTOP
    page.set_viewport_size({"width": width, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(before)
    assert wide <= width, f"{page.url} is {wide} px wide at {width} px"


def assert_nothing_overlaps(page: Page) -> None:
    """No choice in a row of choices lies over the next; what is folded is unfolded for it."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    assert page.evaluate(TOO_NARROW) == [], page.url


def assert_touchable(page: Page, least: int = 44) -> None:
    """Every control and every link that is not inside running text is at least 44 px high on a tablet."""
    before = page.viewport_size or DESKTOP
    page.set_viewport_size(TABLET)
    small = page.evaluate(TOO_SMALL, least)
    page.set_viewport_size(before)
    assert small == [], page.url
