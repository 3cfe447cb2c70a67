"""Two people publish a release; the statistician reads it on the page, in a file and over the API."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from register.access import issue_token
from register.models import PublishedRelease, Release, User
from register.reporting import releases
from tests.integration.reporting import working
from tests.integration.reporting.closed_cases import Closed, store
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, follow, sign_in
from tests.scale import in_a_soak

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True),
]
CASES = [
    *(Closed(age=age, definitions=("nl_broad", "sel_b", "sel_d")) for age in range(20, 60)),
    *(Closed(sex="female", substances=[("cocaine", "sole_cause")], age=33) for _ in range(12)),
    *(Closed(sex="female", substances=[("mdma", "joint_cause"), ("ghb", "joint_cause")]) for _ in range(3)),
]
PEOPLE = (
    ("register.jansen", "register_staff"),
    ("register.devries", "register_staff"),
    ("ndm.statisticus", "statistician"),
    ("beheer", "admin"),
)


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    return {name: User.objects.create_user(name, role=role, first_name=name) for name, role in PEOPLE}


@pytest.fixture
def cases(people: dict[str, User]) -> None:
    store(CASES)


def _sign_out(page: Page) -> None:
    follow(page, page.get_by_role("button", name="Afmelden").first)


def _prepare(page: Page) -> None:
    """The eight steps of the one who makes the release."""
    page.get_by_role("link", name="Publicaties").first.click()
    page.get_by_role("link", name="Nieuwe publicatie").click()
    page.fill("[name=year_from]", "2016")
    page.fill("[name=year_to]", "2016")
    page.get_by_role("button", name="Tabellen maken").click()
    expect(page.get_by_text("De tabellen worden gemaakt.")).to_be_visible()
    working.steps()
    page.reload()
    expect(page.get_by_role("heading", name="De tabellen zoals zij naar buiten gaan")).to_be_visible()
    page.fill("[name=note]", "Eerste cijfers over 2016.")
    page.get_by_role("button", name="Ter goedkeuring aanbieden").click()
    expect(page.get_by_text("wacht op goedkeuring door een collega")).to_be_visible()


def test_two_people_publish_and_the_statistician_reads(cases: None, people: dict[str, User], page: Page) -> None:
    sign_in(page, "register.jansen")
    _prepare(page)
    assert page.get_by_role("button", name="Goedkeuren en publiceren").count() == 0
    expect(page.get_by_text("Een collega moet haar goedkeuren.")).to_be_visible()
    release_page = page.url
    _sign_out(page)

    sign_in(page, "register.devries")
    page.goto(release_page)
    page.get_by_role("button", name="Goedkeuren en publiceren").click()
    expect(page.get_by_role("heading", name="Er is een probleem")).to_be_visible()
    page.get_by_text("Ik heb het verschil met de vorige publicatie bekeken").click()
    page.get_by_text("Ik heb de aanvalstest bekeken").click()
    page.get_by_role("button", name="Goedkeuren en publiceren").click()
    expect(page.get_by_text("De publicatie is verschenen.")).to_be_visible()
    assert PublishedRelease.objects.get().status == "provisional"
    _sign_out(page)

    sign_in(page, "ndm.statisticus")
    page.get_by_role("link", name="Cijfers").first.click()
    page.get_by_role("link", name="Sterfgevallen naar jaar, definitie en geslacht").click()
    row = page.get_by_role("row", name="Brede nationale definitie")
    expect(row.get_by_role("cell").first).to_have_text("55")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert {line["obs_value"] for line in rows if line["definition"] == "nl_broad" and line["sex"] == "_T"} == {"55"}

    # The return to the EU drugs agency, in three steps.
    page.get_by_role("link", name="Cijfers").first.click()
    page.locator("#s-current a").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="EUDA-werkboek").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    selections = {row[1]: row[2] for row in book["ST5 2016"].iter_rows(values_only=True) if row[0] and row[1]}
    assert selections["nl_broad"] == 55
    mapping = {row[0]: row[1] for row in book["Method"].iter_rows(values_only=True)}
    assert mapping["Mapping of substances to groups"]
    assert mapping["Toxicology rate"].startswith("2016: ")
    assert mapping["Autopsy rate"].startswith("2016: ")
    parts = [str(row[0]) for row in book["ST5 2016"].iter_rows(values_only=True)]
    assert [part for part in parts if part.startswith("K. Deaths by substance among those with known toxicology")]


def test_the_line_on_the_page_reads_the_same_table_over_the_api(
    cases: None, people: dict[str, User], page: Page
) -> None:
    sign_in(page, "register.jansen")
    _prepare(page)
    release_page = page.url
    _sign_out(page)
    sign_in(page, "register.devries")
    page.goto(release_page)
    page.get_by_text("Ik heb het verschil met de vorige publicatie bekeken").click()
    page.get_by_text("Ik heb de aanvalstest bekeken").click()
    follow(page, page.get_by_role("button", name="Goedkeuren en publiceren"))
    page.get_by_role("link", name="Cijfers").first.click()
    page.get_by_role("link", name="Sterfgevallen naar jaar en middel, elke vermelding").click()
    line = page.locator(".snippet code").nth(1).inner_text()
    (address,) = re.findall(r'read_csv\("([^"]+)"', line)
    _, token = issue_token(organisation="NDM", by=people["beheer"], expires_at=timezone.now() + timedelta(hours=1))
    assert token not in line
    answer = page.request.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.headers["api-version"] == settings.API_VERSION
    shown = {row["substance_label"]: row["obs_value"] for row in csv.DictReader(io.StringIO(answer.text()))}
    assert page.get_by_role("row", name="heroïne").get_by_role("cell").inner_text() == shown["heroïne"] == "40"
    assert page.request.get(address).status == 401


@pytest.mark.parametrize(("language", "theme"), [in_a_soak("nl", "night"), ("en", "light")])
def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(
    cases: None, people: dict[str, User], page: Page, language: str, theme: str, live_server: LiveServer
) -> None:
    sign_in(page, "register.jansen")
    _prepare(page)
    release_page = page.url
    User.objects.update(language=language, theme=theme)
    made = ("", "nieuw/", "bevolking/")
    for path in (release_page, *(f"{live_server.url}/releases/{page}" for page in made)):
        page.goto(path)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    _approve_as(people["register.devries"])
    published = PublishedRelease.objects.get().identifier
    charts = [
        f"{published}/beeld/{chart}/" for chart in ("jaren", "middelen", "leeftijd", "intentie", "combinaties", "regio")
    ]
    for path in ("", f"{published}/", f"{published}/age-euda-sex/", f"{published}/substance/", *charts):
        page.goto(f"{live_server.url}/cijfers/{path}")
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def _approve_as(colleague: User) -> None:
    release = Release.objects.get()
    releases.approve(release_id=release.pk, seen_version=release.row_version, by=colleague, now=timezone.now())
