"""From suspicion to final conclusion: substances, toxicology, coding, closing, and what follows from each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from register.audit import acting_as
from register.casework import moves, reopening, review, substances, suggestions, toxicology
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError, NotFoundError, RefusedError
from register.casework.record import facts_of
from register.models import Case, Release, Substance, ToxResult, User
from register.workflow.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_reporter_never_reviews_the_own_case(reviewer: User, physician: User) -> None:
    case = factories.submitted(physician)
    physician.role = Role.REGISTER_STAFF.value
    physician.save()
    with pytest.raises(RefusedError, match="entered this case yourself"):
        moves.take(case_id=case.pk, seen_version=case.row_version, by=physician)


def test_the_register_sees_no_draft(physician: User, reviewer: User) -> None:
    case = factories.filled(physician)
    with pytest.raises(NotFoundError):
        moves.take(case_id=case.pk, seen_version=case.row_version, by=reviewer)


def test_a_closed_case_is_locked_and_says_who_decided(physician: User, reviewer: User) -> None:
    case = factories.closed(physician, reviewer)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.status, stored.decided_by, stored.version) == ("closed", reviewer, 1)
    assert stored.locked_on is not None and stored.completeness > 0
    outcomes = {row.definition: (row.outcome, row.basis) for row in stored.definitionresult_rows.all()}
    assert outcomes == {"sel_b": ("yes", "coded"), "sel_d": ("yes", "coded"), "nl_broad": ("yes", "coded")}
    assessment = stored.assessment_section
    assert (assessment.primary_group, assessment.groups_involved, assessment.polydrug_count) == (
        "cocaine",
        ["cocaine"],
        1,
    )


def test_every_obstacle_to_closing_is_named(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    codes = {obstacle.code for obstacle in moves.obstacles_to(case=case, move="close", by=reviewer)}
    assert codes == {"tox_open", "conclusion_missing", "inclusion_missing", "coding_unconfirmed"}
    with pytest.raises(RefusedError) as refused:
        moves.close(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    assert {obstacle.code for obstacle in refused.value.obstacles} == codes


def test_an_unmapped_name_stops_closing_until_it_is_linked(physician: User, reviewer: User) -> None:
    case = factories.ready_to_close(physician, reviewer)
    case = factories.add_result(case, physician, reported_as="2-fma xyz")
    with pytest.raises(RefusedError, match="2-fma xyz"):
        moves.close(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    row = case.toxresult_rows.get(reported_as="2-fma xyz").pk
    with pytest.raises(InvalidError, match="not in the catalogue"):
        substances.map_row(
            case_id=case.pk, kind="result", row_id=row, substance="nee", seen_version=case.row_version, by=reviewer
        )
    case = substances.map_row(
        case_id=case.pk, kind="result", row_id=row, substance="2-fma", seen_version=case.row_version, by=reviewer
    )
    assert ToxResult.objects.get(pk=row).reported_as == "2-fma xyz"
    request = case.toxrequest_rows.get().pk
    case = toxicology.receive_report(
        case_id=case.pk, request_id=request, raw={"status": "final"}, seen_version=case.row_version, by=physician
    )
    assert moves.close(case_id=case.pk, seen_version=case.row_version, by=reviewer).status == "closed"


def test_a_suspicion_stays_beside_the_finding_and_learns_what_became_of_it(physician: User, reviewer: User) -> None:
    case = factories.ready_to_close(physician, reviewer)
    suspicion = case.suspectedsubstance_rows.get()
    assert (suspicion.reported_as, suspicion.substance_id, suspicion.outcome) == ("coke", "cocaine", "confirmed")


def test_a_suspicion_goes_before_submission_and_is_struck_out_afterwards(physician: User, reviewer: User) -> None:
    case = factories.filled(physician)
    row = case.suspectedsubstance_rows.get().pk
    case = substances.remove_suspicion(case_id=case.pk, row_id=row, seen_version=case.row_version, by=physician)
    assert case.suspectedsubstance_rows.count() == 0
    case = factories.in_review(physician, reviewer)
    row = case.suspectedsubstance_rows.get().pk
    with pytest.raises(InvalidError):
        substances.remove_suspicion(case_id=case.pk, row_id=row, seen_version=case.row_version, by=reviewer)
    case = substances.remove_suspicion(
        case_id=case.pk, row_id=row, reason="Hoort bij een ander", seen_version=case.row_version, by=reviewer
    )
    struck = case.suspectedsubstance_rows.get()
    assert struck.removed_at is not None and struck.removed_reason == "Hoort bij een ander"


def test_there_is_one_sole_cause(physician: User, reviewer: User) -> None:
    case = factories.ready_to_close(physician, reviewer)
    with pytest.raises(InvalidError) as invalid:
        substances.add_finding(
            case_id=case.pk,
            substance="mdma",
            role="sole_cause",
            evidence=("tox_lab",),
            reason="Uitslag van het laboratorium",
            seen_version=case.row_version,
            by=reviewer,
        )
    assert set(invalid.value.problems) == {"role"}


def test_another_code_than_the_suggested_one_needs_a_reason(physician: User, reviewer: User) -> None:
    case = factories.ready_to_close(physician, reviewer)
    assert case.causeofdeath_section.icd10_ucod == "X42"
    with pytest.raises(InvalidError) as invalid:
        review.code(case_id=case.pk, ucod="X44", t_codes=["T40.5"], seen_version=case.row_version, by=reviewer)
    assert set(invalid.value.problems) == {"override_reason"}
    with pytest.raises(InvalidError) as invalid:
        review.code(case_id=case.pk, ucod="vergif", t_codes=["X1"], seen_version=case.row_version, by=reviewer)
    assert set(invalid.value.problems) == {"ucod", "t_codes"}
    case = review.code(
        case_id=case.pk,
        ucod="x44",
        t_codes=["t405"],
        override_reason="Codeur CBS",
        seen_version=case.row_version,
        by=reviewer,
    )
    section = Case.objects.get(pk=case.pk).causeofdeath_section
    assert (section.icd10_ucod, section.icd10_t_codes, section.icd10_override_reason) == (
        "X44",
        ["T40.5"],
        "Codeur CBS",
    )


def test_a_suggestion_that_changed_after_coding_stops_closing(physician: User, reviewer: User) -> None:
    case = factories.ready_to_close(physician, reviewer)
    case = review.conclude(case_id=case.pk, intent_final="suicide", seen_version=case.row_version, by=reviewer)
    assert case.causeofdeath_section.icd10_ucod_suggested == "X62"
    with pytest.raises(RefusedError) as refused:
        moves.close(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    assert "override_unexplained" in {obstacle.code for obstacle in refused.value.obstacles}


def test_without_a_suggestion_there_is_nothing_to_accept(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    with pytest.raises(RefusedError, match="No code was suggested"):
        review.accept_suggestion(case_id=case.pk, seen_version=case.row_version, by=reviewer)


def test_confirmed_needs_more_than_suspicion(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    with pytest.raises(InvalidError) as invalid:
        review.conclude(case_id=case.pk, inclusion="confirmed", seen_version=case.row_version, by=reviewer)
    assert set(invalid.value.problems) == {"inclusion"}
    with pytest.raises(InvalidError, match="Exclude the case"):
        review.conclude(case_id=case.pk, inclusion="excluded", seen_version=case.row_version, by=reviewer)


def test_excluding_needs_a_reason_of_the_list(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    with pytest.raises(RefusedError, match="Choose the reason"):
        moves.exclude(case_id=case.pk, reason="zomaar", seen_version=case.row_version, by=reviewer)
    case = moves.exclude(case_id=case.pk, reason="outside_nl", seen_version=case.row_version, by=reviewer)
    assert (case.status, case.assessment_section.exclusion_reason) == ("excluded", "outside_nl")
    assert facts_of(Case.objects.get(pk=case.pk)).death_in_netherlands is False


def test_a_reopened_case_is_a_new_version_and_is_coded_again(
    physician: User, reviewer: User, second_reviewer: User
) -> None:
    case = factories.closed(physician, reviewer)
    case = moves.reopen(case_id=case.pk, reason="Late uitslag", seen_version=case.row_version, by=second_reviewer)
    assert (case.status, case.version, case.locked_on, case.decided_by) == ("reopened", 2, None, None)
    assert case.assessment_section.coding_confirmed_by is None
    case = moves.take(case_id=case.pk, seen_version=case.row_version, by=second_reviewer)
    assert case.assessment_section.reviewer == second_reviewer


def test_a_case_of_a_final_release_is_reopened_by_two(physician: User, reviewer: User, second_reviewer: User) -> None:
    case = factories.closed(physician, reviewer)
    year = case.death_section.date_of_death_from.year
    with acting_as(reviewer):
        Release(
            identifier="2026-f",
            title="Definitief",
            status="published_final",
            definition="sel_b",
            year_from=year,
            year_to=year,
            cut_off=timezone.now() + timedelta(minutes=1),
            rule_version="1",
            build="built",
            created_by=reviewer,
            submitted_by=reviewer,
            approved_by=second_reviewer,
        ).save()
    for second in (None, reviewer):
        with pytest.raises(RefusedError, match="agree"):
            moves.reopen(
                case_id=case.pk, reason="Fout", second_person=second, seen_version=case.row_version, by=reviewer
            )
    case = reopening.ask(case_id=case.pk, reason="Fout", seen_version=case.row_version, by=second_reviewer)
    assert (case.status, reopening.needs_another(Dossier(case), by=reviewer)) == ("closed", False)
    with pytest.raises(RefusedError, match="agree"):
        moves.reopen(case_id=case.pk, reason="Fout", seen_version=case.row_version, by=second_reviewer)
    case = moves.reopen(case_id=case.pk, reason="Fout", seen_version=case.row_version, by=reviewer)
    assert (case.status, case.reopening_asked_by) == ("reopened", None)


def test_the_picker_knows_street_names_and_leaves_retired_substances_out() -> None:
    assert suggestions.search("keta")[0].match.code == "ketamine"
    assert len(suggestions.search("a")) <= 8
    Substance.objects.filter(pk="ketamine").update(status="retired")
    assert "ketamine" not in {found.match.code for found in suggestions.search("keta")}


def test_a_new_name_in_the_catalogue_is_known_at_once(physician: User) -> None:
    assert suggestions.search("flatsie") == ()
    Substance.objects.get(pk="mdma").synonyms.create(text="flatsie", kind="street", language="nl")
    assert [found.match.code for found in suggestions.search("flatsie")] == ["mdma"]


def test_a_name_that_changes_again_in_the_same_moment_is_known_by_its_last_text() -> None:
    synonym = Substance.objects.get(pk="mdma").synonyms.create(text="flatsie", kind="street", language="nl")
    for text in ("flutsie", "flotsie"):
        assert suggestions.search(synonym.text)
        synonym.text = text
        synonym.save()
    assert suggestions.search("flotsie")[0].match.matched_text == "flotsie"
