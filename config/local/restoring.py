"""Putting a backup back in an empty database, and beginning a new epoch of the trail there."""

import contextlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import make_conninfo

from config.local import backup_file, backup_keys, postgres, tables
from config.local.dumping import cause, libpq
from config.local.manifest import Manifest
from config.local.provision import Server
from config.local.refusal import CannotRunError

if TYPE_CHECKING:
    from register.audit.verification import Report


def start_django(variables: Mapping[str, str]) -> None:
    """Let the register in this process work on the database that these variables name."""
    os.environ.update(variables)
    import django

    django.setup()


def session_in(server: Server) -> tables.Session:
    """A session of the account that sets the register up, which row security does not concern."""
    address = make_conninfo(**{"connect_timeout": "10", **server.account, "dbname": server.database})
    return psycopg.connect(address, options=tables.SESSION, autocommit=True)


def put_back(server: Server, backup: Path, key: Path) -> None:
    """Fill an empty database from a backup, all of it or nothing.

    The triggers of the trail come after the rows, so putting rows back is no change that the trail would tell of.

    :raises CannotRunError: when the database is not empty, or the backup cannot be read to its end.
    """
    with session_in(server) as session:
        if tables.names(session):
            raise CannotRunError(f"The database {server.database} is not empty: put a backup back in a new one.")
    opened = backup_file.decrypt(backup, backup_keys.private_key(key))
    with subprocess.Popen(
        [
            *(postgres.find_binaries().path("pg_restore"), "--exit-on-error", "--single-transaction", "--no-password"),
            f"--dbname={server.database}",
        ],
        env={**postgres.PLAIN, **libpq(make_conninfo(**server.account))},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            _feed(process, opened)
        except BaseException:
            process.kill()  # before its input ends: nothing of what it read may stay
            raise
        said = cause(process)
        if process.wait() != 0:
            raise CannotRunError(f"The backup could not be put back ({said}): the database is as it was.")


def _feed(process: "subprocess.Popen[bytes]", opened: Any) -> None:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with contextlib.suppress(BrokenPipeError):  # it gave up, and says itself why
        for piece in opened:
            process.stdin.write(piece)
        process.stdin.close()


def apart(session: tables.Session, manifest: Manifest) -> list[str]:
    """The tables that hold other rows than the backup was made of."""
    found = tables.counted(session)
    return sorted(name for name in {*found, *manifest.tables} if found.get(name) != manifest.tables.get(name))


def newer_seals(seal: int, anchor: Path) -> list[int]:
    """The seals that the anchor holds and a backup until this seal cannot know."""
    from register.audit.anchor import read

    return [number for number in read(anchor).numbers if number > seal]


def span(seals: Sequence[int]) -> str:
    """Seals in words."""
    return f"seal {seals[0]}" if len(seals) == 1 else f"seals {seals[0]} to {seals[-1]}"


def known_part(anchor: Path, seal: int, target: Path) -> Path:
    """The lines of the anchor until this seal, in a file of their own; the last one may be cut off there as well."""
    from register.audit.anchor import read

    written = read(anchor)
    with target.open("w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for number, line in written.lines.items() if number <= seal)
        file.write(written.piece if seal > written.last else "")
        file.flush()
        os.fsync(file.fileno())
    return target


def two_people(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the two who know that the backup is older than the anchor, or nobody.

    :raises CannotRunError: when it is one person, or more than two.
    """
    different = {name.strip().casefold() for name in names if name.strip()}
    if names and (len(names) != 2 or len(different) != 2):
        raise CannotRunError("That a backup is older than the anchor is acknowledged by two people: name both.")
    return tuple(name.strip() for name in names)


def why(manifest: Manifest, newer: Sequence[int], acknowledged: Sequence[str]) -> str:
    """The reason of the new epoch, as the trail keeps it."""
    reason = f"the backup of {manifest.made_at} was put back in another database"
    if newer:
        reason += f"; {span(newer)} of the anchor are lost, as {' and '.join(acknowledged)} acknowledged"
    return reason


def begin_epoch(session: tables.Session, *, by: str, reason: str) -> int:
    """In another database transactions are counted anew: what comes from now on falls under no old seal."""
    row = session.execute("SELECT audit.begin_epoch(%s, %s)", [by, reason]).fetchone()
    return int(row[0]) if row else 0


def verified(manifest: Manifest, *, trusted: Path, anchored: Path) -> "Report":
    """The trail as it was at the moment of the backup: nobody seals in a register that is only looked at."""
    from register.audit import verify

    return verify(now=manifest.moment, trusted=trusted, anchored=anchored)
