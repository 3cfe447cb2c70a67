"""What the access log and the trail hold, as a test may see it: also what it did not commit."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from register.audit.context import SETTINGS


@dataclass(frozen=True, slots=True)
class Look:
    """One event of the access log."""

    id: int
    at: datetime
    code: str
    action: str
    outcome: str
    detail: str
    actor: str
    role: str
    regions: list[str]
    purpose: str
    object_type: str
    objects: list[UUID]
    row_count: int
    filters: dict[str, Any]
    trace: UUID


@dataclass(frozen=True, slots=True)
class Change:
    """One event of the trail with what it says."""

    id: int
    actor: str
    role: str
    reason_code: str | None
    tbl: str
    pk: str
    case_id: UUID | None
    op: str
    row_version: int
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    reason: str | None


def nobody() -> None:
    """Take from the session of a test what it has outside an actor, until the transaction ends: as it is deployed."""
    with connection.cursor() as cursor:
        for name in SETTINGS:
            cursor.execute("SELECT set_config(%s, '', true)", [f"app.{name}"])


def looks(**wanted: Any) -> list[Look]:
    """The events of the access log in order, those with these values."""
    asked = [name for name in ("code", "actor") if name in wanted]
    where = " AND ".join(["true", *(f"{name} = %s" for name in asked)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, at, code, action, outcome, detail, actor, role, regions, purpose, object_type, objects,"
            f" row_count, filters::text, trace FROM testing.looks() WHERE {where}",
            [wanted[name] for name in asked],
        )
        rows = [Look(*row[:13], _object(row[13]), row[14]) for row in cursor.fetchall()]
    return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]


def changes(**wanted: Any) -> list[Change]:
    """The events of the trail in order, those with these values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (event).id, (event).actor, (event).role, (event).reason_code, (event).tbl, (event).pk,"
            " (event).case_id, (event).op::text, (event).row_version, body::text FROM testing.changes()"
        )
        rows = [_change(row) for row in cursor.fetchall()]
    return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]


def _change(row: tuple[Any, ...]) -> Change:
    body = _object(row[9])
    return Change(*row[:9], old=body["old"], new=body["new"], reason=body["reason"])


def _object(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
