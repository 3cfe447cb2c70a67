"""Moves are checked exactly, and patterns hide nothing that no move needs."""

import numpy as np
import pytest
from hypothesis import given, settings

from register.disclosure import (
    CellKey,
    Dimension,
    Identity,
    Infeasible,
    Policy,
    Protected,
    Table,
    audit,
    build,
    protect,
    solver,
)
from register.disclosure.aliases import unknowns
from register.disclosure.attack import bounds
from register.disclosure.moves import Finder, Move, NoMove, checked
from register.disclosure.pattern import Pattern
from register.disclosure.protect import prove
from register.disclosure.system import AtLeastZero, System
from tests.unit.disclosure.samples import Record, cubes, grid, line, records, release


def listed(name: str, **counts: int) -> Table:
    """Cells that stand alone, tied only by the links of the test."""
    return Table(name, "all", (Dimension.listed("cell", tuple(counts)),), {(c,): n for c, n in counts.items()}, name)


def at(name: str, code: str) -> CellKey:
    return CellKey.of("all", name, {"cell": code})


SQUARE = grid((3, 6), (8, 9))
# Unknowns in the order of their keys: total, c0, (c0, r0), (c0, r1), c1, (c1, r0), (c1, r1), r0, r1.
EXCHANGE = [0, 0, 1, -1, 0, -1, 1, 0, 0]


@pytest.mark.parametrize(
    ("steps", "movable", "holds"),
    [
        (EXCHANGE, None, True),
        ([-step for step in EXCHANGE], None, True),
        ([0, 0, 1, -1, 0, -1, 2, 0, 0], None, False),
        ([3 * step for step in EXCHANGE], None, True),
        ([6 * step for step in EXCHANGE], None, False),
        (EXCHANGE, 2, False),
    ],
)
def test_only_whole_changes_that_keep_sums_bounds_and_published_cells_are_moves(
    steps: list[int], movable: int | None, holds: bool
) -> None:
    joined = unknowns(build([SQUARE]), Policy())
    free = np.ones(len(joined.values), dtype=bool)
    if movable is not None:
        free[movable] = False
    move = checked(joined, lower=bounds(joined, "A2"), movable=free, steps=np.array(steps))
    assert (move is not None) is holds
    assert move is None or dict(zip(move.cells, move.steps, strict=True)) == {n: s for n, s in enumerate(steps) if s}


def test_a_change_that_breaks_an_inequality_is_no_move() -> None:
    tables = [listed("small", a=3), listed("large", b=4)]
    links = [AtLeastZero(((at("large", "b"), 1), (at("small", "a"), -1)), "small within large")]
    joined = unknowns(build(tables, links), Policy())
    free = np.ones(2, dtype=bool)
    up = [checked(joined, lower=bounds(joined, "A2"), movable=free, steps=np.array([0, n])) for n in (1, 2)]
    assert up[0] is not None
    assert up[1] is None


def finder(system: System, policy: Policy) -> tuple[Finder, list[int]]:
    joined = unknowns(system, policy)
    movable = np.ones(len(joined.values), dtype=bool)
    found = Finder(joined, lower=bounds(joined, "A2"), cost=np.ones(len(movable)), movable=movable)
    return found, joined.primary(policy.threshold).tolist()


def test_a_closed_cell_takes_no_part_until_it_is_opened_again() -> None:
    search, (target,) = finder(build([SQUARE]), Policy())
    before = search.short(target)
    assert before is not None
    other = next(cell for cell in before.cells if cell != target)
    search.close(other)
    around = search.any(target)
    assert isinstance(around, Move)
    assert other not in around.cells
    search.open(other)
    assert search.short(target) == before
    search.close(target)
    assert search.any(target) == NoMove(proven=True)


def test_a_small_count_that_moves_only_with_a_large_one_is_still_moved() -> None:
    tables = [listed("small", a=1), listed("large", b=1000)]
    link = Identity(((at("large", "b"), 1), (at("small", "a"), -1000)), "a thousand to one")
    system = build(tables, [link])
    search, (target,) = finder(system, Policy())
    assert search.short(target) is None
    assert search.any(target) == Move((0, 1), (1000, 1))


