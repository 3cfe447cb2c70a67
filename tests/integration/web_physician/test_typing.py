"""What the script of a page asks of the server besides saving: a new case, the last words, the parts to show."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from register.casework import intake, touching
from register.casework.touching import Touched
from register.models import Case, User
from tests.integration.web_physician.conftest import Draft, events, fresh, version
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def _begin(desk: Client, **typed: Any) -> Any:
    return desk.post("/zaken/nieuw/bewaren", {"save_id": str(uuid4()), **typed})


def _type(desk: Client, case: Case, page: str = "overledene", seen: int | None = None, **typed: Any) -> Any:
    headers = {"If-Match": f'"{seen or version(case)}"'}
    return desk.post(
        reverse("physician:save", args=[case.pk, page]), {"save_id": str(uuid4()), **typed}, headers=headers
    )


def test_a_case_begins_with_its_first_change(desk: Client) -> None:
    assert desk.get("/zaken/nieuw").status_code == 200
    assert not Case.objects.exists()
    answer = _begin(desk, sex="male", age_years="3o")
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (201, f"/zaken/{case.pk}/overledene/")
    assert answer["ETag"] == f'"{case.row_version}"'
    assert (answer.json()["number"], answer.json()["kept"]) == (case.case_number, ["age_years"])
    assert case.decedent_section.sex == "male"
    assert [event.objects for event in events("case.create")] == [[case.pk]]


def test_a_case_that_begins_twice_with_one_key_is_one_case(desk: Client) -> None:
    key = str(uuid4())
    first, again = (_begin(desk, save_id=key, sex="male") for _ in range(2))
    assert Case.objects.count() == 1
    assert (again.status_code, again["Location"], again["ETag"]) == (201, first["Location"], first["ETag"])


def test_the_last_words_of_a_page_that_never_heard_of_its_case_stand_in_that_case(desk: Client) -> None:
    page, first = str(uuid4()), str(uuid4())
    _begin(desk, begins=page, save_id=first, sex="male", age_years="3")
    last = _begin(desk, begins=page, after=first, sex="male", age_years="34", housing="own_rent")
    case = Case.objects.get()
    assert (last.status_code, last["Location"]) == (201, f"/zaken/{case.pk}/overledene/")
    assert (case.decedent_section.age_years, case.decedent_section.housing) == (34, "own_rent")


def test_last_words_that_come_before_the_first_are_not_overwritten_by_it(desk: Client) -> None:
    page, first = str(uuid4()), str(uuid4())
    _begin(desk, begins=page, after=first, sex="male", age_years="34")
    late = _begin(desk, begins=page, save_id=first, sex="male", age_years="3")
    assert (late.status_code, Case.objects.get().decedent_section.age_years) == (412, 34)


def test_nobody_types_in_a_case_that_another_page_began(desk: Client, colleague: User) -> None:
    page = str(uuid4())
    _begin(desk, begins=page, sex="male")
    other = Client()
    sign_in(other, colleague)
    assert _begin(other, begins=page, sex="female").status_code == 422
    assert Case.objects.get().decedent_section.sex == "male"


def test_a_case_does_not_begin_without_a_key_or_with_what_no_page_sends(desk: Client) -> None:
    assert desk.post("/zaken/nieuw/bewaren", {"sex": "male"}).status_code == 422
    assert _begin(desk, status="closed").status_code == 422
    assert not Case.objects.exists()


def test_what_one_person_typed_is_not_saved_by_another(desk: Client, draft: Draft, colleague: User) -> None:
    answer = _begin(desk, sex="male", person=str(colleague.pk))
    assert (answer.status_code, Case.objects.count()) == (403, 0)
    assert "een ander aangemeld" in answer.json()["sentence"]
    case = draft()
    assert _type(desk, case, sex="male", person=str(colleague.pk)).status_code == 403
    assert fresh(case).decedent_section.sex is None
    assert [event.detail for event in events("authz.denied", "denied")] == ["other_person"] * 2


def test_nobody_signed_in_hears_so_from_a_page_of_a_new_case(client: Client) -> None:
    assert _begin(client, sex="male").status_code == 401


def test_the_last_words_of_a_page_follow_the_save_that_is_on_its_way(desk: Client, draft: Draft) -> None:
    case = draft()
    before, key = version(case), str(uuid4())
    _type(desk, case, save_id=key, seen=before, age_years="3")
    assert _type(desk, case, seen=before, age_years="34").status_code == 412
    last = _type(desk, case, seen=before, age_years="34", after=key)
    assert (last.status_code, fresh(case).decedent_section.age_years) == (200, 34)


def test_the_last_words_do_not_overwrite_what_somebody_else_said_in_between(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft()
    before, key = version(case), str(uuid4())
    intake.save_page(case_id=case.pk, page="overledene", raw={"age_years": "50"}, seen_version=before, by=physician)
    _type(desk, case, save_id=key, seen=before, sex="male")
    assert _type(desk, case, seen=before, age_years="34", after=key).status_code == 412
    assert fresh(case).decedent_section.age_years == 50


@pytest.mark.parametrize("after", ["geen sleutel", "00000000-0000-4000-8000-00000000dead"])
def test_a_save_that_nobody_knows_changes_nothing_about_the_last_words(desk: Client, draft: Draft, after: str) -> None:
    assert _type(desk, draft(), age_years="34", after=after).status_code == 200


@pytest.mark.parametrize(
    ("page", "name", "touched"),
    [
        ("overledene", "age_years", Touched("overledene", "Decedent.age_years")),
        ("overledene", "sex_missing", Touched("overledene", "Decedent.sex")),
        ("overlijden", "date_of_death_year", Touched("overlijden", "Death.date_of_death")),
        ("omstandigheden", "naloxone.new.doses", Touched("omstandigheden", "NaloxoneGiven.doses", "new")),
        ("overledene", "something_else", Touched("overledene")),
        ("overledene", "", Touched("overledene")),
    ],
)
def test_the_draft_remembers_the_question_where_somebody_stopped(
    desk: Client, draft: Draft, page: str, name: str, touched: Touched
) -> None:
    case = draft()
    answer = {"overledene": {"work": "unknown_code"}, "overlijden": {"pmi_hours": "3"}}.get(page, {"used_alone": "no"})
    _type(desk, case, page, touched=name, **answer)
    assert touching.last(fresh(case)) == touched


def test_a_conflict_brings_both_answers_and_the_buttons_to_choose(desk: Client, draft: Draft, physician: User) -> None:
    case = draft(filled=True)
    raw = {"age_years": "43"}
    intake.save_page(case_id=case.pk, page="overledene", raw=raw, seen_version=case.row_version, by=physician)
    body = _type(desk, case, seen=case.row_version, age_years="44").json()
    assert body["conflicts"]["age_years"]["values"] == {"age_years": ["43"]}
    panel = body["regions"]["verschil"]
    assert 'data-keep="mine" data-field="age_years">Uw antwoord: 44' in panel
    assert f"{physician.display_name}" in panel
    assert ": 43</button>" in panel


def test_a_warning_comes_with_the_answer_and_goes_with_its_cause(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    body = _type(desk, case, "omstandigheden", narrative="Bel de buurman op 06-12345678.").json()
    assert body["warnings"]
    assert escape(body["warnings"][0]["sentence"]) in body["regions"]["waarschuwing"]
    assert _type(desk, case, "omstandigheden", narrative="Geen").json()["regions"]["waarschuwing"] == ""


def test_a_page_of_a_draft_says_where_its_script_saves_and_another_page_nowhere(
    desk: Client, draft: Draft, submitted: Draft, reviewer: User
) -> None:
    case = draft()
    assert (
        f'data-save="/zaken/{case.pk}/overledene/bewaren"' in desk.get(f"/zaken/{case.pk}/overledene/").content.decode()
    )
    assert 'data-begin="/zaken/nieuw/bewaren"' in desk.get("/zaken/nieuw").content.decode()
    sign_in(desk, reviewer)
    assert "data-save" not in desk.get(f"/zaken/{submitted().pk}/overledene/").content.decode()
