"""Rows whose every change is kept.

A tracked table has a UUID key, a ``row_version`` that the database raises, and a readable history. Query-set methods
that would write past the history are refused; ``create_many`` and ``change_many`` are the bulk paths that keep it.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NoReturn, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connections, models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from register.models import actor
from register.models.planned import planned_cursor

Row = TypeVar("Row", bound="Tracked")
# Names and types of columns. One short statement for any number of rows, with an array of JSON as its parameter: what
# Django writes for many rows names each value of each row, and took longer to write than to run.
Columns = tuple[tuple[str, str], ...]


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
        self._send(_insert, self.model._meta.concrete_fields, rows, lambda field, row: field.pre_save(row, add=True))
        for row in rows:
            row._state.adding, row._state.db = False, self.db
        self._keep(rows, "+", acting)
        return list(rows)

    def change_many(self, rows: Sequence[Row], fields: Iterable[str]) -> None:
        """Store these fields of ``rows`` with a history row each; each row's version rises by one."""
        if not rows:
            return
        acting = actor.require()
        known = {name: field for field in self.model._meta.concrete_fields for name in (field.name, field.attname)}
        if unknown := set(fields) - set(known):
            raise FieldDoesNotExist(f"{self.model.__name__} has no {', '.join(sorted(unknown))}")
        chosen = [known[name] for name in ("id", *fields)]
        self._send(_update, chosen, rows, lambda field, row: getattr(row, field.attname), _told("~", acting))
        for row in rows:
            row.row_version += 1

    def _send(
        self,
        statement_of: Callable[[type[models.Model], Columns], str],
        fields: Sequence["models.Field[Any, Any]"],
        rows: Sequence[Row],
        value_of: Callable[["models.Field[Any, Any]", Row], Any],
        more: Sequence[Any] = (),
    ) -> None:
        """Run a statement whose first parameter holds these fields of all rows."""
        given = [{field.column: field.get_prep_value(value_of(field, row)) for field in fields} for row in rows]
        connection = connections[self.db]
        columns = tuple((str(field.column), str(field.db_type(connection))) for field in fields)
        statement = statement_of(self.model, columns)
        with planned_cursor(self.db) as cursor:
            cursor.execute(statement, [json.dumps(given, default=str), *more])
            if cursor.rowcount != len(rows):
                raise DatabaseError(f"{cursor.rowcount} of {len(rows)} rows of {self.model.__name__} were stored.")

    def _keep(self, rows: Sequence[Row], kind: str, acting: actor.Actor) -> None:
        keys = [row.pk for row in rows]
        with planned_cursor(self.db) as cursor:
            cursor.execute(_copy_to_history(self.model), [*_told(kind, acting), keys])


def _told(kind: str, acting: actor.Actor) -> list[Any]:
    """What a row of the history says beside the columns: moment, reason, kind and user."""
    return [timezone.now(), acting.reason[:100] or None, kind, acting.user.pk if acting.user else None]


@cache
def _insert(model: type[models.Model], columns: Columns) -> str:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {names} FROM {_given(columns)}'  # noqa: S608 - names


@cache
def _update(model: type[models.Model], columns: Columns) -> str:
    """Rows are changed and kept as they then are by one statement: each that is sent costs both sides their part."""
    sets = ", ".join(f'"{name}" = given."{name}"' for name, _ in columns if name != "id")
    changed = f'UPDATE "{model._meta.db_table}" AS kept SET {sets} FROM {_given(columns)}'  # noqa: S608 - names
    return f"WITH changed AS ({changed} WHERE kept.id = given.id RETURNING kept.*) {_history(model)} FROM changed"


def _given(columns: Columns) -> str:
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns)
    return f"jsonb_to_recordset(%s::jsonb) AS given({typed})"


@cache
def _copy_to_history(model: type[models.Model]) -> str:
    """The statement that keeps rows of a table: what is ``_told`` and their keys are its parameters."""
    return f'{_history(model)} FROM "{model._meta.db_table}" WHERE id = ANY(%s)'


def _history(model: type[models.Model]) -> str:
    """How a statement that keeps rows begins, up to where they come from; what is ``_told`` are its parameters."""
    kept = model.history.model  # type: ignore[attr-defined]
    columns = ", ".join(f'"{field.column}"' for field in kept.tracked_fields)
    return (
        f'INSERT INTO "{kept._meta.db_table}"'
        f" ({columns}, history_date, history_change_reason, history_type, history_user_id)"
        f" SELECT {columns}, %s::timestamptz, %s::text, %s::text, %s::uuid"
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
