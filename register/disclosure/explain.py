"""What protection cost, as values: for the two people who decide on a release, and the one share readers may see."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from register.disclosure.cells import TOTAL, Cell, CellKey, Count, StructuralZero, Suppressed
from register.disclosure.cube import Codes, Table
from register.disclosure.result import Dossier


@dataclass(frozen=True, slots=True)
class Share:
    """Cells of a table, or of one code of it. ``lost`` sums the counts of hidden cells: for inside use only."""

    cells: int = 0
    hidden: int = 0
    secondary: int = 0
    counted: int = field(repr=False, default=0)
    lost: int = field(repr=False, default=0)

    def plus(self, *, value: int, hidden: bool, secondary: bool) -> "Share":
        """Return this share with one more cell."""
        return Share(
            self.cells + 1,
            self.hidden + hidden,
            self.secondary + secondary,
            self.counted + value,
            self.lost + (value if hidden else 0),
        )

    @property
    def cells_hidden(self) -> float:
        """Return the part of the cells that is hidden, from 0 to 1."""
        return self.hidden / self.cells if self.cells else 0.0

    @property
    def counts_hidden(self) -> float:
        """Return the part of the counts that stands in hidden cells, from 0 to 1; inside use only."""
        return self.lost / self.counted if self.counted else 0.0


@dataclass(frozen=True, slots=True)
class Explanation:
    """The cost of protection per table, and per (table, dimension, code); stays inside the register."""

    tables: Mapping[str, Share]
    codes: Mapping[tuple[str, str, str], Share]


def explain(dossier: Dossier) -> Explanation:
    """Count hidden cells and what stands in them; cells that cannot occur are left out."""
    tables: dict[str, Share] = {}
    codes: dict[tuple[str, str, str], Share] = {}
    system = dossier.system
    for part in system.parts:
        if not part.table.printed:
            continue
        for row, cell in zip(part.rows, part.cells, strict=True):
            if system.impossible[cell]:
                continue
            key = system.cells[cell]
            secondary = key in dossier.secondary
            hidden = secondary or key in dossier.primary
            name = part.table.name
            value = system.values[cell]
            tables[name] = tables.get(name, Share()).plus(value=value, hidden=hidden, secondary=secondary)
            for dimension, code in zip(part.table.dimensions, row, strict=True):
                place = name, dimension.name, code
                codes[place] = codes.get(place, Share()).plus(value=value, hidden=hidden, secondary=secondary)
    return Explanation(tables, codes)


def leaning(dossier: Dossier) -> dict[CellKey, tuple[CellKey, ...]]:
    """Return for each protecting cell the small counts that would be left without a proof if it were published.

    As far as the certificate knows: there may be alternatives that nobody looked for.
    """
    cells = dossier.system.cells
    found = leaning_on(
        [[cell for cell, _ in witness] for witness in dossier.claim.witnesses],
        [number for number, key in enumerate(cells) if key in dossier.primary],
        frozenset(number for number, key in enumerate(cells) if key in dossier.secondary),
    )
    return {cells[number]: tuple(cells[one] for one in small) for number, small in found.items()}


def leaning_on(
    alternatives: Iterable[Iterable[int]], small: Iterable[int], protecting: Collection[int]
) -> dict[int, tuple[int, ...]]:
    """Return for each protecting cell the small cells of which every alternative changes it too.

    An alternative is given by the cells that it changes.
    """
    needed: dict[int, set[int] | None] = dict.fromkeys(small)
    for alternative in alternatives:
        changed = set(alternative)
        others = changed.intersection(protecting)
        for cell in changed.intersection(needed):
            known = needed[cell]
            needed[cell] = others if known is None else known & others
    found: dict[int, list[int]] = {cell: [] for cell in sorted(protecting)}
    for cell, others_needed in needed.items():
        for other in others_needed or ():
            found[other].append(cell)
    return {cell: tuple(sorted(small)) for cell, small in found.items() if small}


def public_shares(table: Table, cells: Mapping[CellKey, Cell]) -> tuple[int, int | None]:
    """Return the whole per cents of hidden cells and of deaths in hidden cells, from published cells only.

    The deaths are the published total less the published cells at the finest level, so any reader could compute the
    figure. It is None where the table has no published total above cells that add up to it.
    """
    read = {codes: cells[table.key(codes)] for codes in table.rows()}
    possible = [cell for cell in read.values() if not isinstance(cell, StructuralZero)]
    hidden = sum(isinstance(cell, Suppressed) for cell in possible)
    share = round(100 * hidden / len(possible)) if possible else 0
    return share, _deaths_hidden(table, read)


def _deaths_hidden(table: Table, read: Mapping[Codes, Cell]) -> int | None:
    adds_up = all(any(parent == TOTAL for parent, _ in dimension.sums) for dimension in table.dimensions)
    total = read.get((TOTAL,) * len(table.dimensions))
    if not adds_up or not isinstance(total, Count) or total.value == 0:
        return None
    parents = [{parent for parent, _ in dimension.sums} for dimension in table.dimensions]
    shown = _counts(
        cell for codes, cell in read.items() if not any(c in above for c, above in zip(codes, parents, strict=True))
    )
    return round(100 * (total.value - shown) / total.value)


def _counts(cells: Iterable[Cell]) -> int:
    return sum(cell.value for cell in cells if isinstance(cell, Count))
