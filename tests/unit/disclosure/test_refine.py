"""A pattern only becomes cheaper, and every small count keeps an alternative that holds in exact whole numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import Policy, System, Table, build
from register.disclosure.aliases import unknowns
from register.disclosure.alternatives import Alternatives
from register.disclosure.attack import bounds
from register.disclosure.moves import Finder, Move, checked
from register.disclosure.pattern import Pattern
from register.disclosure.refine import Refinement
from tests.unit.disclosure.samples import Record, cubes, grid, records, release


def covered(system: System) -> Pattern:
    joined = unknowns(system, Policy())
    primary = joined.primary(5).tolist()
    cost = np.where(joined.printed, 1.0 + joined.values / 9, 1e-3)
    price = cost.copy()
    price[primary] = 1e-3
    everything = np.ones(len(cost), dtype=bool)
    pattern = Pattern(Finder(joined, lower=bounds(joined, "A2"), cost=price, movable=everything), primary, cost)
    assert pattern.cover() == []
    pattern.spare()
    return pattern


def assert_holds(refined: Refinement, pattern: Pattern) -> None:
    system, lower = pattern.finder.system, pattern.finder.lower
    movable = ~system.printed
    movable[[*pattern.primary, *refined.protecting]] = True
    proven = set()
    for move in refined.moves():
        steps = np.zeros(len(movable), dtype=np.int64)
        steps[list(move.cells)] = move.steps
        assert checked(system, lower=lower, movable=movable, steps=steps) == move
        proven.update(move.cells)
    assert proven >= set(pattern.primary)
    needed = {cell for move in refined.known.moves for cell in move.cells}
    assert refined.protecting <= needed


@settings(max_examples=40, deadline=None)
@given(cubes(most_count=9), st.sampled_from((0, 5, 300)))
def test_a_refined_cube_is_cheaper_and_still_proven_whatever_the_limit(table: Table, most: int) -> None:
    pattern = covered(build([table]))
    before = pattern.total()
    refined = Refinement(pattern)
    refined.publish(most)
    refined.exchange(2 * most)
    refined.wander(3 * most)
    assert refined.total() <= before + 1e-9
    assert refined.programmes <= 3 * most + 1  # the last asks both ways
    assert_holds(refined, pattern)


@settings(max_examples=8, deadline=None)
@given(records(most=12))
def test_tables_with_inequalities_are_refined_in_moves_that_obey_them(deaths: list[Record]) -> None:
    pattern = covered(build(*release(deaths)))
    before = pattern.total()
    refined = Refinement(pattern)
    refined.publish(30)
    assert refined.total() <= before + 1e-9
    assert_holds(refined, pattern)


def test_two_alternatives_that_need_a_cell_are_joined_into_one_that_does_not() -> None:
    system = build([grid((9, 9, 9), (9, 9, 9), (9, 9, 9))])
    joined = unknowns(system, Policy(threshold=10))
    size = len(joined.values)
    finder = Finder(joined, lower=bounds(joined, "A2"), cost=np.ones(size), movable=np.ones(size, dtype=bool))
    place = {key.at: joined.of_cell[number] for number, key in enumerate(system.cells)}

    def swap(first: int, second: int) -> Move:
        """One death from the first column to the second in row 0, and back in row 1."""
        steps = {(r, c): s for r, s in ((0, 1), (1, -1)) for c, s in ((first, -s), (second, s))}
        cells = {int(place[("column", f"c{c}"), ("row", f"r{r}")]): step for (r, c), step in steps.items()}
        return Move(tuple(sorted(cells)), tuple(cells[cell] for cell in sorted(cells)))

    target, between = (int(place[("column", f"c{c}"), ("row", "r0")]) for c in (0, 1))
    known = Alternatives(finder, [target], np.zeros(size, dtype=bool))
    known.add(swap(0, 1))
    known.add(swap(1, 2))
    assert known.joined(target, between) is None  # nothing rests yet
    assert known.publish(between) == [target]
    assert known.joined(target, between) == swap(0, 2)
    known.hide(between)
    assert known.covering == {target: 1}
    assert known.needed() == (swap(0, 1),)
    known.add(swap(0, 2))
    assert known.trimmed(2) is known
    assert known.trimmed(1).moves == [swap(0, 1), swap(0, 2)]  # what is needed, and the last


@pytest.mark.parametrize("most", [0, 40])
def test_the_same_table_is_refined_in_the_same_way(most: int) -> None:
    table = grid((3, 6, 1, 9), (8, 9, 2, 2), (4, 7, 12, 5), (1, 1, 20, 3))
    outcomes = []
    for _ in range(2):
        refined = Refinement(covered(build([table])))
        refined.publish(most)
        refined.exchange(2 * most)
        refined.wander(3 * most)
        outcomes.append((refined.protecting, refined.moves()))
    assert outcomes[0] == outcomes[1]
