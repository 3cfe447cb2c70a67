"""All tables of a release as one system: one unknown per cell, and every relation a reader can derive."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Literal

from register.disclosure.cells import TOTAL, CellKey, DisclosureInputError
from register.disclosure.cube import Codes, Table

Row = tuple[tuple[int, int], ...]
Terms = tuple[tuple[CellKey, int], ...]
NumberedTerms = list[tuple[int, int]]
Rule = Literal["", "group", "dominance"]


@dataclass(frozen=True, slots=True)
class Identity:
    """The terms (cell, whole coefficient) add up to nought in every register."""

    terms: Terms
    why: str


@dataclass(frozen=True, slots=True)
class AtLeastZero:
    """The terms add up to nought or more in every register."""

    terms: Terms
    why: str


@dataclass(frozen=True, slots=True)
class Implied:
    """A cell that nobody prints but a reader can compute: the deaths counted by these terms.

    It is never below nought. When ``guarded`` it counts a group that can be named, so it gets the threshold rule.
    """

    key: CellKey
    terms: Terms
    why: str
    guarded: bool = True


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A cell that is unsafe whatever its count, by a rule of ``rules``.

    With ``terms`` it is one that nobody prints but a reader can compute, like an implied cell.
    """

    key: CellKey
    rule: Rule
    why: str
    terms: Terms = ()


Link = Identity | AtLeastZero | Implied | Sensitive


@dataclass(frozen=True, slots=True)
class Part:
    """Where one table finds its cells in the system."""

    table: Table
    rows: tuple[tuple[str, ...], ...]
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class System:
    """Cells sorted by key with their true values, and all relations between them.

    ``equations`` add up to nought, ``inequalities`` to nought or more; both are (cell, coefficient) rows without
    constants. ``printed`` cells are published or suppressed, the others are known to nobody by name. ``guarded``
    cells get the threshold rule; ``rules`` names the further rule by which a cell is unsafe, empty for most.
    ``impossible`` cells are known to be empty. ``margin`` is the largest number of totals in the cell's codes over the
    tables that show it. ``parts`` says where each table finds its cells.
    """

    cells: tuple[CellKey, ...]
    values: tuple[int, ...] = field(repr=False)
    printed: tuple[bool, ...]
    guarded: tuple[bool, ...]
    rules: tuple[Rule, ...] = field(repr=False)
    impossible: tuple[bool, ...]
    margin: tuple[int, ...]
    equations: tuple[Row, ...] = field(repr=False)
    inequalities: tuple[Row, ...] = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)

    def unsafe(self, threshold: int) -> tuple[bool, ...]:
        """Return which cells are unsafe by any rule."""
        cells = zip(self.values, self.guarded, self.rules, strict=True)
        return tuple(bool(rule) or (guarded and 0 < value < threshold) for value, guarded, rule in cells)

    def without_guard(self, numbers: Collection[int]) -> "System":
        """Return the same system, in which no rule protects these cells."""
        if not numbers:
            return self
        return replace(
            self,
            guarded=tuple(flag and at not in numbers for at, flag in enumerate(self.guarded)),
            rules=tuple("" if at in numbers else rule for at, rule in enumerate(self.rules)),
        )

    def only(self, kept: Sequence[bool]) -> "System":
        """Return the system of the flagged cells alone, with the relations between them."""
        place = {cell: number for number, cell in enumerate(compress(range(len(kept)), kept))}

        def within(rows: Iterable[Row]) -> tuple[Row, ...]:
            inside = (row for row in rows if all(kept[cell] for cell, _ in row))
            return tuple(tuple((place[cell], factor) for cell, factor in row) for row in inside)

        return System(
            cells=tuple(compress(self.cells, kept)),
            values=tuple(compress(self.values, kept)),
            printed=tuple(compress(self.printed, kept)),
            guarded=tuple(compress(self.guarded, kept)),
            rules=tuple(compress(self.rules, kept)),
            impossible=tuple(compress(self.impossible, kept)),
            margin=tuple(compress(self.margin, kept)),
            equations=within(self.equations),
            inequalities=within(self.inequalities),
            parts=(),
        )


def build(tables: Sequence[Table], links: Iterable[Link] = ()) -> System:
    """Join the tables of one release into one system.

    Raises DisclosureInputError when two tables disagree on a cell they share, when a sum does not add up, or when a
    link names an unknown cell or is not true of these counts.
    """
    draft = _Release()
    for table in tables:
        draft.add_table(table)
    for link in links:
        draft.add_link(link)
    return draft.finish(tables)


