"""What every page owes: a door, a language, a theme, no cache, and pages that say no with a way out."""

import re
import uuid

import pytest
from django.test import Client

from register.models import User
from tests.addresses import pages
from tests.integration.audit.stock import broken_log
from tests.integration.web_physician.conftest import Draft, events
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")

# A link in a mail leads to such a page for who was invited or begins anew, and shows nothing itself.
BY_MAIL = ("/uitnodiging/", "/opnieuw-beginnen/")
OPEN_TO_ALL = {"/aanmelden/", "/aanmelden/resterend/", "/hulp/", "/livez", "/readyz", "/version", *BY_MAIL}


@pytest.mark.django_db
@pytest.mark.parametrize("address", sorted({page.address for page in pages()}))
def test_nobody_sees_a_page_without_signing_in(client: Client, address: str) -> None:
    answer = client.get(address)
    if address in OPEN_TO_ALL:
        assert answer.status_code == 200
    elif answer.status_code == 302:
        where = next((page for page in BY_MAIL if address.startswith(page)), "/aanmelden/")
        assert answer.headers["Location"].startswith(where)
    else:
        # 401 is what a script hears.
        assert answer.status_code in (401, 404, 405)


@pytest.mark.django_db
def test_a_wrong_password_gives_one_sentence_and_keeps_the_name(client: Client, physician: User) -> None:
    answer = client.post("/aanmelden/", {"username": physician.username, "password": "wrong"})
    assert answer.status_code == 422
    assert "horen niet bij elkaar" in answer.content.decode()
    assert f'value="{physician.username}"' in answer.content.decode()
    assert "<title>Fout: " in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "\x00", "x" * 10_000, "arts\x00amsterdam"])
def test_a_name_that_nobody_has_is_answered_like_a_wrong_password(client: Client, name: str) -> None:
    assert client.post("/aanmelden/", {"username": name, "password": "\x00"}).status_code == 422


