"""Many short alternatives put together into few: a proof that is read in seconds.

Alternatives can be added up as long as no leaf falls too far. A small count that two of them move in opposite ways may
stand still in their sum; then one of them is told again.
"""

from typing import Final

import numpy as np
from scipy import sparse

from register.disclosure.arrays import Ints

TOGETHER: Final = 2  # rounds of adding up; what still stands still then is told by itself


def packed(alternatives: Ints, fall: Ints, small: sparse.csr_array) -> Ints:
    """Return few alternatives (rows over the leaves) that change every small count which these change.

    ``fall``: how far each leaf may fall. ``small``: 1 where a small count (row) holds a leaf (column).
    """
    tables = np.zeros((0, len(fall)), dtype=np.int64)
    still = np.arange(small.shape[0])
    chosen = np.arange(len(alternatives))
    rounds = 0
    while len(still):
        more = _added_up(alternatives[chosen], fall) if rounds < TOGETHER else alternatives[chosen]
        tables = np.concatenate([tables, more])
        changed = (small[still] @ more.T != 0).any(axis=1)
        still, rounds = still[~changed], rounds + 1
        chosen = np.unique((small[still] @ alternatives.T != 0).argmax(axis=1)) if len(still) else chosen
    return tables


def _added_up(alternatives: Ints, fall: Ints) -> Ints:
    """Add each alternative to the first sum that still has room for it."""
    sums = np.zeros((16, len(fall)), dtype=np.int64)
    count = 0
    for alternative in alternatives:
        leaves = np.flatnonzero(alternative)
        room = (sums[:count, leaves] + alternative[leaves] >= -fall[leaves]).all(axis=1)
        first = int(room.argmax()) if room.any() else count
        count = max(count, first + 1)
        if count == len(sums):
            sums = np.concatenate([sums, np.zeros_like(sums)])
        sums[first, leaves] += alternative[leaves]
    return sums[:count]
