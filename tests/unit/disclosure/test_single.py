"""One table in a folder: what is hidden holds against a complete search, and only a good certificate is believed."""

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import CellKey, Dimension, DisclosureInputError, Table, build
from register.disclosure.instances import Instance, read_instance, side
from register.disclosure.single import NOTHING, Hidden, Promise, Unprotected, protect_single
from register.disclosure.single_files import certificate_of, protected_table
from register.disclosure.single_search import Method
from register.disclosure.verdict import verify_files, waivers_of
from register.disclosure.wishes import Wishes, read_wishes
from tests.unit.disclosure.oracle import Search

FEW = settings(max_examples=50, deadline=None)
PROMISES = (
    Promise(),
    Promise(attacker="A1", cost="cells"),
    Promise(threshold=3, attacker="A4", cost="counts"),
    Promise(zeros="hidden"),
    Promise(protection="width:2"),
    Promise(threshold=3, protection="reach"),
    Promise(threshold=3, attacker="A3", marks=True),
    Promise(method="modular"),
    Promise(method="modular", attacker="A1", zeros="hidden"),
    Promise(method="modular", protection="width:2"),
    Promise(method="modular", threshold=3, protection="reach"),
    Promise(method="modular", threshold=3, attacker="A4", marks=True),
    Promise(method="eliminate"),
    Promise(method="eliminate", attacker="A1", zeros="hidden"),
    Promise(method="eliminate", protection="width:2"),
    Promise(method="eliminate", threshold=3, attacker="A4", marks=True),
)


def write(folder: Path, hierarchies: dict[str, dict[str, str]], counts: dict[tuple[str, ...], int]) -> Path:
    rows = [f"{name},{code},{parent}" for name, above in hierarchies.items() for code, parent in above.items()]
    (folder / "hierarchies.csv").write_text("\n".join(["dimension,code,parent", *rows]) + "\n", encoding="utf-8")
    lines = [",".join((*codes, str(count))) for codes, count in counts.items()]
    (folder / "counts.csv").write_text("\n".join([",".join((*hierarchies, "count")), *lines]) + "\n", encoding="utf-8")
    return folder


def files(folder: Path, promise: Promise, wishes: Wishes = NOTHING) -> tuple[Path, Path]:
    instance = read_instance(folder)
    found = protect_single(instance, promise, wishes)
    assert isinstance(found, Hidden), found
    table = protected_table(instance, found)
    (folder / "protected.csv").write_bytes(table)
    (folder / "certificate.json").write_bytes(certificate_of(instance, found, promise, table))
    return folder / "protected.csv", folder / "certificate.json"


@st.composite
def trees(draw: st.DrawFn, name: str, most: int) -> dict[str, str]:
    """Draw code to parent; a group may have a single child, and leaves may stand at different depths."""
    groups = {f"{name}g{number}": "_T" for number in range(draw(st.integers(0, 2)))}
    leaves = {f"{name}{number}": draw(st.sampled_from(("_T", *groups))) for number in range(draw(st.integers(1, most)))}
    return {"_T": "", **{code: above for code, above in groups.items() if code in leaves.values()}, **leaves}


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    shape = draw(st.sampled_from(((4,), (3, 3), (2, 4), (2, 2, 2))))
    sides = tuple(side(name, draw(trees(name, size))) for name, size in zip("abc", shape, strict=False))
    leaves = [range(len(one.leaf_positions)) for one in sides]
    places = [()]
    for axis in leaves:
        places = [(*at, leaf) for at in places for leaf in axis]
    counts = {at: draw(st.integers(0, 6)) for at in places}
    return Instance(sides, {at: count for at, count in counts.items() if count}, {})


def as_table(instance: Instance) -> Table:
    dimensions = tuple(
        Dimension(
            one.name,
            one.codes,
            tuple((one.codes[parent], tuple(one.codes[part] for part in parts)) for parent, parts in one.sums),
        )
        for one in instance.sides
    )
    counts = {
        tuple(one.codes[int(one.leaf_positions[leaf])] for one, leaf in zip(instance.sides, at, strict=True)): count
        for at, count in instance.counts.items()
    }
    return Table("table", "all", dimensions, counts)


