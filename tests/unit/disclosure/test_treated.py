"""Tables rounded or perturbed instead of hidden: they add up, and who tries every register learns no small count."""

from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import DisclosureInputError
from register.disclosure.cellkey import noise
from register.disclosure.controlled import NotRounded
from register.disclosure.instances import Instance, read_instance, side
from register.disclosure.lattice import summed
from register.disclosure.treated import (
    Treated,
    one_way,
    read_records,
    rounded,
    rounded_everywhere,
    treated_table,
    with_noise,
)
from tests.unit.disclosure.test_single import instances, write

FEW = settings(max_examples=40, deadline=None)
SECRET = bytes(range(32))


def assert_adds_up(instance: Instance, found: Treated) -> None:
    at = np.ix_(*(one.leaf_positions for one in instance.sides))
    assert (found.cells == summed(found.cells[at], instance.sides)).all()


@FEW
@given(instances(), st.sampled_from((3, 5)))
def test_small_counts_are_rounded_so_that_every_published_total_is_the_sum_of_its_parts(
    instance: Instance, base: int
) -> None:
    found = rounded(instance, base)
    assert_adds_up(instance, found)
    assert not ((found.cells > 0) & (found.cells < base)).any()
    assert found.largest == np.abs(found.cells - summed(instance.tensor(), instance.sides)).max()
    rows = [row.split(",") for row in treated_table(instance, found).decode().splitlines()[1:]]
    assert [int(row[-2]) for row in rows] == found.cells.ravel().tolist()
    assert {row[-1] for row in rows} == {"rounded"}


@FEW
@given(instances(), st.sampled_from((3, 5)))
def test_every_count_is_rounded_so_that_every_published_total_is_the_sum_of_its_parts(
    instance: Instance, base: int
) -> None:
    found = rounded_everywhere(instance, base)
    if isinstance(found, NotRounded):
        found = rounded_everywhere(instance, base, wider=1)
    assert isinstance(found, Treated)
    assert_adds_up(instance, found)
    assert not (found.cells % base).any()
    truth = summed(instance.tensor(), instance.sides)
    assert found.largest == np.abs(found.cells - truth).max()
    assert not found.cells[truth == 0].any()


def shaped(counts: tuple[int, ...]) -> Instance:
    """Return three areas, two of which lie in one province."""
    areas = side("area", {"_T": "", "p": "_T", "a": "p", "b": "p", "c": "_T"})
    return Instance((areas,), {(at,): count for at, count in enumerate(counts) if count}, {})


@cache
def told(base: int, most: int, controlled: bool) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
    """Return for each published table the registers that it may have come from, by running the engine on them all."""
    found = defaultdict(list)
    for counts in product(range(most + 1), repeat=3):
        instance = shaped(counts)
        treated = rounded_everywhere(instance, base) if controlled else rounded(instance, base)
        if isinstance(treated, Treated):
            truth = summed(instance.tensor(), instance.sides).tolist()
            found[tuple(treated.cells.tolist())].append(tuple(truth))
    return dict(found)


@pytest.mark.parametrize(("base", "controlled"), [(3, False), (5, False), (3, True), (5, True)])
def test_who_runs_the_engine_on_every_register_still_knows_no_small_count(base: int, controlled: bool) -> None:
    """This reader knows the whole program and the base: of every small count more than one value remains."""
    for published, registers in told(base, 2 * base, controlled).items():
        inner = [register for register in registers if max(register[-3:]) < 2 * base]
        for cell in range(len(published)):
            values = {register[cell] for register in registers}
            if any(0 < register[cell] < base for register in inner):
                assert len(values) > 1, (published, cell, values)


@FEW
@given(instances())
def test_the_same_records_get_the_same_noise_wherever_they_are_counted(instance: Instance) -> None:
    records = {at: [f"{at}-{number}" for number in range(count)] for at, count in instance.counts.items()}
    table = noise(largest=8, variance=6.0, threshold=5)
    found = with_noise(instance, records, SECRET, table)
    truth = summed(instance.tensor(), instance.sides)
    assert found.largest == np.abs(found.cells - truth).max() <= 8
    assert not found.cells[truth == 0].any()
    assert not ((found.cells > 0) & (found.cells < 5)).any()
    seen: dict[frozenset[str], int] = {}
    held = summed(np.ones_like(instance.tensor()), instance.sides)
    assert held.shape == found.cells.shape
    for cell, value in np.ndenumerate(found.cells):
        under = [one.members[code] for one, code in zip(instance.sides, cell, strict=True)]
        inside = frozenset(
            name
            for at, names in records.items()
            if all(row[place] for row, place in zip(under, at, strict=True))
            for name in names
        )
        assert seen.setdefault(inside, int(value)) == value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, {"a": {"_T": "", "x": "_T", "y": "_T"}}, {("x",): 2, ("y",): 1})


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("x,1\nx,2\n_T,3\n", "records.csv, line 4: a record stands at a total."),
        ("x,1\nx,1\ny,2\n", "records.csv, line 3: a record has no name or occurs twice."),
        ("x,1\nx,2\n", "records.csv: these are not the records of the counts."),
        ("x,1\nx,2\nz,3\n", "records.csv, line 4: a has no code z."),
    ],
)
def test_records_that_are_not_those_of_the_counts_are_told_with_their_line(
    folder: Path, rows: str, sentence: str
) -> None:
    (folder / "records.csv").write_text(f"a,record\n{rows}", encoding="utf-8")
    with pytest.raises(DisclosureInputError) as refusal:
        read_records(folder / "records.csv", read_instance(folder))
    assert str(refusal.value) == sentence


def test_a_table_is_published_in_one_way() -> None:
    exact = ["a,b,value,status\n", "_T,_T,9,published\n"]
    one_way(("a", "b"), "exact", {"old.csv": exact})
    one_way(("a", "c"), "rounded", {"old.csv": exact, "empty.csv": [], "note.csv": ["x\n"]})
    for way in ("rounded", "perturbed"):
        with pytest.raises(DisclosureInputError, match=r"old\.csv in the same folder"):
            one_way(("a", "b"), way, {"old.csv": exact})
    with pytest.raises(DisclosureInputError, match="another way"):
        one_way(("a", "b"), "perturbed", {"old.csv": ["a,b,value,status\r\n", "_T,_T,9,rounded\r\n"]})
