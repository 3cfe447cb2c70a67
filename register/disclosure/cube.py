"""Tables as crossings of dimensions: which cells they have, what each is called, and which are sums of others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from register.disclosure.cells import TOTAL, CellKey, DisclosureInputError

Codes = tuple[str, ...]
Equation = tuple[CellKey, tuple[CellKey, ...]]
Line = tuple[Codes, tuple[Codes, ...]]


@dataclass(frozen=True, slots=True)
class Dimension:
    """The codes of one dimension and which of them are sums of which others.

    ``sums`` holds (parent, children) pairs. A parent may have several (two trees over the same leaves, such as age
    bands of two schemes); a code that is nobody's parent is a leaf. Codes that overlap, such as substances found in
    the same death, have no sums.
    """

    name: str
    codes: Codes
    sums: tuple[tuple[str, Codes], ...] = ()

    def __post_init__(self) -> None:
        known = set(self.codes)
        if len(known) < len(self.codes):
            raise _broken(self.name, "noemt een code twee keer", "names a code twice")
        if not known:
            raise _broken(self.name, "heeft geen codes", "has no codes")
        for parent, children in self.sums:
            if parent not in known or not children or not known.issuperset(children):
                raise _broken(self.name, f"telt {parent} op uit codes die er niet zijn", f"sums {parent} over no codes")
        self.in_order()

    @classmethod
    def flat(cls, name: str, leaves: Sequence[str]) -> "Dimension":
        """Leaves that add up to the total."""
        return cls(name, (TOTAL, *leaves), ((TOTAL, tuple(leaves)),))

    @classmethod
    def listed(cls, name: str, codes: Sequence[str]) -> "Dimension":
        """Codes that do not add up and have no total here."""
        return cls(name, tuple(codes))

    @classmethod
    def tree(cls, name: str, parents: Mapping[str, str]) -> "Dimension":
        """A hierarchy given as code to parent; codes at the top have parent ``_T``."""
        children: dict[str, list[str]] = {}
        for code, parent in parents.items():
            children.setdefault(parent, []).append(code)
        return cls(name, (TOTAL, *parents), tuple((code, tuple(under)) for code, under in children.items()))

    def in_order(self) -> tuple[tuple[str, Codes], ...]:
        """Return the sums with every child's own sums before its parent's."""
        pending, done = list(self.sums), list[tuple[str, Codes]]()
        while pending:
            waiting = {parent for parent, _ in pending}
            ready = [entry for entry in pending if waiting.isdisjoint(entry[1])]
            if not ready:
                raise _broken(self.name, "bevat een kring", "contains a cycle")
            done += ready
            pending = [entry for entry in pending if entry not in ready]
        return tuple(done)


@dataclass(frozen=True)
class Table:
    """One table of a release: a measure over a population, crossed by dimensions.

    ``counts`` maps codes, in the order of ``dimensions``, to counts. Leaf combinations that are absent are zero;
    sums are computed, and compared where they are given as well. ``about`` names the dimension that the measure is
    about: a cell at its total counts deaths, and is named so (``hierarchical`` over all groups = ``deaths``).
    ``impossible`` lists combinations that cannot occur. A table that is not ``printed`` is never published; its
    cells only tell which alternatives the world allows (record types). Several parts of one printed table, such as
    one per definition, carry the same ``name``.
    """

    name: str
    population: str
    dimensions: tuple[Dimension, ...]
    counts: Mapping[Codes, int] = field(repr=False)
    measure: str = "deaths"
    about: str = ""
    impossible: frozenset[Codes] = frozenset()
    printed: bool = True

    @cached_property
    def keys(self) -> Mapping[Codes, CellKey]:
        """The name of every cell by its codes, in the order of ``rows``: each is made once and asked for often."""
        return {codes: self._named(codes) for codes in self.rows()}

    @cached_property
    def _places(self) -> tuple[tuple[str, int, bool], ...]:
        """Each dimension by name, in that order: its place in the codes, and whether the measure is about it."""
        names = [dimension.name for dimension in self.dimensions]
        return tuple(sorted((name, at, name == self.about) for at, name in enumerate(names)))

    def _named(self, codes: Codes) -> CellKey:
        found, measure = [], self.measure
        for name, at, about in self._places:
            if codes[at] != TOTAL:
                found.append((name, codes[at]))
            elif about:
                measure = "deaths"
        return CellKey(self.population, measure, tuple(found))

    def key(self, codes: Codes) -> CellKey:
        """Name the cell at these codes; also one that this table lacks and another may have."""
        return self.keys.get(codes) or self._named(codes)

    def rows(self) -> Iterator[Codes]:
        """Yield the codes of every cell, in the order of the dimensions."""
        return product(*(dimension.codes for dimension in self.dimensions))

    def filled(self) -> dict[Codes, int]:
        """Return the count of every cell, sums included."""
        values = dict.fromkeys(self.rows(), 0)
        for codes, count in self.counts.items():
            self._check_row(codes, count, known=codes in values)
        values.update(self.counts)
        for axis, dimension in enumerate(self.dimensions):
            for parent, children in dimension.in_order():
                for codes in self._rows_at(axis, parent):
                    values[codes] = sum([values[_moved(codes, axis, child)] for child in children])
        for codes, count in self.counts.items():
            if values[codes] != count:
                where = self.keys[codes]
                raise DisclosureInputError(
                    nl=f"Tabel {self.name}: {where} is niet de som van zijn delen.",
                    en=f"Table {self.name}: {where} is not the sum of its parts.",
                )
        return values

    def lines(self) -> Iterator[Line]:
        """Yield the codes of (sum, parts) for every line of the table that adds up."""
        for axis, dimension in enumerate(self.dimensions):
            for parent, children in dimension.sums:
                for codes in self._rows_at(axis, parent):
                    yield codes, tuple([_moved(codes, axis, child) for child in children])

    def equations(self) -> Iterator[Equation]:
        """Yield (sum, parts) for every line of the table that adds up."""
        keys = self.keys
        for whole, parts in self.lines():
            yield keys[whole], tuple([keys[part] for part in parts])

    def _rows_at(self, axis: int, code: str) -> Iterator[Codes]:
        """Yield the codes of every cell with this code on this axis."""
        return product(*((code,) if at == axis else other.codes for at, other in enumerate(self.dimensions)))

    def _check_row(self, codes: Codes, count: int, *, known: bool) -> None:
        if not known:
            raise DisclosureInputError(
                nl=f"Tabel {self.name}: {'/'.join(codes)} is geen cel van deze tabel.",
                en=f"Table {self.name}: {'/'.join(codes)} is not a cell of this table.",
            )
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise DisclosureInputError(
                nl=f"Tabel {self.name}: de telling bij {'/'.join(codes)} is geen geheel getal van 0 of hoger.",
                en=f"Table {self.name}: the count at {'/'.join(codes)} is not a whole number of 0 or more.",
            )
        if count and codes in self.impossible:
            raise DisclosureInputError(
                nl=f"Tabel {self.name}: {'/'.join(codes)} kan niet voorkomen en heeft toch een telling.",
                en=f"Table {self.name}: {'/'.join(codes)} cannot occur and still has a count.",
            )


def _moved(codes: Codes, axis: int, code: str) -> Codes:
    return (*codes[:axis], code, *codes[axis + 1 :])


def _broken(name: str, nl: str, en: str) -> DisclosureInputError:
    return DisclosureInputError(nl=f"Dimensie {name} {nl}.", en=f"Dimension {name} {en}.")
