"""The page of parts: every part in every state is accessible, by day and by night, in both languages."""

from itertools import product

import pytest
from django.test import Client
from playwright.sync_api import Page, ViewportSize

from register.models import User
from tests.journeys.conftest import (
    DESKTOP,
    TABLET,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    sign_in,
)
from tests.scale import in_a_soak
from tests.signing_in import sign_in as sign_in_client

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PARTS = "/componenten/"
SIZES = {"desktop": DESKTOP, "tablet": TABLET}
# A border or an outline tells a control from the page when the device replaces every colour.
WITHOUT_EDGE = """() => [...document.querySelectorAll('main .button, main .input, main .segment label:has(:checked)')]
  .filter(el => el.getClientRects().length && !el.matches('.button--quiet, .reason'))
  .filter(el => { const style = getComputedStyle(el);
    return style.borderTopStyle === 'none' && style.outlineStyle === 'none'; })
  .map(el => el.outerHTML.slice(0, 80))"""


@pytest.fixture
def visitor(transactional_db: None) -> User:
    return User.objects.create_user("arts.amsterdam", role="physician", region_id="GG3406")


def parts(page: Page, visitor: User, language: str = "nl", theme: str = "light") -> None:
    visitor.language, visitor.theme = language, theme
    visitor.save()
    sign_in(page, visitor.username)
    page.goto(page.url.split("/zaken/")[0] + PARTS)


# Each language, theme and size is looked at once; a soak looks at all of them with each other.
ONCE = (("nl", "light", "desktop"), ("en", "night", "tablet"))
ALL = product(("nl", "en"), ("light", "night"), SIZES)


@pytest.mark.parametrize(("language", "theme", "size"), [*ONCE, *(in_a_soak(*way) for way in ALL if way not in ONCE)])
def test_every_part_is_accessible_by_day_and_by_night_in_both_languages(
    visitor: User, page: Page, language: str, theme: str, size: str
) -> None:
    parts(page, visitor, language, theme)
    page.set_viewport_size(SIZES[size])
    assert page.locator("h1").count() == 1
    assert_accessible(page)
    assert_touchable(page)
    assert_no_sideways_scroll(page)


def test_every_control_keeps_an_edge_when_the_device_replaces_the_colours(visitor: User, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    parts(page, visitor)
    assert page.evaluate(WITHOUT_EDGE) == []


def test_nothing_is_lost_when_letters_are_twice_as_large(visitor: User, page: Page) -> None:
    parts(page, visitor)
    page.set_viewport_size(ViewportSize(width=DESKTOP["width"] // 2, height=DESKTOP["height"] // 2))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_there_is_no_such_page_where_real_cases_are_kept(client: Client, visitor: User, settings: object) -> None:
    sign_in_client(client, visitor)
    assert client.get(PARTS).status_code == 200
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get(PARTS).status_code == 404
