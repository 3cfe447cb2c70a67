"""What counts that are not small still tell: everyone of a group shares an answer, or nearly all come from one place.

Nothing here is hidden by itself. Beside shown zeros no hidden count would help: the zeros of the other answers say it.
So these cells are named for the two people who decide: they publish fewer dimensions, coarser codes, or hide zeros.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from register.disclosure.arrays import Flags, Ints
from register.disclosure.cells import DisclosureInputError
from register.disclosure.coarser import once
from register.disclosure.instances import Instance, Side
from register.disclosure.lattice import summed
from register.disclosure.policy import MOST_BUT, SHARES

DOMINANT: Final = 90  # per cent


@dataclass(frozen=True, slots=True)
class Review:
    """Which dimensions hold an answer that nobody should learn of an acquaintance, and which one says who reported.

    ``but``: a group is named when all but so many share one answer. ``contributor``: the dimension of those who report;
    ``dominant``: named when one of them provides more than so many per cent of a count.
    """

    sensitive: tuple[str, ...] = ()
    but: int = 0
    contributor: str = ""
    dominant: int = DOMINANT

    def checked(self, sides: tuple[Side, ...]) -> "Review":
        """Return this. Raises DisclosureInputError when a dimension is unknown or a number makes no sense."""
        known = {side.name for side in sides}
        for name in (*self.sensitive, *([self.contributor] if self.contributor else [])):
            if name not in known:
                raise DisclosureInputError(
                    nl=f"De tabel heeft geen dimensie {name}.", en=f"The table has no dimension {name}."
                )
        if not 0 <= self.but <= MOST_BUT or self.dominant not in SHARES:
            raise DisclosureInputError(
                nl=f"'Allen op zoveel na' is 0 tot en met {MOST_BUT}, en het aandeel van één bron 50 tot 100 procent.",
                en=f"'All but so many' is 0 to {MOST_BUT}, and the share of one source 50 to 100 per cent.",
            )
        return self


@dataclass(frozen=True, slots=True)
class Alike:
    """A group (``at``, a code per dimension) of which all but ``others`` have this code of this dimension."""

    at: tuple[str, ...]
    dimension: str
    code: str
    others: int


@dataclass(frozen=True, slots=True)
class Dominated:
    """A count (``at``) of which one contributor provides this part, in whole per cents rounded down."""

    at: tuple[str, ...]
    code: str
    percent: int


def alike(instance: Instance, review: Review, threshold: int) -> list[Alike]:
    """Return the groups of at least the threshold in which all, or all but a few, share one sensitive answer."""
    values, counted = summed(instance.tensor(), instance.sides), once(instance.sides)
    found = []
    for axis, side in enumerate(instance.sides):
        for parent, _ in side.sums if side.name in review.sensitive else ():
            for part in side.answers(parent, review.but):
                whole, others = np.take(values, parent, axis), _rest(values, axis, parent, part)
                hits = np.take(counted, parent, axis) & (whole >= threshold) & (others <= review.but)
                found += [
                    Alike(at, side.name, side.codes[part], int(others[place]))
                    for place, at in _named(instance.sides, axis, parent, hits)
                ]
    return found


def dominated(instance: Instance, review: Review, threshold: int) -> list[Dominated]:
    """Return the counts of at least the threshold of which one contributor provides nearly all."""
    values, counted = summed(instance.tensor(), instance.sides), once(instance.sides)
    found = []
    for axis, side in enumerate(instance.sides):
        if side.name != review.contributor:
            continue
        for parent in sorted({parent for parent, parts in side.sums if len(parts) > 1}):
            mine = np.flatnonzero(side.members[parent])
            each = np.take(np.take(values, side.leaf_positions, axis), mine, axis)
            whole, most = np.take(values, parent, axis), each.max(axis=axis)
            hits = np.take(counted, parent, axis) & (whole >= threshold) & (100 * most > review.dominant * whole)
            first = each.argmax(axis=axis)
            found += [
                Dominated(
                    at,
                    side.codes[int(side.leaf_positions[mine[first[place]]])],
                    int(100 * most[place] // whole[place]),
                )
                for place, at in _named(instance.sides, axis, parent, hits)
            ]
    return found


def _rest(values: Ints, axis: int, parent: int, part: int) -> Ints:
    return np.asarray(np.take(values, parent, axis) - np.take(values, part, axis), dtype=np.int64)


def _named(
    sides: tuple[Side, ...], axis: int, parent: int, hits: Flags
) -> Iterator[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Yield each hit with its place beside the axis, and the codes of the whole cell."""
    for row in np.argwhere(hits).tolist():
        at = (*row[:axis], parent, *row[axis:])
        yield tuple(row), tuple(side.codes[code] for side, code in zip(sides, at, strict=True))
