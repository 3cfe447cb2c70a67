"""The files of one protected table: cells with a status, and a certificate of alternatives by their leaves."""

import hashlib
import json
from itertools import product
from typing import Any

import numpy as np

from register.disclosure.instances import Instance
from register.disclosure.lattice import summed
from register.disclosure.result import ENGINE
from register.disclosure.single import Hidden, Promise
from register.disclosure.verdict import FORMAT


def protected_table(instance: Instance, found: Hidden) -> bytes:
    """Return every cell of the full table as CSV: published with its value, or suppressed with none."""
    of_cell = found.lattice.of_cell.ravel()
    closed = np.append(found.hidden, False)[of_cell]  # a cell known to be empty has number -1: the last, open
    values = summed(instance.tensor(), instance.sides).ravel()
    names = ",".join(side.name for side in instance.sides)
    lines = [f"{names},value,status"]
    for codes, value, secret in zip(
        product(*(side.codes for side in instance.sides)), values.tolist(), closed.tolist(), strict=True
    ):
        lines.append(",".join((*codes, "", "suppressed") if secret else (*codes, str(value), "published")))
    return ("\n".join(lines) + "\n").encode()


def certificate_of(instance: Instance, found: Hidden, promise: Promise, protected: bytes) -> bytes:
    """Return the certificate; it holds the truth in all but name and is as secret as the register."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "threshold": promise.threshold,
        "attacker": promise.attacker,
        "marks": promise.marks,
        "protection": promise.protection,
        "zero_policy": promise.zeros,
        "instance": instance.digests,
        "protected": hashlib.sha256(protected).hexdigest(),
        "dimensions": [side.name for side in instance.sides],
        "tables": [_leaves(instance, found, dict(zip(move.cells, move.steps, strict=True))) for move in found.moves],
        "engine": {"version": ENGINE, "parameters": {"cost": promise.cost, "method": promise.method}},
    }
    if found.waivers:
        content["waivers"] = [waiver.words(instance.sides) for waiver in found.waivers]
    if found.beyond:
        content["beyond"] = found.beyond.told()
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _leaves(instance: Instance, found: Hidden, steps: dict[int, int]) -> list[list[str | int]]:
    """Return the changes of leaf counts behind the changes of unknowns, in the order of the leaves."""
    shape = [len(side.leaf_positions) for side in instance.sides]
    leaf = found.lattice.leaf
    rows: list[list[str | int]] = []
    for unknown in sorted((u for u in steps if leaf[u] >= 0), key=lambda u: int(leaf[u])):
        at = np.unravel_index(int(leaf[unknown]), shape)
        codes = [side.codes[int(side.leaf_positions[place])] for side, place in zip(instance.sides, at, strict=True)]
        rows.append([*codes, steps[unknown]])
    return rows
