"""Two reviewers on one case: their forms are joined, and the same answer asks which one stands."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import review, substances
from register.models import Case, Query, SubstanceFinding, User
from tests import factories
from tests.factories import version

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(physician: User, reviewer: User) -> Case:
    return factories.ready_to_close(physician, reviewer)


@pytest.fixture
def colleague(db: None) -> User:
    return User.objects.create_user("devries", role="register_staff", first_name="D.", last_name="de Vries")


def _post(desk: Client, case: Case, name: str, **form: Any) -> Any:
    return desk.post(reverse("register_desk:step", args=[case.pk, name]), form)


def _form(page: str, action: str) -> str:
    """The form of a page that leads to this step."""
    found = re.search(rf'<form method="post" action="[^"]*/{action}/"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, action
    return found[1]


def _value(form: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', form)
    assert found, name
    return found[1]


def test_every_form_of_the_page_carries_a_version_and_a_key_of_its_own(desk: Client, case: Case) -> None:
    page = desk.get(reverse("register_desk:review", args=[case.pk])).content.decode()
    forms = re.findall(r'<form method="post" action="/beoordelen/[^"]*".*?</form>', page, re.DOTALL)
    keys = [_value(form, "save_id") for form in forms]
    assert len(forms) > 5
    assert len(set(keys)) == len(keys)
    assert {_value(form, "version") for form in forms} == {str(version(case))}


def test_a_question_on_an_older_version_is_sent(desk: Client, case: Case, colleague: User) -> None:
    seen = version(case)
    review.conclude(case_id=case.pk, case_certainty="probable", seen_version=seen, by=colleague)
    assert _post(desk, case, "ask", version=seen, field="", text="Klopt dit?").status_code == 302
    assert Query.objects.get(case=case).messages.get().text == "Klopt dit?"


def test_the_same_answer_of_the_conclusion_asks_and_the_rest_is_saved(
    desk: Client, case: Case, colleague: User
) -> None:
    seen = version(case)
    review.conclude(case_id=case.pk, intent_final="suicide", tox_consistent="yes", seen_version=seen, by=colleague)
    sent = {"intent_final": "undetermined", "case_certainty": "probable", "manner_final": "non_natural"}
    answer = _post(desk, case, "conclude", version=seen, save_id=str(uuid4()), **sent)
    page = answer.content.decode()
    form = _form(page, "conclude")
    assert answer.status_code == 409
    assert "D. de Vries" in form
    assert _value(form, "version") == str(version(case))
    assert re.search(r'name="intent_final" value="undetermined"[^>]* checked', form) or "undetermined" in form
    now = Case.objects.get(pk=case.pk)
    assert (now.causeofdeath_section.intent_final, now.assessment_section.case_certainty) == ("suicide", "probable")
    name = "CauseOfDeath.intent_final"
    chosen = {"version": _value(form, "version"), f"seen.{name}": _value(form, f"seen.{name}"), f"keep.{name}": "mine"}
    assert _post(desk, case, "conclude", **chosen, **sent).status_code == 302
    assert Case.objects.get(pk=case.pk).causeofdeath_section.intent_final == "undetermined"


def test_what_somebody_else_answered_is_shown_and_not_sent_back(desk: Client, case: Case, colleague: User) -> None:
    """The form comes back with what is stored now, so that saving it again changes only what was chosen."""
    seen = version(case)
    review.conclude(case_id=case.pk, intent_final="suicide", case_certainty="probable", seen_version=seen, by=colleague)
    sent = {"intent_final": "undetermined", "case_certainty": "certain"}
    form = _form(_post(desk, case, "conclude", version=seen, **sent).content.decode(), "conclude")
    assert re.search(r'name="case_certainty" value="probable"[^>]* checked', form)
    assert Case.objects.get(pk=case.pk).assessment_section.case_certainty == "probable"


def test_a_code_is_one_decision_of_which_nothing_is_stored_before_the_choice(
    desk: Client, case: Case, colleague: User
) -> None:
    seen = version(case)
    review.code(case_id=case.pk, ucod="X44", t_codes=["T40.5"], override_reason="CBS", seen_version=seen, by=colleague)
    before = version(case)
    sent = {"ucod": "X62", "t_codes": "T40.5", "override_reason": "Brief gevonden"}
    answer = _post(desk, case, "code", version=seen, **sent)
    form = _form(answer.content.decode(), "code")
    assert answer.status_code == 409
    assert 'value="X62"' in form and "X44" in form
    assert version(case) == before
    choice = {f"keep.CauseOfDeath.{name}": "mine" for name in ("icd10_ucod", "icd10_override_reason")}
    assert _post(desk, case, "code", version=_value(form, "version"), **choice, **sent).status_code == 302
    assert Case.objects.get(pk=case.pk).causeofdeath_section.icd10_ucod == "X62"


def test_a_row_asks_at_its_own_form(desk: Client, case: Case, colleague: User) -> None:
    row, seen = SubstanceFinding.objects.get(case=case), version(case)
    raw = {"certainty": "probable"}
    substances.change_finding(
        case_id=case.pk, row_id=row.pk, raw=raw, reason="Herzien na overleg", seen_version=seen, by=colleague
    )
    sent = {"row": str(row.pk), "certainty": "possible", "reason": "Nieuw rapport"}
    answer = _post(desk, case, "finding", version=seen, **sent)
    form = _form(answer.content.decode(), "finding")
    assert answer.status_code == 409
    assert _value(form, f"seen.SubstanceFinding.certainty@{row.pk}") == str(seen)
    assert "Nieuw rapport" in form
    row.refresh_from_db()
    assert row.certainty == "probable"


def test_a_step_sent_twice_is_taken_once(desk: Client, case: Case) -> None:
    form = {"version": version(case), "save_id": str(uuid4()), "field": "", "text": "Klopt dit?"}
    first, again = (_post(desk, case, "ask", **form) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert Query.objects.get(case=case).messages.count() == 1
