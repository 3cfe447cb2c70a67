"""Fewer unknowns for the programmes: a hidden sum that nobody asks about is replaced by its parts.

Where a sum is bounded by nothing but what follows from its parts, it adds nothing to what is possible. The hidden sums
of a large table are most of its unknowns and of its equations.
"""

import numpy as np
from scipy import sparse

from register.disclosure.arrays import Flags, Ints


def replaceable(equations: sparse.csr_array, hidden: Flags, lower: Ints, values: Ints) -> Flags:
    """Return which hidden unknowns are the sum of smaller ones and at least what these are at least.

    Smaller by ``values``, so that no sum is ever replaced by itself.
    """
    line = _lines(equations, len(hidden))
    entries = sparse.coo_array(equations)
    row, cell = entries.coords
    largest = np.zeros(equations.shape[0], dtype=np.int64)
    np.maximum.at(largest, row[entries.data > 0], values[cell[entries.data > 0]])
    sums: Flags = hidden & (line >= 0)
    sums[sums] = (largest[line[sums]] < values[sums]) & ((equations @ lower)[line[sums]] >= 0)
    return sums


def condensed(
    equations: sparse.csr_array, gone: Flags, others: sparse.csr_array
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return equations and other rows in which the ``gone`` sums are replaced by their parts; their columns are empty.

    The equations that define them are left out.
    """
    cells = np.flatnonzero(gone)
    line = _lines(equations, len(gone))[cells]
    rest = np.ones(equations.shape[0], dtype=bool)
    rest[line] = False
    here = picked(cells, len(gone))
    parts = equations[line] + here
    left = sparse.vstack([equations[np.flatnonzero(rest)], others], format="csr")
    while (inside := left[:, cells]).nnz:
        left = left - inside @ here + inside @ parts
        left.eliminate_zeros()
    kept = int(rest.sum())
    return sparse.csr_array(left[:kept]), sparse.csr_array(left[kept:])


def picked(cells: Ints, size: int) -> sparse.csr_array:
    """Return one row for each of these unknowns that holds it alone."""
    count = len(cells)
    return sparse.csr_array((np.ones(count, dtype=np.int64), (np.arange(count), cells)), shape=(count, size))


def _lines(equations: sparse.csr_array, size: int) -> Ints:
    """Return for each unknown the equation that has it as the sum of others, or -1."""
    entries = sparse.coo_array(equations)
    row, cell = entries.coords
    negative = entries.data < 0
    single = np.bincount(row[negative], minlength=equations.shape[0]) == 1
    defines = negative & (entries.data == -1) & single[row]
    line = np.full(size, -1, dtype=np.int64)
    line[cell[defines]] = row[defines]
    return line
