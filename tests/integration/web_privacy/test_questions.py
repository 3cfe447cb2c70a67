"""Who saw this case, what did this user see, and the log: asked by the privacy officer, who sees no content."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.utils import timezone

from register.models import Case, User
from register.models.tracked import Tracked
from register.web.privacy_desk import noted
from tests import factories
from tests.integration.web_privacy.conftest import At
from tests.trail import looks

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "viewer"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def _text(answer: Any) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_case_number_leads_to_everybody_who_saw_the_case(case: Case, reviewer: User, at: At, desk: Client) -> None:
    at(reviewer).get(f"/beoordelen/{case.pk}/")
    stranger = User.objects.create_user("arts.rotterdam", role="physician", region_id=factories.ROTTERDAM)
    at(stranger).get(f"/zaken/{case.pk}/")
    answer = desk.post("/toezicht/zaak/", {"number": case.case_number}, follow=True)
    assert [url for url, _ in answer.redirect_chain] == [f"/toezicht/zaak/{case.pk}/"]
    page = _text(answer)
    assert f"Wie zag zaak {case.case_number}?" in page
    assert "R. Jansen Registermedewerker Zaak ingezien" in page
    assert "arts.rotterdam Forensisch arts Toegang geweigerd" in page
    assert "127.0.0.1" in page


def test_the_same_page_says_who_changed_the_case_and_never_what_stands_in_it(case: Case, desk: Client) -> None:
    page = _text(desk.get(f"/toezicht/zaak/{case.pk}/"))
    changes = page[page.index("Wie wijzigde haar?") :]
    assert "Aad Arts Forensisch arts" in changes
    assert "overledene (gewijzigd)" in changes
    for content in ("Vergiftiging", "coke", "cocaïne", "Gecontroleerd", "34"):
        assert content not in re.sub(r"\d\d:\d\d:\d\d|\d+ \w+ \d{4}", "", page)


def test_an_unknown_or_empty_number_gets_a_sentence_and_stays(desk: Client) -> None:
    answer = desk.post("/toezicht/zaak/", {"number": "2026-999999"})
    assert answer.status_code == 422
    assert "Er is geen zaak met het nummer 2026-999999." in _text(answer)
    assert 'value="2026-999999"' in answer.content.decode()
    assert "Vul een zaaknummer in" in _text(desk.post("/toezicht/zaak/", {"number": " "}))
    assert desk.post("/toezicht/zaak/", {"number": "a\x00b"}).status_code == 422


def test_a_user_name_leads_to_what_the_person_saw(case: Case, physician: User, at: At, desk: Client) -> None:
    at(physician).get(f"/zaken/{case.pk}/geschiedenis/")
    answer = desk.post("/toezicht/gebruiker/", {"person": "arts.amsterdam"}, follow=True)
    page = _text(answer)
    assert "Wat zag Aad Arts?" in page
    assert f"Geschiedenis ingezien {case.case_number}" in page
    assert "1 zaak geraakt in deze periode" in page
    today = timezone.localdate()
    assert answer.redirect_chain[0][0].endswith(f"tot={today.isoformat()}")
    yesterday = (today - timedelta(days=1)).isoformat()
    before = desk.get(f"/toezicht/gebruiker/{physician.pk}/", {"van": "2020-01-01", "tot": "2020-01-31"})
    assert "Er is geen gebeurtenis bekend." in _text(before)
    assert desk.get(f"/toezicht/gebruiker/{physician.pk}/", {"van": yesterday}).status_code == 200


def test_people_of_one_name_are_offered_to_choose_from(physician: User, desk: Client) -> None:
    User.objects.create_user("arts.tweede", role="physician", region_id=factories.AMSTERDAM, last_name="Arts")
    answer = desk.post("/toezicht/gebruiker/", {"person": "Arts"})
    assert answer.status_code == 200
    assert "Wie bedoelt u?" in _text(answer)
    assert answer.content.decode().count("/toezicht/gebruiker/") >= 3


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"person": ""}, "Vul een gebruikersnaam of een deel van een naam in."),
        ({"person": "niemand"}, "Niemand heet niemand."),
        ({"person": "arts", "van": "gisteren"}, "Schrijf een dag zoals 01-03-2026."),
        ({"person": "arts", "van": "02-03-2026", "tot": "01-03-2026"}, "De laatste dag ligt vóór de eerste."),
        ({"person": "arts", "van": "01-01-2020", "tot": "01-03-2026"}, "Vraag hoogstens een jaar tegelijk."),
        ({"person": "a\x00b"}, "Niemand heet"),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(
    physician: User, desk: Client, sent: dict[str, str], sentence: str
) -> None:
    answer = desk.post("/toezicht/gebruiker/", sent)
    assert answer.status_code == 422
    assert sentence in _text(answer)


@pytest.mark.parametrize("day", ["0000-00-00", "10000-01-01", "1e309", "31-02-2026", "١٢-٠٣-٢٠٢٦" * 30])
def test_a_day_that_is_none_is_a_mistake_and_no_fault(physician: User, desk: Client, day: str) -> None:
    for address in (f"/toezicht/gebruiker/{physician.pk}/", "/toezicht/logboek/"):
        assert desk.get(address, {"van": day}).status_code == 422


def test_the_log_is_filtered_by_event_outcome_role_and_period(case: Case, reviewer: User, at: At, desk: Client) -> None:
    at(reviewer).get(f"/beoordelen/{case.pk}/")
    at(reviewer).get("/toezicht/")
    page = _text(desk.get("/toezicht/logboek/", {"gebeurtenis": "case.read", "rol": "register_staff"}))
    assert "R. Jansen Registermedewerker Zaak ingezien" in page
    assert "Aad Arts Forensisch arts" not in page
    denied = _text(desk.get("/toezicht/logboek/", {"uitkomst": "denied"}))
    assert "R. Jansen Registermedewerker Toegang geweigerd" in denied
    assert (
        desk.get("/toezicht/logboek/", {"gebeurtenis": "'; DROP TABLE", "rol": "x", "voor": "1e9"}).status_code == 200
    )


def test_the_log_goes_page_by_page_without_losing_or_repeating_an_event(physician: User, at: At, desk: Client) -> None:
    browser = at(physician)
    for _ in range(60):
        browser.get("/zaken/")
    wanted = {"gebeurtenis": "case.list"}
    first = desk.get("/toezicht/logboek/", wanted)
    assert _text(first).count("Lijst van zaken ingezien Aad") == 0
    rows = re.findall(r'<th scope="row" class="nowrap">', first.content.decode())
    older = re.search(r'href="\?([^"]+)" rel="next"', first.content.decode())
    assert len(rows) == 50 and older
    second = desk.get("/toezicht/logboek/?" + older[1].replace("&amp;", "&")).content.decode()
    assert len(re.findall(r'<th scope="row" class="nowrap">', second)) == 10
    assert 'rel="next"' not in second


def test_reading_the_log_is_noted_with_what_was_asked(case: Case, officer: User, desk: Client) -> None:
    desk.get("/toezicht/logboek/", {"uitkomst": "denied", "van": "2026-03-01", "tot": "2026-03-02"})
    desk.get(f"/toezicht/zaak/{case.pk}/")
    log, page = looks(code="log.read", actor=str(officer.pk))
    assert log.filters == {"page": "log", "uitkomst": "denied", "from": "2026-03-01", "to": "2026-03-02"}
    assert (page.filters, page.objects, page.purpose) == ({"page": "case"}, [case.pk], "toezicht")


def test_nobody_else_reads_the_log(case: Case, physician: User, reviewer: User, at: At) -> None:
    admin = User.objects.create_user("beheer", role="admin")
    for person in (physician, reviewer, admin):
        for address in ("/toezicht/", "/toezicht/logboek/", f"/toezicht/zaak/{case.pk}/", "/toezicht/meldingen/"):
            assert at(person).get(address).status_code == 403


def test_the_officer_opens_no_case(case: Case, desk: Client) -> None:
    assert desk.get(f"/zaken/{case.pk}/").status_code == 404
    assert desk.get(f"/beoordelen/{case.pk}/").status_code == 404


def test_the_state_of_the_trail_is_told(case: Case, desk: Client) -> None:
    page = _text(desk.get("/toezicht/"))
    assert re.search(r"Gebeurtenissen in het logboek [1-9]", page)
    assert re.search(r"Wijzigingen in het spoor [1-9]", page)
    assert "Laatst gecontroleerd nog niet" in page


def test_a_process_without_the_connection_says_so(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: database for name, database in settings.DATABASES.items() if name != "viewer"}
    monkeypatch.setattr(settings, "DATABASES", without)
    for address in ("/toezicht/", "/toezicht/logboek/", "/toezicht/meldingen/"):
        answer = desk.get(address)
        assert answer.status_code == 503
        assert "geen verbinding waarmee het logboek wordt gelezen" in _text(answer)


def test_the_desk_speaks_english(case: Case, officer: User, desk: Client) -> None:
    User.objects.filter(pk=officer.pk).update(language="en")
    assert "Who looked at what" in _text(desk.get("/toezicht/"))
    assert "Case submitted" in _text(desk.get(f"/toezicht/zaak/{case.pk}/"))


def test_what_a_line_concerns_is_said_in_the_language_of_the_page(
    case: Case, reviewer: User, officer: User, at: At, desk: Client
) -> None:
    browser = at(reviewer)
    browser.get("/werkvoorraad/nieuw/")
    browser.get("/datakwaliteit/?reden=UNK")
    browser.get(f"/toezicht/zaak/{case.pk}/")
    desk.get("/toezicht/logboek/", {"van": "2026-03-01", "tot": "2026-03-02"})
    page = _text(desk.get("/toezicht/logboek/"))
    for words in (
        f"{case.case_number} · lijst: Nieuw",
        "lijst: datakwaliteit · reden: Onbekend",
        "van: 1 maart 2026 · tot en met: 2 maart 2026",
        "Geweigerd · niet met deze rol",
    ):
        assert words in page
    changed = _text(desk.get(f"/toezicht/zaak/{case.pk}/"))
    assert "overledene (gewijzigd)" in changed
    assert "decedent" not in changed
    User.objects.filter(pk=officer.pk).update(language="en")
    english = _text(desk.get("/toezicht/logboek/"))
    assert "from: 1 March 2026 · up to and including: 2 March 2026" in english
    assert "Refused · not with this role" in english


def test_a_period_comes_back_as_a_day_is_written_here(desk: Client) -> None:
    page = desk.get("/toezicht/logboek/", {"van": "2026-03-01", "tot": "02-03-2026"}).content.decode()
    assert 'value="01-03-2026"' in page
    assert 'value="02-03-2026"' in page


def test_every_kind_of_row_of_a_case_has_words() -> None:
    tables = {
        model._meta.model_name
        for model in apps.get_app_config("register").get_models()
        if issubclass(model, Tracked) and (model is Case or "case" in {field.name for field in model._meta.fields})
    }
    assert tables - noted.ROWS.keys() == set()
