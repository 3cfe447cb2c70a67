"""A pattern made smaller: hidden cells are published again as long as every small count keeps an alternative.

Works on the set of all alternatives found so far, so that only small counts which lose their last one need a new one:
two resting ones joined, or a programme that may hide cheaper cells instead. Where that leads nowhere any more, a cell
is forced out at any price, and the exchange is kept when the pattern is cheaper after tidying up around it.
All limits are numbers of programmes, so the outcome is the same everywhere.
"""

from collections.abc import Iterable

import numpy as np

from register.disclosure.alternatives import Alternatives
from register.disclosure.moves import FREE, Move
from register.disclosure.pattern import Pattern

LEAST = 1e-9  # a gain below this is rounding


class Refinement:
    """The hidden cells of a covered pattern, and all alternatives known; only ever becomes cheaper."""

    def __init__(self, pattern: Pattern) -> None:
        self.finder = pattern.finder
        self.cost = pattern.cost
        self.protecting = set(pattern.protecting)
        self.programmes = 0
        self._order = {cell: place for place, cell in enumerate(pattern.primary)}
        self.known = Alternatives(self.finder, pattern.primary, pattern.visible)
        for move in pattern.moves.values():
            self.known.add(move)

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
        """Force cells out one after the other, each at any price, and keep what makes the pattern cheaper."""
        while self.programmes < most:
            before = self.total()
            for cell in self._dearest(self.protecting):
                if cell in self.protecting and self.programmes < most:
                    self._force_out(cell, most)
            if self.total() > before - LEAST:
                return

    def _force_out(self, cell: int, most: int) -> None:
        old, total = set(self.protecting), self.total()
        near = self.known.partners(cell)
        bare = self._show(cell)
        self.finder.close(cell)
        opened = self._mended(bare, cell, np.inf, most)
        if opened is not None:
            around = [c for c in self.protecting if near[c] and c not in opened]
            self.publish(most, sorted(around, key=lambda c: (-near[c], c))[:AROUND])
            self.publish(most, opened)
        self.finder.open(cell)
        if opened is None or self.total() > total - LEAST:
            for one in self.protecting - old:
                self._show(one)
            for one in old - self.protecting:
                self._hide(one)

    def _spare(self, cell: int, most: int) -> None:
        bare = self._show(cell)
        self.finder.close(cell)
        opened = self._mended(bare, cell, float(self.cost[cell]) - LEAST, most)
        self.finder.open(cell)
        if opened is None:
            self._hide(cell)
        else:
            for one in self._dearest(opened):
                if self._show(one):
                    self._hide(one)

    def _mended(self, bare: list[int], cell: int, budget: float, most: int) -> list[int] | None:
        """Give the bare small cells an alternative within the budget; return what was hidden, None when it failed."""
        opened: list[int] = []
        for small in sorted(bare, key=self._order.__getitem__):
            if self.known.covering[small]:
                continue
            move = self.known.joined(small, cell)
            if move is None and self.programmes < most:
                self.programmes += 1
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


AROUND = 24
