"""Small registers and tables for the tests, and hypothesis strategies that draw them."""

from collections import Counter
from itertools import product

from hypothesis import strategies as st

from register.disclosure import CellKey, Dimension, Link, Overlap, Sensitive, Table, overlap_links

CLASSES = ("opioid", "cocaine", "other")
OVERLAP = Overlap(ranked=tuple(("group", name) for name in CLASSES), none=frozenset({("group", "none")}))

Record = tuple[str, str, frozenset[str]]

LEVELS = {"d1": "_T", "d2": "_T", "d3": "d1", "d4": "d1", "d5": "d3", "d6": "d3", "d7": "d2"}


def line(*counts: int, name: str = "leaf") -> Table:
    """One dimension of leaves with these counts and their total."""
    codes = [f"{name}{number}" for number in range(len(counts))]
    return Table("line", "all", (Dimension.flat(name, codes),), {(c,): n for c, n in zip(codes, counts, strict=True)})


def grid(*rows: tuple[int, ...]) -> Table:
    """Two dimensions, with all totals."""
    first = [f"r{number}" for number in range(len(rows))]
    second = [f"c{number}" for number in range(len(rows[0]))]
    counts = {(r, c): n for r, row in zip(first, rows, strict=True) for c, n in zip(second, row, strict=True)}
    return Table("grid", "all", (Dimension.flat("row", first), Dimension.flat("column", second)), counts)


def release(records: list[Record]) -> tuple[list[Table], list[Link]]:
    """Year x sex, and groups in three measures, over the same deaths, with all relations between them."""
    years = Dimension.flat("year", sorted({year for year, _, _ in records}) or ["1"])
    best = Counter((year, next((c for c in CLASSES if c in found), "none")) for year, _, found in records)
    some = Counter((year, name) for year, _, found in records for name in found)
    only = Counter((year, *found) for year, _, found in records if len(found) == 1)
    listed = Dimension.listed("group", CLASSES)
    ranked = Dimension.flat("group", (*CLASSES, "none"))
    tables = [
        Table("T1", "all", (years, Dimension.flat("sex", ("F", "M"))), Counter(r[:2] for r in records)),
        Table("T3", "all", (years, ranked), best, measure="hierarchical", about="group"),
        Table("T4", "all", (years, listed), some, measure="any", about="group"),
        Table("T4", "all", (years, listed), only, measure="sole", about="group"),
    ]
    keys = {table.key(codes) for table in tables for codes in table.rows()}
    return tables, overlap_links(keys, ("group",), OVERLAP)


def records(most: int = 16) -> st.SearchStrategy[list[Record]]:
    """Draw deaths of one or two years."""
    record = st.tuples(
        st.sampled_from("12"), st.sampled_from("FM"), st.frozensets(st.sampled_from(CLASSES), max_size=3)
    )
    return st.lists(record, min_size=1, max_size=most)


@st.composite
def dimensions(draw: st.DrawFn, name: str, most: int) -> Dimension:
    """Draw a dimension: flat, or with a level of groups in which a group may have a single child."""
    leaves = [f"{name}{number}" for number in range(draw(st.integers(1, most)))]
    if draw(st.booleans()):
        return Dimension.flat(name, leaves)
    groups = draw(st.lists(st.sampled_from(("g0", "g1")), min_size=len(leaves), max_size=len(leaves)))
    parents = {f"{name}-{group}": "_T" for group in sorted(set(groups))}
    return Dimension.tree(name, parents | {c: f"{name}-{g}" for c, g in zip(leaves, groups, strict=True)})


def deep(name: str = "deep") -> Dimension:
    """Three levels below the total, and a group of a single leaf."""
    return Dimension.tree(name, LEVELS)


@st.composite
def deep_counts(draw: st.DrawFn, others: tuple[str, ...]) -> dict[tuple[str, str], int]:
    """Draw few deaths in the leaves of ``deep`` by another dimension, most of them in one answer far down."""
    counts = {(leaf, other): draw(st.integers(0, 2)) for leaf in ("d4", "d6", "d7") for other in others}
    return counts | {("d5", other): draw(st.integers(0, 9)) for other in others}


def others_at_every_level(table: Table, but: int) -> list[Sensitive]:
    """The others of each group of the first dimension of ``deep`` and each answer below it, from its leaves alone."""
    values = table.filled()
    leaves = {code: frozenset({code}) for code in LEVELS if code not in LEVELS.values()}
    for parent in ("d3", "d1", "d2", "_T"):
        leaves[parent] = frozenset().union(*(leaves[code] for code, above in LEVELS.items() if above == parent))
    return [
        Sensitive(
            CellKey("all", f"{group} but {answer}", table.key(rest).at),
            "group",
            "test",
            ((table.key((group, *rest[1:])), 1), (table.key((answer, *rest[1:])), -1)),
        )
        for rest in table.rows()
        if rest[0] == "_T"
        for group, answer in product(leaves, leaves)
        if leaves[answer] < leaves[group] and 0 < values[group, *rest[1:]] <= values[answer, *rest[1:]] + but
    ]


@st.composite
def cubes(draw: st.DrawFn, most_count: int = 5) -> Table:
    """Draw a table of one to three dimensions and at most 12 leaves."""
    shape = draw(st.sampled_from(((4,), (3, 3), (2, 4), (2, 2, 3))))
    sides = tuple(draw(dimensions(name, size)) for name, size in zip("abc", shape, strict=False))
    leaves = [[c for c in side.codes if c not in {parent for parent, _ in side.sums}] for side in sides]
    counts = {codes: draw(st.integers(0, most_count)) for codes in product(*leaves)}
    return Table("cube", "all", sides, counts)
