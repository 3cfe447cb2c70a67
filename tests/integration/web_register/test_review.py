"""The register takes, questions, codes and closes a case; each form says what is wrong and keeps what was typed."""

import pytest
from django.test import Client
from django.urls import reverse

from register.access import cases_for
from register.models import Case, StatusChange, User
from tests.factories import version
from tests.integration.web_register.conftest import Submit
from tests.signing_in import sign_in
from tests.trail import looks

CONCLUSION = {
    "manner_final": "non_natural",
    "intent_final": "accident",
    "inclusion": "probable",
    "case_certainty": "probable",
    "tox_consistent_missing": "NASK",
}


def _url(case: Case) -> str:
    return reverse("register_desk:review", args=[case.pk])


def _step(desk: Client, case: Case, name: str, status: int = 302, **typed: object) -> str:
    url = reverse("register_desk:step", args=[case.pk, name])
    response = desk.post(url, {"version": version(case), **typed})
    page = str(response.content.decode())
    assert response.status_code == status, page[page.find('class="errors"') :][:600]
    return page


def _state(case: Case) -> str:
    return Case.objects.get(pk=case.pk).status


def _taken(desk: Client, submit: Submit, **options: object) -> Case:
    case = submit(**options)
    _step(desk, case, "take")
    return case


def test_a_clean_case_is_taken_concluded_coded_and_closed(desk: Client, submit: Submit, reviewer: User) -> None:
    case = _taken(desk, submit)
    _step(desk, case, "conclude", **CONCLUSION)
    _step(desk, case, "accept-suggestion")
    _step(desk, case, "close")
    closed = Case.objects.get(pk=case.pk)
    assert (closed.status, closed.decided_by) == ("closed", reviewer)
    assert closed.causeofdeath_section.icd10_ucod == "X42"
    names = StatusChange.objects.filter(case=case).order_by("at").values_list("name", "by__username")
    assert list(names) == [("submit", "arts"), ("take", "jansen"), ("close", "jansen")]


def test_closing_with_open_points_lists_each_of_them(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit, found=("roze poeder xyz", None))
    page = _step(desk, case, "close", status=422)
    assert _state(case) == "in_review"
    for point in ("roze poeder xyz", "Kies de rol", "Bevestig de codering"):
        assert point in page
    # Another language or theme leads back to the case, not to the address of the button.
    assert f'name="next" value="{_url(case)}"' in page


def test_every_point_before_closing_is_shown_on_the_page(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit)
    page = desk.get(_url(case)).content.decode()
    assert "Bevestig de codering" in page


def test_what_each_measure_counts_is_said_in_words(desk: Client, submit: Submit) -> None:
    page = desk.get(_url(_taken(desk, submit))).content.decode()
    assert "<dt>Elke vermelding</dt><dd>Opioïden, illegaal</dd>" in page
    assert "<dt>Enig middel</dt><dd>Heroïne</dd>" in page
    assert "<dt>Hiërarchisch, opioïden eerst</dt><dd>Opioïden</dd>" in page


def test_a_question_goes_out_and_the_case_waits_for_the_physician(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit)
    _step(desk, case, "ask", field="Death.place_type", text="Was dit de eigen woning?")
    assert _state(case) == "query_open"
    assert "Was dit de eigen woning?" in desk.get(_url(case)).content.decode()


def test_an_empty_question_is_refused_with_a_sentence_and_nothing_is_sent(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit)
    page = _step(desk, case, "ask", status=422, field="Death.place_type", text="   ")
    assert 'value="Death.place_type" selected' in page
    assert _state(case) == "in_review"


def test_an_unknown_name_is_linked_to_a_substance(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit, found=("roze poeder xyz", "sole_cause"))
    row = case.substancefinding_rows.get()
    _step(desk, case, "map", kind="finding", row=row.pk, substance="ketamine")
    row.refresh_from_db()
    assert (row.substance_id, row.reported_as) == ("ketamine", "roze poeder xyz")


