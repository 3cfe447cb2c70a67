"""The audit of a pattern, whoever made it: what an attacker of each level gets out of it.

Found disclosures are certain. Safety is only claimed with a whole-number move in hand; what lies between is
"unproven" and counts as unsafe.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import KNOWN, Unknowns, unknowns
from register.disclosure.arrays import Flags
from register.disclosure.attack import bounds, determined
from register.disclosure.cells import CellKey
from register.disclosure.changes import FREE
from register.disclosure.confine import confined
from register.disclosure.moves import Finder, Move
from register.disclosure.policy import Knowledge, Level, Policy
from register.disclosure.system import System

_LEVELS: Final[tuple[Level, ...]] = ("A2", "A1")  # who knows less computes and confines no more


@dataclass(frozen=True, slots=True)
class Audit:
    """What an attacker can compute of the unsafe cells; the keys are as secret as the register.

    ``primary``: how many unsafe cells there are (cells that are equal for every reader count once each).
    ``shown``: unsafe cells that the pattern publishes. ``exact``: per level, also A0, unsafe cells with one possible
    value over the real numbers. ``confined``: per level, those that the attacker knows to be small, the exact ones
    included, over the real numbers too; nobody is promised otherwise, and A0 confines no others. ``whole``: those with
    one possible whole value at the level of the policy, which include the exact ones of that level. ``unproven``: those
    for which neither an alternative nor its absence was found. What shown zeros tell of a group whatever is hidden is
    exact for everyone who knows that no count is negative.
    """

    primary: int
    shown: frozenset[CellKey] = field(repr=False)
    exact: dict[Knowledge, frozenset[CellKey]] = field(repr=False)
    confined: dict[Level, frozenset[CellKey]] = field(repr=False)
    whole: frozenset[CellKey] = field(repr=False)
    unproven: frozenset[CellKey] = field(repr=False)

    @property
    def safe(self) -> bool:
        """Return whether every unsafe cell has a proven other whole value."""
        return not (self.shown or self.whole or self.unproven)


def audit(system: System, suppressed: Collection[CellKey], policy: Policy) -> Audit:
    """Attack a pattern in which exactly the ``suppressed`` cells of all printed cells are hidden."""
    joined = unknowns(system, policy)
    hidden = hidden_unknowns(system, joined, suppressed)
    primary = joined.primary(policy.threshold)
    closed = primary[hidden[primary]]
    found, sure = exposed(joined, hidden, policy.threshold)
    least = determined(joined, hidden, "A0", among=found["A1"]) if found["A1"].any() else found["A1"]
    exact: dict[Knowledge, Flags] = {"A0": least, "A1": found["A1"], "A2": found["A2"]}
    told = _told_by_zeros(system, joined, policy)
    fixed = set(np.flatnonzero(exact[policy.attacker]).tolist())
    whole, unproven = _without_alternative(joined, hidden, [int(c) for c in closed if int(c) not in fixed], policy)
    return Audit(
        primary=int(np.isin(joined.of_cell, primary).sum()) + len(told),
        shown=_keys(system, joined, primary[~hidden[primary]].tolist()),
        exact={
            level: _keys(system, joined, np.flatnonzero(flags).tolist()) | (told if level != "A0" else frozenset())
            for level, flags in exact.items()
        },
        confined={level: _keys(system, joined, np.flatnonzero(flags).tolist()) for level, flags in sure.items()},
        whole=_keys(system, joined, [*fixed, *whole]) | told,
        unproven=_keys(system, joined, unproven),
    )


def exposed(
    joined: Unknowns, hidden: Flags, threshold: int, lines: sparse.csr_array | None = None
) -> tuple[dict[Level, Flags], dict[Level, Flags]]:
    """Return per level which hidden unsafe unknowns are computable, and which small ones are known to be small.

    ``lines``: further equations that follow from those of the system, which only make the answer come sooner.
    """
    unsafe: Flags = hidden & joined.unsafe(threshold)
    exact: dict[Level, Flags] = {}
    sure: dict[Level, Flags] = {}
    known, among = unsafe, unsafe
    for level in _LEVELS:
        known = determined(joined, hidden, level, among=known) if known.any() else known
        among = confined(joined, hidden, level, threshold, among=among, lines=lines)
        exact[level], sure[level] = known, among
    return exact, sure


def hidden_unknowns(system: System, joined: Unknowns, suppressed: Collection[CellKey]) -> Flags:
    """Return which unknowns stay hidden: those of which no cell is published."""
    secret = frozenset(suppressed)
    hidden = np.ones(len(joined.values), dtype=bool)
    for number, key, printed in zip(joined.of_cell.tolist(), system.cells, system.printed, strict=True):
        if printed and key not in secret and number != KNOWN:
            hidden[number] = False
    return hidden


def _told_by_zeros(system: System, joined: Unknowns, policy: Policy) -> frozenset[CellKey]:
    """Return the cells that a rule protects and that everyone knows to be empty."""
    cells = zip(system.cells, system.rules, joined.of_cell.tolist(), strict=True)
    return frozenset(key for key, rule, number in cells if rule and number == KNOWN) - policy.waived


def _without_alternative(
    joined: Unknowns, hidden: Flags, targets: Iterable[int], policy: Policy
) -> tuple[list[int], list[int]]:
    """Return the cells proven to have one whole value, and those for which nothing is proven."""
    lower = bounds(joined, policy.attacker)
    finder = Finder(joined, lower=lower, cost=np.full(len(lower), FREE), movable=hidden)
    covered: set[int] = set()
    single: list[int] = []
    unproven: list[int] = []
    for target in targets:
        if target in covered:
            continue
        found = finder.any(target)
        if isinstance(found, Move):
            covered.update(found.cells)
        else:
            (single if found.proven else unproven).append(target)
    return single, unproven


def _keys(system: System, joined: Unknowns, numbers: Iterable[int]) -> frozenset[CellKey]:
    chosen = frozenset(numbers)
    pairs = zip(joined.of_cell.tolist(), system.cells, strict=True)
    return frozenset(key for number, key in pairs if number in chosen)
