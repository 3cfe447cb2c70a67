"""Rows of many kinds in one statement: each comes as one JSON object, which the columns of its model turn back into
values (ADR 0025). Asked kind by kind they are a statement each, which is written, sent and planned on its own.
"""

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection, models

from register.models import Case
from register.models.planned import planned_cursor

# One column: the attribute of the model, its name in the table, and what makes its value of what JSON holds.
Column = tuple[str, str, Callable[[Any], Any]]


def of_case(case: Case, kinds: Sequence[type[models.Model]]) -> dict[Any, list[Any]]:
    """The rows of these tables that belong to one case, by model, in the order of their keys."""
    by_name = {model.__name__: model for model in kinds}
    found: dict[Any, list[Any]] = {model: [] for model in kinds}
    with planned_cursor() as cursor:
        cursor.execute(_of_case(tuple(kinds)), {"case": case.pk})
        for name, text in cursor.fetchall():
            row = row_of(by_name[name], parsed(text))
            row.case = case
            found[by_name[name]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.pk)
    return found


@cache
def _of_case(kinds: tuple[type[models.Model], ...]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{model.__name__}', to_jsonb(one)::text FROM {model._meta.db_table} one WHERE case_id = %(case)s"  # noqa: S608
        for model in kinds
    )


def parsed(text: str) -> dict[str, Any]:
    """The columns of a row by their names; a number keeps every digit it was stored with."""
    stored: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return stored


def row_of(model: type[models.Model], stored: dict[str, Any]) -> Any:
    """The row of a model from columns that were ``parsed``, which may be more than its own."""
    columns = _columns(model)
    values = [None if (value := stored[name]) is None else made_of(value) for _, name, made_of in columns]
    return model.from_db(connection.alias, [attribute for attribute, _, _ in columns], values)


@cache
def _columns(model: type[models.Model]) -> tuple[Column, ...]:
    return tuple((field.attname, str(field.column), field.to_python) for field in model._meta.concrete_fields)
