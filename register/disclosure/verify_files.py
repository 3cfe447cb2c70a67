"""The verifier of files: does a certificate prove that no small count of a protected table can be computed?

From the files alone, in whole numbers, with numpy: no solver, nothing of this room. A table of changed leaf counts is
a register like the true one to every reader when it changes nothing that is published and leaves every hidden cell
possible. Each small count must differ in at least one of them, unless somebody allows it to be published by name.
"""

import csv
import hashlib
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from register.disclosure.verify_claim import LEAST, BrokenError, check_shape, dominated, unproven

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


# What reading raises on files that anybody may have made: too few cells in a row, a cell or a number that is too long.
UNREADABLE = (
    *(BrokenError, OSError, ValueError, KeyError, TypeError, IndexError, RecursionError),
    *(AttributeError, OverflowError, csv.Error),
)


class Dimension(NamedTuple):
    """Codes in file order, the place of each leaf, which leaves (columns) each code (row) holds, and what is summed."""

    name: str
    codes: list[str]
    leaf: dict[str, int]
    members: Ints
    sums: list[tuple[int, list[int]]]


def verify_files(folder: Path, protected: Path, certificate: Path) -> list[str]:
    """Return why the certificate does not prove its promise; an empty list when it does."""
    try:
        files = {name: (folder / name).read_bytes() for name in ("counts.csv", "hierarchies.csv")}
        table = protected.read_bytes()
        claim = json.loads(certificate.read_bytes())
        return list(dict.fromkeys(_check(claim, files, table)))
    except UNREADABLE as error:
        return [f"A file cannot be read as it should be: {error}."]


def _check(claim: Any, files: dict[str, bytes], table: bytes) -> Iterator[str]:
    check_shape(claim)
    if claim["instance"] != {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}:
        yield "The certificate belongs to another instance."
    if claim["protected"] != hashlib.sha256(table).hexdigest():
        yield "The certificate belongs to another protected table."
    dimensions = _dimensions(files["hierarchies.csv"].decode())
    if claim["dimensions"] != [dimension.name for dimension in dimensions]:
        raise BrokenError("the dimensions are not those of the instance")
    leaves = _leaves(files["counts.csv"].decode(), dimensions)
    truth = _summed(leaves, dimensions)
    hidden = np.zeros(truth.shape, dtype=bool)
    yield from _published(table.decode(), dimensions, truth, hidden)
    visible = claim["zero_policy"] == "visible"
    equal = _equal(leaves, dimensions, visible)
    waived = np.isin(equal, equal[_waived(claim, dimensions, truth.shape)])
    small = (truth > 0) & (truth < claim["threshold"]) & ~waived
    if (small & ~hidden).any():
        yield "A count below the threshold is published."
    lines = [(axis, *line) for axis, dimension in enumerate(dimensions) for line in dimension.sums]
    names, asked = claim["dimensions"], claim.get("beyond")
    if asked and asked["contributor"]:
        axis = names.index(asked["contributor"])
        small |= dominated(asked, truth, lines, axis, dimensions[axis].members) & ~waived
    if asked and (small & ~hidden).any():
        yield "A count that one contributor provides nearly alone is published."
    if visible and (hidden & (truth == 0)).any():
        yield "A zero is suppressed, although zeros are visible."
    if not np.isin(np.bincount(equal[hidden], minlength=equal.max() + 1) / np.bincount(equal.ravel()), (0, 1)).all():
        yield "Of two cells that are equal for every reader, one is suppressed and one published."
    others: list[Ints] = []
    low, high = truth.copy(), truth.copy()
    least = np.where(truth > 0, LEAST[claim["attacker"]], 0)
    most = np.full(truth.shape, np.iinfo(np.int64).max)
    if claim["marks"]:
        least = np.where(small, least, np.where(truth > 0, claim["threshold"], 0))
        most = np.where(small, claim["threshold"] - 1, most)
    for rows in claim["tables"]:
        change = _change(rows, dimensions, leaves.shape)
        if (leaves + change < 0).any():
            yield "A table has a negative count."
        other = truth + _summed(change, dimensions)
        if (other[~hidden] != truth[~hidden]).any():
            yield "A table changes a published cell."
        if (hidden & ((other < least) | (other > most))).any():
            yield "A table has a value that the attacker knows to be impossible."
        low, high = np.minimum(low, other), np.maximum(high, other)
        others += [other] if asked else []
    width = int(claim["protection"].partition(":")[2] or 1)
    enough = high >= claim["threshold"] if claim["protection"] == "reach" else high - low >= width
    if not enough[small].all():
        yield "A count below the threshold has no alternative as far away as promised."
    if asked and unproven(asked, truth, others, lines, names, waived):
        yield "Of a group that shares an answer the number of the others can be computed."


