"""A machine that comes again for what it read before: one statement looks whether that may still be, and notes it.

The usual way of a request (find the token, find the file, note the reading as its actor) takes ten statements, of which
a monitor that fetches the same tables all day needs the same answers each time. Here the database is asked once, and
notes nothing when anything has changed: the token, the release, or what was published.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from register.access.tokens import LAST_USE_STEP, READ, machine_of, note_use
from register.audit import Event, catalogue
from register.audit.context import TOLD, tell_again, told_by_itself
from register.audit.origin import where

# The settings are told before the function that reads them is called: it takes its row from them. They are local to the
# transaction, which is this statement.
AGAIN = f"""
WITH holds AS MATERIALIZED (
  SELECT token.id IS NOT NULL AND (token.last_used_at IS NULL OR token.last_used_at < %(lately)s) AS unnoted
  FROM pub.published_release AS release
  LEFT JOIN register_apitoken AS token ON token.id = %(token)s::uuid AND token.digest = %(digest)s
    AND token.scope = %(allows)s AND token.revoked_at IS NULL AND token.expires_at > %(now)s
  WHERE release.identifier = %(release)s AND release.manifest_sha256 = %(manifest)s AND release.status <> 'retracted'
    AND (token.id IS NOT NULL OR %(token)s::uuid IS NULL)
), told AS MATERIALIZED (
  SELECT unnoted, {TOLD}
  FROM holds
)
SELECT unnoted, audit.log_access(%(code)s, %(action)s::text::"char", 'ok', %(detail)s, %(about)s, '{{}}', 0,
  %(filters)s::jsonb, '', %(source)s) FROM told
"""  # noqa: S608 - the columns are names that stand in the code


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor whose statement the server reads and plans once for each connection: that costs more than running it."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Prepared":
        return super().execute(query, params, prepare=True, **options)


@dataclass(frozen=True, slots=True)
class Before:
    """What a process remembers of an earlier request: the token by its key and digest, the release by its hash.

    ``token_id`` is None where none was shown: then the release is for everybody, and stays so.
    """

    token_id: UUID | None
    digest: str
    release: str
    manifest_sha256: str


def note_again(
    before: Before, *, status: int, filters: Mapping[str, str], peer: str, forwarded: str, agent: str
) -> bool:
    """Note that the same machine reads the same release again. False, and nothing noted, when that no longer holds.

    A connection that was kept open is not tried beforehand: this statement is the trial. Where it fails the connection
    is given up, and whoever asks next opens another.

    :raises Error: of the database, when it cannot be noted.
    """
    kind = catalogue.kind_of(Event.STATS_READ)
    detail = str(status)
    given: dict[str, object] = {"objects": [], "filters": filters, "detail": detail}
    catalogue.check(kind, outcome="ok", about=kind.about[0], given=given)
    now, place = timezone.now(), where(peer=peer, forwarded=forwarded, agent=agent)
    values = {
        **told_by_itself(machine_of(before.token_id), where=place),
        "token": before.token_id,
        "digest": before.digest,
        "allows": READ,
        "now": now,
        "lately": now - LAST_USE_STEP,
        "release": before.release,
        "manifest": before.manifest_sha256,
        "code": kind.code,
        "action": kind.action,
        "detail": detail,
        "about": kind.about[0],
        "filters": json.dumps(filters),
        "source": settings.SOURCE,
    }
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        with _cursor() as cursor:
            cursor.execute(AGAIN, values)
            found = cursor.fetchone()
    except Error:
        if not connection.in_atomic_block:
            connection.close()
        raise
    tell_again()
    if found and found[0] and before.token_id:
        note_use(before.token_id, now=now)
    return found is not None


def _cursor() -> Any:
    """Django's wrapper around a cursor that prepares. Its own binds in the client, where nothing can be prepared."""
    connection.ensure_connection()
    prepared: Any = _Prepared(connection.connection)
    return connection.make_cursor(prepared)
