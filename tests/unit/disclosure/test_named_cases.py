"""Cases that tools for tables of money get wrong on tables of people."""

import pytest

from register.disclosure import (
    PROFILES,
    CellKey,
    Count,
    Dimension,
    DisclosureInputError,
    Identity,
    Infeasible,
    Policy,
    Protected,
    StructuralZero,
    Suppressed,
    Table,
    audit,
    build,
    protect,
)
from register.disclosure.system import Link, System
from tests.unit.disclosure.oracle import Search
from tests.unit.disclosure.samples import grid, line, release

T5 = PROFILES["t5"]


def protected(*tables: Table, links: list[Link] | None = None, policy: Policy = T5) -> tuple[System, Protected]:
    system = build(tables, links or [])
    outcome = protect(system, policy)
    assert isinstance(outcome, Protected), outcome
    return system, outcome


def suppressed(outcome: Protected) -> set[CellKey]:
    return {key for key, cell in outcome.cells.items() if cell == Suppressed()}


def shown(outcome: Protected, table: Table) -> list[int | None]:
    return [cell.value if isinstance(cell, Count) else None for cell in outcome.table(table).values()]


def keys(table: Table) -> dict[tuple[str, ...], CellKey]:
    return {codes: table.key(codes) for codes in table.rows()}


def test_fifteen_as_ten_and_three_and_one_and_one_keeps_no_small_count_computable() -> None:
    table = line(10, 3, 1, 1)
    system, outcome = protected(table)
    search = Search(system, suppressed(outcome), most=30)
    for number, value in enumerate(system.values):
        if 0 < value < 5:
            assert len(search.values(number)) > 1


def test_hiding_three_and_two_ones_under_a_known_sum_is_seen_by_who_sees_the_zeros() -> None:
    table = line(10, 1, 1, 1)
    system = build([table])
    small = {table.key((f"leaf{n}",)) for n in (1, 2, 3)}
    found = audit(system, small, T5)
    assert found.exact["A1"] == frozenset()
    assert found.exact["A2"] == small
    assert not found.safe


def test_a_row_of_ones_is_not_hidden_behind_itself() -> None:
    table = grid((1, 1, 1), (9, 8, 7), (6, 9, 8))
    system, outcome = protected(table)
    hidden = suppressed(outcome)
    assert hidden - {key for key, value in zip(system.cells, system.values, strict=True) if value < 5}
    search = Search(system, hidden, most=40)
    for codes in (("r0", "c0"), ("r0", "c1"), ("r0", "c2"), ("r0", "_T")):
        assert len(search.values(system.cells.index(table.key(codes)))) > 1


def test_a_single_count_in_an_empty_plane_hides_its_totals_too() -> None:
    table = grid((0, 0, 0), (0, 2, 0), (9, 8, 7))
    _, outcome = protected(table)
    fates = {outcome.cells[table.key(codes)] for codes in (("r1", "c1"), ("r1", "_T"))}
    assert fates == {Suppressed()}


def test_a_hidden_one_whose_neighbours_are_ones_has_another_value() -> None:
    table = grid((1, 1, 0), (1, 1, 0), (0, 0, 30))
    system, outcome = protected(table)
    search = Search(system, suppressed(outcome), most=40)
    assert all(len(search.values(n)) > 1 for n, value in enumerate(system.values) if value == 1)


def test_a_table_of_small_counts_only_is_hidden_as_a_whole() -> None:
    table = grid((1, 1), (1, 1))
    _, outcome = protected(table)
    assert set(outcome.cells.values()) == {Suppressed()}


def test_an_empty_table_is_published_as_zeros() -> None:
    table = grid((0, 0), (0, 0))
    _, outcome = protected(table)
    assert set(outcome.cells.values()) == {Count(0)}


@pytest.mark.parametrize(("count", "fate"), [(0, Count(0)), (1, Suppressed()), (4, Suppressed()), (5, Count(5))])
def test_a_table_of_one_leaf_has_one_fate_for_leaf_and_total(count: int, fate: object) -> None:
    _, outcome = protected(line(count))
    assert set(outcome.cells.values()) == {fate}


