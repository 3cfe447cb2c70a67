"""Anybody looks at open figures; the administrator registers a webhook, tries it and sees what came of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from register.audit import acting_as
from register.models import OutboxMessage, Substance, User, Webhook
from register.tasks import deliver_webhook
from tests.integration.api.conftest import Publish, publish
from tests.integration.reporting.receiver import receiving
from tests.journeys.conftest import (
    DESKTOP,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    sign_in,
)

__all__ = ["publish"]

pytestmark = [pytest.mark.journey, pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True)]
WORKBOOK = "EUDA-werkboek (Excel)"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A wide screen that one touches."""
    opened = browser.new_context(viewport=DESKTOP, locale="nl-NL", has_touch=True, is_mobile=True)
    yield opened
    opened.close()


def _good(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert_touchable(page)


def _work() -> None:
    for message in OutboxMessage.objects.filter(task="register.deliver_webhook", done_at__isnull=True):
        deliver_webhook(str(message.pk))


@contextmanager
def _heroin_without_a_group() -> Iterator[None]:
    """The vocabulary stays from test to test, so it is put back."""
    heroin = Substance.objects.get(code="heroin")
    group = heroin.euda_group
    _give(heroin, None)
    yield
    _give(heroin, group)


def _give(heroin: Substance, group: object) -> None:
    with acting_as("system:test"):
        heroin.euda_group = group  # type: ignore[assignment]
        heroin.save()


def test_anybody_looks_at_open_figures_and_an_administrator_tries_a_webhook(
    publish: Publish, page: Page, live_server: LiveServer, settings: Settings
) -> None:
    User.objects.create_user("beheer", role="admin", first_name="Bas", last_name="Beheer", theme="night")
    release = publish()
    settings.PUBLIC_FIGURES = True
    where = f"{live_server.url}/cijfers/{release.identifier}/"
    page.goto(where)
    expect(page.get_by_role("heading", name="Drugssterfte 2016")).to_be_visible()
    _good(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=WORKBOOK).click()
    assert download.value.suggested_filename.startswith(f"{release.identifier}-euda-")
    with _heroin_without_a_group():
        page.goto(where)
        page.get_by_role("link", name=WORKBOOK).click()
        expect(page.get_by_text("Het werkboek kan nog niet worden gemaakt.")).to_be_visible()
        _good(page)
    page.goto(live_server.url)
    sign_in(page, "beheer")
    page.get_by_role("link", name="Tokens").first.click()
    page.get_by_role("link", name="Webhooks").click()
    _good(page)
    _registers(page)
    _tries(page)
    page.get_by_role("button", name="Niet meer sturen").click()
    expect(page.get_by_text("Er gaat niets meer naar dit adres.")).to_be_visible()
    assert Webhook.objects.get().stopped_why == "by_hand"
    _good(page)


def _registers(page: Page) -> None:
    page.get_by_role("link", name="Webhook vastleggen").click()
    page.get_by_role("button", name="De webhook vastleggen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _good(page)


def _tries(page: Page) -> None:
    with receiving(500, 204) as receiver:
        page.fill("[name=organisation]", "Trimbos-instituut")
        page.fill("[name=address]", receiver.address)
        page.get_by_role("button", name="De webhook vastleggen").click()
        assert re.match("whsec_.{44}", page.locator("#f-secret").input_value())
        _good(page)
        page.get_by_role("link", name="Naar de webhook").click()
        page.get_by_role("button", name="Een proefbericht sturen").click()
        expect(page.get_by_text("Een proefbericht is onderweg.")).to_be_visible()
        _work()
        page.reload()
        expect(page.get_by_text("geweigerd door de ontvanger (500)")).to_be_visible()
        _good(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Opnieuw sturen").click()
        _work()
        page.reload()
        expect(page.get_by_text("bezorgd (204)")).to_be_visible()
