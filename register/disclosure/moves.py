"""Moves: whole-number changes that turn the true tables into other tables nobody can tell from them.

A move d keeps every equation (M d = 0) and every inequality, changes hidden cells only, and leaves each at the
attacker's bound or above. A move with d_p != 0 proves that unsafe cell p has another possible value. Linear
programmes propose moves; only moves checked in exact whole numbers leave this module.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Flags, Floats, Ints
from register.disclosure.changes import FREE, CellChanges, Change, Changes, LeafChanges, Leaves
from register.disclosure.solver import NODES, NoOptimum

LEVELS: Final = (FREE, 0.1, 1.0)  # dearer hidden cells give shorter moves, which are more often whole
UNBOUNDED: Final = 2**40  # more than any count
LONG: Final = 200  # hidden cells that a cheap move may change
STEP: Final = 3  # a short move changes no cell by more
SCALES: Final = (1, 2, 3, 4, 5, 6)  # a fractional corner times a small number is mostly whole
ROUNDED: Final = 6  # leaves that are rounded before a change in fractions is given up
ROUNDING: Final = 1e-5  # how far from whole the solver's whole numbers may lie


@dataclass(frozen=True, slots=True)
class Move:
    """A checked move: ``cells`` (numbers of unknowns, ascending) change by ``steps`` (never nought)."""

    cells: tuple[int, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """How far a move must change its target: by ``width`` at least, or up to ``reach`` (a value) at least."""

    width: int = 1
    reach: int = 0

    def least(self, value: int) -> int:
        """Return the smallest change of a cell with this value."""
        return max(self.reach - value, 1) if self.reach else self.width

    def met(self, value: int, step: int) -> bool:
        """Return whether this step changes a cell with this value far enough."""
        return step >= self.least(value) if self.reach else abs(step) >= self.width


@dataclass(frozen=True, slots=True)
class NoMove:
    """No move was found; ``proven`` when none exists, otherwise the search stopped at its limit."""

    proven: bool


class Finder:
    """Finds the cheapest move that changes a given cell, over cells that can be opened and closed one by one."""

    def __init__(
        self,
        system: Unknowns,
        *,
        lower: Ints,
        cost: Floats,
        movable: Flags,
        upper: Ints | None = None,
        demand: Demand | None = None,
        leaves: Leaves | None = None,
    ) -> None:
        """Take the attacker's bounds, the ``cost`` of moving each cell, which cells may move, and how far they must.

        ``leaves``: of a system in which everything follows from them; programmes are smaller then.
        """
        self.system = system
        self.lower = lower
        self.upper = np.full(len(cost), UNBOUNDED) if upper is None else upper
        self.demand = demand or Demand()
        self.step = max(STEP, self.demand.least(int(system.values.min(initial=1))))
        self.cost = cost.copy()
        self.movable = movable.copy()
        self.solved = 0
        self._leaves = leaves
        self._slack = system.inequalities @ system.values
        rise = np.minimum(self.step, self.upper - system.values).astype(float)
        fall = np.minimum(self.step, system.values - lower).astype(float)
        self._changes = self._load(rise, fall)
        for cell in np.flatnonzero(~movable):
            self._bound(int(cell))

    def price(self, cell: int, cost: float) -> None:
        """Set what moving this cell costs: FREE when it is hidden."""
        self.cost[cell] = cost
        self._changes.price(cell, cost)

    def close(self, cell: int) -> None:
        """Let this cell move no more."""
        self.movable[cell] = False
        self._bound(cell)

    def open(self, cell: int) -> None:
        """Let this cell move again."""
        self.movable[cell] = True
        self._bound(cell)

    def short(self, target: int) -> Move | None:
        """Return the cheapest move of small steps that changes the target enough, if there is such a move."""
        steps = list(self._directions(target))
        for level in LEVELS:
            if steps and (move := self._short(target, level, steps)):
                return move
        return None

    def within(self, target: int, budget: float) -> Move | None:
        """Return the cheapest whole move of the target below budget: one programme each way, and some to round."""
        best: tuple[float, Move] | None = None
        for step in self._directions(target):
            self._aim(target, step)
            move = self._found(target, budget + FREE * LONG)
            self._bound(target)
            price = self._opening(move) if move else np.inf
            if move and price <= budget and (best is None or price < best[0] - FREE):
                best = price, move
                budget = price
            if best and not best[0]:
                break
        return best[1] if best else None

    def afford(self, most: float) -> None:
        """Let no published cell that costs more than ``most`` be hidden for a move from now on."""
        self._changes.afford(most)

    def _found(self, target: int, below: float) -> Move | None:
        """Return a whole move of the target aimed at; a change in fractions is rounded leaf by leaf, if it can be."""
        answer = self._changes.solve(below)
        self.solved += 1
        move = self._whole(answer, target) if isinstance(answer, Change) else None
        if move or not self._leaves:
            return move
        held = []
        for _ in range(ROUNDED):
            if move or not isinstance(answer, Change):
                break
            cell = int(self._leaves.cells[np.argmax(_fraction(answer.steps[self._leaves.cells]))])
            if cell == target or _fraction(answer.steps[cell]) < ROUNDING:
                break
            held.append(cell)
            self._farther(cell, float(answer.steps[cell]))
            answer = self._changes.solve(below)
            self.solved += 1
            move = self._whole(answer, target) if isinstance(answer, Change) else None
        for cell in held:
            self._bound(cell)
        return move

    def _farther(self, cell: int, step: float) -> None:
        """Let this cell change by no less than the next whole number."""
        value = int(self.system.values[cell])
        if step > 0:
            self._changes.span(cell, float(np.ceil(step)), float(min(self.step, self.upper[cell] - value)))
        else:
            self._changes.span(cell, -float(min(self.step, value - self.lower[cell])), float(np.floor(step)))

    def _opening(self, move: Move) -> float:
        """Return the price of the cells that this move needs and that are not hidden yet."""
        price = self.cost[list(move.cells)]
        return float(price[price > FREE].sum())

    def _short(self, target: int, level: float, steps: list[int]) -> Move | None:
        """Return the cheapest whole move of those proposed when a hidden cell costs ``level``; drop hopeless steps."""
        if level > FREE:
            self._changes.prices(np.where(self.cost > FREE, self.cost, level))
        best: tuple[float, Move] | None = None
        for step in tuple(steps):
            self._aim(target, step)
            answer = self._changes.solve()
            self._bound(target)
            if isinstance(answer, NoOptimum):
                if answer.proven:  # at whatever cost
                    steps.remove(step)
                continue
            move = self._whole(answer, target)
            price = float(self.cost[list(move.cells)].sum()) if move else 0.0
            if move and (best is None or price < best[0] - FREE):
                best = price, move
            if best and best[0] < 1.0:
                break
        if level > FREE:
            self._changes.prices(self.cost)
        return best[1] if best else None

    def any(self, target: int, *, nodes: int = NODES) -> Move | NoMove:
        """Return the cheapest short move; else a short move found by branch and bound; else one of any size."""
        if move := self.short(target):
            return move
        found = self._search(target, self.step, nodes)
        return found if isinstance(found, Move) else self._search(target, np.inf, nodes)

    def _search(self, target: int, most: float, nodes: int) -> Move | NoMove:
        """Look for a whole move that changes no cell by more than ``most``, by branch and bound."""
        best: tuple[float, Move] | None = None
        proven = True
        for step in self._directions(target):
            up, down = np.minimum(most, self._room(1)), np.minimum(most, self._room(-1))
            changes = self._load(up, down)
            far = float(self._least(target))
            changes.span(target, *((far, float(up[target])) if step > 0 else (-float(down[target]), -far)))
            answer = changes.solve()
            if isinstance(answer, Change):
                changes.whole(nodes)
                answer = changes.solve()
            if isinstance(answer, Change):
                move = self._whole(answer, target)
                proven = proven and move is not None
                if move and (best is None or answer.price < best[0] - FREE):
                    best = answer.price, move
            else:
                proven = proven and answer.proven
        return best[1] if best else NoMove(proven)

    def _directions(self, target: int) -> Iterator[int]:
        if self.movable[target]:
            value, far = int(self.system.values[target]), self._least(target)
            if value + far <= self.upper[target]:
                yield 1
            if value - far >= self.lower[target] and not self.demand.reach:
                yield -1

    def _least(self, target: int) -> int:
        return self.demand.least(int(self.system.values[target]))

    def _room(self, step: int) -> Floats:
        """Return how far each cell may rise (step 1) or fall (step -1)."""
        ends = self.upper - self.system.values if step > 0 else self.system.values - self.lower
        room = np.where(ends > UNBOUNDED // 2, np.inf, ends)
        return np.where(self.movable, room, 0.0)

    def _aim(self, target: int, step: int) -> None:
        far = float(self._least(target)) * step
        self._changes.span(target, far, far)

    def _bound(self, cell: int) -> None:
        free = bool(self.movable[cell])
        rise = float(self.upper[cell] - self.system.values[cell])
        fall = float(self.system.values[cell] - self.lower[cell])
        self._changes.span(cell, -min(float(self.step), fall) * free, min(float(self.step), rise) * free)

    def _load(self, up: Floats, down: Floats) -> Changes:
        """Make the programme of these rises and falls; inequalities that they cannot reach are left out."""
        ends = -down, up
        if self._leaves:
            return LeafChanges(self._leaves, cost=self.cost, ends=ends)
        rules = self.system.inequalities
        falls = rules.maximum(0) @ down + (-rules).maximum(0) @ up
        reach = np.flatnonzero(~(self._slack >= falls))
        matrix = sparse.vstack([self.system.equations, rules[reach]]).astype(float)
        equal = np.zeros(self.system.equations.shape[0])
        rows = (
            np.concatenate([equal, -self._slack[reach].astype(float)]),
            np.concatenate([equal, np.full(len(reach), np.inf)]),
        )
        return CellChanges(sparse.csr_array(matrix), rows=rows, cost=self.cost, ends=ends)

    def checked(self, steps: Ints) -> Move | None:
        """Return these steps as a move when they are one for this attacker."""
        return checked(self.system, lower=self.lower, upper=self.upper, movable=self.movable, steps=steps)

    def _whole(self, answer: Change, target: int) -> Move | None:
        """Turn a corner into a whole move and check it exactly; the scale is the smallest that works."""
        change = answer.steps
        for scale in SCALES:
            steps = np.rint(change * scale).astype(np.int64)
            if (
                np.abs(steps - change * scale).max() < ROUNDING
                and self.demand.met(int(self.system.values[target]), int(steps[target]))
                and (move := self.checked(steps))
            ):
                return move
        return None


def _fraction(steps: Floats | float) -> Floats:
    return np.asarray(np.abs(steps - np.rint(steps)), dtype=np.float64)


def checked(system: Unknowns, *, lower: Ints, movable: Flags, steps: Ints, upper: Ints | None = None) -> Move | None:
    """Return these steps as a move when they are one, in exact whole numbers; None when they are not."""
    after = system.values + steps
    holds = (
        not steps[~movable].any()
        and bool((after >= lower).all())
        and (upper is None or bool((after <= upper).all()))
        and not (system.equations @ steps).any()
        and bool((system.inequalities @ after >= 0).all())
    )
    cells = np.flatnonzero(steps)
    return Move(tuple(cells.tolist()), tuple(steps[cells].tolist())) if holds else None
