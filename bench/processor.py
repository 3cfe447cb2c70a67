"""Processor seconds of this and of other programs, as Linux counts them; other work does not change them."""

import os
import time
from pathlib import Path

from django.conf import settings

TICKS = os.sysconf("SC_CLK_TCK")
# Behind the name of the program, which may hold spaces: the parent, and the ticks in its own code and in the kernel.
PARENT, USER, SYSTEM = 1, 11, 12


def spent(pid: int) -> float:
    """Seconds of this process and of all that descend from it and still run; in steps of a hundredth for each."""
    return sum((int(line[USER]) + int(line[SYSTEM])) / TICKS for line in map(_line, _family(pid)) if line)


def database() -> int:
    """The first process of the embedded database server of this run."""
    return int((settings.STATE_DIR / "pg" / "postmaster.pid").read_text().split()[0])


def used() -> tuple[float, float]:
    """Seconds of this process, and of the database server with all its sessions, so far."""
    return time.process_time(), spent(database())


def since(before: tuple[float, float]) -> tuple[float, float]:
    """Seconds of both since then."""
    own, served = used()
    return own - before[0], served - before[1]


def parent_of(pid: int) -> int:
    """The process that started this one."""
    return int(_line(pid)[PARENT])


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except FileNotFoundError:
        return []
