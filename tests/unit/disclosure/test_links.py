"""The relations between measures and between case definitions."""

from hypothesis import given, settings

from register.disclosure import (
    AtLeastZero,
    CellKey,
    Dimension,
    Identity,
    Implied,
    Overlap,
    Policy,
    Protected,
    Suppressed,
    Table,
    audit,
    build,
    containment_links,
    overlap_links,
    protect,
)
from register.disclosure.links import Node
from register.disclosure.system import Link
from tests.unit.disclosure.samples import CLASSES, Record, line, records, release


def cell(measure: str, dimension: str = "", code: str = "") -> CellKey:
    return CellKey.of("all", measure, {dimension: code} if code else {})


def node(code: str) -> Node:
    return ("group", code)


def relations(links: list[Link]) -> set[tuple[str, frozenset[tuple[str, int]]]]:
    def name(key: CellKey) -> str:
        return f"{key.measure} {key.at[0][1]}" if key.at else key.measure

    return {(type(link).__name__, frozenset((name(key), factor) for key, factor in link.terms)) for link in links}


@settings(max_examples=60, deadline=None)
@given(records())
def test_every_relation_is_true_of_every_register(deaths: list[Record]) -> None:
    tables, links = release(deaths)
    assert links
    build(tables, links)


def test_the_three_measures_of_one_group_bound_each_other() -> None:
    keys = [cell("deaths"), *(cell(measure, "group", "opioid") for measure in ("any", "sole", "hierarchical"))]
    found = relations(overlap_links(keys, ("group",), Overlap()))
    assert ("Implied", frozenset({("any opioid", 1), ("sole opioid", -1)})) in found
    assert ("Implied", frozenset({("hierarchical opioid", 1), ("sole opioid", -1)})) in found
    assert ("Implied", frozenset({("any opioid", 1), ("hierarchical opioid", -1)})) in found
    assert ("AtLeastZero", frozenset({("deaths", 1), ("any opioid", -1)})) in found


def test_the_best_rank_is_an_identity_and_the_next_an_inequality() -> None:
    keys = [cell(measure, "group", code) for measure in ("any", "hierarchical") for code in ("opioid", "cocaine")]
    overlap = Overlap(ranked=(node("opioid"), node("cocaine")))
    found = relations(overlap_links(keys, ("group",), overlap))
    assert ("Identity", frozenset({("hierarchical opioid", 1), ("any opioid", -1)})) in found
    second = {("hierarchical opioid", 1), ("hierarchical cocaine", 1), ("any cocaine", -1)}
    assert ("AtLeastZero", frozenset(second)) in found


def test_substances_are_bounded_by_their_group() -> None:
    keys = [cell("any", "group", "opioid"), *(cell("any", "substance", code) for code in ("heroin", "fentanyl"))]
    above = {("substance", code): node("opioid") for code in ("heroin", "fentanyl")}
    found = relations(
        overlap_links(keys, ("group", "substance"), Overlap(parents=above, complete=frozenset({node("opioid")})))
    )
    assert ("AtLeastZero", frozenset({("any opioid", 1), ("any heroin", -1)})) in found
    together = {("any heroin", 1), ("any fentanyl", 1), ("any opioid", -1)}
    assert ("AtLeastZero", frozenset(together)) in found
    partly = relations(overlap_links(keys, ("group", "substance"), Overlap(parents=above)))
    assert ("AtLeastZero", frozenset(together)) not in partly


def test_deaths_with_one_group_only_do_not_have_another_unless_it_is_left_out_of_account() -> None:
    keys = [cell("deaths")]
    keys += [cell(measure, "group", code) for measure in ("any", "sole") for code in ("opioid", "alcohol")]
    other = ("AtLeastZero", frozenset({("deaths", 1), ("any alcohol", -1), ("sole opioid", -1)}))
    assert other in relations(overlap_links(keys, ("group",), Overlap()))
    assert other not in relations(overlap_links(keys, ("group",), Overlap(ignored=frozenset({node("alcohol")}))))


def test_deaths_without_any_group_are_one_cell_and_part_of_no_group() -> None:
    keys = [cell("deaths"), cell("any", "group", "_U"), cell("any", "substance", "_U")]
    keys += [cell(measure, "group", code) for measure in ("any", "sole") for code in ("opioid", "cocaine")]
    none = frozenset({node("_U"), ("substance", "_U")})
    ranked = (node("opioid"), node("cocaine"))
    links = overlap_links(keys, ("group", "substance"), Overlap(none=none, ranked=ranked))
    same = [link for link in links if isinstance(link, Identity)]
    assert [{key for key, _ in link.terms} for link in same] == [set(keys[1:3])]
    with_deaths = [dict(link.terms) for link in links if keys[0] in dict(link.terms)]
    assert with_deaths
    assert all(terms[keys[1]] == -1 for terms in with_deaths)


