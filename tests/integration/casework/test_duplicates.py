"""Pairs of cases that may be one death: found after a case is handed in, decided by a person, and taken back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone

from register.access import pairs_for
from register.audit import acting_as
from register.casework import intake, moves, substances
from register.casework.dossier import Dossier
from register.casework.duplicates import deciding, finding
from register.casework.errors import InvalidError, NotFoundError, RefusedError, StaleError
from register.casework.situation import situation_of
from register.models import Case, DuplicatePair, OutboxMessage, StatusChange, User
from register.tasks import find_duplicates, find_duplicates_of_a_year
from tests import factories
from tests.factories import ROTTERDAM, submitted
from tests.trail import looks

pytestmark = pytest.mark.django_db

NOW = timezone.now()
REASON = "Twee verschillende mensen volgens de schouwarts"


@pytest.fixture
def elsewhere(db: None) -> User:
    return factories.physician(ROTTERDAM)


@pytest.fixture
def pair(physician: User, elsewhere: User) -> DuplicatePair:
    """The same death, handed in by two regions and found by the register."""
    older, later = submitted(physician), submitted(elsewhere)
    finding.look(case_id=later.pk)
    return DuplicatePair.objects.get(first=older, second=later)


def _merged(pair: DuplicatePair, by: User, take: tuple[str, ...] = (), rows: tuple[str, ...] = ()) -> DuplicatePair:
    return deciding.merge(
        pair_id=pair.pk,
        take=take,
        rows=rows,
        seen_version=DuplicatePair.objects.get(pk=pair.pk).row_version,
        first_version=factories.version(pair.first),
        second_version=factories.version(pair.second),
        by=by,
        now=NOW,
    )


def _undone(pair: DuplicatePair, by: User, **more: Any) -> DuplicatePair:
    version = DuplicatePair.objects.get(pk=pair.pk).row_version
    return deciding.undo(pair_id=pair.pk, seen_version=version, by=by, **{"reason": REASON, "now": NOW, **more})


def _changed(case: Case, by: User, page: str, **raw: str) -> Case:
    return intake.save_page(
        case_id=case.pk, page=page, raw=raw, seen_version=factories.version(case), by=by, reason="Later gebleken"
    ).case


def test_handing_in_asks_for_a_comparison_and_the_worker_finds_the_other_region_s_case(
    physician: User, elsewhere: User
) -> None:
    older, later = submitted(physician), submitted(elsewhere)
    assert not DuplicatePair.objects.exists()
    message = OutboxMessage.objects.get(task=finding.TASK, payload={"case_id": str(later.pk)})
    find_duplicates(str(message.pk))
    pair = DuplicatePair.objects.get()
    assert (pair.first_id, pair.second_id, pair.state) == (older.pk, later.pk, "open")
    assert pair.score >= 90
    find_duplicates(str(message.pk))
    assert DuplicatePair.objects.count() == 1


def test_a_draft_is_compared_with_nothing(physician: User, elsewhere: User) -> None:
    submitted(physician)
    draft = factories.filled(elsewhere)
    assert not OutboxMessage.objects.filter(task=finding.TASK, payload={"case_id": str(draft.pk)}).exists()
    assert finding.look(case_id=draft.pk).new == 0


def test_the_command_compares_every_case_once_and_finds_no_more_the_second_time(
    physician: User, elsewhere: User, capsys: pytest.CaptureFixture[str]
) -> None:
    for by in (physician, elsewhere, physician):
        submitted(by)
    call_command("find_duplicates")
    assert "3 new, 3 wait for a decision" in capsys.readouterr().out
    call_command("find_duplicates")
    assert "0 new, 3 wait for a decision" in capsys.readouterr().out


def test_all_cases_are_compared_in_the_background_and_a_pair_belongs_to_the_year_of_its_later_death(
    physician: User, elsewhere: User
) -> None:
    year = (timezone.localdate() - timedelta(days=10)).year
    unknown = {"date_of_death": "", "date_of_death_precision": "", "date_of_death_missing": "UNK"}
    across = [
        submitted(by, {"overlijden": {"date_of_death": day}})
        for by, day in ((physician, f"{year}-01-01"), (elsewhere, f"{year - 1}-12-31"))
    ]
    undated = [submitted(physician, {"overlijden": {**unknown, "external_reference": "R-7"}}) for _ in range(2)]
    call_command("find_duplicates", "--later")
    messages = list(OutboxMessage.objects.filter(task=finding.TASK_OF_A_YEAR))
    assert {message.payload["year"] for message in messages} == {"", str(year - 1), str(year)}
    for message in messages:
        find_duplicates_of_a_year(str(message.pk))
    found = {frozenset((pair.first_id, pair.second_id)) for pair in DuplicatePair.objects.filter(state="open")}
    assert found == {frozenset(case.pk for case in pair) for pair in (across, undated)}
    assert [finding.look_at_year(year=each).open for each in (year - 1, year, None)] == [0, 1, 1]


def test_cases_that_differ_too_much_are_no_pair(physician: User, elsewhere: User, reviewer: User) -> None:
    submitted(physician)
    other = moves.take(case_id=(case := submitted(elsewhere)).pk, seen_version=case.row_version, by=reviewer)
    _changed(other, reviewer, "overledene", sex="female", age_years="71")
    assert finding.look(case_id=other.pk).new == 0


def test_a_pair_that_is_alike_no_more_is_set_aside_and_comes_back(pair: DuplicatePair, reviewer: User) -> None:
    case = moves.take(case_id=pair.second_id, seen_version=factories.version(pair.second), by=reviewer)
    for age, state in (("71", "gone"), ("34", "open")):
        case = _changed(case, reviewer, "overledene", age_years=age)
        finding.look(case_id=case.pk)
        pair.refresh_from_db()
        assert pair.state == state


def test_a_death_known_to_the_month_is_compared_from_both_sides(
    physician: User, elsewhere: User, reviewer: User
) -> None:
    day = timezone.localdate() - timedelta(days=10)
    exact, wide = submitted(physician), submitted(elsewhere)
    case = moves.take(case_id=wide.pk, seen_version=wide.row_version, by=reviewer)
    _changed(case, reviewer, "overlijden", date_of_death=f"{day:%Y-%m}", date_of_death_precision="estimated")
    for one in (exact, wide):
        assert finding.look(case_id=one.pk).compared == 1


def test_nobody_of_a_region_meets_a_pair(pair: DuplicatePair, physician: User, reviewer: User) -> None:
    assert pairs_for(reviewer).count() == 1
    assert pairs_for(physician).count() == 0
    with acting_as(physician):
        assert DuplicatePair.objects.count() == 0
    with pytest.raises(NotFoundError):
        deciding.side_by_side(pair_id=pair.pk, by=physician)


def test_a_pair_that_waits_stands_in_the_way_of_closing(pair: DuplicatePair, reviewer: User) -> None:
    for case in (pair.first, pair.second):
        assert situation_of(Dossier(case), by=reviewer).undecided_duplicates == 1
    deciding.not_the_same(pair_id=pair.pk, reason=REASON, seen_version=1, by=reviewer, now=NOW)
    assert situation_of(Dossier(pair.first), by=reviewer).undecided_duplicates == 0


def test_not_the_same_death_needs_a_reason_and_is_remembered(pair: DuplicatePair, reviewer: User) -> None:
    with pytest.raises(InvalidError):
        deciding.not_the_same(pair_id=pair.pk, reason="nee", seen_version=1, by=reviewer, now=NOW)
    deciding.not_the_same(pair_id=pair.pk, reason=REASON, seen_version=1, by=reviewer, now=NOW)
    finding.look(case_id=pair.first_id)
    finding.look_at_all()
    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.decided_by) == ("different", REASON, reviewer)
    assert set(looks(actor=str(reviewer.pk))[-1].objects) == {pair.first_id, pair.second_id}
    _undone(pair, reviewer)
    assert DuplicatePair.objects.get(pk=pair.pk).state == "open"


def test_merging_keeps_both_numbers_and_the_older_case_takes_what_was_chosen(
    pair: DuplicatePair, elsewhere: User, reviewer: User
) -> None:
    second = moves.take(case_id=pair.second_id, seen_version=factories.version(pair.second), by=reviewer)
    _changed(second, reviewer, "overledene", housing="shelter")
    _changed(second, reviewer, "overlijden", place_type="hotel")
    shown = deciding.side_by_side(pair_id=pair.pk, by=reviewer)
    assert {one.spec.key for one in shown.comparisons if one.differs} == {"Decedent.housing", "Death.place_type"}
    _merged(pair, reviewer, take=("Decedent.housing",))
    first, second = Case.objects.get(pk=pair.first_id), Case.objects.get(pk=pair.second_id)
    assert (first.status, second.status) == ("submitted", "excluded")
    assert second.assessment_section.exclusion_reason == "duplicate"
    assert (first.decedent_section.housing, first.death_section.place_type) == ("shelter", "own_home")
    assert first.case_number != second.case_number
    last = StatusChange.objects.filter(case=second).order_by("at").last()
    assert last is not None
    assert (last.name, last.by) == ("merge", reviewer)


def test_a_second_sole_cause_is_not_copied(physician: User, elsewhere: User, reviewer: User) -> None:
    older, later = (factories.in_review(by, reviewer) for by in (physician, elsewhere))
    for case, substance in ((older, "cocaine"), (later, "heroin")):
        substances.add_finding(
            case_id=case.pk,
            substance=substance,
            role="sole_cause",
            evidence=("scene",),
            reason="Uit het verslag",
            seen_version=factories.version(case),
            by=reviewer,
        )
    with acting_as(finding.FINDER):
        pair = DuplicatePair.objects.create(first=older, second=later, score=90)
    with pytest.raises(InvalidError):
        _merged(pair, reviewer, rows=(str(later.substancefinding_rows.get().pk),))
    assert Case.objects.get(pk=later.pk).status == "in_review"


def test_undoing_a_merge_opens_the_case_and_gives_back_what_nobody_changed_since(
    pair: DuplicatePair, reviewer: User
) -> None:
    second = moves.take(case_id=pair.second_id, seen_version=factories.version(pair.second), by=reviewer)
    _changed(second, reviewer, "overledene", housing="shelter", age_years="35")
    row = second.suspectedsubstance_rows.get()
    substances.change_suspicion(
        case_id=second.pk,
        row_id=row.pk,
        raw={"substance": "ketamine", "reported_as": "ket"},
        seen_version=factories.version(second),
        reason="Anders gemeld",
        by=reviewer,
    )
    _merged(pair, reviewer, take=("Decedent.housing", "Decedent.age_years"), rows=(str(row.pk),))
    first = Case.objects.get(pk=pair.first_id)
    assert first.suspectedsubstance_rows.filter(removed_at=None).count() == 2
    taken = moves.take(case_id=first.pk, seen_version=first.row_version, by=reviewer)
    _changed(taken, reviewer, "overledene", age_years="36")
    _undone(pair, reviewer)
    first, second = Case.objects.get(pk=pair.first_id), Case.objects.get(pk=pair.second_id)
    assert (second.status, second.assessment_section.exclusion_reason) == ("reopened", None)
    assert (first.decedent_section.housing, first.decedent_section.age_years) == (None, 36)
    assert first.suspectedsubstance_rows.filter(removed_at=None).count() == 1
    assert DuplicatePair.objects.get(pk=pair.pk).state == "open"


def test_a_merge_is_undone_for_thirty_days(pair: DuplicatePair, reviewer: User) -> None:
    _merged(pair, reviewer)
    with pytest.raises(RefusedError) as refused:
        _undone(pair, reviewer, now=NOW + timedelta(days=31))
    assert refused.value.code == "undo_too_late"


def test_a_pair_waits_again_when_the_case_that_was_merged_away_is_reopened_by_itself(
    pair: DuplicatePair, reviewer: User
) -> None:
    _merged(pair, reviewer)
    finding.look(case_id=pair.first_id)
    assert DuplicatePair.objects.get(pk=pair.pk).state == "merged"
    version = factories.version(pair.second)
    moves.reopen(case_id=pair.second_id, reason="Toch een ander mens", seen_version=version, by=reviewer)
    finding.look(case_id=pair.second_id)
    waits = DuplicatePair.objects.get(pk=pair.pk)
    assert (waits.state, waits.decided_by) == ("open", None)


def test_a_closed_case_takes_nothing_and_is_never_merged_away(physician: User, elsewhere: User, reviewer: User) -> None:
    older = factories.closed(physician, reviewer)
    later = submitted(elsewhere)
    finding.look(case_id=later.pk)
    pair = DuplicatePair.objects.get(first=older, second=later)
    version = older.row_version
    with pytest.raises(RefusedError) as refused:
        _merged(pair, reviewer, take=("Decedent.housing",))
    assert refused.value.code == "leading_case_closed"
    _merged(pair, reviewer)
    assert (factories.version(older), Case.objects.get(pk=later.pk).status) == (version, "excluded")


def test_a_later_case_that_is_closed_is_reopened_before_it_is_merged(
    physician: User, elsewhere: User, reviewer: User
) -> None:
    older, later = submitted(elsewhere), factories.closed(physician, reviewer)
    finding.look(case_id=later.pk)
    pair = DuplicatePair.objects.get(first=older, second=later)
    assert deciding.obstacles(pair)
    with pytest.raises(RefusedError):
        _merged(pair, reviewer)
    assert Case.objects.get(pk=later.pk).status == "closed"


def test_a_decision_on_what_was_decided_or_changed_meanwhile_is_refused(pair: DuplicatePair, reviewer: User) -> None:
    other = factories.reviewer()
    with pytest.raises(StaleError):
        deciding.merge(
            pair_id=pair.pk,
            take=(),
            rows=(),
            seen_version=1,
            first_version=factories.version(pair.first),
            second_version=factories.version(pair.second) - 1,
            by=reviewer,
            now=NOW,
        )
    _merged(pair, reviewer)
    with pytest.raises(StaleError):
        deciding.not_the_same(pair_id=pair.pk, reason=REASON, seen_version=1, by=other, now=NOW)
    with pytest.raises(RefusedError):
        deciding.not_the_same(pair_id=pair.pk, reason=REASON, seen_version=2, by=other, now=NOW)
    with pytest.raises(NotFoundError):
        deciding.not_the_same(pair_id=UUID(int=0), reason=REASON, seen_version=1, by=other, now=NOW)


def test_what_was_not_offered_is_not_taken_over(pair: DuplicatePair, reviewer: User) -> None:
    for more in ({"take": ("Assessment.inclusion",)}, {"rows": (str(UUID(int=0)),)}):
        with pytest.raises(NotFoundError):
            _merged(pair, reviewer, **more)
    assert Case.objects.get(pk=pair.second_id).status == "submitted"


def test_the_other_pairs_of_a_case_that_was_merged_away_wait_no_more(
    pair: DuplicatePair, physician: User, reviewer: User
) -> None:
    third = submitted(physician)
    finding.look(case_id=third.pk)
    _merged(pair, reviewer)
    assert DuplicatePair.objects.get(first=pair.second_id, second=third).state == "gone"
    assert DuplicatePair.objects.get(first=pair.first_id, second=third).state == "open"
