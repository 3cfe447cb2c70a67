"""Where things stand on disk, and the checks that they can stand there."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from config.local.refusal import CannotRunError, sentence_for_os_error

CHECKOUT = Path(__file__).resolve().parent.parent.parent
VENV = CHECKOUT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"

# The address of a Unix socket holds at most 107 bytes on Linux; the longest name put behind it is "/valkey.sock".
SOCKET_FOLDER_BYTES = 107 - len("/valkey.sock")
MEGABYTE = 1024 * 1024


def state_folder() -> Path:
    """STATE_DIR, absolute, or ``.local`` under the checkout."""
    given = os.environ.get("STATE_DIR", "").strip()
    return (CHECKOUT / Path(given).expanduser()).resolve() if given else CHECKOUT / ".local"


def writable(folder: Path) -> Path:
    """Make the folder when it is not there (rights 0700) and prove that this user can write in it.

    :raises CannotRunError: with the sentence for the operator.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    """A private folder whose path is short enough for a Unix socket: ``run`` in the state folder, else one in /tmp."""
    wanted = state / "run"
    if len(os.fsencode(wanted)) > SOCKET_FOLDER_BYTES:
        digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
        wanted = Path("/tmp") / f"register-{os.geteuid()}-{digest}"  # noqa: S108 - private, checked just below
    wanted.mkdir(mode=0o700, exist_ok=True)
    found = wanted.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotRunError(f"{wanted} belongs to somebody else: remove it, then start again.")
    wanted.chmod(0o700)
    return wanted
