"""One table protected on its own: which cells to hide, and other registers that prove it.

A small table starts from one direction over real numbers, a large one from nothing. Then every small count gets a
whole-number alternative, hiding more where there is none, and what turned out to be spare is published again. The
proof is the list of alternatives, so it does not matter how the pattern came about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Flags, Floats, Ints
from register.disclosure.cells import DisclosureInputError
from register.disclosure.changes import FREE
from register.disclosure.instances import Instance
from register.disclosure.lattice import Lattice, lattice
from register.disclosure.moves import UNBOUNDED, Demand, Finder, Move
from register.disclosure.single_rules import Beyond, further, of_table
from register.disclosure.single_search import Method, Task, search
from register.disclosure.verdict import PROTECTIONS, THRESHOLDS
from register.disclosure.wishes import Place, Waiver, Wishes

ATTACKERS: Final = ("A0", "A1", "A2", "A3", "A4")
NOTHING: Final = Wishes()
NO_MORE: Final = Beyond()
WORTH: Final = 20  # a count of so many is worth as much as a cell: both are kept low
NAMED: Final = 5  # cells named in one sentence


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised of one table: see the ladder in ``attacker``; each level knows what the ones before know.

    ``attacker``: A0 knows sums only, A1 that counts are not negative, A2 that a shown zero makes a hidden cell at least
    1, A3 the threshold rule (and with ``marks`` which hidden cells are small), A4 that counts are whole. Alternatives
    are whole numbers at every level. ``demand`` says how far a small count must be able to lie from the truth.
    """

    threshold: int = 5
    attacker: str = "A2"
    marks: bool = False
    protection: str = "nonexact"
    zeros: Literal["visible", "hidden"] = "visible"
    cost: Literal["cells", "counts", "level"] = "level"
    method: Method = "auto"

    def __post_init__(self) -> None:
        known = re.fullmatch(PROTECTIONS, self.protection)
        if self.threshold not in THRESHOLDS or self.attacker not in ATTACKERS or not known:
            raise DisclosureInputError(
                nl="Drempel, aanvaller of bescherming is onbekend of beschermt niets.",
                en="The threshold, the attacker or the protection is unknown or protects nothing.",
            )
        if self.marks and (self.attacker not in ("A3", "A4") or self.protection == "reach"):
            raise DisclosureInputError(
                nl="Merktekens horen bij aanvaller A3 of A4, en dan is 'reach' onmogelijk.",
                en="Marks belong to attacker A3 or A4, and make 'reach' impossible.",
            )
        if self.marks and self.zeros == "hidden":
            raise DisclosureInputError(
                nl="Merktekens zeggen niets van een verborgen nul; dan blijven nullen zichtbaar.",
                en="Marks say nothing of a hidden zero, so zeros stay visible with them.",
            )

    @property
    def demand(self) -> Demand:
        """Return how far a small count must be able to move."""
        if self.protection == "reach":
            return Demand(reach=self.threshold)
        return Demand(width=int(self.protection.partition(":")[2] or 1))

    def ends(self, values: Ints, small: Ints) -> tuple[Ints, Ints]:
        """Return the least and the greatest value that the attacker holds possible for each hidden unknown."""
        least = 0 if self.attacker in ("A0", "A1") else 1
        lower = np.where(values > 0, least, 0)
        upper = np.full(len(values), UNBOUNDED, dtype=np.int64)
        if self.marks:
            lower = np.where(values > 0, self.threshold, 0)
            lower[small] = 1
            upper[small] = self.threshold - 1
        return lower, upper


@dataclass(frozen=True, slots=True)
class Hidden:
    """Which unknowns stay hidden, which of them for their own size, and the alternatives as changes of unknowns.

    ``moves`` are few and prove it; of a table that elimination protected they tell leaves only, from which all follows.
    ``known`` are all alternatives that were found, if they were kept. ``price`` is what the others cost; no safe
    pattern costs less than ``bound`` (nought where none was sought). ``beyond``: what was asked beside small counts;
    the counts that it found are among ``small``.
    """

    lattice: Lattice = field(repr=False)
    hidden: Flags = field(repr=False)
    small: Ints = field(repr=False)
    moves: tuple[Move, ...] = field(repr=False)
    waivers: tuple[Waiver, ...] = ()
    price: float = 0.0
    bound: float = 0.0
    known: tuple[Move, ...] = field(repr=False, default=())
    beyond: Beyond = NO_MORE

    @property
    def secondary(self) -> tuple[int, int]:
        """Return how many cells are hidden to protect others, and the counts in them; inside use only."""
        others = self.hidden.copy()
        others[self.small] = False
        weight = self.lattice.weight[others]
        return int(weight.sum()), int((weight * self.lattice.values[others]).sum())


@dataclass(frozen=True, slots=True)
class Unprotected:
    """Why the promise cannot be kept, or is not proven; nothing may leave. (Dutch, English); they name cells."""

    reasons: tuple[tuple[str, str], ...]


