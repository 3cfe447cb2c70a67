"""Which cells to hide: built from moves, then improved one cell at a time.

For each unsafe cell, smallest first, the cheapest move is found given what is hidden already, and its cells are
hidden. So every unsafe cell has a whole-number alternative by construction. Afterwards each protecting cell, dearest
first, is published again where the unsafe cells it served can do with cheaper ones.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final

from register.disclosure.arrays import Floats
from register.disclosure.changes import FREE
from register.disclosure.moves import Finder, Move, NoMove

ROUNDS: Final = 2


@dataclass(frozen=True, slots=True)
class Stuck:
    """An unsafe cell for which no move exists (``proven``) or was found within the limits."""

    cell: int
    proven: bool


class Pattern:
    """Hidden cells and the moves that prove them safe; grows by ``cover`` and shrinks by ``improve``."""

    def __init__(self, finder: Finder, primary: Iterable[int], cost: Floats, *, start: Iterable[int] = ()) -> None:
        """Start with the unsafe cells hidden, and ``start``; ``cost`` is the price of hiding each further cell."""
        self.finder = finder
        self.primary = tuple(int(cell) for cell in primary)
        self.cost = cost
        self.protecting: set[int] = set()
        self.moves: dict[int, Move] = {}
        self.touching: dict[int, set[int]] = {}
        self.proving: dict[int, set[int]] = {}
        self.visible = finder.system.printed.copy()
        self.visible[list(self.primary)] = False
        self._hide(start)

    def spare(self) -> None:
        """Publish protecting cells that no move needs."""
        self._publish([cell for cell in sorted(self.protecting) if not self.touching.get(cell)])

    def cover(self, vital: Container[int] = ()) -> list[Stuck]:
        """Give every unsafe cell a move, hiding what the moves need; return those that cannot be given one.

        The search ends with the first of the ``vital`` cells that cannot.
        """
        stuck = []
        for cell in self.primary:
            if not self.proving.get(cell):
                found = self.finder.any(cell)
                if isinstance(found, NoMove):
                    stuck.append(Stuck(cell, found.proven))
                    if cell in vital:
                        break
                else:
                    self._hide(self._opened_by(found))
                    self._add(found)
        return stuck

    def improve(self, rounds: int = ROUNDS) -> None:
        """Publish protecting cells again where cheaper ones can do their work, until that changes nothing."""
        for _ in range(rounds):
            before = len(self.protecting), self.total()
            for cell in sorted(self.protecting, key=lambda cell: (-self.cost[cell], cell)):
                if cell in self.protecting:
                    self._replace(cell)
            if before == (len(self.protecting), self.total()):
                return

    def total(self) -> float:
        """Return the price of all protecting cells."""
        return float(sum(self.cost[cell] for cell in sorted(self.protecting)))

    def _replace(self, cell: int) -> None:
        """Try to publish one protecting cell: its moves go, and what they proved is proved by cheaper moves."""
        gone = self.touching[cell]
        bare = [cell for cell in self.primary if self.proving[cell] <= gone]
        self.finder.close(cell)
        fresh: list[Move] = []
        opened: list[int] = []
        for target in bare:
            if any(target in self._proven_by(move) for move in fresh):
                continue
            move = self.finder.short(target)
            more = self._opened_by(move) if move else []
            if move is None or sum(self.cost[c] for c in (*opened, *more)) >= self.cost[cell]:
                self._publish(opened)
                self.finder.open(cell)
                return
            self._hide(more)
            opened += more
            fresh.append(move)
        for number in sorted(gone):
            self._drop(number)
        for move in fresh:
            self._add(move)
        self.finder.open(cell)
        self.spare()

    def _opened_by(self, move: Move) -> list[int]:
        return [cell for cell in move.cells if self.visible[cell]]

    def _hide(self, cells: Iterable[int]) -> None:
        for cell in cells:
            self.visible[cell] = False
            self.protecting.add(cell)
            self.finder.price(cell, FREE)

    def _publish(self, cells: Iterable[int]) -> None:
        for cell in cells:
            self.visible[cell] = True
            self.protecting.discard(cell)
            self.finder.price(cell, float(self.cost[cell]))

    def _add(self, move: Move) -> None:
        number = next(reversed(self.moves), -1) + 1
        self.moves[number] = move
        for cell in move.cells:
            self.touching.setdefault(cell, set()).add(number)
        for cell in self._proven_by(move):
            self.proving.setdefault(cell, set()).add(number)

    def _drop(self, number: int) -> None:
        for cell in self.moves.pop(number).cells:
            self.touching[cell].discard(number)
            self.proving.get(cell, set()).discard(number)

    def _proven_by(self, move: Move) -> list[int]:
        """Return the cells that this move changes as far as is demanded."""
        values, demand = self.finder.system.values, self.finder.demand
        pairs = zip(move.cells, move.steps, strict=True)
        return [cell for cell, step in pairs if demand.met(int(values[cell]), step)]
