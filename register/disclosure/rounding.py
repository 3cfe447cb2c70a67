"""Rounding of small counts: a register in which no published count lies between nought and the base.

Leaves that feed a published count of 1 to base - 1 become nought or the base; the others stay what they are, and every
published count is computed again. So everything adds up, and one consistent register stands behind all tables.

The start raises, one by one, the leaf whose cells fall short most. Then a tabu search turns one leaf at a time, always
the best one that was not turned a moment ago, under a price that grows so fast with the deviation that the largest
deviations go first. All in whole numbers, so the outcome is the same everywhere; ties go to the leaf that comes first.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.arrays import Flags, Ints
from register.disclosure.cells import DisclosureInputError
from register.disclosure.instances import Instance
from register.disclosure.lattice import summed

BASES: Final = (3, 5)
SEED: Final = 20260108
GROWTH: Final = 3  # the price of a deviation of one more, in times
STEEP: Final = 20  # beyond this deviation the price grows in line, so that sums stay within 64 bits
TENURE: Final = 8  # turns during which a turned leaf stays as it is
PATIENCE: Final = 600  # turns without a better register before the search ends; fewer when there are few leaves
PER_LEAF: Final = 15
TURNS: Final = 4_000
BARRED: Final = 2**62


@dataclass(frozen=True, slots=True)
class Rounded:
    """The register after rounding: ``leaves`` and published ``cells`` in the order and shape in which they came.

    ``changed`` counts the leaves that may differ from the truth; ``largest`` is the largest deviation of a cell.
    """

    base: int
    leaves: Ints = field(repr=False)
    cells: Ints = field(repr=False)
    changed: int
    largest: int


def round_small(leaves: Ints, members: sparse.csr_array, base: int) -> Rounded:
    """Round the small counts of a register.

    ``leaves`` are counts of the finest groups (or of record types, for linked tables), ordered by their canonical key;
    ``members`` has a row per published cell and is 1 where the cell counts the leaf. Raises DisclosureInputError for a
    base other than 3 or 5 or a negative count.
    """
    if base not in BASES or (leaves < 0).any():
        raise DisclosureInputError(
            nl="Afronden kan op veelvouden van 3 of 5, en alleen van tellingen van 0 of hoger.",
            en="Rounding takes a base of 3 or 5, and only counts of 0 or more.",
        )
    truth = members @ leaves
    loose = np.zeros(len(leaves), dtype=bool)
    after, cells = leaves, truth
    while (feeding := _feeding(members, after, cells, base) & ~loose).any():
        loose |= feeding
        after = leaves.copy()
        after[loose] = _chosen(leaves[loose], members[:, np.flatnonzero(loose)], base)
        cells = members @ after
    return Rounded(base, after, cells, int(loose.sum()), int(np.abs(cells - truth).max(initial=0)))


def round_instance(instance: Instance, base: int) -> Rounded:
    """Round a table from a folder, all its cells published; ``cells`` has one axis per dimension over its codes.

    Leaves are ordered by the names of dimensions and codes, so their order in the files makes no difference.
    """
    counts = instance.tensor()
    there = np.argwhere(counts > 0)
    axes = sorted(range(len(instance.sides)), key=lambda axis: instance.sides[axis].name)
    names = [[side.codes[int(position)] for position in side.leaf_positions] for side in instance.sides]
    order = sorted(range(len(there)), key=lambda row: [names[axis][int(there[row, axis])] for axis in axes])
    at = tuple(there[order].T)
    members = sparse.csr_array(np.ones((1, 1), dtype=np.int64))
    for side in instance.sides:
        members = sparse.kron(members, sparse.csr_array(side.members), format="csr")
    columns = np.ravel_multi_index(at, counts.shape)
    found = round_small(counts[at], sparse.csr_array(members)[:, columns], base)
    after = counts.copy()
    after[at] = found.leaves
    return Rounded(base, after, summed(after, instance.sides), found.changed, found.largest)


def _feeding(members: sparse.csr_array, leaves: Ints, cells: Ints, base: int) -> Flags:
    """Return which leaves count in a published cell of 1 to base - 1."""
    small = ((cells > 0) & (cells < base)).astype(np.int64)
    feeding: Flags = (members.T @ small > 0) & (leaves > 0)
    return feeding


def _chosen(leaves: Ints, members: sparse.csr_array, base: int) -> Ints:
    """Return nought or the base for each of these leaves, so that the cells stay close to their counts."""
    search = _Search(leaves, members, base)
    search.start()
    search.improve()
    return np.where(search.best, base, 0)


class _Search:
    """Which leaves are raised, and the deviation of every distinct sum of leaves."""

    def __init__(self, leaves: Ints, members: sparse.csr_array, base: int) -> None:
        """Take the leaves to round and the cells that count them; cells that count the same leaves are one."""
        marks = np.random.default_rng(SEED).integers(1, 2**62, size=len(leaves), dtype=np.int64)
        prints, first = np.unique(members @ marks, return_index=True)
        self.sums = sparse.csr_array(members[first[prints != 0]].T)
        self.base = base
        self.short = int(leaves.sum())
        self.raised = np.zeros(len(leaves), dtype=bool)
        self.deviation = -(self.sums.T @ leaves)
        self.best = self.raised

    def start(self) -> None:
        """Raise the leaves whose cells fall short most, until the total is nearest to its count."""
        for _ in range((2 * self.short + self.base) // (2 * self.base)):
            lacking = -(self.sums @ self.deviation)
            self.turn(int(np.where(self.raised, -BARRED, lacking).argmax()))
        self.best = self.raised.copy()

    def improve(self) -> None:
        """Turn leaves one at a time and keep the best register met."""
        price, room = _prices(max(int(np.diff(self.sums.tocsc().indptr).max(initial=0)), 1) * self.base + self.base)
        patience = min(PATIENCE, PER_LEAF * len(self.raised))
        until = np.zeros(len(self.raised), dtype=np.int64)
        now = least = 0
        since = 0
        for turn in range(TURNS):
            at = self.deviation + room
            here = price[at]
            gain = np.where(
                self.raised,
                self.sums @ (price[at - self.base] - here),
                self.sums @ (price[at + self.base] - here),
            )
            leaf = int(np.where((until > turn) & (now + gain >= least), BARRED, gain).argmin())
            now += int(gain[leaf])
            self.turn(leaf)
            until[leaf] = turn + TENURE + turn % 5
            since += 1
            if now < least:
                least, since, self.best = now, 0, self.raised.copy()
            elif since > patience:
                return

    def turn(self, leaf: int) -> None:
        """Raise a lowered leaf, or lower a raised one."""
        cells = self.sums.indices[self.sums.indptr[leaf] : self.sums.indptr[leaf + 1]]
        self.deviation[cells] += -self.base if self.raised[leaf] else self.base
        self.raised[leaf] = not self.raised[leaf]


def _prices(largest: int) -> tuple[Ints, int]:
    """Return the price of every deviation from -largest to largest, and where nought stands."""
    far = np.abs(np.arange(-largest, largest + 1, dtype=np.int64))
    beyond = np.maximum(far - STEEP, 0)
    return GROWTH ** np.minimum(far, STEEP) * (1 + beyond), largest
