"""Programmes told by the leaves find what programmes told cell by cell find, with fewer steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure.changes import FREE, Leaves
from register.disclosure.instances import Instance, side
from register.disclosure.lattice import lattice
from register.disclosure.moves import Finder, Move, checked
from tests.unit.disclosure.test_single import instances

FAR = 2**40


def finders(instance: Instance, *, bind: bool) -> tuple[Finder, Finder]:
    """The same search cell by cell and by leaves; ``bind``: an attacker who sees which cells are small."""
    cells = lattice(instance, zeros_shown=True)
    system = cells.unknowns(np.zeros(cells.size, dtype=bool))
    small = cells.values < 5
    cost = np.where(small, FREE, 1.0 + cells.values / 20)
    lower = np.where(small | ~np.array(bind), 1, 5)
    upper = np.where(small & bind, 4, FAR)
    movable = np.ones(cells.size, dtype=bool)
    leaves = Leaves(cells.leaves(), cells.members(), bind=bind)
    return (
        Finder(system, lower=lower, upper=upper, cost=cost, movable=movable),
        Finder(system, lower=lower, upper=upper, cost=cost, movable=movable, leaves=leaves),
    )


@settings(max_examples=40, deadline=None)
@given(instances(), st.booleans(), st.data())
def test_a_move_is_found_by_leaves_whenever_it_is_found_cell_by_cell(
    instance: Instance, bind: bool, data: st.DataObject
) -> None:
    by_cells, by_leaves = finders(instance, bind=bind)
    values = by_cells.system.values
    if not len(values):
        return
    target = data.draw(st.sampled_from([int(cell) for cell in np.argsort(values)[:4]]))
    closed = data.draw(st.lists(st.sampled_from(range(len(values))), max_size=3))
    for search in (by_cells, by_leaves):
        for cell in closed:
            if cell != target:
                search.close(cell)
    found = [search.any(target) for search in (by_cells, by_leaves)]
    assert isinstance(found[0], Move) == isinstance(found[1], Move)
    for search, move in zip((by_cells, by_leaves), found, strict=True):
        if isinstance(move, Move):
            steps = np.zeros(len(values), dtype=np.int64)
            steps[list(move.cells)] = move.steps
            assert steps[target]
            bounds = {"lower": search.lower, "upper": search.upper}
            assert checked(search.system, **bounds, movable=search.movable, steps=steps) == move


@settings(max_examples=40, deadline=None)
@given(instances(), st.sampled_from((0.5, 1.5, 3.0, np.inf)))
def test_no_move_within_a_budget_hides_what_costs_more(instance: Instance, budget: float) -> None:
    _, search = finders(instance, bind=False)
    for target in np.flatnonzero(search.system.values < 5).tolist():
        search.afford(budget)
        move = search.within(target, budget)
        if move:
            opened = [search.cost[cell] for cell in move.cells if search.cost[cell] > FREE]
            assert sum(opened) <= budget
        search.afford(np.inf)


@pytest.mark.parametrize("afford", [1.0, np.inf])
def test_hiding_a_cell_frees_it_whatever_could_be_paid_before(afford: float) -> None:
    sides = tuple(side(name, {"_T": "", "x": "_T", "y": "_T"}) for name in "ab")
    _, search = finders(Instance(sides, {(0, 0): 2, (0, 1): 9, (1, 0): 8, (1, 1): 30}, {}), bind=False)
    target = int(np.flatnonzero(search.system.values == 2)[0])
    others = [cell for cell in range(len(search.cost)) if cell != target]
    search.afford(afford)
    for cell in others:
        search.price(cell, FREE)
    assert search.within(target, 0.0) is not None
