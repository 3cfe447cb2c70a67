"""What only the later of two cases has is offered and copied when they are merged, and the copies go with the merge."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from register.audit import acting_as
from register.casework import moves, substances, toxicology
from register.casework.dossier import Dossier
from register.casework.duplicates import deciding
from register.casework.duplicates.copies import ONE_BY_ONE, REPORT
from register.casework.findings import key_of, unaccepted
from register.casework.rows import add_row
from register.models import Case, DuplicatePair, User
from register.workflow.verbs import Verb
from tests import factories
from tests.factories import ROTTERDAM, add_result, submitted, version
from tests.trail import changes

pytestmark = pytest.mark.django_db
NOW = timezone.now()
KINDS = (*ONE_BY_ONE, *REPORT)


@pytest.fixture
def elsewhere(db: None) -> User:
    return factories.physician(ROTTERDAM)


def _pair(first: Case, second: Case) -> DuplicatePair:
    with acting_as("system:duplicates"):
        return DuplicatePair.objects.create(first=first, second=second, score=95)


def _merged(pair: DuplicatePair, by: User, rows: Any = None) -> DuplicatePair:
    """Merge with every row that is offered, or with these."""
    offered = [str(offer.row.pk) for offer in deciding.side_by_side(pair_id=pair.pk, by=by).rows]
    return deciding.merge(
        pair_id=pair.pk,
        take=(),
        rows=offered if rows is None else rows,
        seen_version=DuplicatePair.objects.get(pk=pair.pk).row_version,
        first_version=version(pair.first),
        second_version=version(pair.second),
        reason="Zelfde mens",
        by=by,
        now=NOW,
    )


def _undone(pair: DuplicatePair, by: User) -> None:
    now = DuplicatePair.objects.get(pk=pair.pk)
    why = "Toch twee mensen, volgens de schouwarts"
    deciding.undo(pair_id=pair.pk, reason=why, seen_version=now.row_version, by=by, now=NOW)


def _rich(by: User) -> Case:
    """A case with a row of every kind: heroin suspected, found and concluded, in a specimen of another laboratory."""
    case = factories.filled(by)
    act: dict[str, Any] = {"case_id": case.pk, "by": by}
    for kind, raw in (
        ("naloxone", {"given_by": "ambulance"}),
        ("known_use", {"group": "ghb", "user_type": "recreational"}),
        ("document", {"kind": "police", "state": "requested"}),
    ):
        add_row(kind=kind, raw=raw, seen_version=version(case), **act)
    heroin: dict[str, Any] = {"substance": "heroin", "evidence": ("scene",), **act}
    substances.add_suspicion(reported_as="bruin", seen_version=version(case), **heroin)
    suspicion = case.suspectedsubstance_rows.get(substance="heroin")
    substances.add_finding(suspicion=suspicion.pk, role="joint_cause", seen_version=version(case), **heroin)
    request = case.toxrequest_rows.get()
    toxicology.change_request(
        request_id=request.pk, raw={"lab": "erasmus-mc", "report_reference": "T-17"}, seen_version=version(case), **act
    )
    toxicology.add_sample(request_id=request.pk, raw={"matrix": "urine"}, seen_version=version(case), **act)
    toxicology.add_result(
        request_id=request.pk,
        sample_id=case.toxsample_rows.get().pk,
        raw={"reported_as": "morfine", "outcome": "detected", "value": "0,2", "unit": "mg_l"},
        seen_version=version(case),
        **act,
    )
    case = Case.objects.get(pk=case.pk)
    accepted = {key_of(finding): "Gecontroleerd" for finding in unaccepted(Dossier(case))}
    return moves.submit(case_id=case.pk, seen_version=case.row_version, accepted=accepted, by=by)


def _counts(case: Case) -> dict[str, int]:
    standing = {
        model: [row for row in model._default_manager.filter(case=case) if getattr(row, "removed_at", None) is None]
        for model in KINDS
    }
    return {model.__name__: len(rows) for model, rows in standing.items()}


def test_every_kind_of_row_is_copied_once_says_where_it_came_from_and_goes_with_the_merge(
    physician: User, elsewhere: User, reviewer: User
) -> None:
    older, later = submitted(physician), _rich(elsewhere)
    pair, before, of_later = _pair(older, later), _counts(older), _counts(later)
    _merged(pair, reviewer)
    # The suspicion that both cases have is not copied; everything else is.
    expected = {name: before[name] + of_later[name] for name in before}
    assert _counts(older) == expected | {"SuspectedSubstance": 2}
    assert _counts(later) == of_later
    result = older.toxresult_rows.get(reported_as="morfine")
    assert (result.request.report_reference, result.sample.matrix) == ("T-17", "urine")
    assert {result.request.case_id, result.sample.case_id} == {older.pk}
    concluded = older.substancefinding_rows.get(substance="heroin")
    assert concluded.suspicion == older.suspectedsubstance_rows.get(substance="heroin")
    kept = result.history.get()
    assert (kept.history_user, kept.history_change_reason) == (
        reviewer,
        f"Overgenomen uit zaak {later.case_number}: Zelfde mens",
    )
    copied = DuplicatePair.objects.get(pk=pair.pk).copied
    assert copied[str(result.pk)] == str(later.toxresult_rows.get().pk)
    (told,) = [one for one in changes() if one.pk == str(result.pk)]
    assert told.actor == str(reviewer.pk)
    shown = deciding.side_by_side(pair_id=pair.pk, by=reviewer)
    assert (shown.rows, len(shown.copied)) == ((), len(copied))
    _undone(pair, reviewer)
    assert _counts(older) == before
    assert older.suspectedsubstance_rows.exclude(removed_at=None).get().substance_id == "heroin"
    assert Case.objects.get(pk=older.pk).tox_status == "requested"


def test_of_a_report_that_both_cases_have_only_what_is_new_is_offered_and_nothing_is_overwritten(
    physician: User, elsewhere: User, reviewer: User
) -> None:
    older, later = submitted(physician), submitted(elsewhere)
    for case, by in ((older, physician), (later, elsewhere)):
        add_result(Case.objects.get(pk=case.pk), by, reported_as="cocaïne", value="0,4", unit="mg_l")
    add_result(Case.objects.get(pk=later.pk), elsewhere, reported_as="morfine", value="0,1", unit="mg_l")
    pair = _pair(older, later)
    (offer,) = deciding.side_by_side(pair_id=pair.pk, by=reviewer).rows
    assert [row.reported_as for row in offer.results] == ["morfine"]
    request = older.toxrequest_rows.get()
    _merged(pair, reviewer)
    assert older.toxrequest_rows.get() == request
    assert older.toxrequest_rows.get().row_version == request.row_version
    assert sorted(older.toxresult_rows.values_list("reported_as", flat=True)) == ["cocaïne", "morfine"]
    other = _pair(older, submitted(elsewhere))
    assert deciding.side_by_side(pair_id=other.pk, by=reviewer).rows == ()


def test_no_toxicology_gives_way_to_a_report_and_stands_again_after_undoing(
    physician: User, elsewhere: User, reviewer: User
) -> None:
    older, later = factories.handed_in(physician), _rich(elsewhere)
    pair = _pair(older, later)
    _merged(pair, reviewer)
    request = older.toxrequest_rows.get()
    assert (request.status, request.lab_id, request.not_requested_reason) == ("partial", "erasmus-mc", None)
    assert Case.objects.get(pk=older.pk).tox_status == "partial"
    _undone(pair, reviewer)
    request.refresh_from_db()
    assert (request.status, request.lab_id, request.not_requested_reason) == ("not_requested", None, "prosecutor")
    assert not (older.toxresult_rows.exists() or older.toxsample_rows.exists())


def test_a_copy_that_somebody_changed_since_stays_with_what_it_stands_under(
    physician: User, elsewhere: User, reviewer: User
) -> None:
    older, later = submitted(physician), _rich(elsewhere)
    pair = _pair(older, later)
    _merged(pair, reviewer)
    moves.take(case_id=older.pk, seen_version=version(older), by=reviewer)
    result = older.toxresult_rows.get()
    toxicology.change_result(
        case_id=older.pk,
        row_id=result.pk,
        raw={"value": "0,3"},
        reason="Verbeterd door het laboratorium",
        seen_version=version(older),
        by=reviewer,
    )
    _undone(pair, reviewer)
    assert older.toxresult_rows.get().request_id == result.request_id
    assert older.toxsample_rows.count() == 1


@pytest.mark.parametrize("table", ["toxrequest", "toxsample", "toxresult", "sourcedocument"])
def test_toxicology_is_taken_away_with_the_merge_that_copied_it_and_at_no_other_time(
    table: str, reviewer: User
) -> None:
    other_act = acting_as(reviewer, doing=Verb.REVIEW_CASE, reason="Weg met deze uitslag")
    with pytest.raises(DatabaseError, match="never taken away"), transaction.atomic(), other_act:
        connection.cursor().execute(f"DELETE FROM register_{table} WHERE false")
