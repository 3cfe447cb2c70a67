"""Releases over time: what was published before is known for ever, and a new release must be safe beside it.

All releases so far and the new one are one system: the cells of each, and what the world knows of the changes between
them. Small differences are cells like any other small count, hidden and proven in the same way. What was published
and did not change stays published; what was hidden stays hidden unless the proof does without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from register.disclosure.aliases import KNOWN, Unknowns, unknowns
from register.disclosure.arrays import Flags
from register.disclosure.attack import bounds
from register.disclosure.cells import Cell, CellKey, Count, DisclosureInputError, Suppressed
from register.disclosure.changes import FREE
from register.disclosure.moves import Finder
from register.disclosure.pattern import Pattern
from register.disclosure.policy import Policy
from register.disclosure.protect import prove
from register.disclosure.result import Infeasible, Protected, Reason
from register.disclosure.system import Draft, System


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger. A withdrawn value keeps its number: whoever read it still knows it."""

    release: int
    cell: CellKey
    fate: Literal["published", "hidden", "withdrawn"]
    value: int | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Between:
    """What the world knows of the changes from one release to the next; more knowledge makes a stronger promise.

    ``untouched``: which cells have the same count and count the same deaths (more than anybody knows for certain).
    ``only_added``: no death was removed or moved away; refused where the counts say otherwise.
    """

    untouched: bool = True
    only_added: bool = False


@dataclass(frozen=True, slots=True)
class Successor:
    """A new release that is safe beside the earlier ones.

    ``cells`` may leave the register. ``withheld`` were published before and are hidden now: their old value may stay
    with the note that it will be revised. ``together`` is the proof over all releases and stays inside.
    """

    cells: Mapping[CellKey, Cell] = field(repr=False)
    withheld: frozenset[CellKey] = field(repr=False)
    together: Protected = field(repr=False)


def entries(release: int, cells: Mapping[CellKey, Cell]) -> tuple[Entry, ...]:
    """Return the ledger rows of a release; cells that cannot occur have none."""
    rows = []
    for key, cell in sorted(cells.items()):
        match cell:
            case Count(value):
                rows.append(Entry(release, key, "published", value))
            case Suppressed():
                rows.append(Entry(release, key, "hidden"))
    return tuple(rows)


def at_release(key: CellKey, release: int) -> CellKey:
    """Name a cell of one release among those of all releases."""
    return CellKey(f"{key.population} [{release}]", key.measure, key.at)


def difference(key: CellKey, first: int, second: int) -> CellKey:
    """Name the change of a cell between two releases."""
    return CellKey(f"{key.population} [{first}-{second}]", key.measure, key.at)


def stack(systems: Sequence[System], between: Sequence[Between], threshold: int) -> System:
    """Join releases, numbered from 1, into one system in which every small change is a guarded cell.

    ``between`` has one item fewer than ``systems``. Whether a small change was a rise or a fall counts as known. Raises
    DisclosureInputError when a count fell although deaths were only added.
    """
    draft = _Stack()
    for number, system in enumerate(systems, 1):
        draft.add(system, number)
    for number, ((before, after), known) in enumerate(zip(pairwise(systems), between, strict=True), 1):
        draft.tie(_common(before, after), number, known)
    for second, after in enumerate(systems, 1):
        for first, before in enumerate(systems[: second - 1], 1):
            draft.compare(_common(before, after), (first, second), threshold)
    return draft.finish()


def protect_next(
    systems: Sequence[System], ledger: Iterable[Entry], between: Sequence[Between], policy: Policy
) -> Successor | Infeasible:
    """Protect the last of these releases beside the earlier ones, of which the ledger says what was published.

    Raises DisclosureInputError when the ledger misses a cell of an earlier release or gives another count for it.
    """
    newest = len(systems)
    known = _known(systems[:-1], ledger)
    forced = {at_release(key, newest) for key in policy.forced_open}
    joint = replace(policy, forced_open=frozenset(known | forced))
    system = stack(systems, between, policy.threshold)
    joined = unknowns(system, joint)
    primary = joined.primary(policy.threshold)
    if conflict := primary[joined.forced[primary]].tolist():
        return Infeasible(tuple(_conflict(system, joined, cell) for cell in conflict))
    now = {at_release(key, newest) for key, shown in zip(systems[-1].cells, systems[-1].printed, strict=True) if shown}
    mine = _holding(system, joined, now)
    past = joined.printed & ~joined.forced & ~mine
    pattern = _pattern(joined, policy, past, _sticky(system, joined, systems, known))
    if stuck := pattern.cover():
        return Infeasible(tuple(_conflict(system, joined, one.cell) for one in stuck))
    pattern.spare()
    pattern.protecting.update(np.flatnonzero(past).tolist())
    outcome = prove(system, joined, joint, pattern)
    if isinstance(outcome, Infeasible):
        return outcome
    cells = {key: outcome.cells[at_release(key, newest)] for key in systems[-1].cells if at_release(key, newest) in now}
    before = {key for number in range(1, newest) for key in cells if at_release(key, number) in known}
    withheld = frozenset(key for key in before if cells[key] == Suppressed())
    return Successor(cells, withheld, outcome)


