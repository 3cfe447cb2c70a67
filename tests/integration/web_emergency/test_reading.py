"""Under an emergency access: one case, to read, with a banner on every page, and each look says how."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from register.models import Case, EmergencyAccess, User
from tests import factories
from tests.emergencies import end_beside, expire, let_pass
from tests.integration.access import pages
from tests.integration.web_emergency.conftest import WHY, People, ask
from tests.trail import changes, looks

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "viewer"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
At = Callable[[User], Client]
READ = {"physician:case", "physician:section", "physician:section toxicologie", "physician:confirmation"}
READ |= {"physician:history"}
BANNER = "U leest alleen; alles wordt vastgelegd als noodtoegang."
SENT = {"version": "1", "text": "antwoord", "reason": "een reden in woorden", "status": "final", "do": "stay"}


def _text(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def case(people: People) -> Case:
    """With a result, so that there is a row of each kind that an address can name."""
    return factories.with_result(factories.in_review(people.reporter, people.staff), people.reporter)


@pytest.fixture
def keys(case: Case) -> dict[str, Any]:
    request = case.toxrequest_rows.get()
    row = case.suspectedsubstance_rows.first()
    return {
        "query_id": uuid4(),
        "request_id": request.pk,
        "result_id": request.results.get().pk,
        "row_id": row.pk if row else None,
    }


def test_it_reads_the_pages_of_the_case_and_changes_nothing_by_any_of_them(
    desk: Client, case: Case, keys: dict[str, Any], access: EmergencyAccess
) -> None:
    """Every address of a case by every method that it knows."""
    before = [(change.id, change.tbl) for change in changes(case_id=case.pk)]
    version = factories.version(case)
    surprises = []
    for name, address in pages.addresses_of(case.pk, keys):
        for method in set(pages.OF_A_CASE[name].methods) & {"GET", "POST"}:
            answer = desk.get(address) if method == "GET" else desk.post(address, SENT)
            # Whether somebody has the case before them the desk of the register alone asks, of its own cases.
            expected = 200 if method == "GET" and name in READ else 404 if name == "register_desk:beat" else 403
            if answer.status_code != expected:
                surprises.append(f"{method} {name}: {answer.status_code}")
            elif answer["Content-Type"].startswith("text/html") and expected != 404 and BANNER not in _text(answer):
                surprises.append(f"{method} {name}: no banner")
    assert surprises == []
    assert factories.version(case) == version
    assert [(change.id, change.tbl) for change in changes(case_id=case.pk)] == before


def test_the_banner_says_until_when_and_why_and_ends_it(desk: Client, case: Case, access: EmergencyAccess) -> None:
    for page in ("", "overledene/", "geschiedenis/"):
        answer = desk.get(f"/zaken/{case.pk}/{page}")
        until = timezone.localtime(access.expires_at).strftime("%H:%M")
        assert f"Noodtoegang tot {until}." in _text(answer)
        assert f"Mogelijk cluster of gevaarlijk middel, spoed: {WHY['text']}" in _text(answer)
        assert f'action="/noodtoegang/{access.pk}/beeindigen/"' in answer.content.decode()


def test_every_look_says_that_it_was_emergency_access_and_by_which(
    desk: Client, case: Case, people: People, access: EmergencyAccess
) -> None:
    desk.get(f"/zaken/{case.pk}/")
    desk.get(f"/zaken/{case.pk}/geschiedenis/")
    desk.post(f"/zaken/{case.pk}/overledene/", SENT)
    under = {"relation": "break-glass", "grant": str(access.pk)}
    found = [look for look in looks(actor=str(people.physician.pk)) if look.purpose == "noodtoegang"]
    assert [(look.code, look.outcome, look.objects) for look in found] == [
        ("breakglass.open", "ok", [case.pk]),
        ("case.read", "ok", [case.pk]),
        ("history.read", "ok", [case.pk]),
        ("authz.denied", "denied", [case.pk]),
    ]
    assert all(look.filters == under for look in found[1:])
    # What they do elsewhere is what it always is.
    desk.get("/zaken/")
    assert looks(code="case.list", actor=str(people.physician.pk))[-1].purpose == "lijkschouw"


def test_no_other_case_is_opened_and_no_list_shows_the_one_that_is(
    at: At, desk: Client, case: Case, people: People, access: EmergencyAccess
) -> None:
    other = factories.submitted(people.reporter)
    assert desk.get(f"/zaken/{other.pk}/").status_code == 404
    for address in ("/zaken/", "/zaken/lijst/regio/", "/zaken/lijst/ingediend/", "/vragen/"):
        assert case.case_number not in desk.get(address).content.decode(), address
    found = desk.post("/zaken/zoeken/", {"number": case.case_number})
    assert found.status_code == 422
    # Nor is it open to anybody else of that region.
    assert at(people.own_lead).get(f"/zaken/{case.pk}/").status_code == 404
    assert at(factories.physician(factories.ROTTERDAM)).get(f"/zaken/{case.pk}/").status_code == 404


def test_when_its_hour_is_over_the_next_page_says_so(
    desk: Client, case: Case, people: People, access: EmergencyAccess
) -> None:
    let_pass(access, EmergencyAccess.LASTS - timedelta(minutes=1))
    assert desk.get(f"/zaken/{case.pk}/").status_code == 200
    expire(access)
    answer = desk.get(f"/zaken/{case.pk}/geschiedenis/")
    assert answer.status_code == 403
    assert f"Uw noodtoegang tot zaak {case.case_number} liep tot" in _text(answer)
    assert 'href="/noodtoegang/"' in answer.content.decode()
    assert BANNER not in _text(answer) and "Vergiftiging" not in _text(answer)
    (denied,) = looks(code="authz.denied", actor=str(people.physician.pk))
    assert (denied.detail, denied.objects, denied.purpose) == ("emergency_over", [case.pk], "noodtoegang")
    # A day later it is as unknown as any other case.
    let_pass(access, timedelta(days=1))
    assert desk.get(f"/zaken/{case.pk}/").status_code == 404


def test_what_was_typed_when_it_ended_stands_on_the_page(desk: Client, case: Case, access: EmergencyAccess) -> None:
    expire(access)
    answer = desk.post(f"/zaken/{case.pk}/overledene/", {"age_years": "34"})
    assert answer.status_code == 403
    assert "Uw noodtoegang is voorbij" in _text(answer) and "34" in _text(answer)


# What a request has just asked of the database when its access ends, from first to last.
MOMENTS = ("SELECT audit.opened_case()", "audit.log_access", "register_historicalcase", "register_statuschange")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_page_in_the_making_when_it_ends_is_not_shown_however_it_came_out(
    desk: Client, case: Case, access: EmergencyAccess, moment: str
) -> None:
    ended: list[str] = []

    def end_it_there(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if moment in sql and not ended:
            ended.append(sql)
            end_beside(access)
        return answer

    with connection.execute_wrapper(end_it_there):
        answer = desk.get(f"/zaken/{case.pk}/geschiedenis/")
    assert ended
    assert answer.status_code == 403
    assert "Uw noodtoegang is voorbij" in _text(answer)
    assert "Anouk Amstel" not in _text(answer)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "statistician"}, {"region_id": "GG1413"}])
def test_it_is_closed_at_once_when_the_account_changes(
    desk: Client, case: Case, people: People, access: EmergencyAccess, change: dict[str, Any]
) -> None:
    assert desk.get(f"/zaken/{case.pk}/").status_code == 200
    User.objects.filter(pk=people.physician.pk).update(**change)
    answer = desk.get(f"/zaken/{case.pk}/")
    assert answer.status_code in (302, 403, 404)
    assert "Vergiftiging" not in _text(answer)


@pytest.mark.parametrize("name", ["physician", "staff", "officer"])
def test_it_is_ended_by_whoever_asked_the_register_and_the_privacy_officer(
    at: At, desk: Client, case: Case, people: People, access: EmergencyAccess, name: str
) -> None:
    person = getattr(people, name)
    browser = at(person)
    answer = browser.post(f"/noodtoegang/{access.pk}/beeindigen/", follow=True)
    assert "De noodtoegang is beëindigd." in _text(answer)
    access.refresh_from_db()
    assert access.ended_by == person
    (look,) = looks(code="breakglass.close")
    assert (look.actor, look.objects, look.filters) == (str(person.pk), [case.pk], {"grant": str(access.pk)})
    over = desk.get(f"/zaken/{case.pk}/")
    assert over.status_code == 403
    assert f"Uw noodtoegang tot zaak {case.case_number} is om" in _text(over)
    again = browser.post(f"/noodtoegang/{access.pk}/beeindigen/", follow=True)
    assert "Deze noodtoegang was al voorbij." in _text(again)
    assert len(looks(code="breakglass.close")) == 1
    # Ended early, so it can be asked anew, which counts.
    assert ask(desk, case).status_code == 302


@pytest.mark.parametrize(("name", "status"), [("own_lead", 404), ("reporter", 403), ("lead", 403)])
def test_nobody_else_ends_it(
    at: At, case: Case, people: People, access: EmergencyAccess, name: str, status: int
) -> None:
    assert at(getattr(people, name)).post(f"/noodtoegang/{access.pk}/beeindigen/").status_code == status
    access.refresh_from_db()
    assert access.ended_at is None