def protect_single(
    instance: Instance, promise: Promise, wishes: Wishes = NOTHING, beyond: Beyond = NO_MORE
) -> Hidden | Unprotected:
    """Hide what must be hidden, with the ``wishes`` of those who publish the table, and what else is asked ``beyond``.

    Raises DisclosureInputError where more is asked of a promise that knows small counts alone.
    """
    if beyond and (promise.marks or promise.protection != "nonexact"):
        raise DisclosureInputError(
            nl="Wat naast kleine aantallen verborgen wordt, gaat niet samen met merktekens, 'width' of 'reach'.",
            en="What is hidden beside small counts does not go with marks, 'width' or 'reach'.",
        )
    cells = lattice(instance, zeros_shown=promise.zeros == "visible")
    waived = _at(cells, [waiver.at for waiver in wishes.waivers])
    more = further(instance, cells, beyond, waived)
    if more.shown:
        return Unprotected(tuple(_shown(_named(cells, group)) for group in more.shown))
    system = more.joined(cells.unknowns(_at(cells, wishes.kept) | waived, waived))
    small = system.primary(promise.threshold)
    if stuck := small[system.forced[small]].tolist():
        return Unprotected(tuple(_not_open(cells, cell, promise.threshold) for cell in stuck))
    ends = promise.ends(system.values, small)
    ends[0][cells.size :] = 0
    price = prices(cells, promise) * wishes.factors(cells.of_cell, cells.size)
    price = np.concatenate([price, np.zeros(len(more.groups))])
    members = more.members(cells.members())
    task = Task(system, small, ends, price, promise.demand, members, cells.leaves(), sums_free=not promise.marks)
    answer = search(task, promise.method)
    if isinstance(answer, list):
        names = {one.cell: one.cell if one.cell < cells.size else more.groups[one.cell - cells.size] for one in answer}
        return Unprotected(tuple(_why(cells, system, promise, ends, cell, names[cell]) for cell in names))
    paid = float(price[sorted(answer.protecting)].sum())
    hidden = np.zeros(system.values.shape, dtype=bool)
    hidden[[*small.tolist(), *answer.protecting]] = True
    return Hidden(
        cells,
        hidden[: cells.size],
        small[small < cells.size],
        of_table(answer.moves, cells.size),
        wishes.waivers,
        paid,
        answer.bound,
        of_table(answer.known, cells.size),
        beyond,
    )


def _at(cells: Lattice, places: Iterable[Place]) -> Flags:
    """Return which unknowns stand at these places; a cell that everyone knows to be empty is none."""
    found = np.zeros(cells.size, dtype=bool)
    for at in places:
        if cells.of_cell[at] >= 0:
            found[cells.of_cell[at]] = True
    return found


def prices(cells: Lattice, promise: Promise) -> Floats:
    """Return what hiding each unknown costs, before any wishes."""
    match promise.cost:
        case "cells":
            price = np.ones(cells.size)
        case "counts":
            price = np.maximum(cells.values, 1).astype(float)
        case "level":
            price = 1 + cells.values / WORTH
    return np.asarray(cells.weight * price, dtype=np.float64)


def _why(
    cells: Lattice, system: Unknowns, promise: Promise, ends: tuple[Ints, Ints], cell: int, called: int
) -> tuple[str, str]:
    """Name the forced cells that would have to be hidden too before this cell can be protected, or its group."""
    name = _named(cells, called)
    if system.forced[cell]:
        return (
            f"{name} moet open blijven, en dan is binnen de grenzen van het zoeken niet alles beschermd.",
            f"{name} must stay open, and then not everything is protected within the limits of the search.",
        )
    cost = np.where(system.forced, 1.0, FREE)
    every = np.ones(len(system.values), dtype=bool)
    finder = Finder(system, lower=ends[0], upper=ends[1], cost=cost, movable=every, demand=promise.demand)
    found = finder.any(cell)
    release = [_named(cells, other) for other in found.cells if system.forced[other]] if isinstance(found, Move) else []
    if not release:
        return (
            f"Voor {name} is geen andere mogelijke waarde bewezen, ook niet als alles verborgen zou worden.",
            f"No other possible value of {name} is proven, even if everything were hidden.",
        )
    names = ", ".join(release[:NAMED])
    more = len(release) - NAMED
    return (
        f"{name} is te berekenen zolang {names}{f' en {more} andere' if more > 0 else ''} open moeten blijven.",
        f"{name} can be computed as long as {names}{f' and {more} others' if more > 0 else ''} must stay open.",
    )


def _named(cells: Lattice, unknown: int) -> str:
    at = np.unravel_index(int(np.flatnonzero(cells.of_cell.ravel() == unknown)[0]), cells.of_cell.shape)
    return ", ".join(f"{side.name} {side.codes[int(code)]}" for side, code in zip(cells.sides, at, strict=True))


def _not_open(cells: Lattice, cell: int, threshold: int) -> tuple[str, str]:
    name = _named(cells, cell)
    if cells.values[cell] < threshold:
        return f"{name} moet open blijven, maar telt te weinig.", f"{name} must stay open, but counts too few."
    return (
        f"{name} moet open blijven, maar één bron levert er vrijwel alles van.",
        f"{name} must stay open, but one contributor provides nearly all of it.",
    )


def _shown(name: str) -> tuple[str, str]:
    return (
        f"{name}: de hele groep deelt een antwoord, en getoonde nullen zeggen het, wat er ook verborgen wordt.",
        f"{name}: the whole group shares an answer, and shown zeros tell it, whatever is hidden.",
    )
