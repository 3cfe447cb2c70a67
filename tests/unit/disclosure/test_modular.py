"""Elimination modulo a prime: what it publishes gives no target away, and what it hides would, told in fractions."""

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from register.disclosure import Infeasible, Policy, Protected, Suppressed, audit, build, protect, single_search
from register.disclosure.aliases import unknowns
from register.disclosure.arrays import Ints
from register.disclosure.instances import Instance, read_instance
from register.disclosure.lattice import Lattice, lattice
from register.disclosure.modular import Asked, Targets
from register.disclosure.single import Hidden, Promise, Unprotected, protect_single
from register.disclosure.single_explain import explanation
from register.disclosure.verdict import verify_files
from register.disclosure.wishes import Wishes
from tests.unit.disclosure.oracle import Search
from tests.unit.disclosure.samples import Record, records, release
from tests.unit.disclosure.test_determinism import fingerprint
from tests.unit.disclosure.test_single import as_table, files, instances, keys, write

BY_PRIME = Promise(method="modular")
REGIONS = {"_T": "", "r0": "_T", "r1": "_T", "r2": "_T"}
AGES = {"_T": "", "a0": "_T", "a1": "_T", "a2": "_T", "a3": "_T", "a4": "_T"}


class Span:
    """All combinations of some rows, in exact fractions."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[Fraction]]] = []

    def rest(self, row: Ints) -> list[Fraction]:
        """Return what is left of a row; nought everywhere when it is a combination."""
        left = [Fraction(int(entry)) for entry in row]
        for pivot, other in self.rows:
            times = left[pivot]
            left = [one - times * two for one, two in zip(left, other, strict=True)]
        return left

    def holds(self, row: Ints) -> bool:
        return not any(self.rest(row))

    def add(self, row: Ints) -> None:
        left = self.rest(row)
        if any(left):
            pivot = next(place for place, entry in enumerate(left) if entry)
            self.rows.append((pivot, [entry / left[pivot] for entry in left]))


def spanned(rows: Ints) -> Span:
    span = Span()
    for row in rows:
        span.add(row)
    return span


def asked_of(cells: Lattice, threshold: int, least: int) -> tuple[Asked, Targets, list[int]]:
    """Return the cells as rows over leaves, what nobody may know, and the cells that ask, the greatest first."""
    asked = Asked(cells.members(), cells.leaves(), cells.equations)
    small = np.flatnonzero(cells.values < threshold)
    order = np.flatnonzero(cells.values >= threshold)
    return asked, asked.targets(small, cells.values == least), order[np.argsort(-cells.values[order])].tolist()


@settings(max_examples=40, deadline=None)
@given(instances(), st.integers(2, 6), st.sampled_from((0, 1)))
def test_it_hides_what_a_reader_with_fractions_would_hide_cell_by_cell(
    instance: Instance, threshold: int, least: int
) -> None:
    """Every cell but the smallest asked for in turn: no target is told, and each refusal names one that would be."""
    cells = lattice(instance, zeros_shown=True)
    asked, targets, order = asked_of(cells, threshold, least)
    hidden = asked.choose(order, targets, np.zeros(cells.size, dtype=bool))
    rows, wanted = asked.rows.toarray(), targets.rows.toarray()
    assert wanted.tolist() == [rows[list(one)].sum(axis=0).tolist() for one in targets.cells]
    shown = [cell for cell in order if cell not in hidden]
    told = spanned(rows[shown])
    assert not any(told.holds(target) for target in wanted)
    for cell, target in hidden.items():
        assert spanned(rows[[*shown, cell]]).holds(wanted[target])
    plainly: list[int] = []
    for cell in order:
        more = spanned(rows[[*plainly, cell]])
        plainly += [] if any(more.holds(target) for target in wanted) else [cell]
    assert shown == plainly
    assert asked.reasons(shown, hidden, targets).keys() == hidden.keys()
    for cell, target in asked.reasons(shown, hidden, targets).items():
        assert target is not None
        assert spanned(rows[[*shown, cell]]).holds(wanted[target])


@settings(max_examples=40, deadline=None)
@given(instances(), st.integers(2, 5))
def test_no_set_of_cells_beside_what_is_hidden_can_be_published_too(instance: Instance, threshold: int) -> None:
    """Over all sets of a tiny table: every set that contains what is published and more gives a target away."""
    cells = lattice(instance, zeros_shown=True)
    asked, targets, order = asked_of(cells, threshold, 1)
    hidden = asked.choose(order, targets, np.zeros(cells.size, dtype=bool))
    rows, wanted = asked.rows.toarray(), targets.rows.toarray()
    shown = [cell for cell in order if cell not in hidden]
    for count in range(1, 3):
        for more in combinations(list(hidden)[:6], count):
            span = spanned(rows[[*shown, *more]])
            assert any(span.holds(target) for target in wanted)


@settings(max_examples=25, deadline=None)
@given(instances(), st.integers(2, 6), st.sampled_from(("A0", "A1", "A2")))
def test_once_repaired_no_attacker_computes_a_small_count(instance: Instance, threshold: int, attacker: str) -> None:
    found = protect_single(instance, Promise(threshold=threshold, attacker=attacker, method="modular"))
    assert isinstance(found, Hidden)
    table = as_table(instance)
    system = build([table])
    hidden = keys(table, found, set(np.flatnonzero(found.hidden).tolist()))
    tried = audit(system, hidden, Policy(threshold=threshold, attacker="A2" if attacker == "A2" else "A1"))
    levels = ("A0", "A1", "A2")
    assert not any(tried.exact[level] for level in levels[: levels.index(attacker) + 1])
    assert tried.safe


@settings(max_examples=15, deadline=None)
@given(instances(), st.integers(2, 6))
def test_the_same_table_gives_the_same_bytes_and_a_certificate_that_verifies(
    tmp_path_factory: pytest.TempPathFactory, instance: Instance, threshold: int
) -> None:
    hierarchies = {
        one.name: {code: "".join(one.codes[above] for above in _above(one.sums, n)) for n, code in enumerate(one.codes)}
        for one in instance.sides
    }
    counts = {
        tuple(one.codes[int(one.leaf_positions[leaf])] for one, leaf in zip(instance.sides, at, strict=True)): count
        for at, count in instance.counts.items()
    }
    promise = Promise(threshold=threshold, method="modular")
    first = write(tmp_path_factory.mktemp("first"), hierarchies, counts)
    again = write(tmp_path_factory.mktemp("again"), hierarchies, dict(reversed(counts.items())))
    one, other = files(first, promise), files(again, promise)
    assert one[0].read_bytes() == other[0].read_bytes()
    assert verify_files(first, *one) == verify_files(again, *other) == []
    before = one[1].read_bytes()
    assert files(first, promise)[1].read_bytes() == before


def _above(sums: tuple[tuple[int, tuple[int, ...]], ...], code: int) -> list[int]:
    return [parent for parent, parts in sums if code in parts]


@settings(max_examples=25, deadline=None)
@given(records(), st.integers(2, 4))
def test_linked_tables_are_chosen_together(deaths: list[Record], threshold: int) -> None:
    """Their equations are known beside what is published; inequalities are left to what repairs the pattern."""
    tables, links = release(deaths)
    system, policy = build(tables, links), Policy(threshold=threshold)
    joined = unknowns(system, policy)
    small = joined.primary(threshold)
    size = len(joined.values)
    every = np.eye(size, dtype=np.int64)
    asked = Asked(csr_array(every), np.arange(size), joined.equations, known=True)
    targets = asked.targets(small, joined.values == 1)
    order = [cell for cell in np.flatnonzero(joined.printed).tolist() if cell not in small]
    hidden = asked.choose(order, targets, np.zeros(size, dtype=bool))
    shown = [cell for cell in order if cell not in hidden]
    known = [*joined.equations.toarray(), *every[shown]]
    if not any(spanned(joined.equations.toarray()).holds(target) for target in targets.rows.toarray()):
        assert not any(spanned(known).holds(target) for target in targets.rows.toarray())
    for cell, target in hidden.items():
        assert spanned([*known, every[cell]]).holds(targets.rows.toarray()[target])
    outcome = protect(system, policy, method="modular")
    assert fingerprint(outcome) == fingerprint(protect(build(tables[::-1], links[::-1]), policy, method="modular"))
    assert isinstance(outcome, Protected)
    suppressed = {key for key, cell in outcome.cells.items() if cell == Suppressed()}
    assert audit(system, suppressed, policy).safe
    search = Search(system, suppressed, most=max(system.values, default=0) + 20)
    for number in range(len(system.cells)):
        if system.guarded[number] and 0 < system.values[number] < threshold:
            near = range(max(0, system.values[number] - 6), system.values[number] + 7)
            assert any(search.possible(number, value) for value in near if value != system.values[number])


def counted(*rows: tuple[int, ...]) -> dict[tuple[str, ...], int]:
    return {(f"r{place}", f"a{number}"): count for place, row in enumerate(rows) for number, count in enumerate(row)}


ONES = counted((1, 1, 1, 1, 1), (9, 8, 7, 9, 8), (6, 9, 8, 7, 9))


def test_a_row_of_ones_is_given_away_by_its_sum_where_nobody_can_be_less(tmp_path: Path) -> None:
    instance = read_instance(write(tmp_path, {"region": REGIONS, "age": AGES}, ONES))
    cells = lattice(instance, zeros_shown=True)
    row = int(cells.of_cell[1, 0])
    for least in (0, 1):
        asked, targets, order = asked_of(cells, 5, least)
        hidden = asked.choose(order, targets, np.zeros(cells.size, dtype=bool))
        assert (row in hidden) is (least == 1)
    assert cells.values[list(targets.cells[hidden[row]])].tolist() == [1, 1, 1, 1, 1]


def test_the_explanation_says_what_each_cell_would_give_away(tmp_path: Path) -> None:
    instance = read_instance(write(tmp_path, {"region": REGIONS, "age": AGES}, ONES))
    found = protect_single(instance, BY_PRIME)
    assert isinstance(found, Hidden)
    told = explanation(instance, BY_PRIME, found)["gives_away"]
    assert len(told) == len(explanation(instance, BY_PRIME, found)["protects"]) == found.secondary[0]
    row = {"region": "r0", "age": "_T"}
    assert {"cell": row, "sum": [{"region": "r0", "age": f"a{n}"} for n in range(5)]} in told
    plain = protect_single(instance, Promise())
    assert isinstance(plain, Hidden)
    assert explanation(instance, Promise(), plain)["gives_away"] == []


def test_what_is_dear_is_published_and_what_must_stay_open_is(tmp_path: Path) -> None:
    table = counted((2, 9, 8, 7, 9), (9, 8, 7, 9, 8), (6, 9, 8, 7, 9))
    instance = read_instance(write(tmp_path, {"region": REGIONS, "age": AGES}, table))
    first = protect_single(instance, BY_PRIME)
    assert isinstance(first, Hidden)
    small = int(first.small[0])
    others = [cell for cell in np.flatnonzero(first.hidden).tolist() if cell != small]
    at = tuple(int(axis[0]) for axis in np.nonzero(first.lattice.of_cell == others[0]))
    kept = protect_single(instance, BY_PRIME, Wishes(kept=frozenset({at})))
    assert isinstance(kept, Hidden)
    assert not kept.hidden[others[0]]
    weighted = protect_single(instance, BY_PRIME, Wishes(weights=((at, 100.0),)))
    assert isinstance(weighted, Hidden)
    assert not weighted.hidden[others[0]]


def test_what_cannot_be_protected_beside_cells_that_stay_open_is_named(tmp_path: Path) -> None:
    instance = read_instance(write(tmp_path, {"region": {"_T": "", "r0": "_T", "r1": "_T"}}, {("r0",): 2, ("r1",): 9}))
    found = protect_single(instance, BY_PRIME, Wishes(kept=frozenset({(0,), (2,)})))
    assert isinstance(found, Unprotected)
    assert found.reasons[0][1] == "region r0 can be computed as long as region _T must stay open."
    table = as_table(instance)
    kept = frozenset({table.key(("_T",)), table.key(("r1",))})
    outcome = protect(build([table]), Policy(forced_open=kept), method="modular")
    assert isinstance(outcome, Infeasible)
    assert [reason.cell for reason in outcome.reasons] == [table.key(("r0",))]


def test_a_table_that_is_too_large_for_repair_is_left_to_whole_numbers(tmp_path: Path) -> None:
    """A tiny table stands for a large one: the size at which the ways part is set to nought."""
    instance = read_instance(write(tmp_path, {"region": REGIONS, "age": AGES}, ONES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(single_search, "REFINED", 0)
        found = protect_single(instance, BY_PRIME)
    plain = protect_single(instance, Promise(method="eliminate"))
    assert isinstance(found, Hidden)
    assert isinstance(plain, Hidden)
    assert found.hidden.tolist() == plain.hidden.tolist()
