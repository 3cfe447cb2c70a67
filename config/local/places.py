"""Where things stand on disk, and the checks that they can stand there."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from config.local.refusal import CannotRunError, sentence_for_os_error

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("bench", "config", "register", "tests", "manage.py")  # where Python stands; examples in texts are their own
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"

# The address of a Unix socket holds at most 107 bytes on Linux; the longest name put behind it is "/valkey.sock".
SOCKET_FOLDER_BYTES = 107 - len("/valkey.sock")
MEGABYTE = 1024 * 1024


def state_folder() -> Path:
    """STATE_DIR, absolute, or ``.local`` under the checkout."""
    given = os.environ.get("STATE_DIR", "").strip()
    return (CHECKOUT / Path(given).expanduser()).resolve() if given else CHECKOUT / ".local"


def writable(folder: Path, *, mode: int = 0o700) -> Path:
    """Make the folder with these rights when it is not there, and prove that this user can write in it.

    :raises CannotRunError: with the sentence for the operator.
    """
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        error.filename = None
        raise CannotRunError(sentence_for_os_error(error, folder=folder)) from None
    return folder


def room_for(folder: Path, *, megabytes: int, purpose: str) -> None:
    """Refuse early, with figures, when the disk of an existing folder has too little space.

    :raises CannotRunError: with the sentence for the operator.
    """
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise CannotRunError(
            f"The disk is too full: {purpose} needs {megabytes} MB and the disk that holds {folder} has {free} MB; "
            "free some space, then start again."
        )


def socket_folder(state: Path) -> Path:
    """A private folder whose path is short enough for a Unix socket; the same one at every start.

    :raises CannotRunError: when somebody else took its name.
    """
    folder = _socket_folder(state)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotRunError(f"{folder} belongs to somebody else: remove it, then start again.")
    folder.chmod(0o700)
    return folder


def remove_socket_folder(state: Path) -> None:
    """Take the folder away, with what a killed broker left in it."""
    shutil.rmtree(_socket_folder(state), ignore_errors=True)


def _socket_folder(state: Path) -> Path:
    """``run`` in the state folder, else a folder in /tmp."""
    usual = state / "run"
    if len(os.fsencode(usual)) <= SOCKET_FOLDER_BYTES:
        return usual
    digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    return Path("/tmp") / f"register-{os.geteuid()}-{digest}"  # noqa: S108 - its owner and rights are checked
