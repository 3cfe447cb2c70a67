"""One real database for the whole run: made and migrated by the owner, used by the app and the statistics role."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

ALIASES = ("default", "owner", "stats")
KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    *(
        f"register_{name}"
        for name in (
            "region",
            "municipality",
            "forensicservice",
            "laboratory",
            "substance",
            "substancegroup",
            "substancesynonym",
            "eudagroup",
            "icd10code",
            "codevalue",
        )
    ),
}


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Create, migrate and fill a database of this run; drop it at the end."""
    name = f"test_register_{os.getpid()}"
    main = settings.DATABASES["owner"]["NAME"]
    with django_db_blocker.unblock():
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
            cursor.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
            cursor.execute(f'GRANT CONNECT ON DATABASE "{name}" TO register_app, register_stats')
        _use(name)
        call_command("migrate", database="owner", verbosity=0)
        call_command("load_vocabularies", verbosity=0)
    yield
    with django_db_blocker.unblock():
        _use(main)
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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


def _truncate_as_owner(self: TransactionTestCase) -> None:
    """Empty every table but the vocabularies. The app role may not truncate, so the owner does."""
    with session_of("owner") as session, session.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname IN ('public', 'pub') AND tablename != ALL(%s)",
            [sorted(KEPT)],
        )
        tables = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall()]
        published = [table for table in tables if table.startswith('"pub"')]
        for table in published:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        for table in published:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


TransactionTestCase._fixture_teardown = _truncate_as_owner  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """The folder with the reference files that are not part of the project; tests that need it skip without it."""
    folder = Path(os.environ.get("REGISTER_REFERENCE_DIR", settings.BASE_DIR.parent / "shared" / "reference"))
    if not folder.is_dir():
        pytest.skip(f"the reference files are not here ({folder.name}): set REGISTER_REFERENCE_DIR to their folder")
    return folder
