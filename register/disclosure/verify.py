"""The verifier: does a certificate prove that nobody can compute what is unsafe?

In whole numbers, with numpy; no solver, and nothing of the engine that made the certificate. A release claims cells
and their relations; of a table in a folder the same is read here from its files. Each alternative must be a register
that fits all that is published. ``verdict`` puts into words what is wrong. Any error means that nothing is proven.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
LEAST = {"A0": 0, "A1": 0, "A2": 1, "A3": 1, "A4": 1}  # what each attacker knows a hidden count to be at least
MOST = 2**34  # no number is larger, and the factors of a sum are at most 2**27 together: sums fit 64 bits


class Sums(NamedTuple):
    """Sums of cells: row, cell and factor of every term, by cell; the terms of a cell begin at its ``start``."""

    rows: int
    start: Ints
    row: Ints
    cell: Ints
    factor: Ints

    def of(self, cells: Ints, numbers: Ints) -> Ints:
        """Return what these numbers in these cells come to in each row."""
        count = self.start[cells + 1] - self.start[cells]
        terms = np.repeat(self.start[cells] - count.cumsum() + count, count) + np.arange(count.sum())
        found = np.zeros(self.rows, dtype=np.int64)
        np.add.at(found, self.row[terms], self.factor[terms] * np.repeat(numbers, count))
        return found

    def equal(self, nought: npt.NDArray[np.bool_]) -> Ints:
        """Return pairs of cells that every reader knows to be equal: all else in their row is known to be empty."""
        left = np.flatnonzero(~nought[self.cell])
        left = left[np.bincount(self.row[left], minlength=self.rows)[self.row[left]] == 2]
        pairs = left[np.argsort(self.row[left], kind="stable")].reshape(-1, 2)
        return np.asarray(self.cell[pairs[self.factor[pairs].sum(axis=1) == 0].T], dtype=np.int64)


def verify(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a claim, as ``claim.Claim`` tells it; nothing when it proves its promise."""
    values, threshold, attacker, zeros = _whole(claim["values"]), claim["threshold"], claim["attacker"], claim["zeros"]
    names = ("printed", "hidden", "guarded", "impossible", "sensitive")
    printed, hidden, guarded, impossible, sensitive = flags = [np.array(claim[name], dtype=bool) for name in names]
    if any(flag.shape != values.shape for flag in flags):
        raise ValueError("incomplete")
    size, every = len(values), np.arange(len(values))
    equations, inequalities = _sums(claim["equations"], size), _sums(claim["inequalities"], size)
    marks, (kind, _, width) = claim["marks"], claim["protection"].partition(":")
    promised = kind in ("nonexact", "reach") if not width else kind == "width" and int(width) > 0
    known = zeros in ("visible", "hidden") and attacker in LEAST
    if not (promised and known and threshold >= 2 and marks <= (attacker in ("A3", "A4") and zeros == "visible")):
        raise ValueError("promise")
    small = guarded & (few := (values > 0) & (values < threshold))
    nought = impossible | (printed & (values == 0) & (zeros == "visible"))
    fixed = nought | (shown := printed & ~hidden)
    one, other = equations.equal(nought)
    fates = printed[one] & printed[other] & (hidden[one] != hidden[other])
    sums, base = equations.of(every, values), inequalities.of(every, values)
    yield from _wrong(negative=values < 0, full=impossible & (values != 0), sums=sums != 0, inequality=base < 0)
    yield from _wrong(small_shown=shown & small, unsafe_shown=shown & sensitive, fates=fates)
    yield from _wrong(nowhere=hidden & ~printed, zero_hidden=hidden & nought)
    least, most = np.where(printed & (values > 0), LEAST[attacker], 0), np.full(size, 2**62)
    if marks:  # of a hidden zero they would tell what nobody defines, so none is hidden then
        least, most = np.where(few | (values == 0), least, threshold), np.where(few, threshold - 1, most)
    low, high = values.copy(), values.copy()
    for witness in claim["witnesses"]:
        cells, steps = _whole(witness).reshape(-1, 2).T
        if not 0 <= cells.min(initial=0) <= cells.max(initial=0) < size or len(np.unique(cells)) < len(cells):
            raise ValueError("no such cell")
        after, free = values[cells] + steps, ~fixed[cells]
        bound = free & ((after < least[cells]) | (after > most[cells]))
        yield from _wrong(moves_shown=~free & (steps != 0), bound=bound, moves_sums=equations.of(cells, steps) != 0)
        yield from _wrong(moves_inequality=base + inequalities.of(cells, steps) < 0)
        low[cells], high[cells] = np.minimum(low[cells], after), np.maximum(high[cells], after)
    proven = (high - low >= int(width or 1)) & ((kind != "reach") | (high >= threshold))
    yield from _wrong(small_unproven=small & ~proven, unsafe_unproven=sensitive & ~proven)


