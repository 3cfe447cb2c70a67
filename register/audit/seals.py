"""Sealing: every minute one row that stands for all events since the one before, chained, signed and anchored outside.

A seal covers the events whose ``(epoch, xid)`` lies from the horizon of the seal before up to its own. The horizon is
the oldest transaction still running when it was made, so an event that commits late falls in a later seal, never
between two. A new epoch begins when a dump is put back in another cluster, where transactions are counted anew.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections, transaction

from register.audit import anchor, keys, merkle
from register.audit.canonical import ACCESS_LEAF, CHANGE_LEAF

log = logging.getLogger(__name__)

KEEPER = "keeper"
BEGINNING = bytes(32)
LOCK = 7513
SELECT = """
SELECT id, at, epoch, horizon::text::bigint, changes, changes_root, accesses, accesses_root, previous, hash, signature,
       key_id FROM audit.seal
"""
SEALS = SELECT + "WHERE id > %s ORDER BY id"
NEWEST = SELECT + "ORDER BY id DESC LIMIT 1"
# Events of one table from one point in the order of transactions up to another, in the order of their numbers.
LEAVES = """
SELECT {leaf} FROM audit.{table}
WHERE (epoch, xid) >= (%s, %s::text::xid8) AND (epoch, xid) < (%s, %s::text::xid8) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal. ``hash`` covers every field before it; ``signature`` covers ``hash``."""

    id: int
    at: datetime
    epoch: int
    horizon: int
    changes: int
    changes_root: bytes
    accesses: int
    accesses_root: bytes
    previous: bytes
    hash: bytes = b""
    signature: bytes = b""
    key_id: str = ""

    def computed_hash(self) -> bytes:
        """SHA-256 over the fields, each with its length."""
        fields = (
            "seal 1",
            str(self.id),
            self.at.isoformat(),
            str(self.epoch),
            str(self.horizon),
            str(self.changes),
            self.changes_root.hex(),
            str(self.accesses),
            self.accesses_root.hex(),
            self.previous.hex(),
        )
        return hashlib.sha256("".join(f"{len(field)}:{field}" for field in fields).encode()).digest()


def seal(*, now: datetime, signing: Path, anchored: Path) -> Seal | None:
    """Seal what happened since the last seal and write its line to the anchor; None when nothing happened.

    Lines that an earlier run could not write come first, so the anchor never lacks one before the last; of a line that
    was cut off, the rest does.
    """
    key = keys.signing_key(signing)
    with transaction.atomic(using=KEEPER), connections[KEEPER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        made = _next(cursor, now, key)
        if made is not None:
            _store(cursor, made)
    with _reading() as cursor:
        mended = anchor.append(anchored, after(cursor, anchor.read(anchored).last))
    if mended:
        log.warning("the line of seal %s in the anchor was cut off; the rest of it is written now", mended)
    return made


def after(cursor: Any, number: int) -> list[Seal]:
    """The seals after this one, in order."""
    cursor.execute(SEALS, [number])
    return [_seal_of(row) for row in cursor.fetchall()]


def latest(cursor: Any) -> Seal | None:
    """The newest seal."""
    cursor.execute(NEWEST)
    row = cursor.fetchone()
    return _seal_of(row) if row else None


@contextmanager
def _reading() -> Iterator[Any]:
    with connections[KEEPER].cursor() as cursor:
        yield cursor


def _next(cursor: Any, now: datetime, key: Ed25519PrivateKey) -> Seal | None:
    before = latest(cursor)
    cursor.execute("SELECT max(id), pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM audit.epoch")
    epoch, horizon = cursor.fetchone()
    span = [before.epoch if before else 0, before.horizon if before else 0, epoch, horizon]
    changes = _leaves(cursor, "change_event", CHANGE_LEAF, span)
    accesses = _leaves(cursor, "access_event", ACCESS_LEAF, span)
    if not changes and not accesses:
        return None
    unsigned = Seal(
        id=before.id + 1 if before else 1,
        at=now,
        epoch=epoch,
        horizon=horizon,
        changes=len(changes),
        changes_root=merkle.root(changes),
        accesses=len(accesses),
        accesses_root=merkle.root(accesses),
        previous=before.hash if before else BEGINNING,
    )
    digest = unsigned.computed_hash()
    return replace(unsigned, hash=digest, signature=key.sign(digest), key_id=keys.name_of(key.public_key()))


def _leaves(cursor: Any, table: str, leaf: str, span: list[int]) -> list[bytes]:
    cursor.execute(LEAVES.format(leaf=leaf, table=table), span)
    return [bytes(row[0]) for row in cursor.fetchall()]


def _store(cursor: Any, made: Seal) -> None:
    cursor.execute(
        "SELECT audit.seal_events(%s, %s, %s::smallint, %s::text::xid8, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            made.id,
            made.at,
            made.epoch,
            made.horizon,
            made.changes,
            made.changes_root,
            made.accesses,
            made.accesses_root,
            made.previous,
            made.hash,
            made.signature,
            made.key_id,
        ],
    )


def _seal_of(row: tuple[Any, ...]) -> Seal:
    values: list[Any] = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    return Seal(*values)