@pytest.mark.django_db
def test_signing_in_leads_to_the_page_asked_for_and_leaves_a_note(client: Client, physician: User) -> None:
    physician.set_password("een lang wachtwoord")
    physician.save()
    answer = client.post(
        "/aanmelden/", {"username": physician.username, "password": "een lang wachtwoord", "next": "/vragen/"}
    )
    assert answer.headers["Location"] == "/vragen/"
    assert len(events("auth.login")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_signing_in_never_leads_away_from_the_register(client: Client, physician: User, target: str) -> None:
    answer = client.post("/aanmelden/demo/", {"persona": physician.username, "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.django_db
def test_an_account_that_ended_does_not_sign_in(client: Client, physician: User) -> None:
    physician.set_password("een lang wachtwoord")
    physician.ends_on = "2020-01-01"
    physician.save()
    answer = client.post("/aanmelden/", {"username": physician.username, "password": "een lang wachtwoord"})
    assert answer.status_code == 422


@pytest.mark.django_db
def test_a_persona_signs_in_with_one_button_only_in_a_demonstration(
    client: Client, physician: User, settings: object
) -> None:
    assert client.post("/aanmelden/demo/", {"persona": physician.username}).status_code == 302
    client.logout()
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.post("/aanmelden/demo/", {"persona": physician.username}).status_code == 404
    assert "persona" not in client.get("/aanmelden/").content.decode()


@pytest.mark.django_db
def test_a_real_account_is_no_persona_in_a_demonstration(client: Client, colleague: User) -> None:
    assert client.post("/aanmelden/demo/", {"persona": colleague.username}).status_code == 404


def test_signing_out_asks_the_browser_to_forget(desk: Client) -> None:
    answer = desk.post("/afmelden/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert desk.get("/zaken/").status_code == 302
    assert len(events("auth.logout")) == 1


@pytest.mark.parametrize(("code", "word"), [("nl", "Mijn zaken"), ("en", "My cases")])
def test_the_page_speaks_the_language_the_person_chose(desk: Client, code: str, word: str) -> None:
    desk.post("/taal/", {"language": code, "next": "/zaken/"})
    page = desk.get("/zaken/").content.decode()
    assert f'<html lang="{code}"' in page
    assert f"<h1>{word}</h1>" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "code"), [("", "nl"), ("en-GB,en;q=0.9", "en"), ("de,en;q=0.5", "en"), ("fr", "nl"), ("nl,en", "nl")]
)
def test_before_signing_in_the_page_speaks_the_language_of_the_browser(client: Client, asked: str, code: str) -> None:
    page = client.get("/aanmelden/", headers={"Accept-Language": asked}).content.decode()
    assert f'<html lang="{code}"' in page


def test_the_theme_is_chosen_on_the_server(desk: Client) -> None:
    assert "data-theme" not in desk.get("/hulp/").content.decode().split("<body")[0]
    desk.post("/weergave/", {"theme": "night", "next": "/hulp/"})
    assert 'data-theme="night"' in desk.get("/hulp/").content.decode()


def test_a_language_or_theme_that_does_not_exist_changes_nothing(desk: Client, physician: User) -> None:
    desk.post("/taal/", {"language": "xx"})
    desk.post("/weergave/", {"theme": "glitter"})
    physician.refresh_from_db()
    assert (physician.language, physician.theme) == ("nl", "")


def test_pages_of_a_signed_in_person_are_never_cached_and_hold_no_inline_style_or_script(
    desk: Client, draft: Draft
) -> None:
    case = draft()
    for path in ("/zaken/", f"/zaken/{case.pk}/", f"/zaken/{case.pk}/omstandigheden/"):
        answer = desk.get(path)
        page = answer.content.decode()
        assert answer.headers["Cache-Control"] == "no-store"
        assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
        assert " style=" not in page
        assert not re.search(r"<script(?! src=)", page)
        assert "<style" not in page


def test_an_unknown_page_and_a_hidden_case_answer_alike(other_desk: Client, draft: Draft) -> None:
    hidden = other_desk.get(f"/zaken/{draft().pk}/")
    unknown = other_desk.get(f"/zaken/{uuid.uuid4()}/")
    assert hidden.status_code == unknown.status_code == 404
    assert _masked(hidden.content.decode()) == _masked(unknown.content.decode())


def _masked(page: str) -> str:
    """The page without what differs in every answer: the token of its forms, its nonce, and the key in its address."""
    return re.sub(r"value=\"\w{64}\"|nonce=\"[^\"]+\"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", page)


def test_a_refused_look_is_noted_although_the_request_is_rolled_back(other_desk: Client, draft: Draft) -> None:
    case = draft()
    other_desk.get(f"/zaken/{case.pk}/")
    assert [event.objects for event in events("authz.denied", "denied")] == [[case.pk]]


def test_a_look_is_noted_also_when_the_page_comes_back_with_mistakes(desk: Client, draft: Draft) -> None:
    case = draft()
    before = len(looks(code="case.read"))
    answer = desk.post(f"/zaken/{case.pk}/overledene/", {"age_years": "3o", "version": case.row_version})
    assert answer.status_code == 422
    assert len(looks(code="case.read")) == before + 1


def test_a_form_without_its_token_gives_back_what_was_typed(physician: User) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, physician)
    answer = client.post("/zaken/nieuw", {"age_years": "34"})
    assert answer.status_code == 403
    assert "<dd>34</dd>" in answer.content.decode()


@pytest.mark.django_db
def test_a_role_without_a_desk_is_told_so(client: Client) -> None:
    sign_in(client, User.objects.create_user("lab.invoer", role="lab_clerk"))
    assert client.get("/").status_code == 200
    assert "nog geen schermen" in client.get("/").content.decode()


def test_a_statistician_sees_no_case(client: Client, draft: Draft) -> None:
    sign_in(client, User.objects.create_user("ndm.statisticus", role="statistician"))
    assert client.get("/zaken/").status_code == 403
    assert client.get(f"/zaken/{draft().pk}/").status_code == 404


@pytest.mark.django_db
def test_the_machines_that_look_after_the_register_get_an_answer(client: Client) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"
    assert client.get("/version").json()["version"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_nothing_is_shown_when_the_look_cannot_be_noted(client: Client, physician: User, draft: Draft) -> None:
    case = draft(filled=True)
    sign_in(client, physician)
    client.raise_request_exception = False
    with broken_log():
        answer = client.get(f"/zaken/{case.pk}/overledene/")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Het register kan nu niet noteren wie wat inziet." in page
    assert case.case_number not in page
    assert 'value="34"' not in page
