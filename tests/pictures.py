"""The pictures of the README, taken anew from a register with its demonstration data that runs.

`python -m tests.pictures http://127.0.0.1:8000` writes `docs/screenshots/`. The demonstration must be fresh: a draft of
the physician gets a substance for its picture.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS, follow, sign_in

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZE: ViewportSize = {"width": 1366, "height": 900}


def main(address: str) -> None:
    """One picture of each desk: a page of a case, a case under review, a release."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        _physician(_signed_in(browser, address, "arts.amsterdam"), address)
        page = _signed_in(browser, address, "register.jansen")
        page.goto(f"{address}/werkvoorraad/in-beoordeling/")
        follow(page, page.locator(".worktable th a").first)
        _take(page, "register")
        page.goto(f"{address}/releases/")
        follow(page, page.locator(".worktable th a").first)
        _take(page, "release")
        browser.close()


def _physician(page: Page, address: str) -> None:
    """The page Middelen of a draft, with one substance."""
    page.goto(f"{address}/zaken/")
    follow(page, page.get_by_role("listitem").filter(has_text="verder bij Middelen").get_by_role("link"))
    page.get_by_role("combobox").first.fill("keta")
    follow(page, page.locator(".combobox [role=option]").first)
    page.get_by_role("checkbox", name="Ter plaatse aangetroffen").first.check()
    page.get_by_text("Opgeslagen om").first.wait_for()
    page.get_by_role("heading", level=1).click()
    page.evaluate("scrollTo(0, 0)")
    _take(page, "physician")


def _signed_in(browser: Browser, address: str, username: str) -> Page:
    page = browser.new_context(viewport=SIZE, locale="nl-NL").new_page()
    page.goto(f"{address}/aanmelden/")
    sign_in(page, username)
    return page


def _take(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
