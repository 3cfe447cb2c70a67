"""The privacy officer asks who saw a case in at most four steps, settles a report, and downloads the events."""

import json
import os
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from register.models import Case, LogReview, User
from tests import factories
from tests.conftest import session_of
from tests.integration.web_privacy.test_reports import PLANT
from tests.journeys.conftest import TABLET, assert_accessible, assert_no_sideways_scroll, assert_touchable, sign_in
from tests.scale import in_a_soak

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "viewer"]),
]


@pytest.fixture
def officer(transactional_db: None) -> User:
    return User.objects.create_user("privacy", role="auditor", first_name="Pien", last_name="Privacy")


@pytest.fixture
def case(transactional_db: None) -> Case:
    reporter = User.objects.create_user(
        "arts.amsterdam", role="physician", region_id=factories.AMSTERDAM, first_name="Aad", last_name="Arts"
    )
    return factories.submitted(reporter)


@pytest.fixture
def nosy(transactional_db: None) -> User:
    """A physician who opened forty strange cases on a Wednesday morning, among colleagues who opened two."""
    person = User.objects.create_user("arts.nieuwsgierig", role="physician", region_id=factories.AMSTERDAM)
    today = timezone.localdate()
    wednesday = today - timedelta(days=(today.weekday() - 2) % 7 + 7)
    at = timezone.make_aware(datetime.combine(wednesday, time(10)))
    with session_of("owner") as owner:
        owner.execute("SET ROLE register_trail")
        for who, times in ((person, 40), *((factories.physician(), 2) for _ in range(8))):
            values = {"at": at, "code": "case.read", "outcome": "ok", "actor": str(who.pk), "role": who.role}
            owner.execute(PLANT, {**values, "times": times})
    return person


def test_a_case_number_answers_who_saw_the_case_in_four_steps(case: Case, officer: User, page: Page) -> None:
    page.reload()
    sign_in(page, "privacy")
    page.fill("[name=number]", case.case_number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Wie zag zaak {case.case_number}?")).to_be_visible()
    expect(page.get_by_role("row", name="Zaak ingediend").first).to_contain_text("Aad Arts")
    expect(page.get_by_role("heading", name="Wie wijzigde haar?")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden als FHIR AuditEvent").click()
    bundle = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {"AuditEvent"}


def test_the_keyboard_alone_reaches_what_a_user_saw(case: Case, officer: User, page: Page) -> None:
    page.reload()
    sign_in(page, "privacy")
    page.get_by_label("Gebruikersnaam of naam").focus()
    page.keyboard.type("arts.amsterdam")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wat zag Aad Arts?")).to_be_visible()
    expect(page.get_by_text("1 zaak geraakt in deze periode")).to_be_visible()


def test_a_report_is_settled_without_javascript(nosy: User, officer: User, without_script: Page) -> None:
    page = without_script
    page.reload()
    sign_in(page, "privacy")
    page.get_by_role("link", name="Meldingen").first.click()
    report = page.get_by_role("region", name="Zaken zonder eigen werk eraan: arts.nieuwsgierig")
    report.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("link", name="Kies wat de melding bleek te zijn.")).to_be_visible()
    report.get_by_label("Uitkomst").select_option("asked")
    report.get_by_label("Hoe u dat weet").fill("Gesproken met het afdelingshoofd.")
    report.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("De uitkomst is vastgelegd.")).to_be_visible()
    expect(page.get_by_text("Navraag gedaan, afgehandeld · Pien Privacy")).to_be_visible()
    assert LogReview.objects.get().person == nosy


@pytest.mark.parametrize(("language", "theme"), [in_a_soak("nl", "light"), ("en", "night")])
def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(
    case: Case, nosy: User, officer: User, page: Page, live_server: LiveServer, language: str, theme: str
) -> None:
    User.objects.filter(pk=officer.pk).update(language=language, theme=theme)
    page.reload()
    sign_in(page, "privacy")
    names = ("", f"zaak/{case.pk}/", f"gebruiker/{case.reporter_id}/", "meldingen/", "logboek/?uitkomst=ok")
    for number, name in enumerate(names):
        page.goto(f"{live_server.url}/toezicht/{name}")
        _keep_pictures(page, f"{number}-{language}")
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_every_control_of_the_desk_is_large_enough_for_a_finger_on_a_tablet(
    case: Case, nosy: User, officer: User, browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(viewport=TABLET, has_touch=True, is_mobile=True, locale="nl-NL")
    page = context.new_page()
    page.goto(live_server.url)
    sign_in(page, "privacy")
    for name in ("", f"zaak/{case.pk}/", f"gebruiker/{case.reporter_id}/", "meldingen/", "logboek/"):
        page.goto(f"{live_server.url}/toezicht/{name}")
        assert_touchable(page)
    context.close()


def _keep_pictures(page: Page, name: str) -> None:
    """For somebody who wants to look: in the folder of REGISTER_PICTURES, when it is set."""
    folder = os.environ.get("REGISTER_PICTURES")
    if folder:
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 768})
