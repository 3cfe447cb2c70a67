"""The page Toxicologie in both phases: the request tonight, the result weeks later."""

import pytest
from django.test import Client
from django.urls import reverse

from register.models import Case
from tests.integration.web_physician.conftest import Draft, fresh, version


def page_of(case: Case) -> str:
    return reverse("physician:section", args=[case.pk, "toxicologie"])


def form_of(case: Case, name: str) -> str:
    return reverse(f"physician:{name}", args=[case.pk, case.toxrequest_rows.get().pk])


def test_a_request_with_its_first_specimen_is_stored_at_once(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {
        "asked": "yes",
        "lab": "nfi",
        "requested_on_day": "22",
        "requested_on_month": "10",
        "requested_on_year": "2026",
        "matrix": "blood_femoral",
        "panel_scope": ["screen_broad", "ghb"],
        "version": version(case),
        "do": "next",
    }
    answer = desk.post(page_of(case), form)
    request = case.toxrequest_rows.get()
    assert answer.headers["Location"].endswith("/conclusie/")
    assert (request.lab_id, request.panel_scope) == ("nfi", ["screen_broad", "ghb"])
    assert request.due_on is not None
    assert request.samples.get().matrix == "blood_femoral"
    assert fresh(case).tox_status == "sampled"


def test_no_toxicology_needs_a_reason(desk: Client, draft: Draft) -> None:
    case = draft()
    refused = desk.post(page_of(case), {"asked": "no", "version": version(case)})
    assert refused.status_code == 422
    assert 'id="f-not_requested_reason-e"' in refused.content.decode()
    desk.post(page_of(case), {"asked": "no", "not_requested_reason": "no_sample", "version": version(case)})
    assert fresh(case).tox_status == "not_requested"
    page = desk.get(page_of(case)).content.decode()
    assert 'value="no" id="f-asked-2" checked' in page


def test_going_on_without_an_answer_is_not_a_mistake(desk: Client, draft: Draft) -> None:
    case = draft()
    answer = desk.post(page_of(case), {"lab": "nfi", "requested_on_day": "1", "version": version(case), "do": "next"})
    assert answer.status_code == 302
    assert not case.toxrequest_rows.exists()


def test_a_specimen_without_saying_yes_asks_for_yes_or_no(desk: Client, draft: Draft) -> None:
    case = draft()
    answer = desk.post(page_of(case), {"matrix": "urine", "version": version(case)})
    assert answer.status_code == 422
    assert 'id="f-asked-e"' in answer.content.decode()


def test_a_date_that_does_not_exist_stores_nothing(desk: Client, draft: Draft) -> None:
    case = draft()
    form = {"asked": "yes", "requested_on_day": "31", "requested_on_month": "2", "requested_on_year": "2026"}
    answer = desk.post(page_of(case), {**form, "version": version(case)})
    assert answer.status_code == 422
    assert "bestaat niet" in answer.content.decode()
    assert not case.toxrequest_rows.exists()


def test_the_laboratory_used_last_in_the_region_is_filled_in(desk: Client, ready: Draft, draft: Draft) -> None:
    ready()
    page = desk.get(page_of(draft())).content.decode()
    assert '<option value="nfi" selected>' in page


def test_weeks_later_results_are_added_by_hand_and_the_report_ends_the_waiting(desk: Client, submitted: Draft) -> None:
    case = submitted()
    desk.post(form_of(case, "sample"), {"matrix": "blood_femoral", "timing": "post_mortem", "version": version(case)})
    result = {"reported_as": "ketamine", "outcome": "detected", "qualifier": "eq", "value": "1,2", "unit": "mg_l"}
    sample = str(case.toxsample_rows.get().pk)
    again = desk.post(form_of(case, "result"), {**result, "sample": sample, "version": version(case), "do": "another"})
    assert again.headers["Location"] == form_of(case, "result")
    stored = case.toxresult_rows.get()
    assert (stored.substance_id, str(stored.sample_id)) == ("ketamine", sample)
    assert "1,2 mg/L" in desk.get(page_of(case)).content.decode()
    form = {"status": "final", "received_on_day": "20", "received_on_month": "11", "received_on_year": "2026"}
    desk.post(form_of(case, "report"), {**form, "report_reference": "R-1", "version": version(case)})
    assert fresh(case).tox_status == "final"


def test_an_unknown_analyte_is_kept_as_reported(desk: Client, submitted: Draft) -> None:
    case = submitted()
    form = {"reported_as": "N-pyrrolidino X", "outcome": "detected", "version": version(case)}
    desk.post(form_of(case, "result"), form)
    stored = case.toxresult_rows.get()
    assert (stored.substance_id, stored.reported_as) == (None, "N-pyrrolidino X")


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("sample", {}, "matrix"),
        ("result", {"reported_as": "ghb"}, "outcome"),
        ("result", {"reported_as": "ghb", "outcome": "detected", "value": "veel"}, "value"),
        ("result", {"reported_as": "ghb", "outcome": "detected", "value": "3"}, "unit"),
        ("report", {}, "status"),
        ("request", {"lab": "nowhere", "reason": "hersteld na overleg"}, "lab"),
        ("request", {"lab": "nfi"}, "reason"),
    ],
)
def test_a_mistake_in_a_small_form_is_said_at_its_field_and_keeps_the_rest(
    desk: Client, submitted: Draft, name: str, typed: dict[str, str], field: str
) -> None:
    case = submitted()
    before = version(case)
    answer = desk.post(form_of(case, name), {**typed, "version": before})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="f-{field}-e"' in page
    assert f'href="#f-{field}"' in page
    assert all(value in page for value in typed.values())
    assert version(case) == before


