"""Keys of rows that keep the order of entry."""

import secrets
import time
from uuid import UUID


class RowIds:
    """Keys that sort by the moment they were made (RFC 9562, version 7): 48 bits of milliseconds, 12 of a fraction.

    A clock that stands still or runs back does not break the order within a process.
    """

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> UUID:
        moment = max(time.time_ns() * 4096 // 1_000_000, self._last + 1)
        self._last = moment
        high = (moment >> 12 & (1 << 48) - 1) << 16 | 0x7 << 12 | moment & 0xFFF
        return UUID(int=high << 64 | 0b10 << 62 | secrets.randbits(62))


row_ids = RowIds()
