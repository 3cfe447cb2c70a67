"""Cells that are equal for everyone who reads the tables are one unknown with one fate.

Three sources: a sum of a single part, two names for the same leaves, and a sum whose other parts are published
zeros. Left apart, one could be published while the other is hidden.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from register.disclosure.arrays import Flags, Ints
from register.disclosure.attacker import shows
from register.disclosure.policy import Policy
from register.disclosure.system import Row, System

KNOWN = -1


@dataclass(frozen=True, slots=True)
class Unknowns:
    """The system after joining equal cells and leaving out public zeros.

    ``of_cell`` gives each cell its unknown, or KNOWN for a cell everyone knows to be nought. Arrays run over the
    unknowns: ``values`` (true), ``printed`` and ``guarded`` (any of its cells), ``sensitive`` (unsafe whatever its
    value), ``shown`` (how many printed cells), ``margin``, ``forced`` (must stay open). ``equations`` @ z = 0 and
    ``inequalities`` @ z >= 0, whole coefficients. No rule protects a cell that is waived, nor those equal to it.
    """

    of_cell: Ints
    values: Ints
    printed: Flags
    guarded: Flags
    sensitive: Flags
    shown: Ints
    margin: Ints
    forced: Flags
    equations: sparse.csr_array
    inequalities: sparse.csr_array

    def unsafe(self, threshold: int) -> Flags:
        """Return which unknowns are unsafe by any rule."""
        found: Flags = self.sensitive | (self.guarded & (self.values > 0) & (self.values < threshold))
        return found

    def primary(self, threshold: int) -> Ints:
        """Return the numbers of the unsafe unknowns, smallest value first."""
        unsafe = np.flatnonzero(self.unsafe(threshold))
        return unsafe[np.argsort(self.values[unsafe], kind="stable")]


def unknowns(system: System, policy: Policy) -> Unknowns:
    """Join equal cells of a system and leave out what is public as a zero."""
    joined = _Joined(system, policy)
    while joined.sweep():
        pass
    return joined.finish(system, policy)


class _Joined:
    def __init__(self, system: System, policy: Policy) -> None:
        self.parent = list(range(len(system.cells)))
        self.zero = [
            shows(value=value, printed=printed, impossible=impossible, zeros=policy.zeros)
            for value, printed, impossible in zip(system.values, system.printed, system.impossible, strict=True)
        ]
        self.equations = list(system.equations)
        self.inequalities = list(system.inequalities)

    def root(self, cell: int) -> int:
        while self.parent[cell] != cell:
            self.parent[cell] = self.parent[self.parent[cell]]
            cell = self.parent[cell]
        return cell

    def sweep(self) -> bool:
        """Rewrite every row over the joined cells; return whether that joined or settled any more."""
        self.equations = self._rewritten(self.equations)
        self.inequalities = [row for row in self._rewritten(self.inequalities) if any(factor < 0 for _, factor in row)]
        opposite = {tuple((cell, -factor) for cell, factor in row) for row in self.inequalities}
        both = [row for row in self.inequalities if row in opposite]
        self.inequalities = [row for row in self.inequalities if row not in opposite]
        self.equations = self._rewritten([*self.equations, *both])
        changed = bool(both)
        for row in self.equations:
            if len({factor > 0 for _, factor in row}) == 1:
                changed = True
                for cell, _ in row:
                    self.zero[cell] = True
            elif len(row) == 2 and row[0][1] == -row[1][1]:
                first, second = sorted(self.root(cell) for cell, _ in row)
                changed = changed or first != second
                self.parent[second] = first
                self.zero[first] = self.zero[first] or self.zero[second]
        return changed

    def _rewritten(self, rows: Iterable[Row]) -> list[Row]:
        seen: dict[Row, None] = {}
        for row in rows:
            summed: dict[int, int] = {}
            for cell, factor in row:
                root = self.root(cell)
                if not self.zero[root]:
                    summed[root] = summed.get(root, 0) + factor
            short = tuple(sorted((root, factor) for root, factor in summed.items() if factor))
            if short:
                seen.setdefault(short)
        return list(seen)

    def finish(self, system: System, policy: Policy) -> Unknowns:
        roots = [self.root(cell) for cell in range(len(self.parent))]
        alive = sorted({root for root in roots if not self.zero[root]})
        number = {root: position for position, root in enumerate(alive)}
        of_cell = np.array([number.get(root, KNOWN) for root in roots], dtype=np.int64)
        size = len(alive)
        live = of_cell != KNOWN
        at = of_cell[live]
        values = np.zeros(size, dtype=np.int64)
        values[at] = np.array(system.values, dtype=np.int64)[live]
        printed = np.array(system.printed, dtype=bool)[live]
        forced = np.array([key in policy.forced_open for key in system.cells], dtype=bool)[live]
        waived = policy.waived
        kept = ~_any(at, np.array([key in waived for key in system.cells], dtype=bool)[live], size)
        margin = np.zeros(size, dtype=np.int64)
        np.maximum.at(margin, at, np.array(system.margin, dtype=np.int64)[live])
        shown = np.bincount(at[printed], minlength=size)
        return Unknowns(
            of_cell=of_cell,
            values=values,
            printed=shown > 0,
            guarded=_any(at, np.array(system.guarded, dtype=bool)[live], size) & kept,
            sensitive=_any(at, np.array([bool(rule) for rule in system.rules], dtype=bool)[live], size) & kept,
            shown=shown,
            margin=margin,
            forced=_any(at, forced, size),
            equations=_matrix(self.equations, number, size),
            inequalities=_matrix(self.inequalities, number, size),
        )


def _any(at: Ints, flags: Flags, size: int) -> Flags:
    joined: Flags = np.bincount(at[flags], minlength=size) > 0
    return joined


def _matrix(rows: list[Row], number: dict[int, int], size: int) -> sparse.csr_array:
    data, columns, starts = [], [], [0]
    for row in sorted(rows):
        for cell, factor in row:
            columns.append(number[cell])
            data.append(factor)
        starts.append(len(columns))
    return sparse.csr_array(
        (np.array(data, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(starts, dtype=np.int64)),
        shape=(len(rows), size),
    )