def _dimensions(text: str) -> list[Dimension]:
    above: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["code"] in above.setdefault(row["dimension"], {}):
            raise BrokenError("a code occurs twice")
        above[row["dimension"]][row["code"]] = row["parent"]
    return [_dimension(name, parents) for name, parents in above.items()]


def _dimension(name: str, above: dict[str, str]) -> Dimension:
    codes = list(above)
    leaf = {code: number for number, code in enumerate(c for c in codes if c not in set(above.values()))}
    members = np.zeros((len(codes), len(leaf)), dtype=np.int64)
    for code, column in leaf.items():
        steps, at = 0, code
        while at:
            members[codes.index(at), column] = 1
            at, steps = above[at], steps + 1
            if steps > len(codes):
                raise BrokenError("a hierarchy has a cycle")
    if [code for code in codes if not above[code]] != ["_T"] or not members.any(axis=1).all():
        raise BrokenError("a hierarchy has not one root _T")
    parts = [(at, [n for n, code in enumerate(codes) if above[code] == parent]) for at, parent in enumerate(codes)]
    return Dimension(name, codes, leaf, members, [line for line in parts if len(line[1]) > 1])


def _leaves(text: str, dimensions: list[Dimension]) -> Ints:
    counts = np.zeros([len(dimension.leaf) for dimension in dimensions], dtype=np.int64)
    seen = set()
    for row in csv.DictReader(text.splitlines()):
        codes = tuple(row[dimension.name] for dimension in dimensions)
        if codes in seen or not (row["count"].isascii() and row["count"].isdigit()):
            raise BrokenError("a count is broken or occurs twice")
        seen.add(codes)
        if all(code in dimension.leaf for code, dimension in zip(codes, dimensions, strict=True)):
            counts[_at(codes, dimensions)] = int(row["count"])
    return counts


def _at(codes: Any, dimensions: list[Dimension]) -> tuple[int, ...]:
    return tuple(dimension.leaf[code] for code, dimension in zip(codes, dimensions, strict=True))


def _summed(leaves: Ints, dimensions: list[Dimension]) -> Ints:
    """Return all cells of the leaves: one axis per dimension, over all its codes."""
    cells = leaves
    for axis, dimension in enumerate(dimensions):
        cells = np.moveaxis(np.tensordot(dimension.members, cells, axes=(1, axis)), 0, axis)
    return cells


def _published(text: str, dimensions: list[Dimension], truth: Ints, hidden: Flags) -> Iterator[str]:
    """Compare the protected file with the truth; set ``hidden`` where it says suppressed."""
    rows = iter(text.split("\n"))
    if next(rows).split(",") != [*(dimension.name for dimension in dimensions), "value", "status"]:
        raise BrokenError("the header of the protected table is not as agreed")
    flat, values = hidden.reshape(-1), truth.reshape(-1)
    for number, codes in enumerate(product(*(dimension.codes for dimension in dimensions))):
        *names, value, status = next(rows).split(",")
        if tuple(names) != codes or status not in ("published", "suppressed"):
            raise BrokenError(f"row {number + 2} of the protected table is not as agreed")
        flat[number] = status == "suppressed"
        if value != ("" if flat[number] else str(values[number])):
            yield "A published value is not the true one, or a suppressed cell has a value."
    if list(rows) != [""]:
        raise BrokenError("the protected table has rows too many")


def _waived(claim: Any, dimensions: list[Dimension], shape: tuple[int, ...]) -> Flags:
    """Return which cells somebody allows to be published by name."""
    waived = np.zeros(shape, dtype=bool)
    for *codes, person, reason, day in claim.get("waivers", []):
        at = tuple(side.codes.index(code) for side, code in zip(dimensions, codes, strict=True))
        waived[at] = all(isinstance(word, str) and word for word in (person, reason, day))
    return waived


def _equal(leaves: Ints, dimensions: list[Dimension], visible: bool) -> Ints:
    """Return one number for all cells with the same leaves, known zeros left out; compares sums of random numbers."""
    marks = np.random.default_rng(0).integers(1, 2**62, size=leaves.shape, dtype=np.int64)
    prints = _summed(np.where((leaves > 0) | (not visible), marks, 0), dimensions)
    return np.unique(prints, return_inverse=True)[1].reshape(prints.shape)


def _change(rows: Any, dimensions: list[Dimension], shape: tuple[int, ...]) -> Ints:
    change = np.zeros(shape, dtype=np.int64)
    for *codes, step in rows:
        at = _at(codes, dimensions)
        if type(step) is not int or not 0 < abs(step) < 10**9 or change[at]:
            raise BrokenError("a table changes a leaf twice, or not by a whole number")
        change[at] = step
    return change
