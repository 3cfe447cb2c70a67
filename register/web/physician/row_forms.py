"""Rows of a case inside the form of a page: their fields, what was typed in them, and storing what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from register.casework.errors import InvalidError
from register.quality.dictionary import FieldSpec
from register.web import fields
from register.web.answers import form_values
from register.web.fields import ErrorLine, FieldView
from register.web.physician.forms import Choices
from register.web.physician.merging import given, settled
from register.web.physician.row_kinds import RowKind, Write

Values = Mapping[str, Sequence[str]]
NEW = "new"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row as the page shows it; ``key`` is ``new`` for the empty one."""

    key: str
    heading: str
    note: str
    fields: tuple[FieldView, ...]
    others: tuple[ErrorLine, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.key == NEW


@dataclass(frozen=True, slots=True)
class ShownRows:
    """The rows of one kind, and those that were struck out."""

    slug: str
    title: Promise
    rows: tuple[ShownRow, ...]
    removable: bool
    struck: tuple[str, ...] = ()

    @property
    def errors(self) -> list[ErrorLine]:
        found: list[ErrorLine] = []
        for row in self.rows:
            found += [*row.others, *fields.error_lines(row.fields)]
        return found


Problems = Mapping[tuple[str, str], Mapping[str, Any]]


def shown(
    case: Any, kind: RowKind, choices: Choices, typed: Values | None = None, problems: Problems | None = None
) -> ShownRows:
    """The rows of ``kind``, with what was typed when the page comes back."""
    problems = problems or {}
    rows = [
        _row(kind, str(row.pk), kind.heading(row, number), _note(row), _values(kind, row, typed), choices, problems)
        for number, row in enumerate(kind.read(case), start=1)
    ]
    if kind.blank:
        values = belonging(typed or {}, kind, NEW)
        rows.append(_row(kind, NEW, "", "", values, choices, problems))
    struck = tuple(f"{kind.heading(row, 0)} – {row.removed_reason}" for row in kind.removed(case))
    return ShownRows(kind.slug, kind.title, tuple(rows), kind.remove is not None, struck)


def store(case: Any, kind: RowKind, typed: Values, write: Write) -> tuple[Write, dict[tuple[str, str], Any]]:
    """Store the rows that changed, and the empty row when something was filled in.

    Gives the version for the next write, and the problems by kind and row.
    """
    problems: dict[tuple[str, str], Any] = {}
    for row in kind.read(case):
        before = form_values(row, kind.specs)
        raw = settled(belonging(typed, kind, str(row.pk)), before, kind.specs)
        if not raw or given(raw, kind.specs) == given(before, kind.specs):
            continue
        try:
            write = write.after(kind.change(write, row.pk, _complete(raw, kind.specs)))
        except InvalidError as invalid:
            problems[kind.slug, str(row.pk)] = invalid.problems
    fresh = belonging(typed, kind, NEW) if kind.blank else {}
    if any(given(fresh, kind.specs)):
        try:
            write = write.after(kind.add(write, fresh))
        except InvalidError as invalid:
            problems[kind.slug, NEW] = invalid.problems
    return write, problems


def belonging(typed: Values, kind: RowKind, key: str) -> dict[str, list[str]]:
    """What was typed in one row, by the names of the dictionary."""
    prefix = name_prefix(kind, key)
    return {name.removeprefix(prefix): list(texts) for name, texts in typed.items() if name.startswith(prefix)}


def name_prefix(kind: RowKind, key: str) -> str:
    return f"{kind.slug}.{key}."


def _complete(raw: dict[str, list[str]], specs: Iterable[FieldSpec]) -> dict[str, list[str]]:
    """A list of ticks with nothing ticked is not sent at all: say that it is empty."""
    return {**{spec.field: [""] for spec in specs if spec.kind == "codes"}, **raw}


def _values(kind: RowKind, row: Any, typed: Values | None) -> Values:
    if typed is None:
        return form_values(row, kind.specs)
    return belonging(typed, kind, str(row.pk))


def _row(
    kind: RowKind, key: str, heading: str, note: str, values: Values, choices: Choices, problems: Problems
) -> ShownRow:
    wrong = problems.get((kind.slug, key), {})
    views = tuple(
        fields.view(
            spec,
            values,
            extras=choices.extras(spec),
            problem=wrong.get(spec.field),
            prefix=f"{kind.slug}-{key}",
            name_prefix=name_prefix(kind, key),
        )
        for spec in kind.specs
    )
    elsewhere = [problem for name, problem in wrong.items() if name not in kind.names]
    return ShownRow(key, heading, note, views, tuple(ErrorLine(fields.sentence(problem)) for problem in elsewhere))


def _note(row: Any) -> str:
    """The words in which a substance was reported, when the heading shows its name in the catalogue."""
    reported = getattr(row, "reported_as", None)
    return reported if reported and row.substance_id else ""


__all__ = ["NEW", "Problems", "ShownRow", "ShownRows", "belonging", "name_prefix", "shown", "store"]
