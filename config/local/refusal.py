"""How the launcher stops: one sentence that says what is wrong and what to do, never a traceback."""

import errno
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

FULL_DISK = "The disk is full: free some space on the disk that holds {folder}, then start again."
ELSEWHERE = "or use another folder (STATE_DIR for the data, a clone of your own for the packages)"
READ_ONLY = f"The disk that holds {{folder}} cannot be written: make it writable, {ELSEWHERE}."
FORBIDDEN = f"This user may not write {{folder}}: correct its owner or rights, {ELSEWHERE}."

# What a program says before it gives up, and what that means for the operator. The first match wins.
SYMPTOMS: tuple[tuple[str, str], ...] = (
    (r"No space left on device|disk is full|Disk quota exceeded|MISCONF|ENOSPC", FULL_DISK),
    (r"Read-only file system", READ_ONLY),
    (
        r"could not create shared memory|Cannot allocate memory|MemoryError|out of memory",
        "There is too little memory: stop other programs, then start again.",
    ),
    (
        r"error while loading shared libraries: (?P<what>[^\s:]+)",
        "The library {what} is missing: install the Debian package that holds it, then start again.",
    ),
    (
        r"incompatible with server|initialized by PostgreSQL version",
        "The database in {folder} was made by another version of PostgreSQL: start it with that version "
        "(REGISTER_PG_BINDIR), dump it, and load it into a new STATE_DIR.",
    ),
    (r"[Pp]ermission denied", FORBIDDEN),
)


class CannotRunError(Exception):
    """The launcher cannot go on; the text is the one sentence for the operator."""


class StopAskedError(BaseException):
    """A signal asked the launcher to stop; not an Exception, so nothing swallows it."""


def sentence_for(text: str, *, folder: Path) -> str | None:
    """What the output of a failed program means for the operator, or None when it is not one of the known symptoms."""
    for pattern, sentence in SYMPTOMS:
        found = re.search(pattern, text)
        if found:
            return sentence.format(folder=folder, **found.groupdict())
    return None


def sentence_for_os_error(error: OSError, *, folder: Path) -> str:
    """What a refused file operation means for the operator."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return FULL_DISK.format(folder=folder)
        case errno.EACCES | errno.EPERM:
            return FORBIDDEN.format(folder=error.filename or folder)
        case errno.EROFS:
            return READ_ONLY.format(folder=error.filename or folder)
        case errno.ENOTDIR | errno.EEXIST:
            return f"A file stands where the register needs a folder: move {error.filename or folder} away."
        case _:
            return (
                f"The machine refused a file operation ({error.strerror or error}): check {error.filename or folder}."
            )


# How programs name the cause of their end: Python's last line of a traceback, and PostgreSQL's.
CAUSES = re.compile(
    r"^(?:[\w.]+(?:Error|Exception|Configured|Exit)|.*\b(?:FATAL|PANIC)): +(?P<cause>.+)$", re.MULTILINE
)


def cause_in(text: str) -> str:
    """What a program said was the cause of its end, else its last words; without a full stop."""
    named = CAUSES.findall(text)
    return _trimmed(named[-1]) if named else last_line(text)


def last_line(text: str) -> str:
    """The last line that says something, without colour codes and without a full stop."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in text.splitlines()]
    spoken = [line for line in lines if line]
    return _trimmed(spoken[-1]) if spoken else "it said nothing"


def _trimmed(text: str) -> str:
    return text.strip()[:300].rstrip(".")


def listen_for_stop() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into StopAskedError."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _stop(number: int, _frame: FrameType | None) -> None:
    deaf_to_stop()  # make passes on a signal that the launcher got as well; the second one must not cut the clean-up
    raise StopAskedError(number)


def deaf_to_stop() -> None:
    """Let the clean-up finish: a second signal would leave processes behind. The clean-up is bounded in time."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def explained(main: Callable[[], int], *, folder: Path) -> NoReturn:
    """Run a verb and end the process: with its status, or with status 1 and one sentence."""
    try:
        sys.exit(main())
    except CannotRunError as refusal:
        sys.stdout.flush()
        print(str(refusal), file=sys.stderr)
    except StopAskedError as asked:
        sys.exit(128 + int(asked.args[0]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(sentence_for_os_error(error, folder=folder), file=sys.stderr)
    sys.exit(1)
