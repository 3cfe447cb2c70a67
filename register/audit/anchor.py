"""The anchor: one line for each seal, outside the database, in storage that only grows.

Whoever can rewrite the database cannot rewrite the anchor: that is what tells an older state from a younger one.
"""

import fcntl
import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from register.audit.seals import Seal


class AnchorError(Exception):
    """The anchor cannot be read or written; the sentence says what to do."""


def line_of(seal: "Seal") -> str:
    """Number, moment, how many changes and looks, hash, signature and key of a seal."""
    signature = b64encode(seal.signature).decode()
    return f"{seal.id} {seal.at.isoformat()} {seal.changes} {seal.accesses} {seal.hash.hex()} {signature} {seal.key_id}"


def append(path: Path, seals: Sequence["Seal"]) -> None:
    """Write the lines of these seals that are not there yet, and return when the disk has them.

    The keeper and an operator may seal at the same time: the file is held while it is looked at and written.
    """
    if not seals:
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            present = last(path)
            file.writelines(f"{line_of(seal)}\n" for seal in seals if seal.id > present)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise AnchorError(
            f"The anchor {path.name} cannot be written ({error.strerror}): the seals wait, mend its storage."
        ) from None


def lines(path: Path) -> Mapping[int, str]:
    """The lines of the anchor by the number of their seal; none when there is no anchor yet."""
    try:
        text = path.read_text(encoding="ascii") if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise AnchorError(f"The anchor {path.name} cannot be read: mend its storage, do not make a new one.") from None
    found = {}
    for line in text.splitlines():
        number = line.partition(" ")[0]
        if not number.isdigit():
            raise AnchorError(f"The anchor {path.name} holds a line that no seal wrote: somebody else wrote in it.")
        if int(number) in found:
            raise AnchorError(f"The anchor {path.name} holds two lines for seal {number}: somebody else wrote in it.")
        found[int(number)] = line
    return found


def last(path: Path) -> int:
    """The number of the last seal that the anchor holds; 0 for none."""
    return max(lines(path), default=0)
