"""What a coarser table gives back is the difference between two protected tables, cell by cell."""

from pathlib import Path

from register.disclosure.coarser import Gain, gains
from register.disclosure.explain import leaning, leaning_on
from register.disclosure.instances import read_instance
from register.disclosure.single import Promise
from tests.unit.disclosure.samples import line
from tests.unit.disclosure.test_explain import protected
from tests.unit.disclosure.test_single import write


def test_leaving_out_a_level_or_a_dimension_is_compared_cell_by_cell(tmp_path: Path) -> None:
    region = {"_T": "", "P": "_T", "p1": "P", "p2": "P", "Q": "_T", "q1": "Q", "q2": "Q"}
    sex = {"_T": "", "M": "_T", "F": "_T"}
    counts = {"p1": (3, 20), "p2": (21, 22), "q1": (23, 24), "q2": (25, 26)}
    cells = {(code, one): count for code, row in counts.items() for one, count in zip("MF", row, strict=True)}
    found = gains(read_instance(write(tmp_path, {"region": region, "sex": sex}, cells)), Promise())
    # Hidden are p1 and one other region, by sex: four cells. A level less hides nothing, and takes twelve cells away.
    assert found == [
        Gain("region", "dimension", opened=0, counts=0, closed=0, gone=14),
        Gain("region", "level", opened=0, counts=0, closed=0, gone=8),
        Gain("sex", "dimension", opened=0, counts=0, closed=0, gone=10),
    ]


def test_a_total_of_ones_that_stays_hidden_opens_when_its_ones_go(tmp_path: Path) -> None:
    """Five regions of one each: their province would tell them all, so it is hidden, and another one with it."""
    ones = {f"p{number}": "P" for number in range(5)}
    region = {"_T": "", "P": "_T", **ones, "Q": "_T", "q1": "Q", "q2": "Q"}
    counts = {**{(code,): 1 for code in ones}, ("q1",): 9, ("q2",): 12}
    found = gains(read_instance(write(tmp_path, {"region": region}, counts)), Promise())
    assert found == [Gain("region", "level", opened=2, counts=26, closed=0, gone=1)]


def test_a_small_count_leans_on_the_cell_that_all_its_alternatives_change() -> None:
    assert leaning_on([[0, 5, 6], [0, 1, 5], [1, 7]], [0, 1], {5, 6, 7}) == {5: (0,)}
    assert leaning_on([], [0], {5}) == {}
    table = line(3, 6, 40)
    dossier = protected(table).dossier
    assert dossier is not None
    assert leaning(dossier) == {table.key(("leaf1",)): (table.key(("leaf0",)),)}
