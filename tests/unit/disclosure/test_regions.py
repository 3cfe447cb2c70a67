"""The cheapest pattern: every safe pattern meets every cut, and a pattern chosen anew stays proven."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import build
from register.disclosure.exact import Cuts
from register.disclosure.instances import Instance
from register.disclosure.lattice import lattice
from register.disclosure.moves import Demand, checked
from register.disclosure.refine import Refinement
from register.disclosure.regions import Regions
from register.disclosure.single import Promise
from register.disclosure.single_search import Answer, Task, search
from tests.unit.disclosure.oracle import Search
from tests.unit.disclosure.test_single import as_table, instances

STEPS = (1, -1, 2, -2, 3, -3, 4, 5, 6)
ASKED = 6  # cuts of one table that are held against a complete search


def asked(instance: Instance, threshold: int) -> Task:
    cells = lattice(instance, zeros_shown=True)
    system = cells.unknowns(np.zeros(cells.size, dtype=bool))
    small = system.primary(threshold)
    ends = Promise(threshold=threshold).ends(cells.values, small)
    price = cells.weight.astype(float)
    return Task(system, small, ends, price, Demand(), cells.members(), cells.leaves())


def renewed(task: Task) -> tuple[Refinement, Cuts]:
    pattern = task.pattern()
    assert pattern.cover() == []
    best = Refinement(pattern)
    cuts = Cuts(task.system, task.small, task.price, task.ends, task.told)
    cuts.relax(2)
    Regions(best, cuts).search(3)
    return best, cuts


@settings(max_examples=25, deadline=None)
@given(instances(), st.integers(2, 5))
def test_a_pattern_chosen_anew_costs_no_more_and_is_proven_in_whole_numbers(instance: Instance, threshold: int) -> None:
    task = asked(instance, threshold)
    before = task.pattern()
    before.cover()
    best, cuts = renewed(task)
    assert cuts.bound - 1e-6 <= best.total() <= before.total() + 1e-6
    movable = np.zeros(len(task.price), dtype=bool)
    movable[[*task.small.tolist(), *best.protecting]] = True
    proven = set()
    for move in best.moves():
        steps = np.zeros(len(movable), dtype=np.int64)
        steps[list(move.cells)] = move.steps
        assert checked(task.system, lower=task.ends[0], movable=movable, steps=steps) == move
        proven.update(move.cells)
    assert proven.issuperset(task.small.tolist())
    again, _ = renewed(task)
    assert again.protecting == best.protecting


@settings(max_examples=25, deadline=None)
@given(instances(), st.integers(2, 5))
def test_a_small_count_has_one_value_when_all_is_hidden_but_the_cells_of_a_cut(
    instance: Instance, threshold: int
) -> None:
    _, cuts = renewed(asked(instance, threshold))
    table = as_table(instance)
    system = build([table])
    of_cell = lattice(instance, zeros_shown=True).of_cell.ravel().tolist()
    value = dict(zip(system.cells, system.values, strict=True))
    for cut, small in list(cuts.small.items())[-ASKED:]:
        rows = list(zip(table.rows(), of_cell, strict=True))
        hidden = {table.key(codes) for codes, unknown in rows if unknown not in {-1, *cut}}
        reader = Search(system, hidden, most=max(system.values) + 20)
        for key in (table.key(codes) for codes, unknown in rows if unknown == small):
            number = system.cells.index(key)
            assert 0 < value[key] < threshold
            assert not any(reader.possible(number, value[key] + step) for step in STEPS)


@settings(max_examples=25, deadline=None)
@given(instances(), st.integers(2, 5))
def test_no_choice_below_the_bound_meets_all_cuts_it_rests_on(instance: Instance, threshold: int) -> None:
    task = asked(instance, threshold)
    answer = search(task, "exact")
    assert isinstance(answer, Answer)
    assert answer.bound <= task.price[sorted(answer.protecting)].sum() + 1e-6
    assert all(answer.protecting.intersection(cut) for cut in answer.cuts)
    cells = sorted({cell for cut in answer.cuts for cell in cut})
    for chosen in (set(some) for size in range(4) for some in combinations(cells, size)):
        if task.price[sorted(chosen)].sum() < answer.bound - 1e-6:
            assert any(chosen.isdisjoint(cut) for cut in answer.cuts)
