"""What is promised of the distance of a small count, and at each level of a release, against a complete search."""

from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import Policy, Protected, Suppressed, Table, build, protect
from register.disclosure.instances import Instance
from register.disclosure.single import Hidden, Promise, Unprotected, protect_single
from register.disclosure.single_files import protected_table
from register.disclosure.single_search import Method
from tests.scale import scaled
from tests.unit.disclosure.oracle import Search
from tests.unit.disclosure.samples import Record, cubes, records, release
from tests.unit.disclosure.test_single import as_table, instances

FEW = settings(max_examples=scaled("examples", small=25, full=500), deadline=None)
MORE = 20  # how far above the largest count the search looks


def searched(instance: Instance, found: Hidden) -> Search:
    """Return the patient reader of a protected table."""
    table = as_table(instance)
    rows = [row.rsplit(",", 2) for row in protected_table(instance, found).decode().splitlines()[1:]]
    hidden = {table.key(tuple(codes.split(","))) for codes, _, status in rows if status == "suppressed"}
    system = build([table])
    return Search(system, hidden, most=max(system.values) + MORE)


@FEW
@given(instances(), st.integers(2, 4), st.integers(2, 4), st.sampled_from(("auto", "eliminate")))
def test_a_complete_search_finds_values_as_far_apart_as_promised(
    instance: Instance, threshold: int, width: int, method: Method
) -> None:
    found = protect_single(instance, Promise(threshold=threshold, protection=f"width:{width}", method=method))
    assert isinstance(found, Hidden), found
    search, values = searched(instance, found), build([as_table(instance)]).values
    for cell, value in enumerate(values):
        if 0 < value < threshold:
            possible = [other for other in range(1, value + width + MORE) if search.possible(cell, other)]
            assert possible[-1] - possible[0] >= width


@FEW
@given(instances(), st.integers(2, 4), st.sampled_from(("auto", "eliminate")))
def test_a_complete_search_finds_a_value_that_is_not_small_where_that_is_promised(
    instance: Instance, threshold: int, method: Method
) -> None:
    found = protect_single(instance, Promise(threshold=threshold, protection="reach", method=method))
    if isinstance(found, Unprotected):  # where few deaths are known to be counted, nothing can look large
        return
    search, values = searched(instance, found), build([as_table(instance)]).values
    for cell, value in enumerate(values):
        if 0 < value < threshold:
            assert any(search.possible(cell, other) for other in range(threshold, threshold + MORE))


def assert_protected(table: Table | None, deaths: list[Record], policy: Policy) -> None:
    system = build([table]) if table else build(*release(deaths))
    outcome = protect(system, policy)
    assert isinstance(outcome, Protected), outcome
    hidden = {key for key, cell in outcome.cells.items() if cell == Suppressed()}
    search = Search(system, hidden, most=max(system.values) + MORE, least=1 if policy.attacker == "A2" else 0)
    for cell, value in enumerate(system.values):
        if system.guarded[cell] and 0 < value < policy.threshold:
            assert system.cells[cell] in hidden or not system.printed[cell]
            assert any(search.possible(cell, value + step) for step in (1, -1, 2, -2, 3, -3, 4, 5, 6))


@FEW
@given(cubes(), st.integers(2, 5), st.sampled_from(("A1", "A2")), st.sampled_from(("visible", "hidden")))
def test_a_cube_is_protected_at_each_level_that_is_claimed_of_a_release(
    table: Table, threshold: int, attacker: Literal["A1", "A2"], zeros: Literal["visible", "hidden"]
) -> None:
    assert_protected(table, [], Policy(threshold=threshold, attacker=attacker, zeros=zeros))


@FEW
@given(records(), st.integers(2, 4), st.sampled_from(("A1", "A2")))
def test_linked_tables_are_protected_at_each_level_that_is_claimed_of_a_release(
    deaths: list[Record], threshold: int, attacker: Literal["A1", "A2"]
) -> None:
    assert_protected(None, deaths, Policy(threshold=threshold, attacker=attacker))
