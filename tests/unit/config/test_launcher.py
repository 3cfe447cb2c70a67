"""The parts of the launcher that decide: where things stand, which port, which address, what is out of step."""

import json
import os
import socket
import stat
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.env import Environment
from config.local import keys, locks, places, postgres, prepared, running, serve, venv
from config.local.keys import Keys
from config.local.messages import compile_all
from config.local.provision import Server
from config.local.refusal import CannotRunError

CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "death"\nmsgstr "overlijden"\n'


def test_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    first = keys.load_or_make(tmp_path)
    assert keys.load_or_make(tmp_path) == first
    assert stat.S_IMODE((tmp_path / keys.NAME).stat().st_mode) == 0o600
    assert len(set(vars(first).values())) == 7


def test_keys_of_an_older_register_are_completed_and_none_is_changed(tmp_path: Path) -> None:
    first = asdict(keys.load_or_make(tmp_path))
    older = {name: value for name, value in first.items() if name not in ("viewer", "keeper")}
    (tmp_path / keys.NAME).write_text(json.dumps(older))
    completed = asdict(keys.load_or_make(tmp_path))
    assert {name: completed[name] for name in older} == older
    assert asdict(keys.load_or_make(tmp_path)) == completed


def test_broken_keys_are_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / keys.NAME).write_text("{")
    with pytest.raises(CannotRunError, match="put it back from a backup"):
        keys.load_or_make(tmp_path)
    assert (tmp_path / keys.NAME).read_text() == "{"


def test_a_folder_with_a_short_path_holds_its_own_sockets(tmp_path: Path) -> None:
    state = Path("/tmp/x")  # noqa: S108 - nothing is written there
    assert places._socket_folder(state) == state / "run"


@given(st.text("a", min_size=90, max_size=200))
def test_a_socket_always_fits_in_an_address(name: str) -> None:
    folder = places._socket_folder(Path("/srv") / name)
    assert len(os.fsencode(folder / "valkey.sock")) <= 107


def test_two_checkouts_with_long_paths_do_not_share_a_socket_folder() -> None:
    first, second = (places._socket_folder(Path("/srv") / (letter * 120)) for letter in "ab")
    assert first != second


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(CannotRunError, match="A file stands where the register needs a folder"):
        places.writable(tmp_path / "state")


def test_more_room_than_any_disk_has_is_refused_with_both_figures(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match=r"needs 999999999999 MB and the disk that holds .* has \d+ MB"):
        places.room_for(tmp_path, megabytes=999999999999, purpose="the database")


def test_only_one_register_runs_from_a_folder(tmp_path: Path) -> None:
    running.write(tmp_path, {"REGISTER_ADDRESS": "http://127.0.0.1:8000/"})
    with (
        serve.alone_in(tmp_path),
        pytest.raises(CannotRunError, match=r"already runs from .* at http://127\.0\.0\.1:8000/"),
        serve.alone_in(tmp_path),
    ):
        pass
    with serve.alone_in(tmp_path):
        assert list(tmp_path.iterdir()) == [tmp_path / running.NAME]


def test_a_taken_port_is_refused_with_a_port_to_try() -> None:
    with socket.socket() as other, socket.socket() as door:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"Port {port} is taken by another program"):
            serve.bind(door, Environment({"PORT": str(port)}))