def _wrong(**checks: npt.NDArray[np.bool_]) -> Iterator[str]:
    yield from (name for name, wrong in checks.items() if wrong.any())


def _whole(numbers: Any, most: int = MOST) -> Ints:
    taken = np.asarray(numbers)
    if taken.size and (taken.dtype != np.int64 or taken.max() > most or taken.min() < -most):
        raise ValueError("not whole")
    return taken.astype(np.int64)


def _sums(rows: Iterable[Any], size: int) -> Sums:
    terms = _whole([(number, *pair) for number, row in enumerate(rows) for pair in row]).reshape(-1, 3)
    row, cell, factor = terms[np.argsort(terms[:, 1], kind="stable")].T
    start = np.searchsorted(cell, np.arange(size + 1))
    if start[0] or start[-1] < len(cell) or np.bincount(row, np.abs(factor)).max(initial=0) > 2**27:
        raise ValueError("no such cell")
    return Sums(int(row.max(initial=-1)) + 1, start, row, cell, factor)


class Cube:
    """A table: the ``number`` of each cell by its codes, and each whole, deepest first, with all below, parts first."""

    def __init__(self, hierarchies: str) -> None:
        above: dict[str, dict[str, str]] = {}
        for name, code, parent in _lines(hierarchies, ["dimension", "code", "parent"]):
            if not code or above.setdefault(name, {}).setdefault(code, parent) != parent:
                raise ValueError("a code is empty or occurs twice")
        self.names, shape = list(above), [len(parents) for parents in above.values()]
        self.number = {codes: number for number, codes in enumerate(product(*above.values()))}
        self.sums: list[tuple[str, Ints, Ints, int]] = []
        for axis, (name, parents) in enumerate(above.items()):
            parts = {code: [part for part in parents if parents[part] == code] for code in ["", *parents]}
            order, below = list(parts[""]), {code: [*parts[code]] for code in parts}
            for code in order:
                order += parts[code]
            if parts[""] != ["_T"] or len(order) != len(parents):
                raise ValueError("a hierarchy is not one tree below _T")
            turned = np.moveaxis(np.arange(len(self.number)).reshape(shape), axis, 0).reshape(len(parents), -1)
            cells = dict(zip(parents, turned, strict=True))
            for code in reversed(order):
                below[parents[code]] += below[code]
                if far := [cells[other] for other in below[code]]:
                    self.sums.append((name, cells[code], np.stack(far), len(parts[code])))

    def cells(self, rows: Iterable[Any]) -> Ints:
        """Return the number in every cell, from rows of the codes of a leaf and its number."""
        leaves = {self.number[tuple(codes)]: number for *codes, number in rows}
        found = np.zeros(len(self.number), dtype=np.int64)
        found[list(leaves)] = _whole(list(leaves.values()), 2**30)
        for _, whole, below, parts in self.sums:
            found[whole] = found[below[:parts]].sum(axis=0)
        return found