def test_another_code_than_the_suggestion_needs_a_reason_and_keeps_what_was_typed(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit)
    page = _step(desk, case, "code", status=422, ucod="X44", t_codes="T40.1")
    assert 'value="X44"' in page
    _step(desk, case, "code", ucod="X44", t_codes="T40.1", override_reason="Code van CBS")
    assert Case.objects.get(pk=case.pk).causeofdeath_section.icd10_ucod == "X44"


def test_a_case_is_excluded_with_its_reason_and_reopened_with_another(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit)
    _step(desk, case, "exclude", status=422)
    _step(desk, case, "exclude", reason="not_drug")
    assert _state(case) == "excluded"
    _step(desk, case, "reopen", status=422)
    _step(desk, case, "reopen", reason="nieuwe informatie van het lab")
    assert _state(case) == "reopened"


def test_a_step_on_an_old_version_is_refused_and_shows_what_was_typed(desk: Client, submit: Submit) -> None:
    case = _taken(desk, submit)
    url = reverse("register_desk:step", args=[case.pk, "withdraw"])
    response = desk.post(url, {"version": version(case) - 1, "reason": "Een lange reden"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Een lange reden" in page
    assert f'name="version" value="{version(case)}"' in page
    assert f'name="version" value="{version(case) - 1}"' not in page
    assert _state(case) == "in_review"


def test_the_reporter_cannot_review_the_own_case(submit: Submit, physician: User, client: Client) -> None:
    case = submit()
    User.objects.filter(pk=physician.pk).update(role="register_staff")
    sign_in(client, User.objects.get(pk=physician.pk))
    response = client.post(reverse("register_desk:step", args=[case.pk, "take"]), {"version": version(case)})
    assert response.status_code == 403
    assert "een ander beoordeelt haar" in response.content.decode()
    assert _state(case) == "submitted"


def test_a_physician_has_no_desk_at_the_register(submit: Submit, physician: User, client: Client) -> None:
    case = submit()
    sign_in(client, physician)
    assert client.get(_url(case)).status_code == 403
    assert client.get(reverse("register_desk:worklist", args=["nieuw"])).status_code == 403


def test_each_look_is_in_the_access_log(desk: Client, submit: Submit, reviewer: User) -> None:
    case = submit()
    desk.get(_url(case))
    desk.get(reverse("register_desk:worklist", args=["nieuw"]))
    seen = {look.code for look in looks(actor=str(reviewer.pk)) if case.pk in look.objects}
    assert seen == {"case.read", "case.list"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_speaks_the_language_of_the_person(
    desk: Client, submit: Submit, reviewer: User, language: str
) -> None:
    User.objects.filter(pk=reviewer.pk).update(language=language)
    page = desk.get(_url(_taken(desk, submit))).content.decode()
    assert ("Zaak beoordelen" in page) == (language == "nl")
    assert ("Review the case" in page) == (language == "en")


def test_an_unknown_step_is_not_found(desk: Client, submit: Submit) -> None:
    _step(desk, submit(), "publish-everything", status=404)


def test_every_open_case_stands_in_a_worklist(desk: Client, submit: Submit, reviewer: User) -> None:
    cases = [submit(), _taken(desk, submit)]
    shown = ""
    for which in ("nieuw", "in-beoordeling"):
        shown += desk.get(reverse("register_desk:worklist", args=[which])).content.decode()
    assert cases_for(reviewer).count() == 2
    assert all(case.case_number in shown for case in cases)


@pytest.mark.parametrize("of_another", [True, False], ids=["of another case", "of no case"])
def test_a_question_is_closed_only_on_the_page_of_its_own_case(
    desk: Client, submit: Submit, reviewer: User, of_another: bool
) -> None:
    case, other = _taken(desk, submit), _taken(desk, submit)
    _step(desk, other, "ask", field="", text="Klopt de leeftijd?")
    query = other.query_rows.get()
    _step(desk, case, "close-query", status=404, query=query.pk if of_another else "niets")
    assert other.query_rows.get().state == "open"
    _step(desk, other, "close-query", query=query.pk)
    assert other.query_rows.get().state == "closed"