def test_a_few_deaths_with_several_groups_may_not_be_computed() -> None:
    deaths = [("1", "F", frozenset({name})) for name in CLASSES for _ in range(20)]
    deaths += [("1", "M", frozenset(CLASSES))] * 2 + [("1", "M", frozenset[str]())] * 9
    system = build(*release(deaths))
    several = CellKey.of("all", "several", {"year": "1"})
    assert several in audit(system, (), Policy()).exact["A1"]
    outcome = protect(system, Policy())
    assert isinstance(outcome, Protected)
    read = [CellKey.of("all", "sole", {"year": "1", "group": name}) for name in CLASSES]
    read += [CellKey.of("all", "deaths", {"year": "1"})]
    read += [CellKey.of("all", "hierarchical", {"year": "1", "group": "none"})]
    assert Suppressed() in {outcome.cells[key] for key in read}


def test_soles_of_different_levels_are_not_added() -> None:
    keys = [cell("deaths"), cell("sole", "group", "opioid"), cell("sole", "group", "class:opioid")]
    above = {node("opioid"): node("class:opioid")}
    found = relations(overlap_links(keys, ("group",), Overlap(parents=above)))
    assert ("AtLeastZero", frozenset({("sole class:opioid", 1), ("sole opioid", -1)})) in found
    assert not any(len(terms) > 2 for _, terms in found)


def test_a_group_with_one_substance_shares_its_fate() -> None:
    group, substance = line(3, 30), line(3, 30)
    tables = [
        Table("T4", "all", group.dimensions, group.counts, measure="any"),
        Table("T5", "all", substance.dimensions, substance.counts, measure="any substance"),
    ]
    pair = [(table.key(("leaf0",)), 1) for table in tables]
    links: list[Link] = [
        AtLeastZero((pair[0], (pair[1][0], -1)), "no more than the group"),
        AtLeastZero((pair[1], (pair[0][0], -1)), "no less than the group"),
    ]
    outcome = protect(build(tables, links), Policy())
    assert isinstance(outcome, Protected)
    assert outcome.cells[pair[0][0]] == outcome.cells[pair[1][0]] == Suppressed()


def test_the_difference_of_a_definition_and_one_within_it_is_a_cell_that_nobody_may_compute() -> None:
    keys = [CellKey(population, "deaths", ()) for population in ("nl_broad", "sel_b")]
    (link,) = containment_links(keys, larger="nl_broad", smaller="sel_b")
    assert isinstance(link, Implied)
    assert link.terms == ((keys[0], 1), (keys[1], -1))
    broad, small = line(40, 30), line(38, 30)
    tables = [Table("T1", name, t.dimensions, t.counts) for name, t in (("nl_broad", broad), ("sel_b", small))]
    found = containment_links([t.key(codes) for t in tables for codes in t.rows()], larger="nl_broad", smaller="sel_b")
    system = build(tables, found)
    assert {link.key for link in found} & audit(system, (), Policy()).exact["A1"]
    outcome = protect(system, Policy())
    assert isinstance(outcome, Protected)
    leaf = {outcome.cells[table.key(("leaf0",))] for table in tables}
    assert Suppressed() in leaf


def test_small_counts_that_only_an_inequality_gives_away_are_found() -> None:
    """Three parts of at most 1 each, with a published sum of 3, are ones."""
    parts = Dimension.listed("part", ("x", "y", "z"))
    small = Table("T5", "all", (parts,), {("x",): 1, ("y",): 1, ("z",): 1}, measure="sole")
    some = Table("T4", "all", (Dimension.listed("group", ("g",)),), {("g",): 9}, measure="any")
    few = Table("T6", "all", (Dimension.listed("few", ("f",)),), {("f",): 6}, measure="pair")
    whole, pair = some.key(("g",)), few.key(("f",))
    each = [small.key((code,)) for code in parts.codes]
    together: list[Link] = [AtLeastZero(((whole, -1), (pair, 1), *((key, 1) for key in each)), "the rest is in a part")]
    at_most: list[Link] = [AtLeastZero(((whole, 1), (pair, -1), (key, -3)), "no part is larger") for key in each]
    hidden = set(each)
    assert not audit(build([small, some, few], together), hidden, Policy()).whole
    found = audit(build([small, some, few], [*together, *at_most]), hidden, Policy())
    assert found.exact["A1"] == hidden
