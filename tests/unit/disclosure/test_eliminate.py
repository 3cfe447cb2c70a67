"""Elimination in whole numbers: whatever is published, every small count keeps an alternative."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from register.disclosure import single_search
from register.disclosure.arrays import Ints
from register.disclosure.eliminate import Elimination
from register.disclosure.instances import Instance, read_instance
from register.disclosure.lattice import lattice, summed
from register.disclosure.packing import packed
from register.disclosure.single import Hidden, Promise, Unprotected, protect_single
from register.disclosure.single_search import Method
from register.disclosure.wishes import Wishes
from tests.unit.disclosure.test_single import files, instances, write

ATTACKERS = {"A1": 0, "A2": 1}
PRIME = 2**31 - 1


@settings(max_examples=25, deadline=None)
@given(instances(), st.integers(2, 6), st.sampled_from(sorted(ATTACKERS)), st.randoms(use_true_random=False))
def test_after_each_cell_that_asks_the_published_stand_still_and_the_small_can_move(
    instance: Instance, threshold: int, attacker: str, random: object
) -> None:
    """Whatever the order in which the cells ask."""
    cells = lattice(instance, zeros_shown=True)
    members, leaves, values = cells.members(), cells.leaves(), cells.values
    fall = values[leaves] - ATTACKERS[attacker]
    small = np.flatnonzero(values < threshold)
    asking = np.flatnonzero(values >= threshold).tolist()
    random.shuffle(asking)  # type: ignore[attr-defined]
    elimination = Elimination(members, fall, small)
    published: list[int] = []
    for cell in asking:
        if elimination.publish(cell):
            published.append(cell)
        alternatives = elimination.alternatives()
        assert (alternatives >= -fall).all()
        assert not (members[published] @ alternatives.T).any()
        assert (members[small] @ alternatives.T != 0).any(axis=1).all()


def given_away(published: Ints, asked: Ints) -> bool:
    """Return whether a row is a sum of published rows modulo a prime, by elimination."""
    rows = [[int(entry) for entry in row] for row in (*published, asked)]
    for column in range(len(asked)):
        pivot = next((row for row in rows[:-1] if row[column] % PRIME), None)
        if pivot is None:
            continue
        rows = [row for row in rows if row is not pivot]
        inverse = pow(pivot[column], -1, PRIME)
        for place, row in enumerate(rows):
            times = row[column] * inverse % PRIME
            rows[place] = [(one - times * other) % PRIME for one, other in zip(row, pivot, strict=True)]
    return not any(rows[-1])


@settings(max_examples=25, deadline=None)
@given(instances(), st.integers(2, 6))
def test_elimination_modulo_a_prime_finds_no_sum_that_gives_a_small_count_or_hidden_ones_of_a_line_away(
    instance: Instance, threshold: int
) -> None:
    """Ones beside shown zeros are known when their sum is; what whole numbers prove needs no rule for them."""
    cells = lattice(instance, zeros_shown=True)
    members, values = cells.members(), cells.values
    small = np.flatnonzero(values < threshold)
    elimination = Elimination(members, values[cells.leaves()] - 1, small)
    asking = np.flatnonzero(values >= threshold).tolist()
    shown = [cell for cell in asking if elimination.publish(cell)]
    published = members[shown].toarray()
    ones = {frozenset(line.indices[values[line.indices] == 1].tolist()) for line in cells.lines()}
    sums = [{cell} for cell in small.tolist()] + [set(line) for line in sorted(ones, key=sorted) if line]
    for cell in sums:
        assert not given_away(published, members[sorted(cell)].toarray().sum(axis=0))


@given(instances())
@settings(max_examples=15, deadline=None)
def test_the_leaves_of_each_unknown_add_up_to_it(instance: Instance) -> None:
    truth = summed(instance.tensor(), instance.sides).ravel()
    for zeros_shown in (True, False):
        cells = lattice(instance, zeros_shown=zeros_shown)
        told = cells.members() @ cells.values[cells.leaves()]
        unknown = cells.of_cell.ravel()
        assert (told[unknown[unknown >= 0]] == truth[unknown >= 0]).all()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_packed_alternatives_change_all_that_the_single_ones_change(data: st.DataObject) -> None:
    count, leaves = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 5))
    fall = np.array(data.draw(st.lists(st.integers(0, 3), min_size=leaves, max_size=leaves)))
    step = [st.integers(-int(most), 2) for most in fall]
    alternatives = np.array([[data.draw(one) for one in step] for _ in range(count)])
    small = csr_array(
        np.array(data.draw(st.lists(st.lists(st.integers(0, 1), min_size=leaves, max_size=leaves), min_size=1)))
    )
    changed = (small @ alternatives.T != 0).any(axis=1)
    small = small[np.flatnonzero(changed)]
    tables = packed(alternatives, fall, small)
    assert (tables >= -fall).all()
    assert (small @ tables.T != 0).any(axis=1).all()
    assert len(tables) <= 2 * count + len(alternatives)


def test_two_alternatives_that_cancel_out_are_told_apart() -> None:
    alternatives = np.array([[1, -1], [-1, 1]])
    small = csr_array(np.array([[1, 0], [0, 1]]))
    assert (small @ packed(alternatives, np.array([2, 2]), small).T != 0).any(axis=1).all()


def test_ones_beside_shown_zeros_can_only_rise_so_their_sum_stays_hidden(tmp_path: Path) -> None:
    """A row of ones with its total shown is known for certain by whoever knows that no hidden cell is nought."""
    hierarchies = {
        "region": {"_T": "", "r0": "_T", "r1": "_T", "r2": "_T"},
        "age": {"_T": "", "a0": "_T", "a1": "_T", "a2": "_T", "a3": "_T", "a4": "_T"},
    }
    rows = {"r0": (1, 1, 1, 1, 1), "r1": (9, 8, 7, 9, 8), "r2": (6, 9, 8, 7, 9)}
    counts = {(region, f"a{n}"): count for region, row in rows.items() for n, count in enumerate(row)}
    folder = write(tmp_path, hierarchies, counts)
    protected, _ = files(folder, Promise(method="eliminate"))
    assert "r0,_T,,suppressed" in protected.read_text(encoding="utf-8").splitlines()
    known = files(folder, Promise(method="eliminate", attacker="A1"))[0].read_text(encoding="utf-8")
    assert "r0,_T,5,published" in known.splitlines()


@settings(max_examples=15, deadline=None)
@given(instances())
def test_a_large_table_starts_from_elimination_modulo_a_prime_and_a_larger_one_is_left_to_whole_numbers(
    instance: Instance,
) -> None:
    """A tiny table stands for a large one: the sizes at which the ways part are set to nought."""
    for most, method in ((10**9, "modular"), (0, "eliminate")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(single_search, "BUILT", 0)
            patch.setattr(single_search, "REFINED", most)
            found = protect_single(instance, Promise())
        named = protect_single(instance, Promise(method=cast("Method", method)))
        assert isinstance(found, Hidden)
        assert isinstance(named, Hidden)
        assert found.hidden.tolist() == named.hidden.tolist()
        assert found.price == named.price


def test_a_cell_that_cannot_stay_open_is_named_and_nothing_is_published(tmp_path: Path) -> None:
    hierarchies = {"region": {"_T": "", "r0": "_T", "r1": "_T"}}
    folder = write(tmp_path, hierarchies, {("r0",): 2, ("r1",): 9})
    instance = read_instance(folder)
    kept = Wishes(kept=frozenset({(0,), (2,)}))
    found = protect_single(instance, Promise(method="eliminate"), kept)
    assert isinstance(found, Unprotected)
    assert "must stay open, and then not everything is protected" in found.reasons[0][1]
