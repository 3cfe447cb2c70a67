"""A laboratory report, pasted or typed: looked at line by line, taken over at once, linked to what was suspected."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from register.casework import moves
from register.models import Case, User
from tests.integration.web_physician.conftest import Draft, fresh, version

REPORT = """6-MAM\t12\tµg/L
morfine\t0,18\tmg/L
codeïne\t<0,01\tmg/L
oxy\t0,03\tmg/L
N-pyrrolidino X\tpositief
ketamine\tneg.
zie ook bijlage 2"""
INPUT = re.compile(r'<input[^>]*\bname="(line\.[^"]+)"[^>]*>')


def address(case: Case) -> str:
    return reverse("physician:laboratory", args=[case.pk, case.toxrequest_rows.get().pk])


def findings_of(case: Case) -> str:
    return reverse("physician:tox_findings", args=[case.pk])


def read(desk: Client, case: Case, text: str = REPORT, **more: str) -> str:
    """Paste a text; the page with the lines as they were read."""
    answer = desk.post(address(case), {"text": text, "do": "read", "version": version(case), **more})
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return answer.content.decode()


def lines_in(page: str) -> dict[str, str]:
    """What the form of the preview sends when nobody touches it."""
    found = {}
    for match in INPUT.finditer(page):
        tag, name = match[0], match[1]
        if 'type="radio"' in tag or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        value = re.search(r'\bvalue="([^"]*)"', tag)
        found[name] = unescape(value[1]) if value else ""
    return found


def take(desk: Client, case: Case, page: str, **more: str) -> Any:
    form = {**lines_in(page), "do": "take", "version": version(case), **more}
    return desk.post(address(case), form)


def named(case: Case) -> dict[str, Any]:
    return {row.reported_as: row for row in case.toxresult_rows.filter(removed_at=None)}


def test_a_pasted_report_is_shown_line_by_line_and_nothing_is_kept_yet(desk: Client, submitted: Draft) -> None:
    case = submitted()
    before = version(case)
    page = read(desk, case)
    for text in ("4 herkend · 1 keuze nodig · 1 onbekend middel · 1 niet leesbaar", "Heroïne", "= 0,012 mg/L"):
        assert text in page
    assert "6-MAM ontstaat alleen uit heroïne" in page
    assert "Heroïne is hiermee bevestigd." in page
    assert page.count("<code>") == 7
    assert version(case) == before
    assert not case.toxresult_rows.exists()


def test_taking_over_stores_every_line_at_once_as_reported_and_in_one_unit(desk: Client, submitted: Draft) -> None:
    case = submitted()
    before = version(case)
    page = read(desk, case)
    answer = take(
        desk,
        case,
        page,
        **{"line.3.choice": "oxycodone"},
        report_reference="R-1",
        received_on_day="20",
        received_on_month="11",
        received_on_year="2026",
    )
    assert answer.headers["Location"] == findings_of(case)
    assert version(case) == before + 1
    rows = named(case)
    assert {name: row.substance_id for name, row in rows.items()} == {
        "6-MAM": None,
        "morfine": "morphine",
        "codeïne": "codeine",
        "oxy": "oxycodone",
        "N-pyrrolidino X": None,
        "ketamine": "ketamine",
    }
    low = rows["codeïne"]
    assert (low.outcome, low.qualifier, str(low.value.normalize()), low.unit) == ("below_limit", "lt", "0.01", "mg_l")
    assert rows["ketamine"].outcome == "not_detected" and rows["6-MAM"].outcome == "detected"
    request = case.toxrequest_rows.get()
    assert (request.status, request.report_reference, str(request.received_on)) == ("partial", "R-1", "2026-11-20")


def test_a_choice_that_was_not_made_is_asked_at_its_line_and_stores_nothing(desk: Client, submitted: Draft) -> None:
    case = submitted()
    answer = take(desk, case, read(desk, case))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kies wat het laboratorium bedoelt met ‘oxy’" in page
    assert 'href="#line-3"' in page
    assert not case.toxresult_rows.exists()


def test_the_words_of_the_report_may_be_kept_instead_of_a_choice(desk: Client, submitted: Draft) -> None:
    case = submitted()
    take(desk, case, read(desk, case), **{"line.3.choice": "="})
    assert named(case)["oxy"].substance_id is None


def test_a_line_can_be_mended_or_left_out_before_it_is_taken_over(desk: Client, submitted: Draft) -> None:
    case = submitted()
    page = read(desk, case, "MDMA;1.200;µg/L\nGHB;12;mg/L")
    assert "kan 1,2 of 1200 zijn" in page
    form = {**lines_in(page), "do": "take", "version": version(case)}
    refused = desk.post(address(case), form)
    assert refused.status_code == 422 and "Verbeter de regel, of laat haar weg." in refused.content.decode()
    desk.post(address(case), {**form, "line.0.result": "1200 µg/L", "line.1.leave": "yes"})
    assert {name: str(row.value.normalize()) for name, row in named(case).items()} == {"MDMA": "1.2E+3"}


def test_only_a_line_that_tells_nothing_is_left_out_unasked(desk: Client, submitted: Draft) -> None:
    case = submitted()
    page = read(desk, case, "Rapport 2026-77\nGHB 12 mg/L\ncocaïne 380\n6-MAM zie bijlage\nzie ook blad 2")
    assert [name for name in lines_in(page) if name.endswith(".leave")] == ["line.0.leave", "line.4.leave"]
    refused = take(desk, case, page)
    assert refused.status_code == 422 and 'href="#line-2"' in refused.content.decode()


def test_typed_lines_are_read_like_pasted_ones(desk: Client, submitted: Draft) -> None:
    case = submitted()
    typed = {"typed.0.name": "MDMA", "typed.0.result": "1,2 mg/L", "typed.1.name": "GHB", "typed.1.result": "n.a."}
    page = read(desk, case, "", **typed)
    assert "2 herkend" in page and "gelezen als &#x27;niet aangetoond&#x27;" in page
    take(desk, case, page)
    assert {name: row.outcome for name, row in named(case).items()} == {"MDMA": "detected", "GHB": "not_detected"}


def test_a_second_paste_asks_first_and_adding_leaves_out_what_stands_there(desk: Client, submitted: Draft) -> None:
    case = submitted()
    text = "MDMA;1,2;mg/L\nGHB;12;mg/L"
    take(desk, case, read(desk, case, text))
    again = read(desk, case, f"{text}\ncocaïne;0,3;mg/L")
    assert "Bij deze aanvraag staan al 2 uitslagen" in again
    refused = take(desk, case, again)
    assert refused.status_code == 422 and 'id="f-again-e"' in refused.content.decode()
    assert case.toxresult_rows.count() == 2
    take(desk, case, again, again="add")
    assert sorted(named(case)) == ["GHB", "MDMA", "cocaïne"]


def test_replacing_changes_lines_of_the_same_name_and_strikes_out_the_others(desk: Client, submitted: Draft) -> None:
    case = submitted()
    take(desk, case, read(desk, case, "MDMA;1,2;mg/L\nGHB;12;mg/L"))
    first = named(case)["MDMA"].pk
    take(desk, case, read(desk, case, "MDMA;1,4;mg/L\ncocaïne;0,3;mg/L"), again="replace")
    rows = named(case)
    assert sorted(rows) == ["MDMA", "cocaïne"]
    assert (rows["MDMA"].pk, str(rows["MDMA"].value.normalize())) == (first, "1.4")
    struck = case.toxresult_rows.exclude(removed_at=None).get()
    assert struck.reported_as == "GHB" and struck.removed_reason
    page = desk.get(reverse("physician:section", args=[case.pk, "toxicologie"])).content.decode()
    assert "<del>" in page and "GHB" in page


def test_a_report_that_somebody_else_entered_meanwhile_is_not_doubled(desk: Client, submitted: Draft) -> None:
    case = submitted()
    page = read(desk, case, "MDMA;1,2;mg/L")
    older = version(case)
    take(desk, case, page)
    answer = desk.post(address(case), {**lines_in(page), "do": "take", "version": older, "again": "add"})
    assert answer.status_code == 409
    assert "MDMA" in answer.content.decode()
    assert case.toxresult_rows.count() == 1


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"text": ""}, "Er is geen regel om over te nemen"),
        ({"text": "MDMA;1;mg/L\n" * 101}, "ten hoogste 100 regels"),
        ({"text": "x" * 20_001}, "ten hoogste 100 regels"),
    ],
)
def test_a_text_that_cannot_be_read_comes_back_with_one_sentence(
    desk: Client, submitted: Draft, form: Mapping[str, str], sentence: str
) -> None:
    case = submitted()
    answer = desk.post(address(case), {**form, "do": "read", "version": version(case)})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert 'id="f-text-e"' in page and form["text"][:50] in page


def test_a_date_that_does_not_exist_is_said_at_its_field_and_keeps_the_lines(desk: Client, submitted: Draft) -> None:
    case = submitted()
    answer = take(
        desk,
        case,
        read(desk, case, "MDMA;1,2;mg/L"),
        received_on_day="31",
        received_on_month="2",
        received_on_year="2026",
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="f-received_on-e"' in page and "<code>MDMA;1,2;mg/L</code>" in page
    assert not case.toxresult_rows.exists()


def test_a_specimen_of_another_request_is_refused(desk: Client, submitted: Draft) -> None:
    case = submitted()
    answer = take(desk, case, read(desk, case, "MDMA;1,2;mg/L"), sample="00000000-0000-0000-0000-000000000000")
    assert answer.status_code == 422 and not case.toxresult_rows.exists()


@pytest.mark.parametrize("name", ["laboratory", "tox_findings", "resubmit"])
def test_nobody_elsewhere_enters_a_report(other_desk: Client, submitted: Draft, name: str) -> None:
    case = submitted()
    path = address(case) if name == "laboratory" else reverse(f"physician:{name}", args=[case.pk])
    assert other_desk.get(path).status_code == 404
    assert other_desk.post(path, {"text": "MDMA;1;mg/L", "do": "take", "version": version(case)}).status_code == 404


def entered(desk: Client, case: Case, text: str = "ketamine;1,2;mg/L\n6-MAM;12;µg/L\nmorfine;0,1;mg/L") -> None:
    take(desk, case, read(desk, case, text))


def test_proposals_link_what_was_found_to_what_was_suspected_and_set_no_role(desk: Client, submitted: Draft) -> None:
    case = submitted()
    entered(desk, case)
    page = desk.get(findings_of(case)).content.decode()
    assert "keta (ketamine)" in page and "bevestigd" in page and "Heroïne, via 6-MAM" in page
    assert "Ketamine wordt ook bij hulpverlening gegeven" in page
    keys = re.findall(r'name="proposal" value="([^"]+)"', page)
    assert keys == ["ketamine", "heroin"]
    desk.post(findings_of(case), {"proposal": keys, "do": "take", "version": version(case)})
    rows = {row.substance_id: row for row in case.substancefinding_rows.all()}
    suspicion = case.suspectedsubstance_rows.get()
    assert sorted(rows) == ["heroin", "ketamine"]
    assert (rows["ketamine"].suspicion_id, rows["ketamine"].evidence) == (suspicion.pk, ["scene", "tox_lab"])
    assert rows["heroin"].suspicion_id is None and {row.role for row in rows.values()} == {None}
    assert suspicion.reported_as == "keta" and suspicion.outcome == "confirmed"


def test_a_proposal_that_was_taken_over_already_is_not_doubled(desk: Client, submitted: Draft) -> None:
    case = submitted()
    entered(desk, case)
    for _ in range(2):
        desk.post(findings_of(case), {"proposal": ["ketamine", "heroin"], "do": "take", "version": version(case)})
    assert case.substancefinding_rows.count() == 2
    assert 'name="proposal"' not in desk.get(findings_of(case)).content.decode()


def test_a_role_is_chosen_after_submission_and_changed_with_a_reason(desk: Client, submitted: Draft) -> None:
    case = submitted()
    entered(desk, case, "ketamine;1,2;mg/L")
    desk.post(findings_of(case), {"proposal": "ketamine", "do": "take", "version": version(case)})
    row = case.substancefinding_rows.get()
    name = f"finding.{row.pk}.role"
    answer = desk.post(findings_of(case), {name: "joint_cause", "do": "next", "version": version(case)})
    assert answer.headers["Location"] == reverse("physician:resubmit", args=[case.pk])
    row.refresh_from_db()
    assert row.role == "joint_cause"
    refused = desk.post(findings_of(case), {name: "given_in_care", "do": "next", "version": version(case)})
    assert refused.status_code == 422 and 'id="f-reason-e"' in refused.content.decode()
    desk.post(
        findings_of(case),
        {name: "given_in_care", "reason": "Door ambulance gegeven", "do": "next", "version": version(case)},
    )
    row.refresh_from_db()
    assert row.role == "given_in_care"


def test_handing_in_again_shows_what_changed_and_ends_the_waiting(
    desk: Client, submitted: Draft, reviewer: User
) -> None:
    case = submitted()
    for move in (moves.take, moves.await_toxicology):
        move(case_id=case.pk, seen_version=version(case), by=reviewer)
    path = reverse("physician:resubmit", args=[case.pk])
    assert "Er is niets gewijzigd" in desk.get(path).content.decode()
    entered(desk, case, "ketamine;1,2;mg/L")
    assert fresh(case).status == "awaiting_tox"
    page = desk.get(path).content.decode()
    assert 'id="k-toxicologie"' in page and "ketamine" in page
    assert 'id="k-overledene"' not in page and 'id="k-overlijden"' not in page
    asked = desk.post(path, {"version": version(case)})
    assert asked.status_code == 422 and 'id="f-complete-e"' in asked.content.decode()
    desk.post(path, {"complete": "complete", "version": version(case)})
    stored = fresh(case)
    assert (stored.status, stored.tox_status) == ("in_review", "final")
    assert "Er is niets gewijzigd" in desk.get(path).content.decode()


def test_handing_in_again_without_results_is_refused_with_a_sentence(desk: Client, submitted: Draft) -> None:
    case = submitted()
    answer = desk.post(
        reverse("physician:resubmit", args=[case.pk]), {"complete": "complete", "version": version(case)}
    )
    assert answer.status_code == 422 and "Er zijn nog geen uitslagen" in answer.content.decode()


def test_metabolites_stand_under_their_parent_wherever_a_case_is_read(desk: Client, submitted: Draft) -> None:
    case = submitted()
    entered(desk, case)
    page = desk.get(reverse("physician:case", args=[case.pk])).content.decode()
    assert "<dt>Heroïne</dt>" in page and "6-MAM: " in page and "; morfine: " in page
    assert "onderzocht" not in page and "bevestigd" in page


def test_the_whole_form_with_the_roles_of_several_substances_is_stored(desk: Client, submitted: Draft) -> None:
    case = submitted()
    entered(desk, case, "ketamine;1,2;mg/L\n6-MAM;12;µg/L\nN-pyrrolidino X;positief")
    page = desk.get(findings_of(case)).content.decode()
    keys = re.findall(r'name="proposal" value="([^"]+)"', page)
    desk.post(findings_of(case), {"proposal": keys, "do": "take", "version": version(case)})
    form = {"do": "next", "version": version(case)}
    for row in case.substancefinding_rows.all():
        names = ("certainty", "certainty_missing", "origin", "origin_missing")
        form |= {f"finding.{row.pk}.role": "joint_cause", **{f"finding.{row.pk}.{name}": "" for name in names}}
    answer = desk.post(findings_of(case), form)
    assert answer.status_code == 302, re.findall(r'class="errors.*?</section>', answer.content.decode(), re.DOTALL)
    assert set(case.substancefinding_rows.values_list("role", flat=True)) == {"joint_cause"}


@pytest.mark.parametrize("name", ["laboratory", "tox_findings", "resubmit"])
def test_a_withdrawn_case_takes_no_results(desk: Client, submitted: Draft, reviewer: User, name: str) -> None:
    case = submitted()
    moves.withdraw(case_id=case.pk, reason="Vergissing", seen_version=version(case), by=reviewer)
    path = address(case) if name == "laboratory" else reverse(f"physician:{name}", args=[case.pk])
    answer = desk.post(path, {"text": "MDMA;1;mg/L", "do": "read", "version": version(case)})
    assert answer.status_code == 403
