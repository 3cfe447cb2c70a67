"""Every row of one case in one statement, as it is now or as it stood at an earlier version (ADR 0025).

A review shows some twenty kinds of rows. Asked one by one they are twenty statements, each planned under row-level
security; here each row comes as one JSON object, which the columns of its model turn back into values.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.db import connection, models

from register.casework import at_once
from register.casework.dossier import READ_WITH_CASE, Dossier, looked_at, section_name
from register.models import (
    SECTIONS,
    Case,
    Laboratory,
    Municipality,
    QueryMessage,
    StatusChange,
    Substance,
    SubstanceGroup,
    User,
)
from register.models.case import CaseChild
from register.models.tracked import Tracked
from register.quality.dictionary import all_fields

SHOWN: tuple[type[CaseChild], ...] = (*READ_WITH_CASE, QueryMessage, StatusChange)
KINDS = {model.__name__: model for model in SHOWN}
# What a row refers to that is shown by its name.
NAMED: dict[str, type[models.Model]] = {
    "substance": Substance,
    "by": User,
    "lab": Laboratory,
    "group": SubstanceGroup,
}
# The municipalities among the answers of a case.
PLACES = tuple((spec.model, spec.field) for spec in all_fields() if spec.on_case and spec.vocabulary == "municipality")
REMOVED = "-"
DECIDING = frozenset({"close", "exclude"})


def whole(case: Case) -> Dossier:
    """The dossier of a case that was read with its sections: all its rows, their substances and the people in them."""
    rows = at_once.of_case(case, SHOWN)
    point([row for found in rows.values() for row in found])
    return Dossier(case, rows)


def point(rows: Sequence[Any]) -> None:
    """Read what these rows refer to, one statement for each vocabulary that any of them needs."""
    for name, model in NAMED.items():
        pointing = [row for row in rows if getattr(row, f"{name}_id", None) is not None]
        if pointing:
            there = model._default_manager.in_bulk({getattr(row, f"{name}_id") for row in pointing})
            for row in pointing:
                setattr(row, name, there[getattr(row, f"{name}_id")])


def with_names(case: Case) -> Dossier:
    """The dossier of a case that is looked at, with everything that its rows and sections show by its name."""
    dossier = looked_at(case)
    point([row for model in READ_WITH_CASE for row in dossier.rows(model)])
    places = [(dossier.answers(model), name) for model, name in PLACES]
    answered = [(row, name, code) for row, name in places if (code := getattr(row, f"{name}_id")) is not None]
    there = Municipality.objects.in_bulk({code for _, _, code in answered}) if answered else {}
    for row, name, code in answered:
        setattr(row, name, there[code])
    return dossier


def named(dossier: Dossier, kind: str) -> list[Any]:
    """The rows of this kind that were not struck out, in the order of entry."""
    return [row for row in dossier.rows(KINDS[kind]) if getattr(row, "removed_at", None) is None]


def at_version(case: Case, version: int, moment: datetime, kinds: Sequence[type[Tracked]]) -> dict[Any, Any]:
    """The rows of these kinds as they stood when the case was at ``version``, which it reached at ``moment``; by key.

    A row that was taken away after ``moment`` is among them, one that began later is not.
    """
    parts, values = [], list[Any]()
    for model in kinds:
        kept = cast("Any", model).history.model
        mine, version_column = ("id", "row_version") if model is Case else ("case_id", "case_version")
        parts.append(
            f"(SELECT DISTINCT ON (id) '{model.__name__}', to_jsonb(one)::text"  # noqa: S608
            f" FROM {kept._meta.db_table} one WHERE {mine} = %s AND coalesce({version_column}, 0) <= %s"
            " AND (history_type <> '-' OR history_date <= %s) ORDER BY id, history_id DESC)"
        )
        values += [case.pk, version, moment]
    by_name = {model.__name__: model for model in kinds}
    found: dict[Any, Any] = {}
    for name, text in _asked(" UNION ALL ".join(parts), values):
        stored = at_once.parsed(text)
        if stored["history_type"] != REMOVED:
            row = at_once.row_of(by_name[name], stored)
            found[row.pk] = row
    return found


def as_decided(dossier: Dossier) -> tuple[Dossier, StatusChange] | None:
    """The case as it stood when it was last closed or excluded, with that move; None when it never was."""
    moves = [row for row in dossier.rows(StatusChange) if row.name in DECIDING and row.case_version]
    if not moves:
        return None
    last = max(moves, key=lambda row: (row.case_version or 0, row.at))
    found = at_version(dossier.case, last.case_version or 0, last.at, (Case, *SECTIONS, *READ_WITH_CASE))
    case = found.pop(dossier.case.pk)
    rows: dict[type[CaseChild], list[Any]] = {model: [] for model in READ_WITH_CASE}
    for row in sorted(found.values(), key=lambda row: row.pk):
        if type(row) in SECTIONS:
            setattr(case, section_name(type(row)), row)
        else:
            rows[type(row)].append(row)
    point([row for some in rows.values() for row in some])
    return Dossier(case, rows), last


def _asked(statement: str, values: Sequence[Any]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cast("list[tuple[str, str]]", cursor.fetchall())
