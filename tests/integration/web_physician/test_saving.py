"""Saving while somebody types: what is stored, what is told, and which status says what."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import intake, moves, queries, substances
from register.models import Case, Save, User
from tests import factories
from tests.integration.web_physician.conftest import Draft, events, fresh, version

pytestmark = pytest.mark.django_db


def _save(desk: Client, case: Case, page: str = "overledene", seen: Any = None, **answers: Any) -> Any:
    headers = {"If-Match": f'"{case.row_version if seen is None else seen}"'}
    data = {"save_id": str(uuid4()), **{name.replace("__", "."): value for name, value in answers.items()}}
    return desk.post(reverse("physician:save", args=[case.pk, page]), data, headers=headers)


def test_the_answers_that_changed_are_saved_and_the_new_version_is_told(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    answer = _save(desk, case, sex="female")
    body = answer.json()
    assert (answer.status_code, answer["ETag"]) == (200, f'"{version(case)}"')
    assert (body["saved"], body["problems"], body["conflicts"]) == (["sex"], {}, {})
    assert body["sentence"] == f"Opgeslagen om {body['at']}"
    assert answer["Cache-Control"] == "no-store"
    assert fresh(case).decedent_section.sex == "female"
    assert [event.objects for event in events("case.update")][-1] == [case.pk]


def test_the_sentence_is_english_for_who_reads_english(desk: Client, physician: User, draft: Draft) -> None:
    User.objects.filter(pk=physician.pk).update(language="en")
    case = draft(filled=True)
    body = _save(desk, case, sex="female").json()
    assert body["sentence"] == f"Saved at {body['at']}"


def test_the_same_field_asks_and_the_other_fields_are_saved(desk: Client, draft: Draft, physician: User) -> None:
    case = draft(filled=True)
    intake.save_page(
        case_id=case.pk, page="overledene", raw={"age_years": "43"}, seen_version=case.row_version, by=physician
    )
    answer = _save(desk, case, age_years="44", sex="female")
    body = answer.json()
    assert (answer.status_code, answer["ETag"]) == (412, f'"{version(case)}"')
    conflict = body["conflicts"]["age_years"]
    assert (conflict["mine"], conflict["theirs"], conflict["by"]) == ("44", "43", physician.display_name)
    assert conflict["at"]
    assert body["saved"] == ["sex"]
    stored = fresh(case).decedent_section
    assert (stored.age_years, stored.sex) == (43, "female")
    chosen = _save(desk, fresh(case), age_years="44")
    assert chosen.status_code == 200
    assert fresh(case).decedent_section.age_years == 44


def test_who_saves_another_field_is_told_the_answer_of_somebody_else(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft(filled=True)
    intake.save_page(
        case_id=case.pk, page="overledene", raw={"age_years": "43"}, seen_version=case.row_version, by=physician
    )
    answer = _save(desk, case, sex="female")
    assert answer.status_code == 200
    assert answer.json()["changed"] == {"age_years": {"age_years": ["43"]}}


def test_an_answer_that_cannot_be_read_drops_no_other(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    answer = _save(desk, case, age_years="oud", sex="female")
    assert answer.status_code == 200
    assert set(answer.json()["problems"]) == {"age_years"}
    stored = fresh(case).decedent_section
    assert (stored.age_years, stored.sex) == (None, "female")


def test_one_row_is_saved_and_another_keeps_its_answer(desk: Client, ready: Draft, physician: User) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    substances.add_suspicion(case_id=case.pk, reported_as="coke", seen_version=version(case), by=physician)
    answer = _save(desk, case, "middelen", **{f"suspicion__{row.pk}__route": "nasal"})
    assert answer.status_code == 200
    assert answer.json()["saved"] == [f"suspicion.{row.pk}.route"]
    substances.change_suspicion(
        case_id=case.pk, row_id=row.pk, raw={"route": "oral"}, seen_version=version(case), by=physician
    )
    told = _save(desk, case, "middelen", **{f"suspicion__{row.pk}__route": "smoked"})
    assert told.status_code == 412
    assert set(told.json()["conflicts"]) == {f"suspicion.{row.pk}.route"}
    row.refresh_from_db()
    assert row.route == "oral"


def test_the_same_save_twice_changes_once_and_answers_the_same(desk: Client, draft: Draft, physician: User) -> None:
    case = draft(filled=True)
    key = str(uuid4())
    first = _save(desk, case, save_id=key, sex="female")
    intake.save_page(case_id=case.pk, page="overledene", raw={"sex": "male"}, seen_version=version(case), by=physician)
    before = version(case)
    again = _save(desk, case, save_id=key, sex="female")
    assert (again.status_code, again["ETag"]) == (200, first["ETag"])
    assert again.json()["at"] == first.json()["at"]
    assert (version(case), fresh(case).decedent_section.sex) == (before, "male")
    assert Save.objects.get(pk=key).object_id == case.pk


def test_the_same_key_for_another_save_is_refused(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    key = str(uuid4())
    _save(desk, case, save_id=key, sex="female")
    assert _save(desk, case, save_id=key, sex="male").status_code == 400
    assert _save(desk, case, save_id="geen sleutel", sex="male").status_code == 400
    assert fresh(case).decedent_section.sex == "female"


@pytest.mark.parametrize(
    ("headers", "data", "status"),
    [
        ({}, {"sex": "female"}, 428),
        ({"If-Match": '"1"'}, {"sex": "female", "save_id": None}, 422),
        ({"If-Match": '"1"'}, {"sex": "female", "is_superuser": "1"}, 422),
        ({"If-Match": '"1"'}, {"status": "closed"}, 422),
        ({"If-Match": '"1"'}, {"sex": "female", "version": "2"}, 422),
        ({"If-Match": '"1"'}, {"suspicion.geen.route": "oral"}, 422),
        ({"If-Match": '"999"'}, {"sex": "female"}, 412),
        ({"If-Match": '"0"'}, {"sex": "female"}, 412),
        ({"If-Match": "*"}, {"sex": "female"}, 412),
        ({"If-Match": 'W/"1"'}, {"sex": "female"}, 412),
        ({"If-Match": "1"}, {"sex": "female"}, 412),
        ({"If-Match": '"²"'.encode().decode("latin-1")}, {"sex": "female"}, 412),
    ],
)
def test_what_is_not_a_save_of_this_page_changes_nothing(
    desk: Client, draft: Draft, headers: dict[str, str], data: dict[str, Any], status: int
) -> None:
    case = draft(filled=True)
    sent = {name: text for name, text in {"save_id": str(uuid4()), **data}.items() if text is not None}
    answer = desk.post(reverse("physician:save", args=[case.pk, "overledene"]), sent, headers=headers)
    assert answer.status_code == status
    assert answer.json()["sentence"]
    assert version(case) == case.row_version
    assert not Save.objects.exists()


def test_nobody_signed_in_is_told_so_without_a_page_to_sign_in(client: Client, draft: Draft) -> None:
    answer = _save(client, draft(filled=True), sex="female")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/json"


def test_a_look_at_the_address_is_405(desk: Client, draft: Draft) -> None:
    answer = desk.get(reverse("physician:save", args=[draft().pk, "overledene"]))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_withdrawn_a_closed_and_a_submitted_case_say_what_they_are(
    desk: Client, draft: Draft, submitted: Draft, physician: User, reviewer: User
) -> None:
    withdrawn = draft(filled=True)
    moves.withdraw(case_id=withdrawn.pk, reason="Vergissing", seen_version=version(withdrawn), by=physician)
    assert _save(desk, fresh(withdrawn), sex="female").status_code == 410
    closed = factories.closed(physician, reviewer)
    assert _save(desk, closed, sex="female").status_code == 423
    handed_in = submitted()
    answer = _save(desk, handed_in, sex="female")
    assert (answer.status_code, bool(answer.json()["sentence"])) == (403, True)
    assert events("authz.denied", "denied")


def test_a_case_of_another_region_is_not_found(other_desk: Client, submitted: Draft) -> None:
    assert _save(other_desk, submitted(), sex="female").status_code == 404
    assert events("authz.denied", "denied")


def test_a_case_with_a_question_out_changes_with_a_reason(
    desk: Client, submitted: Draft, physician: User, reviewer: User
) -> None:
    case = submitted()
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="", text="Klopt de leeftijd?", seen_version=version(case), by=reviewer)
    case = fresh(case)
    without = _save(desk, case, age_years="35")
    assert without.status_code == 422
    assert "reason" in without.json()["problems"]
    assert _save(desk, case, age_years="35", reason="Nagekeken in het dossier").status_code == 200
    assert fresh(case).decedent_section.age_years == 35
