"""The embedded servers of one run, and the environment in which the register finds them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.local import places, postgres, valkey
from config.local.keys import Keys
from config.local.provision import MAINTENANCE, Server, provision
from config.local.service import Services


@dataclass(frozen=True)
class Folder:
    """Where one run keeps its state."""

    state: Path

    @property
    def record(self) -> Path:
        """The marks of what runs."""
        return self.state / "processes.json"

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.state / "pg"

    def log(self, name: str) -> Path:
        """The log of one service."""
        return self.state / f"{name}.log"


def start_database(services: Services, folder: Folder, keys: Keys, *, durable: bool) -> Server:
    """Start an embedded PostgreSQL with roles and an empty database in it."""
    binaries = postgres.find_binaries()
    places.room_for(folder.state, megabytes=100 if folder.data.exists() else 500, purpose="the database")
    postgres.initialise(binaries, folder.data, password=keys.superuser, durable=durable)
    postgres.clear(folder.data)
    port = _remembered_port(folder)
    services.start(postgres.service(binaries, folder.data, port=port, log=folder.log("pg"), durable=durable))
    account = {"host": "127.0.0.1", "port": str(port), "user": postgres.SUPERUSER, "password": keys.superuser}
    server = Server(account=account, database="register")
    provision(server, keys)
    for database in MAINTENANCE:
        with server.connect(database) as connection:
            connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    return server


def start_broker(services: Services, folder: Folder, *, durable: bool) -> str:
    """Start an embedded Valkey; its address for Celery."""
    binary = valkey.find_binary()
    sockets = places.socket_folder(folder.state)
    services.start(
        valkey.service(binary, data=folder.state / "valkey", sockets=sockets, log=folder.log("valkey"), durable=durable)
    )
    return valkey.address(sockets)


def _remembered_port(folder: Folder) -> int:
    """The same port as the last time when it is still free, so that an operator's own connection settings stay true."""
    path = folder.state / "pg.port"
    last = path.read_text().strip() if path.exists() else ""
    port = postgres.free_port(int(last) if last.isdigit() else None)
    path.write_text(f"{port}\n")
    return port


@contextmanager
def temporary(folder: Folder, keys: Keys, *, durable: bool) -> Iterator[dict[str, str]]:
    """Fresh servers in an empty folder; gives the variables in which the register finds them, stops them after."""
    services = Services(folder.record)
    try:
        server = start_database(services, folder, keys, durable=durable)
        with server.connect(server.database) as connection:
            # The test suite makes a database of its own, as the owner.
            connection.execute("ALTER ROLE register_owner CREATEDB")
        broker = start_broker(services, folder, durable=durable)
        yield {**server.addresses(keys), "CELERY_BROKER_URL": broker, "SECRET_KEY": keys.secret_key}
    finally:
        services.stop()
