"""The cheapest pattern of a small table, and a price that no safe pattern can stay below.

A small count is computable exactly when some sums say so, whatever the hidden cells are: then at least one of the
published cells in those sums must be hidden. Such cuts are collected from trial patterns, and the cheapest choice that
meets all of them is the next trial. Its price is a bound for every pattern that is safe over real numbers, and so for
those that are safe in whole numbers. (Fischetti and Salazar 2001.)
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Floats, Ints
from register.disclosure.solver import Programme

FAR: Final = 1_000.0  # how far a hidden cell may move when a small count moves by one
AJAR: Final = 1e-3  # a published cell may move so little: sums that need few of them are found first
STILL: Final = 1e-6  # less than this is the solver's rounding
CLOSED: Final = 1e-3  # a cut must be missed by so much to be worth its place
HALF: Final = 0.5


@dataclass
class Cuts:
    """All cuts found so far, and the cheapest choice of hidden cells that meets them."""

    system: Unknowns = field(repr=False)
    small: Ints
    price: Floats = field(repr=False)
    ends: tuple[Ints, Ints] = field(repr=False)
    bound: float = 0.0

    def __post_init__(self) -> None:
        size, equations = len(self.price), self.system.equations
        self.trial = np.zeros(size)
        self._small = np.zeros(size, dtype=bool)
        self._small[self.small] = True
        self._choice = ~self._small & ~self.system.forced
        self._up = (self.ends[1] > self.system.values) & ~self.system.forced
        self._down = (self.ends[0] < self.system.values) & ~self.system.forced
        self._quiet = dict.fromkeys(self.small.tolist(), 0)
        self._round = 0
        self._bases: dict[tuple[int, int], Any] = {}
        self._found: set[tuple[int, ...]] = set()
        nothing = np.zeros(equations.shape[0])
        self._attack = Programme(
            sparse.csc_array(equations),
            cost=np.zeros(size),
            lower=np.zeros(size),
            upper=np.zeros(size),
            rows=(nothing, nothing),
        )
        self._master = Programme(
            sparse.csc_array((0, size)),
            cost=self.price,
            lower=np.zeros(size),
            upper=self._choice.astype(float),
            rows=(np.zeros(0), np.zeros(0)),
        )

    def relax(self, rounds: int) -> None:
        """Collect cuts from trials in parts of cells, which are found soon and raise the bound far."""
        for _ in range(rounds):
            if not self._collect(np.where(self._small, FAR, self.trial + AJAR)):
                break
            self._solve()
        self._master.whole()
        self._solve()

    def tighten(self) -> bool:
        """Collect cuts from a trial in whole cells; return whether there were any, and so another trial."""
        more = self._collect(np.where(self._small | (self.trial > HALF), FAR, AJAR))
        if more:
            self._solve()
        return more

    def chosen(self) -> list[int]:
        """Return the cells that the trial hides besides the small ones."""
        return [int(cell) for cell in np.flatnonzero(self.trial > HALF)]

    def refuse(self) -> None:
        """Ask for one more hidden cell than this trial has: it is safe over real numbers and not in whole ones."""
        self._add(np.flatnonzero(self._choice & (self.trial < HALF)))
        self._solve()

    def _solve(self) -> None:
        self.trial, bound = self._master.best()
        self.bound = max(self.bound, bound)

    def _collect(self, room: Floats) -> bool:
        """Attack every small count within this room; those that could not be computed last time wait a little."""
        self._round += 1
        found = False
        for cell in self.small.tolist():
            if self._quiet[cell] and self._round % (1 << min(self._quiet[cell], 3)) and self._round > 1:
                continue
            cut = self._cut(cell, room)
            self._quiet[cell] = 0 if cut is not None else self._quiet[cell] + 1
            if cut is not None and self.trial[cut].sum() < 1 - CLOSED and self._holds(cell, cut):
                found = self._add(cut) or found
        return found

    def _cut(self, cell: int, room: Floats) -> Ints | None:
        """Return the published cells in the sums that keep this count from moving by one; None when it can move."""
        self._span(room)
        hinder = np.zeros(len(room), dtype=bool)
        for way, can in ((1, self._up), (-1, self._down)):
            if can[cell]:
                reached, reduced = self._push(cell, way)
                if reached > 1 - STILL:
                    return None
                hinder |= ((reduced < -STILL) & self._up) | ((reduced > STILL) & self._down)
        return np.flatnonzero(hinder & self._choice)

    def _holds(self, cell: int, cut: Ints) -> bool:
        """Return whether the count cannot move though everything but the cells of the cut were hidden."""
        room = np.full(len(self.price), FAR)
        room[cut] = 0.0
        self._span(room)
        pushed = [self._push(cell, way, keep=False)[0] for way, can in ((1, self._up), (-1, self._down)) if can[cell]]
        return all(reached < STILL for reached in pushed)

    def _span(self, room: Floats) -> None:
        self._lower, self._upper = np.where(self._down, -room, 0.0), np.where(self._up, room, 0.0)
        self._attack.bounds(self._lower, self._upper)

    def _push(self, cell: int, way: int, *, keep: bool = True) -> tuple[float, Floats]:
        """Return how far the cell moves this way, at most one, and what one more of each cell would change."""
        self._attack.bound(cell, -1.0 if way < 0 else 0.0, 1.0 if way > 0 else 0.0)
        self._attack.price(cell, -float(way))
        reached, reduced, basis = self._attack.pushed(self._bases.get((cell, way)) if keep else None)
        if keep:
            self._bases[cell, way] = basis
        self._attack.price(cell, 0.0)
        self._attack.bound(cell, float(self._lower[cell]), float(self._upper[cell]))
        return -reached, reduced

    def _add(self, cut: Ints) -> bool:
        key = tuple(cut.tolist())
        if key in self._found:
            return False
        self._found.add(key)
        self._master.demand(cut, 1.0)
        return True
