"""Is there anything to prepare? Asking costs milliseconds, preparing costs seconds even when nothing changed."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg

from config.local.places import CHECKOUT

NAME = "prepared.stamp"
UNKNOWN = "a database that could not be asked"
# Everything that migrations, vocabularies, messages, collected files and the demonstration are made from.
SOURCES = ("register", "static", "locale", "config/settings", "requirements.txt")
VARIABLES = ("DJANGO_SETTINGS_MODULE", "DEMO", "STATE_DIR")
MADE = frozenset({".pyc", ".mo"})


def is_current(state: Path, variables: Mapping[str, str]) -> bool:
    """True when neither the sources nor the database changed since the last preparation."""
    stamp = state / NAME
    description = _description(variables)
    return stamp.exists() and UNKNOWN not in description and stamp.read_text() == description


def remember(state: Path, variables: Mapping[str, str]) -> None:
    """The preparation succeeded."""
    (state / NAME).write_text(_description(variables))


def fingerprint(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of files, also in folders; files made from other files are left out."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix not in MADE:
                digest.update(str(file).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _description(variables: Mapping[str, str]) -> str:
    told = {**os.environ, **variables}
    values = [f"{name}={told.get(name, '')}" for name in VARIABLES]
    sources = fingerprint(CHECKOUT / source for source in SOURCES)
    return "\n".join([sources, *values, database_mark(told["DATABASE_OWNER_URL"])])


def database_mark(address: str) -> str:
    """What tells this database from another: it changes when the database is made anew and when it is migrated."""
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT (SELECT oid FROM pg_database WHERE datname = current_database()),"
                " min(applied), max(applied), count(*) FROM django_migrations"
            ).fetchone()
    except psycopg.Error:
        return UNKNOWN
    return repr(row)
