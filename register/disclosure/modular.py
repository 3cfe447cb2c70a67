"""A pattern by elimination modulo a prime: a cell is published unless it gives away what must not be known.

A reader of published sums knows every combination of them. What must stay out of reach are the *targets*: each small
count, and each sum of counts that cannot fall (ones beside shown zeros), because who knows such a sum and that none of
its parts can be less knows all of them. The cells ask to be published one by one in a given order. A cell is refused
when what is published and the cell together make up a target; so each refusal names its target, and as more is
published it stays true. Combinations are sought modulo the prime 2^31 - 1, in which no number grows: products of two
remainders fit in 64 bits.

This knows of sums only. That the bounds of a reader leave each count another whole value is not said here; whoever
chooses by it lets the pattern be repaired and proven afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.arrays import Flags, Ints

PRIME: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Targets:
    """What nobody may compute: one row each over the columns, and the unknowns of which it is the sum."""

    rows: sparse.csr_array = field(repr=False)
    cells: tuple[tuple[int, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """The unknowns as rows over columns that are leaves, or the unknowns themselves.

    ``columns``: the unknown of each column. ``equations``: the lines of the tables. ``known``: whether they have to be
    told apart, because the columns do not make up one another.
    """

    rows: sparse.csr_array = field(repr=False)
    columns: Ints = field(repr=False)
    equations: sparse.csr_array = field(repr=False)
    known: bool = False

    def targets(self, small: Ints, fixed: Flags) -> Targets:
        """Return the small unknowns, and the sums of ``fixed`` ones, which cannot fall, with a small one among them.

        Those that stand together in a line, and those below one cell, however deep.
        """
        wanted = np.zeros(self.rows.shape[0], dtype=bool)
        wanted[small] = True
        below = [self.columns[row] for row in _lists(self.rows)]
        lines = sparse.csr_array(self.equations)
        above = _lists(sparse.csr_array(lines.maximum(0))), _lists(sparse.csr_array((-lines).maximum(0)))
        sums = {tuple(sorted(row[fixed[row]].tolist())) for rows in (below, *above) for row in rows}
        several = [one for one in sums if len(one) > 1 and wanted[list(one)].any()]
        cells = [*((one,) for one in small.tolist()), *sorted(several, key=lambda one: (len(one), one))]
        place = np.repeat(np.arange(len(cells)), [len(one) for one in cells])
        held = np.array([cell for one in cells for cell in one], dtype=np.int64)
        pick = sparse.csr_array((np.ones(len(held), dtype=np.int64), (place, held)), shape=(len(cells), len(wanted)))
        return Targets(sparse.csr_array(pick @ self.rows), tuple(cells))

    def choose(self, order: Iterable[int], targets: Targets, must: Flags) -> dict[int, int]:
        """Let these unknowns ask in turn; return those refused, each with the first target that it gives away.

        What ``must`` be published is so whatever it gives away.
        """
        readable = self._readable(targets)
        hidden: dict[int, int] = {}
        for cell in order:
            left = readable.left(*_entries(self.rows, cell))
            given = readable.given(left)
            if len(given) and not must[cell]:
                hidden[cell] = int(given[0])
            else:
                readable.publish(left)
        return hidden

    def reasons(self, published: Iterable[int], hidden: Iterable[int], targets: Targets) -> dict[int, int | None]:
        """Return for each hidden unknown a target that it alone would give away beside the published ones, if any."""
        readable = self._readable(targets)
        for cell in published:
            readable.publish(readable.left(*_entries(self.rows, cell)))
        given = {cell: readable.given(readable.left(*_entries(self.rows, cell))) for cell in hidden}
        return {cell: int(found[0]) if len(found) else None for cell, found in given.items()}

    def _readable(self, targets: Targets) -> "Readable":
        readable = Readable(targets.rows)
        for line in range(self.equations.shape[0] if self.known else 0):
            readable.publish(readable.left(*_entries(self.equations, line)))
        return readable


class Readable:
    """All that published sums tell, modulo a prime, and what they leave of each target.

    The rows of the targets come first in one table, then those of what is published, reduced: each has a 1 in a column
    of its own (its pivot) where every other row has nought. A target that is told would be nought everywhere.
    """

    def __init__(self, targets: sparse.csr_array) -> None:
        """Take the targets as rows over the columns; nothing is published yet."""
        self._count, width = targets.shape
        self._rows = np.zeros((self._count + width, width), dtype=np.int64)
        self._rows[: self._count] = targets.toarray() % PRIME
        self._filled = self._count
        self._length = (self._rows[: self._count] != 0).sum(axis=1)
        self._used = (self._rows != 0).sum(axis=0)
        self._row_of = np.full(width, -1, dtype=np.int64)

    def left(self, columns: Ints, factors: Ints) -> Ints:
        """Return what a row adds to all that is published: nought everywhere when it can be computed already."""
        row = np.zeros(self._rows.shape[1], dtype=np.int64)
        row[columns] = factors % PRIME
        own = self._row_of[columns] >= 0
        known = self._rows[self._row_of[columns[own]]]
        times = factors[own][:, None] % PRIME
        return np.asarray((row - (known * times % PRIME).sum(axis=0)) % PRIME, dtype=np.int64)

    def given(self, left: Ints) -> Ints:
        """Return the targets that this row would give away: those of which it is a multiple."""
        columns = np.flatnonzero(left)
        if not len(columns):
            return columns
        rows = np.flatnonzero((self._length == len(columns)) & (self._rows[: self._count, columns[0]] != 0))
        mine = self._rows[rows[:, None], columns]
        same = (mine * left[columns[0]] - mine[:, :1] * left[columns]) % PRIME == 0
        return np.asarray(rows[same.all(axis=1)], dtype=np.int64)

    def publish(self, left: Ints) -> None:
        """Publish a row, given by what it adds: its pivot is the column that the fewest rows have."""
        columns = np.flatnonzero(left)
        if not len(columns):
            return
        pivot = int(columns[np.argmin(self._used[columns])])
        row = left[columns] * pow(int(left[pivot]), -1, PRIME) % PRIME
        rows = np.flatnonzero(self._rows[: self._filled, pivot])
        at = rows[:, None], columns
        old = self._rows[at]
        new = (old - self._rows[rows, pivot][:, None] * row) % PRIME
        self._rows[at] = new
        more = (new != 0).astype(np.int64) - (old != 0)
        self._used[columns] += more.sum(axis=0) + 1
        targets = rows < self._count
        self._length[rows[targets]] += more[targets].sum(axis=1)
        self._rows[self._filled, columns] = row
        self._row_of[pivot] = self._filled
        self._filled += 1


def _entries(rows: sparse.csr_array, number: int) -> tuple[Ints, Ints]:
    here = slice(rows.indptr[number], rows.indptr[number + 1])
    return rows.indices[here].astype(np.int64), rows.data[here].astype(np.int64)


def _lists(rows: sparse.csr_array) -> list[Ints]:
    """Return the columns of each row in which there is something."""
    rows.eliminate_zeros()
    return np.split(rows.indices.astype(np.int64), rows.indptr[1:-1])
