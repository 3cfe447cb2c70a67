"""The attacker: which unknowns have one value only over everything that fits what is published.

Works by linear programming over all tables at once, in two steps. First the bounds: the largest set of cells at
their bound that can leave it together; the others are fixed (one programme). Then the rest: random directions within
the fixed ones, until no cell that has not moved yet can move. Both steps are over real numbers, so what is found
here is disclosed, to whole-number readers too. (Cone programme: Freund, Roundy and Todd 1985.)
"""

from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Flags, Floats, Ints
from register.disclosure.attacker import lower_bound
from register.disclosure.condense import condensed, picked, replaceable
from register.disclosure.policy import Knowledge
from register.disclosure.solver import Optimum, Programme

SEED: Final = 20260101
MOVED: Final = 1e-6  # less than this is the solver's rounding


class AttackFailedError(RuntimeError):
    """The solver gave no answer, said in Dutch (``nl``) and English (``en``); nothing may leave."""

    def __init__(self, *, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl = nl
        self.en = en


def bounds(system: Unknowns, level: Knowledge) -> Ints:
    """Return the least value of each unknown that this attacker holds possible when it is hidden."""
    pairs = zip(system.values.tolist(), system.printed.tolist(), strict=True)
    return np.array([lower_bound(value=v, printed=p, level=level) for v, p in pairs], dtype=np.int64)


def determined(system: Unknowns, hidden: Flags, level: Knowledge, *, among: Flags | None = None) -> Flags:
    """Return for each unknown whether the attacker knows it exactly, published ones included.

    ``hidden`` flags the unknowns that are not published; those printed nowhere are always hidden. ``among``: ask about
    these only, and leave the others out. A0 knows neither bounds nor inequalities.
    """
    lower, sums_only = bounds(system, level), level == "A0"
    slack = system.inequalities @ system.values
    tight = system.inequalities[np.flatnonzero((slack == 0) & (not sums_only))]
    count, extra = len(lower), tight.shape[0]
    rows = (
        sparse.block_array([[system.equations, None], [tight, -sparse.eye_array(extra, dtype=np.int64)]], format="csc")
        if extra
        else system.equations
    ).tocsr()
    free = np.concatenate([hidden, np.ones(extra, dtype=bool)])
    at_bound = np.concatenate([hidden & (system.values == lower) & (not sums_only), np.ones(extra, dtype=bool)])
    direction = _leave_bounds(rows, free, at_bound)
    stays = at_bound & (direction < 0.5)
    moved = np.abs(direction) > 0.5
    asked = np.ones(count, dtype=bool) if among is None else among
    wanted = np.concatenate([asked, np.zeros(extra, dtype=bool)])
    spread = _spread(rows, np.append(system.values, np.zeros(extra, dtype=np.int64)), free & ~stays, moved, wanted)
    return asked & ~spread[:count]


def _leave_bounds(rows: sparse.sparray, free: Flags, at_bound: Flags) -> Floats:
    """Return a direction in which every cell that can leave its bound does so by at least one."""
    size = len(free)
    held = np.flatnonzero(at_bound)
    if not len(held):
        return np.zeros(size)
    pick = sparse.csr_array((np.ones(len(held)), (np.arange(len(held)), held)), shape=(len(held), size))
    matrix = sparse.block_array([[rows, None], [pick, -sparse.eye_array(len(held))]], format="csc")
    below = np.where(free & ~at_bound, -np.inf, 0.0)
    above = np.where(free, np.inf, 0.0)
    answer = Programme(
        matrix,
        cost=np.concatenate([np.zeros(size), -np.ones(len(held))]),
        lower=np.concatenate([below, np.zeros(len(held))]),
        upper=np.concatenate([above, np.ones(len(held))]),
        rows=(np.zeros(matrix.shape[0]), np.concatenate([np.zeros(rows.shape[0]), np.full(len(held), np.inf)])),
    ).solve()
    if not isinstance(answer, Optimum):
        raise no_answer()
    direction = answer.values[:size].copy()
    leaves = answer.values[size:] > 0.5
    direction[held] = np.where(leaves, 1.0, 0.0)
    direction[~at_bound] = 0.0
    return direction


def _spread(rows: sparse.csr_array, values: Ints, free: Flags, moved: Flags, wanted: Flags) -> Flags:
    """Return which of the wanted cells change in some direction that keeps all equations and the fixed cells.

    A free sum has no range of its own, so the programme knows it by its parts only.
    """
    moved = moved & free
    asked = np.flatnonzero(wanted & free & ~moved)
    gone = replaceable(rows, free, np.zeros(len(free), dtype=np.int64), values)
    rows, view = condensed(rows, gone, picked(asked, len(free)))
    cells = np.flatnonzero(free & ~gone)
    rows, view = rows[:, cells], view[:, cells]
    random = np.random.default_rng(SEED)
    programme = Programme(
        sparse.csc_array(rows),
        cost=np.zeros(len(cells)),
        lower=np.full(len(cells), -1.0),
        upper=np.ones(len(cells)),
        rows=(np.zeros(rows.shape[0]), np.zeros(rows.shape[0])),
    )
    waiting = np.ones(len(asked), dtype=bool)
    while len(cells) and waiting.any():
        programme.prices(view.T @ np.where(waiting, random.uniform(0.5, 1.5, len(asked)), 0.0))
        answer = programme.solve(afresh=False)
        if not isinstance(answer, Optimum):
            raise no_answer()
        fresh = waiting & (np.abs(view @ answer.values) > MOVED)
        if not fresh.any():
            break
        waiting &= ~fresh
        moved[asked[fresh]] = True
    return moved


def no_answer() -> AttackFailedError:
    return AttackFailedError(
        nl="De proefaanval is niet tot een eind gekomen; er is niets bewezen.",
        en="The trial attack did not come to an end; nothing is proven.",
    )
