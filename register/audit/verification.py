"""Is the trail whole? Everything is computed anew from the events and held against seals, signatures and the anchor.

Nothing that stands in the database is believed: no function of the schema ``audit`` is called, the keys come from a
file, and the anchor from outside.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connections, transaction

from register.audit import anchor, keys, merkle, seals
from register.audit.anchor import Written
from register.audit.canonical import ACCESS_LEAF, CHANGE_LEAF
from register.audit.findings import MOST, Finding
from register.audit.reconciliation import reconcile
from register.audit.seals import BEGINNING, KEEPER, Seal

LONGEST_UNSEALED = timedelta(minutes=5)
ROWS_AT_ONCE = 20_000
# So long after a seal its line may still be on its way to the anchor, and so often it is looked for.
UNDER_WAY, PAUSE = timedelta(seconds=5), 0.1
EVENTS = """
SELECT id, epoch, xid::text::bigint, {leaf} FROM audit.{table} ORDER BY epoch, xid, id
"""
WITHOUT_CONTENT = """
SELECT e.id FROM audit.change_event e LEFT JOIN audit.change_payload p ON p.event_id = e.id
WHERE p.event_id IS NULL OR e.digest <> sha256(p.salt || convert_to(p.body, 'UTF8')) ORDER BY e.id LIMIT %s
"""
WITHOUT_EVENT = """
SELECT p.event_id FROM audit.change_payload p LEFT JOIN audit.change_event e ON e.id = p.event_id
WHERE e.id IS NULL ORDER BY p.event_id LIMIT %s
"""
OLDEST_UNSEALED = """
SELECT min(at) FROM (
  SELECT at FROM audit.change_event WHERE (epoch, xid) >= (%s, %s::text::xid8)
  UNION ALL SELECT at FROM audit.access_event WHERE (epoch, xid) >= (%s, %s::text::xid8)) unsealed
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified, and everything that is wrong with it."""

    findings: tuple[Finding, ...]
    seals: int
    changes: int
    accesses: int

    @property
    def whole(self) -> bool:
        return not self.findings


def verify(*, now: datetime, trusted: Path, anchored: Path, note: bool = False) -> Report:
    """Verify the whole trail in one snapshot of the database; with ``note`` the outcome is kept.

    Raises KeysMissingError or AnchorError when there is nothing to verify with.
    """
    public, before = keys.trusted_keys(trusted), anchor.read(anchored)
    with _snapshot() as cursor:
        chain = seals.after(cursor, 0)
        findings = [*_chain(chain, public), *_anchor(chain, before, _settled(anchored, chain, now))]
        changes = _events(cursor, "change_event", CHANGE_LEAF, chain, lambda one: (one.changes, one.changes_root))
        accesses = _events(cursor, "access_event", ACCESS_LEAF, chain, lambda one: (one.accesses, one.accesses_root))
        findings += [*changes.findings, *accesses.findings, *_contents(cursor), *_unsealed(cursor, chain, now)]
        findings += reconcile(cursor)
    report = Report(tuple(findings), len(chain), changes.count, accesses.count)
    if note:
        _keep(report)
    return report


@contextmanager
def _snapshot() -> Iterator[Any]:
    """One moment of the database for all questions."""
    connection = connections[KEEPER]
    with transaction.atomic(using=KEEPER), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


def _chain(chain: list[Seal], public: Mapping[str, Ed25519PublicKey]) -> Iterator[Finding]:
    previous, number = BEGINNING, 0
    for seal in chain:
        number += 1
        if seal.id != number:
            yield Finding("chain", f"Seal {number} is missing: the next one is seal {seal.id}.")
            number = seal.id
        if seal.previous != previous:
            yield Finding("chain", f"Seal {seal.id} does not follow the seal before it.")
        if seal.hash != seal.computed_hash():
            yield Finding("chain", f"Seal {seal.id} was changed: its hash is that of something else.")
        if seal.key_id not in public:
            yield Finding("signature", f"Seal {seal.id} is signed with a key that nobody trusts.")
        elif not keys.is_signed(public[seal.key_id], seal.signature, seal.hash):
            yield Finding("signature", f"Seal {seal.id} was not signed by the keeper.")
        previous = seal.hash


def _settled(anchored: Path, chain: list[Seal], now: datetime) -> Written:
    """The anchor when no line of these seals is under way any more: the keeper may have stored the newest just now.

    Nobody is waited for longer, whatever moment a seal tells.
    """
    outside = anchor.read(anchored)
    left = min((chain[-1].at - now + UNDER_WAY).total_seconds(), UNDER_WAY.total_seconds()) if chain else 0
    while left > 0 and outside.last < chain[-1].id:
        time.sleep(PAUSE)
        left -= PAUSE
        outside = anchor.read(anchored)
    return outside


def _anchor(chain: list[Seal], before: Written, outside: Written) -> Iterator[Finding]:
    """``before`` was read before the seals were: what it knows of was there. ``outside`` was read after them."""
    inside = {seal.id: anchor.line_of(seal) for seal in chain}
    beyond = [number for number in before.numbers if number not in inside]
    if beyond:
        yield Finding(
            "anchor",
            f"The anchor holds seal {beyond[0]} to {beyond[-1]}, the database does not: an older state was put "
            "back, or its newest seals were taken away.",
        )
    for number, line in inside.items():
        if told := _apart(number, line, outside):
            yield Finding("anchor", told)


def _apart(number: int, line: str, outside: Written) -> str:
    """How the anchor does not hold this line of a seal; empty when it does."""
    piece = outside.piece if number == outside.last + 1 else ""
    held = outside.lines.get(number, piece)
    if held == line:
        return ""
    if not held:
        return f"The anchor lacks seal {number}."
    if held == piece and line.startswith(piece):
        return f"The anchor lacks the end of the line of seal {number}: it was cut off while it was written."
    return f"Seal {number} is another one in the anchor than in the database."


@dataclass(slots=True)
class _Counted:
    """Events of one table as they were read."""

    findings: list[Finding]
    count: int = 0


def _events(
    cursor: Any, table: str, leaf: str, chain: list[Seal], sealed: Callable[[Seal], tuple[int, bytes]]
) -> _Counted:
    """Deal the events of a table out to their seals, and hold each against the root that was sealed."""
    done = _Counted([])
    dealt: list[tuple[int, bytes]] = []
    remaining = iter(chain)
    seal = next(remaining, None)

    def end_of(one: Seal) -> None:
        count, root = sealed(one)
        dealt.sort()
        if len(dealt) != count:
            done.findings.append(
                Finding("events", f"Seal {one.id} holds {count} rows of {table}, found: {len(dealt)}.")
            )
        elif merkle.root([digest for _, digest in dealt]) != root:
            span = f"{dealt[0][0]} to {dealt[-1][0]}"
            done.findings.append(Finding("events", f"A row of {table} under seal {one.id} was changed ({span})."))
        dealt.clear()

    for number, epoch, xid, digest in _stream(cursor, EVENTS.format(leaf=leaf, table=table)):
        done.count += 1
        while seal is not None and (epoch, xid) >= (seal.epoch, seal.horizon):
            end_of(seal)
            seal = next(remaining, None)
        if seal is not None:
            dealt.append((number, bytes(digest)))
    while seal is not None:
        end_of(seal)
        seal = next(remaining, None)
    return done


def _stream(cursor: Any, statement: str) -> Iterator[tuple[int, int, int, bytes]]:
    """Rows of a long answer, some thousands at once."""
    with cursor.connection.cursor(name="events") as rows:
        rows.execute(statement)
        while some := rows.fetchmany(ROWS_AT_ONCE):
            yield from some


def _contents(cursor: Any) -> Iterator[Finding]:
    cursor.execute(WITHOUT_CONTENT, [MOST])
    for (number,) in cursor.fetchall():
        yield Finding("content", f"What change {number} says is not what was written, or is gone.")
    cursor.execute(WITHOUT_EVENT, [MOST])
    for (number,) in cursor.fetchall():
        yield Finding("content", f"Content {number} belongs to no change.")


def _unsealed(cursor: Any, chain: list[Seal], now: datetime) -> Iterator[Finding]:
    end = [chain[-1].epoch, chain[-1].horizon] if chain else [0, 0]
    cursor.execute(OLDEST_UNSEALED, [*end, *end])
    (oldest,) = cursor.fetchone()
    if oldest is not None and now - oldest > LONGEST_UNSEALED:
        minutes = int((now - oldest).total_seconds() // 60)
        yield Finding("unsealed", f"For {minutes} minutes nothing was sealed: look whether the keeper runs.")


def _keep(report: Report) -> None:
    with connections[KEEPER].cursor() as cursor:
        cursor.execute(
            "SELECT audit.note_verification(%s, %s, %s, %s, %s)",
            [
                report.whole,
                [finding.sentence for finding in report.findings],
                report.seals,
                report.changes,
                report.accesses,
            ],
        )
