"""Events as FHIR AuditEvent, and the list for a data breach."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from register.audit import Event, acting_as, log_access
from register.models import Case, User
from register.web.privacy_desk import exporting
from tests import factories
from tests.integration.web_privacy.conftest import At
from tests.trail import looks

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "viewer"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
SCHEMA = Path(settings.BASE_DIR) / "docs/security/audit-event.schema.json"


def _bundle(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Cache-Control"] == "no-store"
    body: dict[str, Any] = json.loads(answer.content)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(body)
    return body


def test_every_event_of_a_case_leaves_as_a_sound_audit_event(
    case: Case, reviewer: User, at: At, officer: User, desk: Client
) -> None:
    at(reviewer).get(f"/beoordelen/{case.pk}/")
    stranger = User.objects.create_user("arts.rotterdam", role="physician", region_id=factories.ROTTERDAM)
    at(stranger).get(f"/zaken/{case.pk}/")
    body = _bundle(desk.get(f"/toezicht/zaak/{case.pk}/uitvoer/"))
    events = [entry["resource"] for entry in body["entry"]]
    # The officer's own export is noted too, with the request that makes it; the file is read before that is final.
    before = [look for look in looks() if case.pk in look.objects and look.code != "log.export"]
    assert len(events) == len(before)
    read = next(event for event in events if event["subtype"][0]["code"] == "case.read")
    assert read["agent"][0]["who"]["identifier"]["value"] == str(reviewer.pk)
    assert read["entity"][0]["what"]["identifier"]["value"] == str(case.pk)
    assert (read["action"], read["outcome"]) == ("R", "0")
    denied = next(event for event in events if event["subtype"][0]["code"] == "authz.denied")
    assert (denied["outcome"], denied["outcomeDesc"]) == ("4", "not_found")
    whole = json.dumps(body)
    assert case.case_number not in whole
    assert "Jansen" not in whole
    (look,) = looks(code="log.export", actor=str(officer.pk))
    assert look.objects == [case.pk]


def test_the_events_of_a_person_in_a_period_leave_too(case: Case, physician: User, at: At, desk: Client) -> None:
    at(physician).get("/zaken/")
    today = timezone.localdate().isoformat()
    url = f"/toezicht/gebruiker/{physician.pk}/uitvoer/"
    body = _bundle(desk.get(url, {"van": today, "tot": today}))
    assert len(body["entry"]) == len(looks(actor=str(physician.pk)))
    assert _bundle(desk.get(url, {"van": "2020-01-01", "tot": "2020-01-02"}))["entry"] == []
    assert desk.get(url, {"van": "gisteren"}).status_code == 404


def test_a_file_that_would_be_too_large_is_not_cut_off(
    case: Case, physician: User, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "LARGEST", 2)
    answer = desk.get(f"/toezicht/zaak/{case.pk}/uitvoer/")
    assert answer.status_code == 422
    assert "hoogstens 2 gebeurtenissen" in answer.content.decode()


def _breach(**options: str) -> tuple[list[dict[str, str]], str]:
    out, err = io.StringIO(), io.StringIO()
    today = timezone.localdate().isoformat()
    asked = {"user": "arts.amsterdam", "from": today, "to": today, **options}
    call_command("breach_report", *(f"--{name}={value}" for name, value in asked.items()), stdout=out, stderr=err)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), err.getvalue()


def test_the_breach_report_lists_every_case_an_account_touched(case: Case, physician: User, at: At) -> None:
    browser = at(physician)
    elsewhere = factories.draft(factories.physician(factories.ROTTERDAM))
    browser.get(f"/zaken/{case.pk}/")
    browser.get(f"/zaken/{elsewhere.pk}/")
    rows, said = _breach()
    assert {row["case_number"]: row["kinds"] for row in rows} == {
        case.case_number: "case.create case.read case.submit case.update",
        elsewhere.case_number: "authz.denied",
    }
    assert said.startswith("2 cases touched by arts.amsterdam")
    (look,) = looks(code="log.export", actor="command:breach_report")
    assert look.objects == [physician.pk]


@pytest.mark.parametrize("many", [100, 101])
def test_the_breach_report_knows_events_about_few_and_about_many_cases(case: Case, physician: User, many: int) -> None:
    gone = [UUID(int=number) for number in range(many - 1)]
    with acting_as(physician):
        log_access(Event.CASE_LIST, objects=[case.pk, *gone])
    rows, _ = _breach()
    assert {row["case_id"]: row["case_number"] for row in rows} == {
        str(case.pk): case.case_number,
        **{str(key): "" for key in gone},
    }
    (told,) = (row for row in rows if row["case_id"] == str(case.pk))
    assert "case.list" in told["kinds"].split()


def test_the_breach_report_of_another_period_is_empty(case: Case) -> None:
    before = (timezone.localdate() - timedelta(days=2)).isoformat()
    rows, _ = _breach(**{"from": before, "to": before})
    assert rows == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"user": "niemand"}, "no user 'niemand'"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "before the first"),
        ({"from": "gisteren"}, "invalid _day value"),
    ],
)
def test_a_breach_report_that_cannot_be_made_says_why(physician: User, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        _breach(**options)
