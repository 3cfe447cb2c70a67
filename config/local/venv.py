"""The virtual environment ``.venv``: made when it is not there, filled when the lock changed, then entered."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import MutableMapping
from pathlib import Path

from config.local import interpreter
from config.local.places import CHECKOUT, VENV, VENV_PYTHON, room_for, writable
from config.local.refusal import CannotRunError, last_line, sentence_for

LOCK = CHECKOUT / "requirements.txt"
DEVELOPMENT_LOCK = CHECKOUT / "requirements-dev.txt"
INSTALLER_LOCK = Path(__file__).with_name("installer.txt")
INSIDE = "REGISTER_INSIDE_VENV"
BYTECODE = VENV / "bytecode"


def enter(module: str, *, development: bool) -> None:
    """Return inside ``.venv`` with the locked packages; elsewhere prepare it and start the module again in it.

    :raises CannotRunError: when the environment cannot be made.
    """
    if os.environ.pop(INSIDE, "") == str(VENV):
        return
    prepare(development=development)
    keep_bytecode(os.environ)
    os.environ[INSIDE] = str(VENV)
    os.chdir(CHECKOUT)
    sys.stdout.flush()
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", module, *sys.argv[1:]])  # noqa: S606 - our own interpreter


def keep_bytecode(environment: MutableMapping[str, str]) -> None:
    """What one process compiled, the next one reads: loading the register takes 2.5 seconds of the processor so, and 6
    without. It is kept here, so also where nothing may be written beside the sources, as in many containers.
    """
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault("PYTHONPYCACHEPREFIX", str(BYTECODE))


def prepare(*, development: bool) -> None:
    """Make the environment and install the lock, once for each content of the lock."""
    writable(VENV, mode=0o755)
    guard = os.open(CHECKOUT, os.O_RDONLY)
    try:
        # Two verbs at the same time: the second one waits and then finds the work done.
        fcntl.flock(guard, fcntl.LOCK_EX)
        lock = DEVELOPMENT_LOCK if development else LOCK
        if not _installed(lock):
            _fill(lock)
    finally:
        os.close(guard)


def _fill(lock: Path) -> None:
    if not _works():
        _make()
    room_for(VENV, megabytes=600, purpose="installing the packages")
    print(f"Installing the packages of {lock.name} …", flush=True)
    _install(lock)
    # The development lock holds every package of the other lock in the same version (make check compares them).
    for filled in {lock, LOCK}:
        _stamp(filled).write_text(_wanted(filled))


def _stamp(lock: Path) -> Path:
    return VENV / f".register-{lock.stem}"


def _wanted(lock: Path) -> str:
    content = hashlib.sha256(lock.read_bytes() + INSTALLER_LOCK.read_bytes()).hexdigest()
    return f"{content} python {sys.version_info.major}.{sys.version_info.minor}\n"


def _installed(lock: Path) -> bool:
    stamp = _stamp(lock)
    return VENV_PYTHON.exists() and stamp.exists() and stamp.read_text() == _wanted(lock)


def _works() -> bool:
    """An interpreter that was removed or replaced leaves an environment that starts nothing."""
    if not VENV_PYTHON.exists():
        return False
    asked = "import sys, pip; print(*sys.version_info[:2], sep='.')"
    answer = subprocess.run([VENV_PYTHON, "-c", asked], capture_output=True, text=True)
    return answer.stdout.strip() == f"{sys.version_info.major}.{sys.version_info.minor}"


def _make() -> None:
    _need_ensurepip()
    print("Making the virtual environment .venv …", flush=True)
    command = [interpreter.chosen(os.environ), "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if made.returncode != 0:
        said = made.stdout + made.stderr
        raise CannotRunError(
            sentence_for(said, folder=VENV)
            or f"The virtual environment could not be made ({last_line(said)}): remove {VENV}, then start again."
        )


def _need_ensurepip() -> None:
    """Debian keeps a part of Python in a package of its own."""
    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    sentence = f"Python's venv module is not complete: install it with `apt-get install {package}`, then start again."
    if os.geteuid() != 0 or not apt_install(package):
        raise CannotRunError(sentence)


def apt_install(package: str) -> bool:
    """Install a Debian package as root; False when that does not succeed."""
    if shutil.which("apt-get") is None:
        return False
    print(f"Installing the Debian package {package} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(["apt-get", *command], capture_output=True, stdin=subprocess.DEVNULL, env=quiet)
    return done.returncode == 0


def _install(lock: Path) -> None:
    """With uv, which takes seconds; when uv cannot (it does not read pip's configuration) with pip, in a minute.

    Both refuse a package whose content does not have the locked hash.
    """
    python = str(VENV_PYTHON)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r"]
    said = ""
    for steps in (([*pip, str(INSTALLER_LOCK)], [*uv, str(lock)]), ([*pip, str(lock)],)):
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            said = done.stdout + done.stderr
            if done.returncode != 0:
                break
        else:
            return
    errors = [line for line in said.splitlines() if "error" in line.lower()]
    raise CannotRunError(
        sentence_for(said, folder=VENV)
        or f"The packages of {lock.name} could not be installed ({last_line(chr(10).join(errors) or said)}): "
        "check the connection to the package index, then start again."
    )
