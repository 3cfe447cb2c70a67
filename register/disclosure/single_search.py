"""How the pattern of one table is found: fast for tables of any size, or the cheapest with a proof for small ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, assert_never

import numpy as np
from scipy import sparse

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Flags, Floats, Ints
from register.disclosure.changes import FREE, Leaves
from register.disclosure.directions import Directions
from register.disclosure.eliminate import Elimination
from register.disclosure.exact import Cuts
from register.disclosure.modular import Asked
from register.disclosure.moves import Demand, Finder, Move
from register.disclosure.packing import packed
from register.disclosure.pattern import Pattern, Stuck
from register.disclosure.refine import Refinement
from register.disclosure.regions import Regions

Method = Literal["auto", "modular", "eliminate", "moves", "exact"]

ROOM: Final = 50.0  # how much farther than a small count another cell may move in the direction
DIRECTED: Final = 1_000  # unknowns up to which one direction is a good start: in larger tables it is far from whole
BUILT: Final = 2_000  # unknowns up to which a pattern is built from moves; beyond that elimination is the start
REFINED: Final = 6_000  # unknowns up to which programmes repair and make smaller what elimination modulo a prime chose
MOST_LEAVES: Final = 20_000  # of elimination, which holds a square of them: 1.6 GB
TWICE: Final = 3_000  # unknowns up to which each cell asks twice to be published in an elimination in whole numbers
EXCHANGED: Final = 1_000  # unknowns up to which cells are forced out one by one: beyond that it takes minutes
PASSES: Final = 2  # a third one hardly ever finds anything
PUBLISHING: Final = 6_000_000  # programmes times unknowns spent on publishing cells again
EXCHANGES: Final = 1_200  # programmes spent on forcing cells out one by one
RELAXED: Final = 12  # rounds of cuts from trials in parts of cells
WANDERED: Final = 6_000  # the same on forcing them out a few at a time, in search of the cheapest pattern
RENEWED: Final = 80  # regions chosen anew after that
TRIALS: Final = 4  # rounds of cuts from trials in whole cells, before forcing out
LAST: Final = 3  # the same at the end, where one takes ten seconds or more; fewer when the bound is met
NEARLY: Final = 1e-6  # the solver's rounding of a price


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: the unknowns, the small ones, the attacker's bounds, the price of each, and how far to move.

    ``members``: 1 where an unknown (row) holds a leaf (column); ``leaves``: the unknowns that are leaves. Both together
    say all that the equations say. ``sums_free``: whether a sum has no bounds but those that follow from its leaves.
    """

    system: Unknowns = field(repr=False)
    small: Ints = field(repr=False)
    ends: tuple[Ints, Ints] = field(repr=False)
    price: Floats = field(repr=False)
    demand: Demand
    members: sparse.csr_array = field(repr=False)
    leaves: Ints = field(repr=False)
    sums_free: bool = True

    @property
    def eliminable(self) -> bool:
        """Return whether elimination knows all that the attacker knows, and has the memory."""
        return self.sums_free and not self.demand.reach and len(self.leaves) <= MOST_LEAVES

    @property
    def told(self) -> Leaves:
        """Return the leaves by which programmes tell a change."""
        return Leaves(self.leaves, self.members, bind=not self.sums_free)

    @property
    def asked(self) -> Asked:
        """Return the same for an elimination modulo a prime, over the leaves."""
        return Asked(self.members, self.leaves, self.system.equations)

    @property
    def fixed(self) -> Flags:
        """Return which unknowns the attacker knows not to be less than they are."""
        return np.asarray(self.system.values == self.ends[0])

    def pattern(self, start: Iterable[int] = ()) -> Pattern:
        """Return a pattern in which the small cells and these are hidden; nothing is covered yet."""
        hidden = list(start)
        cost = self.price.copy()
        cost[[*self.small.tolist(), *hidden]] = FREE
        finder = Finder(
            self.system,
            lower=self.ends[0],
            upper=self.ends[1],
            cost=cost,
            movable=~self.system.forced,
            demand=self.demand,
            leaves=self.told,
        )
        return Pattern(finder, self.small.tolist(), self.price, start=hidden)


