"""What people ask of one table: cells that stay open, small counts that may be shown, and what is dear to hide."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from register.disclosure.arrays import Floats, Ints
from register.disclosure.instances import DIGITS, Side, bad, read_cells, read_keys

EVERY: Final = "*"  # in a list of weights: whatever the code
DEAREST: Final = 1e6

Place = tuple[int, ...]  # the position of a code in each dimension


@dataclass(frozen=True, slots=True)
class Waiver:
    """A small count that somebody allows to be published, by name: who, why, and since when."""

    at: Place
    person: str
    reason: str
    day: str

    def words(self, sides: Sequence[Side]) -> tuple[str, ...]:
        """Return the codes of the cell, then who, why and since when."""
        codes = (side.codes[code] for side, code in zip(sides, self.at, strict=True))
        return (*codes, self.person, self.reason, self.day)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people ask of one table.

    ``kept``: cells that must stay open. ``waivers``: cells that stay open though their count is small. ``weights``:
    (place, factor) pairs, -1 in a place for every code; hiding such a cell costs so many times as much, and where
    several say so of one cell the last holds.
    """

    kept: frozenset[Place] = frozenset()
    waivers: tuple[Waiver, ...] = ()
    weights: tuple[tuple[Place, float], ...] = ()

    def factors(self, of_cell: Ints, size: int) -> Floats:
        """Return how many times its own price each unknown costs: the dearest of its cells counts."""
        dear = np.ones(of_cell.shape)
        for at, factor in self.weights:
            dear[tuple(slice(None) if code < 0 else code for code in at)] = factor
        found = np.zeros(size)
        there = of_cell >= 0
        np.maximum.at(found, of_cell[there], dear[there])
        return found


def read_wishes(
    sides: Sequence[Side], *, keep: Path | None = None, waivers: Path | None = None, weights: Path | None = None
) -> Wishes:
    """Read the lists that there are. Raises DisclosureInputError with the file and line of the first that is wrong."""
    return Wishes(
        kept=frozenset(read_keys(keep, sides)) if keep else frozenset(),
        waivers=tuple(_waivers(waivers, sides)) if waivers else (),
        weights=tuple(_weights(weights, sides)) if weights else (),
    )


def _waivers(path: Path, sides: Sequence[Side]) -> list[Waiver]:
    found = []
    for number, at, (person, reason, day) in read_cells(path, sides, ("person", "reason", "day")):
        if not (person.strip() and reason.strip() and day.strip()):
            raise bad(path.name, number, "een ontheffing heeft een persoon, een reden en een dag",
                      "a waiver has a person, a reason and a day")  # fmt: skip
        found.append(Waiver(at, person.strip(), reason.strip(), day.strip()))
    return found


def _weights(path: Path, sides: Sequence[Side]) -> list[tuple[Place, float]]:
    found = []
    for number, at, (text,) in read_cells(path, sides, ("weight",), any_code=EVERY):
        weight = float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else 0.0
        if not 0 < weight <= DEAREST:
            told = text[:DIGITS]
            raise bad(path.name, number, f"het gewicht {told or '(leeg)'} is geen getal boven 0",
                      f"the weight {told or '(empty)'} is not a number above 0")  # fmt: skip
        found.append((at, weight))
    return found