class Draft:
    """The cells of a system and the relations between them, gathered one by one.

    A relation names its cells by the number under which each came first (``place``): a number is quicker to compare
    than a key. ``finish`` numbers them anew, in the order of the keys.
    """

    def __init__(self) -> None:
        self.values: dict[CellKey, int] = {}
        self.numbers: dict[CellKey, int] = {}
        self.printed: set[CellKey] = set()
        self.guarded: set[CellKey] = set()
        self.rules: dict[CellKey, Rule] = {}
        self.impossible: set[CellKey] = set()
        self.margin: dict[CellKey, int] = {}
        self.equations: set[Row] = set()
        self.inequalities: set[Row] = set()

    def place(self, key: CellKey) -> int:
        """Return the number of a cell, a new one when it has none."""
        return self.numbers.setdefault(key, len(self.numbers))

    def row(self, terms: Iterable[tuple[CellKey, int]]) -> Row:
        """Return a relation between cells by their numbers."""
        return tuple(sorted([(self.place(key), factor) for key, factor in terms]))

    def finish(self, tables: Sequence[Table] = ()) -> System:
        """Return the system; ``tables`` are those that want to find their cells in it."""
        cells = tuple(sorted(self.values))
        index = [0] * len(cells)
        for number, key in enumerate(cells):
            index[self.place(key)] = number
        parts = []
        for table in tables:
            keys = table.keys
            parts.append(Part(table, tuple(keys), tuple([index[self.numbers[key]] for key in keys.values()])))
        return System(
            cells=cells,
            values=tuple(self.values[key] for key in cells),
            printed=tuple(key in self.printed for key in cells),
            guarded=tuple(key in self.guarded for key in cells),
            rules=tuple(self.rules.get(key, "") for key in cells),
            impossible=tuple(key in self.impossible for key in cells),
            margin=tuple(self.margin.get(key, 0) for key in cells),
            equations=_renumbered(self.equations, index),
            inequalities=_renumbered(self.inequalities, index),
            parts=tuple(parts),
        )


class _Release(Draft):
    def __init__(self) -> None:
        super().__init__()
        self.counts: list[int] = []  # by number

    def add_table(self, table: Table) -> None:
        keys, numbers = table.keys, dict[Codes, int]()
        for codes, value in table.filled().items():
            key = keys[codes]
            number = numbers[codes] = self._cell(key, value)
            if self.counts[number] != value:
                raise DisclosureInputError(
                    nl=f"Tabel {table.name} en een andere tabel geven verschillende tellingen voor {key}.",
                    en=f"Table {table.name} and another table give different counts for {key}.",
                )
            self.margin[key] = max(self.margin.get(key, 0), codes.count(TOTAL))
            if table.printed:
                self.printed.add(key)
                self.guarded.add(key)
            if codes in table.impossible:
                self.impossible.add(key)
        why = f"table {table.name}"
        for whole, children in table.lines():
            self._add(self.equations, [(numbers[whole], -1), *[(numbers[child], 1) for child in children]], why)

    def add_link(self, link: Link) -> None:
        terms = self._terms(link)
        match link:
            case Identity():
                self._add(self.equations, terms, link.why)
            case AtLeastZero():
                self._add(self.inequalities, terms, link.why)
            case Implied():
                self._imply(link.key, terms, link.why)
                if link.guarded:
                    self.guarded.add(link.key)
            case Sensitive():
                if terms:
                    self._imply(link.key, terms, link.why)
                self.rules.setdefault(link.key, link.rule)

    def _terms(self, link: Link) -> NumberedTerms:
        named = link.terms or (((link.key, 0),) if isinstance(link, Sensitive) else ())
        try:
            terms = [(self.numbers[key], factor) for key, factor in named]
        except KeyError as error:
            unknown = error.args[0]
            raise DisclosureInputError(
                nl=f"De regel '{link.why}' noemt {unknown}, dat in geen tabel staat.",
                en=f"The rule '{link.why}' names {unknown}, which is in no table.",
            ) from None
        return terms if link.terms else []

    def _cell(self, key: CellKey, value: int) -> int:
        """The number of a cell, which gets this value when it is new."""
        number = self.place(key)
        if number == len(self.counts):
            self.counts.append(value)
            self.values[key] = value
        return number

    def _imply(self, name: CellKey, terms: NumberedTerms, why: str) -> None:
        counts = self.counts
        value = sum([counts[number] * factor for number, factor in terms])
        if value < 0:
            raise _untrue(why)
        number = self._cell(name, value)
        if counts[number] != value:
            raise _untrue(why)
        self._add(self.equations, [(number, -1), *terms], why)

    def _add(self, rows: set[Row], terms: NumberedTerms, why: str) -> None:
        summed: dict[int, int] = {}
        for number, factor in terms:
            summed[number] = summed.get(number, 0) + factor
        row = tuple(sorted([pair for pair in summed.items() if pair[1]]))
        counts = self.counts
        total = sum([counts[number] * factor for number, factor in row])
        if total < 0 or (total and rows is self.equations):
            raise _untrue(why)
        if row:
            rows.add(row)


def _renumbered(rows: Iterable[Row], index: Sequence[int]) -> tuple[Row, ...]:
    return tuple(sorted([tuple(sorted([(index[number], factor) for number, factor in row])) for row in rows]))


def _untrue(why: str) -> DisclosureInputError:
    return DisclosureInputError(
        nl=f"De regel '{why}' klopt niet met de tellingen.",
        en=f"The rule '{why}' is not true of the counts.",
    )
