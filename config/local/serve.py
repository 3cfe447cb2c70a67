"""Start everything the register needs, say where it is, watch it, and stop it all in order."""

import errno
import fcntl
import http.client
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from config.env import Environment
from config.local import places, prepared, processes, running, valkey
from config.local.keys import load_or_make
from config.local.provision import Server, provision
from config.local.refusal import CannotRunError, StopAskedError, deaf_to_stop
from config.local.servers import Folder, start_broker, start_database
from config.local.service import Service, Services

WEB = "The web server"
WORKER = "The worker"
KEEPER = "The keeper of the trail"
CLOCK = "The clock of the worker"
# What a program is told of the database beside the addresses of the app and the statistics role.
TOLD = {"web": "DATABASE_VIEWER_URL", "keeper": "DATABASE_KEEPER_URL"}
SECRET_ADDRESSES = ("DATABASE_OWNER_URL", "DATABASE_VIEWER_URL", "DATABASE_KEEPER_URL")


def serve(state: Path) -> int:
    """Run the register until a signal asks to stop; 0 then.

    :raises CannotRunError: when it cannot start, or cannot go on.
    """
    places.writable(state)
    with alone_in(state), closing(socket.socket()) as door:
        folder = Folder(state)
        for name in processes.stop_orphans(folder.record):
            print(f"Stopped what an earlier run left behind: {name[0].lower()}{name[1:]}.", flush=True)
        address = bind(door, Environment(os.environ))
        services = Services(folder.record)
        try:
            variables = start_servers(services, folder)
            variables["PUBLIC_URL"] = os.environ.get("PUBLIC_URL", "").strip() or address
            places.writable(state / "mail")  # of this user alone: a mail may hold a link that opens an account
            prepare(services, folder, variables)
            running.write(state, {**variables, "REGISTER_ADDRESS": address})
            start_programs(services, folder, variables, door)
            welcome(state, address)
            tend(services)
        except StopAskedError:
            print("\nStopping …", flush=True)
            return 0
        finally:
            deaf_to_stop()
            running.forget(state)
            services.stop()
            places.remove_socket_folder(state)


@contextmanager
def alone_in(state: Path) -> Iterator[None]:
    """Hold the state folder. The kernel lets go when this process ends, however it ends: no lock can be left behind."""
    held = os.open(state, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        where = running.read(state).get("REGISTER_ADDRESS", "")
        raise CannotRunError(
            f"The register already runs from {state}{f' at {where}' if where else ''}: use that one, "
            "stop it with Ctrl-C in its own terminal, or give this one a STATE_DIR and a PORT of its own."
        ) from None
    else:
        yield
    finally:
        os.close(held)


def bind(door: socket.socket, environment: Environment) -> str:
    """Take the port before anything is started; the address of the register.

    :raises CannotRunError: when the port is taken or may not be used.
    """
    try:
        port = environment.number("PORT", default=8000, minimum=1, maximum=65535)
    except ImproperlyConfigured as error:
        raise CannotRunError(str(error)) from None
    host = environment.text("BIND", default="127.0.0.1")
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen()
    except PermissionError:
        raise CannotRunError(
            f"This user may not use port {port}: choose one above 1023, as in `PORT=8080 make run`."
        ) from None
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise CannotRunError(f"BIND ({host}) is not an address of this machine: set it to 127.0.0.1.") from None
        raise CannotRunError(
            f"Port {port} is taken by another program: stop that program, or choose another port, "
            f"as in `PORT={port + 1 if port < 65535 else 8000} make run`."
        ) from None
    return f"http://{host}:{port}/"


def start_servers(services: Services, folder: Folder) -> dict[str, str]:
    """The database and the broker: those the environment names, else embedded ones; the variables that name them."""
    keys = load_or_make(folder.state)
    variables = {
        "SECRET_KEY": os.environ.get("SECRET_KEY", "").strip() or keys.secret_key,
        "STATE_DIR": str(folder.state),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "").strip() or "config.settings.local",
    }
    named = {
        f"DATABASE_{role}URL": os.environ.get(f"DATABASE_{role}URL", "").strip()
        for role in ("", "OWNER_", "STATS_", "VIEWER_", "KEEPER_")
    }
    if all(named.values()):
        variables |= named  # somebody else made roles and database
    elif named["DATABASE_URL"]:
        server = Server.of(named["DATABASE_URL"])
        provision(server, keys)
        variables |= server.addresses(keys)
    else:
        print("Starting the database …", flush=True)
        variables |= start_database(services, folder, keys, durable=True).addresses(keys)
    broker = os.environ.get("CELERY_BROKER_URL", "").strip()
    variables["CELERY_BROKER_URL"] = broker or start_broker(services, folder, durable=True)
    return variables


