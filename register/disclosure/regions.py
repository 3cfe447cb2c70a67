"""A pattern made cheaper region by region: of some hidden cells near each other the cheapest choice is made anew.

All other hidden cells stay, any published one may be hidden. The choice meets every cut known. Then it is tried: what
no known alternative proves gets a new one, or says which cut was missed, and the next choice is made. So a region ends
with a pattern proven in whole numbers, or with nothing cheaper in it. A choice of the same price is taken too: it leads
elsewhere. Some small counts move over real numbers only; what they need is asked of their alternatives, and holds for
this region only when it is not certain. Regions are drawn by lot with a fixed seed, limits are counts.
"""

from collections.abc import Collection
from typing import Final

import numpy as np

from register.disclosure.arrays import Ints
from register.disclosure.exact import Cuts
from register.disclosure.refine import KNOWN, Refinement

SEED: Final = 20261127
FREE: Final = 40  # hidden cells of one region
INDIRECT: Final = 0.2  # what a small count on a line with two cells is worth beside a line that both are on
TRIED: Final = 25  # choices tried in one region
BRANCHES: Final = 200  # of branch and bound for one choice
STUCK: Final = 3  # small counts without a whole alternative of which it is asked what they need
NEARLY: Final = 1e-6  # the solver's rounding of a price
SHADE: Final = 1e-3  # part of the least price by which cells are told apart, so that choices of one price differ


class Regions:
    """The best pattern known, with all cuts known; only ever becomes cheaper."""

    def __init__(self, best: Refinement, cuts: Cuts) -> None:
        self.best = best
        self._cuts = cuts
        lines = abs(best.finder.system.equations).astype(float)
        near = (lines.T @ lines).tocsr()
        through = near[:, list(best.known.covering)]
        self._near = near + INDIRECT * (through @ through.T)

    def search(self, rounds: int) -> None:
        """Choose so many regions anew, or until the bound is met."""
        draw = np.random.default_rng(SEED)
        for _ in range(rounds):
            if not self.best.protecting or self._cuts.bound >= self.best.total() - NEARLY:
                return
            self._renew(self._region(draw), draw)
            self.best.known = self.best.known.trimmed(KNOWN)

    def tried(self, chosen: Collection[int]) -> list[Ints] | None:
        """Hide this choice instead and return None, if it costs no more and all is proven then.

        Otherwise what it needs besides: cuts that are certain are added to the others; those returned are perhaps so.
        """
        if self._cuts.price[list(chosen)].sum() > self.best.total() + NEARLY:
            return []
        old = set(self.best.protecting)
        hidden, stuck, cuts = self._cuts.hidden(chosen), list[int](), 0
        for cell in self.best.switch(chosen):
            if not self.best.proven(cell):
                missed = self._cuts.miss(cell, hidden)
                cuts += missed
                stuck += [] if missed else [cell]
        if not cuts and not stuck:
            return None
        perhaps = []
        for cell in stuck[:STUCK]:
            needed, certain = self.best.barrier(cell)
            if certain:
                self._cuts.add(needed, cell)
            elif len(needed):
                perhaps.append(needed)
        self.best.switch(old)
        return perhaps

    def _renew(self, region: list[int], draw: np.random.Generator) -> None:
        price = self._cuts.price
        least = float(price[price > 0].min(initial=1.0))
        cost = price + draw.uniform(0.0, SHADE * least, len(price))
        cost[list(self.best.protecting)] += SHADE * least / 2
        perhaps: list[Ints] = []
        for _ in range(TRIED):
            protecting, total = self.best.protecting, self.best.total()
            kept = protecting.difference(region)
            chosen = self._cuts.chosen(cost, kept=kept, most=total + NEARLY, also=perhaps, branches=BRANCHES)
            if chosen is None or protecting == set(chosen):
                return
            known = len(self._cuts.found)
            needs = self.tried(chosen)
            if needs is None:
                return
            if len(self._cuts.found) == known and not needs:
                needs = [self._cuts.others(chosen)]
            perhaps += needs

    def _region(self, draw: np.random.Generator) -> list[int]:
        """Draw a hidden cell, and others in proportion to the lines that join them to those drawn."""
        cells = np.array(sorted(self.best.protecting))
        first = int(draw.integers(len(cells)))
        near = self._near[cells][:, cells].toarray()
        weight = near[first].copy()
        drawn = [first]
        while len(drawn) < min(FREE, len(cells)):
            weight[drawn] = 0.0
            if not weight.any():
                weight = np.ones(len(cells))
                weight[drawn] = 0.0
            place = int(draw.choice(len(cells), p=weight / weight.sum()))
            drawn.append(place)
            weight += near[place]
        return [int(cells[place]) for place in drawn]
