"""The embedded servers: what was committed survives a crash, and the three roles may do what they are for."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis

from config.local import postgres, processes, servers, valkey
from config.local.keys import Keys, generate
from config.local.provision import Server, provision
from config.local.refusal import CannotRunError
from config.local.servers import Folder
from config.local.service import Service, Services


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def keys() -> Keys:
    return generate()


@pytest.fixture
def services(folder: Folder) -> Iterator[Services]:
    started = Services(folder.record)
    yield started
    started.stop()
    assert not folder.record.exists()
    assert processes.processes_in(folder.data) == []


@pytest.fixture(scope="module")
def shared_keys() -> Keys:
    return generate()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory, shared_keys: Keys) -> Iterator[Server]:
    """One server for the tests that only ask what a role may do."""
    folder = Folder(tmp_path_factory.mktemp("shared"))
    started = Services(folder.record)
    yield servers.start_database(started, folder, shared_keys, durable=False)
    started.stop()


def _fallen(services: Services) -> Service:
    """The one service that a signal ends; the kernel takes a moment."""
    assert processes.wait_until_gone(lambda: [] if services.fallen() else [1], 10)
    (service,) = services.fallen()
    return service


def _rows(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address) as connection:
        return connection.execute(statement).fetchall()


def test_committed_rows_survive_a_killed_server_and_a_stale_record_of_it(
    services: Services, folder: Folder, keys: Keys
) -> None:
    owner = servers.start_database(services, folder, keys, durable=True).addresses(keys)["DATABASE_OWNER_URL"]
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE death AS SELECT generate_series(1, 1000) AS number")
    for pid in processes.processes_in(folder.data):
        with suppress(ProcessLookupError):  # the others end by themselves when the first one is gone
            os.kill(pid, signal.SIGKILL)
    assert (folder.data / "postmaster.pid").exists()
    fallen = _fallen(services)
    services.restart(fallen, times=5, within=60)
    assert _rows(owner, "SELECT count(*) FROM death") == [(1000,)]


def test_a_stale_record_with_the_number_of_a_stranger_does_not_stop_a_start(
    services: Services, folder: Folder, keys: Keys
) -> None:
    postgres.initialise(postgres.find_binaries(), folder.data, password=keys.superuser, durable=False)
    stranger = f"{os.getpid()}\n{folder.data}\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready\n"
    (folder.data / "postmaster.pid").write_text(stranger)
    started = servers.start_database(services, folder, keys, durable=False)
    assert _rows(started.addresses(keys)["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_an_initialisation_that_was_cut_off_is_done_again(services: Services, folder: Folder, keys: Keys) -> None:
    (folder.state / "pg.new").mkdir()
    (folder.state / "pg.new" / "PG_VERSION").write_text("18\n")
    started = servers.start_database(services, folder, keys, durable=False)
    assert _rows(started.addresses(keys)["DATABASE_URL"], "SELECT 1") == [(1,)]
    assert not (folder.state / "pg.new").exists()


def test_a_database_of_another_version_is_refused_and_kept(folder: Folder, keys: Keys) -> None:
    folder.data.mkdir()
    (folder.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(CannotRunError, match="was made by PostgreSQL 14"):
        postgres.initialise(postgres.find_binaries(), folder.data, password=keys.superuser, durable=False)
    assert (folder.data / "PG_VERSION").read_text() == "14\n"


def test_provisioning_again_changes_nothing_and_a_new_password_replaces_the_old(
    shared_server: Server, shared_keys: Keys
) -> None:
    provision(shared_server, shared_keys)
    assert _rows(shared_server.addresses(shared_keys)["DATABASE_URL"], "SELECT current_user") == [("register_app",)]
    other = generate()
    provision(shared_server, other)
    assert _rows(shared_server.addresses(other)["DATABASE_URL"], "SELECT 1") == [(1,)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(shared_server.addresses(shared_keys)["DATABASE_URL"])
    provision(shared_server, shared_keys)


def test_a_role_that_was_given_too_much_loses_it_at_the_next_start(shared_server: Server, shared_keys: Keys) -> None:
    with shared_server.connect("postgres") as connection:
        connection.execute("ALTER ROLE register_owner SUPERUSER BYPASSRLS CREATEROLE")
        connection.execute("GRANT ALL ON DATABASE register TO PUBLIC")
    provision(shared_server, shared_keys)
    rights = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication OR rolcreatedb FROM pg_roles"
    owner = shared_server.addresses(shared_keys)["DATABASE_OWNER_URL"]
    assert (
        _rows(owner, f"{rights} WHERE rolname LIKE 'register%' AND rolname != 'register_superuser'") == [(False,)] * 6
    )
    granted = "SELECT has_database_privilege('register_app', current_database(), 'TEMP, CREATE')"
    assert _rows(owner, granted) == [(False,)]


WORKING = ("DATABASE_URL", "DATABASE_STATS_URL", "DATABASE_VIEWER_URL", "DATABASE_KEEPER_URL")


@pytest.mark.parametrize("variable", WORKING)
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE mine (n int)", "CREATE TEMP TABLE mine (n int)", "CREATE SCHEMA mine", "CREATE ROLE mine"],
)
def test_no_role_that_works_makes_anything_in_the_database(
    variable: str, statement: str, shared_server: Server, shared_keys: Keys
) -> None:
    with (
        psycopg.connect(shared_server.addresses(shared_keys)[variable]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_no_role_that_works_enters_another_database(database: str, shared_server: Server, shared_keys: Keys) -> None:
    for variable in WORKING:
        address = replace(shared_server, database=database).addresses(shared_keys)[variable]
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(address)


def test_the_owner_of_the_trail_never_logs_in(shared_server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"not permitted to log in|authentication failed"):
        psycopg.connect(shared_server.address_for("register_trail", "guess"))


def test_a_wrong_password_does_not_let_anybody_in(shared_server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(shared_server.address_for("register_app", "guess"))


def test_the_broker_keeps_its_messages_when_it_is_killed_and_its_socket_is_stale(
    services: Services, folder: Folder
) -> None:
    address = servers.start_broker(services, folder, durable=True)
    with redis.Redis.from_url(address.replace("redis+socket://", "unix://")) as line:
        line.config_set("appendfsync", "always")
        for number in range(100):
            line.rpush("queue", number)
    (mark,) = processes.load(folder.record)
    assert mark.name == valkey.NAME
    os.kill(mark.pid, signal.SIGKILL)
    fallen = _fallen(services)
    services.restart(fallen, times=5, within=60)
    with redis.Redis.from_url(address.replace("redis+socket://", "unix://")) as line:
        assert line.llen("queue") == 100


def test_what_falls_again_and_again_is_given_up(services: Services, folder: Folder) -> None:
    servers.start_broker(services, folder, durable=False)
    for _ in range(2):
        os.kill(processes.load(folder.record)[0].pid, signal.SIGKILL)
        fallen = _fallen(services)
        services.restart(fallen, times=3, within=3600)
    os.kill(processes.load(folder.record)[0].pid, signal.SIGKILL)
    fallen = _fallen(services)
    with pytest.raises(CannotRunError, match="The broker stopped"):
        services.restart(fallen, times=3, within=3600)