@pytest.mark.parametrize("port", ["http", "0", "65536"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with socket.socket() as door, pytest.raises(CannotRunError, match="set it to a number from 1 to 65535"):
        serve.bind(door, Environment({"PORT": port}))


def test_an_address_of_another_machine_is_refused() -> None:
    with socket.socket() as door, pytest.raises(CannotRunError, match="is not an address of this machine"):
        serve.bind(door, Environment({"BIND": "192.0.2.1"}))


def test_the_database_keeps_its_port_while_it_is_free_and_takes_another_when_it_is_not() -> None:
    free = postgres.free_port(None)
    assert postgres.free_port(free) == free
    with socket.socket() as other:
        other.bind(("127.0.0.1", free))
        other.listen()
        assert postgres.free_port(free) != free


@pytest.mark.parametrize(
    ("address", "database"),
    [
        ("postgresql://admin@h/drugs", "drugs"),
        ("postgresql://admin@h/postgres", "register"),
        ("postgresql://admin@h", "register"),
    ],
)
def test_the_register_does_not_settle_in_a_maintenance_database(address: str, database: str) -> None:
    assert Server.of(address).database == database


@pytest.mark.parametrize("address", ["mysql://h/x", "host=h", "postgresql://h:x/y"])
def test_what_is_no_server_address_is_refused(address: str) -> None:
    with pytest.raises(CannotRunError, match="is not the address of a PostgreSQL server"):
        Server.of(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://a:b@db:5433/x?sslmode=require", "postgresql://register_app:p%2Fq@db:5433/x?sslmode=require"),
        ("postgresql://a:b@[::1]:5433/x", "postgresql://register_app:p%2Fq@[::1]:5433/x"),
        ("postgresql://a@/x?host=/run/pg", "postgresql://register_app:p%2Fq@/x?host=%2Frun%2Fpg"),
    ],
)
def test_each_role_is_given_the_address_of_the_server_with_its_own_name(address: str, expected: str) -> None:
    given = Server.of(address).address_for("register_app", "p/q")
    assert given == expected
    assert Environment({"D": given}).database("D")["PASSWORD"] == "p/q"


def test_no_two_roles_share_a_password() -> None:
    made = Keys(superuser="s", owner="o", app="a", stats="t", viewer="v", keeper="w", secret_key="k")
    addresses = Server.of("postgresql://admin@h/x").addresses(made)
    assert addresses == {
        "DATABASE_URL": "postgresql://register_app:a@h/x",
        "DATABASE_OWNER_URL": "postgresql://register_owner:o@h/x",
        "DATABASE_STATS_URL": "postgresql://register_stats:t@h/x",
        "DATABASE_VIEWER_URL": "postgresql://register_viewer:v@h/x",
        "DATABASE_KEEPER_URL": "postgresql://register_keeper:w@h/x",
    }


def test_the_fingerprint_changes_with_content_and_name_and_not_with_compiled_files(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("x")
    first = prepared.fingerprint([tmp_path])
    (tmp_path / "a.pyc").write_text("y")
    assert prepared.fingerprint([tmp_path]) == first
    (tmp_path / "a.css").write_text("z")
    second = prepared.fingerprint([tmp_path])
    (tmp_path / "a.css").rename(tmp_path / "b.css")
    assert len({first, second, prepared.fingerprint([tmp_path])}) == 3


def test_messages_are_compiled_once_and_again_after_a_change(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "common" / "nl" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)
    assert compile_all(tmp_path) == [source.with_suffix(".mo")]
    assert b"overlijden" in source.with_suffix(".mo").read_bytes()
    assert compile_all(tmp_path) == []
    later = time.time_ns() + 10**9
    os.utime(source, ns=(later, later))
    assert compile_all(tmp_path) == [source.with_suffix(".mo")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("these are no messages\n", "is not a message catalogue"),
        ('#, python-format\nmsgid "%(n)s deaths"\nmsgstr "%(m)s doden"\n', "give both texts the same placeholders"),
    ],
)
def test_a_broken_catalogue_is_named_and_leaves_nothing(content: str, sentence: str, tmp_path: Path) -> None:
    source = tmp_path / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(content)
    with pytest.raises(CannotRunError, match=sentence):
        compile_all(tmp_path)
    assert list(source.parent.iterdir()) == [source]


def test_the_locks_of_the_project_are_in_step() -> None:
    assert locks.findings(places.CHECKOUT) == []


LOCK = "django==5.2.19 \\\n    --hash=sha256:ab\ncelery[redis]==5.7.0 \\\n    --hash=sha256:cd\n"


def test_a_wish_that_the_lock_does_not_fulfil_is_named() -> None:
    asked = "Django>=6  # newest\ncelery[redis]>=5.7\nnumpy\n-r other.in\n"
    assert locks.unmet(asked, LOCK) == [
        "Django is locked at 5.2.19, and >=6 is asked for.",
        "numpy is asked for and not locked.",
    ]


def test_two_locks_with_different_versions_are_named() -> None:
    assert locks.apart(LOCK, LOCK.replace("5.7.0", "5.7.1")) == [
        "celery is locked at 5.7.0 to run and at 5.7.1 to develop."
    ]


def test_a_package_without_a_hash_is_named() -> None:
    assert locks.unhashed(LOCK + "numpy==2.2\n") == ["numpy is locked without a hash."]
    assert locks.unhashed(LOCK) == []


def test_what_was_compiled_is_kept_where_nothing_may_be_written_beside_the_sources(tmp_path: Path) -> None:
    environment = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": str(tmp_path)}
    venv.keep_bytecode(environment)
    subprocess.run([sys.executable, "-c", "import config.env"], cwd=places.CHECKOUT, env=environment, check=True)
    kept = {path.name.partition(".")[0] for path in tmp_path.rglob("*.pyc")}
    assert "env" in kept


def test_what_was_compiled_is_kept_in_the_environment_of_the_packages() -> None:
    environment: dict[str, str] = {}
    venv.keep_bytecode(environment)
    assert Path(environment["PYTHONPYCACHEPREFIX"]).is_relative_to(places.VENV)
