"""A new release beside the earlier ones: what is new in it can be kept, the rest is known or stays hidden."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from register.disclosure.aliases import KNOWN, Unknowns, unknowns
from register.disclosure.arrays import Flags
from register.disclosure.attack import bounds
from register.disclosure.cells import CellKey
from register.disclosure.changes import FREE
from register.disclosure.ledger import Chronicle
from register.disclosure.moves import Finder
from register.disclosure.pattern import Pattern
from register.disclosure.policy import Policy
from register.disclosure.protect import costs, prove
from register.disclosure.result import Infeasible, Protected, Reason
from register.disclosure.system import Row, System, Terms


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier releases made of the cells of a system, and what is ``fresh``: in none of them.

    ``known`` were published and stay known. ``hidden`` were hidden in each that had them, and stay hidden. ``mixed``
    are the relations of old cells that no earlier release tells. Of ``accepted`` people said that it may be told,
    should it come to that.
    """

    known: frozenset[CellKey] = field(repr=False, default=frozenset())
    hidden: frozenset[CellKey] = field(repr=False, default=frozenset())
    fresh: frozenset[CellKey] = field(repr=False, default=frozenset())
    mixed: frozenset[Terms] = field(repr=False, default=frozenset())
    accepted: frozenset[CellKey] = field(repr=False, default=frozenset())

    @classmethod
    def of(cls, whole: Chronicle, accepted: Collection[CellKey] = ()) -> "Past":
        """What the earlier releases of a chronicle made of its cells; ``accepted`` by their own names."""
        named = frozenset(name for name, key in whole.origin.items() if key in accepted)
        return cls(whole.known, whole.hidden, whole.fresh, whole.mixed, named)


def protect_beside(system: System, policy: Policy, past: Past, *, hasty: bool = False) -> Protected | Infeasible:
    """Protect a system beside what earlier releases told of it.

    Known counts stay as they are; hidden ones stay hidden, whatever their size, each with a whole-number alternative
    where there is one. A count or change that the earlier releases give away by themselves can be kept by nobody any
    more: the system of the dossier does not guard it, nor what was accepted. When anything else cannot be kept, or
    anything at all beside the cells that ``policy`` forces open, the reasons name it. ``hasty``: one of these reasons
    is enough.
    """
    joined = unknowns(system, replace(policy, forced_open=policy.forced_open | past.known))
    before = np.flatnonzero(_holding(system, joined, past.hidden) & ~joined.forced).tolist()
    new = _holding(system, joined, past.fresh)
    small = joined.primary(policy.threshold)
    told = small[joined.forced[small]].tolist()
    targets = small[~joined.forced[small]].tolist()
    pattern = _pattern(system, joined, policy, [*targets, *sorted(set(before).difference(targets))])
    firm = bool(policy.forced_open.intersection(system.cells) - past.known)
    stuck = {one.cell: one.proven for one in pattern.cover(frozenset(targets) if hasty and firm else ())}
    lost = [cell for cell in targets if cell in stuck]
    accepted = _holding(system, joined, past.accepted)
    late = {cell for cell in told if new[cell]} | {cell for cell in lost if new[cell] or firm or not stuck[cell]}
    late -= {*np.flatnonzero(accepted).tolist()}
    if old := {cell for cell in lost if not accepted[cell]} - late:
        late |= old - _given_before(system, joined, policy, past, old)
    if late:
        return Infeasible(tuple(_given_away(system, joined, cell, past.fresh) for cell in sorted(late)))
    pattern.primary = tuple(cell for cell in pattern.primary if cell not in stuck)
    pattern.improve(rounds=1)
    pattern.protecting.update(cell for cell in before if cell in stuck)
    given = {*told, *lost}
    unguarded = frozenset(cell for cell, number in enumerate(joined.of_cell.tolist()) if number in given)
    return prove(system.without_guard(unguarded), joined, policy, pattern)


def _given_before(
    system: System, joined: Unknowns, policy: Policy, past: Past, wanted: Collection[int]
) -> frozenset[int]:
    """Which of these unknowns nobody can keep even where nothing new is told: no zero, no change, no sum of both."""
    earlier = _told_before(system, past)
    alone = replace(policy, forced_open=past.known)
    before = unknowns(earlier, alone)
    numbers = dict(zip(earlier.cells, before.of_cell.tolist(), strict=True))
    names = {
        numbers[key]: cell
        for key, cell in zip(system.cells, joined.of_cell.tolist(), strict=True)
        if cell in wanted and key in numbers
    }
    asked = [number for number in sorted(names) if number != KNOWN and not before.forced[number]]
    stuck = [one.cell for one in _pattern(earlier, before, alone, asked).cover() if one.proven]
    return frozenset(names[number] for number in {*names}.difference(asked) | {*stuck})


def _told_before(system: System, past: Past) -> System:
    """What the earlier releases tell by themselves."""
    earlier = system.only([key not in past.fresh for key in system.cells])

    def told(rows: Sequence[Row]) -> tuple[Row, ...]:
        terms = (tuple((earlier.cells[cell], factor) for cell, factor in row) for row in rows)
        return tuple(row for row, named in zip(rows, terms, strict=True) if named not in past.mixed)

    return replace(
        earlier,
        printed=tuple(key in past.known or key in past.hidden for key in earlier.cells),
        equations=told(earlier.equations),
        inequalities=told(earlier.inequalities),
    )


def _pattern(system: System, joined: Unknowns, policy: Policy, targets: Sequence[int]) -> Pattern:
    """A pattern in which these unknowns are hidden and everything else that is printed can still be."""
    cost = costs(system, joined, policy)
    price = cost.copy()
    price[list(targets)] = FREE
    finder = Finder(joined, lower=bounds(joined, policy.attacker), cost=price, movable=~joined.forced)
    return Pattern(finder, targets, cost)


def _holding(system: System, joined: Unknowns, names: Collection[CellKey]) -> Flags:
    """Which unknowns hold one of these cells."""
    found = np.zeros(len(joined.values), dtype=bool)
    for number, key in zip(joined.of_cell.tolist(), system.cells, strict=True):
        if number != KNOWN and key in names:
            found[number] = True
    return found


def _given_away(system: System, joined: Unknowns, cell: int, fresh: Collection[CellKey]) -> Reason:
    """Name an unknown by a cell of the new release, where it has one."""
    keys: Iterable[CellKey] = (
        key for number, key in zip(joined.of_cell.tolist(), system.cells, strict=True) if number == cell
    )
    key = min(keys, key=lambda one: (one not in fresh, one))
    return Reason(
        nl=f"{key} is te berekenen uit wat eerder gepubliceerd is en wat open moet blijven.",
        en=f"{key} can be computed from what was published before and what must stay open.",
        cell=key,
        rule=system.rules[system.cells.index(key)],
    )