def test_a_result_can_be_mended_with_a_reason(desk: Client, submitted: Draft) -> None:
    case = submitted()
    desk.post(form_of(case, "result"), {"reported_as": "ghb", "outcome": "detected", "version": version(case)})
    result = case.toxresult_rows.get()
    path = reverse("physician:change_result", args=[case.pk, result.request_id, result.pk])
    assert 'value="ghb"' in desk.get(path).content.decode()
    form = {"reported_as": "ghb", "outcome": "not_detected", "reason": "Tikfout hersteld", "version": version(case)}
    assert desk.post(path, form).status_code == 302
    result.refresh_from_db()
    assert result.outcome == "not_detected"


def test_a_source_document_is_followed_from_request_to_receipt(desk: Client, draft: Draft) -> None:
    case = draft()
    desk.post(
        page_of(case), {"document.new.kind": "police", "document.new.state": "requested", "version": version(case)}
    )
    row = case.sourcedocument_rows.get()
    form = {f"document.{row.pk}.kind": "police", f"document.{row.pk}.state": "received", "version": version(case)}
    desk.post(page_of(case), form)
    row.refresh_from_db()
    assert row.state == "received"


def test_a_request_of_another_case_is_not_found(desk: Client, ready: Draft) -> None:
    first, second = ready(), ready()
    wrong = reverse("physician:sample", args=[first.pk, second.toxrequest_rows.get().pk])
    assert desk.get(wrong).status_code == 404
    assert desk.post(wrong, {"matrix": "urine", "version": version(first)}).status_code == 404


@pytest.mark.parametrize("name", ["request", "sample", "report", "result"])
def test_nobody_elsewhere_enters_toxicology(other_desk: Client, submitted: Draft, name: str) -> None:
    case = submitted()
    assert other_desk.post(form_of(case, name), {"version": version(case)}).status_code == 404


def test_a_form_without_a_version_is_refused_and_what_was_typed_stands_on_the_page(
    desk: Client, submitted: Draft
) -> None:
    case = submitted()
    answer = desk.post(form_of(case, "sample"), {"matrix": "urine"})
    assert answer.status_code == 409
    assert "<dd>urine</dd>" in answer.content.decode()
    assert not case.toxsample_rows.exists()