def test_a_table_without_small_counts_is_published_as_it_is() -> None:
    table = grid((5, 6), (7, 0))
    _, outcome = protected(table)
    assert shown(outcome, table) == [18, 12, 6, 11, 5, 6, 7, 7, 0]


def test_a_small_total_is_hidden_with_all_its_parts() -> None:
    table = line(2, 1, 0)
    _, outcome = protected(table)
    assert shown(outcome, table) == [None, None, None, 0]


def test_a_total_shared_by_two_tables_is_one_cell_with_one_fate() -> None:
    years = Dimension.flat("year", ("1", "2"))
    by_sex = Table(
        "sex",
        "all",
        (years, Dimension.flat("sex", ("F", "M"))),
        {("1", "F"): 3, ("1", "M"): 20, ("2", "F"): 9, ("2", "M"): 9},
    )
    by_age = Table(
        "age",
        "all",
        (years, Dimension.flat("age", ("young", "old"))),
        {("1", "young"): 21, ("1", "old"): 2, ("2", "young"): 9, ("2", "old"): 9},
    )
    system, outcome = protected(by_sex, by_age)
    assert by_sex.key(("1", "_T")) == by_age.key(("1", "_T"))
    assert len(system.cells) == 9 + 9 - 3
    search = Search(system, suppressed(outcome), most=60)
    for key in (by_sex.key(("1", "F")), by_age.key(("1", "old"))):
        assert len(search.values(system.cells.index(key))) > 1


def test_the_best_ranked_group_has_one_fate_in_both_measures() -> None:
    deaths = [("1", "F", frozenset({"opioid"}))] * 3 + [("1", "M", frozenset({"cocaine"}))] * 30
    tables, links = release(deaths)
    _, outcome = protected(*tables, links=links)
    best = CellKey.of("all", "hierarchical", {"year": "1", "group": "opioid"})
    some = CellKey.of("all", "any", {"year": "1", "group": "opioid"})
    assert outcome.cells[best] == outcome.cells[some] == Suppressed()


def test_a_small_difference_of_any_and_sole_may_not_be_computed() -> None:
    deaths = [("1", "F", frozenset({"cocaine"}))] * 20 + [("1", "M", frozenset({"cocaine", "other"}))] * 2
    deaths += [("1", "M", frozenset({"other"}))] * 20
    tables, links = release(deaths)
    _, outcome = protected(*tables, links=links)
    pair = {CellKey.of("all", measure, {"year": "1", "group": "cocaine"}) for measure in ("any", "sole")}
    assert Suppressed() in {outcome.cells[key] for key in pair}


def test_equal_cells_by_a_single_part_share_one_fate_at_every_level() -> None:
    place = Dimension.tree("place", {"north": "_T", "GR": "north", "GR1": "GR", "south": "_T", "LB1": "south"})
    table = Table("place", "all", (place,), {("GR1",): 3, ("LB1",): 40})
    _, outcome = protected(table)
    assert {outcome.cells[table.key((code,))] for code in ("north", "GR", "GR1")} == {Suppressed()}


def test_two_trees_over_the_same_leaves_cannot_be_set_against_each_other() -> None:
    sums = (("_T", ("a", "b", "c", "d")), ("ab", ("a", "b")), ("bc", ("b", "c")), ("_T", ("ab", "c", "d")))
    side = Dimension("age", ("_T", "a", "b", "c", "d", "ab", "bc"), sums)
    table = Table("age", "all", (side,), {("a",): 9, ("b",): 2, ("c",): 8, ("d",): 30})
    system, outcome = protected(table)
    search = Search(system, suppressed(outcome), most=60)
    assert len(search.values(system.cells.index(table.key(("b",))))) > 1


def test_a_cell_that_cannot_occur_is_no_count_and_no_suppression() -> None:
    table = Table(
        "t", "all", (Dimension.flat("a", ("x", "y", "z")),), {("x",): 3, ("y",): 9}, impossible=frozenset({("z",)})
    )
    _, outcome = protected(table)
    assert outcome.cells[table.key(("z",))] == StructuralZero()


