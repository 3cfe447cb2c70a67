"""The pages that keep the register in order, each looked at once: duplicates, names, catalogue, quality, rules."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from register.casework import moves, review, rule_versions
from register.casework.duplicates import finding
from register.models import Case, ConfigurationChange, RuleComparison, SubstanceRequest, User
from tests import factories
from tests.factories import version
from tests.integration.web_register.doubtful import doubtful
from tests.journeys.conftest import assert_accessible, assert_no_sideways_scroll, follow, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WHY = "Besloten in het overleg van maart"


@pytest.fixture
def case(transactional_db: None) -> Iterator[Case]:
    """A case in review with a warning; a pair that waits, a name that waits, and another version compared."""
    staff = User.objects.create_user("register.jansen", role="register_staff", first_name="R.", last_name="Jansen")
    User.objects.create_user("beheer", role="admin", first_name="B.", last_name="Heer")
    User.objects.create_user("stoffen.beheer", role="catalogue_steward", first_name="S.", last_name="Toffen")
    physician = factories.physician()
    case = doubtful(physician)
    factories.handed_in(physician, ("Roze Poeder", None))
    moves.take(case_id=case.pk, seen_version=version(case), by=staff)
    odd = factories.ready_to_close(physician, staff)
    told = {"ucod": "X41", "t_codes": ["T40.5"], "override_reason": "Code van het CBS"}
    odd = review.code(case_id=odd.pk, seen_version=version(odd), by=staff, **told)
    moves.close(case_id=odd.pk, seen_version=version(odd), by=staff)
    made = rule_versions.ask_comparison(version="2", by=staff, now=timezone.now())
    rule_versions.compare(comparison_id=made.pk)
    for _ in range(2):
        factories.submitted(physician)
    finding.look_at_all()
    yield case


def _look(page: Page) -> None:
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def _in_english(page: Page, path: str) -> None:
    """The same page in English: no wider, and none of it left in Dutch where it is easily seen."""
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert_no_sideways_scroll(page)


def _as(page: Page, username: str, home: str) -> None:
    page.context.clear_cookies()
    page.goto(home)
    sign_in(page, username)


def test_every_page_that_keeps_the_register_in_order_is_looked_at(case: Case, page: Page) -> None:
    home = page.url.split("/aanmelden")[0].rstrip("/")
    sign_in(page, "register.jansen")
    seen: list[str] = []

    def at(link: str) -> None:
        follow(page, page.get_by_role("link", name=link, exact=True).first)
        _look(page)
        seen.append(page.url)

    at("Dubbelen")
    follow(page, page.locator("table a").first)
    assert_no_sideways_scroll(page)
    at("Koppelen")
    at("Roze Poeder")
    page.get_by_role("button", name="Geen middel, in 1 zaak").wait_for()
    page.locator("summary", has_text="niet in de catalogus").click()
    page.get_by_label("Naam voor de catalogus").fill("roze poeder X")
    page.get_by_role("button", name="Vraag de stoffenbeheerder").click()
    expect(page.locator("#gevraagd")).to_be_visible()
    _look(page)
    at("Catalogus")
    at("Datakwaliteit")
    at("Regels")
    at("Q02a")
    page.get_by_role("link", name="Kwaliteitsregels", exact=True).click()
    # Two lists of the same kind as the rules before them.
    for name in ("Standaardteksten", "Termijnen"):
        follow(page, page.get_by_role("link", name=name, exact=True))
        assert_no_sideways_scroll(page)
    at("Definities")
    at("Versie 2")
    page.goto(f"{home}/regels/kwaliteit/Q34/")
    page.get_by_label("Waarschuwing bij indienen").check()
    page.get_by_label("Reden").first.fill(WHY)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#voorgenomen")).to_be_visible()
    _look(page)
    seen.append(page.url)
    User.objects.filter(username="register.jansen").update(letter_keys=True)
    page.goto(f"{home}/werkvoorraad/nieuw/")
    for key, place in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(page.locator("tbody th a").nth(place)).to_be_focused()
    page.goto(f"{home}/beoordelen/{case.pk}/")
    _look(page)
    page.get_by_role("button", name="Leg wat is aangevinkt voor aan de arts").click()
    expect(page.locator("#p-questions")).to_contain_text("door regel Q34")
    User.objects.filter(username="register.jansen").update(language="en", theme="night")
    for path in seen:
        _in_english(page, path)
    assert_accessible(page)
    _as(page, "stoffen.beheer", home)
    expect(page.locator("#gevraagd")).to_be_visible()
    _look(page)
    _as(page, "beheer", home)
    page.goto(f"{home}/regels/kwaliteit/Q34/")
    page.get_by_role("button", name="Instemmen met deze wijziging").click()
    expect(page.locator(".timeline")).to_contain_text("stemde in")
    page.get_by_role("link", name="Deze versie bekijken").click()
    expect(page.locator("#versie")).to_be_visible()
    _look(page)
    page.get_by_label("Zin in het Nederlands").fill("Klopt {dit}?")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".errors")).to_be_visible()
    _look(page)
    page.get_by_label("Zin in het Nederlands").fill("Er lag een brief bij een ongeval.")
    page.get_by_label("Fout bij indienen").check()
    page.get_by_label("Reden").first.fill(WHY)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".timeline")).to_contain_text(WHY)
    severities = [row.after["severity"] for row in ConfigurationChange.objects.order_by("number")]
    assert severities == ["warning_at_submit", "error_at_submit"]
    assert SubstanceRequest.objects.get().words == "roze poeder X"
    assert RuleComparison.objects.get().compared == 1
