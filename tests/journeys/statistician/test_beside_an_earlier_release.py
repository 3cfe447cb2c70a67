"""A release that cannot stand beside an earlier one: its maker sees why, chooses, and sees what protection costs."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from register.models import Release, User
from tests.integration.reporting import working
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.integration.reporting.test_release_life import CASES, approved, built
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, sign_in
from tests.scale import in_a_soak

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True),
]


@pytest.fixture
def stopped(transactional_db: None) -> Release:
    """A release of two deaths more than the one that was published: its build was stopped."""
    store(CASES)
    _, maker, colleague = people()
    first = approved(maker, colleague)
    store([Closed(age=41), Closed(age=42)])
    User.objects.create_user("register.jansen", role="register_staff", first_name="register.jansen")
    return built(maker, supersedes=first.pk)


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("language", ["nl", in_a_soak("en")])
def test_the_maker_sees_what_would_be_given_away_and_chooses(
    stopped: Release, page: Page, live_server: LiveServer, language: str
) -> None:
    User.objects.update(language=language)
    sign_in(page, "register.jansen")
    page.goto(f"{live_server.url}/releases/{stopped.pk}/")
    _look(page)
    page.locator("[name=hide]").check()
    page.locator("form[action$='kiezen/'] button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    _look(page)
    assert page.locator("[name=hide]").is_checked(), "what was chosen stays"
    page.fill("[name=reason]", "Twee late zaken.")
    with page.expect_navigation():
        page.locator("form[action$='kiezen/'] button").click()
    working.steps()
    page.reload()
    expect(page.locator("#s-protects")).to_be_visible()
    for one in page.locator("details.dearest").all():
        one.evaluate("one => one.open = true")
    _look(page)
