"""How a programme tells a change of the true tables: cell by cell, or by the leaves alone.

Told cell by cell, any system of equations and inequalities will do. Told by the leaves, a hidden sum that is bounded by
nothing but its leaves needs no row of its own, so what is left to solve is what is published: a fraction of the steps.
"""

from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from scipy import sparse

from register.disclosure.arrays import Floats, Ints
from register.disclosure.solver import NoOptimum, Programme

FREE: Final = 1e-3  # moving a hidden cell costs little, but enough to keep moves short


@dataclass(frozen=True, slots=True)
class Change:
    """By how much each cell changes, over real numbers, and what that costs."""

    steps: Floats = field(repr=False)
    price: float


class Changes(Protocol):
    """A programme over the changes of all cells: each within its range, the cheapest first."""

    def span(self, cell: int, least: float, most: float) -> None:
        """Let this cell change by ``least`` to ``most``."""

    def price(self, cell: int, cost: float) -> None:
        """Set what moving this cell costs: FREE when it is hidden."""

    def prices(self, cost: Floats) -> None:
        """Set the cost of every cell; what is hidden stays hidden."""

    def afford(self, most: float) -> None:
        """Let no published cell that costs more than ``most`` move; a limit that only makes the search shorter."""

    def whole(self, nodes: int) -> None:
        """Ask for whole changes from now on, with so much of branch and bound."""

    def solve(self, below: float = np.inf) -> Change | NoOptimum:
        """Return the cheapest change; none as soon as it is known that none costs less than ``below``."""


class CellChanges:
    """One rise and one fall for every cell, and a row for each equation and inequality."""

    def __init__(
        self, matrix: sparse.csr_array, *, rows: tuple[Floats, Floats], cost: Floats, ends: tuple[Floats, Floats]
    ) -> None:
        """Take the rows with their bounds, what each cell costs, and how far it may fall (negative) and rise."""
        self._size = len(cost)
        self._programme = Programme(
            sparse.csc_array(sparse.hstack([matrix, -matrix])),
            cost=np.concatenate([cost, cost]),
            lower=np.zeros(2 * self._size),
            upper=np.concatenate([ends[1], -ends[0]]),
            rows=rows,
        )

    def span(self, cell: int, least: float, most: float) -> None:
        self._programme.bound(cell, max(least, 0.0), max(most, 0.0))
        self._programme.bound(cell + self._size, max(-most, 0.0), max(-least, 0.0))

    def price(self, cell: int, cost: float) -> None:
        self._programme.price(cell, cost)
        self._programme.price(cell + self._size, cost)

    def prices(self, cost: Floats) -> None:
        self._programme.prices(np.concatenate([cost, cost]))

    def afford(self, most: float) -> None:
        """Leave everything to the price."""

    def whole(self, nodes: int) -> None:
        self._programme.whole(nodes)

    def solve(self, below: float = np.inf) -> Change | NoOptimum:
        answer = self._programme.solve(below=below)
        if isinstance(answer, NoOptimum):
            return answer
        return Change(answer.values[: self._size] - answer.values[self._size :], answer.objective)


@dataclass(frozen=True, slots=True)
class Leaves:
    """The ``cells`` that are leaves, and which leaves each cell holds (``members``: 1 in its row).

    ``bind``: whether a hidden sum has bounds that do not follow from those of its leaves.
    """

    cells: Ints = field(repr=False)
    members: sparse.csr_array = field(repr=False)
    bind: bool = False


class LeafChanges:
    """One rise and one fall for every leaf; a row for each sum, which is open while the sum is hidden."""

    def __init__(self, leaves: Leaves, *, cost: Floats, ends: tuple[Floats, Floats]) -> None:
        """Take what each cell costs, and how far it may fall (negative) and rise."""
        self._leaves = leaves
        self._count = len(leaves.cells)
        self._cost = cost.copy()
        self._most_paid = np.inf
        self._least, self._most = ends[0].copy(), ends[1].copy()
        leaf = np.zeros(len(cost), dtype=bool)
        leaf[leaves.cells] = True
        sums = np.flatnonzero(~leaf)
        self._place = np.full(len(cost), -1, dtype=np.int64)
        self._place[leaves.cells] = np.arange(self._count)
        self._row = np.full(len(cost), -1, dtype=np.int64)
        self._row[sums] = np.arange(len(sums))
        self._sums = sums
        parts = leaves.members[sums].astype(float)
        unit = sparse.eye_array(len(sums))
        rows = np.zeros(len(sums))
        closed = np.zeros(2 * len(sums))
        mine = leaves.cells
        self._programme = Programme(
            sparse.csc_array(sparse.hstack([parts, -parts, -unit, unit])),
            cost=np.concatenate([cost[mine], cost[mine], cost[sums], cost[sums]]),
            lower=np.zeros(2 * (self._count + len(sums))),
            upper=np.concatenate([ends[1][mine], -ends[0][mine], closed]),
            rows=(rows, rows),
        )
        for cell in sums.tolist():
            self._bound(cell)

    def span(self, cell: int, least: float, most: float) -> None:
        self._least[cell], self._most[cell] = least, most
        self._bound(cell)

    def price(self, cell: int, cost: float) -> None:
        self._cost[cell] = cost
        first, second = self._columns(cell)
        self._programme.price(first, cost)
        self._programme.price(second, cost)
        self._bound(cell)

    def prices(self, cost: Floats) -> None:
        mine, sums = cost[self._leaves.cells], cost[self._sums]
        self._programme.prices(np.concatenate([mine, mine, sums, sums]))

    def afford(self, most: float) -> None:
        low, high = sorted((most, self._most_paid))
        self._most_paid = most
        cost = self._cost[self._sums]
        for cell in self._sums[(cost > low) & (cost <= high)].tolist():
            self._bound(cell)

    def whole(self, nodes: int) -> None:
        self._programme.whole(nodes)

    def solve(self, below: float = np.inf) -> Change | NoOptimum:
        answer = self._programme.solve(afresh=False, below=below)
        if isinstance(answer, NoOptimum):
            return answer
        steps = answer.values[: self._count] - answer.values[self._count : 2 * self._count]
        return Change(self._leaves.members @ steps, answer.objective)

    def _columns(self, cell: int) -> tuple[int, int]:
        place = int(self._place[cell])
        if place >= 0:
            return place, place + self._count
        row = 2 * self._count + int(self._row[cell])
        return row, row + len(self._sums)

    def _bound(self, cell: int) -> None:
        least, most = float(self._least[cell]), float(self._most[cell])
        first, second = self._columns(cell)
        row = int(self._row[cell])
        if row < 0:
            self._programme.bound(first, max(least, 0.0), max(most, 0.0))
            self._programme.bound(second, max(-most, 0.0), max(-least, 0.0))
        elif least == most or self._cost[cell] > FREE:
            open_ = least != most and self._cost[cell] <= self._most_paid
            least, most = (least, most) if least == most or open_ else (0.0, 0.0)
            self._programme.row(row, 0.0 if open_ else least, 0.0 if open_ else most)
            self._programme.bound(first, 0.0, most if open_ else 0.0)
            self._programme.bound(second, 0.0, -least if open_ else 0.0)
        else:
            bind = self._leaves.bind
            self._programme.row(row, least if bind else -np.inf, most if bind else np.inf)
            self._programme.bound(first, 0.0, 0.0)
            self._programme.bound(second, 0.0, 0.0)
