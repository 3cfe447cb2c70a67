"""Asking for a case of another region: what is answered, what is noted, and who hears of it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from register.access import limits
from register.models import Case, EmergencyAccess, OutboxMessage, User
from register.tasks import send_emergency_mail
from tests import factories
from tests.emergencies import expire
from tests.integration.web_emergency.conftest import ASK, WHY, People, ask
from tests.signing_in import sign_in
from tests.trail import changes, looks

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
At = Callable[[User], Client]


def _text(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_case_of_another_region_is_opened_with_a_reason_and_that_is_an_event_of_the_case(
    desk: Client, case: Case, people: People
) -> None:
    answer = ask(desk, case)
    access = EmergencyAccess.objects.get()
    assert answer.headers["Location"] == f"/zaken/{case.pk}/"
    assert (access.case, access.person, access.case_number) == (case, people.physician, case.case_number)
    assert (access.reason_code, access.text) == (WHY["reason_code"], WHY["text"])
    assert access.expires_at - access.granted_at == EmergencyAccess.LASTS
    (look,) = looks(code="breakglass.open")
    assert (look.actor, look.objects, look.outcome) == (str(people.physician.pk), [case.pk], "ok")
    assert look.filters == {"grant": str(access.pk), "reason": "danger", "relation": "break-glass"}
    assert look.purpose == "noodtoegang"
    (change,) = changes(tbl="register_emergencyaccess")
    assert (change.op, change.actor, change.case_id) == ("I", str(people.physician.pk), case.pk)


def test_a_coordinator_asks_alike(at: At, case: Case, people: People) -> None:
    browser = at(people.own_lead)
    assert ask(browser, case).status_code == 302
    assert browser.get(f"/zaken/{case.pk}/").status_code == 200


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"number": " "}, "number", {"nl": "Vul een zaaknummer in", "en": "Fill in a case number"}),
        ({"reason_code": ""}, "reason_code", {"nl": "Kies waarom u de zaak", "en": "Choose why you need"}),
        ({"reason_code": "zomaar"}, "reason_code", {"nl": "Kies waarom u de zaak", "en": "Choose why you need"}),
        ({"text": "  "}, "text", {"nl": "Schrijf in ten minste 10 tekens", "en": "Write in at least 10 characters"}),
        ({"text": "spoed"}, "text", {"nl": "Schrijf in ten minste 10 tekens", "en": "Write in at least 10 characters"}),
        ({"text": "poeder " * 99}, "text", {"nl": "Schrijf ten hoogste 500", "en": "Write at most 500 characters"}),
        ({"text": "roze\u200bpoeder hier"}, "text", {"nl": "onzichtbaar teken", "en": "an invisible character"}),
    ],
)
def test_what_is_not_filled_in_is_told_at_the_field_and_what_was_typed_stays(
    desk: Client, case: Case, people: People, changed: dict[str, str], field: str, sentence: Any, language: str
) -> None:
    User.objects.filter(pk=people.physician.pk).update(language=language)
    answer = ask(desk, case, **changed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in page
    assert sentence[language] in _text(answer)
    for name, value in {"number": case.case_number, **WHY, **changed}.items():
        # A reason that is none is no line of the list.
        assert value == "zomaar" or value.strip() in page, name
    assert not EmergencyAccess.objects.exists()
    # The register was not even asked whether there is such a case.
    assert looks(code="authz.denied") == []


def test_all_that_is_missing_is_told_at_once(desk: Client, people: People) -> None:
    page = _text(desk.post(ASK, {}))
    for sentence in ("Vul een zaaknummer in", "Kies waarom u de zaak", "Schrijf in ten minste 10 tekens"):
        assert sentence in page


def _refused(answer: Any, sentence: str) -> str:
    assert answer.status_code == 422
    assert sentence in _text(answer)
    assert WHY["text"] in answer.content.decode()
    return re.sub(r'(value|nonce|data-seconds|href|content)="[^"]*"', "", answer.content.decode())


def test_an_unknown_number_is_answered_like_a_draft_and_like_a_draft_of_the_own_region(
    desk: Client, case: Case, people: People
) -> None:
    draft = factories.draft(people.reporter)
    own = factories.draft(factories.physician(factories.ROTTERDAM))
    pages = set()
    for number in ("2026-999999", draft.case_number, own.case_number, "geen nummer", "9" * 40, "2026\x00"):
        key = str(uuid4())
        answer = ask(desk, case, number=number, save_id=key)
        assert ask(desk, case, number=number, save_id=key).status_code == 422  # sent twice, tried once
        page = _refused(answer, "Er is geen zaak met dit nummer die u zo kunt inzien.")
        pages.add(re.sub(r"<span[^>]*save.*?</span>", "", page))
        (denied,) = looks(code="authz.denied", detail="unknown_number")[-1:]
        assert (denied.actor, denied.objects) == (str(people.physician.pk), [])
        # So that one test may ask more often than a person.
        limits.forget(limits.EMERGENCIES_OF_PERSON, str(people.physician.pk))
    assert len(pages) == 1
    assert len(looks(code="authz.denied", detail="unknown_number")) == 2 * 6  # each was sent twice
    assert not EmergencyAccess.objects.exists()


def test_a_case_of_the_own_region_needs_none(desk: Client, case: Case) -> None:
    own = factories.submitted(factories.physician(factories.ROTTERDAM))
    _refused(ask(desk, case, number=own.case_number), "Deze zaak is van uw eigen regio")
    assert not EmergencyAccess.objects.exists()


def test_nobody_extends_an_access_and_asks_anew_when_it_is_over(
    desk: Client, case: Case, access: EmergencyAccess
) -> None:
    _refused(ask(desk, case), "Deze zaak staat al voor u open.")
    assert list(EmergencyAccess.objects.all()) == [access]
    expire(access)
    assert ask(desk, case).status_code == 302
    assert EmergencyAccess.objects.count() == 2


def test_five_tries_in_an_hour_are_all_and_the_sixth_is_noted(desk: Client, case: Case) -> None:
    for _ in range(5):
        assert ask(desk, case, number="2026-999999").status_code == 422
    _refused(ask(desk, case), "U hebt in een uur vijf keer om een zaak gevraagd.")
    assert len(looks(code="authz.denied", detail="too_many")) == 1
    assert not EmergencyAccess.objects.exists()


def test_a_form_that_is_sent_twice_opens_once(desk: Client, case: Case) -> None:
    key = str(uuid4())
    first, second = (ask(desk, case, save_id=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert EmergencyAccess.objects.count() == 1


def test_ten_minutes_after_signing_in_it_is_asked_again_who_asks(desk: Client, case: Case, people: People) -> None:
    people.physician.set_password("een lang wachtwoord")
    people.physician.save()
    sign_in(desk, people.physician)
    session = desk.session
    for proven in session["account_authentication_methods"]:
        proven["at"] -= 11 * 60
    session.save()
    answer = ask(desk, case)
    assert answer.status_code == 403
    assert answer.templates[0].name == "account/confirm.html"
    assert WHY["text"] in answer.content.decode()
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize("name", ["staff", "officer"])
def test_who_looks_after_the_whole_country_or_after_no_case_asks_for_none(
    at: At, case: Case, people: People, name: str
) -> None:
    assert ask(at(getattr(people, name)), case).status_code == 403


def test_everybody_who_answers_for_the_case_is_mailed_at_once_without_a_word_about_it(
    case: Case, people: People, access: EmergencyAccess
) -> None:
    waiting = list(OutboxMessage.objects.filter(task="register.send_emergency_mail"))
    for message in [*waiting, *waiting]:  # a message that comes twice is mailed once
        send_emergency_mail(str(message.pk))
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(
        person.email for person in (people.lead, people.staff, people.officer)
    )
    for sent in mail.outbox:
        body = f"{sent.subject} {sent.body}"
        assert "Ruben Rotte, Forensisch arts" in body
        for word in (case.case_number, str(case.pk), str(access.pk), "roze", "poeder", "coke", "34"):
            assert word not in body
    links = {sent.to[0]: re.findall(r"https?://\S+", str(sent.body)) for sent in mail.outbox}
    assert links[people.officer.email][0].endswith("/toezicht/noodtoegang/")
    assert links[people.lead.email][0].endswith("/noodtoegang/gegeven/")
    assert all(set(message.payload) == {"access_id", "person_id", "about"} for message in waiting)


def test_who_answers_for_the_case_no_more_is_not_mailed(people: People, access: EmergencyAccess) -> None:
    User.objects.filter(pk=people.lead.pk).update(region_id=factories.ROTTERDAM)
    User.objects.filter(pk=people.staff.pk).update(role="statistician")
    for message in OutboxMessage.objects.filter(task="register.send_emergency_mail"):
        send_emergency_mail(str(message.pk))
    assert [sent.to for sent in mail.outbox] == [[people.officer.email]]


def test_the_page_lists_what_one_opened_oneself_and_the_register_what_everybody_opened(
    at: At, desk: Client, case: Case, people: People, access: EmergencyAccess
) -> None:
    page = _text(desk.get(ASK))
    assert case.case_number in page and "open tot" in page
    for name in ("lead", "staff"):
        given = _text(at(getattr(people, name)).get("/noodtoegang/gegeven/"))
        assert case.case_number in given and "Ruben Rotte (Forensisch arts" in given and WHY["text"] in given
    assert case.case_number not in _text(at(people.own_lead).get("/noodtoegang/gegeven/"))
    assert case.case_number not in _text(at(people.reporter).get(ASK))
