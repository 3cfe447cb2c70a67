"""Releases that follow each other, against every pair of registers that fits everything ever published."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import (
    Cell,
    CellKey,
    Count,
    DisclosureInputError,
    Infeasible,
    Policy,
    Suppressed,
    System,
    build,
)
from register.disclosure.history import Between, Entry, Successor, at_release, entries, protect_next, stack
from tests.scale import scaled
from tests.unit.disclosure.samples import line

POLICY = Policy(threshold=3)
MOST = 11
Counts = tuple[int, ...]


def release(counts: Counts) -> System:
    return build([line(*counts)])


def chain(registers: Sequence[Counts], between: Between, policy: Policy = POLICY) -> list[Successor | Infeasible]:
    """Protect releases one after the other; stop at the first that cannot be."""
    systems, ledger, found = [], list[Entry](), list[Successor | Infeasible]()
    for number, counts in enumerate(registers, 1):
        systems.append(release(counts))
        outcome = protect_next(systems, ledger, [between] * (number - 1), policy)
        found.append(outcome)
        if isinstance(outcome, Infeasible):
            break
        ledger += entries(number, outcome.cells)
    return found


def seen(register: Counts) -> Counts:
    """The cells of a line in the order of its system: the total has the shortest name."""
    return (sum(register), *register)


def fitting(cells: Sequence[Cell], truth: Counts) -> list[Counts]:
    """Return every register that fits one release, hidden cells being at least 1."""
    return [
        seen(other)
        for other in product(range(MOST + 1), repeat=len(truth))
        if all(
            value == cell.value if isinstance(cell, Count) else value >= 1
            for value, cell in zip(seen(other), cells, strict=True)
        )
    ]


def computable(registers: Sequence[Counts], shown: Sequence[Sequence[Cell]], between: Between) -> list[str]:
    """Return the small counts and small changes of two releases that have a single possible value."""
    first, second = (seen(one) for one in registers)
    pairs = [
        (one, two)
        for one in fitting(shown[0], registers[0])
        for two in fitting(shown[1], registers[1])
        if all(
            (b == a or first[at] != second[at] or not between.untouched) and (b >= a or not between.only_added)
            for at, (a, b) in enumerate(zip(one, two, strict=True))
        )
    ]
    assert (first, second) in pairs
    found = []
    for at in range(len(first)):
        for name, true, values in (
            ("first", first[at], {one[at] for one, _ in pairs}),
            ("second", second[at], {two[at] for _, two in pairs}),
            ("change", abs(second[at] - first[at]), {two[at] - one[at] for one, two in pairs}),
        ):
            if 0 < true < POLICY.threshold and len(values) == 1:
                found.append(f"{name} {at}")
    return found


def ordered(system: System, outcome: Successor) -> list[Cell]:
    return [outcome.cells[key] for key in system.cells]


@settings(max_examples=scaled("examples", small=20, full=500), deadline=None)
@given(
    st.tuples(*[st.integers(0, 5)] * 3),
    st.tuples(*[st.integers(-1, 3)] * 3),
    st.sampled_from((Between(), Between(untouched=False), Between(only_added=True))),
)
def test_two_releases_together_give_no_small_count_or_change_away(
    first: Counts, changes: Counts, between: Between
) -> None:
    least = 0 if between.only_added else -1
    second = tuple(max(old + max(step, least), 0) for old, step in zip(first, changes, strict=True))
    found = chain([first, second], between)
    assert isinstance(found[0], Successor)
    systems = [release(first), release(second)]
    shown = [ordered(systems[0], found[0])]
    if isinstance(found[1], Successor):
        shown.append(ordered(systems[1], found[1]))
        assert computable([first, second], shown, between) == []
    else:
        closed: list[Cell] = [Count(0) if value == 0 else Suppressed() for value in seen(second)]
        assert computable([first, second], [shown[0], closed], between)
        assert "The choices" in found[1].reasons[0].en


def test_one_case_more_is_not_told_by_the_difference_of_two_totals() -> None:
    found = chain([(9, 8, 7), (9, 8, 8)], Between())
    second = found[-1]
    if isinstance(second, Successor):
        total = CellKey("all", "deaths", ())
        assert second.cells[total] == Suppressed()
        assert total in second.withheld
    else:
        assert second.reasons[0].nl != second.reasons[0].en


def test_a_release_without_changes_shows_and_hides_the_same_again() -> None:
    once, twice, again = chain([(1, 7, 9, 6)] * 3, Between())
    assert isinstance(once, Successor)
    assert isinstance(twice, Successor)
    assert isinstance(again, Successor)
    assert once.cells == twice.cells == again.cells
    assert not again.withheld


def test_a_withdrawn_number_is_still_known() -> None:
    systems = [release((9, 8, 7)), release((9, 8, 7))]
    first = protect_next(systems[:1], [], [], POLICY)
    assert isinstance(first, Successor)
    rows = entries(1, first.cells)
    later = [*rows, *(replace(row, fate="withdrawn") for row in rows)]
    found = protect_next(systems, later, [Between()], POLICY)
    assert isinstance(found, Successor)
    assert found.cells == first.cells


def test_what_was_published_and_is_too_small_by_a_new_threshold_is_a_conflict_told_with_its_choices() -> None:
    systems = [release((4, 9, 9)), release((4, 9, 9))]
    first = protect_next(systems[:1], [], [], POLICY)
    assert isinstance(first, Successor)
    found = protect_next(systems, entries(1, first.cells), [Between()], Policy(threshold=5))
    assert isinstance(found, Infeasible)
    assert "keep the old values with the note" in found.reasons[0].en


def test_a_ledger_that_misses_a_cell_or_has_another_count_is_refused() -> None:
    systems = [release((9, 8, 7)), release((9, 8, 7))]
    first = protect_next(systems[:1], [], [], POLICY)
    assert isinstance(first, Successor)
    rows = entries(1, first.cells)
    for wrong in (rows[1:], [replace(rows[0], value=3), *rows[1:]]):
        with pytest.raises(DisclosureInputError, match="The ledger does not say"):
            protect_next(systems, wrong, [Between()], POLICY)


def test_deaths_that_were_only_added_make_no_count_smaller() -> None:
    with pytest.raises(DisclosureInputError, match="became smaller"):
        stack([release((5, 5)), release((5, 4))], [Between(only_added=True)], 3)


def test_the_same_cell_of_two_releases_has_two_names_and_no_count_in_its_text() -> None:
    system = stack([release((5, 123)), release((5, 124))], [Between()], 3)
    total = CellKey("all", "deaths", ())
    assert {at_release(total, 1), at_release(total, 2)} < set(system.cells)
    assert "123" not in repr(system)
    assert "124" not in repr(Entry(1, total, "published", 124))
