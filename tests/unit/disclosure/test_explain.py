"""What protection cost: inside the register in full, outside only what readers can compute themselves."""

from register.disclosure import (
    PROFILES,
    Count,
    Dimension,
    Policy,
    Protected,
    StructuralZero,
    Suppressed,
    Table,
    build,
    explain,
    protect,
    public_shares,
)
from tests.unit.disclosure.samples import grid, line, release


def protected(*tables: Table) -> Protected:
    outcome = protect(build(tables), Policy())
    assert isinstance(outcome, Protected)
    return outcome


def test_shares_count_cells_and_what_stands_in_them() -> None:
    table = line(3, 6, 40)
    outcome = protected(table)
    assert outcome.dossier is not None
    share = explain(outcome.dossier).tables["line"]
    assert (share.cells, share.hidden, share.secondary) == (4, 2, 1)
    assert share.cells_hidden == 0.5
    assert share.counts_hidden == 9 / 98
    assert "9" not in repr(share)


def test_shares_are_given_per_code_of_every_dimension() -> None:
    table = grid((3, 6, 9), (40, 50, 60), (70, 80, 90))
    outcome = protected(table)
    assert outcome.dossier is not None
    codes = explain(outcome.dossier).codes
    assert {code for _, dimension, code in codes if dimension == "row"} == {"_T", "r0", "r1", "r2"}
    by_row = sum(share.hidden for (_, dimension, _), share in codes.items() if dimension == "row")
    assert by_row == explain(outcome.dossier).tables["grid"].hidden
    assert codes["grid", "row", "r0"].hidden == 2


def test_parts_of_one_table_are_counted_together() -> None:
    deaths = [("1", "F", frozenset({"opioid"}))] * 9 + [("1", "M", frozenset({"cocaine"}))] * 3
    outcome = protect(build(*release(deaths)), Policy())
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    assert set(explain(outcome.dossier).tables) == {"T1", "T3", "T4"}
    assert explain(outcome.dossier).tables["T4"].cells == 2 * (2 * 3)


def test_readers_get_the_share_of_deaths_that_follows_from_the_published_cells() -> None:
    table = line(3, 6, 41)
    outcome = protected(table)
    assert public_shares(table, outcome.cells) == (50, 18)


def test_readers_get_no_share_of_deaths_without_a_published_total() -> None:
    small = line(3, 1)
    assert public_shares(small, protected(small).cells) == (100, None)
    listed = Table("t", "all", (Dimension.listed("a", ("x", "y")),), {("x",): 3, ("y",): 9})
    assert public_shares(listed, protected(listed).cells) == (50, None)
    empty = line(0, 0)
    assert public_shares(empty, protected(empty).cells) == (0, None)


def test_cells_that_cannot_occur_are_in_no_share() -> None:
    table = Table(
        "t", "all", (Dimension.flat("a", ("x", "y", "z")),), {("x",): 7, ("y",): 9}, impossible=frozenset({("z",)})
    )
    outcome = protected(table)
    assert outcome.dossier is not None
    assert explain(outcome.dossier).tables["t"].cells == 3
    assert public_shares(table, outcome.cells) == (0, 0)
    assert set(map(type, outcome.cells.values())) == {Count, StructuralZero}


def test_primary_and_secondary_are_told_apart_inside_only() -> None:
    table = line(3, 6, 40)
    outcome = protected(table)
    assert outcome.dossier is not None
    assert outcome.dossier.primary == {table.key(("leaf0",))}
    assert outcome.dossier.secondary == {table.key(("leaf1",))}
    assert {outcome.cells[key] for key in outcome.dossier.primary | outcome.dossier.secondary} == {Suppressed()}


def test_the_profiles_say_which_counts_are_unsafe() -> None:
    assert (PROFILES["t5"].threshold, PROFILES["t10"].threshold) == (5, 10)
    assert PROFILES["none"].internal
    assert not PROFILES["t5"].internal
