"""One real database for the whole run: owned by the owner, used by the app and the statistics role."""

import gc
import os
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import settings as properties
from xdist.scheduler import LoadFileScheduling

from tests.emptying import Emptying
from tests.left_behind import left_behind as left_behind
from tests.left_behind import pytest_terminal_summary as pytest_terminal_summary
from tests.scale import scaled

# A property is true or not, however long an example takes on a busy machine. Each run draws other examples.
properties.register_profile("register", deadline=None, max_examples=scaled("examples", small=50, full=1_000))
properties.load_profile("register")

ALIASES = ("default", "owner", "stats", "viewer", "keeper")
WORKING_ROLES = "register_app, register_stats, register_viewer, register_keeper"
# A test looks at what it made outside any actor, and makes people before it has one. In production a session without an
# actor sees nothing and writes nothing: ``tests.trail.nobody`` takes these away.
OUTSIDE_AN_ACTOR = {
    "actor": "system:test",
    "trace": "00000000-0000-4000-8000-000000000000",
    "scope": "all",
    "reason_code": "test",
    "reason_text": "prepared-by-a-test",
}
# The app role cannot read the trail, and another session does not see what a test did not commit.
READ_THE_TRAIL = """
CREATE SCHEMA testing;
CREATE FUNCTION testing.looks() RETURNS SETOF audit.access_event LANGUAGE sql SECURITY DEFINER
  AS $$ SELECT * FROM audit.access_event ORDER BY id $$;
CREATE FUNCTION testing.changes() RETURNS TABLE (event audit.change_event, body jsonb) LANGUAGE sql SECURITY DEFINER
  AS $$ SELECT e, p.body::jsonb FROM audit.change_event e JOIN audit.change_payload p ON p.event_id = e.id
        ORDER BY e.id $$;
GRANT USAGE ON SCHEMA testing TO register_app;
"""
# What takes long begins first, and what is quick fills the gaps at the end. What kills parts of the running register
# is the last that looks at it.
LONG_FIRST = (
    "tests/integration/running/test_canaries.py",
    "tests/integration/running/test_wire.py",
    "tests/integration/running/test_kills.py",
    "tests/journeys/physician/",
    "tests/journeys/",
    "tests/integration/config/",
    "tests/integration/outbox/",
    "tests/integration/access/",
    "tests/integration/",
    "tests/",
)
ONE_REGISTER = "tests/integration/running"


def pytest_itemcollected(item: pytest.Item) -> None:
    """A property is looked for in a few examples, and in many of them in a soak."""
    if getattr(getattr(item, "function", None), "is_hypothesis_test", False):
        item.add_marker("scaled")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files in the order of ``LONG_FIRST``, else as they came: in random order."""
    items.sort(key=lambda item: next(place for place, name in enumerate(LONG_FIRST) if item.nodeid.startswith(name)))


def pytest_collection_finish() -> None:
    """What was loaded and collected stays, and what is new is looked at for garbage less often than Python does.

    Looking took 8 % of the time of unit tests among what stays, and 10 % of a release among what is new.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


class Together(LoadFileScheduling):
    """A file stays together in one worker, and so do the files that look at one running register."""

    def _split_scope(self, nodeid: str) -> str:
        return ONE_REGISTER if nodeid.startswith(f"{ONE_REGISTER}/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return Together(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> None:
    """Copy the migrated and filled database of the run for this process; it goes with the server of the run."""
    name = f"test_register_{os.getpid()}"
    with django_db_blocker.unblock():
        migrated = connections["owner"].settings_dict["NAME"]
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')
            cursor.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
            cursor.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {WORKING_ROLES}')
        _use(name)
        options = connections["default"].settings_dict["OPTIONS"]
        options["options"] += "".join(f" -c app.{setting}={value}" for setting, value in OUTSIDE_AN_ACTOR.items())
        with connections["owner"].cursor() as cursor:
            cursor.execute(READ_THE_TRAIL)
        empty = Emptying(partial(session_of, "owner"))
        TransactionTestCase._fixture_teardown = lambda self: empty()  # type: ignore[method-assign]


def _use(name: str) -> None:
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def session_of(alias: str) -> psycopg.Connection[Any]:
    """A session of the role behind ``alias``, beside those of Django and of the test."""
    wanted = connections[alias].settings_dict
    return psycopg.connect(
        host=wanted["HOST"],
        port=wanted["PORT"],
        user=wanted["USER"],
        password=wanted["PASSWORD"],
        dbname=wanted["NAME"],
        autocommit=True,
    )


def empty_trail() -> None:
    """Begin the trail anew at the tracked vocabularies, which stay from test to test."""
    with session_of("owner") as session:
        tables = ("change_event", "change_payload", "access_event", "seal", "verification")
        lift = [f"ALTER TABLE audit.{table} DISABLE TRIGGER USER" for table in tables]
        guard = [f"ALTER TABLE audit.{table} ENABLE ALWAYS TRIGGER t10_only_grows" for table in tables]
        empty = f"TRUNCATE {', '.join(f'audit.{table}' for table in tables)} RESTART IDENTITY"
        begin = [f"SELECT audit.begin_trail('register_{name}', 'test')" for name in ("substance", "substancesynonym")]
        session.execute("; ".join(["BEGIN", *lift, empty, *guard, *begin, "COMMIT"]))


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """The folder with the reference files that are not part of the project; tests that need it skip without it."""
    folder = Path(os.environ.get("REGISTER_REFERENCE_DIR", settings.BASE_DIR.parent / "shared" / "reference"))
    if not folder.is_dir():
        pytest.skip(f"the reference files are not here ({folder.name}): set REGISTER_REFERENCE_DIR to their folder")
    return folder
