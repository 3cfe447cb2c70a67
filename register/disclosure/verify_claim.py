"""What a certificate of files may say, and what it must prove beside small counts, as alone as ``verify_files``.

Counts of which one contributor provides more than a share are unsafe like small ones. Of each group that shares an
answer the number of the others must differ in some table, though nobody prints it.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Lines = list[tuple[int, int, list[int]]]
FORMAT = "disclosure-certificate/1"
LEAST = {"A0": 0, "A1": 0, "A2": 1, "A3": 1, "A4": 1}
PARTS = {"format", "threshold", "attacker", "marks", "protection", "zero_policy", "instance", "protected"}
PARTS |= {"dimensions", "tables", "engine"}


class BrokenError(Exception):
    """A file is not what it should be."""


def check_shape(claim: Any) -> None:
    """Raise BrokenError when a certificate does not say what it must, or says what it may not."""
    if not isinstance(claim, dict) or set(claim) - {"waivers", "beyond"} != PARTS or claim["format"] != FORMAT:
        raise BrokenError(f"the certificate is not of the format {FORMAT}")
    if type(claim["threshold"]) is not int or not 2 <= claim["threshold"] <= 1_000_000:
        raise BrokenError("the threshold protects nothing")
    if claim["attacker"] not in LEAST or claim["zero_policy"] not in ("visible", "hidden"):
        raise BrokenError("the attacker or the zero policy is unknown")
    if type(claim["marks"]) is not bool or (claim["attacker"] in ("A3", "A4")) < claim["marks"]:
        raise BrokenError("marks belong to the attackers A3 and A4")
    if not re.fullmatch(r"nonexact|reach|width:[1-9][0-9]{0,8}", str(claim["protection"])):
        raise BrokenError("the protection is unknown")
    if not _asks_sense(claim.get("beyond"), claim["dimensions"]) or ("beyond" in claim and claim["marks"]):
        raise BrokenError("what is asked beside small counts is unknown")


def _asks_sense(asked: Any, names: list[str]) -> bool:
    """Return whether this is what a certificate may say of it; an empty one asks nothing."""
    if not asked:
        return True
    known = set(asked) == {"sensitive", "but", "contributor", "dominant"}
    numbers = known and type(asked["but"]) is int and type(asked["dominant"]) is int
    return bool(numbers and {*asked["sensitive"], asked["contributor"] or names[0]} <= set(names)) and (
        0 <= asked["but"] <= 2 and 50 <= asked["dominant"] < 100
    )


def dominated(asked: Any, truth: Ints, lines: Lines, axis: int, members: Ints) -> Flags:
    """Return which cells one contributor provides nearly alone; ``members`` are the leaves of each of its codes."""
    found = np.zeros(truth.shape, dtype=bool)
    single = members.sum(axis=1) == 1
    leaf = np.array([int(np.flatnonzero(single & (column > 0))[0]) for column in members.T])
    for along, parent, _ in lines:
        if along == axis:
            most = np.take(truth, leaf[np.flatnonzero(members[parent])], axis).max(axis=axis)
            whole = np.take(truth, parent, axis)
            np.moveaxis(found, axis, 0)[parent] |= (whole > 0) & (100 * most > asked["dominant"] * whole)
    return found


def others(cells: Ints, lines: Lines, axes: list[int]) -> Iterator[tuple[tuple[int, int], Ints]]:
    """Yield for each sum and part of these dimensions how many of the sum are not of the part."""
    for axis, parent, parts in lines:
        for part in parts if axis in axes else ():
            yield (axis, parent), np.take(cells, parent, axis) - np.take(cells, part, axis)


def unproven(asked: Any, truth: Ints, tables: list[Ints], lines: Lines, names: list[str], waived: Flags) -> bool:
    """Return whether the others of some group are the same in every table, though the group is not waived."""
    axes = [names.index(name) for name in asked["sensitive"]]
    moved = [others(table, lines, axes) for table in tables]
    for (axis, parent), true in others(truth, lines, axes):
        whole = np.take(truth, parent, axis)
        wanted = (whole > 0) & (true <= asked["but"]) & ~np.take(waived, parent, axis)
        differs = np.zeros(true.shape, dtype=bool)
        for each in moved:
            differs |= next(each)[1] != true
        if (wanted & ~differs).any():
            return True
    return False
