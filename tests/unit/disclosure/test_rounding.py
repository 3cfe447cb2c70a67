"""Rounded registers against every register there is, on tables small enough to try them all."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from register.disclosure import Dimension, DisclosureInputError, Policy, System, Table, build
from register.disclosure.aliases import unknowns
from register.disclosure.controlled import Controlled, NotRounded, round_controlled
from register.disclosure.instances import Instance, side
from register.disclosure.rounding import Rounded, round_instance, round_small
from tests.unit.disclosure.samples import cubes, grid, line
from tests.unit.disclosure.test_single import instances

FEW = settings(max_examples=40, deadline=None)
SHOWN = Policy(threshold=5)


@st.composite
def registers(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Draw leaves and the cells that count them; a leaf may be published nowhere by itself."""
    size = draw(st.integers(1, 7))
    leaves = draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    cells = draw(st.lists(st.lists(st.booleans(), min_size=size, max_size=size), min_size=1, max_size=6))
    return np.array(leaves, dtype=np.int64), np.array(cells, dtype=np.int64)


def best(leaves: np.ndarray, cells: np.ndarray, after: np.ndarray, base: int) -> int:
    """Return the smallest largest deviation over all registers that round the same leaves."""
    loose = np.flatnonzero(after != leaves) if (after != leaves).any() else np.array([], dtype=int)
    tried = []
    for choice in product((0, base), repeat=len(loose)):
        other = after.copy()
        other[loose] = choice
        if not ((cells @ other > 0) & (cells @ other < base)).any():
            tried.append(int(np.abs(cells @ (other - leaves)).max(initial=0)))
    return min(tried)


@FEW
@given(registers(), st.sampled_from((3, 5)))
def test_no_published_count_lies_below_the_base_and_only_small_ones_made_leaves_change(
    register: tuple[np.ndarray, np.ndarray], base: int
) -> None:
    leaves, cells = register
    found = round_small(leaves, sparse.csr_array(cells), base)
    assert found.cells.tolist() == (cells @ found.leaves).tolist()
    assert not ((found.cells > 0) & (found.cells < base)).any()
    changed = found.leaves != leaves
    assert set(found.leaves[changed].tolist()) <= {0, base}
    assert changed.sum() <= found.changed
    assert not changed[leaves >= base].any()
    assert not changed[leaves == 0].any()
    assert found.largest == np.abs(found.cells - cells @ leaves).max()
    if not ((cells @ leaves > 0) & (cells @ leaves < base)).any():
        assert found.changed == 0


@FEW
@given(registers(), st.sampled_from((3, 5)))
def test_the_search_comes_close_to_the_best_of_all_registers(
    register: tuple[np.ndarray, np.ndarray], base: int
) -> None:
    leaves, cells = register
    found = round_small(leaves, sparse.csr_array(cells), base)
    assert found.largest <= best(leaves, cells, found.leaves, base) + 1


def test_a_leaf_that_feeds_no_small_count_is_left_alone() -> None:
    leaves = np.array([2, 4, 4], dtype=np.int64)
    found = round_small(leaves, sparse.csr_array(np.array([[1, 0, 0], [0, 1, 1]])), 5)
    assert found.leaves.tolist() == [0, 4, 4]
    assert (found.cells.tolist(), found.changed, found.largest) == ([0, 8], 1, 2)


def test_a_count_that_becomes_small_by_rounding_is_rounded_as_well() -> None:
    leaves = np.array([1, 1, 4], dtype=np.int64)
    found = round_small(leaves, sparse.csr_array(np.array([[1, 1, 0], [1, 1, 1]])), 5)
    assert not ((found.cells > 0) & (found.cells < 5)).any()


def test_an_empty_register_and_one_without_small_counts_stay_as_they_are() -> None:
    cells = sparse.csr_array(np.array([[1, 1]]))
    for counts in ([0, 0], [9, 7]):
        found = round_small(np.array(counts, dtype=np.int64), cells, 5)
        assert (found.leaves.tolist(), found.largest) == (counts, 0)


