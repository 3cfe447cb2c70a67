"""A machine that comes again for what it read before: one statement looks whether that may still be, and notes it.

The usual way of a request (find the token, find the file, note the reading as its actor) takes ten statements, of which
a monitor that fetches the same tables all day needs the same answers each time. Here the database is asked once, and
notes nothing when anything has changed: the token, the release, or what was published.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from register.access.tokens import LAST_USE_STEP, READ, machine_of, note_use
from register.audit import Event, catalogue
from register.audit.context import SETTINGS, columns_that_tell, tell_again, told_by_itself
from register.audit.origin import where
from register.models.planned import Prepared

# What the server calls true.
TRUE = "t"
READING = catalogue.kind_of(Event.STATS_READ)
# What the statement is given, in this order, before what it tells of who acts.
GIVEN = ("token", "digest", "allows", "lately", "now", "release", "manifest", "detail", "filters", "source")
PLACES = {name: f"${place}" for place, name in enumerate((*GIVEN, *SETTINGS), 1)}
# The settings are told before the function that reads them is called: it takes its row from them. They are local to the
# transaction, which is this statement.
AGAIN = Prepared(
    "register_read_again",
    """
WITH holds AS MATERIALIZED (
  SELECT token.id IS NOT NULL AND (token.last_used_at IS NULL OR token.last_used_at < {lately}::timestamptz) AS unnoted
  FROM pub.published_release AS release
  LEFT JOIN register_apitoken AS token ON token.id = {token}::uuid AND token.digest = {digest}
    AND token.scope = {allows} AND token.revoked_at IS NULL AND token.expires_at > {now}::timestamptz
  WHERE release.identifier = {release} AND release.manifest_sha256 = {manifest} AND release.status <> 'retracted'
    AND (token.id IS NOT NULL OR {token}::uuid IS NULL)
), told AS MATERIALIZED (
  SELECT unnoted, {TOLD}
  FROM holds
)
SELECT unnoted, audit.log_access('{READING.code}', '{READING.action}', 'ok', {detail}, '{READING.about[0]}', '{{}}', 0,
  {filters}::jsonb, '', {source}) FROM told
""".format(  # noqa: S608 - what is filled in are names that stand in the code
        **PLACES,
        READING=READING,
        TOLD=columns_that_tell(PLACES),
    ),
)


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
    is given up, and whoever asks next opens another. No request of Django surrounds this, so it also looks by itself
    whether the connection is too old.

    :raises Error: of the database, when it cannot be noted.
    """
    detail = str(status)
    given: dict[str, object] = {"objects": [], "filters": filters, "detail": detail}
    catalogue.check(READING, outcome="ok", about=READING.about[0], given=given)
    now, place = timezone.now(), where(peer=peer, forwarded=forwarded, agent=agent)
    told = told_by_itself(machine_of(before.token_id), where=place)
    values = (
        str(before.token_id) if before.token_id else None,
        before.digest,
        READ,
        str(now - LAST_USE_STEP),
        str(now),
        before.release,
        before.manifest_sha256,
        detail,
        json.dumps(filters),
        settings.SOURCE,
        *(told[name] for name in SETTINGS),
    )
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    try:
        found = AGAIN.first(values)
    except Error:
        if not connection.in_atomic_block:
            connection.close()
        raise
    tell_again()
    if found and found[0] == TRUE and before.token_id:
        note_use(before.token_id, now=now)
    return found is not None
