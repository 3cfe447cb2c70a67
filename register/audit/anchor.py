"""The anchor: one line for each seal, outside the database, in storage that only grows.

Whoever can rewrite the database cannot rewrite the anchor: that is what tells an older state from a younger one. A line
that a full disk cut off is made whole by adding what it lacks, never by taking anything away.
"""

import fcntl
import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from register.audit.seals import Seal


class AnchorError(Exception):
    """The anchor cannot be read or written; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an anchor holds: its whole lines by the number of their seal.

    ``piece`` is what stands after the last of them: the beginning of the next line, when it was cut off.
    """

    lines: Mapping[int, str]
    piece: str = ""

    @property
    def last(self) -> int:
        """The number of the last seal with a whole line; 0 for none."""
        return max(self.lines, default=0)

    @property
    def numbers(self) -> list[int]:
        """Every seal that the anchor knows of, in order: the last one perhaps by a piece of its line alone."""
        return [*sorted(self.lines), *([self.last + 1] if self.piece else [])]


def line_of(seal: "Seal") -> str:
    """Number, moment, how many changes and looks, hash, signature and key of a seal."""
    signature = b64encode(seal.signature).decode()
    return f"{seal.id} {seal.at.isoformat()} {seal.changes} {seal.accesses} {seal.hash.hex()} {signature} {seal.key_id}"


def append(path: Path, seals: Sequence["Seal"]) -> int:
    """Write the lines of these seals that are not there yet, and return when the disk has them.

    ``seals`` begin at the latest after the last whole line. Of a line that was cut off the rest is written; the number
    of its seal comes back, else 0. The keeper and an operator may seal at the same time: the file is held while it is
    looked at and written.
    """
    if not seals:
        return 0
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            present = read(path)
            missing = "".join(f"{line_of(seal)}\n" for seal in seals if seal.id > present.last)
            if not missing:  # another run was quicker
                return 0
            if not missing.startswith(present.piece):
                raise AnchorError(
                    f"The anchor {path.name} ends in a piece of a line that is not that of seal {present.last + 1}: "
                    "somebody else wrote in it."
                )
            file.write(missing[len(present.piece) :].encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise AnchorError(
            f"The anchor {path.name} cannot be written ({error.strerror}): the seals wait, mend its storage."
        ) from None
    return present.last + 1 if present.piece else 0


def read(path: Path) -> Written:
    """What the anchor holds; nothing when there is no anchor yet."""
    try:
        text = path.read_text(encoding="ascii") if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise AnchorError(f"The anchor {path.name} cannot be read: mend its storage, do not make a new one.") from None
    *whole, piece = text.split("\n")
    found: dict[int, str] = {}
    for line in whole:
        number = line.partition(" ")[0]
        if not number.isdigit():
            raise AnchorError(f"The anchor {path.name} holds a line that no seal wrote: somebody else wrote in it.")
        if int(number) in found:
            raise AnchorError(f"The anchor {path.name} holds two lines for seal {number}: somebody else wrote in it.")
        found[int(number)] = line
    return Written(found, piece)