@dataclass(frozen=True, slots=True)
class Answer:
    """The cells that protect others, the alternatives that prove it, and a price that no pattern can stay below.

    ``moves`` are few; ``known`` are all that were found and hold, none where a table is too large to keep them.
    ``bound`` rests on the ``cuts``: cells of which one at least must be hidden, with the small count that asks for it.
    """

    protecting: frozenset[int] = field(repr=False)
    moves: tuple[Move, ...] = field(repr=False)
    known: tuple[Move, ...] = field(repr=False, default=())
    bound: float = 0.0
    cuts: Mapping[tuple[int, ...], int] = field(repr=False, default_factory=dict)


def search(task: Task, method: Method) -> Answer | list[Stuck]:
    """Return a pattern with its proof, or the cells that stand in its way; nothing small needs nothing."""
    if not len(task.small):
        return Answer(frozenset(), ())
    match method:
        case "exact":
            return exact(task)
        case "moves":
            return fast(task)
        case "modular":
            return modular(task) if len(task.price) <= REFINED else eliminated(task)
        case "eliminate":
            return eliminated(task)
        case "auto":
            return fast(task) if len(task.price) <= BUILT or not task.eliminable else large(task)
        case _:
            assert_never(method)


def large(task: Task) -> Answer | list[Stuck]:
    """Return what elimination modulo a prime chose, repaired; what one in whole numbers did where that is too much."""
    found = modular(task) if len(task.price) <= REFINED else None
    return found if isinstance(found, Answer) else eliminated(task)


def modular(task: Task) -> Answer | list[Stuck]:
    """Return what elimination modulo a prime chose, repaired and then made smaller; nothing is proven before that."""
    start = task.asked.choose(asking(task), task.asked.targets(task.small, task.fixed), task.system.forced)
    refined = _refined(task, list(start))
    return refined if isinstance(refined, list) else _answer(refined)


def eliminated(task: Task) -> Answer | list[Stuck]:
    """Return the pattern of an elimination in whole numbers, or the cells that must stay open and could not.

    Where the attacker knows more than elimination does, moves make the pattern.
    """
    if not task.eliminable:
        return fast(task)
    found = _elimination(task)
    return _answered(task, found) if isinstance(found, _Eliminated) else found


def asking(task: Task) -> list[int]:
    """Return the cells in the order in which they ask to be published: forced ones first, then the dearest."""
    others = task.system.printed.copy()
    others[task.small] = False
    waiting = np.flatnonzero(others)
    order = np.lexsort((waiting, -task.price[waiting], ~task.system.forced[waiting]))
    return [int(cell) for cell in waiting[order]]


@dataclass(frozen=True, slots=True)
class _Eliminated:
    protecting: list[int]
    alternatives: Ints = field(repr=False)
    fall: Ints = field(repr=False)


def _elimination(task: Task) -> _Eliminated | list[Stuck]:
    """Ask for every cell, those that must stay open first; in a smaller table a second time for what was refused."""
    width = task.demand.width
    fall = (task.system.values[task.leaves] - task.ends[0][task.leaves]) // width
    elimination = Elimination(task.members, fall, task.small)
    refused = asking(task)
    for _ in range(2 if len(task.price) <= TWICE else 1):
        refused = [cell for cell in refused if not elimination.publish(cell)]
    if closed := [cell for cell in refused if task.system.forced[cell]]:
        return [Stuck(cell, proven=False) for cell in closed]
    return _Eliminated(refused, elimination.alternatives() * width, fall * width)