def test_a_count_that_whole_numbers_give_away_is_found_though_real_numbers_do_not() -> None:
    tables = [listed("hidden", p=1, q=1), listed("shown", s=5)]
    link = Identity(((at("shown", "s"), 1), (at("hidden", "p"), -3), (at("hidden", "q"), -2)), "3p + 2q = s")
    system = build(tables, [link])
    hidden = {at("hidden", "p"), at("hidden", "q")}
    found = audit(system, hidden, Policy(attacker="A1"))
    assert found.exact["A1"] == frozenset()
    assert found.whole == hidden
    assert not found.unproven
    outcome = protect(system, Policy(forced_open=frozenset({at("shown", "s")}), attacker="A1"))
    assert isinstance(outcome, Infeasible)
    assert {reason.cell for reason in outcome.reasons} == hidden


def test_a_pattern_that_was_not_covered_is_refused_by_the_verifier_and_by_the_attacker() -> None:
    system = build([SQUARE])
    search, primary = finder(system, Policy())
    outcome = prove(system, search.system, Policy(), Pattern(search, primary, search.cost))
    assert isinstance(outcome, Infeasible)
    sentences = {reason.en for reason in outcome.reasons}
    assert "A count that is too small has no witness." in sentences
    assert "all deaths (column c0, row r0) can be computed from what would be published." in sentences


@settings(max_examples=60, deadline=None)
@given(cubes(most_count=9))
def test_improving_never_costs_more_and_leaves_no_cell_hidden_for_nothing(table: Table) -> None:
    search, primary = finder(build([table]), Policy())
    pattern = Pattern(search, primary, search.cost.copy())
    assert pattern.cover() == []
    before = pattern.total()
    pattern.improve()
    assert pattern.total() <= before
    assert all(pattern.touching.get(cell) for cell in (*pattern.protecting, *pattern.primary))
    visible = set(np.flatnonzero(pattern.visible).tolist())
    assert not visible & pattern.protecting
    assert not visible.intersection(cell for move in pattern.moves.values() for cell in move.cells)


@settings(max_examples=40, deadline=None)
@given(records(most=30))
def test_every_hidden_cell_is_moved_by_a_witness(deaths: list[Record]) -> None:
    outcome = protect(build(*release(deaths)), Policy())
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    claim = outcome.dossier.claim
    moved = {cell for witness in claim.witnesses for cell, _ in witness}
    assert moved >= {cell for cell, hidden in enumerate(claim.hidden) if hidden}


def test_cells_that_a_published_zero_makes_equal_are_one_unknown() -> None:
    """Part + rest = whole and rest + other = 0, so whole = part, though nobody prints the rest."""
    tables = [listed("shown", whole=8, part=8, nothing=0)]
    hidden = listed("unseen", rest=0, other=0)
    unseen = Table(hidden.name, "all", hidden.dimensions, hidden.counts, hidden.measure, printed=False)
    whole, part, nothing = (at("shown", code) for code in ("whole", "part", "nothing"))
    rest, other = at("unseen", "rest"), at("unseen", "other")
    links = [
        Identity(((whole, 1), (part, -1), (rest, -1)), "part and rest"),
        Identity(((nothing, 1), (rest, -1), (other, -1)), "nothing"),
    ]
    joined = unknowns(build([*tables, unseen], links), Policy())
    assert len(joined.values) == 1
    assert joined.shown.tolist() == [2]


def test_a_line_of_many_small_counts_is_covered_by_the_moves_of_its_total() -> None:
    table = line(*([2] * 30), 50)
    outcome = protect(build([table]), Policy())
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    assert not outcome.dossier.secondary


def test_a_search_that_stops_at_its_limit_proves_nothing_and_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(solver.OPTIONS, "simplex_iteration_limit", 0)
    outcome = protect(build([SQUARE]), Policy())
    assert isinstance(outcome, Infeasible)
    assert all("within the limit of the search" in reason.en for reason in outcome.reasons)
    assert all("binnen de zoekgrens" in reason.nl for reason in outcome.reasons)


def test_an_attack_that_stops_at_its_limit_blocks_a_pattern_with_all_its_witnesses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    system = build([SQUARE])
    search, primary = finder(system, Policy())
    pattern = Pattern(search, primary, search.cost.copy())
    assert pattern.cover() == []
    monkeypatch.setitem(solver.OPTIONS, "simplex_iteration_limit", 0)
    outcome = prove(system, search.system, Policy(), pattern)
    assert isinstance(outcome, Infeasible)
    assert [reason.en for reason in outcome.reasons] == ["The trial attack did not come to an end; nothing is proven."]
