"""The cheapest pattern of a small table, and a price that no safe pattern can stay below.

A small count is computable exactly when some sums say so, whatever the hidden cells are: then at least one of the
published cells in those sums must be hidden. Such cuts are collected from trial patterns, and the cheapest choice that
meets all of them is the next trial. Its price is a bound for every pattern that is safe over real numbers, and so for
those that are safe in whole numbers. (Fischetti and Salazar 2001.) Cuts that only whole numbers ask for are added by
``regions``.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Flags, Floats, Ints
from register.disclosure.changes import Leaves
from register.disclosure.solver import Programme

FAR: Final = 1_000.0  # how far a hidden cell may move when a small count moves by one
AJAR: Final = 1e-3  # a published cell may move so little: sums that need few of them are found first
STILL: Final = 1e-6  # less than this is the solver's rounding
CLOSED: Final = 1e-3  # a cut must be missed by so much to be worth its place
HALF: Final = 0.5
APART: Final = 2  # cuts without a common cell that are looked for when a small count is computable
NEARLY_BEST: Final = 1e-4  # part of its cost by which a choice may miss the least
BRANCHES: Final = 2_000  # of branch and bound for the cheapest choice of all


class Cuts:
    """All cuts found so far, and the choices of hidden cells that meet them."""

    def __init__(self, system: Unknowns, small: Ints, price: Floats, ends: tuple[Ints, Ints], leaves: Leaves) -> None:
        """Take the small unknowns, the price of hiding each of the others, and the attacker's bounds."""
        size = len(price)
        self.price = price
        self.bound = 0.0
        self.found: dict[tuple[int, ...], Ints] = {}
        self.small: dict[tuple[int, ...], int] = {}
        self._small = np.zeros(size, dtype=bool)
        self._small[small] = True
        self._choice = ~self._small & ~system.forced
        self._up = (ends[1] > system.values) & ~system.forced
        self._down = (ends[0] < system.values) & ~system.forced
        self._quiet = dict.fromkeys(small.tolist(), 0)
        self._bases: dict[tuple[int, int], Any] = {}
        self._leaves = leaves.cells
        self._members = leaves.members
        self._sums = np.setdiff1d(np.arange(size), leaves.cells)
        self._place = np.zeros(size, dtype=np.int64)
        self._place[self._leaves] = np.arange(len(self._leaves))
        self._place[self._sums] = -1 - np.arange(len(self._sums))
        nothing, still = np.zeros(len(self._leaves)), np.zeros(len(self._sums))
        self._attack = Programme(
            sparse.csc_array(leaves.members[self._sums]),
            cost=nothing,
            lower=nothing,
            upper=nothing,
            rows=(still, still),
        )

    def relax(self, rounds: int) -> None:
        """Collect cuts from trials in parts of cells, which are found soon and raise the bound far."""
        trial = np.zeros(len(self.price))
        for number in range(rounds):
            if not self._collect(trial, number):
                break
            trial, bound = self._master(self.price).best()
            self.bound = max(self.bound, bound)

    def cheapest(self) -> list[int]:
        """Return the cheapest choice of cells that meets all cuts, as far as the limits allow; raises the bound."""
        master = self._master(self.price)
        master.whole(BRANCHES)
        trial, bound = master.best()
        self.bound = max(self.bound, bound)
        return np.flatnonzero(trial > HALF).tolist()

    def chosen(
        self, cost: Floats, *, kept: Collection[int], most: float, also: Sequence[Ints], branches: int
    ) -> list[int] | None:
        """Return the choice of least ``cost`` that keeps these cells and has no price above ``most``, if one is found.

        ``also``: further cuts, for this choice only.
        """
        master = self._master(cost, kept, also)
        master.limit(self.price, most)
        master.whole(branches, gap=NEARLY_BEST)
        trial, bound = master.best()
        return np.flatnonzero(trial > HALF).tolist() if len(trial) and bound < np.inf else None

    def tighten(self, chosen: Collection[int]) -> bool:
        """Collect cuts that this choice misses; return whether there were any."""
        hidden = self.hidden(chosen)
        missed = [self.miss(cell, hidden) for cell in self._quiet]
        return any(missed)

    def hidden(self, chosen: Collection[int]) -> Flags:
        """Return which cells are hidden when these are chosen."""
        hidden = self._small.copy()
        hidden[list(chosen)] = True
        return hidden

    def miss(self, cell: int, hidden: Flags) -> int:
        """Add cuts that say why this small cell can be computed beside these hidden cells; return how many."""
        hidden = hidden.copy()
        for number in range(APART):
            cut = self._cut(cell, np.where(hidden, FAR, AJAR))
            if cut is None or hidden[cut].any() or not self._holds(cell, cut):
                return number
            self.add(cut, cell)
            hidden[cut] = True
        return APART

    def add(self, cut: Ints, cell: int) -> bool:
        """Add a cut: one of its cells at least must be hidden to protect this small count; return whether it is new."""
        known, name = len(self.found), tuple(cut.tolist())
        self.found.setdefault(name, cut)
        self.small.setdefault(name, cell)
        return len(self.found) > known

    def others(self, chosen: Collection[int]) -> Ints:
        """Return the cells that may be hidden besides this choice."""
        return np.flatnonzero(self._choice & ~self.hidden(chosen))

    def _master(self, cost: Floats, kept: Collection[int] = (), also: Sequence[Ints] = ()) -> Programme:
        lower = np.zeros(len(cost))
        lower[list(kept)] = 1.0
        cuts = [cut for cut in (*self.found.values(), *also) if not lower[cut].any()]
        columns = np.concatenate(cuts) if cuts else np.zeros(0, dtype=np.int64)
        rows = np.repeat(np.arange(len(cuts)), [len(cut) for cut in cuts])
        matrix = sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=(len(cuts), len(cost)))
        least = np.ones(len(cuts))
        ends = least, np.full(len(cuts), np.inf)
        return Programme(matrix, cost=cost, lower=lower, upper=self._choice.astype(float), rows=ends)

    def _collect(self, trial: Floats, number: int) -> bool:
        """Attack every small count beside this trial; those that could not be computed last time wait a little."""
        found = False
        room = np.where(self._small, FAR, trial + AJAR)
        for cell, quiet in self._quiet.items():
            if quiet and number and number % (1 << min(quiet, 3)):
                continue
            cut = self._cut(cell, room)
            self._quiet[cell] = 0 if cut is not None else quiet + 1
            if cut is not None and trial[cut].sum() < 1 - CLOSED and self._holds(cell, cut):
                found = self.add(cut, cell) or found
        return found

    def _cut(self, cell: int, room: Floats) -> Ints | None:
        """Return the published cells in the sums that keep this count from moving by one; None when it can move."""
        low, high = self._span(room)
        hinder = np.zeros(len(room), dtype=bool)
        for way in self._ways(cell):
            reached, reduced = self._push(cell, way, (low[cell], high[cell]))
            if reached > 1 - STILL:
                return None
            hinder |= ((reduced < -STILL) & self._up) | ((reduced > STILL) & self._down)
        return np.flatnonzero(hinder & self._choice)

    def _holds(self, cell: int, cut: Ints) -> bool:
        """Return whether the count cannot move though everything but the cells of the cut were hidden."""
        room = np.full(len(self.price), FAR)
        room[cut] = 0.0
        low, high = self._span(room)
        return all(self._push(cell, way, (low[cell], high[cell]), keep=False)[0] < STILL for way in self._ways(cell))

    def _ways(self, cell: int) -> list[int]:
        return [way for way, can in ((1, self._up), (-1, self._down)) if can[cell]]

    def _span(self, room: Floats) -> tuple[Floats, Floats]:
        low, high = np.where(self._down, -room, 0.0), np.where(self._up, room, 0.0)
        self._attack.bounds(low[self._leaves], high[self._leaves])
        self._attack.rows(low[self._sums], high[self._sums])
        return low, high

    def _push(self, cell: int, way: int, ends: tuple[float, float], *, keep: bool = True) -> tuple[float, Floats]:
        """Return how far the cell moves this way, at most one, and what one more of each cell would change."""
        parts = self._members.indices[self._members.indptr[cell] : self._members.indptr[cell + 1]]
        self._attack.only(parts, np.full(len(parts), -float(way)))
        self._range(cell, -1.0 if way < 0 else 0.0, 1.0 if way > 0 else 0.0)
        reached, columns, rows, basis = self._attack.pushed(self._bases.get((cell, way)) if keep else None)
        if keep:
            self._bases[cell, way] = basis
        self._range(cell, *ends)
        reduced = np.zeros(len(self.price))
        reduced[self._leaves], reduced[self._sums] = columns, rows
        return -reached, reduced

    def _range(self, cell: int, low: float, high: float) -> None:
        place = int(self._place[cell])
        if place >= 0:
            self._attack.bound(place, float(low), float(high))
        else:
            self._attack.row(-1 - place, float(low), float(high))
