"""One table in a folder, when more than small counts is asked: proven like them, or said to be told by shown zeros."""

import json
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from register.disclosure import CellKey, DisclosureInputError, build, dominance_links, group_links
from register.disclosure.instances import Instance, read_instance, side
from register.disclosure.single import Hidden, Promise, Unprotected, protect_single
from register.disclosure.single_files import certificate_of, protected_table
from register.disclosure.single_rules import Beyond
from register.disclosure.single_search import Method
from register.disclosure.verdict import verify_files
from register.disclosure.wishes import Waiver, Wishes
from tests.unit.disclosure.oracle import Search
from tests.unit.disclosure.samples import LEVELS, deep_counts, others_at_every_level
from tests.unit.disclosure.test_single import as_table, instances, write

FEW = settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
STEPS = (1, -1, 2, -2, 3, -3, 4, 5, 6)


@FEW
@given(instances(), st.integers(2, 4), st.integers(0, 2), st.sampled_from(("auto", "eliminate")))
def test_where_zeros_may_be_hidden_a_complete_search_finds_another_number_of_others(
    instance: Instance, threshold: int, but: int, method: Method
) -> None:
    promise = Promise(threshold=threshold, zeros="hidden", method=method)
    found = protect_single(instance, promise, beyond=Beyond(sensitive=("a",), but=but))
    assert isinstance(found, Hidden), found
    rows = [row.rsplit(",", 2) for row in protected_table(instance, found).decode().splitlines()[1:]]
    table = as_table(instance)
    values = {table.key(codes): value for codes, value in table.filled().items()}
    system = build([table], group_links([table], values, {"a"}, but))
    hidden = {table.key(tuple(codes.split(","))) for codes, _, status in rows if status == "suppressed"}
    search = Search(system, hidden, most=max(system.values) + 20)
    for number, flag in enumerate(system.unsafe(threshold)):
        value = system.values[number]
        assert not flag or any(search.possible(number, value + step) for step in STEPS), system.cells[number]


@FEW
@given(deep_counts(("M", "F")), st.integers(0, 2), st.sampled_from(("auto", "modular", "eliminate")))
@example({("d5", "M"): 9, ("d6", "M"): 2}, 2, "auto")
def test_of_no_group_at_any_level_a_complete_search_finds_how_many_are_left(
    counts: dict[tuple[str, str], int], but: int, method: Method
) -> None:
    sides = side("a", {"_T": "", **LEVELS}), side("b", {"_T": "", "M": "_T", "F": "_T"})
    places = [{code: n for n, code in enumerate(one.codes[int(leaf)] for leaf in one.leaf_positions)} for one in sides]
    instance = Instance(sides, {(places[0][a], places[1][b]): n for (a, b), n in counts.items() if n}, {})
    found = protect_single(
        instance, Promise(threshold=3, zeros="hidden", method=method), beyond=Beyond(sensitive=("a",), but=but)
    )
    assert isinstance(found, Hidden), found
    table = as_table(instance)
    system = build([table], others_at_every_level(table, but))
    rows = [row.rsplit(",", 2) for row in protected_table(instance, found).decode().splitlines()[1:]]
    hidden = {table.key(tuple(codes.split(","))) for codes, _, status in rows if status == "suppressed"}
    search = Search(system, hidden, most=max(system.values) + 20)
    for number, rule in enumerate(system.rules):
        value = system.values[number]
        assert not rule or any(search.possible(number, value + step) for step in STEPS), system.cells[number]


@FEW
@given(instances(), st.integers(2, 4), st.sampled_from((50, 75, 90)))
def test_a_count_of_one_contributor_is_hidden_and_has_another_value(
    instance: Instance, threshold: int, dominant: int
) -> None:
    found = protect_single(instance, Promise(threshold=threshold), beyond=Beyond(contributor="a", dominant=dominant))
    assert isinstance(found, Hidden), found
    table = as_table(instance)
    filled = table.filled()
    axis = table.dimensions[0]
    parents = {parent for parent, parts in axis.sums if len(parts) > 1}
    leaves = [code for code in axis.codes if code not in {parent for parent, _ in axis.sums}]
    largest: dict[CellKey, int] = {}
    for codes in filled:
        if codes[0] in parents:
            under = [code for code in leaves if _lies_under(axis.sums, code, codes[0])]
            largest[table.key(codes)] = max(filled[code, *codes[1:]] for code in under)
    values = {table.key(codes): value for codes, value in filled.items()}
    system = build([table], dominance_links(values, largest, dominant))
    rows = [row.rsplit(",", 2) for row in protected_table(instance, found).decode().splitlines()[1:]]
    hidden = {table.key(tuple(codes.split(","))) for codes, _, status in rows if status == "suppressed"}
    search = Search(system, hidden, most=max(system.values) + 20)
    for number, rule in enumerate(system.rules):
        if rule:
            assert system.cells[number] in hidden
            assert any(search.possible(number, system.values[number] + step) for step in STEPS)


