"""A form sent twice changes once: each save has a key, stored with what came of it in the transaction of the change."""

from datetime import datetime, timedelta
from uuid import UUID

from register.models import Save
from register.models.actor import require
from register.models.planned import planned_cursor

KEPT = timedelta(hours=24)
CREATED = 201
CLAIM = f"""
INSERT INTO {Save._meta.db_table} (id, actor, use_case, object_id, digest, status, location)
VALUES (%(id)s, %(actor)s, %(use_case)s, %(object_id)s, %(digest)s, 0, '')
ON CONFLICT (id) DO NOTHING RETURNING at
"""  # noqa: S608 - the name of a table
FINISH = f"""
UPDATE {Save._meta.db_table} SET status = %(status)s, location = %(location)s, version = %(version)s WHERE id = %(id)s
"""  # noqa: S608 - the name of a table


class OtherFormError(Exception):
    """The key was used for another form, or by somebody else."""


def begin(save_id: UUID, *, use_case: str, digest: str, object_id: UUID | None = None) -> tuple[Save, bool]:
    """Claim the key for this transaction; True when it is the first to do so, else what the first one left.

    While another transaction holds the key this one waits: on its commit the answer is there, on its rollback the key
    is free. Raises OtherFormError when the key belongs to another form.
    """
    actor = require().name
    values = {"id": save_id, "actor": actor, "use_case": use_case, "object_id": object_id, "digest": digest}
    with planned_cursor() as cursor:
        cursor.execute(CLAIM, values)
        claimed = cursor.fetchone()
    if claimed:
        return Save(**values, at=claimed[0]), True
    # A row that was committed has its status: only the transaction that wrote it sees it without one.
    save = Save.objects.select_for_update().get(pk=save_id)
    if (save.actor, save.use_case, save.digest) != (actor, use_case, digest):
        raise OtherFormError
    return save, save.status == 0


def finish(save: Save, *, status: int, location: str = "", version: int | None = None) -> None:
    """Write down what came of it, for whoever sends the same form again."""
    with planned_cursor() as cursor:
        cursor.execute(FINISH, {"id": save.pk, "status": status, "location": location, "version": version})


def made(save: Save, *, object_id: UUID, version: int) -> None:
    """Write down what was made under this key, for whatever else is sent under it."""
    Save.objects.filter(pk=save.pk).update(object_id=object_id, status=CREATED, version=version)


def version_of(save_id: UUID) -> int | None:
    """The version that an earlier save of the same actor left, or None while there is no such save."""
    save = Save.objects.filter(pk=save_id, actor=require().name).exclude(status=0).first()
    return save.version if save else None


def forget(*, now: datetime) -> int:
    """Delete what is older than a day. Returns how many."""
    return Save.objects.filter(at__lt=now - KEPT).delete()[0]
