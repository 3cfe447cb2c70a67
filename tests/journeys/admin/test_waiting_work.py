"""The administrator finds work that is stuck and tries it again."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from register import outbox
from register.audit import acting_as
from register.models import OutboxMessage, User
from tests.journeys.conftest import DESKTOP, assert_accessible, assert_no_sideways_scroll, assert_touchable, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True)]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A screen that can be touched: there the controls of the desk are large enough for a finger."""
    opened = browser.new_context(viewport=DESKTOP, locale="nl-NL", has_touch=True, is_mobile=True)
    yield opened
    opened.close()


@pytest.fixture
def stuck(transactional_db: None) -> None:
    User.objects.create_user("beheer", role="admin", first_name="Bas", last_name="Beheer")
    with acting_as("system:test"):
        outbox.enqueue("register.build_release", key="release:1", release_id="1")
    OutboxMessage.objects.update(attempts=5, parked_at=timezone.now(), last_error="OperationalError")
    outbox.beat(outbox.Program.CLOCK)


def test_parked_work_is_found_and_tried_again(stuck: None, page: Page) -> None:
    page.reload()
    sign_in(page, "beheer")
    page.get_by_role("link", name="Wachtend werk").first.click()
    expect(page.get_by_role("cell", name="OperationalError")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_touchable(page)
    page.get_by_role("button", name="Opzijgezet werk opnieuw proberen").click()
    expect(page.get_by_text("1 taak wordt opnieuw geprobeerd.")).to_be_visible()
    expect(page.get_by_text("Er is geen werk vastgelopen.")).to_be_visible()
    assert_accessible(page)
