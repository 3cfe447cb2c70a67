"""An attacker with another solver and only the published tables cannot compute a small count."""

import math
import random
from pathlib import Path

import pytest

from bench import disclosure_instance as instance
from register.disclosure import (
    Audit,
    CellKey,
    Count,
    Dimension,
    Link,
    Policy,
    Protected,
    Suppressed,
    Table,
    audit,
    build,
    protect,
)
from tests.unit.disclosure.oracle import intervals
from tests.unit.disclosure.samples import CLASSES, grid, line, release


def attacked(tables: list[Table], links: list[Link], most: int = 10_000) -> tuple[Protected, int]:
    """Protect, then let the other solver bound the small counts; return the result and how many were tried."""
    system = build(tables, links)
    outcome = protect(system, Policy())
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    small = sorted(outcome.dossier.primary)
    tried = random.Random(1).sample(small, min(most, len(small)))
    for key, (low, high) in intervals(tables, links, outcome.cells, tried).items():
        assert outcome.cells[key] == Suppressed()
        assert high == math.inf or math.floor(high + 1e-6) > math.ceil(low - 1e-6), key
    return outcome, len(tried)


def test_random_linked_releases_do_not_give_a_small_count_away() -> None:
    draw = random.Random(3)
    deaths = [
        (draw.choice("1234"), draw.choice("FFM"), frozenset(c for c in CLASSES if draw.random() < 0.4))
        for _ in range(120)
    ]
    _, tried = attacked(*release(deaths))
    assert tried > 5


def test_random_grids_do_not_give_a_small_count_away() -> None:
    draw = random.Random(5)
    for _ in range(5):
        rows = [tuple(draw.choice((0, 1, 1, 2, 7, 9, 12)) for _ in range(5)) for _ in range(6)]
        attacked([grid(*rows)], [])


def test_the_other_solver_does_pin_down_what_is_hidden_alone() -> None:
    table = line(3, 20, 40)
    system = build([table])
    key = table.key(("leaf0",))
    cells = {k: Suppressed() if k == key else Count(v) for k, v in zip(system.cells, system.values, strict=True)}
    assert intervals([table], [], cells, [key])[key] == (3.0, 3.0)
    found = audit(system, {key}, Policy())
    assert isinstance(found, Audit)
    assert found.exact["A1"] == {key}


def reference() -> Path:
    if not (instance.REFERENCE / "connecticut_drug_deaths_2012_2019.csv").exists():
        pytest.skip("The reference data is not here; set REGISTER_REFERENCE_DIR to its folder.")
    return instance.REFERENCE


def test_no_hidden_cell_of_the_dutch_margins_can_be_computed() -> None:
    reference()
    tables = instance.dutch()
    outcome, tried = attacked(tables, [])
    assert tried == 7
    assert outcome.cells[CellKey("sel_b", "deaths", ())] == Count(961)


def test_the_tables_of_the_connecticut_release_do_not_give_a_small_count_away() -> None:
    reference()
    tables, links = instance.release(instance.deaths(("2014", "2016")))
    _, tried = attacked(tables, links, most=40)
    assert tried == 40


@pytest.mark.parametrize(("name", "cells", "small"), [("A", 1116, 443), ("B", 2325, 955)])
def test_the_reference_instances_have_the_known_numbers_of_cells(name: str, cells: int, small: int) -> None:
    from register.disclosure.aliases import unknowns

    reference()
    joined = unknowns(build([instance.cube(name)]), Policy(zeros="hidden"))
    assert len(joined.values) == cells
    assert len(joined.primary(5)) == small


def test_a_dimension_of_a_hundred_ones_is_hidden_as_a_whole() -> None:
    side = Dimension.flat("a", [f"a{n}" for n in range(100)])
    table = Table("t", "all", (side,), {(code,): 1 for code in side.codes[1:]})
    outcome, _ = attacked([table], [])
    assert outcome.cells[table.key(("_T",))] == Suppressed()
