"""A physician of Rotterdam reads a case of Amsterdam in an emergency, and the privacy officer says what it was."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.access import emergency
from register.models import Case, EmergencyAccess, User
from tests import factories
from tests.emergencies import expire
from tests.factories import AMSTERDAM, ROTTERDAM
from tests.journeys.conftest import (
    DESKTOP,
    TABLET,
    assert_accessible,
    assert_no_sideways_scroll,
    assert_touchable,
    follow,
    sign_in,
)
from tests.journeys.measuring import Keys
from tests.scale import in_a_soak

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "viewer"]),
]
WHY = "Zelfde roze poeder als hier vannacht."


@dataclass(frozen=True, slots=True)
class Story:
    case: Case
    physician: User
    officer: User
    staff: User


@pytest.fixture
def story(transactional_db: None) -> Story:
    make = User.objects.create_user
    reporter = make("arts.amsterdam", role="physician", region_id=AMSTERDAM, first_name="Anouk", last_name="Amstel")
    return Story(
        factories.submitted(reporter),
        make("arts.rotterdam", role="physician", region_id=ROTTERDAM, first_name="Ruben", last_name="Rotte"),
        make("privacy", role="auditor", first_name="Pien", last_name="Privacy"),
        make("register.jansen", role="register_staff", first_name="Joost", last_name="Jansen"),
    )


def _open(page: Page, story: Story) -> None:
    follow(page, page.get_by_role("link", name="Zaak van een andere regio inzien").first)
    page.get_by_label("Zaaknummer").fill(story.case.case_number)
    page.get_by_label("Mogelijk cluster of gevaarlijk middel, spoed").check()
    page.get_by_label("In uw eigen woorden").fill(WHY)
    follow(page, page.get_by_role("button", name="Zaak een uur openen"))


def _banner(page: Page) -> None:
    banner = page.get_by_role("region", name="Noodtoegang")
    expect(banner).to_contain_text("Noodtoegang tot")
    expect(banner).to_contain_text("alles wordt vastgelegd als noodtoegang")
    expect(banner).to_contain_text(WHY)


def test_a_case_of_another_region_is_read_for_an_hour_and_what_it_was_is_written_down(
    story: Story, page: Page, browser: Browser, live_server: LiveServer
) -> None:
    page.reload()
    sign_in(page, "arts.rotterdam")
    # A mistake first: all that was typed stays.
    follow(page, page.get_by_role("link", name="Zaak van een andere regio inzien").first)
    page.get_by_label("Zaaknummer").fill(story.case.case_number)
    follow(page, page.get_by_role("button", name="Zaak een uur openen"))
    expect(page.get_by_role("link", name="Kies waarom u de zaak nodig hebt.")).to_be_visible()
    expect(page.get_by_label("Zaaknummer")).to_have_value(story.case.case_number)
    assert_accessible(page)
    page.goto(f"{live_server.url}/zaken/")
    _open(page, story)
    expect(page.get_by_role("heading", name=f"Zaak {story.case.case_number}")).to_be_visible()
    _banner(page)
    follow(page, page.get_by_role("link", name="Geschiedenis van deze zaak"))
    _banner(page)
    expect(page.get_by_text("Anouk Amstel").first).to_be_visible()
    # Its hour passes while they read.
    expire(EmergencyAccess.objects.get())
    page.reload()
    expect(page.get_by_role("heading", name="Uw noodtoegang is voorbij")).to_be_visible()
    assert_accessible(page)

    office = browser.new_context(viewport=DESKTOP, locale="nl-NL").new_page()
    office.goto(live_server.url)
    sign_in(office, "privacy")
    follow(office, office.get_by_role("link", name="Noodtoegang"))
    one = office.get_by_role("region", name=f"{story.case.case_number}: Ruben Rotte")
    expect(one).to_contain_text("Geschiedenis ingezien")
    one.get_by_label("Uitkomst").select_option("explained")
    one.get_by_label("Hoe u dat weet").fill("Nagebeld; zelfde partij.")
    follow(office, one.get_by_role("button", name="Vastleggen"))
    expect(office.get_by_text("Verklaard door het werk · Pien Privacy")).to_be_visible()
    office.context.close()


def test_it_goes_without_javascript_and_is_ended_by_the_one_who_asked(story: Story, without_script: Page) -> None:
    page = without_script
    page.reload()
    sign_in(page, "arts.rotterdam")
    _open(page, story)
    _banner(page)
    follow(page, page.get_by_role("button", name="Nu beëindigen"))
    expect(page.get_by_text("De noodtoegang is beëindigd.")).to_be_visible()
    expect(page.get_by_text("beëindigd op").first).to_be_visible()
    assert EmergencyAccess.objects.get().ended_by == story.physician


def test_the_keyboard_alone_opens_a_case(story: Story, page: Page, live_server: LiveServer) -> None:
    page.reload()
    sign_in(page, "arts.rotterdam")
    page.goto(f"{live_server.url}/noodtoegang/")
    hands = Keys(page)
    hands.fill(page.get_by_label("Zaaknummer"), story.case.case_number)
    hands.choose("reason_code", "other")
    hands.fill(page.get_by_label("In uw eigen woorden"), WHY)
    hands.go(page.get_by_role("button", name="Zaak een uur openen"))
    _banner(page)


@pytest.mark.parametrize(("language", "theme"), [in_a_soak("nl", "light"), ("nl", "light"), ("en", "night")])
def test_every_page_of_it_is_accessible_and_fits_a_phone(
    story: Story, page: Page, browser: Browser, live_server: LiveServer, language: str, theme: str
) -> None:
    User.objects.update(language=language, theme=theme)
    access = emergency.ask(
        number=story.case.case_number, reason_code="danger", text=WHY, by=User.objects.get(pk=story.physician.pk)
    )
    visits = {
        "arts.rotterdam": ("noodtoegang/", *(f"zaken/{access.case_id}/{name}" for name in ("", "middelen/"))),
        "register.jansen": ("noodtoegang/gegeven/",),
        "privacy": ("toezicht/noodtoegang/",),
    }
    for username, addresses in visits.items():
        context = browser.new_context(viewport=TABLET, has_touch=True, is_mobile=True, locale="nl-NL")
        opened = context.new_page()
        opened.goto(live_server.url)
        sign_in(opened, username)
        for address in addresses:
            opened.goto(f"{live_server.url}/{address}")
            _keep_pictures(opened, f"{address.strip('/').replace('/', '-')}-{language}")
            assert_accessible(opened)
            assert_no_sideways_scroll(opened)
            assert_touchable(opened)
        context.close()
    expire(access)
    page.reload()
    sign_in(page, "privacy")
    page.goto(f"{live_server.url}/toezicht/noodtoegang/")
    _keep_pictures(page, f"waits-{language}")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def _keep_pictures(page: Page, name: str) -> None:
    """For somebody who wants to look: in the folder of REGISTER_PICTURES, when it is set."""
    folder = os.environ.get("REGISTER_PICTURES")
    if folder:
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(TABLET)
