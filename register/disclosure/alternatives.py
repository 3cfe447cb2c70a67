"""All alternatives found so far of one table, and which of them the hidden cells allow at this moment.

An alternative that needs a published cell is not thrown away but rests until the cell is hidden again. So it is known
at once which small counts would be left without an alternative if a cell were published, and two alternatives that
need that cell can often be joined into one that does not.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from register.disclosure.arrays import Flags, Ints
from register.disclosure.moves import Finder, Move

PARTNERS: Final = 48  # resting alternatives that each is joined with
TRIED: Final = 4  # alternatives of one small count that are joined with others
TIMES: Final = 3  # how often one may be counted in the other


class Alternatives:
    """The moves found so far; ``covering`` counts for each small cell the moves that prove it and are allowed."""

    def __init__(self, finder: Finder, primary: Iterable[int], visible: Flags) -> None:
        """Start with none; ``visible`` flags the published cells and is kept up to date here."""
        self.visible = visible.tolist()
        self.moves: list[Move] = []
        self.covering = dict.fromkeys(primary, 0)
        self.of_small: dict[int, list[int]] = {cell: [] for cell in self.covering}
        self._finder = finder
        self._values = finder.system.values
        self._fall = finder.lower - self._values
        self._rise = finder.upper - self._values
        self._touching: list[list[int]] = [[] for _ in self.visible]
        self._proves: list[list[int]] = []
        self._blocked: list[int] = []
        self._number: dict[Move, int] = {}
        self._steps = np.zeros((64, len(self.visible)), dtype=np.int32)

    def add(self, move: Move) -> None:
        """Keep a checked move."""
        if move in self._number:
            return
        number = self._number[move] = len(self.moves)
        self.moves.append(move)
        pairs = zip(move.cells, move.steps, strict=True)
        demand, values = self._finder.demand, self._values
        proves = [c for c, step in pairs if c in self.covering and demand.met(int(values[c]), step)]
        self._proves.append(proves)
        self._blocked.append(sum(self.visible[cell] for cell in move.cells))
        if number == len(self._steps):
            self._steps = np.concatenate([self._steps, np.zeros_like(self._steps)])
        self._steps[number, list(move.cells)] = move.steps
        for cell in move.cells:
            self._touching[cell].append(number)
        for cell in proves:
            self.of_small[cell].append(number)
            self.covering[cell] += not self._blocked[number]

    def publish(self, cell: int) -> list[int]:
        """Let all moves that need this cell rest; return the small cells that are left without one."""
        self.visible[cell] = True
        bare = []
        for number in self._touching[cell]:
            self._blocked[number] += 1
            if self._blocked[number] == 1:
                for small in self._proves[number]:
                    self.covering[small] -= 1
                    if not self.covering[small]:
                        bare.append(small)
        return bare

    def hide(self, cell: int) -> None:
        """Allow the moves that waited for this cell only."""
        self.visible[cell] = False
        for number in self._touching[cell]:
            self._blocked[number] -= 1
            if not self._blocked[number]:
                for small in self._proves[number]:
                    self.covering[small] += 1

    def joined(self, small: int, cell: int) -> Move | None:
        """Return two moves joined so that ``cell``, the only published one both need, stays as it is."""
        mine = [n for n in self.of_small[small] if self._blocked[n] == 1 and self._steps[n, cell]]
        others = [n for n in self._touching[cell] if self._blocked[n] == 1]
        others = sorted(others, key=lambda n: (len(self.moves[n].cells), n))[:PARTNERS]
        mine = sorted(mine, key=lambda n: (len(self.moves[n].cells), n))[:TRIED]
        partners = self._steps[others]
        for number in mine:
            base = self._steps[number]
            times = -base[cell] // partners[:, cell]
            whole = (times * partners[:, cell] == -base[cell]) & (np.abs(times) <= TIMES)
            sums = base + times[whole, None] * partners[whole]
            good = ((sums >= self._fall) & (sums <= self._rise)).all(axis=1)
            for steps in sums[good][np.argsort((sums[good] != 0).sum(axis=1), kind="stable")]:
                if self._finder.demand.met(int(self._values[small]), int(steps[small])) and (
                    move := self._finder.checked(steps)
                ):
                    return move
        return None

    def allowed(self) -> tuple[Move, ...]:
        """Return every move that changes hidden cells only."""
        return tuple(move for move, blocked in zip(self.moves, self._blocked, strict=True) if not blocked)

    def needed(self) -> tuple[Move, ...]:
        """Return allowed moves that prove all small cells between them, as few as a greedy choice takes."""
        waiting = set(self.covering)
        chosen = []
        allowed = [number for number, blocked in enumerate(self._blocked) if not blocked]
        gains = {number: len(self._proves[number]) for number in allowed}
        while waiting:
            best = max(gains, key=lambda number: (gains[number], -len(self.moves[number].cells), -number))
            gain = len(waiting.intersection(self._proves[best]))
            if gain == gains[best]:
                chosen.append(best)
                waiting.difference_update(self._proves[best])
            gains[best] = len(waiting.intersection(self._proves[best]))
        return tuple(self.moves[number] for number in sorted(chosen))

    def trimmed(self, most: int) -> "Alternatives":
        """Return the same with no more than ``most`` and those that are needed, when there are twice as many."""
        if len(self.moves) < 2 * most:
            return self
        needed = set(self.needed())
        fewer = Alternatives(self._finder, self.covering, np.array(self.visible))
        for number, move in enumerate(self.moves):
            if number >= len(self.moves) - most or move in needed:
                fewer.add(move)
        return fewer

    def partners(self, cell: int) -> Ints:
        """Return how many allowed moves that need this cell need each other cell too."""
        allowed = [number for number in self._touching[cell] if not self._blocked[number]]
        return np.asarray((self._steps[allowed] != 0).sum(axis=0), dtype=np.int64)