def _answered(task: Task, found: _Eliminated) -> Answer:
    """Return the pattern with few alternatives, each told by its leaves only: of a large table they fill the memory."""
    tables = packed(found.alternatives, found.fall, task.members[task.small])
    moves = tuple(_moved(table, task.leaves) for table in tables)
    known = tuple(_unpacked(task, found)) if len(task.price) <= REFINED else ()
    return Answer(frozenset(found.protecting), moves, known)


def _unpacked(task: Task, found: _Eliminated) -> list[Move]:
    return [_moved(column) for column in (task.members @ found.alternatives.T).T]


def _moved(steps: Ints, cells: Ints | None = None) -> Move:
    if cells is None:
        cells = np.arange(len(steps))
    changed = np.flatnonzero(steps)
    changed = changed[np.argsort(cells[changed])]
    return Move(tuple(cells[changed].tolist()), tuple(steps[changed].tolist()))


def fast(task: Task) -> Answer | list[Stuck]:
    """Return a good pattern, or the small cells that cannot be covered."""
    best = _built(task)
    if isinstance(best, list):
        return best
    if len(task.price) <= EXCHANGED:
        best.exchange(best.programmes + EXCHANGES)
    return _answer(best)


def exact(task: Task) -> Answer | list[Stuck]:
    """Return the cheapest pattern found and the proven bound; they meet when it is the cheapest that there is.

    It ends when the bound is met, or after so many rounds and programmes.
    """
    best = _built(task)
    if isinstance(best, list):
        return best
    cuts = Cuts(task.system, task.small, task.price, task.ends, task.told)
    regions = Regions(best, cuts)
    cuts.relax(RELAXED)
    if not _met(cuts, regions, TRIALS):
        best.exchange(best.programmes + EXCHANGES)
        best.wander(best.programmes + WANDERED)
        regions.search(RENEWED)
        _met(cuts, regions, LAST)
    return replace(_answer(best), bound=min(cuts.bound, best.total()), cuts=cuts.small)


def _met(cuts: Cuts, regions: Regions, trials: int) -> bool:
    """Try the cheapest choices that meet all cuts; return whether the best pattern costs no more than the bound."""
    for _ in range(trials):
        trial = cuts.cheapest()
        if cuts.bound >= regions.best.total() - NEARLY:
            return True
        known = len(cuts.found)
        if not cuts.tighten(trial) and (regions.tried(trial) is None or len(cuts.found) == known):
            break
    return cuts.bound >= regions.best.total() - NEARLY


def _built(task: Task) -> Refinement | list[Stuck]:
    """Return a pattern built from moves, or the small cells that cannot be covered.

    A small table starts from one direction over real numbers or from nothing, whichever comes out cheaper; a large
    one from nothing.
    """
    starts: list[list[int]] = [[]]
    if len(task.price) <= DIRECTED:
        starts.append(_directed(task))
    found: list[Refinement] = []
    for start in starts if starts[-1] else starts[:1]:
        refined = _refined(task, start)
        if isinstance(refined, list):
            return refined
        found.append(refined)
    return min(found, key=lambda one: one.total())


def _answer(found: Refinement) -> Answer:
    return Answer(frozenset(found.protecting), found.moves(), found.known.allowed())


def _refined(task: Task, start: list[int]) -> Refinement | list[Stuck]:
    """Cover every small count from this start, then publish again what is not needed."""
    pattern = task.pattern(start)
    if stuck := pattern.cover():
        return stuck
    pattern.spare()
    found = Refinement(pattern)
    most = PUBLISHING // len(task.price)
    for _ in range(PASSES):
        if not found.publish(most) or found.programmes >= most:
            break
    return found


def _directed(task: Task) -> list[int]:
    """Return what one direction over real numbers hides; nothing when there is none, and moves must do it all."""
    small, ends = task.small, task.ends
    found = Directions(task.system, small=small, lower=ends[0], upper=ends[1], price=task.price, reach=ROOM)
    if not found.find():
        return []
    found.improve()
    return [int(cell) for cell in np.flatnonzero(found.hidden())]
