"""Dimensions, tables and systems: what they hold, and what they refuse in one sentence."""

from collections import Counter
from collections.abc import Callable

import pytest

from register.disclosure import (
    AtLeastZero,
    CellKey,
    Dimension,
    DisclosureInputError,
    Identity,
    Implied,
    Table,
    build,
)
from tests.unit.disclosure.samples import grid, line

PLACE = Dimension.tree("place", {"north": "_T", "GR1": "north", "south": "_T", "NB1": "south", "NB2": "south"})


def test_a_key_leaves_totals_out_and_knows_no_order() -> None:
    first = CellKey.of("sel_d", "deaths", {"year": "2025", "sex": "M", "age": "_T"})
    second = CellKey.of("sel_d", "deaths", {"sex": "M", "year": "2025"})
    assert first == second
    assert str(first) == "sel_d deaths (sex M, year 2025)"
    assert str(CellKey.of("sel_d", "deaths", {"year": "_T"})) == "sel_d deaths (total)"


def test_sums_are_computed_over_every_level_and_dimension() -> None:
    table = Table(
        "t", "all", (PLACE, Dimension.flat("sex", ("F", "M"))), {("GR1", "F"): 1, ("NB1", "M"): 2, ("NB2", "F"): 4}
    )
    filled = table.filled()
    assert filled["_T", "_T"] == 7
    assert filled["south", "_T"] == 6
    assert filled["south", "F"] == 4
    assert filled["_T", "F"] == 5
    assert len(filled) == 6 * 3


def test_a_table_about_groups_counts_deaths_at_the_total() -> None:
    table = Table(
        "T3", "all", (Dimension.flat("group", ("opioid", "none")),), {("opioid",): 3}, "hierarchical", "group"
    )
    assert table.key(("_T",)) == CellKey("all", "deaths", ())
    assert table.key(("opioid",)).measure == "hierarchical"


def test_every_cell_has_its_name_in_the_order_of_the_rows_and_a_cell_elsewhere_can_be_named() -> None:
    leaves = Table("t", "all", (Dimension.listed("b", ("1",)), Dimension.listed("a", ("x", "y"))), {})
    assert list(leaves.keys.items()) == [
        (("1", "x"), CellKey("all", "deaths", (("a", "x"), ("b", "1")))),
        (("1", "y"), CellKey("all", "deaths", (("a", "y"), ("b", "1")))),
    ]
    assert leaves.key(("1", "_T")) == CellKey("all", "deaths", (("b", "1"),))


def test_given_sums_that_add_up_are_welcome() -> None:
    side = Dimension.flat("a", ("x", "y"))
    assert Table("t", "all", (side,), {("x",): 1, ("y",): 2, ("_T",): 3}).filled()["_T",] == 3


def test_a_counter_of_records_is_enough() -> None:
    table = Table("t", "all", (Dimension.flat("a", ("x", "y")),), Counter({("x",): 2}))
    assert table.filled() == {("_T",): 2, ("x",): 2, ("y",): 0}


A = Dimension.flat("a", ("x", "y"))
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a code twice": (lambda: Dimension.flat("a", ("x", "x")), "Dimension a names a code twice."),
    "no codes": (lambda: Dimension.listed("a", ()), "Dimension a has no codes."),
    "a cycle": (lambda: Dimension("a", ("x", "y"), (("x", ("y",)), ("y", ("x",)))), "Dimension a contains a cycle."),
    "unknown parts": (lambda: Dimension("a", ("x",), (("x", ("z",)),)), "Dimension a sums x over no codes."),
    "no parts": (lambda: Dimension("a", ("x",), (("x", ()),)), "Dimension a sums x over no codes."),
    "an unknown row": (
        lambda: Table("t", "all", (A,), {("z",): 1}).filled(),
        "Table t: z is not a cell of this table.",
    ),
    "a row too long": (
        lambda: Table("t", "all", (A,), {("x", "y"): 1}).filled(),
        "Table t: x/y is not a cell of this table.",
    ),
    "a negative count": (
        lambda: Table("t", "all", (A,), {("x",): -1}).filled(),
        "Table t: the count at x is not a whole number of 0 or more.",
    ),
    "a fraction": (
        lambda: Table("t", "all", (A,), {("x",): 1.5}).filled(),  # type: ignore[dict-item]
        "Table t: the count at x is not a whole number of 0 or more.",
    ),
    "a wrong sum": (
        lambda: Table("t", "all", (A,), {("x",): 1, ("_T",): 4}).filled(),
        "Table t: all deaths (total) is not the sum of its parts.",
    ),
    "an impossible count": (
        lambda: Table("t", "all", (A,), {("x",): 1}, impossible=frozenset({("x",)})).filled(),
        "Table t: x cannot occur and still has a count.",
    ),
    "two tables that differ": (
        lambda: build([line(1, 2), Table("other", "all", (Dimension.listed("leaf", ("leaf0",)),), {("leaf0",): 3})]),
        "Table other and another table give different counts for all deaths (leaf leaf0).",
    ),
    "two trees that differ": (
        lambda: build([Table("t", "all", (Dimension("a", ("_T", "x", "y"), TWICE),), {("x",): 1, ("y",): 2})]),
        "The rule 'table t' is not true of the counts.",
    ),
    "an unknown link": (
        lambda: build([line(1, 2)], [Identity(((CellKey("x", "y", ()), 1),), "nothing")]),
        "The rule 'nothing' names x y (total), which is in no table.",
    ),
    "a false identity": (
        lambda: build([line(1, 2)], [Identity(((LEAF, 1), (TOTAL_KEY, -1)), "one is all")]),
        "The rule 'one is all' is not true of the counts.",
    ),
    "a false inequality": (
        lambda: build([line(1, 2)], [AtLeastZero(((LEAF, 1), (TOTAL_KEY, -1)), "a part is more")]),
        "The rule 'a part is more' is not true of the counts.",
    ),
    "a difference below nought": (
        lambda: build([line(1, 2)], [Implied(LEAF._replace(measure="d"), ((LEAF, 1), (TOTAL_KEY, -1)), "less")]),
        "The rule 'less' is not true of the counts.",
    ),
}
TWICE = (("_T", ("x", "y")), ("_T", ("x",)))
LEAF = CellKey("all", "deaths", (("leaf", "leaf0"),))
TOTAL_KEY = CellKey("all", "deaths", ())


@pytest.mark.parametrize("name", REFUSED)
def test_tables_that_contradict_themselves_are_refused_in_a_sentence(name: str) -> None:
    attempt, sentence = REFUSED[name]
    with pytest.raises(DisclosureInputError) as caught:
        attempt()
    assert caught.value.en == sentence
    assert caught.value.nl
    assert caught.value.nl != caught.value.en


def test_values_of_cells_do_not_show_in_the_text_of_a_system_or_table() -> None:
    table = grid((123, 456), (7, 8))
    assert "123" not in repr(table)
    assert "123" not in repr(build([table]))
