"""A pattern made smaller: hidden cells are published again as long as every small count keeps an alternative.

Works on the set of all alternatives found so far, so that only small counts which lose their last one need a new one:
two resting ones joined, or a programme that may hide cheaper cells instead. Where that leads nowhere any more, cells
are forced out at any price, and what comes in their place is kept unless it is dearer: first one by one, then a few at
a time that work together. Equal prices are kept too: they lead elsewhere. Which cells is drawn by lot with a fixed
seed, and all limits are numbers of programmes and of draws, so the outcome is the same everywhere.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np

from register.disclosure.alternatives import Alternatives
from register.disclosure.arrays import Ints
from register.disclosure.changes import FREE
from register.disclosure.moves import Move, NoMove
from register.disclosure.pattern import Pattern

LEAST: Final = 1e-9  # a gain below this is rounding
SEED: Final = 20261126
TOGETHER: Final = 3  # cells that are forced out at once, at most
DEARER: Final = 3  # mean cells by which what comes in their place may be dearer before it is tidied up
AROUND: Final = 4  # cells that worked with those forced out and are tried again
SWEPT: Final = 24  # the same for a cell that is forced out by itself
QUIET: Final = 24  # draws for each hidden cell that may lead nowhere, one after the other
BARRED: Final = 8  # alternatives that hide more, asked of one small count
NODES: Final = 40  # of branch and bound for each of those
KNOWN: Final = 1_500  # alternatives kept in mind while cells are forced out


class Refinement:
    """The hidden cells of a covered pattern, and all alternatives known; only ever becomes cheaper."""

    def __init__(self, pattern: Pattern) -> None:
        self.finder = pattern.finder
        self.cost = pattern.cost
        self.protecting = set(pattern.protecting)
        self._order = {cell: place for place, cell in enumerate(pattern.primary)}
        self.known = Alternatives(self.finder, pattern.primary, pattern.visible)
        for move in pattern.moves.values():
            self.known.add(move)

    @property
    def programmes(self) -> int:
        """Return how many programmes this has taken."""
        return self.finder.solved

    def moves(self) -> tuple[Move, ...]:
        """Return the alternatives that prove the pattern."""
        return self.known.needed()

    def total(self) -> float:
        """Return the price of all protecting cells."""
        return float(sum(self.cost[cell] for cell in sorted(self.protecting)))

    def publish(self, most: int, cells: Iterable[int] | None = None) -> bool:
        """Try each cell once, dearest first, with at most so many programmes in all; return whether any was spared."""
        before = len(self.protecting), self.total()
        for cell in self._dearest(self.protecting if cells is None else cells):
            if cell in self.protecting:
                self._spare(cell, most)
        return before != (len(self.protecting), self.total())

    def exchange(self, most: int) -> None:
        """Force cells out one after the other, dearest first, each at any price; stop when that gains nothing."""
        while self.programmes < most:
            before = self.total()
            for cell in self._dearest(self.protecting):
                if cell in self.protecting and self.programmes < most:
                    self._force_out([cell], most, dearer=np.inf, around=SWEPT, gain=LEAST)
            if self.total() > before - LEAST:
                return

    def wander(self, most: int) -> None:
        """Force out a few cells at a time, drawn by lot, until so many programmes were spent or nothing is gained."""
        draw = np.random.default_rng(SEED)
        quiet = 0
        while self.programmes < most and quiet < QUIET * len(self.protecting):
            before = self.total()
            self._force_out(self._drawn(draw), most, dearer=DEARER, around=AROUND, gain=-LEAST)
            self.known = self.known.trimmed(KNOWN)
            quiet = 0 if self.total() < before - LEAST else quiet + 1

    def switch(self, cells: Collection[int]) -> list[int]:
        """Hide these cells and no others; return the small cells that no known alternative proves then."""
        for cell in sorted(self.protecting.difference(cells)):
            self._show(cell)
        for cell in sorted(set(cells).difference(self.protecting)):
            self._hide(cell)
        return [small for small, proofs in self.known.covering.items() if not proofs]

    def proven(self, small: int) -> bool:
        """Return whether this small cell has an alternative beside the hidden cells, with a programme if need be."""
        if not self.known.covering[small]:
            self.finder.afford(0.0)
            if move := self.finder.within(small, 0.0):
                self.known.add(move)
        return bool(self.known.covering[small])

    def barrier(self, small: int) -> tuple[Ints, bool]:
        """Return published cells of which one must be hidden to prove this small cell, and whether that is certain.

        One alternative after the other is found, each without the published cells of those before.
        """
        self.finder.afford(np.inf)
        closed: list[int] = []
        certain = False
        for _ in range(BARRED):
            found = self.finder.within(small, np.inf) or self.finder.any(small, nodes=NODES)
            more = [cell for cell in found.cells if self.known.visible[cell]] if isinstance(found, Move) else []
            if not more:
                certain = isinstance(found, NoMove) and found.proven
                break
            for cell in more:
                self.finder.close(cell)
            closed += more
        for cell in closed:
            self.finder.open(cell)
        return np.array(sorted(closed), dtype=np.int64), certain

    def _drawn(self, draw: np.random.Generator) -> list[int]:
        """Draw a hidden cell, and others in proportion to the alternatives that they share with it."""
        cells = sorted(self.protecting)
        first = cells[int(draw.integers(len(cells)))]
        more = int(draw.integers(TOGETHER))
        shared = self.known.partners(first)
        near = [cell for cell in cells if shared[cell] and cell != first]
        if not more or not near:
            return [first]
        weight = shared[near] / shared[near].sum()
        return [first, *(int(c) for c in draw.choice(near, size=min(more, len(near)), replace=False, p=weight))]

    def _force_out(self, cells: Sequence[int], most: int, *, dearer: float, around: int, gain: float) -> None:
        """Publish these and mend what that leaves bare; what comes in their place is kept when it gains so much."""
        old, total = set(self.protecting), self.total()
        mean = total / len(old)
        near: Ints = np.sum([self.known.partners(cell) for cell in cells], axis=0)
        bare = [small for cell in cells for small in self._show(cell)]
        for cell in cells:
            self.finder.close(cell)
        self.finder.afford(np.inf)
        budget = float(sum(self.cost[cell] for cell in cells)) + dearer * mean
        opened = self._mended(bare, cells, budget, most)
        for cell in cells:
            self.finder.open(cell)
        if opened is not None:
            beside = [cell for cell in self.protecting if near[cell] and cell not in opened]
            self.publish(most, [*sorted(beside, key=lambda c: (-near[c], c))[:around], *opened])
        if opened is None or self.total() > total - gain:
            for one in self.protecting - old:
                self._show(one)
            for one in old - self.protecting:
                self._hide(one)

    def _spare(self, cell: int, most: int) -> None:
        bare = self._show(cell)
        self.finder.close(cell)
        self.finder.afford(float(self.cost[cell]))
        opened = self._mended(bare, [cell], float(self.cost[cell]) - LEAST, most)
        self.finder.open(cell)
        if opened is None:
            self._hide(cell)
        else:
            for one in self._dearest(opened):
                if self._show(one):
                    self._hide(one)

    def _mended(self, bare: Iterable[int], cells: Sequence[int], budget: float, most: int) -> list[int] | None:
        """Give the bare small cells an alternative within the budget; return what was hidden, None when it failed.

        ``cells`` are those that are published for it.
        """
        opened: list[int] = []
        for small in sorted(bare, key=self._order.__getitem__):
            if self.known.covering[small]:
                continue
            move = next(filter(None, (self.known.joined(small, cell) for cell in cells)), None)
            if move is None and self.programmes < most:
                move = self.finder.within(small, budget)
            more = [c for c in move.cells if self.known.visible[c]] if move else []
            budget -= sum(float(self.cost[c]) for c in more)
            if move is None or budget < 0:
                for one in opened:
                    self._show(one)
                return None
            self.known.add(move)
            for one in more:
                self._hide(one)
            opened += more
        return opened

    def _dearest(self, cells: Iterable[int]) -> list[int]:
        return sorted(cells, key=lambda cell: (-self.cost[cell], cell))

    def _hide(self, cell: int) -> None:
        self.protecting.add(cell)
        self.finder.price(cell, FREE)
        self.known.hide(cell)

    def _show(self, cell: int) -> list[int]:
        self.protecting.discard(cell)
        self.finder.price(cell, float(self.cost[cell]))
        return self.known.publish(cell)
