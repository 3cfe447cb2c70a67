"""One direction for all: the cheapest set of cells to hide so that every small count moves, over real numbers.

Alternatives can be mixed, so a pattern protects every small count over real numbers exactly when one single direction
changes all of them at once: it keeps every sum, changes hidden cells only, and leaves no bound from the wrong side.
So the pattern is the support of one vector, and a linear programme whose prices follow the last answer (a cell that
hardly moves becomes dear) finds a small one. A cell at its bound can move one way only; for the others the cheaper
way is chosen. Whole numbers are not promised here: the moves that prove them come afterwards.
"""

from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Flags, Floats, Ints
from register.disclosure.solver import Optimum, Programme

HIDDEN: Final = 0.02  # the part of its price that a cell already hidden costs
STILL: Final = 1e-7  # less than this is the solver's rounding
EVEN: Final = 0.1  # added to a movement before prices are divided by it
AGAIN: Final = 4  # rounds of repricing
GAIN: Final = 1e-6


class Directions:
    """The programme of one direction over all unknowns, and the best direction found so far."""

    def __init__(self, system: Unknowns, *, small: Ints, lower: Ints, upper: Ints, price: Floats, reach: float) -> None:
        """Take the unknowns that must move (``small``), the attacker's bounds, and the price of hiding each cell."""
        self.small = small
        self.price = price.copy()
        self.price[small] = 0.0
        self._size = len(price)
        closed = system.forced
        self._up = np.where(closed, 0.0, reach * (upper - system.values))
        self._down = np.where(closed, 0.0, reach * (system.values - lower))
        self._programme = Programme(
            sparse.csc_array(sparse.hstack([system.equations, -system.equations])),
            cost=np.concatenate([self.price, self.price]),
            lower=np.zeros(2 * self._size),
            upper=np.concatenate([self._up, self._down]),
            rows=(np.zeros(system.equations.shape[0]), np.zeros(system.equations.shape[0])),
        )
        self.steps = np.zeros(self._size)
        self._sign = np.zeros(self._size, dtype=np.int64)

    def hidden(self) -> Flags:
        """Return which cells the best direction hides besides the small ones."""
        moved: Flags = self.steps != 0
        moved[self.small] = False
        return moved

    def find(self, *, again: int = AGAIN) -> bool:
        """Find a direction in which every small count moves; return whether there is one."""
        one_way = [cell for cell in self.small.tolist() if not (self._up[cell] and self._down[cell])]
        for cell in one_way:
            self._aim(cell, 1 if self._up[cell] else -1)
        if not self._solved():
            return False
        self._reprice(again)
        for cell in self.small.tolist():
            if not self._sign[cell] and not self._turn(cell):
                return False
        self._reprice(again)
        return True

    def improve(self) -> bool:
        """Try for each hidden cell, dearest first, whether the others can do without it; return whether any could."""
        better = False
        self._favour()
        for cell in np.lexsort((np.arange(self._size), -self.price)).tolist():
            if not self.hidden()[cell]:
                continue
            before, cost = self.steps, self._cost()
            self._range(cell, 0.0, 0.0)
            found = self._solved() and self._cost() < cost - GAIN
            self._range(cell, self._up[cell], self._down[cell])
            if found:
                better = True
                self._favour()
            else:
                self.steps = before
        return better

    def _turn(self, cell: int) -> bool:
        """Choose the way in which this cell moves: as it does already, else the cheaper one."""
        way = int(np.sign(self.steps[cell]))
        if way:
            self._aim(cell, way)
            return True
        best: tuple[float, int, Floats] | None = None
        self._favour()
        for way in (1, -1):
            self._aim(cell, way)
            if self._solved() and (best is None or self._cost() < best[0] - GAIN):
                best = self._cost(), way, self.steps
        if best is None:
            return False
        self._aim(cell, best[1])
        self.steps = best[2]
        return True

    def _aim(self, cell: int, way: int) -> None:
        self._sign[cell] = way
        self._programme.bound(cell, float(way > 0), self._up[cell] if way > 0 else 0.0)
        self._programme.bound(cell + self._size, float(way < 0), self._down[cell] if way < 0 else 0.0)

    def _range(self, cell: int, up: float, down: float) -> None:
        self._programme.bound(cell, 0.0, up)
        self._programme.bound(cell + self._size, 0.0, down)

    def _reprice(self, again: int) -> None:
        best = self._cost(), self.steps
        for _ in range(again):
            cost = self.price / (np.abs(self.steps) + EVEN)
            self._programme.prices(np.concatenate([cost, cost]))
            if not self._solved():
                break
            if self._cost() < best[0] - GAIN:
                best = self._cost(), self.steps
            else:
                break
        self.steps = best[1]

    def _favour(self) -> None:
        """Make hidden cells cheap, so that the next answer keeps to them."""
        cost = np.where(self.hidden(), HIDDEN * self.price, self.price)
        self._programme.prices(np.concatenate([cost, cost]))

    def _solved(self) -> bool:
        answer = self._programme.solve(afresh=False)
        if not isinstance(answer, Optimum):
            return False
        steps = answer.values[: self._size] - answer.values[self._size :]
        self.steps = np.where(np.abs(steps) < STILL, 0.0, steps)
        return True

    def _cost(self) -> float:
        return float(self.price[self.hidden()].sum())
