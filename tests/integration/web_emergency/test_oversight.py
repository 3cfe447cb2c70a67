"""The privacy officer sees each access with what was looked at, says what it was, and is reminded once."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from register.access import Refused, emergency_review
from register.audit import fhir, reading
from register.audit.reading import Which
from register.models import Case, EmergencyAccess, OutboxMessage, User
from register.tasks import escalate_emergencies, send_emergency_mail
from tests.emergencies import expire, let_pass
from tests.integration.web_emergency.conftest import WHY, People, ask
from tests.trail import changes, looks

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "viewer"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
At = Callable[[User], Client]
PAGE = "/toezicht/noodtoegang/"
SENT = {"outcome": "explained", "note": "Nagebeld; zelfde partij."}


def _text(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def officer(at: At, people: People) -> Client:
    return at(people.officer)


def _review(browser: Client, access: EmergencyAccess, **changed: str) -> Any:
    return browser.post(f"{PAGE}{access.pk}/beoordelen/", {**SENT, **changed})


def _escalations() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(key__startswith="emergency-overdue:"))


def test_each_access_stands_there_with_what_was_looked_at_under_it_and_nothing_else(
    desk: Client, officer: Client, case: Case, access: EmergencyAccess
) -> None:
    desk.get(f"/zaken/{case.pk}/")
    desk.get(f"/zaken/{case.pk}/geschiedenis/")
    desk.post(f"/zaken/{case.pk}/overledene/", {"version": "1"})
    desk.get("/zaken/")
    page = _text(officer.get(PAGE))
    for words in (case.case_number, "Ruben Rotte (Forensisch arts", WHY["text"], "Mogelijk cluster of gevaarlijk"):
        assert words in page
    assert (page.count("Zaak ingezien"), page.count("Geschiedenis ingezien"), page.count("Toegang geweigerd")) == (
        1,
    ) * 3
    assert "Lijst van zaken ingezien" not in page
    assert "1 noodtoegang wacht op een uitkomst." in page
    assert "Vergiftiging" not in page
    # Who asks who saw the case reads it there as well.
    assert "Zaak ingezien (noodtoegang)" in _text(officer.get(f"/toezicht/zaak/{case.pk}/"))
    # The menu says how many wait.
    assert re.search(r"Noodtoegang\D*1", _text(officer.get("/toezicht/")))


def test_two_accesses_to_one_case_keep_their_looks_apart_and_the_second_is_counted(
    desk: Client, officer: Client, case: Case, access: EmergencyAccess
) -> None:
    desk.get(f"/zaken/{case.pk}/")
    expire(access)
    assert ask(desk, case).status_code == 302
    desk.get(f"/zaken/{case.pk}/geschiedenis/")
    second = EmergencyAccess.objects.exclude(pk=access.pk).get()
    found = reading.looks_under([(one.pk, one.case_id, str(one.person_id)) for one in (access, second)])
    assert [look.code for look in found[access.pk]] == ["breakglass.open", "case.read"]
    assert [look.code for look in found[second.pk]] == ["breakglass.open", "history.read"]
    assert _text(officer.get(PAGE)).count("Deze persoon opende deze zaak 2 keer.") == 1


def test_an_outcome_is_written_once_with_a_name(
    at: At, officer: Client, case: Case, people: People, access: EmergencyAccess
) -> None:
    still_open = _review(officer, access)
    assert still_open.status_code == 409 and "Deze noodtoegang loopt nog." in _text(still_open)
    expire(access)
    assert _review(officer, access).status_code == 302
    access.refresh_from_db()
    assert (access.outcome, access.note, access.reviewed_by) == ("explained", SENT["note"], people.officer)
    assert "Verklaard door het werk · Pien Privacy" in _text(officer.get(PAGE))
    (look,) = looks(code="breakglass.review")
    assert (look.actor, look.objects) == (str(people.officer.pk), [case.pk])
    assert look.filters == {"grant": str(access.pk), "outcome": "explained"}
    assert [change.actor for change in changes(tbl="register_emergencyaccess", op="U")][-1] == str(people.officer.pk)
    late = _review(officer, access, outcome="incident", note="Toch niet.")
    assert late.status_code == 409
    assert "Een ander schreef intussen op" in _text(late) and "Toch niet." in late.content.decode()
    access.refresh_from_db()
    assert access.outcome == "explained"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"outcome": ""}, "Kies wat de melding bleek te zijn."),
        ({"note": " "}, "Schrijf op hoe u dat weet."),
        ({"note": "Gesproken. " * 50}, "Schrijf ten hoogste 500 tekens."),
    ],
)
def test_an_outcome_without_words_is_asked_for_and_what_was_typed_stays(
    officer: Client, access: EmergencyAccess, changed: dict[str, str], sentence: str
) -> None:
    expire(access)
    answer = _review(officer, access, **changed)
    assert answer.status_code == 422
    assert sentence in _text(answer)
    assert re.search(r'href="#n\d-(outcome|note)"', answer.content.decode())
    assert 'name="next" value="/toezicht/noodtoegang/"' in answer.content.decode()
    assert {**SENT, **changed}["note"].strip() in answer.content.decode()
    access.refresh_from_db()
    assert access.reviewed_at is None


def test_nobody_reviews_their_own_access_nor_one_that_is_not_there(
    at: At, officer: Client, people: People, access: EmergencyAccess
) -> None:
    expire(access)
    User.objects.filter(pk=people.physician.pk).update(role="auditor", region=None)
    own = at(User.objects.get(pk=people.physician.pk))
    assert "Deze noodtoegang was van uzelf; een ander beoordeelt haar." in _text(own.get(PAGE))
    assert _review(own, access).status_code == 422
    with pytest.raises(IntegrityError, match="nobody_reviews"):
        EmergencyAccess.objects.filter(pk=access.pk).update(
            outcome="asked", note="x", reviewed_by=people.physician, reviewed_at=timezone.now()
        )
    assert officer.post(f"{PAGE}{uuid4()}/beoordelen/", SENT).status_code == 404
    refused = emergency_review.review(access_id=access.pk, outcome="asked", note="x", by=people.staff)
    assert isinstance(refused, Refused) and refused.code == "role"


def test_what_has_no_outcome_in_five_working_days_is_overdue_and_escalates_once(
    officer: Client, people: People, access: EmergencyAccess
) -> None:
    escalate_emergencies()
    assert not _escalations()
    assert "Uitkomst nodig op" in _text(officer.get(PAGE))
    let_pass(access, timedelta(days=8))
    for _ in range(2):
        escalate_emergencies()
    for message in _escalations():
        send_emergency_mail(str(message.pk))
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([people.officer.email, people.staff.email])
    assert {sent.subject for sent in mail.outbox} == {"Noodtoegang wacht op een uitkomst"}
    page = _text(officer.get(PAGE))
    assert "Te laat: de uitkomst moest er zijn op" in page and "1 is te laat." in page


def test_no_mail_goes_about_an_outcome_that_came_meanwhile(
    officer: Client, people: People, access: EmergencyAccess
) -> None:
    let_pass(access, timedelta(days=8))
    escalate_emergencies()
    assert _escalations()
    assert _review(officer, access).status_code == 302
    for message in _escalations():
        send_emergency_mail(str(message.pk))
    assert mail.outbox == []


def test_the_exchange_form_says_that_the_glass_was_broken(desk: Client, case: Case, access: EmergencyAccess) -> None:
    desk.get(f"/zaken/{case.pk}/")
    look = next(one for one in reading.looks(Which(case=case.pk), limit=50) if one.code == "case.read")
    (purpose,) = fhir.event(look)["purposeOfEvent"]
    assert [coding["code"] for coding in purpose["coding"]] == ["noodtoegang", "BTG"]
    details = fhir.event(look)["entity"][-1]["detail"]
    assert {"type": "filter:relation", "valueString": "break-glass"} in details
