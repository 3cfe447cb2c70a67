"""Run any command against fresh servers of its own: ``python -m config.local.testing [--durable] -- COMMAND``.

The servers live in a new folder and are gone afterwards. The command finds them in DATABASE_URL, DATABASE_OWNER_URL,
DATABASE_STATS_URL, CELERY_BROKER_URL and STATE_DIR; the owner may create databases. Two runs do not meet.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local import processes, venv
from config.local.places import CHECKOUT, SOCKET_FOLDER_BYTES
from config.local.refusal import CannotRunError, StopAskedError, deaf_to_stop, explained, listen_for_stop

PREFIX = "register-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes it private
ENOUGH = 4 * 1024**3
USAGE = "Say what to run after two hyphens: python -m config.local.testing [--durable] -- COMMAND."


@contextmanager
def fresh_servers(*, durable: bool) -> Iterator[dict[str, str]]:
    """Variables of fresh servers, with a migrated register and no case; they and their folder go with the context."""
    from config.local import template
    from config.local.keys import load_or_make
    from config.local.messages import compile_all
    from config.local.servers import Folder, temporary

    compile_all(CHECKOUT)
    with fresh_folder() as state:
        template.copy_database(state)
        with temporary(Folder(state), load_or_make(state), durable=durable) as variables:
            yield {**variables, "STATE_DIR": str(state)}


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """A state folder of its own, gone when the context is left; what a killed run left behind is removed first."""
    parent = _parent()
    _sweep(parent)
    state = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    guard = os.open(state, os.O_RDONLY)
    try:
        fcntl.flock(guard, fcntl.LOCK_EX)
        state.chmod(0o711)  # as root the server may run as nobody, who must be able to pass
        yield state
    finally:
        shutil.rmtree(state, ignore_errors=True)
        os.close(guard)


def _parent() -> Path:
    """Memory where there is enough of it, because emptying a hundred tables after a test is mostly the work of a disk;
    else the folder for temporary files, or /tmp when its path is too long for a socket.
    """
    if os.access(MEMORY, os.W_OK) and os.path.ismount(MEMORY) and shutil.disk_usage(MEMORY).free > ENOUGH:
        return MEMORY
    usual = Path(tempfile.gettempdir())
    longest = len(os.fsencode(usual / f"{PREFIX}12345678" / "run"))
    return usual if longest <= SOCKET_FOLDER_BYTES else Path("/tmp")  # noqa: S108 - mkdtemp makes it private


def _sweep(parent: Path) -> None:
    """Stop and remove what a test run that was killed left behind; a folder in use is locked and stays."""
    for left in parent.glob(f"{PREFIX}*"):
        try:
            guard = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(guard).st_uid == os.geteuid():
                processes.stop_orphans(left / "processes.json")
                shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(guard)


def run_against(command: list[str], variables: dict[str, str]) -> int:
    """The command's exit status; a stop signal is passed on to it and its end is awaited."""
    try:
        child = subprocess.Popen(command, env={**os.environ, **variables})
    except OSError as error:
        raise CannotRunError(f"The command {command[0]} cannot be started: {error.strerror}.") from None
    try:
        return _status(child.wait())
    except StopAskedError as asked:
        number = int(asked.args[0])
        deaf_to_stop()
        child.send_signal(signal.SIGTERM if number == signal.SIGHUP else number)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        return 128 + number


def _status(code: int) -> int:
    return code if code >= 0 else 128 - code


def main() -> int:
    """Start servers, run the command, stop the servers; the status is the command's."""
    venv.enter("config.local.testing", development=True)
    arguments = sys.argv[1:]
    durable = arguments[:1] == ["--durable"]
    arguments = arguments[1:] if durable else arguments
    if arguments[:1] != ["--"] or len(arguments) < 2:
        raise CannotRunError(USAGE)
    listen_for_stop()
    path = f"{venv.VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    with fresh_servers(durable=durable) as variables:
        return run_against(arguments[1:], {**variables, "PATH": path})


if __name__ == "__main__":
    explained(main, folder=CHECKOUT)
