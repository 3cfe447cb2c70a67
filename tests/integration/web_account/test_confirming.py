"""Closing, reopening and publishing ask again who it is after ten minutes, and lose nothing that was typed."""

import re
from html import unescape

import pytest
from django.test import Client

from register.models import Case
from tests import factories
from tests.integration.web_account.conftest import PASSWORD, WithApp, equip, events, newcomer
from tests.one_time_codes import code_of
from tests.signing_in import sign_in

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")


@pytest.fixture
def reviewer(db: None) -> WithApp:
    return equip(newcomer("register.jansen", "register_staff", password=PASSWORD))


@pytest.fixture
def desk(client: Client, reviewer: WithApp) -> Client:
    return sign_in(client, reviewer.person)


@pytest.fixture
def case(reviewer: WithApp) -> Case:
    return factories.closed(factories.physician(), reviewer.person)


def _wait(client: Client, seconds: int) -> None:
    session = client.session
    for proven in session["account_authentication_methods"]:
        proven["at"] -= seconds
    session.save()


def _reopen(client: Client, case: Case, **more: str) -> object:
    form = {"version": factories.version(case), "reason": 'Nieuwe uitslag & "meer" <b>', **more}
    return client.post(f"/beoordelen/{case.pk}/reopen/", form)


def _status(case: Case) -> str:
    return Case.objects.get(pk=case.pk).status


def test_within_ten_minutes_nothing_is_asked(desk: Client, case: Case) -> None:
    _wait(desk, 590)
    assert _reopen(desk, case).status_code == 302  # type: ignore[attr-defined]
    assert _status(case) == "reopened"


def test_after_ten_minutes_the_page_between_holds_what_was_typed_and_nothing_was_done(desk: Client, case: Case) -> None:
    _wait(desk, 610)
    answer = _reopen(desk, case)
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 403  # type: ignore[attr-defined]
    assert _status(case) == "closed"
    kept = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}
    assert kept["reason"] == 'Nieuwe uitslag & "meer" <b>'
    assert f'action="/beoordelen/{case.pk}/reopen/"' in page


@pytest.mark.parametrize("by", ["confirm_code", "confirm_password"])
def test_the_proof_goes_along_with_what_was_typed_and_the_step_is_done(
    desk: Client, case: Case, reviewer: WithApp, by: str
) -> None:
    _wait(desk, 610)
    before = desk.session.session_key
    proof = {"confirm_code": reviewer.next_code, "confirm_password": PASSWORD}[by]
    assert _reopen(desk, case, **{by: proof}).status_code == 302  # type: ignore[attr-defined]
    assert _status(case) == "reopened"
    assert desk.session.session_key != before
    assert len(events("auth.stepup")) == 1


@pytest.mark.parametrize("proof", [{"confirm_code": "000000"}, {"confirm_password": "verkeerd"}, {"confirm_code": ""}])
def test_a_proof_that_does_not_hold_does_nothing_and_keeps_what_was_typed(
    desk: Client, case: Case, proof: dict[str, str]
) -> None:
    _wait(desk, 610)
    answer = _reopen(desk, case, **proof)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'name="reason" value="Nieuwe uitslag' in answer.content.decode()  # type: ignore[attr-defined]
    assert _status(case) == "closed"
    assert len(events("auth.stepup", "denied")) == 1


def test_a_number_of_somebody_else_proves_nothing(desk: Client, case: Case) -> None:
    other = equip(newcomer("register.devries", "register_staff"))
    _wait(desk, 610)
    assert _reopen(desk, case, confirm_code=other.next_code).status_code == 422  # type: ignore[attr-defined]
    assert code_of(other.seed, step=1) == other.next_code


def test_closing_and_excluding_ask_as_well(desk: Client, case: Case) -> None:
    _wait(desk, 610)
    for step in ("close", "exclude"):
        assert desk.post(f"/beoordelen/{case.pk}/{step}/", {"version": 1}).status_code == 403


def test_a_step_that_decides_nothing_does_not_ask(desk: Client, reviewer: WithApp) -> None:
    case = factories.submitted(factories.physician())
    _wait(desk, 3600)
    answer = desk.post(f"/beoordelen/{case.pk}/take/", {"version": factories.version(case)})
    assert answer.status_code == 302


def test_my_factors_are_shown_and_changed_after_a_proof_alone(desk: Client, reviewer: WithApp) -> None:
    _wait(desk, 610)
    answer = desk.get("/aanmelden/passkey/?next=/mijn-profiel/")
    assert answer.headers["Location"].startswith("/aanmelden/bevestigen/?next=%2Faanmelden%2Fpasskey%2F")
    assert desk.post("/mijn-profiel/herstelcodes/").status_code == 403
    page = desk.post("/mijn-profiel/herstelcodes/", {"confirm_code": reviewer.next_code})
    assert page.status_code == 200
    assert not any(code in page.content.decode() for code in reviewer.recovery_codes)


def test_the_question_before_a_page_leads_on_to_it(desk: Client, reviewer: WithApp) -> None:
    _wait(desk, 610)
    form = {"next": "/aanmelden/passkey/", "confirm_code": reviewer.recovery_codes[0]}
    assert desk.post("/aanmelden/bevestigen/", form).headers["Location"] == "/aanmelden/passkey/"
    assert desk.get("/aanmelden/passkey/").status_code == 200


def test_a_persona_of_a_demonstration_is_not_asked(client: Client, reviewer: WithApp, case: Case) -> None:
    sign_in(client, reviewer.person, methods=("demo",))
    _wait(client, 3600)
    assert _reopen(client, case).status_code == 302  # type: ignore[attr-defined]
