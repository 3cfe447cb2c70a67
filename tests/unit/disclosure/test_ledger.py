"""A release beside those that were published before it: what is known stays known, what is hidden stays hidden."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from register.disclosure import (
    Cell,
    CellKey,
    Chronicle,
    Count,
    DisclosureInputError,
    Edition,
    Infeasible,
    Past,
    Policy,
    Protected,
    Suppressed,
    build,
    chronicle,
    protect,
    protect_beside,
    verify,
)
from tests.unit.disclosure.samples import Record, line, records, release
from tests.unit.disclosure.test_history import Between, computable, seen

POLICY = Policy(threshold=3)
TOTAL = CellKey("all", "deaths", ())
Counts = tuple[int, ...]
Late = list[tuple[int, list[Record]]]  # how many of the first deaths are gone, and which came


def _record(told: str) -> Record:
    """A death from its year, its sex and the first letters of what was found."""
    return told[0], told[1], frozenset(name for name in ("opioid", "cocaine", "other") if name[:2] in told[2:])


def _records(*told: str) -> list[Record]:
    return [_record(one) for one in told]


NEW_ZEROS_TELL: tuple[list[Record], Late] = (
    _records("1M co", "2F co", "1F ot", "2F op", "1M op ot", "2F op co"),
    [(2, _records("2M op co", "1M ot"))],
)
A_SUM_OF_OLD_AND_NEW_TELLS: tuple[list[Record], Late] = (
    _records("2M op co ot", "1M", "1F co ot"),
    [(0, _records("1F op ot")), (1, [])],
)
Shown = dict[CellKey, Cell]


def _edition(counts: Counts, shown: Shown) -> Edition:
    published = {key: cell.value if isinstance(cell, Count) else None for key, cell in shown.items()}
    return Edition(build([line(*counts)]), published)


def _beside(editions: Sequence[Edition], counts: Counts) -> tuple[Chronicle, Protected | Infeasible]:
    whole = chronicle([*editions, Edition(build([line(*counts)]))], POLICY)
    return whole, protect_beside(whole.system, POLICY, Past.of(whole))


def _first(counts: Counts) -> Shown:
    outcome = protect(build([line(*counts)]), POLICY)
    assert isinstance(outcome, Protected)
    return dict(outcome.cells)


def _newest(whole: Chronicle, outcome: Protected) -> Shown:
    return {key: outcome.cells[name] for key, name in whole.newest.items()}


@settings(max_examples=25, deadline=None)
@given(st.tuples(*[st.integers(0, 5)] * 3), st.tuples(*[st.integers(-1, 3)] * 3))
def test_a_release_beside_another_gives_no_small_count_or_change_away(first: Counts, changes: Counts) -> None:
    second = tuple(max(old + step, 0) for old, step in zip(first, changes, strict=True))
    before = _first(first)
    whole, outcome = _beside([_edition(first, before)], second)
    order = sorted(before)
    if isinstance(outcome, Infeasible):
        closed: list[Cell] = [Count(0) if value == 0 else Suppressed() for value in seen(second)]
        assert computable([first, second], [[before[key] for key in order], closed], Between())
        return
    after = _newest(whole, outcome)
    assert computable([first, second], [[cells[key] for key in order] for cells in (before, after)], Between()) == []
    same = [key for key, one, other in zip(order, seen(first), seen(second), strict=True) if one == other]
    assert [key for key in same if before[key] != after[key]] == []
    assert outcome.dossier is not None
    assert verify(outcome.dossier.claim).holds


@settings(max_examples=60, deadline=None)
@given(records(most=12), st.lists(st.tuples(st.integers(0, 3), records(most=3)), min_size=1, max_size=2))
@example(*NEW_ZEROS_TELL)
@example(*A_SUM_OF_OLD_AND_NEW_TELLS)
def test_what_every_release_before_kept_no_later_one_lets_go_without_a_word(deaths: list[Record], late: Late) -> None:
    """Not by its zeros either, nor by sums of old and new counts. What people accept stops nothing and may be told."""
    editions = list[Edition]()
    for gone, more in [(0, list[Record]()), *late]:
        deaths = [*deaths[gone:], *more]
        tables, links = release(deaths)
        system = build(tables, links)
        whole = chronicle([*editions, Edition(system)], POLICY)
        outcome = protect_beside(whole.system, POLICY, Past.of(whole))
        if isinstance(outcome, Infeasible):
            accepted = {whole.origin[reason.cell] for reason in outcome.reasons if reason.cell}
            whole = chronicle([*editions, Edition(system)], POLICY, waived=accepted)
            again = protect_beside(whole.system, POLICY, Past.of(whole, accepted))
            names = (
                {whole.origin[one.cell] for one in again.reasons if one.cell} if isinstance(again, Infeasible) else ()
            )
            assert not accepted.intersection(names)
            return
        assert outcome.dossier is not None
        assert outcome.dossier.system.unsafe(3) == whole.system.unsafe(3)
        shown = {key: outcome.cells[name] for key, name in whole.newest.items() if name in outcome.cells}
        told = {key: cell.value if isinstance(cell, Count) else None for key, cell in shown.items()}
        editions.append(Edition(system, told))


def test_a_count_that_did_not_change_is_one_unknown_in_all_releases() -> None:
    first = _edition((1, 7, 9, 6), _first((1, 7, 9, 6)))
    whole, outcome = _beside([first, first], (1, 7, 9, 6))
    assert len(whole.system.cells) == 5
    assert not whole.changes
    assert isinstance(outcome, Protected)
    assert _newest(whole, outcome) == _first((1, 7, 9, 6))


def test_what_earlier_releases_gave_away_by_themselves_stops_no_new_one_and_is_guarded_no_more() -> None:
    shown: Shown = {key: Count(value) for key, value in zip(sorted(_first((9, 8))), (17, 9, 8), strict=True)}
    lost = {
        key: Suppressed() if value == 2 else Count(value) for key, value in zip(sorted(shown), (11, 9, 2), strict=True)
    }
    whole, outcome = _beside([_edition((9, 2), lost)], (9, 8))
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    small = CellKey("all [1]", "deaths", (("leaf", "leaf1"),))
    assert dict(zip(whole.system.cells, whole.system.guarded, strict=True))[small]
    assert not dict(zip(whole.system.cells, outcome.dossier.system.guarded, strict=True))[small]
    assert _newest(whole, outcome)[TOTAL] == Count(17)


def test_a_small_change_beside_a_total_that_stays_open_is_named() -> None:
    first = _edition((9, 8, 7), _first((9, 8, 7)))
    whole = chronicle([first, Edition(build([line(9, 8, 9)]))], POLICY, waived=[TOTAL])
    policy = replace(POLICY, forced_open=frozenset({whole.newest[TOTAL]}))
    outcome = protect_beside(whole.system, policy, Past.of(whole))
    assert isinstance(outcome, Infeasible)
    named = {whole.origin[reason.cell] for reason in outcome.reasons if reason.cell}
    assert named == {CellKey("all", "deaths", (("leaf", "leaf2"),))}
    assert protect_beside(whole.system, policy, Past.of(whole), hasty=True) == outcome


def test_an_earlier_release_that_told_another_count_than_its_facts_give_is_refused() -> None:
    wrong = {**_first((9, 8, 7)), TOTAL: Count(25)}
    with pytest.raises(DisclosureInputError, match="Another count"):
        _beside([_edition((9, 8, 7), wrong)], (9, 8, 7))