@FEW
@given(
    instances(),
    st.integers(2, 5),
    st.sampled_from(("A0", "A1", "A2", "A3", "A4", "A3 marks", "A4 marks")),
    st.sampled_from(("auto", "modular", "eliminate")),
)
def test_a_complete_search_finds_another_value_for_every_small_count_at_each_level(
    instance: Instance, threshold: int, attacker: str, method: Method
) -> None:
    level, _, marks = attacker.partition(" ")
    found = protect_single(instance, Promise(threshold=threshold, attacker=level, marks=bool(marks), method=method))
    if marks and isinstance(found, Unprotected):  # who sees marks may know a count whatever is hidden
        return
    assert isinstance(found, Hidden), found
    rows = [row.rsplit(",", 2) for row in protected_table(instance, found).decode().splitlines()[1:]]
    table = as_table(instance)
    system = build([table])
    hidden = {table.key(tuple(codes.split(","))) for codes, _, status in rows if status == "suppressed"}
    least, marked = 0 if level in ("A0", "A1") else 1, threshold if marks else 0
    search = Search(system, hidden, most=max(system.values) + 20, least=least, marked=marked)
    for number, value in enumerate(system.values):
        if 0 < value < threshold:
            assert system.cells[number] in hidden
            assert any(search.possible(number, value + step) for step in (1, -1, 2, -2, 3, -3, 4, 5, 6))


@settings(max_examples=30, deadline=None)
@given(instances(), st.integers(2, 5))
def test_no_safe_pattern_costs_less_than_the_bound_and_the_exact_one_is_among_the_cheapest(
    instance: Instance, threshold: int
) -> None:
    """Patterns of a tiny table that cost less than the bound, each tried by a complete search."""
    promise = Promise(threshold=threshold, cost="cells", method="exact")
    found = protect_single(instance, promise)
    assert isinstance(found, Hidden), found
    cells = found.lattice
    assert found.price == pytest.approx(cells.weight[found.hidden].sum() - cells.weight[found.small].sum())
    assert found.bound <= found.price + 1e-6
    fast = protect_single(instance, Promise(threshold=threshold, cost="cells"))
    assert isinstance(fast, Hidden)
    assert found.price <= fast.price + 1e-6
    table = as_table(instance)
    system = build([table])
    shown = [unknown for unknown in range(cells.size) if unknown not in set(found.small.tolist())]
    for more in (chosen for size in range(3) for chosen in combinations(shown[:12], size)):
        price = cells.weight[list(more)].sum()
        if price < found.bound - 1e-6:
            hidden = keys(table, found, {*found.small.tolist(), *more})
            search = Search(system, hidden, most=max(system.values) + 20)
            steps = (1, -1, 2, -2, 3, -3, 4, 5, 6)
            small = [(n, v) for n, v in enumerate(system.values) if 0 < v < threshold]
            assert not all(any(search.possible(n, v + step) for step in steps) for n, v in small)


def keys(table: Table, found: Hidden, unknowns: set[int]) -> set[CellKey]:
    return {
        table.key(codes)
        for codes, unknown in zip(table.rows(), found.lattice.of_cell.ravel().tolist(), strict=True)
        if unknown in unknowns
    }


@pytest.mark.parametrize(
    "promise", PROMISES, ids=lambda promise: f"{promise.method}-{promise.attacker}-{promise.protection}-{promise.zeros}"
)
def test_what_is_written_is_proven_or_nothing_is(tmp_path: Path, promise: Promise) -> None:
    hierarchies = {
        "region": {"_T": "", "north": "_T", "south": "_T", "n1": "north", "s1": "south", "s2": "south", "s3": "south"},
        "age": {"_T": "", "young": "_T", "a0": "young", "a1": "young", "a2": "_T"},
    }
    counts = [(7, 1, 12), (2, 9, 14), (15, 3, 1), (8, 21, 6)]
    cells = {
        (region, age): count
        for region, row in zip(("n1", "s1", "s2", "s3"), counts, strict=True)
        for age, count in zip(("a0", "a1", "a2"), row, strict=True)
    }
    folder = write(tmp_path, hierarchies, cells)
    assert verify_files(folder, *files(folder, promise)) == []


