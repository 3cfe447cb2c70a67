"""A pattern for a large table, with its proof, by elimination in whole numbers.

At first everything is hidden, and every leaf may change by itself: one alternative for each. The cells that may be
published are asked for one by one, the dearest first. To publish a cell, every alternative that changes it must be
joined with another one (its partner, added or taken away) so that the cell stays as it is. That uses the partner up,
as a pivot uses up a row. The cell is published when every small count keeps an alternative in which no leaf falls too
far: then what remains is proven in whole numbers at every moment, and ones beside shown zeros need no care of their
own, because they can only rise. Otherwise the cell stays hidden.

So this is the elimination of the published sums from the other side: it keeps a basis of all that the sums leave free
instead of the sums themselves. Nothing in it is drawn by lot.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.arrays import Flags, Ints, Narrow

TRIES: Final = 3  # partners tried for one cell
SOON: Final = 2  # partners after which a cell is given up
HOPELESS: Final = 0.55  # when each would leave more than this part of the small counts it touches without a proof
FARTHEST: Final = 1_000  # no alternative changes a leaf by more
BEREFT: Final = 40  # small counts that one cell may leave in search of another alternative
STRAIN: Final = 1_000  # the weight of a leaf that can fall no more; half of it when it can still fall by one
BESIDE: Final = 50  # the weight of any leaf that changes


@dataclass(frozen=True, slots=True)
class _Asked:
    """A cell that asks to be published: ``touched`` alternatives change it, by ``change``.

    ``mine``: the small counts that rest on those; ``used``: the alternatives they rest on, by place in ``touched``,
    taken with the sign ``way``; ``at``: for each of ``mine`` the place in ``used``.
    """

    touched: Ints = field(repr=False)
    change: Ints = field(repr=False)
    mine: Ints = field(repr=False)
    used: Ints = field(repr=False)
    at: Ints = field(repr=False)
    way: Narrow = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a partner makes of the used alternatives: ``times`` it is added; which still hold, and move their count."""

    partner: int
    leaves: Ints = field(repr=False)
    steps: Ints = field(repr=False)
    times: Ints = field(repr=False)
    holds: Flags = field(repr=False)
    proves: Flags = field(repr=False)
    moved: Ints = field(repr=False)


