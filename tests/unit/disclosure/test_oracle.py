"""The engine and its auditor against a complete search over whole-number tables."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space

from register.disclosure import CellKey, Count, Dimension, Policy, Protected, Suppressed, Table, audit, build, protect
from register.disclosure.system import System
from tests.scale import scaled
from tests.unit.disclosure.oracle import Search, intervals
from tests.unit.disclosure.samples import Record, cubes, records, release

NOUGHT = 1e-9
FEW = settings(max_examples=scaled("examples", small=25, full=500), deadline=None)


def unsafe(system: System, threshold: int) -> list[int]:
    return [n for n, value in enumerate(system.values) if system.guarded[n] and 0 < value < threshold]


def assert_protected(system: System, policy: Policy) -> None:
    """Every unsafe cell is hidden and the patient reader finds at least two values for it."""
    outcome = protect(system, policy)
    assert isinstance(outcome, Protected), outcome
    hidden = {key for key, cell in outcome.cells.items() if cell == Suppressed()}
    search = Search(system, hidden, most=max(system.values) + 20)
    for number in unsafe(system, policy.threshold):
        key, value = system.cells[number], system.values[number]
        assert key in hidden or not system.printed[number]
        assert any(search.possible(number, value + step) for step in (1, -1, 2, -2, 3, -3, 4, 5, 6)), key
    assert audit(system, hidden, policy).safe


@FEW
@given(cubes(), st.integers(2, 5), st.sampled_from(("visible", "hidden")))
def test_no_small_count_of_a_cube_has_a_single_possible_value(table: Table, threshold: int, zeros: str) -> None:
    assert_protected(build([table]), Policy(threshold=threshold, zeros=zeros))


@FEW
@given(records(), st.integers(2, 4), st.sampled_from(("cells", "counts", "balanced")))
def test_no_small_count_of_linked_tables_has_a_single_possible_value(
    deaths: list[Record], threshold: int, cost: str
) -> None:
    assert_protected(build(*release(deaths)), Policy(threshold=threshold, cost=cost))


def compare(system: System, hidden: set[CellKey], threshold: int) -> None:
    """Compare the auditor's sets with all possible values: equal for whole numbers, within them for real numbers."""
    found = audit(system, hidden, Policy(threshold=threshold))
    search = Search(system, hidden, most=max(system.values))
    small = unsafe(system, threshold)
    closed = [n for n in small if system.cells[n] in hidden or not system.printed[n]]
    single = {system.cells[n] for n in closed if len(search.values(n)) == 1}
    assert not found.unproven
    assert (found.whole | found.shown) & {system.cells[n] for n in closed} == single
    assert found.exact["A0"] <= found.exact["A1"] <= found.exact["A2"] <= found.whole
    summed = {system.cells[n] for n in by_sums(system, hidden) & set(closed)}
    told = (found.exact["A0"] | found.shown) & {system.cells[n] for n in closed}
    assert summed == told if not system.inequalities else summed <= told
    assert found.safe == (not single and len(closed) == len(small))


def by_sums(system: System, hidden: set[CellKey]) -> set[int]:
    """Return the hidden cells that sums alone tell: those that no solution of the equations without the known moves."""
    known = [
        system.impossible[n] or (system.printed[n] and (not value or system.cells[n] not in hidden))
        for n, value in enumerate(system.values)
    ]
    open_ = [n for n, flag in enumerate(known) if not flag]
    matrix = np.zeros((len(system.equations), len(system.cells)))
    for number, row in enumerate(system.equations):
        for cell, factor in row:
            matrix[number, cell] = factor
    free = matrix[:, open_] if len(matrix) else np.zeros((1, len(open_)))
    kernel = null_space(free) if open_ else np.zeros((0, 0))
    return {cell for cell, row in zip(open_, kernel, strict=True) if not np.abs(row).max(initial=0.0) > NOUGHT}


@FEW
@given(cubes(most_count=4), st.integers(2, 4), st.data())
def test_the_auditor_finds_exactly_what_can_be_computed_from_a_cube(
    table: Table, threshold: int, data: st.DataObject
) -> None:
    system = build([table])
    assume(sum(system.values) > 0)
    total = CellKey("all", "deaths", ())
    small = {system.cells[n] for n in unsafe(system, threshold)} - {total}
    more = data.draw(st.sets(st.sampled_from(sorted(set(system.cells) - {total}) or [total])))
    positive = {key for key, value in zip(system.cells, system.values, strict=True) if value}
    compare(system, ((small | more) & positive) - {total}, threshold)


@FEW
@given(records(most=10), st.integers(2, 3), st.data())
def test_the_auditor_finds_exactly_what_can_be_computed_from_linked_tables(
    deaths: list[Record], threshold: int, data: st.DataObject
) -> None:
    system = build(*release(deaths))
    total = CellKey("all", "deaths", ())
    printed = {key for key, flag in zip(system.cells, system.printed, strict=True) if flag} - {total}
    positive = {key for key, value in zip(system.cells, system.values, strict=True) if value}
    small = {system.cells[n] for n in unsafe(system, threshold)} & printed
    more = data.draw(st.sets(st.sampled_from(sorted(printed & positive)), max_size=8))
    compare(system, small | more, threshold)


@FEW
@given(cubes(most_count=6), st.integers(2, 5), st.data())
def test_the_auditor_knows_which_counts_the_attacker_knows_to_be_small(
    table: Table, threshold: int, data: st.DataObject
) -> None:
    """Another solver bounds each hidden small count, from the published cells only."""
    system = build([table])
    positive = {key for key, value in zip(system.cells, system.values, strict=True) if value}
    assume(positive)
    small = {system.cells[n] for n in unsafe(system, threshold)}
    hidden = small | data.draw(st.sets(st.sampled_from(sorted(positive))))
    cells = {
        key: Suppressed() if key in hidden else Count(value)
        for key, value in zip(system.cells, system.values, strict=True)
    }
    most = {key: high for key, (_, high) in intervals([table], [], cells, small).items()}
    found = audit(system, hidden, Policy(threshold=threshold))
    assert found.confined["A2"] == {key for key in small if most[key] < threshold - 1e-4}
    assert found.exact["A2"] <= found.confined["A2"]
    assert found.exact["A1"] <= found.confined["A1"] <= found.confined["A2"]


@FEW
@given(cubes(), st.data())
def test_publishing_one_more_cell_never_lowers_the_number_of_disclosures(table: Table, data: st.DataObject) -> None:
    system = build([table])
    positive = [key for key, value in zip(system.cells, system.values, strict=True) if value]
    assume(positive)
    hidden = set(data.draw(st.lists(st.sampled_from(positive), min_size=1)))
    opened = data.draw(st.sampled_from(sorted(hidden)))
    before = audit(system, hidden, Policy())
    after = audit(system, hidden - {opened}, Policy())
    assert before.whole | before.shown <= after.whole | after.shown


@FEW
@given(cubes())
def test_a_level_with_a_single_child_shares_the_fate_of_its_child(table: Table) -> None:
    side = table.dimensions[0]
    longer = Dimension(side.name, (*side.codes, "above"), (*side.sums, ("above", ("_T",))))
    taller = Table(table.name, table.population, (longer, *table.dimensions[1:]), table.counts)
    outcome = protect(build([taller]), Policy())
    assert isinstance(outcome, Protected)
    read = outcome.table(taller)
    assert all(cell == read["above", *codes[1:]] for codes, cell in read.items() if codes[0] == "_T")
