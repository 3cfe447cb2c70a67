"""Many people at once, each with a connection of their own: no answer is lost, and no case is decided twice."""

import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.db import connections

from register.casework import intake, moves, substances
from register.casework.errors import CaseworkError, ConflictError, RefusedError, StaleError
from register.casework.seen import Seen
from register.models import Case, StatusChange, SuspectedSubstance, User
from tests import factories
from tests.scale import scaled

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]

WRITERS = 8
Result = TypeVar("Result")


def in_threads(calls: Iterable[Callable[[], Result]]) -> list[Result]:
    """Run the calls at once, as many as there are writers; each thread closes its connection."""

    def run(call: Callable[[], Result]) -> Result:
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, calls))


# Form names of answers to the page "overledene" that stand apart from each other, each with values to choose from.
FIELDS: dict[str, tuple[str, ...]] = {
    "age_years": tuple(str(age) for age in range(20, 80)),
    "birth_year": tuple(str(year) for year in range(1940, 2000)),
}


def _writer(number: int, cases: list[UUID], by: User, edits: int) -> list[tuple[UUID, str, str, int]]:
    """Make edits on cases as they were seen a moment ago. Gives what was acknowledged: case, field, value, version."""
    chance = random.Random(number)
    acknowledged: list[tuple[UUID, str, str, int]] = []
    told = 0
    for _ in range(edits):
        case_id, name = chance.choice(cases), chance.choice(list(FIELDS))
        value = chance.choice(FIELDS[name])
        seen = Case.objects.values_list("row_version", flat=True).get(pk=case_id)
        try:
            # Each answer was meant, also one that happens to be what stood there.
            meant = Seen(seen, only_changed=True)
            saved = intake.save_page(case_id=case_id, page="overledene", raw={name: value}, seen_version=meant, by=by)
        except ConflictError:
            told += 1
        else:
            assert saved.problems == {}
            acknowledged.append((case_id, name, value, saved.case.row_version))
    assert len(acknowledged) + told == edits
    return acknowledged


def test_no_acknowledged_edit_is_lost() -> None:
    edits = scaled("edits", small=200, full=10_000)
    by = factories.physician()
    cases = [factories.draft(by).pk for _ in range(max(4, edits // 100))]
    share = edits // WRITERS
    written = in_threads(lambda number=number: _writer(number, cases, by, share) for number in range(WRITERS))
    acknowledged = [edit for edits_of_one in written for edit in edits_of_one]
    assert acknowledged
    for case in Case.objects.filter(pk__in=cases).select_related("decedent_section"):
        mine = sorted((edit for edit in acknowledged if edit[0] == case.pk), key=lambda edit: edit[3])
        row = case.decedent_section
        history = list(row.history.order_by("case_version", "history_id"))
        for _, name, value, version in mine:
            then = [past for past in history if past.case_version <= version][-1]
            assert str(getattr(then, name)) == value, (case.pk, name, value, version)
        for name in FIELDS:
            last = next((value for _, field, value, _ in reversed(mine) if field == name), None)
            assert (None if getattr(row, name) is None else str(getattr(row, name))) == last


def test_everybody_who_saw_the_same_page_is_saved_or_told() -> None:
    rounds = scaled("rounds", small=4, full=100)
    by = factories.physician()
    for _ in range(rounds):
        case = factories.draft(by)
        start = Barrier(WRITERS)

        def save(age: int, case: Case = case, start: Barrier = start) -> int | None:
            start.wait()
            raw = {"age_years": str(age)}
            try:
                intake.save_page(case_id=case.pk, page="overledene", raw=raw, seen_version=case.row_version, by=by)
            except ConflictError as conflict:
                assert [one.mine.value for one in conflict.conflicts] == [age]
                return None
            return age

        saved = [age for age in in_threads(lambda age=age: save(age) for age in range(30, 30 + WRITERS)) if age]
        assert saved == [Case.objects.get(pk=case.pk).decedent_section.age_years]


def test_rows_added_at_once_are_all_there() -> None:
    by = factories.physician()
    case = factories.draft(by)
    names = [f"poeder {number}" for number in range(scaled("rows", small=16, full=64))]

    def add(name: str) -> None:
        substances.add_suspicion(case_id=case.pk, reported_as=name, seen_version=case.row_version, by=by)

    in_threads(lambda name=name: add(name) for name in names)
    assert set(SuspectedSubstance.objects.filter(case=case).values_list("reported_as", flat=True)) == set(names)


def _race(calls: list[Callable[[], Any]]) -> tuple[int, list[CaseworkError]]:
    """Start the calls at the same moment. Gives how many won, and why the others did not."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> CaseworkError | None:
        start.wait()
        try:
            call()
        except CaseworkError as refusal:
            return refusal
        return None

    outcomes = in_threads(lambda call=call: run(call) for call in calls)
    refusals = [outcome for outcome in outcomes if outcome is not None]
    return len(outcomes) - len(refusals), refusals


def test_a_case_is_taken_closed_and_reopened_once() -> None:
    rounds = scaled("races", small=6, full=334)
    physician, reviewers = factories.physician(), [factories.reviewer() for _ in range(3)]
    for _ in range(rounds):
        case = factories.submitted(physician)
        act = {"case_id": case.pk, "seen_version": case.row_version}
        _assert_one_winner([partial(moves.take, by=by, **act) for by in reviewers], case, "take")
        ready = _made_ready(case, physician)
        act = {"case_id": case.pk, "seen_version": ready.row_version}
        _assert_one_winner([partial(moves.close, by=by, **act) for by in reviewers], case, "close")
        act["seen_version"] = factories.version(case)
        again = [partial(moves.reopen, by=by, reason="Late uitslag", **act) for by in reviewers]
        _assert_one_winner(again, case, "reopen")


def _made_ready(case: Case, physician: User) -> Case:
    reviewer = Case.objects.select_related("assigned_to").get(pk=case.pk).assigned_to
    assert reviewer is not None
    return factories.made_ready(Case.objects.get(pk=case.pk), physician, reviewer)


def _assert_one_winner(calls: list[Callable[[], Any]], case: Case, name: str) -> None:
    won, refusals = _race(calls)
    assert won == 1
    assert all(isinstance(refusal, StaleError | RefusedError) and refusal.nl for refusal in refusals)
    assert StatusChange.objects.filter(case=case, name=name).count() == 1
