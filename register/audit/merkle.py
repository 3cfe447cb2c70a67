"""The hash tree of RFC 9162: one value that stands for a list of events in their order."""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()
NODE = b"\x01"


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (32 bytes each, SHA-256 of 0x00 and the event); the hash of nothing for no leaf.

    Pairing neighbours level by level, a last one without a neighbour going up as it is, gives the tree that the RFC
    defines by splitting at the largest power of two.
    """
    if not leaves:
        return EMPTY
    sha256, level = hashlib.sha256, list(leaves)
    while len(level) > 1:
        pairs = [sha256(NODE + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]
