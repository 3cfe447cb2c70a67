"""Rows whose every change is kept.

A tracked table has a UUID key, a ``row_version`` that the database raises, and a readable history. Query-set methods
that would write past the history are refused; ``create_many`` and ``change_many`` are the bulk paths that keep it.
"""

import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NoReturn, TypeVar

from django.db import connections, models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from register.models import actor

Row = TypeVar("Row", bound="Tracked")


class BypassesHistoryError(Exception):
    """A bulk write that would leave no history row."""


def _refuse(method: str) -> NoReturn:
    raise BypassesHistoryError(
        f"{method}() would leave no history; save each row, or use create_many() or change_many()."
    )


class TrackedQuerySet(models.QuerySet[Row]):
    """A query set that reads freely and writes only with history."""

    def update(self, **values: Any) -> int:
        _refuse("update")

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse("delete")

    def bulk_create(self, *args: Any, **options: Any) -> list[Row]:
        _refuse("bulk_create")

    def bulk_update(self, *args: Any, **options: Any) -> int:
        _refuse("bulk_update")

    def create_many(self, rows: Sequence[Row]) -> list[Row]:
        """Insert ``rows`` with a history row each. The history is copied from the table: what was stored, was kept."""
        if not rows:
            return []
        acting = actor.require()
        stored = super().bulk_create(list(rows), batch_size=500)
        self._keep(stored, "+", acting)
        return stored

    def change_many(self, rows: Sequence[Row], fields: Iterable[str]) -> None:
        """Store these fields of ``rows`` with a history row each; each row's version rises by one."""
        if not rows:
            return
        acting = actor.require()
        plain: models.QuerySet[Row] = models.QuerySet(self.model, using=self.db)
        plain.bulk_update(rows, list(fields), batch_size=200)
        self._keep(rows, "~", acting)
        for row in rows:
            row.row_version += 1

    def _keep(self, rows: Sequence[Row], kind: str, acting: actor.Actor) -> None:
        reason = acting.reason[:100] or None
        user = acting.user.pk if acting.user else None
        with connections[self.db].cursor() as cursor:
            moment, keys = timezone.now(), [row.pk for row in rows]
            cursor.execute(_copy_to_history(self.model), [moment, reason, kind, user, keys])


@cache
def _copy_to_history(model: type[models.Model]) -> str:
    """The statement that keeps rows of a table: moment, reason, kind, user and keys are its parameters."""
    kept = model.history.model  # type: ignore[attr-defined]
    columns = ", ".join(f'"{field.column}"' for field in kept.tracked_fields)
    return (
        f'INSERT INTO "{kept._meta.db_table}"'  # noqa: S608 - names of tables and columns only
        f" ({columns}, history_date, history_change_reason, history_type, history_user_id)"
        f' SELECT {columns}, %s, %s, %s, %s FROM "{model._meta.db_table}" WHERE id = ANY(%s)'
    )


class Tracked(models.Model):
    """A row with a UUID key, a version and a history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = TrackedQuerySet.as_manager()
    history = HistoricalRecords(inherit=True, get_user=actor.history_user)

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Store the row. The database raises ``row_version`` by one on each update; this instance follows it."""
        acting = actor.require()
        if acting.reason:
            self._change_reason = acting.reason[:100]
        if not self._state.adding:
            self.row_version += 1
            if (fields := options.get("update_fields")) is not None:
                options["update_fields"] = {*fields, "row_version"}
        super().save(*args, **options)

    def change(self, **values: Any) -> bool:
        """Set ``values`` and save when at least one differs; say whether anything changed."""
        changed = {name: value for name, value in values.items() if getattr(self, name) != value}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.save()
        return bool(changed)


def columns(instance: models.Model) -> dict[str, Any]:
    """Column values by attribute name."""
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def by_case(rows: Iterable[Row]) -> dict[uuid.UUID, list[Row]]:
    """Rows of a child table grouped by the case they belong to."""
    grouped: dict[uuid.UUID, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.case_id, []).append(row)  # type: ignore[attr-defined]
    return grouped


__all__ = ["BypassesHistoryError", "Tracked", "TrackedQuerySet", "by_case", "columns"]
