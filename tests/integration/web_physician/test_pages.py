"""The pages with one answer to each question: saving, refusing with everything kept, conflicts and warnings."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.audit import acting_as
from register.casework import intake
from register.models import Case, Query, User
from register.quality import dictionary
from register.web.physician.pages import NOT_IN_A_FORM, PAGES
from tests.integration.web_physician.conftest import Draft, events, fresh, version
from tests.signing_in import sign_in


def section(case: Case, page: str) -> str:
    return reverse("physician:section", args=[case.pk, page])


def test_a_case_begins_at_the_first_save_and_not_before(desk: Client) -> None:
    desk.get("/zaken/nieuw")
    assert Case.objects.count() == 0
    answer = desk.post("/zaken/nieuw", {"sex": "male", "age_years": "34", "do": "next"})
    case = Case.objects.get()
    assert answer.headers["Location"] == section(case, "overlijden")
    assert case.decedent_section.age_years == 34
    assert len(events("case.create")) == 1


def test_a_first_page_that_no_database_can_keep_begins_no_case_and_comes_back(desk: Client) -> None:
    answer = desk.post("/zaken/nieuw", {"sex": "female", "age_years": "3\x00"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert Case.objects.count() == 0
    assert re.search(r'name="sex" value="female"[^>]* checked', page)


@pytest.mark.parametrize(
    ("page", "typed", "field", "sentence"),
    [
        ("overledene", {"age_years": "130"}, "age_years", "120"),
        ("overledene", {"age_years": "-1"}, "age_years", ""),
        ("overledene", {"sex": "unicorn"}, "sex", "staat niet in de lijst"),
        (
            "overlijden",
            {"date_of_death_day": "31", "date_of_death_month": "2", "date_of_death_year": "2026"},
            "date_of_death",
            "bestaat niet",
        ),
        ("overlijden", {"pmi_hours": "\x00"}, "pmi_hours", "onzichtbaar teken"),
        ("conclusie", {"cause_line_a": "x" * 501}, "cause_line_a", "500"),
        ("middelen", {"suspected_none": "maybe"}, "suspected_none", "Kies ja of nee"),
    ],
)
def test_an_answer_that_cannot_be_read_gives_a_sentence_at_its_field(
    desk: Client, draft: Draft, page: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    case = draft()
    answer = desk.post(section(case, page), {**typed, "version": case.row_version})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#f-{field}">' in text
    assert f'id="f-{field}-e"' in text
    assert sentence in text
    assert "<title>Fout: " in text


def test_every_kind_of_answer_comes_back_as_it_was_stored(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    values = {
        "date_of_death_month": "10",
        "date_of_death_year": "2026",
        "last_seen_alive_day": "20",
        "last_seen_alive_month": "10",
        "last_seen_alive_year": "2026",
        "last_seen_alive_time": "23:15",
        "use_abroad": "no",
        "use_municipality": "GM0363",
        "pmi_hours_missing": "UNK",
        "forensic_service": case.forensic_service_id,
    }
    answer = desk.post(section(case, "overlijden"), {**values, "version": version(case), "do": "list"})
    assert answer.headers["Location"] == reverse("physician:case", args=[case.pk])
    page = desk.get(section(case, "overlijden")).content.decode()
    assert re.search(r'name="date_of_death_day" value=""', page)
    assert re.search(r'name="date_of_death_month" value="10"', page)
    assert re.search(r'name="last_seen_alive_time" value="23:15"', page)
    assert re.search(r'name="use_abroad" value="no"[^>]* checked', page)
    assert re.search(r'id="f-use_municipality"(?:(?!</select>)[\s\S])*<option value="GM0363" selected>', page)
    assert re.search(r'id="f-pmi_hours-r"[\s\S]*?<option value="UNK" selected>', page)


def test_saving_a_page_unchanged_changes_no_answer(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    before = case.history.count(), case.death_section.history.count()
    page = desk.get(section(case, "overlijden")).content.decode()
    sent = {name: value for name, value in re.findall(r'name="([\w]+)" value="([^"]*)"', page) if name != "do"}
    chosen = dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked', page))
    radios = set(re.findall(r'type="radio" name="(\w+)"', page))
    picked = re.findall(
        r'<select[^>]* name="(\w+)"[^>]*>(?:(?!</select>)[\s\S])*?<option value="(\w*)" selected>', page
    )
    form = {name: value for name, value in sent.items() if name not in radios} | chosen | dict(picked)
    assert desk.post(section(case, "overlijden"), form).status_code == 302
    assert fresh(case).death_section.history.count() == before[1]


def test_a_reason_takes_the_place_of_an_answer_that_was_there(desk: Client, draft: Draft) -> None:
    case = draft(filled=True)
    form = {"sex": "male", "age_years": "34", "age_years_missing": "UNK", "version": version(case)}
    desk.post(section(case, "overledene"), form)
    stored = fresh(case).decedent_section
    assert (stored.age_years, stored.age_years_missing) == (None, "UNK")


def test_an_answer_takes_the_place_of_a_reason_that_was_there(desk: Client, draft: Draft, physician: User) -> None:
    case = draft()
    intake.save_page(
        case_id=case.pk, page="overledene", raw={"sex_missing": "UNK"}, seen_version=version(case), by=physician
    )
    desk.post(section(case, "overledene"), {"sex": "female", "sex_missing": "UNK", "version": version(case)})
    stored = fresh(case).decedent_section
    assert (stored.sex, stored.sex_missing) == ("female", None)


def test_an_answer_and_a_reason_both_new_are_not_both_taken(desk: Client, draft: Draft) -> None:
    case = draft()
    answer = desk.post(
        section(case, "overledene"), {"age_years": "34", "age_years_missing": "UNK", "version": version(case)}
    )
    assert answer.status_code == 422
    assert "niet allebei" in answer.content.decode()


def test_a_page_saved_elsewhere_shows_both_answers_and_loses_neither(
    desk: Client, draft: Draft, physician: User
) -> None:
    case = draft(filled=True)
    seen = version(case)
    intake.save_page(
        case_id=case.pk,
        page="overledene",
        raw={"age_years": "43", "birth_year": "1983"},
        seen_version=seen,
        by=physician,
    )
    answer = desk.post(section(case, "overledene"), {"sex": "female", "age_years": "44", "version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Uw antwoord: <strong>44</strong>" in page
    assert re.search(rf"{physician.display_name}, [^<]*: <strong>43</strong>", page)
    assert 'name="age_years" value="44"' in page
    assert 'name="birth_year" value="1983"' in page
    assert re.search(r'name="sex" value="female"[^>]* checked', page)
    assert f'name="version" value="{version(case)}"' in page
    stored = fresh(case).decedent_section
    assert (stored.sex, stored.age_years) == ("female", 43)


def test_a_text_that_looks_like_a_phone_number_is_kept_and_warned_about(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {"narrative": "Bel de buurman op 06-12345678.", "version": case.row_version, "do": "next"}
    answer = desk.post(section(case, "omstandigheden"), form)
    assert answer.headers["Location"] == section(case, "omstandigheden") + "#waarschuwing"
    page = desk.get(section(case, "omstandigheden")).content.decode()
    assert 'id="waarschuwing"' in page
    shown = re.search(r'name="shown_warnings" value="([^"]*)"', page)
    assert shown and shown[1]
    again = {**form, "version": version(case), "shown_warnings": shown[1]}
    assert desk.post(section(case, "omstandigheden"), again).headers["Location"] == section(case, "middelen")


def test_a_colleague_of_the_region_does_not_see_a_draft(client: Client, colleague: User, draft: Draft) -> None:
    sign_in(client, colleague)
    assert client.get(section(draft(), "overledene")).status_code == 404


def test_a_physician_elsewhere_can_neither_read_nor_write(other_desk: Client, submitted: Draft) -> None:
    case = submitted()
    for page in PAGES:
        assert other_desk.get(section(case, page.slug)).status_code == 404
        assert other_desk.post(section(case, page.slug), {"version": case.row_version}).status_code == 404
    assert len(events("authz.denied", "denied")) == 2 * len(PAGES)


def test_a_submitted_case_is_read_and_not_written(desk: Client, submitted: Draft) -> None:
    case = submitted()
    page = desk.get(section(case, "overledene")).content.decode()
    assert "Man" in page
    assert "<form" not in page.split("<main")[1]
    answer = desk.post(section(case, "overledene"), {"age_years": "12", "version": case.row_version})
    assert answer.status_code == 403
    assert len(events("authz.denied", "denied")) == 1
    assert fresh(case).decedent_section.age_years == 34


def test_a_page_that_does_not_exist_is_not_found(desk: Client, draft: Draft) -> None:
    assert desk.get(f"/zaken/{draft().pk}/verzinsel/").status_code == 404


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_page_asks_every_question_of_the_dictionary_once(page: object) -> None:
    asked = [spec.key for spec in page.specs]  # type: ignore[attr-defined]
    due = {spec.key for spec in dictionary.fields_on(page.slug) if spec.on_case} - NOT_IN_A_FORM  # type: ignore[attr-defined]
    assert sorted(asked) == sorted(due)


def test_no_title_and_no_address_tells_anything_about_the_person(desk: Client, ready: Draft) -> None:
    case = ready()
    words = ("34", "Amsterdam", "ketamine", "keta", "Man", case.case_number.replace("-", ""))
    for path in ("", "overledene/", "middelen/", "toxicologie/", "conclusie/", "controleren/", "geschiedenis/"):
        page = desk.get(f"/zaken/{case.pk}/{path}").content.decode()
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title
        assert not [word for word in words[:-1] if word in title[1].replace(case.case_number, "")]
        addresses = re.findall(r'(?:href|action)="([^"]*)"', page)
        assert not [address for address in addresses if case.case_number in address or "keta" in address]


@pytest.mark.parametrize("code", ["nl", "en"])
def test_the_labels_of_a_page_come_from_the_dictionary_in_both_languages(desk: Client, draft: Draft, code: str) -> None:
    desk.post("/taal/", {"language": code})
    page = desk.get(section(draft(), "overledene")).content.decode()
    for spec in dictionary.fields_on("overledene"):
        assert spec.label(code) in page


def test_the_task_list_of_a_draft_shows_its_open_questions(desk: Client, draft: Draft, physician: User) -> None:
    case = draft()
    with acting_as(physician):
        Query(case=case, field="Decedent.sex", opened_at=timezone.now()).save()
    page = desk.get(f"/zaken/{case.pk}/").content.decode()
    assert "Vragen van het register" in page
    assert "Geslacht" in page
