"""One table with all its sums as a lattice: its cells by their leaves, cells that are equal for every reader joined.

Works on whole tables at a time, for tables of hundreds of thousands of cells; ``system`` joins several small ones.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import KNOWN, Unknowns
from register.disclosure.arrays import Flags, Ints
from register.disclosure.instances import Instance, Side

SEED: Final = 20260106


@dataclass(frozen=True, slots=True)
class Lattice:
    """The unknowns of one table.

    ``of_cell`` has one axis per dimension over its codes and gives each cell its unknown, or KNOWN. Per unknown:
    ``values`` (true counts), ``weight`` (cells it stands for, codes with the same leaves counted once), ``margin``
    (the fewest dimensions summed away completely), ``leaf`` (the number of its leaf in the crossing of all leaves, -1
    for a sum). ``equations`` @ z = 0 defines every sum once, by the shortest line that has it.
    """

    sides: tuple[Side, ...]
    of_cell: Ints = field(repr=False)
    values: Ints = field(repr=False)
    weight: Ints = field(repr=False)
    margin: Ints = field(repr=False)
    leaf: Ints = field(repr=False)
    equations: sparse.csr_array = field(repr=False)

    @property
    def size(self) -> int:
        """Return the number of unknowns."""
        return len(self.values)

    def lines(self) -> sparse.csr_array:
        """Return every sum by each of its lines; ``equations`` hold each once, which says the same."""
        cell, _, line = _lines(self.sides, self.of_cell)
        return _rows(self.sides, self.of_cell, self.size, cell, line)

    def members(self) -> sparse.csr_array:
        """Return 1 where an unknown (row) holds a leaf (column); leaves in the order of their numbers."""
        mine = self.leaves()
        at = np.unravel_index(self.leaf[mine], [len(side.leaf_positions) for side in self.sides])
        cells = np.zeros((len(mine), 1), dtype=np.int64)
        for side, positions in zip(self.sides, at, strict=True):
            above = _above(side)[positions]
            width = cells.shape[1] * above.shape[1]
            cells = (cells[:, :, None] * len(side.codes) + above[:, None, :]).reshape(len(mine), width)
        row = self.of_cell.ravel()[cells].ravel()
        column = np.repeat(np.arange(len(mine)), cells.shape[1])
        pairs = np.unique(row * len(mine) + column)
        where = pairs // max(len(mine), 1), pairs % max(len(mine), 1)
        return sparse.csr_array((np.ones(len(pairs), dtype=np.int64), where), shape=(self.size, len(mine)))

    def leaves(self) -> Ints:
        """Return the unknowns that are leaves, in the order of their numbers."""
        mine = np.flatnonzero(self.leaf >= 0)
        return mine[np.argsort(self.leaf[mine], kind="stable")]

    def unknowns(self, forced: Flags, waived: Flags | None = None) -> Unknowns:
        """Return the same as a system; ``forced`` must stay open, and of ``waived`` the count may be small."""
        every = np.ones(self.size, dtype=bool)
        return Unknowns(
            of_cell=self.of_cell.ravel(),
            values=self.values,
            printed=every,
            guarded=every if waived is None else ~waived,
            sensitive=~every,
            shown=self.weight,
            margin=self.margin,
            forced=forced,
            equations=self.equations,
            inequalities=sparse.csr_array((0, self.size), dtype=np.int64),
        )


def lattice(instance: Instance, *, zeros_shown: bool) -> Lattice:
    """Join the equal cells of an instance; when zeros are shown, empty cells and empty leaves are left out."""
    counts = instance.tensor()
    known = counts > 0 if zeros_shown else np.ones(counts.shape, dtype=bool)
    draw = np.random.default_rng(SEED)
    marks = np.where(known, draw.integers(1, 2**62, size=counts.shape, dtype=np.int64), 0)
    totals, prints = summed(counts, instance.sides), summed(marks, instance.sides)
    there = summed(known.astype(np.int64), instance.sides) > 0
    of_cell = np.full(totals.shape, KNOWN, dtype=np.int64)
    _, first, number = np.unique(prints[there], return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # number unknowns by where they first stand, not by their marks
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    of_cell[there] = rank[number]
    size = len(order)
    single = _outer([~side.doubles for side in instance.sides])
    leaf = np.full(size, -1, dtype=np.int64)
    at = np.ix_(*(side.leaf_positions for side in instance.sides))
    mine = of_cell[at].ravel()
    leaf[mine[mine >= 0]] = np.flatnonzero(mine >= 0)
    return Lattice(
        sides=instance.sides,
        of_cell=of_cell,
        values=totals[there][first[order]],
        weight=np.bincount(of_cell[there & single], minlength=size),
        margin=_margins(instance.sides, of_cell, size),
        leaf=leaf,
        equations=_equations(instance.sides, of_cell, leaf),
    )


def summed(leaves: Ints, sides: tuple[Side, ...]) -> Ints:
    """Return the cells of all codes from the leaves, in exact whole numbers."""
    cells = leaves
    for axis, side in enumerate(sides):
        moved = np.moveaxis(cells, axis, 0)
        lines = side.members @ moved.reshape(moved.shape[0], -1)
        cells = np.moveaxis(lines.reshape(len(side.codes), *moved.shape[1:]), 0, axis)
    return np.ascontiguousarray(cells)


def _above(side: Side) -> Ints:
    """Return for each leaf the codes that hold it, filled up with the last of them."""
    holding = [np.flatnonzero(side.members[:, leaf]) for leaf in range(len(side.leaf_positions))]
    most = max(map(len, holding))
    return np.array([[*codes, *[codes[-1]] * (most - len(codes))] for codes in holding], dtype=np.int64)


def _outer(flags: list[Flags]) -> Flags:
    found = np.ones((1,) * len(flags), dtype=bool)
    for axis, flag in enumerate(flags):
        found = found & flag.reshape([-1 if other == axis else 1 for other in range(len(flags))])
    return found


def _margins(sides: tuple[Side, ...], of_cell: Ints, size: int) -> Ints:
    totals = np.zeros(of_cell.shape, dtype=np.int64)
    for axis, side in enumerate(sides):
        whole = (side.members.sum(axis=1) == side.members.shape[1]).astype(np.int64)
        totals += whole.reshape([-1 if other == axis else 1 for other in range(len(sides))])
    margin = np.full(size, len(sides), dtype=np.int64)
    there = of_cell >= 0
    np.minimum.at(margin, of_cell[there], totals[there])
    return margin


def _equations(sides: tuple[Side, ...], of_cell: Ints, leaf: Ints) -> sparse.csr_array:
    """Return one row per sum: the unknowns of its parts less itself."""
    cell, length, line = _lines(sides, of_cell)
    flat = of_cell.ravel()
    order = np.lexsort((cell, line, length, flat[cell]))
    order = order[leaf[flat[cell[order]]] < 0]
    _, firsts = np.unique(flat[cell[order]], return_index=True)
    return _rows(sides, of_cell, len(leaf), cell[order[firsts]], line[order[firsts]])


def _sums(sides: tuple[Side, ...]) -> list[tuple[int, int, tuple[int, ...]]]:
    return [(axis, parent, parts) for axis, side in enumerate(sides) for parent, parts in side.sums if len(parts) > 1]


def _lines(sides: tuple[Side, ...], of_cell: Ints) -> tuple[Ints, Ints, Ints]:
    """Return every line with two parts or more that are not known to be empty: its sum, its length, and which it is."""
    places = np.arange(of_cell.size).reshape(of_cell.shape)
    cells, lengths, numbers = [], [], []
    for number, (axis, parent, parts) in enumerate(_sums(sides)):
        alive = (np.take(of_cell, parts, axis=axis) >= 0).sum(axis=axis).ravel()
        where = np.take(places, parent, axis=axis).ravel()[alive > 1]
        cells.append(where)
        lengths.append(alive[alive > 1])
        numbers.append(np.full(len(where), number, dtype=np.int64))
    if not cells:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    return np.concatenate(cells), np.concatenate(lengths), np.concatenate(numbers)


def _rows(sides: tuple[Side, ...], of_cell: Ints, size: int, cells: Ints, lines: Ints) -> sparse.csr_array:
    """Return one row for each of these lines, each given by the place of its sum."""
    flat = of_cell.ravel()
    rows, columns = [np.arange(len(cells))], [flat[cells]]
    data = [np.full(len(cells), -1, dtype=np.int64)]
    for number, (axis, parent, parts) in enumerate(_sums(sides)):
        mine = np.flatnonzero(lines == number)
        stride = int(np.prod(of_cell.shape[axis + 1 :]))
        for part in parts:
            unknown = flat[cells[mine] + (part - parent) * stride]
            rows.append(mine[unknown >= 0])
            columns.append(unknown[unknown >= 0])
            data.append(np.ones(int((unknown >= 0).sum()), dtype=np.int64))
    entries = np.concatenate(data), (np.concatenate(rows), np.concatenate(columns))
    matrix = sparse.csr_array(entries, shape=(len(cells), size), dtype=np.int64)
    matrix.sort_indices()
    return matrix
