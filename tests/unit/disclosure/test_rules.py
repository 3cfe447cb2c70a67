"""Unsafe by other rules than the threshold: a group that shares an answer, a count from one contributor, a waiver."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from register.disclosure import (
    CellKey,
    Count,
    Dimension,
    Edition,
    Identity,
    Infeasible,
    Link,
    Past,
    Policy,
    Protected,
    Sensitive,
    Suppressed,
    System,
    Table,
    Waiver,
    audit,
    build,
    certificate,
    chronicle,
    dominance_links,
    group_links,
    others_of,
    protect,
    protect_beside,
    unavoidable,
    verify,
)
from tests.unit.disclosure.oracle import Search
from tests.unit.disclosure.samples import Record, cubes, deep, deep_counts, others_at_every_level, records, release

FEW = settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
STEPS = (1, -1, 2, -2, 3, -3, 4, 5, 6)
MANNER = Dimension.flat("manner", ("accident", "suicide"))
FOUND = Dimension.listed("group", ("opioid", "cocaine"))
TOTAL = CellKey.of("all", "deaths", {})


def values_of(tables: list[Table]) -> dict[CellKey, int]:
    return {table.key(codes): value for table in tables for codes, value in table.filled().items()}


def asked(tables: list[Table], links: list[Link], policy: Policy, dimensions: set[str]) -> System:
    """The system with the groups that this policy asks for."""
    assert policy.alike is not None
    return build(tables, [*links, *group_links(tables, values_of(tables), dimensions, policy.alike)])


def assert_kept(system: System, policy: Policy) -> None:
    """The patient reader finds another value of every unsafe cell, or it was said that shown zeros tell it."""
    outcome = protect(system, policy)
    told = unavoidable(system, policy)
    if told:
        assert isinstance(outcome, Infeasible)
        assert {(reason.cell, reason.rule) for reason in outcome.reasons} == {(key, "group") for key in told}
        waivers = tuple(Waiver(key, "A. de Wit", "known", "2026-01-02") for key in sorted(told))
        outcome = protect(system, replace(policy, waivers=waivers))
    assert isinstance(outcome, Protected), outcome
    assert outcome.dossier is not None
    most = max(system.values) + 20
    every = {key for key, value in zip(system.cells, system.values, strict=True) if value or policy.zeros == "hidden"}
    everything = Search(system, every, most=most)
    hidden = {key for key, cell in outcome.cells.items() if cell == Suppressed()}
    search = Search(system, hidden, most=most)
    for number, flag in enumerate(system.unsafe(policy.threshold)):
        key, value = system.cells[number], system.values[number]
        if key in told:
            assert not any(everything.possible(number, value + step) for step in STEPS), "it was said to be unavoidable"
        elif flag:
            assert key in hidden or not system.printed[number]
            assert any(search.possible(number, value + step) for step in STEPS), key
    claim = outcome.dossier.claim
    assert verify(claim).holds
    assert certificate.read(certificate.write(claim)) == claim


@FEW
@given(records(most=8), st.integers(2, 4), st.integers(0, 2), st.sampled_from(("visible", "hidden")))
def test_nobody_computes_how_many_of_a_group_do_not_share_its_answer(
    deaths: list[Record], threshold: int, but: int, zeros: str
) -> None:
    tables, links = release(deaths)
    policy = Policy(threshold=threshold, alike=but, zeros=zeros)
    assert_kept(asked(tables, links, policy, {"group", "sex"}), policy)


@FEW
@given(cubes(most_count=4), st.integers(2, 4), st.integers(0, 2))
def test_where_zeros_may_be_hidden_no_group_of_a_cube_gives_its_answer_away(
    table: Table, threshold: int, but: int
) -> None:
    policy = Policy(threshold=threshold, alike=but, zeros="hidden")
    system = asked([table], [], policy, {"a"})
    assert not unavoidable(system, policy)
    assert_kept(system, policy)


@FEW
@given(deep_counts(("M", "F")), st.integers(0, 2))
@example({("d5", "M"): 9, ("d6", "M"): 2}, 2)
def test_of_no_group_at_any_level_it_is_known_how_many_are_left(counts: dict[tuple[str, ...], int], but: int) -> None:
    """Also of an answer two levels down, where those who are left at each level between are not known."""
    table = Table("T", "all", (deep("a"), Dimension.flat("sex", ("M", "F"))), counts)
    policy = Policy(threshold=3, alike=but, zeros="hidden")
    outcome = protect(asked([table], [], policy, {"a"}), policy)
    assert isinstance(outcome, Protected)
    system = build([table], others_at_every_level(table, but))
    hidden = {key for key, cell in outcome.cells.items() if cell == Suppressed()}
    search = Search(system, hidden, most=max(system.values) + 20)
    for number, rule in enumerate(system.rules):
        value = system.values[number]
        assert not rule or any(search.possible(number, value + step) for step in STEPS), system.cells[number]


def test_of_an_answer_two_levels_down_those_who_are_left_are_a_cell_of_their_own() -> None:
    """All have d1, and of those all but two d5; of d3 and of d4 nobody need know more than before."""
    table = Table("T", "all", (deep("a"),), {("d5",): 9, ("d4",): 1, ("d6",): 1})
    values = values_of([table])
    kept = {others_of(link.key) for link in group_links([table], values, {"a"}, 2)}
    wanted = {("_T", "d1"), ("_T", "d3"), ("_T", "d5"), ("d1", "d3"), ("d1", "d5"), ("d3", "d5")}
    assert kept == {(table.key((group,)), table.key((answer,))) for group, answer in wanted}
    nobody = {others_of(link.key) for link in group_links([table], values, {"a"}, 0)}
    assert nobody == {(table.key(("_T",)), table.key(("d1",)))}


@FEW
@given(cubes(), st.integers(50, 99), st.data())
def test_nobody_computes_a_count_that_one_contributor_provides_nearly_alone(
    table: Table, dominant: int, data: st.DataObject
) -> None:
    """The largest contribution of each leaf is drawn; that of a sum is at least that of its parts."""
    values = values_of([table])
    largest = {key: data.draw(st.integers(0, value)) for key, value in sorted(values.items())}
    links = list(dominance_links(values, largest, dominant))
    assert {link.key for link in links} == {k for k, v in values.items() if v and 100 * largest[k] > dominant * v}
    policy = Policy(dominant=dominant)
    assert_kept(build([table], links), policy)


def shared() -> tuple[list[Table], list[Link]]:
    """Nine suicides, all with an opioid and some with cocaine too; accidents of both."""
    any_ = {("suicide", "opioid"): 9, ("suicide", "cocaine"): 6, ("accident", "opioid"): 20, ("accident", "cocaine"): 9}
    deaths = {("accident",): 25, ("suicide",): 9}
    sums = {("_T", code): any_["suicide", code] + any_["accident", code] for code in FOUND.codes}
    tables = [
        Table("T1", "all", (MANNER,), deaths),
        Table("T6", "all", (MANNER, FOUND), any_ | sums, measure="any", about="group"),
    ]
    return tables, []


def test_hiding_the_shared_answer_helps_where_answers_overlap() -> None:
    """No zero tells it: of nine suicides all nine had an opioid, which is a count like any other."""
    tables, links = shared()
    system = asked(tables, links, Policy(alike=0), {"group"})
    (others,) = [key for key, rule in zip(system.cells, system.rules, strict=True) if rule]
    suicides = CellKey.of("all", "deaths", {"manner": "suicide"})
    opioid = CellKey.of("all", "any", {"manner": "suicide", "group": "opioid"})
    assert others_of(others) == (suicides, opioid)
    assert others_of(opioid) is None
    outcome = protect(system, Policy(alike=0))
    assert isinstance(outcome, Protected)
    assert Suppressed() in (outcome.cells[suicides], outcome.cells[opioid])
    assert isinstance(protect(build(tables, links), Policy()), Protected)
    assert outcome.cells[TOTAL] == Count(34)


def test_shown_zeros_tell_of_a_group_and_two_people_are_told_so() -> None:
    tables = [Table("T6", "all", (MANNER, Dimension.flat("group", ("opioid", "cocaine"))), {
        ("accident", "opioid"): 20, ("accident", "cocaine"): 9, ("suicide", "opioid"): 9,
    })]  # fmt: skip
    policy = Policy(alike=0)
    system = asked(tables, [], policy, {"group"})
    outcome = protect(system, policy)
    assert isinstance(outcome, Infeasible)
    (reason,) = outcome.reasons
    assert reason.rule == "group"
    assert "shown zeros tell" in reason.en
    assert reason.nl != reason.en
    assert reason.cell is not None
    waived = replace(policy, waivers=(Waiver(reason.cell, "A. de Wit", "known from the news", "2026-01-02"),))
    assert isinstance(protect(system, waived), Protected)
    hidden = protect(system, replace(policy, zeros="hidden"))
    assert isinstance(hidden, Protected)
    assert hidden.cells[CellKey.of("all", "deaths", {"manner": "suicide", "group": "cocaine"})] == Suppressed()


def by_place() -> Table:
    counts = {("n1", "M"): 2, ("n1", "F"): 9, ("n2", "M"): 9, ("n2", "F"): 9, ("s1", "M"): 9, ("s1", "F"): 9}
    return Table("T", "all", (Dimension.flat("area", ("n1", "n2", "s1")), Dimension.flat("sex", ("M", "F"))), counts)


def test_each_hidden_cell_keeps_the_rule_that_hides_it() -> None:
    table = by_place()
    key = table.key(("s1", "M"))
    system = build([table], dominance_links(values_of([table]), {key: 9}, 90))
    outcome = protect(system, Policy(dominant=90))
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    why = outcome.dossier.why
    assert (why[key], why[table.key(("n1", "M"))]) == ("dominance", "threshold")
    assert set(why.values()) == {"dominance", "threshold", "secondary"}
    assert set(why) == {one for one, cell in outcome.cells.items() if cell == Suppressed()}
    assert key in outcome.dossier.primary


def test_the_verifier_refuses_a_cell_that_a_rule_protects_when_it_is_published_or_has_no_witness() -> None:
    table = by_place()
    key = table.key(("s1", "M"))
    outcome = protect(build([table], [Sensitive(key, "dominance", "test")]), Policy(dominant=90))
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    claim, at = outcome.dossier.claim, outcome.dossier.system.cells.index(key)
    shown = replace(claim, hidden=tuple(flag and n != at for n, flag in enumerate(claim.hidden)))
    without = replace(claim, witnesses=tuple(w for w in claim.witnesses if at not in {cell for cell, _ in w}))
    for wrong, words in (
        (shown, "is published"),
        (without, "no witness"),
        (replace(claim, sensitive=(True,)), "every"),
    ):
        assert any(words in english for _, english in verify(wrong).reasons)


def test_the_auditor_finds_what_shown_zeros_tell_of_a_group_whatever_is_hidden() -> None:
    table = Table("T", "all", (Dimension.flat("year", ("1", "2")), MANNER), {("1", "suicide"): 9, ("2", "accident"): 8})
    policy = Policy(alike=0)
    system = asked([table], [], policy, {"manner"})
    others = {key for key, rule in zip(system.cells, system.rules, strict=True) if rule}
    assert len(others) == 2
    for hidden in (set(), {key for key, printed in zip(system.cells, system.printed, strict=True) if printed}):
        found = audit(system, hidden, policy)
        assert (found.exact["A1"], found.exact["A2"], found.whole, found.safe) == (others, others, others, False)
        assert found.primary == 2
    allowed = replace(policy, waivers=tuple(Waiver(key, "A. de Wit", "news", "2026-01-02") for key in others))
    assert audit(system, set(), allowed).safe


def test_the_auditor_finds_a_dominated_count_that_follows_from_the_others() -> None:
    table = by_place()
    key = table.key(("s1", "M"))
    system = build([table], [Sensitive(key, "dominance", "test")])
    found = audit(system, {key}, Policy())
    assert key in found.whole
    assert key in found.exact["A2"]
    assert key not in found.confined["A2"]
    assert audit(system, set(), Policy()).shown >= {key}


def test_a_waiver_shows_a_small_count_and_what_equals_it_and_nothing_else() -> None:
    table = by_place()
    key = table.key(("n1", "M"))
    waiver = Waiver(key, "A. de Wit", "known from the news", "2026-01-02")
    outcome = protect(build([table]), Policy(waivers=(waiver,)))
    assert isinstance(outcome, Protected)
    assert all(isinstance(cell, Count) for cell in outcome.cells.values())
    assert outcome.dossier is not None
    assert outcome.dossier.policy.waivers == (waiver,)
    two = Table("T", "all", table.dimensions, {**table.counts, ("n2", "F"): 3})
    outcome = protect(build([two]), Policy(waivers=(waiver,)))
    assert isinstance(outcome, Protected)
    assert outcome.cells[key] == Count(2)
    assert outcome.cells[two.key(("n2", "F"))] == Suppressed()


@pytest.mark.parametrize(
    "wrong",
    [
        {"alike": 3},
        {"alike": -1},
        {"dominant": 49},
        {"dominant": 100},
        {"waivers": (Waiver(TOTAL, "", "reason", "2026-01-02"),)},
        {"weights": (("area", 0.0),)},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        Policy(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("dear", ["area", "group"])
def test_what_is_cheap_to_hide_is_hidden_where_equal_counts_would_do(dear: str) -> None:
    """Of two ways to protect a small count, told by equal counts, the one whose dimension weighs less is taken."""
    year = Dimension.listed("year", ("2026",))
    side = {name: Dimension.flat(name, ("x", "y")) for name in ("area", "group")}
    by = {name: Table(name, "all", (year, side[name]), {("2026", "x"): 9, ("2026", "y"): 9}) for name in side}
    small = Table("small", "all", (year,), {("2026",): 3}, measure="small")
    cells = {name: by[name].key(("2026", "x")) for name in side}
    either = Table("either", "all", (year,), {("2026",): 21}, measure="either")
    names = small.key(("2026",)), either.key(("2026",))
    parts = (names[0], cells["area"], cells["group"])
    sums = Identity(((names[1], -1), *((part, 1) for part in parts)), "adds up")
    system = build([*by.values(), small, either], [sums])
    weights = (("area", 4.0 if dear == "area" else 0.25),)
    outcome = protect(system, Policy(cost="cells", weights=weights, forced_open=frozenset({names[1]})))
    assert isinstance(outcome, Protected)
    cheap = "group" if dear == "area" else "area"
    assert outcome.cells[cells[cheap]] == Suppressed()
    assert outcome.cells[cells[dear]] == Count(9)


def test_with_equal_counts_detail_is_hidden_and_no_total() -> None:
    """Every region and every group as large as any other: the totals over both are what stays."""
    areas, groups = [f"a{n}" for n in range(4)], [f"g{n}" for n in range(4)]
    counts = dict.fromkeys(product(areas, groups), 6) | {("a0", "g0"): 2}
    table = Table("T", "all", (Dimension.flat("area", areas), Dimension.flat("group", groups)), counts)
    outcome = protect(build([table]), Policy())
    assert isinstance(outcome, Protected)
    hidden = [at for at, cell in outcome.table(table).items() if cell == Suppressed()]
    assert len(hidden) == 4
    assert all("_T" not in at for at in hidden)


def test_beside_an_earlier_release_what_it_told_of_a_group_is_guarded_no_more_and_what_is_new_is() -> None:
    tables, links = shared()
    policy = Policy(alike=0)
    system = asked(tables, links, policy, {"group"})
    told = {key: value for key, value, flag in zip(system.cells, system.values, system.printed, strict=True) if flag}
    whole = chronicle([Edition(system, told), Edition(system)], policy)
    outcome = protect_beside(whole.system, policy, Past.of(whole))
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    assert any(whole.system.rules)
    assert not any(outcome.dossier.system.rules)
    whole = chronicle([Edition(build([tables[0]]), {}), Edition(system)], policy)
    outcome = protect_beside(whole.system, policy, Past.of(whole))
    assert isinstance(outcome, Protected)
    assert Suppressed() in outcome.cells.values()
