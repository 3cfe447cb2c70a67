"""Certificates damaged in every way: what is still believed is safe, by a complete search that trusts nothing."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import build, group_links
from register.disclosure.cells import DisclosureInputError
from register.disclosure.instances import Instance, read_instance
from register.disclosure.lattice import summed
from register.disclosure.single import Hidden, Promise, protect_single
from register.disclosure.single_files import certificate_of, protected_table
from register.disclosure.single_rules import Beyond
from register.disclosure.verdict import verify_files
from register.disclosure.verify import claim_of, verify
from register.disclosure.wishes import Waiver, Wishes
from tests.scale import scaled
from tests.unit.disclosure.oracle import Search
from tests.unit.disclosure.test_single import as_table, instances, write

SOME = settings(max_examples=scaled("examples", small=40, full=1000), deadline=None)
STEPS = (1, -1, 2, -2, 3, -3, 4, 5, 6)
Certificate = dict[str, Any]


def folder_of(place: Path, instance: Instance) -> Path:
    """Write an instance that was drawn."""
    hierarchies = {}
    for side in instance.sides:
        above = {side.codes[part]: side.codes[parent] for parent, parts in side.sums for part in parts}
        hierarchies[side.name] = {code: above.get(code, "") for code in side.codes}
    counts = {
        tuple(side.codes[int(side.leaf_positions[leaf])] for side, leaf in zip(instance.sides, at, strict=True)): count
        for at, count in instance.counts.items()
    }
    return write(place, hierarchies, counts)


def believed(folder: Path, table: str, told: Certificate) -> list[str]:
    """Return what the verifier says of this table, under its own hash."""
    (folder / "protected.csv").write_text(table, encoding="utf-8")
    told = told | {"protected": hashlib.sha256(table.encode()).hexdigest()}
    (folder / "certificate.json").write_text(json.dumps(told), encoding="utf-8")
    return verify_files(folder, folder / "protected.csv", folder / "certificate.json")


def fewer(told: Certificate, data: st.DataObject) -> None:
    if told["tables"]:
        told["tables"].pop(data.draw(st.integers(0, len(told["tables"]) - 1)))


def moved(told: Certificate, data: st.DataObject) -> None:
    rows = [row for table in told["tables"] for row in table]
    if rows:
        row = data.draw(st.sampled_from(rows))
        row[-1] += data.draw(st.sampled_from((-2, -1, 1, 2)))


def renamed(told: Certificate, data: st.DataObject) -> None:
    rows = [row for table in told["tables"] for row in table]
    if rows:
        row, other = data.draw(st.sampled_from(rows)), data.draw(st.sampled_from(rows))
        row[0] = other[0]


def promised(told: Certificate, data: st.DataObject) -> None:
    told["threshold"] = data.draw(st.integers(2, 7))
    told["attacker"] = data.draw(st.sampled_from(("A0", "A1", "A2", "A3", "A4")))


DAMAGES: tuple[Callable[[Certificate, st.DataObject], None], ...] = (fewer, moved, renamed, promised)


def turned(table: str, values: list[int], row: int) -> str:
    """Publish a hidden cell with its true value, or hide a published one."""
    lines = table.split("\n")
    *codes, _, status = lines[row + 1].split(",")
    tail = [str(values[row]), "published"] if status == "suppressed" else ["", "suppressed"]
    lines[row + 1] = ",".join([*codes, *tail])
    return "\n".join(lines)


@SOME
@given(instances(), st.integers(2, 5), st.sampled_from((None, 0, 1)), st.data())
def test_what_is_believed_after_any_damage_is_safe_for_every_small_count_and_group(
    instance: Instance, threshold: int, but: int | None, data: st.DataObject
) -> None:
    beyond = Beyond() if but is None else Beyond(sensitive=("a",), but=but)
    promise = Promise(threshold=threshold, zeros="visible" if but is None else "hidden")
    found = protect_single(instance, promise, beyond=beyond)
    assert isinstance(found, Hidden), found
    with tempfile.TemporaryDirectory() as place:
        folder = folder_of(Path(place), instance)
        given_ = read_instance(folder)
        table = protected_table(given_, found)
        told = json.loads(certificate_of(given_, found, promise, table))
        text, values = table.decode(), summed(given_.tensor(), given_.sides).ravel().tolist()
        assert believed(folder, text, told) == []
        for _ in range(data.draw(st.integers(0, 2))):
            data.draw(st.sampled_from(DAMAGES))(told, data)
        for _ in range(data.draw(st.integers(0, 2))):
            text = turned(text, values, data.draw(st.integers(0, len(values) - 1)))
        if believed(folder, text, told) == []:
            assert_safe(instance, text, told)


def assert_safe(instance: Instance, text: str, told: Certificate) -> None:
    """Every small count is hidden and has another value, and so has the number of the others of every group."""
    table = as_table(instance)
    values = {table.key(codes): value for codes, value in table.filled().items()}
    asked = told.get("beyond")
    system = build([table], group_links([table], values, {"a"}, asked["but"]) if asked else ())
    rows = [row.rsplit(",", 2) for row in text.splitlines()[1:]]
    hidden = {table.key(tuple(codes.split(","))) for codes, _, status in rows if status == "suppressed"}
    least = 0 if told["attacker"] in ("A0", "A1") else 1
    search = Search(system, hidden, most=max(system.values) + 20, least=least)
    for number, unsafe in enumerate(system.unsafe(told["threshold"])):
        if unsafe:
            assert system.cells[number] in hidden or not system.printed[number]
            assert any(search.possible(number, system.values[number] + step) for step in STEPS)


@pytest.fixture
def proven(tmp_path: Path) -> tuple[Path, str, Certificate]:
    """Return a table of four areas by two substances, one area with one substance only, and groups protected."""
    sides = {"area": {"_T": "", "p": "_T", "a": "p", "b": "p", "c": "_T", "d": "_T"},
             "substance": {"_T": "", "x": "_T", "y": "_T"}}  # fmt: skip
    counts = {("a", "x"): 9, ("b", "x"): 3, ("b", "y"): 8, ("c", "x"): 7, ("c", "y"): 12, ("d", "x"): 6, ("d", "y"): 9}
    folder = write(tmp_path, sides, counts)
    instance, promise = read_instance(folder), Promise(zeros="hidden")
    beyond = Beyond(sensitive=("substance",), contributor="area", dominant=60)
    found = protect_single(instance, promise, beyond=beyond)
    assert isinstance(found, Hidden), found
    table = protected_table(instance, found)
    return folder, table.decode(), json.loads(certificate_of(instance, found, promise, table))


def test_every_single_change_of_a_status_or_a_value_is_refused(proven: tuple[Path, str, Certificate]) -> None:
    folder, text, told = proven
    lines = text.split("\n")
    instance = read_instance(folder)
    values = summed(instance.tensor(), instance.sides).ravel().tolist()
    for row in range(len(lines) - 2):
        *codes, value, status = lines[row + 1].split(",")
        other = "9" if status == "suppressed" else str(int(value) + 1)
        wrong = "\n".join([*lines[: row + 1], ",".join([*codes, other, status]), *lines[row + 2 :]])
        assert believed(folder, wrong, told), lines[row + 1]
        if status == "suppressed":
            assert believed(folder, turned(text, values, row), told), lines[row + 1]


@pytest.mark.parametrize("protection", ["reach", "width:99"])
def test_a_promise_of_distance_holds_for_groups_and_contributors_too(
    proven: tuple[Path, str, Certificate], protection: str
) -> None:
    """A dominated count of 40 is beyond the threshold as it is; that is no alternative."""
    folder, text, told = proven
    assert believed(folder, text, told) == []
    assert believed(folder, text, told | {"protection": protection, "tables": []})
    assert believed(folder, text, told | {"protection": protection})


def wrong_hierarchies() -> Iterator[str]:
    head = "dimension,code,parent\n"
    yield head + "a,_T,\na,x,_T\na,y,_T\nb,_T,\nb,u,q\n"
    yield head + "a,_T,\na,x,y\na,y,x\n"
    yield head + "a,_T,x\na,x,_T\n"
    yield head + "a,_T,\na,z,\na,x,_T\n"
    yield head + "a,_T,\na,x,_T\na,x,z\na,z,_T\n"
    yield head + "a,_T\n"
    yield head + "a,_T,\na,,_T\na,x,_T\n"
    yield ""


@pytest.mark.parametrize("text", list(wrong_hierarchies()), ids=range(8))
def test_a_hierarchy_that_is_no_tree_is_not_believed(proven: tuple[Path, str, Certificate], text: str) -> None:
    folder, table, told = proven
    (folder / "hierarchies.csv").write_text(text, encoding="utf-8")
    assert any("cannot be read" in reason for reason in believed(folder, table, told))


def test_counts_that_stand_twice_are_not_believed(proven: tuple[Path, str, Certificate]) -> None:
    folder, table, told = proven
    path = folder / "counts.csv"
    path.write_text(path.read_text(encoding="utf-8") + "a,x,9\n", encoding="utf-8")
    assert any("twice" in reason for reason in believed(folder, table, told))


AREAS = {"_T": "", "p": "_T", "a": "p", "q": "_T", "b": "q", "c": "q", "d": "_T"}
SUBSTANCES = {"_T": "", "x": "_T", "y": "_T"}
ALIKE = {("a", "x"): 9, ("b", "x"): 3, ("b", "y"): 8, ("c", "x"): 7, ("c", "y"): 12}  # all of a have x; d has nobody


def made(
    place: Path,
    promise: Promise,
    beyond: Beyond,
    waived: tuple[str, ...] = (),
    counts: dict[tuple[str, ...], int] | None = None,
) -> tuple[Path, str, Certificate]:
    """Protect the table of areas, of which p has one part, with what is asked beyond and one waiver at most."""
    folder = write(place, {"area": AREAS, "substance": SUBSTANCES}, counts or ALIKE)
    instance = read_instance(folder)
    at = tuple(side.codes.index(code) for side, code in zip(instance.sides, waived, strict=False))
    wishes = Wishes(waivers=(Waiver(at, "A. de Wit", "known", "2026-01-02"),) if waived else ())
    found = protect_single(instance, promise, wishes, beyond)
    assert isinstance(found, Hidden), found
    table = protected_table(instance, found)
    return folder, table.decode(), json.loads(certificate_of(instance, found, promise, table))


@pytest.mark.parametrize("but", [0, 1])
def test_the_others_of_a_group_need_an_alternative_of_their_own(tmp_path: Path, but: int) -> None:
    folder, text, told = made(tmp_path, Promise(zeros="hidden"), Beyond(sensitive=("substance",), but=but))
    assert believed(folder, text, told) == []
    tables = [[row for row in table if row[:2] != ["a", "y"]] for table in told["tables"]]
    others = [table for table, kept in zip(told["tables"], tables, strict=True) if table == kept]
    assert believed(folder, text, told | {"tables": others})[-1:] == [
        "A cell that a rule protects, or the others of a group, has no witness."
    ]


@pytest.mark.parametrize("area", ["a", "p"])
def test_a_group_is_waived_by_any_name_of_the_same_cell(tmp_path: Path, area: str) -> None:
    """Shown zeros tell that all of this area had x, which somebody allows; p has no other part than a."""
    folder, text, told = made(tmp_path, Promise(), Beyond(sensitive=("substance",)), waived=(area, "_T"))
    assert believed(folder, text, told) == []
    assert believed(folder, text, told | {"waivers": []})


@pytest.mark.parametrize("area", ["b", "q"])
def test_a_small_count_is_waived_by_any_name_of_the_same_cell(tmp_path: Path, area: str) -> None:
    """Where c has no x, q and b are equal for every reader."""
    counts = {("a", "x"): 9, ("b", "x"): 3, ("b", "y"): 8, ("c", "y"): 12, ("d", "x"): 14}
    folder, text, told = made(tmp_path, Promise(), Beyond(), waived=(area, "x"), counts=counts)
    assert {"b,x,3,published", "q,x,3,published"} <= set(text.splitlines())
    assert believed(folder, text, told) == []
    assert believed(folder, text, told | {"waivers": []})


def test_a_count_of_one_contributor_alone_is_not_asked_of(tmp_path: Path) -> None:
    """The one part of p provides all of it, and is p; q has two parts, of which b provides most of y."""
    counts = dict(zip(product("abcd", "xy"), (20, 20, 9, 30, 8, 9, 15, 16), strict=True))
    folder, text, told = made(tmp_path, Promise(), Beyond(contributor="area", dominant=70), counts=counts)
    assert believed(folder, text, told) == []
    assert {"p,_T,40,published", "q,_T,56,published", "q,y,,suppressed"} <= set(text.splitlines())


def test_a_count_of_one_contributor_is_shown_where_somebody_allows_it(tmp_path: Path) -> None:
    counts = dict(zip(product("abcd", "xy"), (20, 20, 9, 30, 8, 9, 15, 16), strict=True))
    beyond = Beyond(contributor="area", dominant=70)
    folder, text, told = made(tmp_path, Promise(), beyond, waived=("q", "y"), counts=counts)
    assert "q,y,39,published" in text.splitlines()
    assert believed(folder, text, told) == []
    assert believed(folder, text, told | {"waivers": []})


def test_who_sees_marks_knows_that_a_small_count_is_small_and_another_is_not(tmp_path: Path) -> None:
    """Without marks the same alternatives prove it."""
    counts = dict(zip(product("abcd", "xy"), (3, 9, 9, 30, 8, 9, 15, 16), strict=True))
    folder, text, told = made(tmp_path, Promise(attacker="A4"), Beyond(), counts=counts)
    hidden = [row for row in text.splitlines() if row.endswith(",suppressed")]
    assert {"a,x,,suppressed", "a,y,,suppressed"} <= set(hidden)
    other = next(row.split(",")[0] for row in hidden if row[0] in "bcd")
    tables = [[["a", "x", 4], ["a", "y", -4], [other, "x", -4], [other, "y", 4]]]
    assert believed(folder, text, told | {"tables": tables}) == []
    assert believed(folder, text, told | {"tables": tables, "marks": True}) == [
        "A witness falls below the attacker's bound, or rises above it."
    ]


def one_side(place: Path, counts: dict[str, int], **asked: Any) -> tuple[Path, str, Certificate]:
    """Protect a table of one dimension."""
    folder = write(place, {"a": {"_T": "", **dict.fromkeys(counts, "_T")}}, {(code,): n for code, n in counts.items()})
    instance, promise = read_instance(folder), Promise(**asked)
    found = protect_single(instance, promise)
    assert isinstance(found, Hidden), found
    table = protected_table(instance, found)
    return folder, table.decode(), json.loads(certificate_of(instance, found, promise, table))


def test_a_hidden_zero_goes_with_no_marks(tmp_path: Path) -> None:
    """Who sees that b is not small knows that it is 0 or at least 3, so that a is 2."""
    folder, text, told = one_side(tmp_path, {"a": 2, "b": 0, "c": 9}, threshold=3, attacker="A4", zeros="hidden")
    text = text.replace("c,,suppressed", "c,9,published").replace("b,0,published", "b,,suppressed")
    told |= {"tables": [[["a", -1], ["b", 1]]]}
    assert believed(folder, text, told) == []
    assert believed(folder, text, told | {"marks": True}) == ["This policy is unknown or protects nothing."]
    with pytest.raises(DisclosureInputError, match="Marks say nothing of a hidden zero"):
        Promise(threshold=3, attacker="A4", zeros="hidden", marks=True)


def test_a_small_count_that_is_hidden_though_somebody_allows_it_has_the_mark_of_a_small_one(tmp_path: Path) -> None:
    """Who sees that a and b are small, and 4 together, knows both."""
    folder, text, told = one_side(tmp_path, {"a": 2, "b": 2, "c": 9}, threshold=3, attacker="A4")
    told |= {"tables": [[["a", -1], ["b", 1]]], "waivers": [["b", "A. de Wit", "known", "2026-01-02"]]}
    assert believed(folder, text, told) == []
    assert believed(folder, text, told | {"marks": True})


def test_the_names_of_two_dimensions_are_not_the_name_of_one(proven: tuple[Path, str, Certificate]) -> None:
    """Of a dimension that is not there no group would be asked, though the promise names it."""
    folder, text, told = proven
    told |= {"dimensions": ["area,substance"]}
    beyond = told["beyond"] | {"sensitive": ["area,substance"], "contributor": ""}
    assert believed(folder, text, told | {"beyond": beyond})
    assert believed(folder, text, told | {"beyond": {}}) == ["The certificate belongs to another instance."]


def test_the_verifier_alone_knows_every_dimension_that_is_asked_of(proven: tuple[Path, str, Certificate]) -> None:
    """Who copies that one file reads no shape of a certificate first."""
    folder, text, told = proven
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("counts.csv", "hierarchies.csv")]
    assert list(verify(claim_of(told, *texts, text))) == []
    for wrong in ({"sensitive": ["substances"]}, {"contributor": "areas"}):
        with pytest.raises(ValueError, match="what is asked"):
            claim_of(told | {"beyond": told["beyond"] | wrong}, *texts, text)
