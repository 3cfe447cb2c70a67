"""One encrypted dump of the whole register, made as the keeper beside the register that runs."""

import os
import secrets
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from config.local import backup_file, backup_keys, manifest, places, postgres, running, tables
from config.local.backup_keys import Places
from config.local.manifest import Manifest
from config.local.places import CHECKOUT
from config.local.refusal import CannotRunError, last_line

MIGRATIONS = """
SELECT app, max(name) FROM public.django_migrations GROUP BY app ORDER BY app
"""
NEWEST_SEAL = "SELECT id, encode(hash, 'hex') FROM audit.seal ORDER BY id DESC LIMIT 1"


def make(folder: Path | None) -> Path:
    """Seal, dump, encrypt and sign; the path of the backup.

    :raises CannotRunError: when it cannot be made; nothing is left under the name of a backup then.
    """
    address = _find_register()
    where = Places.of(places.state_folder())
    chosen = places.writable(folder or where.folder)
    to = backup_keys.recipient(where, first=not list(chosen.glob(f"*{manifest.ENDING}")))
    signing = _seal()
    now = datetime.now(UTC)
    backup = chosen / f"register-{now:%Y%m%dT%H%M%SZ}{manifest.ENDING}"
    half = [path.with_name(path.name + ".part") for path in (backup, manifest.beside(backup))]
    try:
        with _snapshot(address) as (session, name), _new(half[0]) as file:
            _refuse_what_hides(session)
            _room(session, chosen)
            counted = _counted(session)
            with dumped(address, name) as dump:
                backup_file.encrypt(dump, file, to)
            backup_file.stored(file)
            told = _told(session, backup, half[0], now, counted)
        manifest.write(half[1], told, signing)
        for path, final in zip(half, (backup, manifest.beside(backup)), strict=True):
            path.replace(final)
    finally:
        for path in half:
            path.unlink(missing_ok=True)
    return backup


def _find_register() -> str:
    """Take over where the register is, and start Django; the address of the keeper."""
    running.adopt()
    address = os.environ.get("DATABASE_KEEPER_URL", "").strip()
    if not address:
        raise CannotRunError(
            f"No register runs from {places.state_folder()} and DATABASE_KEEPER_URL is not set: "
            "start it with `make run` in another terminal, or set DATABASE_KEEPER_URL (docs/operator.md)."
        )
    # A backup works as the keeper and as nobody else; the settings want to know the others too.
    for name in ("DATABASE_URL", "DATABASE_STATS_URL"):
        os.environ.setdefault(name, address)
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    os.environ.setdefault("STATE_DIR", str(places.state_folder()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    import django

    django.setup()
    return address


def _seal() -> Path:
    """Seal what happened until now, so that the trail in the backup can be verified to its end; the signing key."""
    from django.conf import settings
    from django.db import OperationalError
    from django.utils import timezone

    from register import audit

    try:
        audit.seal(now=timezone.now(), signing=settings.TRAIL_SIGNING_KEY, anchored=settings.TRAIL_ANCHOR)
    except (audit.KeysMissingError, audit.AnchorError) as missing:
        raise CannotRunError(str(missing)) from None
    except OperationalError as error:
        raise _away(error) from None
    return Path(settings.TRAIL_SIGNING_KEY)


@contextmanager
def _snapshot(address: str) -> Iterator[tuple[tables.Session, str]]:
    """One moment of the database, and its name for others who must see the same one."""
    try:
        session = psycopg.connect(address, options=tables.SESSION, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise _away(error) from None
    with session:
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        name = session.execute("SELECT pg_export_snapshot()").fetchone()
        assert name is not None  # noqa: S101 - the question has one answer
        yield session, str(name[0])


@contextmanager
def _new(path: Path) -> Iterator[Any]:
    """A file that was not there, for this user only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotRunError("Another backup is being made in this second: wait for that one.") from None
    with os.fdopen(descriptor, "wb") as file:
        yield file


def _refuse_what_hides(session: tables.Session) -> None:
    hiding = tables.hiding(session)
    if hiding:
        raise CannotRunError(
            f"Row security could keep rows of {', '.join(hiding)} from the backup: give register_keeper a policy "
            "there that shows it every row (`audit.isolate` does), then make the backup."
        )


def _room(session: tables.Session, folder: Path) -> None:
    """A dump is packed; a third of the database has been more than enough."""
    size = session.execute("SELECT pg_database_size(current_database())").fetchone()
    places.room_for(folder, megabytes=20 + (size[0] // 3 // places.MEGABYTE if size else 0), purpose="the backup")


def _counted(session: tables.Session) -> dict[str, list[Any]]:
    try:
        return tables.counted(session)
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotRunError(
            f"The role register_keeper may not read the whole register ({error.diag.message_primary}): "
            "bring the database up to date, or give it that right."
        ) from None


@contextmanager
def dumped(address: str, snapshot: str) -> Iterator[Any]:
    """What pg_dump says, as a pipe.

    :raises CannotRunError: when it ends badly.
    """
    command = [postgres.find_binaries().path("pg_dump"), "--format=custom", "--enable-row-security", "--no-password"]
    with subprocess.Popen(
        [*command, f"--snapshot={snapshot}"],
        env={**postgres.PLAIN, **libpq(address)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        said = cause(process)
        if process.wait() != 0:
            raise CannotRunError(f"The database could not be dumped ({said}): correct that, then try again.")


def cause(process: "subprocess.Popen[bytes]") -> str:
    """The error that a program of PostgreSQL named; never what follows it, which may quote a row."""
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    errors = [line.partition("error: ")[2] for line in said.splitlines() if "error: " in line]
    return last_line(errors[0]) if errors else "it said nothing"


def libpq(address: str) -> dict[str, str]:
    """An address as the variables of PostgreSQL's own programs: a password in a command is read by everybody."""
    variables = {option.keyword: option.envvar for option in psycopg.pq.Conninfo.get_defaults() if option.envvar}
    given = psycopg.conninfo.conninfo_to_dict(address)
    return {
        variables[name.encode()].decode(): str(value)
        for name, value in given.items()
        if value is not None and name.encode() in variables
    }


def _told(session: tables.Session, backup: Path, half: Path, now: datetime, counted: dict[str, list[Any]]) -> Manifest:
    seal = session.execute(NEWEST_SEAL).fetchone() or (0, "")
    return Manifest(
        file=backup.name,
        made_at=now.isoformat(),
        bytes=half.stat().st_size,
        sha256=manifest.digest_of(half),
        register=tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"],
        server=session.info.server_version // 10000,
        migrations=dict(session.execute(MIGRATIONS).fetchall()),
        seal=seal[0],
        seal_hash=seal[1],
        tables=counted,
    )


def _away(error: Exception) -> CannotRunError:
    first = str(error).strip().split("\n", 1)[0]
    return CannotRunError(
        f"The database of DATABASE_KEEPER_URL cannot be reached ({last_line(first.rpartition('failed: ')[2])}): "
        "start it, or correct the address, user and password."
    )