def _lies_under(sums: tuple[tuple[str, tuple[str, ...]], ...], code: str, parent: str) -> bool:
    below = {code}
    while True:
        more = below | {above for above, parts in sums if below.intersection(parts)}
        if more == below:
            return parent in below
        below = more


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Regions by substance; everybody of n1 has an opioid, and nearly all cocaine comes from s1."""
    counts = {("n1", "opioid"): 9, ("n2", "opioid"): 8, ("n2", "other"): 9, ("s1", "cocaine"): 40, ("s1", "other"): 7}
    counts |= {("n2", "cocaine"): 2, ("s1", "opioid"): 12}
    sides = {
        "region": {"_T": "", "n1": "_T", "n2": "_T", "s1": "_T"},
        "substance": {"_T": "", "opioid": "_T", "cocaine": "_T", "other": "_T"},
    }
    return write(tmp_path, sides, counts)


def _written(folder: Path, promise: Promise, beyond: Beyond) -> tuple[Path, Path]:
    instance = read_instance(folder)
    found = protect_single(instance, promise, beyond=beyond)
    assert isinstance(found, Hidden), found
    table = protected_table(instance, found)
    (folder / "protected.csv").write_bytes(table)
    (folder / "certificate.json").write_bytes(certificate_of(instance, found, promise, table))
    return folder / "protected.csv", folder / "certificate.json"


@pytest.mark.parametrize("method", ["auto", "moves", "eliminate", "exact"])
def test_the_certificate_proves_both_rules_and_a_spoilt_one_does_not(folder: Path, method: Method) -> None:
    beyond = Beyond(sensitive=("substance",), contributor="region", dominant=90)
    protected, certificate = _written(folder, Promise(zeros="hidden", method=method), beyond)
    assert verify_files(folder, protected, certificate) == []
    rows = protected.read_text(encoding="utf-8").splitlines()
    assert "_T,cocaine,,suppressed" in rows
    assert "n1,_T,9,published" not in rows or "n1,opioid,9,published" not in rows
    claim = json.loads(certificate.read_bytes())
    assert claim["beyond"] == beyond.told()
    certificate.write_text(json.dumps(claim | {"beyond": claim["beyond"] | {"dominant": 50}}), encoding="utf-8")
    assert "A cell that a rule protects is published." in verify_files(folder, protected, certificate)
    others = [table for table in claim["tables"] if not any(row[0] == "n1" and row[1] != "opioid" for row in table)]
    certificate.write_text(json.dumps(claim | {"tables": others}), encoding="utf-8")
    assert "A cell that a rule protects, or the others of a group, has no witness." in verify_files(
        folder, protected, certificate
    )
    for broken in ({"but": 3}, {"dominant": 100}, {"contributor": "hospital"}, {"more": 1}):
        certificate.write_text(json.dumps(claim | {"beyond": claim["beyond"] | broken}), encoding="utf-8")
        assert "cannot be read" in verify_files(folder, protected, certificate)[0]


def test_shown_zeros_tell_of_a_group_until_somebody_waives_it(folder: Path) -> None:
    instance, beyond = read_instance(folder), Beyond(sensitive=("substance",))
    found = protect_single(instance, Promise(), beyond=beyond)
    assert isinstance(found, Unprotected)
    assert [en for _, en in found.reasons] == [
        "region n1, substance _T: the whole group shares an answer, and shown zeros tell it, whatever is hidden."
    ]
    waived = Wishes(waivers=(Waiver((1, 0), "A. de Wit", "known", "2026-01-02"),))
    assert isinstance(protect_single(instance, Promise(), waived, beyond), Hidden)


def test_a_promise_that_knows_small_counts_alone_refuses_further_rules(folder: Path) -> None:
    for promise in (Promise(protection="reach"), Promise(attacker="A3", marks=True)):
        with pytest.raises(DisclosureInputError):
            protect_single(read_instance(folder), promise, beyond=Beyond(sensitive=("substance",)))
