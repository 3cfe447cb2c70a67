"""Small forms that nobody sent yet: kept for the person who typed, shown again, and no part of the record."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import moves, queries
from register.models import Case, UnfinishedForm, User
from tests.integration.web_physician.conftest import Draft, events, fresh, version
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

TABLE = "Ketamine;1,2;mg/L\nMDMA;0,3;mg/L"
AGAIN = "Dit hebt u eerder getypt en nog niet verzonden."


@pytest.fixture
def case(submitted: Draft) -> Case:
    return submitted()


def _request(case: Case) -> Any:
    return case.toxrequest_rows.get()


def _type(desk: Client, case: Case, form: str, about: Any, **typed: Any) -> Any:
    address = reverse("physician:keep", args=[case.pk, form, about])
    return desk.post(address, {"save_id": str(uuid4()), **typed}, headers={"If-Match": f'"{version(case)}"'})


def _page(desk: Client, address: str) -> str:
    return desk.get(address).content.decode()


def test_a_result_that_was_typed_and_not_sent_is_there_again_and_goes_when_it_is_sent(desk: Client, case: Case) -> None:
    before, row = version(case), _request(case)
    body = _type(desk, case, "result", row.pk, reported_as="Ketamine", value="1,").json()
    _type(desk, case, "result", row.pk, value="1,2")
    assert "nog niet verzonden" in body["sentence"]
    assert (version(case), row.results.count(), events("case.update")[-1].objects) == (before, 0, [case.pk])
    address = reverse("physician:result", args=[case.pk, row.pk])
    page = _page(desk, address)
    assert AGAIN in page
    assert 'value="Ketamine"' in page
    assert 'value="1,2"' in page
    sent = {"reported_as": "Ketamine", "outcome": "detected", "value": "1,2", "unit": "mg_l", "version": version(case)}
    assert desk.post(address, sent).status_code == 302
    assert not UnfinishedForm.objects.exists()
    assert AGAIN not in _page(desk, address)


def test_a_result_under_another_name_is_another_substance(desk: Client, case: Case) -> None:
    row = _request(case)
    sent = {"reported_as": "Bruin poeder", "substance": "heroin", "outcome": "detected"}
    desk.post(reverse("physician:result", args=[case.pk, row.pk]), {**sent, "version": version(case)})
    result = row.results.get()
    assert (result.reported_as, result.substance_id) == ("Bruin poeder", "heroin")
    address = reverse("physician:change_result", args=[case.pk, row.pk, result.pk])
    assert "Gekoppeld aan: hero" in _page(desk, address)
    sent |= {"reported_as": "Ketamine", "reason": "Verkeerde regel overgenomen", "version": version(case)}
    desk.post(address, sent)
    result.refresh_from_db()
    assert (result.reported_as, result.substance_id) == ("Ketamine", "ketamine")


def test_a_form_that_comes_back_with_a_mistake_is_kept_without_a_script(desk: Client, case: Case) -> None:
    address = reverse("physician:sample", args=[case.pk, _request(case).pk])
    sent = {"matrix": "urine", "sampled_at_day": "42", "version": version(case)}
    assert desk.post(address, sent).status_code == 422
    page = _page(desk, address)
    assert AGAIN in page
    assert 'value="42"' in page
    assert desk.post(address, {"do": "discard"}).headers["Location"] == address
    assert AGAIN not in _page(desk, address)


def test_a_pasted_report_is_there_again_with_its_lines_as_they_were_mended(desk: Client, case: Case) -> None:
    row = _request(case)
    address = reverse("physician:laboratory", args=[case.pk, row.pk])
    desk.post(address, {"do": "read", "text": TABLE, "version": version(case)})
    assert TABLE.replace("\n", "\r\n").splitlines()[0] in _page(desk, address)
    lines = {"line.0.original": "Ketamine;1,2;mg/L", "line.0.name": "Ketamine", "line.0.result": "1,3 mg/L"}
    _type(desk, case, "laboratory", row.pk, **lines, **{"line.0.leave": ""})
    page = _page(desk, address)
    assert "Uitslag controleren" in page
    assert 'value="1,3 mg/L"' in page
    assert not re.search(r'name="line.0.leave"[^>]* checked', page)
    assert row.results.count() == 0
    taken = desk.post(address, {"do": "take", **lines, "text": TABLE, "version": version(case)})
    assert (taken.status_code, row.results.count(), UnfinishedForm.objects.count()) == (302, 1, 0)


def test_a_reply_that_was_not_sent_is_there_again(desk: Client, case: Case, reviewer: User) -> None:
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="Decedent.age_years", text="Klopt dit?", seen_version=version(case), by=reviewer)
    query = case.query_rows.get()
    _type(desk, case, "question", query.pk, text="Ja, volgens de hui", age_years="35")
    address = reverse("physician:question", args=[case.pk, query.pk])
    page = _page(desk, address)
    assert "Ja, volgens de hui</textarea>" in page
    assert 'value="35"' in page
    assert fresh(case).decedent_section.age_years == 34
    sent = {"text": "Ja, volgens de huisarts.", "age_years": "34", "version": version(case)}
    assert desk.post(address, sent).status_code == 302
    assert not UnfinishedForm.objects.exists()


def test_what_one_person_typed_is_shown_to_nobody_else(desk: Client, case: Case, colleague: User) -> None:
    row = _request(case)
    _type(desk, case, "result", row.pk, reported_as="Ketamine")
    other = Client()
    sign_in(other, colleague)
    assert AGAIN not in _page(other, reverse("physician:result", args=[case.pk, row.pk]))


@pytest.mark.parametrize(("form", "status"), [("elders", 404), ("question", 403)])
def test_only_a_form_that_may_be_sent_is_kept(desk: Client, case: Case, form: str, status: int) -> None:
    assert _type(desk, case, form, case.pk, text="x").status_code == status
    assert not UnfinishedForm.objects.exists()


def test_what_no_database_stores_is_told_and_not_kept(desk: Client, case: Case) -> None:
    assert _type(desk, case, "result", _request(case).pk, reported_as="\x00").status_code == 422
    assert not UnfinishedForm.objects.exists()
