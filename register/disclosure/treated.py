"""One table published otherwise than by hiding: rounded so that all adds up, or with keyed noise (experimental).

Every cell of such a table has the same status, so nobody reads from it which counts were changed. Exact numbers of the
same table must never stand beside it: see ``one_way``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final, Literal

import numpy as np

from register.disclosure.arrays import Ints
from register.disclosure.cellkey import KEYS, Noise, record_key
from register.disclosure.cells import DisclosureInputError
from register.disclosure.controlled import Controlled, NotRounded, round_controlled
from register.disclosure.instances import Instance, bad, read_cells
from register.disclosure.lattice import lattice, summed
from register.disclosure.rounding import round_instance

Way = Literal["exact", "rounded", "perturbed"]
WAYS: Final[Mapping[str, Way]] = {
    "published": "exact",
    "suppressed": "exact",
    "rounded": "rounded",
    "perturbed": "perturbed",
}
NEARLY: Final = 1e-6
Place = tuple[int, ...]  # the place of a leaf in each dimension


@dataclass(frozen=True, slots=True)
class Treated:
    """Every cell as it may be published, one axis per dimension over its codes.

    ``largest``: how far the farthest lies from the truth; inside use only. ``early``: the search for the nearest table
    stopped at its limit, and there may be a nearer one.
    """

    way: Way
    cells: Ints = field(repr=False)
    largest: int = field(repr=False)
    early: bool = False


def rounded(instance: Instance, base: int) -> Treated:
    """Round the small counts to nought or the base (3 or 5); the sums are those of the rounded leaves."""
    found = round_instance(instance, base)
    return Treated("rounded", found.cells, found.largest)


def rounded_everywhere(instance: Instance, base: int, *, wider: int = 0) -> Treated | NotRounded:
    """Round every cell to a neighbouring multiple of the base, or up to ``wider`` further, so that all adds up."""
    cells = lattice(instance, zeros_shown=True)
    system = cells.unknowns(np.zeros(cells.size, dtype=bool))
    found = round_controlled(system, base, wider=wider)
    if not isinstance(found, Controlled):
        return found
    after = found.of_cells(system).reshape(cells.of_cell.shape)
    return Treated("rounded", after, found.largest, early=found.least < found.deviation - NEARLY)


def with_noise(instance: Instance, records: Mapping[Place, Iterable[str]], secret: bytes, table: Noise) -> Treated:
    """Add to every count the noise of its records; the same records get the same noise in any cell and any table."""
    counts = instance.tensor()
    keys = np.zeros(counts.shape, dtype=np.int64)
    for at, names in records.items():
        keys[at] = sum(record_key(secret, name) for name in names) % KEYS
    truth, key = summed(counts, instance.sides), summed(keys, instance.sides) % KEYS
    steps = [
        table.of(count, own) if count else 0
        for count, own in zip(truth.ravel().tolist(), key.ravel().tolist(), strict=True)
    ]
    after = truth + np.array(steps, dtype=np.int64).reshape(truth.shape)
    return Treated("perturbed", after, int(np.abs(after - truth).max(initial=0)))


def treated_table(instance: Instance, found: Treated) -> bytes:
    """Return every cell of the table as CSV, all with one status."""
    lines = [",".join((*(side.name for side in instance.sides), "value", "status"))]
    cells = zip(product(*(side.codes for side in instance.sides)), found.cells.ravel().tolist(), strict=True)
    lines += [",".join((*codes, str(value), found.way)) for codes, value in cells]
    return ("\n".join(lines) + "\n").encode()


def read_records(path: Path, instance: Instance) -> dict[Place, list[str]]:
    """Read the records behind the counts: the codes of a leaf and the name of a ``record``, a line each.

    Raises DisclosureInputError with the line of the first that is wrong, or when they are not those of the counts.
    """
    leaf_of = [{int(code): leaf for leaf, code in enumerate(side.leaf_positions)} for side in instance.sides]
    found: dict[Place, list[str]] = {}
    seen: set[str] = set()
    for number, at, (name,) in read_cells(path, instance.sides, ("record",)):
        if not all(code in leaves for code, leaves in zip(at, leaf_of, strict=True)):
            raise bad(path.name, number, "een record staat bij een totaal", "a record stands at a total")
        if not name or name in seen:
            raise bad(path.name, number, "een record heeft geen naam of staat er twee keer",
                      "a record has no name or occurs twice")  # fmt: skip
        seen.add(name)
        found.setdefault(tuple(leaves[code] for code, leaves in zip(at, leaf_of, strict=True)), []).append(name)
    if {at: len(names) for at, names in found.items()} != instance.counts:
        raise bad(path.name, 0, "dit zijn niet de records van de tellingen", "these are not the records of the counts")
    return found


def one_way(names: Iterable[str], way: Way, others: Mapping[str, Iterable[str]]) -> None:
    """Refuse a table of these dimensions beside ``others`` (file to first lines) that publish it in another way.

    Raises DisclosureInputError with the name of the file.
    """
    header = ",".join((*names, "value", "status"))
    for file, lines in sorted(others.items()):
        first, second = [*(line.rstrip("\r\n") for line in lines), "", ""][:2]
        other = WAYS.get(second.rpartition(",")[2], way)
        if first == header and other != way:
            raise DisclosureInputError(
                nl=f"{file} in dezelfde map publiceert deze tabel al op een andere manier; nooit twee naast elkaar.",
                en=f"{file} in the same folder publishes this table in another way already; never two beside another.",
            )