def named(instance: Instance, found: Rounded) -> dict[frozenset[tuple[str, str]], int]:
    """Return the cells by the names of their codes."""
    return {
        frozenset((one.name, one.codes[place]) for one, place in zip(instance.sides, at, strict=True)): int(value)
        for at, value in np.ndenumerate(found.cells)
    }


@FEW
@given(instances(), st.randoms(use_true_random=False))
def test_the_order_of_dimensions_and_codes_makes_no_difference(instance: Instance, chance: Random) -> None:
    sides = list(reversed(instance.sides))
    turned, places = [], []
    for one in sides:
        codes = list(one.codes)
        chance.shuffle(codes)
        above = {one.codes[part]: one.codes[parent] for parent, parts in one.sums for part in parts}
        again = side(one.name, {code: above.get(code, "") for code in codes})
        leaves = [one.codes[int(place)] for place in one.leaf_positions]
        order = [again.codes[int(place)] for place in again.leaf_positions]
        turned.append(again)
        places.append([order.index(code) for code in leaves])
    counts = {
        tuple(place[leaf] for place, leaf in zip(places, reversed(at), strict=True)): count
        for at, count in instance.counts.items()
    }
    other = Instance(tuple(turned), counts, {})
    assert named(instance, round_instance(instance, 5)) == named(other, round_instance(other, 5))


def test_only_bases_three_and_five_and_real_counts_are_taken() -> None:
    cells = sparse.csr_array(np.array([[1]]))
    for counts, base in (([1], 4), ([-1], 5)):
        with pytest.raises(DisclosureInputError, match="base of 3 or 5"):
            round_small(np.array(counts, dtype=np.int64), cells, base)


def every_rounding(system: System, base: int) -> list[int]:
    """Return the total deviation of every table of neighbouring multiples that adds up."""
    places = []
    for value in system.values:
        low = value - value % base
        places.append((low,) if low == value else (low, low + base))
    sums = []
    for values in product(*places):
        if all(sum(values[cell] * factor for cell, factor in row) == 0 for row in system.equations):
            sums.append(sum(abs(new - old) for new, old in zip(values, system.values, strict=True)))
    return sums


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=6), st.sampled_from((3, 5)))
def test_controlled_rounding_is_the_nearest_of_all_that_add_up(counts: list[int], base: int) -> None:
    half = len(counts) // 2
    table = grid(tuple(counts[:half]), tuple(counts[half : 2 * half]))
    system = build([table])
    joined = unknowns(system, SHOWN)
    found = round_controlled(joined, base)
    assert isinstance(found, Controlled)
    after = found.of_cells(joined).tolist()
    assert all(sum(after[cell] * factor for cell, factor in row) == 0 for row in system.equations)
    assert all(abs(new - old) < base and new % base == 0 for new, old in zip(after, system.values, strict=True))
    assert found.deviation == found.least == min(every_rounding(system, base))


@settings(max_examples=30, deadline=None)
@given(cubes())
def test_a_table_that_cannot_be_rounded_nearby_says_so_and_wider_multiples_help(table: Table) -> None:
    joined = unknowns(build([table]), SHOWN)
    found = round_controlled(joined, 5)
    if isinstance(found, NotRounded):
        assert found.proven
        found = round_controlled(joined, 5, wider=1)
    assert isinstance(found, Controlled)
    assert found.largest < 10


def test_three_sums_of_two_that_cannot_all_hold_are_said_to_be_impossible() -> None:
    sums = (("p", ("a", "b")), ("q", ("b", "c")), ("r", ("a", "c")))
    ones = Table("ring", "all", (Dimension("leaf", ("a", "b", "c", "p", "q", "r"), sums),), {(x,): 1 for x in "abc"})
    joined = unknowns(build([ones]), SHOWN)
    found = round_controlled(joined, 2)
    assert isinstance(found, NotRounded)
    assert found.proven
    assert found.en == "No table with neighbouring multiples of 2 adds up; allow wider multiples, and say so."
    assert isinstance(round_controlled(joined, 2, wider=1), Controlled)


def test_rounding_needs_a_base() -> None:
    joined = unknowns(build([line(1, 2)]), SHOWN)
    for base, wider in ((1, 0), (5, -1)):
        with pytest.raises(DisclosureInputError, match="base of at least 2"):
            round_controlled(joined, base, wider=wider)
