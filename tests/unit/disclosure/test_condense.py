"""Replacing hidden sums by their parts changes nothing of what an attacker can say."""

import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure.attack import determined
from register.disclosure.condense import condensed, picked, replaceable
from register.disclosure.confine import confined
from register.disclosure.instances import Instance
from register.disclosure.lattice import lattice
from register.disclosure.policy import Level
from tests.unit.disclosure.test_single import instances


@settings(max_examples=60, deadline=None)
@given(instances(), st.booleans(), st.integers(2, 6), st.sampled_from(("A1", "A2")), st.data())
def test_the_same_counts_are_computable_and_confined_with_and_without_the_hidden_sums(
    instance: Instance, zeros_shown: bool, threshold: int, level: Level, data: st.DataObject
) -> None:
    cells = lattice(instance, zeros_shown=zeros_shown)
    system = cells.unknowns(np.zeros(cells.size, dtype=bool))
    flags = data.draw(st.lists(st.booleans(), min_size=cells.size, max_size=cells.size))
    hidden = np.array(flags, dtype=bool) | (cells.values < threshold)
    found = confined(system, hidden, level, threshold)
    known = determined(system, hidden, level)
    with pytest.MonkeyPatch.context() as patch:
        for room in ("confine", "attack"):
            whole = importlib.import_module(f"register.disclosure.{room}")
            patch.setattr(whole, "replaceable", lambda equations, hidden, lower, values: np.zeros_like(hidden))
        assert (confined(system, hidden, level, threshold) == found).all()
        assert (determined(system, hidden, level) == known).all()


@settings(max_examples=60, deadline=None)
@given(instances())
def test_the_true_counts_fit_what_is_left_and_no_replaced_sum_stands_in_it(instance: Instance) -> None:
    cells = lattice(instance, zeros_shown=True)
    equations, values = cells.equations, cells.values
    gone = replaceable(equations, np.ones(cells.size, dtype=bool), np.minimum(values, 1), values)
    assert gone.sum() == equations.shape[0]
    every = picked(np.arange(cells.size), cells.size)
    nothing, parts = condensed(equations, gone, every)
    assert nothing.nnz == 0
    assert (parts[:, cells.leaves()] != cells.members()).nnz == 0
    some = gone & (np.arange(cells.size) % 2 == 0)
    left, told = condensed(equations, some, every)
    assert not (left @ values).any()
    assert (told @ values == values).all()
    assert not left[:, np.flatnonzero(some)].nnz + told[:, np.flatnonzero(some)].nnz
    assert left.shape[0] == equations.shape[0] - some.sum()