class _Stack(Draft):
    def add(self, system: System, release: int) -> None:
        keys = [at_release(key, release) for key in system.cells]
        self.values.update(zip(keys, system.values, strict=True))
        self.margin.update(zip(keys, system.margin, strict=True))
        for flags, found in (
            (system.printed, self.printed),
            (system.guarded, self.guarded),
            (system.impossible, self.impossible),
        ):
            found.update(key for key, flag in zip(keys, flags, strict=True) if flag)
        self.rules.update((key, rule) for key, rule in zip(keys, system.rules, strict=True) if rule)
        for rows, terms in ((system.equations, self.equations), (system.inequalities, self.inequalities)):
            terms.update(self.row((keys[cell], factor) for cell, factor in row) for row in rows)

    def tie(self, common: Iterable[CellKey], release: int, known: Between) -> None:
        """Say what is known of every cell that both this release and the next have."""
        for key in common:
            before, after = at_release(key, release), at_release(key, release + 1)
            change = self.values[after] - self.values[before]
            if known.only_added and change < 0:
                raise DisclosureInputError(
                    nl=f"{key} is kleiner geworden, terwijl er alleen sterfgevallen bijgekomen heten te zijn.",
                    en=f"{key} became smaller, although deaths are said to have been added only.",
                )
            if known.untouched and change == 0:
                self.equations.add(self.row(((after, 1), (before, -1))))
            elif known.only_added:
                self.inequalities.add(self.row(((after, 1), (before, -1))))

    def compare(self, common: Iterable[CellKey], releases: tuple[int, int], threshold: int) -> None:
        """Make a guarded cell of every small change of a cell that both releases print."""
        for key in common:
            ends = [at_release(key, release) for release in releases]
            change = self.values[ends[1]] - self.values[ends[0]]
            if 0 < abs(change) < threshold and self.printed.issuperset(ends):
                cell = difference(key, *releases)
                sign = 1 if change > 0 else -1
                self.values[cell] = abs(change)
                self.guarded.add(cell)
                self.equations.add(self.row(((cell, -1), (ends[1], sign), (ends[0], -sign))))


def _common(before: System, after: System) -> list[CellKey]:
    return sorted(set(before.cells).intersection(after.cells))


def _known(systems: Sequence[System], ledger: Iterable[Entry]) -> set[CellKey]:
    """Return the published cells of earlier releases, after checking that the ledger fits them."""
    fates = {
        at_release(row.cell, row.release): row.value for row in sorted(ledger, key=lambda row: row.value is not None)
    }
    for number, system in enumerate(systems, 1):
        cells = zip(system.cells, system.values, system.printed, system.impossible, strict=True)
        for key, value, printed, impossible in cells:
            name = at_release(key, number)
            if printed and not impossible and (name not in fates or fates[name] not in (None, value)):
                raise DisclosureInputError(
                    nl=f"Het grootboek zegt niet wat er van {name} gepubliceerd is, of noemt een andere telling.",
                    en=f"The ledger does not say what was published of {name}, or gives another count.",
                )
    return {name for name, value in fates.items() if value is not None}


def _holding(system: System, joined: Unknowns, names: set[CellKey]) -> Flags:
    """Return which unknowns hold one of these cells."""
    found = np.zeros(len(joined.values), dtype=bool)
    for number, key in zip(joined.of_cell.tolist(), system.cells, strict=True):
        if number != KNOWN and key in names:
            found[number] = True
    return found


def _sticky(system: System, joined: Unknowns, systems: Sequence[System], known: set[CellKey]) -> Flags:
    """Return which unknowns hold a cell of the newest release that was hidden in the one before."""
    newest = len(systems)
    if newest == 1:
        return np.zeros(len(joined.values), dtype=bool)
    last = zip(systems[-2].cells, systems[-2].printed, strict=True)
    hidden = {key for key, printed in last if printed and at_release(key, newest - 1) not in known}
    found = _holding(system, joined, {at_release(key, newest) for key in hidden})
    sticky: Flags = found & ~joined.forced
    return sticky


def _pattern(joined: Unknowns, policy: Policy, past: Flags, sticky: Flags) -> Pattern:
    """Return the pattern to start from: small counts, what was hidden, and earlier releases as they are."""
    primary = joined.primary(policy.threshold)
    dear = np.sqrt(np.maximum(joined.values, 1)) * (1 + 2.0 * joined.margin)
    cost = np.where(joined.printed & ~past, dear, FREE)
    price = cost.copy()
    price[primary] = FREE
    lower = bounds(joined, policy.attacker)
    finder = Finder(joined, lower=lower, cost=price, movable=~joined.forced)
    sticky[primary] = False
    pattern = Pattern(finder, primary.tolist(), cost, start=np.flatnonzero(sticky).tolist())
    pattern.visible[past] = False
    return pattern


def _conflict(system: System, joined: Unknowns, cell: int) -> Reason:
    key = next(key for number, key in zip(joined.of_cell.tolist(), system.cells, strict=True) if number == cell)
    return Reason(
        nl=f"{key} is te berekenen uit wat eerder gepubliceerd is of open moet blijven. De keuzes: publiceer de "
        "herziening op een grover niveau; houd de oude waarden met de noot dat zij bij de jaarpublicatie worden "
        "herzien; of stel de uitgave uit. Wat gepubliceerd is, blijft bekend.",
        en=f"{key} can be computed from what was published before or must stay open. The choices: publish the revision "
        "at a coarser level; keep the old values with the note that the annual release revises them; or postpone the "
        "release. What was published stays known.",
        cell=key,
    )