@pytest.fixture
def good(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Four regions by two sexes, one province with a single region; protected and proven."""
    region = {"_T": "", "P": "_T", "r0": "P", "r1": "_T", "r2": "_T", "r3": "_T"}
    counts = dict(
        zip(
            [(r, s) for r in ("r0", "r1", "r2", "r3") for s in "MF"],
            (3, 9, 8, 6, 7, 11, 12, 5),
            strict=True,
        )
    )
    folder = write(tmp_path, {"region": region, "sex": {"_T": "", "M": "_T", "F": "_T"}}, counts)
    return (folder, *files(folder, Promise()))


def mutants() -> Iterator[tuple[str, Callable[[dict[str, Any]], object]]]:
    yield "another instance", lambda claim: claim["instance"].update({"counts.csv": "0" * 64})
    yield "another table", lambda claim: claim.update(protected="0" * 64)
    yield "no alternatives", lambda claim: claim.update(tables=[])
    yield "one leaf changed more", lambda claim: claim["tables"][0][0].__setitem__(-1, 2)
    yield "a leaf less", lambda claim: claim["tables"][0].pop()
    yield "half a death", lambda claim: claim["tables"][0][0].__setitem__(-1, 0.5)
    yield "a truth value", lambda claim: claim["tables"][0][0].__setitem__(-1, True)
    yield "an unknown leaf", lambda claim: claim["tables"][0][0].__setitem__(0, "r9")
    yield "a threshold that makes more counts small", lambda claim: claim.update(threshold=7)
    yield "a threshold that protects nothing", lambda claim: claim.update(threshold=1)
    yield "a wider promise", lambda claim: claim.update(protection="width:9")
    yield "an unknown attacker", lambda claim: claim.update(attacker="A9")
    yield "marks for an attacker who does not see them", lambda claim: claim.update(marks=True)
    yield "other dimensions", lambda claim: claim["dimensions"].reverse()
    yield "a missing part", lambda claim: claim.pop("engine")
    yield "dimensions that are no list", lambda claim: claim.update(dimensions=dict.fromkeys(claim["dimensions"]))
    asked = {"sensitive": [], "but": 0, "contributor": "", "dominant": 90}
    yield "sensitive dimensions that are no list", lambda claim: claim.update(beyond=asked | {"sensitive": {}})
    yield "a contributor without a name", lambda claim: claim.update(beyond=asked | {"contributor": None})


@pytest.mark.parametrize(("name", "spoil"), list(mutants()), ids=[name for name, _ in mutants()])
def test_a_certificate_that_was_changed_proves_nothing(
    good: tuple[Path, Path, Path], name: str, spoil: Callable[[dict[str, Any]], object]
) -> None:
    assert verify_files(*good) == []
    claim = json.loads(good[2].read_text(encoding="utf-8"))
    spoil(claim)
    good[2].write_text(json.dumps(claim), encoding="utf-8")
    assert verify_files(*good), name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("r0,M,,suppressed", "r0,M,3,published"),
        ("r0,M,,suppressed", "r0,M,3,suppressed"),
        ("\nP,M,,suppressed", "\nP,M,3,published"),
        ("_T,_T,61,published", "_T,_T,62,published"),
        ("_T,_T,61,published", "_T,_T,61,secret"),
        ("_T,_T,61,published\n", ""),
    ],
)
def test_a_table_that_was_changed_is_not_proven_even_under_its_own_hash(
    good: tuple[Path, Path, Path], before: str, after: str
) -> None:
    text = good[1].read_text(encoding="utf-8")
    assert before in text
    good[1].write_text(text.replace(before, after), encoding="utf-8")
    claim = json.loads(good[2].read_text(encoding="utf-8"))
    claim["protected"] = hashlib.sha256(good[1].read_bytes()).hexdigest()
    good[2].write_text(json.dumps(claim), encoding="utf-8")
    assert verify_files(*good)


@pytest.mark.parametrize("method", ["auto", "eliminate"])
def test_the_order_of_the_rows_does_not_matter(good: tuple[Path, Path, Path], method: Method) -> None:
    folder, protected, certificate = good
    files(folder, Promise(method=method))
    before = protected.read_bytes(), json.loads(certificate.read_bytes())
    header, *rows = (folder / "counts.csv").read_text(encoding="utf-8").splitlines()
    (folder / "counts.csv").write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    files(folder, Promise(method=method))
    after = protected.read_bytes(), json.loads(certificate.read_bytes())
    assert after[0] == before[0]
    assert after[1]["instance"] != before[1]["instance"]
    assert {**after[1], "instance": {}} == {**before[1], "instance": {}}


def test_cells_that_must_stay_open_are_named_when_they_give_a_small_count_away(good: tuple[Path, Path, Path]) -> None:
    folder = good[0]
    keep = folder / "keep.csv"
    keep.write_text("region,sex\nr0,F\nr0,_T\n", encoding="utf-8")
    instance = read_instance(folder)
    found = protect_single(instance, Promise(), read_wishes(instance.sides, keep=keep))
    assert isinstance(found, Unprotected)
    assert "can be computed as long as region P, sex F must stay open" in found.reasons[0][1]
    keep.write_text("region,sex\nr0,M\n", encoding="utf-8")
    assert isinstance(protect_single(instance, Promise(), read_wishes(instance.sides, keep=keep)), Unprotected)


def test_a_small_count_that_somebody_waives_by_name_is_published_and_nothing_else_is_given_away(
    good: tuple[Path, Path, Path],
) -> None:
    folder = good[0]
    listed = folder / "waivers.csv"
    listed.write_text("region,sex,person,reason,day\nP,M,A. de Wit,known from the news,2026-01-02\n", encoding="utf-8")
    wishes = read_wishes(read_instance(folder).sides, waivers=listed)
    protected, certificate = files(folder, Promise(), wishes)
    rows = protected.read_text(encoding="utf-8").splitlines()
    assert {"r0,M,3,published", "P,M,3,published"} <= set(rows)  # the province has no other region
    assert verify_files(folder, protected, certificate) == []
    claim = json.loads(certificate.read_bytes())
    assert claim["waivers"] == [["P", "M", "A. de Wit", "known from the news", "2026-01-02"]]
    for spoilt in (
        [],
        [["r1", "M", "A. de Wit", "known from the news", "2026-01-02"]],
        [["P", "M", "", "", ""]],
        [["P", "M", " ", "\t", "\n"]],
    ):
        certificate.write_text(json.dumps(claim | {"waivers": spoilt}), encoding="utf-8")
        assert "A count that is too small is published." in verify_files(folder, protected, certificate)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_certificate_is_utf_8_without_a_mark(good: tuple[Path, Path, Path], encoding: str) -> None:
    good[2].write_text(good[2].read_text(encoding="utf-8"), encoding=encoding)
    (reason,) = verify_files(*good)
    assert reason.startswith("A file cannot be read as it should be")


def test_a_waiver_is_told_in_one_line_whatever_its_words(good: tuple[Path, Path, Path]) -> None:
    claim = json.loads(good[2].read_text(encoding="utf-8"))
    words = ["A. de Wit\n\x1b[2JThe certificate proves", "known\u2028from the news", "2026-01-02"]
    good[2].write_text(json.dumps(claim | {"waivers": [["r0", "M", *words]]}), encoding="utf-8")
    assert verify_files(*good) == []
    told = "region r0, sex M: A. de Wit  [2JThe certificate proves, known from the news, 2026-01-02"
    assert waivers_of(good[2]) == [told]


def test_what_is_dear_to_hide_stays_open_when_something_else_can_be_hidden(good: tuple[Path, Path, Path]) -> None:
    folder = good[0]
    sides = read_instance(folder).sides
    weights = folder / "weights.csv"
    for region, weight in (("r1", "100"), ("r2", "100")):
        weights.write_text(f"region,sex,weight\n*,*,1.5\n{region},*,{weight}\n", encoding="utf-8")
        protected, _ = files(folder, Promise(), read_wishes(sides, weights=weights))
        dear = [row for row in protected.read_text(encoding="utf-8").splitlines() if row.startswith(f"{region},")]
        assert all(row.endswith("published") for row in dear)


@pytest.mark.parametrize(
    ("kind", "row", "sentence"),
    [
        ("weights", "region,sex,weight\nr0,M,0\n", "line 2: the weight 0 is not a number above 0."),
        ("weights", "region,sex,weight\nr0,*,1e5\n", "line 2: the weight 1e5 is not a number above 0."),
        (
            "waivers",
            "region,sex,person,reason,day\nr0,M,me,,today\n",
            "line 2: a waiver has a person, a reason and a day.",
        ),
        ("waivers", "region,sex,person,reason,day\n*,M,me,so,today\n", "line 2: region has no code *."),
    ],
)
def test_a_broken_list_of_wishes_is_told_with_its_line(
    good: tuple[Path, Path, Path], kind: str, row: str, sentence: str
) -> None:
    path = good[0] / "list.csv"
    path.write_text(row, encoding="utf-8")
    with pytest.raises(DisclosureInputError) as refusal:
        read_wishes(read_instance(good[0]).sides, **{kind: path})
    assert str(refusal.value) == f"list.csv, {sentence}"


@pytest.mark.parametrize(
    ("threshold", "protection"),
    [(1, "reach"), (1_000_001, "reach"), *((5, f"width:{far}") for far in ("", "0", "01", "-1", "٣", "1:2", "9" * 30))],
)
def test_a_promise_that_no_certificate_can_hold_is_refused(threshold: int, protection: str) -> None:
    with pytest.raises(DisclosureInputError, match="protects nothing"):
        Promise(threshold=threshold, protection=protection)


@pytest.mark.parametrize("row", ["r0", f"{'x' * 200_000},M,1", f"r0,M,{'9' * 30}", f"r0,M,{'9' * 5000}", "\x00"])
def test_the_verifier_tells_of_counts_that_cannot_be_read(good: tuple[Path, Path, Path], row: str) -> None:
    counts = good[0] / "counts.csv"
    counts.write_text(f"{counts.read_text(encoding='utf-8').splitlines()[0]}\n{row}\n", encoding="utf-8")
    (reason,) = verify_files(*good)
    assert reason.startswith("A file cannot be read as it should be")


GOOD = "dimension,code,parent\na,_T,\na,x,_T\na,y,_T\n"


@pytest.mark.parametrize(
    ("hierarchies", "counts", "sentence"),
    [
        (GOOD, "a,count\nz,1\n", "counts.csv, line 2: a has no code z."),
        (GOOD, "a,count\nx,1\nx,2\n", "counts.csv, line 3: x occurs twice."),
        (GOOD, "a,count\nx,-1\n", "counts.csv, line 2: the count -1 is not a whole number of 0 or more."),
        (GOOD, "a,count\nx,1.5\n", "counts.csv, line 2: the count 1.5 is not a whole number of 0 or more."),
        (GOOD, "a,count\nx,1\n_T,2\n", "counts.csv, line 3: this total is not the sum of its parts."),
        (
            GOOD,
            f"a,count\nx,{'9' * 5000}\n",
            f"counts.csv, line 2: the count {'9' * 20}… is not a whole number of 0 or more.",
        ),
        (GOOD, "a,count\nx,1000000001\n", "counts.csv, line 2: the count 1000000001 is above 1000000000."),
        (GOOD, "a,count\nx\n", "counts.csv, line 2: 1 columns instead of 2."),
        (GOOD, "a;count\nx;1\n", "counts.csv, line 1: columns are separated by semicolons; use commas."),
        (GOOD, "\ufeffa,count\nx,1\n", "counts.csv, line 1: the file begins with a BOM; save it as UTF-8 without one."),
        (GOOD, "b,count\nx,1\n", "counts.csv, line 1: the header must be a,count."),
        (GOOD, "", "counts.csv, line 1: the file is empty."),
        (GOOD + "a,z,\n", "", "hierarchies.csv, line 5: a has two roots."),
        (GOOD + "a,x,_T\n", "", "hierarchies.csv, line 5: code x of a occurs twice."),
        (GOOD + "a,p,q\na,q,p\n", "", "hierarchies.csv, line 5: a has a cycle at p."),
        (GOOD + "a,p,w\n", "", "hierarchies.csv, line 5: a has no code w."),
        ("dimension,code,parent\n", "", "hierarchies.csv, line 1: there is no dimension."),
        ("dimension,code,parent\na,all,\n", "", "hierarchies.csv, line 2: the root of a must be _T."),
        (
            GOOD,
            "a,count\nx,1\ny\r,2\n",
            "counts.csv, line 3: a control character does not belong here; lines end in LF or CRLF.",
        ),
        (
            GOOD.replace("\n", "\r"),
            "",
            "hierarchies.csv, line 1: a control character does not belong here; lines end in LF or CRLF.",
        ),
        (GOOD + "value,_T,\n", "", "hierarchies.csv, line 5: a dimension may not be called value."),
        (
            GOOD + "".join(f"a,z{number},_T\n" for number in range(18)),
            "".join(["a,count\n", *(f"z{number},1000000000\n" for number in range(18))]),
            "counts.csv: the counts are 18000000000 together, above 17179869184.",
        ),
    ],
    ids=range(22),
)
def test_bad_input_is_told_in_one_sentence_with_its_file_and_line(
    tmp_path: Path, hierarchies: str, counts: str, sentence: str
) -> None:
    (tmp_path / "hierarchies.csv").write_text(hierarchies, encoding="utf-8")
    (tmp_path / "counts.csv").write_text(counts, encoding="utf-8")
    with pytest.raises(DisclosureInputError) as refusal:
        read_instance(tmp_path)
    assert str(refusal.value) == sentence
    assert refusal.value.nl
