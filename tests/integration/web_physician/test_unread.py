"""What is typed in a draft and is no answer: kept as it was typed, shown again, in the way of handing in."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import moves, rows
from register.casework.errors import RefusedError
from register.models import Case, UnreadAnswer, User
from register.web.physician.sections import CHECKING
from tests.integration.web_physician.conftest import Draft, fresh, version

pytestmark = pytest.mark.django_db


def _type(desk: Client, case: Case, page: str = "overledene", **typed: Any) -> Any:
    """What the script of a page sends; in a name ``__`` stands for a dot."""
    data = {"save_id": str(uuid4()), **{name.replace("__", "."): value for name, value in typed.items()}}
    return desk.post(reverse("physician:save", args=[case.pk, page]), data, headers={"If-Match": f'"{version(case)}"'})


def _page(desk: Client, case: Case, page: str) -> str:
    return desk.get(f"/zaken/{case.pk}/{page}/").content.decode()


def _kept(case: Case) -> list[tuple[str, str]]:
    return [(held.field, held.row) for held in UnreadAnswer.objects.filter(case=case).order_by("id")]


def test_an_answer_that_cannot_be_read_is_kept_as_typed_and_shown_again(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    body = _type(desk, case, age_years="3o", sex="female").json()
    assert (body["saved"], body["kept"], set(body["problems"])) == (["sex"], ["age_years"], {"age_years"})
    assert 'id="f-age_years-e"' in body["regions"]["problems"]["f-age_years"]
    stored = fresh(case).decedent_section
    assert (stored.age_years, stored.sex) == (None, "female")
    page = _page(desk, case, "overledene")
    assert 'value="3o"' in page
    assert body["problems"]["age_years"].replace("'", "&#x27;") in page
    assert '<div class="errors"' not in page


def test_what_is_kept_leaves_with_a_readable_answer(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    _type(desk, case, age_years="3o")
    assert _type(desk, case, age_years="35").json()["saved"] == ["age_years"]
    assert (_kept(case), fresh(case).decedent_section.age_years) == ([], 35)


def test_what_is_kept_leaves_when_the_box_is_emptied(desk: Client, draft: Draft) -> None:
    case = draft()
    _type(desk, case, age_years="3o")
    _type(desk, case, age_years="")
    assert _kept(case) == []


def test_saving_the_page_with_its_button_takes_the_place_of_what_is_kept(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    _type(desk, case, age_years="3o")
    answer = desk.post(f"/zaken/{case.pk}/overledene/", {"age_years": "35", "version": version(case)})
    assert (answer.status_code, _kept(case)) == (302, [])


def test_an_answer_that_another_answer_made_impossible_is_mended_by_the_other(desk: Client, draft: Draft) -> None:
    case = draft()
    seen = {"last_seen_alive_day": "21", "last_seen_alive_month": "10", "last_seen_alive_year": "2026"}
    found = {"found_at_day": "20", "found_at_month": "10", "found_at_year": "2026"}
    _type(desk, case, "overlijden", **seen, last_seen_alive_time="12:00")
    assert _type(desk, case, "overlijden", **found, found_at_time="12:00").json()["kept"] == ["found_at"]
    body = _type(desk, case, "overlijden", **{**seen, "last_seen_alive_day": "19"}, last_seen_alive_time="12:00").json()
    assert (body["problems"], _kept(case)) == ({}, [])
    assert fresh(case).death_section.found_at.day == 20


def test_a_draft_that_holds_something_unread_is_not_handed_in(desk: Client, ready: Draft, physician: User) -> None:
    case = ready()
    _type(desk, case, age_months="x")
    with pytest.raises(RefusedError) as refused:
        moves.submit(case_id=case.pk, seen_version=version(case), by=physician)
    assert [obstacle.field for obstacle in refused.value.obstacles] == ["Decedent.age_months"]
    answer = desk.post(f"/zaken/{case.pk}/controleren/", {"version": version(case)})
    assert answer.status_code == 422
    assert f'href="/zaken/{case.pk}/overledene/{CHECKING}#f-age_months"' in answer.content.decode()


def test_what_cannot_be_read_is_told_once_and_never_called_empty(desk: Client, draft: Draft) -> None:
    case = draft()
    _type(desk, case, age_years="3o")
    page = unescape(desk.post(f"/zaken/{case.pk}/controleren/", {"version": version(case)}).content.decode())
    sentence = "Vul een leeftijd in als heel getal, zoals 34, of kies 'Onbekend'."
    assert page.count(f"Leeftijd (jaren): {sentence}") == 1
    assert "Vul 'Leeftijd (jaren)' in" not in page
    assert re.search(rf"<dt>Leeftijd \(jaren\)</dt><dd><span class=.missing.>{re.escape(sentence)}", page)


def test_what_cannot_be_read_in_a_row_is_kept_in_that_row(desk: Client, draft: Draft, physician: User) -> None:
    case = draft()
    raw = {"given_by": "ambulance", "doses": "2"}
    made = rows.add_row(case_id=case.pk, kind="naloxone", raw=raw, seen_version=version(case), by=physician)
    row = made.naloxonegiven_rows.get()
    body = _type(desk, case, "omstandigheden", **{f"naloxone__{row.pk}__doses": "veel"}).json()
    assert body["kept"] == [f"naloxone.{row.pk}.doses"]
    assert 'value="veel"' in _page(desk, case, "omstandigheden")
    _type(desk, case, "omstandigheden", **{f"naloxone__{row.pk}__doses": "3"})
    row.refresh_from_db()
    assert (_kept(case), row.doses) == ([], 3)
    _type(desk, case, "omstandigheden", **{f"naloxone__{row.pk}__doses": "veel"})
    rows.remove_row(case_id=case.pk, kind="naloxone", row_id=row.pk, seen_version=version(case), by=physician)
    assert _kept(case) == []


def test_a_row_that_was_not_added_yet_is_kept_and_asked_about(desk: Client, ready: Draft, physician: User) -> None:
    case = ready()
    body = _type(desk, case, "omstandigheden", naloxone__new__given_by="police", naloxone__new__doses="2").json()
    assert sorted(body["kept"]) == ["naloxone.new.doses", "naloxone.new.given_by"]
    page = _page(desk, case, "omstandigheden")
    assert re.search(r'value="police"[^>]* (selected|checked)', page)
    assert 'name="naloxone.new.doses" value="2"' in page
    obstacles = moves.obstacles_to(case=fresh(case), move="submit", by=physician)
    assert [obstacle.page for obstacle in obstacles] == ["omstandigheden"]
    form = {"naloxone.new.given_by": "police", "naloxone.new.doses": "2", "version": version(case)}
    assert desk.post(f"/zaken/{case.pk}/omstandigheden/", form).status_code == 302
    assert (_kept(case), case.naloxonegiven_rows.count()) == ([], 1)


def test_a_request_for_toxicology_is_kept_until_the_page_is_saved(desk: Client, draft: Draft) -> None:
    case = draft()
    _type(desk, case, "toxicologie", asked="yes", lab="nfi", matrix="blood_femoral")
    page = _page(desk, case, "toxicologie")
    assert 'name="asked" value="yes" id="f-asked" checked' in page
    assert '<option value="blood_femoral" selected>' in page
    assert case.toxrequest_rows.count() == 0
    form = {"asked": "yes", "lab": "nfi", "matrix": "blood_femoral", "do": "next", "version": version(case)}
    assert desk.post(f"/zaken/{case.pk}/toxicologie/", form).status_code == 302
    assert (_kept(case), case.toxrequest_rows.count()) == ([], 1)


@pytest.mark.parametrize("typed", ["\x00", "x" * 30_000])
def test_what_no_database_stores_or_nobody_typed_is_not_kept(desk: Client, draft: Draft, typed: str) -> None:
    case = draft()
    body = _type(desk, case, age_years=typed).json()
    assert (set(body["problems"]), body["kept"], _kept(case)) == ({"age_years"}, [], [])


def test_a_case_that_was_handed_in_keeps_its_answer(desk: Client, submitted: Draft, reviewer: User) -> None:
    from register.casework import queries

    case = submitted()
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="", text="Klopt de leeftijd?", seen_version=version(case), by=reviewer)
    body = _type(desk, case, age_years="3o", reason="Nagekeken in het dossier").json()
    assert (set(body["problems"]), body["kept"], _kept(case)) == ({"age_years"}, [], [])
    assert fresh(case).decedent_section.age_years == 34


def test_who_typed_it_is_in_the_history_and_nobody_of_another_region_reads_it(
    desk: Client, other_desk: Client, draft: Draft, physician: User
) -> None:
    case = draft()
    _type(desk, case, age_years="3o")
    held = UnreadAnswer.objects.get(case=case)
    assert held.history.get().history_user == physician
    assert other_desk.get(f"/zaken/{case.pk}/overledene/").status_code == 404


def test_without_a_script_a_page_with_a_mistake_stores_the_rest_and_comes_back(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    sent = {"sex": "female", "age_years": "3o", "save_id": str(uuid4()), "version": version(case)}
    answer = desk.post(f"/zaken/{case.pk}/overledene/", sent)
    again = desk.post(f"/zaken/{case.pk}/overledene/", sent)
    assert (answer.status_code, again.status_code) == (422, 422)
    stored = fresh(case).decedent_section
    assert (stored.sex, stored.age_years, _kept(case)) == ("female", None, [("Decedent.age_years", "")])
    page = answer.content.decode()
    assert 'value="3o"' in page
    assert '<a href="#f-age_years">' in page
    shown = re.search(r'name="version" value="(\d+)"', page)
    assert shown
    mended = desk.post(
        f"/zaken/{case.pk}/overledene/", {**sent, "age_years": "30", "save_id": str(uuid4()), "version": shown[1]}
    )
    assert (mended.status_code, fresh(case).decedent_section.age_years, _kept(case)) == (302, 30, [])


def test_a_case_begins_also_with_a_mistake_on_its_first_page(desk: Client) -> None:
    answer = desk.post("/zaken/nieuw", {"sex": "male", "age_years": "3o", "save_id": str(uuid4())}, follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/zaken/{case.pk}/overledene/?fouten=1", 302)]
    assert (case.decedent_section.sex, _kept(case)) == ("male", [("Decedent.age_years", "")])
    assert '<a href="#f-age_years">' in answer.content.decode()


def test_a_mistake_in_a_row_drops_no_other_row_and_no_answer(desk: Client, draft: Draft, physician: User) -> None:
    case = draft(filled=True)
    raw = {"given_by": "ambulance", "doses": "2"}
    made = rows.add_row(case_id=case.pk, kind="naloxone", raw=raw, seen_version=version(case), by=physician)
    row = made.naloxonegiven_rows.get()
    sent = {
        "used_alone": "yes",
        f"naloxone.{row.pk}.given_by": "police",
        f"naloxone.{row.pk}.doses": "veel",
        "naloxone.new.given_by": "hospital",
        "naloxone.new.doses": "1",
        "known_use.new.group": "",
        "known_use.new.user_type": "regular",
        "version": version(case),
    }
    answer = desk.post(f"/zaken/{case.pk}/omstandigheden/", sent)
    page = answer.content.decode()
    row.refresh_from_db()
    assert answer.status_code == 422
    assert (fresh(case).circumstances_section.used_alone, row.given_by, row.doses) == ("yes", "police", None)
    assert [one.given_by for one in case.naloxonegiven_rows.order_by("id")].count("hospital") == 1
    assert sorted(_kept(case)) == [("KnownUse.user_type", "new"), ("NaloxoneGiven.doses", str(row.pk))]
    assert 'value="veel"' in page
    assert 'name="naloxone.new.doses" value=""' in page
    assert f'<a href="#naloxone-{row.pk}-doses">' in page
    assert '<a href="#known_use-new-group">' in page


def test_without_a_script_what_is_kept_of_a_row_goes_when_it_is_emptied(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    address = f"/zaken/{case.pk}/omstandigheden/"
    assert desk.post(address, {"naloxone.new.doses": "x", "version": version(case)}).status_code == 422
    assert _kept(case) == [("NaloxoneGiven.doses", "new")]
    assert desk.post(address, {"naloxone.new.doses": "", "version": version(case)}).status_code == 302
    assert _kept(case) == []


def test_a_request_that_cannot_be_recorded_is_kept_and_the_documents_stand(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    sent = {
        "asked": "yes",
        "lab": "nfi",
        "requested_on_day": "42",
        "document.new.kind": "police",
        "document.new.state": "requested",
        "version": version(case),
    }
    answer = desk.post(f"/zaken/{case.pk}/toxicologie/", sent)
    assert answer.status_code == 422
    assert (case.toxrequest_rows.count(), case.sourcedocument_rows.count()) == (0, 1)
    assert ("ToxRequest.requested_on", "") in _kept(case)
    assert 'value="42"' in _page(desk, case, "toxicologie")
