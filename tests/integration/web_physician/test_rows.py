"""Rows inside the form of a page: substances, findings, naloxone, known use, source documents."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import moves, queries, substances
from register.models import Case, User
from tests.integration.web_physician.conftest import Draft, fresh, version


def section(case: Case, page: str) -> str:
    return reverse("physician:section", args=[case.pk, page])


def test_a_search_shows_candidates_with_the_reason_and_stores_nothing(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {"term": "keta", "expected_product": "een pil", "do": "search", "version": case.row_version}
    answer = desk.post(section(case, "middelen"), form)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="add:ketamine"' in page
    assert "straatnaam: <mark>keta</mark>" in page
    assert "‘keta’ toevoegen als nog onbekend middel" in page
    assert 'value="een pil"' in page
    assert fresh(case).row_version == case.row_version


def test_choosing_a_candidate_adds_a_row_with_the_word_that_was_typed(desk: Client, draft: Draft) -> None:
    case = draft()
    answer = desk.post(section(case, "middelen"), {"term": "keta", "do": "add:ketamine", "version": case.row_version})
    row = case.suspectedsubstance_rows.get()
    assert answer.headers["Location"] == section(case, "middelen") + "#f-term"
    assert (row.substance_id, row.reported_as) == ("ketamine", "keta")


@pytest.mark.parametrize("word", ["2-fma xyz", "roze poeder <b>", "ВЕЩЕСТВО", "a"])
def test_a_word_that_nobody_knows_is_kept_letter_for_letter(desk: Client, draft: Draft, word: str) -> None:
    case = draft()
    desk.post(section(case, "middelen"), {"term": word, "do": "add:", "version": case.row_version})
    row = case.suspectedsubstance_rows.get()
    assert (row.substance_id, row.reported_as) == (None, word)


def test_a_typed_name_is_not_lost_when_somebody_goes_on_without_choosing(desk: Client, draft: Draft) -> None:
    case = draft()
    answer = desk.post(section(case, "middelen"), {"term": "keta", "do": "next", "version": case.row_version})
    assert answer.status_code == 200
    assert 'value="keta"' in answer.content.decode()


def test_one_button_stores_the_rows_and_the_questions_beside_them(desk: Client, draft: Draft, physician: User) -> None:
    case = draft()
    substances.add_suspicion(case_id=case.pk, reported_as="coke", seen_version=version(case), by=physician)
    row = case.suspectedsubstance_rows.get()
    form = {
        f"suspicion.{row.pk}.evidence": ["scene", "witness"],
        f"suspicion.{row.pk}.route": "nasal",
        "expected_product": "cocaïne",
        "version": version(case),
        "do": "next",
    }
    answer = desk.post(section(case, "middelen"), form)
    row.refresh_from_db()
    assert answer.headers["Location"] == section(case, "toxicologie")
    assert (row.evidence, row.route) == (["scene", "witness"], "nasal")
    assert fresh(case).circumstances_section.expected_product == "cocaïne"


def test_ticks_can_be_taken_away_again(desk: Client, ready: Draft) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    form = {f"suspicion.{row.pk}.route": "", "version": version(case), "do": "next"}
    desk.post(section(case, "middelen"), form)
    row.refresh_from_db()
    assert row.evidence is None


def test_a_mistake_in_a_row_is_kept_as_typed_and_the_rest_of_the_page_is_stored(desk: Client, ready: Draft) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    form = {
        f"suspicion.{row.pk}.evidence": ["witness"],
        f"suspicion.{row.pk}.route": "teleport",
        "expected_product": "iets",
        "version": version(case),
    }
    answer = desk.post(section(case, "middelen"), form)
    page = answer.content.decode()
    row.refresh_from_db()
    assert answer.status_code == 422
    assert f'href="#suspicion-{row.pk}-route"' in page
    assert 'value="iets"' in page
    assert re.search(r'value="witness"[^>]* checked', page)
    assert (row.evidence, row.route) == (["witness"], None)
    assert fresh(case).circumstances_section.expected_product == "iets"
    assert case.unreadanswer_rows.get().typed == {"route": ["teleport"]}


def test_a_chosen_substance_was_seen_at_the_scene_until_somebody_says_otherwise_and_has_no_role(
    desk: Client, draft: Draft
) -> None:
    case = draft()
    desk.post(section(case, "middelen"), {"do": "add:mdma", "term": "xtc", "version": version(case)})
    row = case.suspectedsubstance_rows.get()
    assert (row.reported_as, row.evidence, row.role) == ("xtc", ["scene"], None)
    form = {f"suspicion.{row.pk}.evidence": "scene", f"suspicion.{row.pk}.role": "suspected_only"}
    desk.post(section(case, "middelen"), {**form, "version": version(case)})
    row.refresh_from_db()
    assert (row.evidence, row.role) == (["scene"], "suspected_only")


def test_a_row_of_a_draft_goes_when_it_is_removed(desk: Client, ready: Draft) -> None:
    case = ready()
    row = case.suspectedsubstance_rows.get()
    desk.post(section(case, "middelen"), {"do": f"remove:suspicion:{row.pk}", "version": version(case)})
    assert not case.suspectedsubstance_rows.exists()


def test_a_finding_is_taken_over_from_a_suspicion_with_a_link_and_without_a_role(desk: Client, ready: Draft) -> None:
    case = ready()
    suspicion = case.suspectedsubstance_rows.get()
    desk.post(section(case, "conclusie"), {"do": f"take:{suspicion.pk}", "version": version(case)})
    finding = case.substancefinding_rows.get()
    assert (finding.suspicion_id, finding.substance_id, finding.role) == (suspicion.pk, "ketamine", None)
    assert finding.evidence == ["scene"]
    assert f"take:{suspicion.pk}" not in desk.get(section(case, "conclusie")).content.decode()


def test_a_finding_of_a_case_that_was_handed_in_is_struck_out_with_a_reason_and_stays_to_be_seen(
    desk: Client, ready: Draft, physician: User, reviewer: User
) -> None:
    case = ready()
    substances.add_finding(
        case_id=case.pk, substance="mdma", evidence=["tox_lab"], seen_version=version(case), by=physician
    )
    moves.submit(case_id=case.pk, seen_version=version(case), by=physician)
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="", text="Klopt dit?", seen_version=version(case), by=reviewer)
    finding = case.substancefinding_rows.get()
    form = {"relation_to_drugs": "direct", "cause_line_a": "Intoxicatie met ketamine"}
    form |= {f"finding.{finding.pk}.evidence": "tox_lab", "do": f"remove:finding:{finding.pk}"}
    answer = desk.post(section(case, "conclusie"), {**form, "version": version(case)})
    path = reverse("physician:remove", args=[case.pk, "finding", finding.pk])
    assert answer.headers["Location"] == path
    refused = desk.post(path, {"reason": " ", "version": version(case)})
    assert refused.status_code == 422
    assert "reden" in refused.content.decode().split('class="error-text"')[1]
    desk.post(path, {"reason": "Verwisseld monster", "version": version(case)})
    page = desk.get(section(case, "conclusie") + f"?verwijderd=finding:{finding.pk}").content.decode()
    assert "<del>MDMA – Verwisseld monster</del>" in page
    assert 'id="f-undo"' not in page
    assert desk.get(path).status_code == 404


def test_the_reason_that_stands_on_the_page_is_asked_once(
    desk: Client, submitted: Draft, physician: User, reviewer: User
) -> None:
    case = submitted()
    moves.take(case_id=case.pk, seen_version=version(case), by=reviewer)
    queries.ask(case_id=case.pk, field="", text="Klopt dit?", seen_version=version(case), by=reviewer)
    row = case.suspectedsubstance_rows.get()
    form = {"expected_product": "pil", f"suspicion.{row.pk}.evidence": "scene", "do": f"remove:suspicion:{row.pk}"}
    answer = desk.post(section(case, "middelen"), {**form, "version": version(case)})
    assert answer.status_code == 422
    assert 'id="f-reason-e"' in answer.content.decode()
    desk.post(section(case, "middelen"), {**form, "reason": "Verkeerd verstaan", "version": version(case)})
    row.refresh_from_db()
    assert row.removed_reason == "Verkeerd verstaan"
    assert fresh(case).circumstances_section.expected_product == "pil"
    assert "<del>ketamine – Verkeerd verstaan</del>" in desk.get(section(case, "middelen")).content.decode()


def test_two_sole_causes_are_refused_at_the_role(desk: Client, draft: Draft, physician: User) -> None:
    case = draft()
    for name, role in (("ketamine", "sole_cause"), ("ghb", None)):
        substances.add_finding(
            case_id=case.pk, reported_as=name, role=role, evidence=["tox_lab"], seen_version=version(case), by=physician
        )
    second = case.substancefinding_rows.get(reported_as="ghb")
    form = {f"finding.{second.pk}.role": "sole_cause", f"finding.{second.pk}.evidence": "tox_lab"}
    answer = desk.post(section(case, "conclusie"), {**form, "version": version(case)})
    assert answer.status_code == 422
    assert f'id="finding-{second.pk}-role-e"' in answer.content.decode()


def test_naloxone_and_known_use_are_added_from_an_empty_row(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {
        "naloxone.new.given_by": "ambulance",
        "naloxone.new.doses": "2",
        "known_use.new.group": "ghb",
        "known_use.new.user_type": "problematic",
        "version": version(case),
        "do": "stay:naloxone",
    }
    answer = desk.post(section(case, "omstandigheden"), form)
    assert answer.headers["Location"] == section(case, "omstandigheden") + "#r-naloxone"
    assert case.naloxonegiven_rows.get().doses == 2
    assert case.knownuse_rows.get().group_id == "ghb"


def test_an_empty_row_that_stays_empty_adds_nothing(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {"naloxone.new.doses_missing": "", "known_use.new.group": "", "used_alone": "yes", "version": version(case)}
    assert desk.post(section(case, "omstandigheden"), form).status_code == 302
    assert not case.naloxonegiven_rows.exists()


def test_a_new_row_without_its_main_answer_gives_a_sentence_at_that_answer(desk: Client, draft: Draft) -> None:
    case = draft()
    answer = desk.post(section(case, "omstandigheden"), {"naloxone.new.doses": "2", "version": version(case)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="naloxone-new-given_by-e"' in page
    assert 'name="naloxone.new.doses" value="2"' in page


def test_a_naloxone_row_can_be_removed(desk: Client, draft: Draft) -> None:
    case = draft()
    desk.post(section(case, "omstandigheden"), {"naloxone.new.given_by": "police", "version": version(case)})
    row = case.naloxonegiven_rows.get()
    form = {"do": f"remove:naloxone:{row.pk}", "version": version(case)}
    desk.post(section(case, "omstandigheden"), form)
    assert not case.naloxonegiven_rows.exists()


def test_rows_of_another_case_cannot_be_reached_through_this_one(desk: Client, ready: Draft, draft: Draft) -> None:
    other, mine = ready(), draft()
    row = other.suspectedsubstance_rows.get()
    form = {f"suspicion.{row.pk}.evidence": "witness", "do": f"remove:suspicion:{row.pk}", "version": version(mine)}
    assert desk.post(section(mine, "middelen"), form).status_code == 404
    assert other.suspectedsubstance_rows.get().evidence == ["scene"]


@pytest.mark.parametrize("press", ["remove:nonsense:1", "take:nonsense", "add", "remove:", "xyz:1:2", "\x00"])
def test_a_button_that_no_page_has_does_no_harm(desk: Client, ready: Draft, press: str) -> None:
    case = ready()
    for page in ("middelen", "conclusie", "omstandigheden"):
        answer = desk.post(section(case, page), {"do": press, "version": version(case)})
        assert answer.status_code in (302, 404, 422)
    assert case.suspectedsubstance_rows.filter(removed_at=None).count() == 1
