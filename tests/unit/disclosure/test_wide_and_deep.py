"""Tables with more dimensions and longer hierarchies than other tools take, checked by another solver."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from random import Random

import pytest

from register.disclosure import PROFILES, Cell, CellKey, Count, Protected, Suppressed, Table, audit, build, protect
from register.disclosure.instances import read_instance
from register.disclosure.single import Promise
from tests.unit.disclosure.oracle import intervals
from tests.unit.disclosure.test_single import as_table, files, write

Hierarchies = dict[str, dict[str, str]]
Counts = dict[tuple[str, ...], int]
Made = Callable[[], tuple[Hierarchies, Counts]]
APART = 1e-4


def six_dimensions() -> tuple[Hierarchies, Counts]:
    """Six questions with two answers each, of which most combinations do not occur."""
    chance = Random(20260606)
    sides = {name: {"_T": "", "0": "_T", "1": "_T"} for name in "abcdef"}
    leaves = list(product("01", repeat=6))
    return sides, {at: chance.choice((1, 1, 2, 3, 9, 14)) for at in chance.sample(leaves, 14)}


def nine_levels() -> tuple[Hierarchies, Counts]:
    """A hierarchy of nine levels, some of which have a single part, by sex."""
    chance = Random(20260607)
    place = {"_T": ""}
    above = "_T"
    for level in range(8):
        place[f"level{level}"] = above
        place |= {f"aside{level}{number}": above for number in range(0 if level % 3 == 1 else 2)}
        above = f"level{level}"
    leaves = [code for code in place if code not in place.values()]
    counts = {(code, sex): chance.choice((0, 1, 2, 4, 7, 11, 30)) for code in leaves for sex in "FM"}
    return {"place": place, "sex": {"_T": "", "F": "_T", "M": "_T"}}, counts


def assert_not_told(table: Table, shown: dict[CellKey, Cell]) -> None:
    """Another solver, from the published cells alone, finds room around every small count."""
    small = [table.key(at) for at, value in table.filled().items() if 0 < value < 5]
    assert small
    assert all(shown[key] == Suppressed() for key in small)
    for least, most in intervals([table], [], shown, small).values():
        assert most - least > APART


@pytest.mark.parametrize("made", [six_dimensions, nine_levels])
@pytest.mark.parametrize("method", ["auto", "eliminate"])
def test_a_folder_with_many_dimensions_or_levels_gives_no_small_count_away(
    tmp_path: Path, made: Made, method: str
) -> None:
    hierarchies, counts = made()
    folder = write(tmp_path, hierarchies, counts)
    protected, _ = files(folder, Promise(method=method))
    table = as_table(read_instance(folder))
    rows = [row.rsplit(",", 2) for row in protected.read_text(encoding="utf-8").splitlines()[1:]]
    shown: dict[CellKey, Cell] = {
        table.key(tuple(codes.split(","))): Suppressed() if status == "suppressed" else Count(int(value))
        for codes, value, status in rows
    }
    assert_not_told(table, shown)


@pytest.mark.parametrize("made", [six_dimensions, nine_levels])
def test_tables_of_a_release_with_many_dimensions_or_levels_give_no_small_count_away(
    tmp_path: Path, made: Made
) -> None:
    table = as_table(read_instance(write(tmp_path, *made())))
    system = build([table])
    outcome = protect(system, PROFILES["t5"])
    assert isinstance(outcome, Protected)
    assert_not_told(table, dict(outcome.cells))
    hidden = {key for key, cell in outcome.cells.items() if cell == Suppressed()}
    found = audit(system, hidden, PROFILES["t5"])
    assert found.safe
    assert not found.exact["A0"] | found.exact["A1"] | found.exact["A2"]
