"""Two windows on one page: the form carries what it showed, and the person chooses where both answered."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import intake, moves, queries, rows, substances
from register.models import Case, KnownUse, User
from tests.integration.web_physician.conftest import Draft, fresh, version
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def _section(case: Case, page: str) -> str:
    return reverse("physician:section", args=[case.pk, page])


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def _save(case: Case, by: User, page: str, **raw: str) -> None:
    intake.save_page(case_id=case.pk, page=page, raw=raw, seen_version=version(case), by=by)


def _asked(desk: Client, case: Case, physician: User) -> tuple[str, dict[str, Any]]:
    """A page on which the person must choose their age, and the form as it came back."""
    seen = version(case)
    _save(case, physician, "overledene", age_years="43", birth_year="1983")
    answer = desk.post(_section(case, "overledene"), {"sex": "female", "age_years": "44", "version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    form = {"version": _field(page, "version"), "sex": "female", "age_years": _field(page, "age_years")}
    form["seen.Decedent.age_years"] = _field(page, "seen.Decedent.age_years")
    return page, form


def test_every_page_of_a_draft_carries_a_version_and_a_new_key(desk: Client, ready: Draft) -> None:
    case = ready()
    for page in ("overledene", "overlijden", "omstandigheden", "middelen", "toxicologie", "conclusie", "controleren"):
        address = f"/zaken/{case.pk}/{page}/"
        keys = {_field(desk.get(address).content.decode(), "save_id") for _ in range(2)}
        assert len(keys) == 2
        assert _field(desk.get(address).content.decode(), "version") == str(version(case))


def test_who_does_not_choose_is_asked_again_and_what_else_was_typed_is_saved(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft(filled=True)
    _, form = _asked(desk, case, physician)
    answer = desk.post(_section(case, "overledene"), {**form, "sex": "male"})
    assert answer.status_code == 409
    stored = fresh(case).decedent_section
    assert (stored.age_years, stored.sex, stored.birth_year) == (43, "male", 1983)


@pytest.mark.parametrize(("choice", "age"), [("mine", 44), ("theirs", 43)])
def test_the_answer_that_is_chosen_stands(desk: Client, draft: Draft, physician: User, choice: str, age: int) -> None:
    case = draft(filled=True)
    _, form = _asked(desk, case, physician)
    answer = desk.post(_section(case, "overledene"), {**form, "keep.Decedent.age_years": choice})
    assert answer.status_code == 302
    assert fresh(case).decedent_section.age_years == age


def test_a_choice_stands_also_when_another_answer_cannot_be_read(desk: Client, draft: Draft, physician: User) -> None:
    case = draft(filled=True)
    _, form = _asked(desk, case, physician)
    answer = desk.post(_section(case, "overledene"), {**form, "birth_year": "oud", "keep.Decedent.age_years": "theirs"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert _field(page, "age_years") == str(fresh(case).decedent_section.age_years) == "43"
    assert _field(page, "version") == str(version(case))


def test_a_page_with_a_mistake_stores_the_rest_beside_what_somebody_else_answered(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft(filled=True)
    seen = version(case)
    _save(case, physician, "overledene", birth_year="1983")
    answer = desk.post(_section(case, "overledene"), {"sex": "female", "age_years": "oud", "version": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert _field(page, "version") == str(version(case))
    assert _field(page, "birth_year") == "1983"
    assert _field(page, "age_years") == "oud"
    stored = fresh(case).decedent_section
    assert (stored.sex, stored.birth_year, stored.age_years) == ("female", 1983, None)


def test_rows_are_joined_and_the_same_answer_of_the_same_row_asks(desk: Client, ready: Draft, physician: User) -> None:
    case = ready()
    row, seen = case.suspectedsubstance_rows.get(), version(case)
    substances.change_suspicion(case_id=case.pk, row_id=row.pk, raw={"route": "oral"}, seen_version=seen, by=physician)
    form = {"version": seen, "do": "next", f"suspicion.{row.pk}.evidence": ["scene", "witness"]}
    answer = desk.post(_section(case, "middelen"), {**form, f"suspicion.{row.pk}.route": "nasal"})
    page = answer.content.decode()
    assert answer.status_code == 409
    row.refresh_from_db()
    assert (row.route, row.evidence) == ("oral", ["scene", "witness"])
    name = f"SuspectedSubstance.route@{row.pk}"
    assert '<option value="nasal" selected>' in page
    chosen = {**form, "version": _field(page, "version"), f"seen.{name}": seen, f"keep.{name}": "mine"}
    assert desk.post(_section(case, "middelen"), {**chosen, f"suspicion.{row.pk}.route": "nasal"}).status_code == 302
    row.refresh_from_db()
    assert row.route == "nasal"


def test_a_row_that_was_filled_in_waits_on_the_page_while_the_person_chooses(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft(filled=True)
    seen = version(case)
    _save(case, physician, "omstandigheden", used_alone="yes")
    form = {"used_alone_missing": "UNK", "known_use.new.group": "cocaine", "version": seen}
    answer = desk.post(_section(case, "omstandigheden"), form)
    assert answer.status_code == 409
    assert not KnownUse.objects.filter(case=case).exists()
    assert re.search(r'<option value="cocaine" selected', answer.content.decode())


def test_what_was_typed_in_a_row_that_is_gone_is_told(desk: Client, draft: Draft, physician: User) -> None:
    case = draft(filled=True)
    act: dict[str, Any] = {"case_id": case.pk, "kind": "known_use", "by": physician}
    case = rows.add_row(raw={"group": "cocaine"}, seen_version=version(case), **act)
    row, seen = KnownUse.objects.get(case=case), version(case)
    rows.remove_row(row_id=row.pk, seen_version=seen, **act)
    form = {f"known_use.{row.pk}.group": "cocaine", f"known_use.{row.pk}.user_type": "former", "version": seen}
    answer = desk.post(_section(case, "omstandigheden"), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{physician.display_name} heeft deze regel" in page
    assert "former" in page or "Vroeger" in page


def test_a_row_that_somebody_changed_is_not_removed_with_the_page(desk: Client, draft: Draft, physician: User) -> None:
    case = draft(filled=True)
    act: dict[str, Any] = {"case_id": case.pk, "kind": "known_use", "by": physician}
    case = rows.add_row(raw={"group": "cocaine"}, seen_version=version(case), **act)
    row, seen = KnownUse.objects.get(case=case), version(case)
    rows.change_row(row_id=row.pk, raw={"user_type": "former"}, seen_version=seen, **act)
    form = {"do": f"remove:known_use:{row.pk}", f"known_use.{row.pk}.group": "cocaine", "version": seen}
    assert desk.post(_section(case, "omstandigheden"), form).status_code == 409
    assert KnownUse.objects.filter(case=case).count() == 1
    form["version"] = version(case)
    form[f"known_use.{row.pk}.user_type"] = "former"
    assert desk.post(_section(case, "omstandigheden"), form).status_code == 302
    assert not KnownUse.objects.filter(case=case).exists()


def test_an_answer_to_a_question_waits_for_the_choice(
    desk: Client, submitted: Draft, physician: User, reviewer: User
) -> None:
    case = submitted()
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="Decedent.age_years", text="Klopt dit?", seen_version=version(case), by=reviewer)
    seen = version(case)
    intake.save_page(
        case_id=case.pk,
        page="overledene",
        raw={"age_years": "43"},
        seen_version=seen,
        by=physician,
        reason="Nagekeken in het dossier",
    )
    address = reverse("physician:question", args=[case.pk, case.query_rows.get().pk])
    form = {"age_years": "44", "text": "Dit is de goede leeftijd.", "version": seen}
    answer = desk.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dit is de goede leeftijd." in page
    assert case.query_rows.get().state == "open"
    name = "Decedent.age_years"
    form |= {"version": _field(page, "version"), f"seen.{name}": str(seen), f"keep.{name}": "mine"}
    assert desk.post(address, form).status_code == 302
    assert fresh(case).decedent_section.age_years == 44
    assert case.query_rows.get().state == "answered"


def test_a_form_sent_twice_changes_once_and_leads_to_the_same_page(desk: Client, ready: Draft) -> None:
    case = ready()
    form = {"version": version(case), "save_id": str(uuid4()), "do": "add:cocaine", "term": "coke"}
    first, again = (desk.post(_section(case, "middelen"), form) for _ in range(2))
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert case.suspectedsubstance_rows.count() == 2


def test_a_new_case_sent_twice_is_one_case(desk: Client) -> None:
    form = {"sex": "male", "save_id": str(uuid4()), "do": "next"}
    first, again = (desk.post(reverse("physician:new"), form) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Case.objects.count() == 1


def test_the_question_to_choose_comes_back_the_same_and_changes_nothing(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft(filled=True)
    seen = version(case)
    _save(case, physician, "overledene", age_years="43")
    form = {"sex": "female", "age_years": "44", "version": seen, "save_id": str(uuid4())}
    first = desk.post(_section(case, "overledene"), form)
    after = version(case)
    again = desk.post(_section(case, "overledene"), form)
    assert (first.status_code, again.status_code) == (409, 409)
    assert _field(again.content.decode(), "version") == _field(first.content.decode(), "version") == str(after)
    assert version(case) == after


def test_the_key_of_a_form_is_not_taken_for_another_form_or_another_person(
    desk: Client, draft: Draft, colleague: User
) -> None:
    case = draft(filled=True)
    form = {"version": version(case), "save_id": str(uuid4()), "sex": "female"}
    desk.post(_section(case, "overledene"), form)
    other = desk.post(_section(case, "overledene"), {**form, "sex": "male"})
    assert other.status_code == 400
    assert "<dd>male</dd>" in other.content.decode()
    stranger = Client()
    sign_in(stranger, colleague)
    assert stranger.post(_section(case, "overledene"), form).status_code == 400
    assert fresh(case).decedent_section.sex == "female"


def test_a_refused_form_shows_what_was_typed(desk: Client, submitted: Draft, reviewer: User) -> None:
    case = submitted()
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="", text="Klopt dit?", seen_version=version(case), by=reviewer)
    query, seen = case.query_rows.get(), version(case)
    queries.answer(query_id=query.pk, text="Ja", seen_version=seen, by=case.reporter)
    queries.close_query(case_id=case.pk, query_id=query.pk, seen_version=version(case), by=reviewer)
    address = reverse("physician:question", args=[case.pk, query.pk])
    answer = desk.post(address, {"text": "Een lang antwoord.", "version": seen})
    assert answer.status_code == 403
    assert "Een lang antwoord." in answer.content.decode()
