"""What a coarser table would give back: the same counts without a level or a dimension, protected anew and compared.

Both patterns come from elimination, which is quick and finds the same at every time; the pattern that is published may
hide less, so what is measured is the difference that the level or dimension makes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from register.disclosure.arrays import Flags, Ints
from register.disclosure.instances import Instance, Side, side
from register.disclosure.lattice import summed
from register.disclosure.single import Hidden, Promise, protect_single

LEVEL: Final = "level"
DIMENSION: Final = "dimension"


@dataclass(frozen=True, slots=True)
class Gain:
    """What leaving out the finest level of a dimension, or the ``dimension`` itself, would change.

    Of the cells that remain: ``opened`` were hidden and would be published, with ``counts`` in them, ``closed`` the
    other way round. ``gone``: published cells that the coarser table does not have. For inside use only.
    """

    dimension: str
    left_out: Literal["level", "dimension"]
    opened: int
    counts: int
    closed: int
    gone: int


def gains(instance: Instance, promise: Promise) -> list[Gain]:
    """Return what each way to make the table coarser gives, the most opened cells first; none where nothing is proven.

    Wishes for single cells are left aside: a coarser table may not have those cells.
    """
    quick = replace(promise, method="eliminate")
    before = protect_single(instance, quick)
    if not isinstance(before, Hidden):
        return []
    closed = _closed(before)
    counted = once(instance.sides)
    values = summed(instance.tensor(), instance.sides)
    found = []
    for way, number, other in _coarser(instance):
        after = protect_single(other, quick)
        if not isinstance(after, Hidden):
            continue
        kept = _kept(instance.sides, other.sides)
        secret = closed[kept].reshape(_closed(after).shape)
        opened, shut = secret & ~_closed(after), ~secret & _closed(after)
        single = once(other.sides)
        shown = int((~closed & counted).sum())
        found.append(
            Gain(
                dimension=instance.sides[number].name,
                left_out=way,
                opened=int((opened & single).sum()),
                counts=int(values[kept].reshape(opened.shape)[opened & single].sum()),
                closed=int((shut & single).sum()),
                gone=shown - int((~secret & single).sum()),
            )
        )
    return sorted(found, key=lambda gain: (-gain.opened, gain.dimension, gain.left_out))


def _coarser(instance: Instance) -> Iterator[tuple[Literal["level", "dimension"], int, Instance]]:
    for number, one in enumerate(instance.sides):
        if len(one.sums) > 1:
            yield LEVEL, number, _without_level(instance, number)
        if len(instance.sides) > 1:
            yield DIMENSION, number, _without(instance, number)


def _without_level(instance: Instance, number: int) -> Instance:
    """Return the instance in which every leaf below a group is counted in its group."""
    old = instance.sides[number]
    above = _above(old)
    gone = {old.codes[leaf] for leaf in old.leaf_positions.tolist() if above[above[old.codes[leaf]]]}
    new = side(old.name, {code: parent for code, parent in above.items() if code not in gone})
    place = {code: at for at, code in enumerate(new.codes[leaf] for leaf in new.leaf_positions.tolist())}
    leaves = [old.codes[leaf] for leaf in old.leaf_positions.tolist()]
    into = [place[above[code] if code in gone else code] for code in leaves]
    counts: dict[tuple[int, ...], int] = {}
    for at, count in instance.counts.items():
        moved = (*at[:number], into[at[number]], *at[number + 1 :])
        counts[moved] = counts.get(moved, 0) + count
    sides = (*instance.sides[:number], new, *instance.sides[number + 1 :])
    return Instance(sides, dict(sorted(counts.items())), {})


def _without(instance: Instance, number: int) -> Instance:
    counts: dict[tuple[int, ...], int] = {}
    for at, count in instance.counts.items():
        left = at[:number] + at[number + 1 :]
        counts[left] = counts.get(left, 0) + count
    return Instance(instance.sides[:number] + instance.sides[number + 1 :], dict(sorted(counts.items())), {})


def _above(one: Side) -> dict[str, str]:
    """Return the parent of each code, empty for the root."""
    above = {one.codes[part]: one.codes[parent] for parent, parts in one.sums for part in parts}
    return {code: above.get(code, "") for code in one.codes}


def _closed(found: Hidden) -> Flags:
    closed: Flags = np.append(found.hidden, False)[found.lattice.of_cell]
    return closed


def once(sides: tuple[Side, ...]) -> Flags:
    """Return which cells are counted: of codes with the same leaves the first."""
    counted = np.ones((), dtype=bool)
    for one in sides:
        counted = counted[..., None] & ~one.doubles
    return counted


def _kept(sides: tuple[Side, ...], others: tuple[Side, ...]) -> tuple[Ints, ...]:
    """Return where the cells of the coarser table stand in the finer one."""
    new = {one.name: one.codes for one in others}
    codes = [new.get(one.name, (_root(one),)) for one in sides]
    places = [
        np.array([one.codes.index(code) for code in wanted], dtype=np.int64)
        for one, wanted in zip(sides, codes, strict=True)
    ]
    return tuple(np.ix_(*places))


def _root(one: Side) -> str:
    return next(code for code, parent in _above(one).items() if not parent)
