"""What is unsafe in one table beside small counts: the others of a group that shares an answer, and dominated counts.

As in ``rules``, for whole tables at a time. The others of a group are the leaves of the group without those of the
answer: a sum that nobody prints. Where zeros are shown and nobody is among the others, the group and the answer are one
cell for every reader; that is told whatever is hidden, and only a waiver of the group lets it be.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import KNOWN, Unknowns
from register.disclosure.arrays import Flags, Ints
from register.disclosure.instances import Instance
from register.disclosure.lattice import Lattice, summed
from register.disclosure.moves import Move

NEARLY_ALL: Final = 90  # per cent


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is asked beside the threshold.

    ``sensitive``: dimensions of which an answer may not be that of a whole group, or of all but ``but`` of it.
    ``contributor``: the dimension of those who report; a count is unsafe when one of them provides more than
    ``dominant`` per cent of it. A count of one contributor alone is not asked of.
    """

    sensitive: tuple[str, ...] = ()
    but: int = 0
    contributor: str = ""
    dominant: int = NEARLY_ALL

    def __bool__(self) -> bool:
        return bool(self.sensitive or self.contributor)

    def told(self) -> dict[str, Any]:
        """Return this as a certificate tells it."""
        return {**asdict(self), "sensitive": list(self.sensitive)}


@dataclass(frozen=True, slots=True)
class Further:
    """The unsafe unknowns of a table by these rules.

    ``dominated`` flags counts; ``groups`` and ``answers`` are the unknowns of each pair whose difference is unsafe, an
    answer of nobody being KNOWN. ``shown`` are groups of which shown zeros tell it whatever is hidden.
    """

    dominated: Flags = field(repr=False)
    groups: tuple[int, ...] = ()
    answers: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()

    def joined(self, system: Unknowns) -> Unknowns:
        """Return the system with the others of each group as further unknowns, behind those of the table."""
        count, size = len(self.groups), len(system.values)
        less = self._less(size)
        wider = sparse.csr_array((system.equations.shape[0], count), dtype=np.int64)
        unit = sparse.eye_array(count, dtype=np.int64)
        no, nought = np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64)
        return replace(
            system,
            values=np.concatenate([system.values, less @ system.values]),
            printed=np.concatenate([system.printed, no]),
            guarded=np.concatenate([system.guarded, no]),
            sensitive=np.concatenate([self.dominated, ~no]),
            shown=np.concatenate([system.shown, nought]),
            margin=np.concatenate([system.margin, nought]),
            forced=np.concatenate([system.forced, no]),
            equations=sparse.block_array([[system.equations, wider], [less, -unit]], format="csr"),
            inequalities=sparse.csr_array((0, size + count), dtype=np.int64),
        )

    def members(self, members: sparse.csr_array) -> sparse.csr_array:
        """Return which leaves each unknown holds, the others of each group behind those of the table."""
        others = self._less(members.shape[0]) @ members
        others.eliminate_zeros()
        return sparse.csr_array(sparse.vstack([members, others]))

    def _less(self, size: int) -> sparse.csr_array:
        """Return a row for each pair: the group less its answer."""
        rows = np.arange(len(self.groups))
        there = np.array(self.answers, dtype=np.int64) != KNOWN
        cells = np.concatenate([np.array(self.groups, dtype=np.int64), np.array(self.answers, dtype=np.int64)[there]])
        signs = np.concatenate([np.ones(len(rows), dtype=np.int64), -np.ones(int(there.sum()), dtype=np.int64)])
        where = np.concatenate([rows, rows[there]]), cells
        return sparse.csr_array((signs, where), shape=(len(rows), size))


def further(instance: Instance, cells: Lattice, beyond: Beyond, waived: Flags) -> Further:
    """Find what these rules ask for; nothing where they ask for nothing, and nothing of a waived cell."""
    dominated = np.zeros(cells.size, dtype=bool)
    pairs: dict[tuple[int, int], None] = {}
    values = summed(instance.tensor(), instance.sides) if beyond else np.zeros(0, dtype=np.int64)
    for axis, side in enumerate(instance.sides if beyond else ()):
        for parent, parts in side.sums:
            if len(parts) < 2:
                continue
            if side.name == beyond.contributor:
                leaves = np.take(values, side.leaf_positions[np.flatnonzero(side.members[parent])], axis)
                whole, most = np.take(values, parent, axis), leaves.max(axis=axis)
                hits = (whole > 0) & (100 * most > beyond.dominant * whole)
                dominated[np.take(cells.of_cell, parent, axis)[hits]] = True
            if side.name in beyond.sensitive:
                answers = side.answers(parent, beyond.but)
                pairs |= dict.fromkeys(_shared(values, cells, axis, (parent, answers), beyond.but))
    kept = [(group, answer) for group, answer in pairs if not waived[group]]
    asked = [pair for pair in kept if pair[0] != pair[1]]
    return Further(
        dominated & ~waived,
        tuple(group for group, _ in asked),
        tuple(answer for _, answer in asked),
        tuple(sorted({group for group, answer in kept if group == answer})),
    )


def of_table(moves: tuple[Move, ...], size: int) -> tuple[Move, ...]:
    """Return these alternatives without the further unknowns."""
    return tuple(
        Move(move.cells[:count], move.steps[:count])
        for move in moves
        for count in [sum(cell < size for cell in move.cells)]
    )


def _shared(
    values: Ints, cells: Lattice, axis: int, line: tuple[int, tuple[int, ...]], but: int
) -> Iterator[tuple[int, int]]:
    parent, codes = line
    whole, groups = np.take(values, parent, axis), np.take(cells.of_cell, parent, axis)
    for code in codes:
        others, answers = whole - np.take(values, code, axis), np.take(cells.of_cell, code, axis)
        hits = (whole > 0) & (others <= but)
        yield from zip(groups[hits].tolist(), answers[hits].tolist(), strict=True)
