"""Taking a report over and concluding from it, as writes: who may, whole or not at all, and what the history keeps."""

import pytest

from register.casework import laboratory_report, toxicology_findings
from register.casework.analytes import report_of
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError, NotFoundError, RefusedError, StaleError
from register.casework.findings import check
from register.models import Case, ToxResult, User
from register.quality.findings import TERM_UNMAPPED, codes_of
from register.workflow.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def take(case: Case, by: User, text: str, again: str = "", stage: str = "") -> Case:
    lines = [one for one in laboratory_report.read_text(text)[1] if one.state != "unreadable"]
    return laboratory_report.take_over(
        case_id=case.pk,
        request_id=case.toxrequest_rows.get().pk,
        report={"report_reference": "R-1"},
        lines=lines,
        stage=stage,
        again=again,
        seen_version=case.row_version,
        by=by,
    )


def test_a_report_with_one_line_that_cannot_be_stored_stores_nothing(physician: User) -> None:
    case = factories.submitted(physician)
    lines = laboratory_report.read_text("MDMA;1,2;mg/L")[1]
    with pytest.raises(InvalidError) as invalid:
        laboratory_report.take_over(
            case_id=case.pk,
            request_id=case.toxrequest_rows.get().pk,
            report={"received_on": "31-02-2026"},
            lines=lines,
            seen_version=case.row_version,
            by=physician,
        )
    assert set(invalid.value.problems) == {"received_on"}
    assert not ToxResult.objects.exists()


def test_a_report_over_an_older_version_of_the_case_stores_nothing(physician: User) -> None:
    case = factories.submitted(physician)
    take(case, physician, "MDMA;1,2;mg/L")
    with pytest.raises(StaleError):
        take(case, physician, "MDMA;1,2;mg/L", again="add")
    assert ToxResult.objects.count() == 1


def test_a_replaced_line_keeps_its_history_and_a_struck_one_counts_nowhere(physician: User) -> None:
    case = take(factories.submitted(physician), physician, "cocaïne;0,3;mg/L\nMDMA;1,2;mg/L")
    case = take(case, physician, "cocaïne;0,4;mg/L", again="replace")
    row = case.toxresult_rows.get(removed_at=None)
    assert [str(past.value.normalize()) for past in row.history.order_by("history_id")] == ["0.3", "0.4"]
    assert str(row.normalised_value.normalize()) == "4E+2"
    report = report_of(case)
    assert [family.parent for family in report.families] == ["cocaine"]
    assert case.suspectedsubstance_rows.get().outcome == "confirmed"


def test_a_known_metabolite_needs_no_link_before_closing_and_an_unknown_name_does(physician: User) -> None:
    case = take(factories.submitted(physician), physician, "6-MAM;12;µg/L\nN-pyrrolidino X;positief")
    unmapped = codes_of(check(Dossier(case)))[TERM_UNMAPPED]
    assert ["N-pyrrolidino X" in finding.nl for finding in unmapped] == [True]


def test_a_rapid_test_is_evidence_of_its_own_kind(physician: User) -> None:
    case = take(factories.submitted(physician), physician, "cocaïne;positief", stage="rapid")
    case = toxicology_findings.take_proposals(
        case_id=case.pk, keys=["cocaine"], seen_version=case.row_version, by=physician
    )
    assert case.substancefinding_rows.get().evidence == ["scene", "rapid_test"]


def test_a_laboratory_enters_results_and_concludes_nothing(physician: User) -> None:
    case = take(factories.submitted(physician), physician, "cocaïne;0,3;mg/L")
    clerk = factories.person(Role.LAB_CLERK)
    with pytest.raises(RefusedError, match="records results"):
        toxicology_findings.take_proposals(case_id=case.pk, keys=["cocaine"], seen_version=case.row_version, by=clerk)


def test_two_conclusions_are_not_both_the_sole_cause(physician: User) -> None:
    case = take(factories.submitted(physician), physician, "cocaïne;0,3;mg/L\nMDMA;1,2;mg/L")
    case = toxicology_findings.take_proposals(
        case_id=case.pk, keys=["cocaine", "mdma"], seen_version=case.row_version, by=physician
    )
    first, second = case.substancefinding_rows.order_by("id")

    def sole(key: object) -> Case:
        return toxicology_findings.conclude(
            case_id=case.pk,
            row_id=str(key),
            raw={"role": "sole_cause"},
            seen_version=factories.version(case),
            by=physician,
        )

    sole(first.pk)
    with pytest.raises(InvalidError) as invalid:
        sole(second.pk)
    assert set(invalid.value.problems) == {"role"}


def test_a_conclusion_of_another_case_is_not_found(physician: User) -> None:
    case, other = factories.submitted(physician), factories.handed_in(physician)
    with pytest.raises(NotFoundError):
        toxicology_findings.conclude(
            case_id=case.pk,
            row_id=other.substancefinding_rows.get().pk,
            raw={"role": "joint_cause"},
            seen_version=case.row_version,
            by=physician,
        )
