"""The processes the launcher starts: found again after a crash, and never confused with a stranger's.

A process number is used again by the system, so a record holds the number, the moment of its start and the boot of
the machine. Each service leads its own session; the members of that session are its own children.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")
TOKEN = "REGISTER_RUN"  # noqa: S105 - the name of a variable


@dataclass(frozen=True)
class Mark:
    """One process that cannot be mistaken for another: ``started`` is in clock ticks after the boot."""

    name: str
    pid: int
    started: int
    boot: str
    token: str
    stop_signal: int


@dataclass(frozen=True)
class Stat:
    """What the kernel says of a process."""

    state: str
    session: int
    started: int


def stat_of(pid: int) -> Stat | None:
    """None when there is no such process."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name stands in parentheses and may hold spaces and parentheses itself.
    fields = text[text.rindex(")") + 2 :].split()
    return Stat(state=fields[0], session=int(fields[3]), started=int(fields[19]))


def boot_id() -> str:
    """The boot of this machine."""
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def mark(name: str, pid: int, *, token: str, stop_signal: int) -> Mark | None:
    """The mark of a running process, or None when it is gone."""
    found = stat_of(pid)
    if found is None:
        return None
    return Mark(name=name, pid=pid, started=found.started, boot=boot_id(), token=token, stop_signal=stop_signal)


def lives(marked: Mark) -> bool:
    """True while this very process runs; an ended process that nobody waited for does not live."""
    found = stat_of(marked.pid)
    return found is not None and found.state != "Z" and found.started == marked.started and marked.boot == boot_id()


def members(marked: Mark) -> list[int]:
    """Process numbers in the session of a marked process, itself included.

    When the leader is gone its number may have been given to a stranger, so then only processes that carry the token
    of the run count.
    """
    if marked.boot != boot_id():
        return []
    led = lives(marked)
    found = []
    for pid in _pids():
        seen = stat_of(pid)
        if seen is None or seen.state == "Z" or seen.session != marked.pid:
            continue
        if led or _carries(pid, marked.token):
            found.append(pid)
    return found


def processes_in(folder: Path) -> list[int]:
    """Process numbers of this user that work in a folder. Every PostgreSQL process works in its data folder."""
    wanted = str(folder.resolve())
    found = []
    for pid in _pids():
        try:
            if str((PROC / str(pid) / "cwd").readlink()) == wanted:
                found.append(pid)
        except OSError:
            continue
    return found


def stop(marked: Mark, *, patience: float) -> None:
    """Ask a marked process to end, wait, and end its whole session when it does not within ``patience`` seconds."""
    if lives(marked):
        _send(marked.pid, marked.stop_signal)
        wait_until_gone(lambda: members(marked), patience)
    for pid in members(marked):
        _send(pid, signal.SIGKILL)
    wait_until_gone(lambda: members(marked), 5)


def wait_until_gone(remaining: Callable[[], list[int]], patience: float) -> bool:
    """Wait until the function gives no process numbers; False when some remain after ``patience`` seconds."""
    end = time.monotonic() + patience
    while remaining():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def save(path: Path, marks: list[Mark]) -> None:
    """Write the record in one step, so that a crash leaves the old one or the new one."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([asdict(marked) for marked in marks]))
    fresh.replace(path)


def load(path: Path) -> list[Mark]:
    """The marks of an earlier run; none when there is no record or it cannot be read."""
    try:
        return [Mark(**entry) for entry in json.loads(path.read_text())]
    except (OSError, ValueError, TypeError):
        return []


def stop_orphans(path: Path, *, patience: float = 10) -> list[str]:
    """Stop what an earlier run left behind, last started first; the names of what was found alive.

    Each is asked to end, and ended when it does not within ``patience`` seconds.
    """
    found = []
    for marked in reversed(load(path)):
        if members(marked):
            found.append(marked.name)
            stop(marked, patience=patience)
    path.unlink(missing_ok=True)
    return found


def would_handle(pid: int, number: int) -> bool:
    """True while a process has a handler for a signal; False when it has none or is gone."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return False
    caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) >> (number - 1) & 1)


def _pids() -> Iterator[int]:
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            yield int(entry.name)


def _carries(pid: int, token: str) -> bool:
    try:
        return f"{TOKEN}={token}".encode() in (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return