def _lines(text: str, header: list[str]) -> list[list[str]]:
    rows = [line.rstrip("\r").split(",") for line in text.split("\n") if line.strip()]
    if rows[0] != header or any(len(row) != len(header) for row in rows):
        raise ValueError("a row has not the columns that it should have")
    return rows[1:]


def claim_of(certificate: Mapping[str, Any], counts: str, hierarchies: str, table: str) -> dict[str, Any]:
    """Return what a certificate claims of the table in a folder; ``single_rules.Beyond`` tells what it asks beyond."""
    cube = Cube(hierarchies)
    values = cube.cells(counted := [(*codes, int(count)) for *codes, count in _lines(counts, [*cube.names, "count"])])
    if len({row[:-1] for row in counted}) < len(counted):
        raise ValueError("a count occurs twice")
    hidden = [line.endswith(",suppressed") for line in table.split("\n")[1:-1]]
    rows = [[*cube.names, "value", "status"]]
    for codes, value, secret in zip(cube.number, values.tolist(), hidden, strict=True):
        rows.append([*codes, "", "suppressed"] if secret else [*codes, str(value), "published"])
    if table != "".join(f"{','.join(row)}\n" for row in rows):
        raise ValueError("table")
    asked = certificate.get("beyond") or {"sensitive": (), "contributor": ""}
    if not {*asked["sensitive"], asked["contributor"] or cube.names[0]} <= {*cube.names}:
        raise ValueError("what is asked beside small counts is unknown")
    equations: list[list[tuple[int, int]]] = []
    no, most, groups = np.zeros(len(values), dtype=bool), values.copy(), [np.zeros((2, 0), dtype=np.int64)]
    sensitive, waived, before = no.copy(), no.copy(), 0
    for name, whole, below, count in cube.sums:
        parts = below[:count]
        equations += [[(of, -1), *((part, 1) for part in line)] for of, *line in np.vstack([whole, parts]).T.tolist()]
        if name == asked["contributor"]:
            most[whole] = most[parts].max(axis=0)
            sensitive[whole] |= (len(parts) > 1) & (100 * most[whole] > asked["dominant"] * values[whole])
        if name in asked["sensitive"] and len(parts) > 1:
            shared = (values[whole] > 0) & (values[whole] - values[below] <= asked["but"])
            groups.append(np.stack([np.broadcast_to(whole, below.shape)[shared], below[shared]]))
    for *codes, who, why, day in certificate.get("waivers", []):
        waived[cube.number[tuple(codes)]] = all(isinstance(word, str) and word.strip() for word in (who, why, day))
    one, other = _sums(equations, len(values)).equal((values == 0) & (certificate["zero_policy"] == "visible"))
    while before < (before := int(waived.sum())):
        waived[np.append(one[waived[other]], other[waived[one]])] = True
    whole, part = (pairs := np.concatenate(groups, axis=1))[:, ~waived[pairs[0]]]
    extra = (0, len(whole))
    for group, answer, cell in np.stack([whole, part, len(values) + np.arange(len(whole))]).T.tolist():
        equations.append([(group, 1), (answer, -1), (cell, -1)])

    def witness(rows: Iterable[Any]) -> Ints:
        change = np.append(told := cube.cells(rows), told[whole] - told[part])
        return np.stack([cells := np.flatnonzero(change), change[cells]], axis=1)

    return {
        **{name: certificate[name] for name in ("threshold", "attacker", "marks", "protection")},
        "zeros": certificate["zero_policy"],
        "values": np.append(values, values[whole] - values[part]),
        "printed": np.pad(~no, extra),
        "hidden": np.pad(hidden, extra),
        "guarded": np.pad(~waived, extra),
        "impossible": np.pad(no, extra),
        "sensitive": np.pad(sensitive & ~waived, extra, constant_values=True),
        "equations": equations,
        "inequalities": (),
        "witnesses": map(witness, certificate["tables"]),
    }