def prepare(services: Services, folder: Folder, variables: Mapping[str, str]) -> None:
    """Migrations, collected files, vocabularies and the demonstration, with the owner's address; once per change."""
    if prepared.is_current(folder.state, variables):
        return
    with os.fdopen(os.dup(1), "wb", buffering=0) as terminal:
        services.finish(
            Service(
                name="Bringing the register up to date",
                command=(str(places.VENV_PYTHON), "-m", "config.local.prepare"),
                log=folder.log("prepare"),
                ready=lambda _pid: True,
                environment={**os.environ, **variables, running.STEPS: str(terminal.fileno())},
                pass_fds=(terminal.fileno(),),
            )
        )
    prepared.remember(folder.state, variables)


def start_programs(services: Services, folder: Folder, variables: Mapping[str, str], door: socket.socket) -> None:
    """The web server, the worker, the keeper of the trail and the clock; none of them knows the owner's password."""
    services.start(web_service(folder, variables, door))
    celery = (str(places.VENV_PYTHON), "-m", "celery", "--app", "config.celery:app")
    alone = ("--without-gossip", "--without-mingle")
    schedule = str(folder.state / "beat-schedule")
    # The clock runs apart from the worker, because a clock inside it is not started again when it falls.
    for name, log, arguments in (
        (WORKER, "worker", ("worker", "--concurrency", "2", *alone)),
        (KEEPER, "keeper", ("worker", "--pool", "solo", "--queues", "trail", "--hostname", "keeper@%h", *alone)),
        (CLOCK, "clock", ("beat", "--schedule", schedule, "--pidfile", "")),
    ):
        services.start(
            Service(
                name=name,
                command=(*celery, *arguments),
                log=folder.log(log),
                ready=lambda _pid: True,  # it takes work from the broker when it is ready; nobody waits for it here
                environment=environment_of(log, variables),
                needs=(valkey.NAME,),
            )
        )


def web_service(folder: Folder, variables: Mapping[str, str], door: socket.socket) -> Service:
    """The web server behind a port that is held already."""
    command = [str(places.VENV_PYTHON), "-m", "gunicorn", "--config", "python:config.gunicorn"]
    command += ["config.wsgi:application", "--bind", f"fd://{door.fileno()}"]
    return Service(
        name=WEB,
        command=tuple(command),
        log=folder.log("web"),
        ready=lambda _pid: _answers(door),
        environment=environment_of("web", variables),
        start_within=120,  # loading the register takes two seconds, and a minute where much else runs
        pass_fds=(door.fileno(),),
    )


def environment_of(program: str, variables: Mapping[str, str]) -> dict[str, str]:
    """What a program finds in its environment: of the secret addresses only the one it needs."""
    kept = TOLD.get(program)
    environment = {**os.environ, **variables}
    return {name: value for name, value in environment.items() if name not in SECRET_ADDRESSES or name == kept}


def _answers(door: socket.socket) -> bool:
    """True when the register says that it is ready; 503 means that it waits for its database."""
    host, port = door.getsockname()[:2]
    line = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)  # noqa: S104
    try:
        line.request("GET", "/readyz", headers={"Host": "localhost"})
        return line.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def welcome(state: Path, address: str) -> None:
    """Where the register is and who may enter the demonstration."""
    print(f"\nThe register runs at {address}\n")
    logins = state / running.LOGINS
    if logins.exists():
        print(logins.read_text(encoding="utf-8").rstrip() + "\n")
    print("Stop it with Ctrl-C.", flush=True)


def tend(services: Services) -> NoReturn:
    """Start again what falls, until a signal comes or make was asked to stop.

    :raises CannotRunError: when something falls five times in a minute.
    """
    make_was_asked = watch_make()
    while not make_was_asked():
        for service in services.fallen():
            print(f"{service.name} stopped by itself and is started again (see {service.log}).", flush=True)
            services.restart(service, times=5, within=60)
        time.sleep(0.25)
    raise StopAskedError


def watch_make() -> Callable[[], bool]:
    """A function that tells whether make, when it started this, was interrupted or killed.

    Ctrl-C reaches everybody in the terminal, but an interrupt sent to make alone is not passed on: make takes its
    handler away and waits for its child.
    """
    make = os.getppid()
    if "MAKELEVEL" not in os.environ:
        return lambda: False
    handled = processes.would_handle(make, signal.SIGINT)
    return lambda: os.getppid() != make or (handled and not processes.would_handle(make, signal.SIGINT))