def test_hidden_zeros_may_protect_where_the_policy_allows_it() -> None:
    table = line(3, 0, 40)
    policy = Policy(zeros="hidden")
    _, outcome = protected(table, policy=policy)
    assert shown(outcome, table) == [43, None, None, 40]


def test_forced_cells_that_give_a_small_one_away_make_protection_impossible_and_are_named() -> None:
    table = line(3, 20, 40)
    forced = frozenset(table.key((code,)) for code in ("_T", "leaf1", "leaf2"))
    outcome = protect(build([table]), Policy(forced_open=forced))
    assert isinstance(outcome, Infeasible)
    (reason,) = outcome.reasons
    assert reason.cell == table.key(("leaf0",))
    assert reason.release
    assert forced.issuperset(reason.release)
    assert all(str(key) in reason.nl and str(key) in reason.en for key in reason.release)


def test_opening_what_the_reason_names_makes_protection_possible() -> None:
    table = grid((3, 20, 9), (30, 40, 8), (9, 9, 9))
    forced = frozenset(keys(table).values()) - {table.key(("r0", "c0"))}
    system = build([table])
    outcome = protect(system, Policy(forced_open=forced))
    assert isinstance(outcome, Infeasible)
    release_too = frozenset(key for reason in outcome.reasons for key in reason.release)
    assert isinstance(protect(system, Policy(forced_open=forced - release_too)), Protected)


def test_a_small_cell_that_must_stay_open_is_refused() -> None:
    table = line(3, 20, 40)
    outcome = protect(build([table]), Policy(forced_open=frozenset({table.key(("leaf0",))})))
    assert isinstance(outcome, Infeasible)
    assert "too few" in outcome.reasons[0].en


def test_forcing_an_unknown_cell_open_is_an_error() -> None:
    with pytest.raises(DisclosureInputError, match="is in no table"):
        protect(build([line(3, 20)]), Policy(forced_open=frozenset({CellKey("nobody", "deaths", ())})))


def test_a_forced_cell_stays_open_when_it_can() -> None:
    table = line(3, 6, 40)
    forced = frozenset({table.key(("leaf1",))})
    _, outcome = protected(table, policy=Policy(forced_open=forced))
    assert outcome.cells[table.key(("leaf1",))] == Count(6)


def test_an_internal_table_hides_nothing_and_says_so() -> None:
    table = line(1, 2, 3)
    _, outcome = protected(table, policy=PROFILES["none"])
    assert outcome.internal
    assert outcome.dossier is None
    assert shown(outcome, table) == [6, 1, 2, 3]


def test_threshold_ten_hides_what_threshold_five_shows() -> None:
    table = line(7, 40, 60)
    assert suppressed(protected(table)[1]) == set()
    assert table.key(("leaf0",)) in suppressed(protected(table, policy=PROFILES["t10"])[1])


@pytest.mark.parametrize(
    "wrong", [{"threshold": 1}, {"zeros": "grey"}, {"attacker": "A9"}, {"protection": "none"}, {"cost": "free"}]
)
def test_a_policy_that_promises_nothing_known_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Unknown|threshold"):
        Policy(**wrong)


def test_a_published_result_shows_neither_reason_nor_count_of_a_hidden_cell() -> None:
    table = line(3, 6, 40)
    _, outcome = protected(table)
    assert outcome.dossier is not None
    primary = outcome.cells[table.key(("leaf0",))]
    secondary = outcome.cells[next(iter(outcome.dossier.secondary))]
    assert primary == secondary == Suppressed()
    assert "=3" not in repr(outcome) + repr(outcome.dossier)
    assert not hasattr(primary, "value")


def test_cells_of_unprinted_tables_are_not_in_the_result_but_bind_the_alternatives() -> None:
    whole = line(3, 17, name="pattern")
    patterns = Table("patterns", "all", whole.dimensions, whole.counts, measure="pattern", printed=False)
    one = Table("one", "all", (Dimension.listed("definition", ("B",)),), {("B",): 17})
    link = Identity(((one.key(("B",)), 1), (patterns.key(("pattern1",)), -1)), "B is the second pattern")
    system = build([one, patterns], [link])
    outcome = protect(system, T5)
    assert isinstance(outcome, Protected)
    assert set(outcome.cells) == {one.key(("B",))}
