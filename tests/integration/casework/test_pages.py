"""What the pages of the physician store, refuse and warn about."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from register.access import cases_for
from register.casework import intake, moves, queries, rows
from register.casework.errors import InvalidError, NotFoundError, RefusedError
from register.casework.record import findings_of, record_of, records_of
from register.models import Case, ForensicService, Region, User
from tests import factories

pytestmark = pytest.mark.django_db

# A save locks and reads the case and its rows, and writes section, case, their histories and the access event.
MOST_QUERIES = 26


def _save(case: Case, page: str, by: User, reason: str = "", **raw: str | list[str]) -> intake.Saved:
    return intake.save_page(case_id=case.pk, page=page, raw=raw, seen_version=case.row_version, by=by, reason=reason)


def test_a_new_case_is_a_draft_in_the_region_and_service_of_the_physician(physician: User) -> None:
    case = factories.draft(physician)
    assert (case.status, case.region_id, case.forensic_service_id) == ("draft", "GG3406", "FD-GG3406")
    assert case.case_number.startswith(f"{timezone.localdate().year}-")
    assert not cases_for(factories.physician()).filter(pk=case.pk).exists()


def test_numbers_are_given_once_and_in_order(physician: User) -> None:
    numbers = [factories.draft(physician).case_number for _ in range(3)]
    assert numbers == sorted(set(numbers))


def test_a_physician_without_one_service_is_told_what_to_do(physician: User) -> None:
    ForensicService.objects.create(code="FD-2", name="Tweede dienst", region=Region.objects.get(pk="GG3406"))
    with pytest.raises(RefusedError, match="no forensic service yet"):
        intake.open_case(by=physician)


def test_only_who_may_begins_a_case(reviewer: User) -> None:
    with pytest.raises(RefusedError, match="may not"):
        intake.open_case(by=reviewer)
    assert not Case.objects.exists()


def test_a_date_may_come_in_boxes_and_be_partial(physician: User) -> None:
    case = factories.draft(physician)
    saved = _save(case, "overlijden", physician, date_of_death_month="3", date_of_death_year="2026")
    section = Case.objects.get(pk=case.pk).death_section
    assert saved.problems == {}
    assert (section.date_of_death_from, section.date_of_death_to) == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("page", "raw", "field", "words"),
    [
        ("overlijden", {"date_of_death": "31-02-2026"}, "date_of_death", "does not exist"),
        ("overlijden", {"date_of_death": "01-01-2199"}, "date_of_death", "between"),
        ("overledene", {"age_years": "-1"}, "age_years", "between 0 and 120"),
        ("overledene", {"age_years": "130"}, "age_years", "between 0 and 120"),
        ("overledene", {"age_years": "34", "age_years_missing": "UNK"}, "age_years", "not both"),
        ("overledene", {"sex": "martian"}, "sex", "not in the list"),
        ("overledene", {"residence_municipality": "GM9999"}, "residence_municipality", "not in the list"),
        ("overledene", {"sex_missing": "WHY"}, "sex", "not a known reason"),
        ("omstandigheden", {"narrative": "a\x00b"}, "narrative", "invisible character"),
        ("overlijden", {"forensic_service": ""}, "forensic_service", "forensic service"),
    ],
)
def test_an_answer_that_cannot_be_read_gets_a_sentence_and_nothing_of_the_page_is_stored(
    physician: User, page: str, raw: dict[str, str], field: str, words: str
) -> None:
    case = factories.draft(physician)
    saved = _save(case, page, physician, **{"housing": "street", "place_type": "hotel", "used_alone": "no", **raw})
    assert set(saved.problems) == {field}
    assert words in saved.problems[field].en and saved.problems[field].nl
    stored = Case.objects.get(pk=case.pk)
    assert stored.row_version == case.row_version
    assert stored.decedent_section.housing is None
    assert stored.death_section.place_type is None
    assert stored.circumstances_section.used_alone is None


def test_what_cannot_be_true_is_a_problem_of_the_page(physician: User) -> None:
    case = factories.draft(physician)
    saved = _save(
        case,
        "overlijden",
        physician,
        last_seen_alive_date="2026-03-02",
        last_seen_alive_time="10:00",
        found_at_date="2026-03-01",
        found_at_time="10:00",
    )
    assert "found_at" in saved.problems
    assert Case.objects.get(pk=case.pk).death_section.found_at is None


def test_age_zero_is_an_age(physician: User) -> None:
    case = factories.draft(physician)
    assert _save(case, "overledene", physician, age_years="0").problems == {}
    assert Case.objects.get(pk=case.pk).decedent_section.age_years == 0


def test_an_answer_that_no_longer_applies_becomes_not_applicable_and_comes_back_blank(physician: User) -> None:
    case = factories.draft(physician)
    case = _save(case, "overledene", physician, age_years="0", age_months="7").case
    case = _save(case, "overledene", physician, age_years="34").case
    section = Case.objects.get(pk=case.pk).decedent_section
    assert (section.age_months, section.age_months_missing) == (None, "NA")
    assert 7 in {kept.age_months for kept in section.history.all()}
    case = _save(case, "overledene", physician, age_years="0").case
    section = Case.objects.get(pk=case.pk).decedent_section
    assert (section.age_months, section.age_months_missing) == (None, None)


def test_saving_the_same_again_changes_no_answer(physician: User) -> None:
    case = factories.draft(physician)
    case = _save(case, "overledene", physician, sex="male", age_years="34").case
    versions = Case.objects.get(pk=case.pk).decedent_section.history.count()
    _save(case, "overledene", physician, sex="male", age_years="34")
    assert Case.objects.get(pk=case.pk).decedent_section.history.count() == versions


def test_identifying_text_is_stored_with_a_warning(physician: User) -> None:
    case = factories.draft(physician)
    saved = _save(case, "omstandigheden", physician, narrative="Bel 06-12345678 voor meer.")
    assert [warning.code for warning in saved.warnings] == ["Q04"]
    assert Case.objects.get(pk=case.pk).narrative == "Bel 06-12345678 voor meer."


def test_a_submitted_case_is_read_only_for_its_physician(physician: User) -> None:
    case = factories.submitted(physician)
    with pytest.raises(RefusedError):
        _save(case, "overledene", physician, reason="Vergissing", age_years="35")


def test_after_submission_an_answer_changes_only_with_a_reason(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    saved = _save(case, "overledene", reviewer, age_years="35")
    assert set(saved.problems) == {"reason"}
    saved = _save(case, "overledene", reviewer, reason="Dossier nagelezen", age_years="35")
    assert saved.problems == {}
    section = Case.objects.get(pk=case.pk).decedent_section
    kept = section.history.order_by("-history_id").first()
    assert (kept.age_years, kept.history_change_reason, kept.history_user) == (35, "Dossier nagelezen", reviewer)


def test_while_a_question_is_out_the_region_changes_answers_with_a_reason(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    case = queries.ask(
        case_id=case.pk, field="Decedent.age_years", text="Klopt dit?", seen_version=case.row_version, by=reviewer
    )
    assert _save(case, "overledene", physician, reason="Verkeerd gelezen", age_years="43").problems == {}


def test_an_unknown_page_or_case_is_not_found(physician: User) -> None:
    case = factories.draft(physician)
    with pytest.raises(NotFoundError):
        _save(case, "geheim", physician)
    with pytest.raises(NotFoundError):
        intake.save_page(case_id="geen-sleutel", page="overledene", raw={}, seen_version=1, by=physician)


def test_a_group_of_known_use_stands_once(physician: User) -> None:
    case = factories.draft(physician)
    raw = {"group": "cocaine", "user_type": "former"}
    case = rows.add_row(case_id=case.pk, kind="known_use", raw=raw, seen_version=case.row_version, by=physician)
    with pytest.raises(InvalidError, match="there already"):
        rows.add_row(case_id=case.pk, kind="known_use", raw=raw, seen_version=case.row_version, by=physician)
    case = rows.remove_row(
        case_id=case.pk,
        kind="known_use",
        row_id=case.knownuse_rows.get().pk,
        seen_version=case.row_version,
        by=physician,
    )
    assert case.knownuse_rows.count() == 0


def test_a_source_document_is_never_taken_away(physician: User) -> None:
    case = factories.draft(physician)
    raw = {"kind": "gp", "state": "requested"}
    case = rows.add_row(case_id=case.pk, kind="document", raw=raw, seen_version=case.row_version, by=physician)
    with pytest.raises(NotFoundError):
        rows.remove_row(
            case_id=case.pk,
            kind="document",
            row_id=case.sourcedocument_rows.get().pk,
            seen_version=case.row_version,
            by=physician,
        )


def test_a_blank_draft_names_every_core_question_in_the_way_of_submitting(physician: User) -> None:
    case = factories.draft(physician)
    with pytest.raises(RefusedError) as refused:
        moves.submit(case_id=case.pk, seen_version=case.row_version, by=physician)
    fields = {obstacle.field for obstacle in refused.value.obstacles}
    assert {"Decedent.sex", "Decedent.age_years", "Death.date_of_death", "Case.tox_status"} <= fields
    assert all(obstacle.nl and obstacle.en for obstacle in refused.value.obstacles)
    assert {finding.field for finding in findings_of(case) if finding.code == "core_blank"} <= fields


def test_a_warning_is_accepted_with_a_reason_before_submitting(physician: User) -> None:
    case = factories.filled(physician, {"overledene": {"age_years": "112"}})
    with pytest.raises(RefusedError, match="112"):
        moves.submit(case_id=case.pk, seen_version=case.row_version, by=physician)
    accepted = {"Q02a:Decedent.age_years": "Bevolkingsregister geraadpleegd"}
    case = moves.submit(case_id=case.pk, seen_version=case.row_version, accepted=accepted, by=physician)
    kept = case.acceptedfinding_rows.get()
    assert (case.status, kept.code, kept.reason, kept.by) == ("submitted", "Q02a", accepted.popitem()[1], physician)


def test_a_save_takes_few_queries(physician: User) -> None:
    case = factories.filled(physician)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        _save(case, "overledene", physician, age_years="51")
    assert len(seen) <= MOST_QUERIES


def test_records_of_many_cases_take_as_many_queries_as_of_two(physician: User, reviewer: User) -> None:
    def queries_for(count: int) -> int:
        keys = [factories.submitted(physician).pk for _ in range(count)]
        cases = list(cases_for(reviewer).filter(pk__in=keys).select_related(*SECTIONS))
        with CaptureQueriesContext(connection) as seen:
            assert len(records_of(cases)) == count
        return len(seen)

    assert queries_for(5) == queries_for(2)


SECTIONS = tuple(
    f"{name}_section" for name in ("decedent", "death", "causeofdeath", "circumstances", "history", "assessment")
)


def test_the_record_holds_what_was_stored(physician: User) -> None:
    case = factories.submitted(physician)
    record = record_of(Case.objects.get(pk=case.pk))
    assert record.number("Decedent.age_years") == 34
    assert record.text("Death.death_municipality") == "GM0363"
    assert [row.text("SuspectedSubstance.substance") for row in record.rows_of("SuspectedSubstance")] == ["cocaine"]
    assert record.entered_on == timezone.localdate()
