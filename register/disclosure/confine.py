"""Confined: small counts of which the attacker does not know the number, but knows for sure that it is small.

The bounds of single equations settle most of them. For the others a programme looks for possible tables in which as
many as can be reach the threshold at once; what no such table reaches is tried one by one.
"""

from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.aliases import Unknowns
from register.disclosure.arrays import Flags, Floats, Ints
from register.disclosure.attack import bounds, no_answer
from register.disclosure.condense import condensed, picked, replaceable
from register.disclosure.policy import Level
from register.disclosure.solver import Optimum, Programme

SEED: Final = 20260112
FAR: Final = 1e12  # more than any count, and sums of it are still exact
ROUNDS: Final = 30  # of narrowing; what is left then is left to the programme
BEGUN: Final = 10.0  # how many times dearer a gain is that was begun in the table before
FEWER: Final = 4  # how many times fewer gains are asked for at once
REACHED: Final = 1e-6  # the solver's rounding


def confined(
    system: Unknowns,
    hidden: Flags,
    level: Level,
    threshold: int,
    *,
    among: Flags | None = None,
    lines: sparse.csr_array | None = None,
) -> Flags:
    """Return for each hidden small unknown whether its greatest possible value lies below the threshold.

    Over real numbers, so for a reader of whole numbers there may be more. ``hidden`` flags the unknowns that are not
    published. ``among``: ask about these only; who knows less confines no cell that who knows more does not. ``lines``
    may hold further equations that follow from those of the system. Raises AttackFailedError when the solver gives no
    answer.
    """
    small = hidden & system.guarded & (system.values > 0) & (system.values < threshold)
    if among is not None:
        small &= among
    lower = np.where(hidden, bounds(system, level), system.values)
    upper = _narrowed(
        system.equations if lines is None else lines,
        lower.astype(float),
        np.where(hidden, FAR, system.values.astype(float)),
    )
    waiting = np.flatnonzero(small & (upper >= threshold))
    reached = _reach(system, hidden, lower, waiting, threshold) if len(waiting) else waiting
    found: Flags = small.copy()
    found[reached] = False
    return found


def _narrowed(equations: sparse.csr_array, low: Floats, high: Floats) -> Floats:
    """Return the greatest values that follow from single equations, one after the other."""
    rows = sparse.coo_array(equations)
    row, cell, factor = rows.row, rows.col, rows.data.astype(float)
    size = np.abs(factor)
    for _ in range(ROUNDS):
        least, most = _ends(factor, low[cell], high[cell])
        # factor * z = -(the other terms), which lie between the sums of their ends
        lowest = -(np.bincount(row, most, minlength=rows.shape[0])[row] - most)
        highest = -(np.bincount(row, least, minlength=rows.shape[0])[row] - least)
        down, up = np.where(factor > 0, lowest, -highest) / size, np.where(factor > 0, highest, -lowest) / size
        lower, upper = low.copy(), high.copy()
        np.maximum.at(lower, cell, down)
        np.minimum.at(upper, cell, up)
        if (lower <= low).all() and (upper >= high).all():
            break
        low, high = lower, upper
    return high


def _ends(factor: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    return np.where(factor > 0, factor * low, factor * high), np.where(factor > 0, factor * high, factor * low)


def _reach(system: Unknowns, hidden: Flags, lower: Ints, waiting: Ints, threshold: int) -> Ints:
    """Return which of the waiting cells are at the threshold or above in some possible table.

    A gain is a rise up to the threshold. A cell that is told by its parts has a column for it and a row; any other
    has its own column for it, and one more for what it rises beyond.
    """
    gone = replaceable(system.equations, hidden, lower, system.values)
    plain, sums = waiting[~gone[waiting]], waiting[gone[waiting]]
    told = sparse.vstack([picked(sums, len(hidden)), system.inequalities], format="csr")
    equal, others = condensed(system.equations, gone, told)
    cells = np.flatnonzero(hidden & ~gone)
    equal = equal[:, cells]
    equal = equal[np.flatnonzero(np.diff(equal.indptr))]
    rows = sparse.vstack([equal, others[:, cells]], format="csc")
    own = np.searchsorted(cells, plain)
    gains = -sparse.eye_array(rows.shape[0], len(sums), k=-equal.shape[0], format="csc")
    fall = (lower - system.values).astype(float)
    wanted = (threshold - system.values).astype(float)
    rise = np.full(len(cells), np.inf)
    rise[own] = wanted[plain]
    most = np.full(rows.shape[0], np.inf)
    most[: equal.shape[0]] = 0.0
    least = np.zeros(rows.shape[0])
    least[equal.shape[0] + len(sums) :] = -(system.inequalities @ system.values)
    programme = Programme(
        sparse.csc_array(sparse.hstack([rows, rows[:, own], gains])),
        cost=np.zeros(len(cells) + len(waiting)),
        lower=np.concatenate([fall[cells], np.zeros(len(plain)), fall[sums]]),
        upper=np.concatenate([rise, np.full(len(plain), np.inf), wanted[sums]]),
        rows=(least, most),
    )
    asked = np.concatenate([plain, sums])
    columns = np.concatenate([own, np.arange(len(sums)) + len(cells) + len(plain)])
    return asked[_reached(programme, columns, wanted[asked])]


def _reached(programme: Programme, columns: Ints, wanted: Floats) -> Flags:
    """Ask for as many gains at once as can be; where none is reached, for fewer at a time, down to each by itself.

    What came part of the way in one table has a higher price in the next, so that it comes all the way soon.
    """
    random = np.random.default_rng(SEED)
    reached = np.zeros(len(wanted), dtype=bool)
    begun = np.zeros(len(wanted), dtype=bool)
    pending, size = list(range(len(wanted))), len(wanted)
    while pending:
        asked, pending = pending[:size], pending[size:]
        price = random.uniform(0.5, 1.5, len(asked)) / wanted[asked]
        programme.only(columns[asked], -np.where(begun[asked], BEGUN, 1.0) * price)
        answer = programme.solve(afresh=False)
        if not isinstance(answer, Optimum):
            raise no_answer()
        programme.onwards()
        gain = answer.values[columns]
        begun, fresh = gain > REACHED, gain >= wanted - REACHED
        if not (fresh & ~reached).any():
            asked = asked if len(asked) > 1 else []  # by itself it had its chance
            size = max(1, len(asked) // FEWER)
        reached |= fresh
        pending = [number for number in (*pending, *asked) if not reached[number]]
    return reached