class Elimination:
    """The alternatives that all published cells leave, and for each small count one that changes it."""

    def __init__(self, members: sparse.csr_array, fall: Ints, small: Ints) -> None:
        """Take which leaves (columns) each cell (row) holds, how far each leaf may fall, and the small cells."""
        count = members.shape[1]
        self._members = members
        self._fall = np.minimum(fall, FARTHEST).astype(np.int32)
        self._by_leaf = np.zeros((count + 1, count), dtype=np.int16)  # the last row stands for no leaf
        self._by_leaf[np.arange(count), np.arange(count)] = 1
        self._by_number = np.ascontiguousarray(self._by_leaf[:count].T)
        self._short = np.zeros((2, count), dtype=np.int32)  # leaves that fall too far, as it is and turned round
        self._short[1] = self._fall < 1
        self._strain = np.zeros((2, count), dtype=np.int64)  # how near leaves come to their bound, likewise
        self._strain[1] = STRAIN // np.maximum(self._fall, 1)
        self._length = np.ones(count, dtype=np.int64)
        self._leaves = _padded(members, small)
        self._witness = self._leaves[:, 0].copy()
        self._moved = np.ones(len(small), dtype=np.int64)
        self._place = np.full(count, -1, dtype=np.int64)

    def publish(self, cell: int) -> bool:
        """Publish this cell if every small count keeps an alternative; return whether it is published."""
        leaves = self._members.indices[self._members.indptr[cell] : self._members.indptr[cell + 1]]
        change = self._by_leaf[leaves].sum(axis=0, dtype=np.int64)
        touched = np.flatnonzero(change)
        if not len(touched):
            return True
        self._place[touched] = np.arange(len(touched))
        published = self._eliminated(touched, change)
        self._place[touched] = -1
        return published

    def alternatives(self) -> Ints:
        """Return the alternatives on which the small counts rest, one row each over the leaves."""
        used = np.unique(self._witness)
        turned = np.where(self._short[0, used] == 0, 1, -1)
        return self._by_number[used].astype(np.int64) * turned[:, None]

    def _eliminated(self, touched: Ints, change: Ints) -> bool:
        numbers = np.flatnonzero(np.abs(change) == 1)
        mine = np.flatnonzero(self._place[self._witness] >= 0)
        used, at = np.unique(self._witness[mine], return_inverse=True)
        plus, minus = self._short[0, used] == 0, self._short[1, used] == 0
        sign = np.sign(change[used])
        rising = int((plus & ~minus & (sign > 0)).sum() + (minus & ~plus & (sign < 0)).sum())
        falling = int((plus ^ minus).sum()) - rising
        main = 1 if rising >= falling else -1
        way = np.where(plus & minus, sign * main, np.where(plus, 1, -1)).astype(np.int32)
        asked = _Asked(touched, change, mine, self._place[used], at, way)
        trials = []
        for partner in self._partners(numbers, change, main, both=bool(rising and falling)):
            trial = self._tried(asked, partner)
            trials.append(trial)
            if self._accepted(asked, [trial], np.zeros(len(used), dtype=np.int64)):
                return True
            if len(trials) == SOON and min(map(_bereft, trials)) > HOPELESS * len(mine):
                return False
        return len(trials) > 1 and self._combined(asked, trials)

    def _partners(self, numbers: Ints, change: Ints, main: int, *, both: bool) -> list[int]:
        """Return whom to join with: those that can move the cell back, so that most alternatives keep their way.

        First those that are short and leave leaves far from their bound.
        """
        found: dict[int, None] = {}
        for way, most in ((main, TRIES), (-main, TRIES // 2))[: 2 if both else 1]:
            turned = np.where(-way * change[numbers] > 0, 0, 1)
            can = self._short[turned, numbers] == 0
            price = self._strain[turned, numbers] + BESIDE * self._length[numbers]
            found |= dict.fromkeys(numbers[can][np.argsort(price[can], kind="stable")[:most]].tolist())
        return list(found) or numbers[np.argsort(self._length[numbers], kind="stable")[:1]].tolist()

    def _tried(self, asked: _Asked, partner: int) -> _Trial:
        """Join everything that is used with this partner, and see what still holds."""
        leaves = np.flatnonzero(self._by_number[partner])
        steps = self._by_number[partner, leaves].astype(np.int32)
        numbers = asked.touched[asked.used]
        times = -asked.way * asked.change[numbers] * asked.change[partner]
        added = np.clip(times, -FARTHEST, FARTHEST).astype(np.int32)
        sums = self._by_leaf[leaves[:, None], numbers] * asked.way + steps[:, None] * added
        holds = (sums >= -self._fall[leaves][:, None]).all(axis=0) & (sums.max(axis=0) <= FARTHEST)
        holds &= added == times
        holds[numbers == partner] = False
        every = np.append(self._by_number[partner], 0).astype(np.int64)
        moved = asked.way[asked.at] * self._moved[asked.mine]
        moved += times[asked.at] * every[self._leaves[asked.mine]].sum(axis=1)
        return _Trial(partner, leaves, steps, times, holds, holds[asked.at] & (moved != 0), moved)

    def _combined(self, asked: _Asked, trials: list[_Trial]) -> bool:
        """Join with the best partner, and what does not hold then with another one."""
        trials = sorted(trials, key=_bereft)
        pick = np.zeros(len(asked.used), dtype=np.int64)
        numbers = asked.touched[asked.used]
        waiting = _failing(asked, trials[0]) & (numbers != trials[0].partner)
        for number, trial in enumerate(trials[1:], 1):
            mended = waiting & ~_failing(asked, trial) & (numbers != trial.partner)
            pick[mended] = number
            waiting &= ~mended
        for trial in trials:  # a partner itself is joined with the best one only, or the joins would run in a ring
            pick[numbers == trial.partner] = 0
        return bool(pick.any()) and self._accepted(asked, trials, pick)

    def _accepted(self, asked: _Asked, trials: list[_Trial], pick: Ints) -> bool:
        """Join as picked if every small count is proven then; return whether it was done."""
        mine = pick[asked.at]
        proves, moved = trials[0].proves.copy(), trials[0].moved.copy()
        for number, trial in enumerate(trials[1:], 1):
            here = mine == number
            proves[here], moved[here] = trial.proves[here], trial.moved[here]
        bereft = np.flatnonzero(~proves)
        if len(bereft) > BEREFT:
            return False
        fresh = []
        for one in asked.mine[bereft].tolist():
            found = self._other(asked, trials, pick, one)
            if found is None:
                return False
            fresh.append((one, *found))
        self._moved[asked.mine] = moved * asked.way[asked.at]
        for one, number, step in fresh:
            self._witness[one], self._moved[one] = number, step
        self._join(asked, trials, pick)
        return True

    def _other(self, asked: _Asked, trials: list[_Trial], pick: Ints, one: int) -> tuple[int, int] | None:
        """Return another alternative for a small count, and by how much it changes it; the shortest there is."""
        steps = self._by_leaf[self._leaves[one]].sum(axis=0, dtype=np.int64)
        free = np.flatnonzero((steps != 0) & (self._place < 0) & (self._short == 0).any(axis=0))
        if len(free):
            best = int(free[np.argmin(self._length[free])])
            return best, int(steps[best])
        numbers = asked.touched[asked.used]
        joined = steps[numbers] * asked.way
        holds = np.zeros(len(numbers), dtype=bool)
        for number, trial in enumerate(trials):
            here = pick == number
            every = self._by_leaf[self._leaves[one], trial.partner].sum(dtype=np.int64)
            joined[here] += trial.times[here] * every
            holds[here] = trial.holds[here]
        holds &= numbers != trials[0].partner
        good = np.flatnonzero(holds & (joined != 0))
        if not len(good):
            return None
        best = int(good[np.argmin(self._length[numbers[good]])])
        return int(numbers[best]), int(joined[best] * asked.way[best])

    def _join(self, asked: _Asked, trials: list[_Trial], pick: Ints) -> None:
        """Join every touched alternative with its partner; the first partner is used up."""
        picked = np.zeros(len(asked.touched), dtype=np.int64)
        picked[asked.used] = pick
        for number, trial in enumerate(trials):
            numbers = asked.touched[picked == number]
            if len(numbers):
                self._add(numbers, trial, -asked.change[numbers] * asked.change[trial.partner])
        gone = trials[0].partner
        self._by_leaf[:, gone] = 0
        self._by_number[gone] = 0
        self._short[:, gone] = 1
        self._length[gone] = 0

    def _add(self, numbers: Ints, trial: _Trial, times: Ints) -> None:
        old = self._by_leaf[trial.leaves[:, None], numbers].astype(np.int32)
        added = np.clip(times, -FARTHEST, FARTHEST).astype(np.int32)
        new = old + trial.steps[:, None] * added
        wild = (np.abs(new) > FARTHEST).any(axis=0) | (added != times)
        room = self._fall[trial.leaves][:, None]
        for row, turned in enumerate((1, -1)):
            self._short[row, numbers] += (turned * new < -room).sum(axis=0) - (turned * old < -room).sum(axis=0)
            self._strain[row, numbers] += _strain(turned * new, room)
            self._strain[row, numbers] -= _strain(turned * old, room)
        self._length[numbers] += (new != 0).sum(axis=0) - (old != 0).sum(axis=0)
        new[:, wild] = 0
        self._by_leaf[trial.leaves[:, None], numbers] = new
        self._by_number[numbers[:, None], trial.leaves] = new.T
        for number in numbers[wild].tolist():  # no small count rests on it: it only keeps others from being joined
            self._by_leaf[:, number] = 0
            self._by_number[number] = 0
            self._short[:, number] = 1
            self._length[number] = 0


def _strain(steps: Narrow, room: Narrow) -> Ints:
    falling = np.where(steps < 0, STRAIN // (1 + np.maximum(room + steps, 0)), 0)
    return np.asarray(falling.sum(axis=0), dtype=np.int64)


def _bereft(trial: _Trial) -> int:
    return int((~trial.proves).sum())


def _failing(asked: _Asked, trial: _Trial) -> Flags:
    """Return which used alternatives leave a small count unproven after this trial."""
    failing: Flags = np.zeros(len(asked.used), dtype=bool)
    failing[asked.at[~trial.proves]] = True
    return failing


def _padded(members: sparse.csr_array, cells: Ints) -> Ints:
    """Return the leaves of each cell, filled up with the number that stands for no leaf."""
    lists = [members.indices[members.indptr[cell] : members.indptr[cell + 1]] for cell in cells.tolist()]
    padded = np.full((len(lists), max(map(len, lists), default=1)), members.shape[1], dtype=np.int64)
    for row, leaves in enumerate(lists):
        padded[row, : len(leaves)] = leaves
    return padded
