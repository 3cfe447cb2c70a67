"""Rows of a case inside the form of a page: their fields, what was typed in them, and storing what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.casework import merging
from register.casework.answers import form_names
from register.casework.errors import ConflictError, InvalidError
from register.coding.routes import usual_routes
from register.quality import value_sets
from register.quality.dictionary import FieldSpec
from register.web import fields
from register.web.answers import form_values
from register.web.differences import Difference, differences, when, who
from register.web.fields import ErrorLine, Extras, FieldView
from register.web.language import active
from register.web.physician.forms import Choices
from register.web.physician.kept import NOTHING, Kept
from register.web.physician.merging import given, settled
from register.web.physician.row_kinds import RowKind, Write
from register.web.physician.summaries import substance_name

Values = Mapping[str, Sequence[str]]
NEW = "new"
# Roles that stand behind the five that a physician mostly needs.
RARE_ROLES = frozenset(
    {"possible_contribution", "metabolite_or_adulterant", "therapeutic", "given_in_care", "artefact"}
)


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


@dataclass(frozen=True, slots=True)
class Stored:
    """What was not stored of the rows of a page: mistakes by kind and row, the questions of which the person must
    choose the answer (``asked``: kind, row and field), and what was typed in rows that are gone.
    """

    problems: Problems = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()
    asked: tuple[tuple[str, str, str], ...] = ()
    lost: tuple[ErrorLine, ...] = ()

    def with_more(self, more: "Stored") -> "Stored":
        return Stored(
            {**self.problems, **more.problems},
            self.differences + more.differences,
            self.asked + more.asked,
            self.lost + more.lost,
        )


def shown(
    case: Any,
    kind: RowKind,
    choices: Choices,
    typed: Values | None = None,
    problems: Problems | None = None,
    held: Kept = NOTHING,
) -> ShownRows:
    """The rows of ``kind``, with what was typed when the page comes back, or what is kept of it as it was typed."""
    problems = problems or held.row_problems
    rows = [
        _row(kind, _values(kind, row, typed, held), choices, problems, row=row, heading=kind.heading(row, number))
        for number, row in enumerate(kind.read(case), start=1)
    ]
    if kind.blank:
        values = belonging(held.values if typed is None else typed, kind, NEW)
        rows.append(_row(kind, values, choices, problems))
    handed_in = case.submitted_at is not None
    struck = tuple(f"{substance_name(row)} – {row.removed_reason}" for row in kind.removed(case) if handed_in)
    return ShownRows(kind.slug, kind.title, tuple(rows), kind.remove is not None, struck)


def store(case: Any, kind: RowKind, typed: Values, write: Write) -> tuple[Write, Stored]:
    """Store the rows that changed. What the person left as they saw it is not a change.

    Gives the write to go on with, and what was not stored.
    """
    problems: dict[tuple[str, str], Any] = {}
    conflicts: list[Difference] = []
    asked: list[tuple[str, str, str]] = []
    for number, row in enumerate(kind.read(case), start=1):
        raw = _retyped(row, kind, typed, write.seen_version)
        if raw is None:
            continue
        try:
            write = write.after(kind.change(write, row.pk, _complete(raw, kind.specs)))
        except InvalidError as invalid:
            problems[kind.slug, str(row.pk)] = invalid.problems
        except ConflictError as conflict:
            write = write.after(conflict.current)
            prefix = f"{kind.slug}-{row.pk}"
            conflicts += differences(conflict.conflicts, prefix=prefix, heading=kind.heading(row, number))
            asked += [(kind.slug, str(row.pk), one.key) for one in conflict.conflicts]
    return write, Stored(problems, tuple(conflicts), tuple(asked), tuple(_lost(case, kind, typed, write)))


def changed(case: Any, kind: RowKind, typed: Values, seen_version: int) -> bool:
    """Whether the person changed a row of ``kind``, or filled in the empty one."""
    fresh = belonging(typed, kind, NEW) if kind.blank else {}
    rows = any(_retyped(row, kind, typed, seen_version) is not None for row in kind.read(case))
    return rows or any(given(fresh, kind.specs))


def _retyped(row: Any, kind: RowKind, typed: Values, seen_version: int) -> dict[str, list[str]] | None:
    """What was typed in a row; None when the person left it as they saw it."""
    before = form_values(merging.as_seen(row, seen_version) or row, kind.specs)
    raw = settled(belonging(typed, kind, str(row.pk)), before, kind.specs)
    return None if not raw or given(raw, kind.specs) == given(before, kind.specs) else raw


def store_new(kind: RowKind, typed: Values, write: Write) -> tuple[Write, Stored]:
    """Store the empty row when something was filled in."""
    fresh = belonging(typed, kind, NEW) if kind.blank else {}
    if not any(given(fresh, kind.specs)):
        return write, Stored()
    try:
        return write.after(kind.add(write, fresh)), Stored()
    except InvalidError as invalid:
        return write, Stored({(kind.slug, NEW): invalid.problems})


def with_asked(
    case: Any, kinds: Iterable[RowKind], typed: Values, asked: Iterable[tuple[str, str, str]]
) -> dict[str, list[str]]:
    """The rows as they are stored now, with what was typed where the person must choose, and in the empty row."""
    wanted = {(slug, key, spec) for slug, key, spec in asked}
    values: dict[str, list[str]] = {}
    for kind in kinds:
        for row in kind.read(case):
            prefix, key = name_prefix(kind, str(row.pk)), str(row.pk)
            mine = [spec for spec in kind.specs if (kind.slug, key, spec.key) in wanted]
            others = [spec for spec in kind.specs if spec not in mine]
            values.update({prefix + name: texts for name, texts in form_values(row, others).items()})
            names = {prefix + name for spec in mine for name in form_names(spec)}
            values.update({name: list(texts) for name, texts in typed.items() if name in names})
        blank = name_prefix(kind, NEW)
        values.update({name: list(texts) for name, texts in typed.items() if name.startswith(blank)})
    return values


def _lost(case: Any, kind: RowKind, typed: Values, write: Write) -> list[ErrorLine]:
    """What was typed in rows that somebody else took away meanwhile."""
    if not write.behind:
        return []
    standing = {str(row.pk) for row in kind.read(case)} | {NEW}
    keys = {name.split(".")[1] for name in typed if name.startswith(f"{kind.slug}.") and name.count(".") == 2}
    lines = []
    for key in sorted(keys - standing):
        found = kind.gone(case, key, write.seen_version)
        raw = belonging(typed, kind, key)
        if found is None or given(raw, kind.specs) == given(form_values(found[0], kind.specs), kind.specs):
            continue
        said = "; ".join(text for texts in raw.values() for text in texts if text.strip())
        words = {"who": who(found[1].history_user), "when": when(found[1].history_date), "said": said}
        lines.append(ErrorLine(_("%(who)s removed this row on %(when)s. You filled in: %(said)s") % words))
    return lines


def belonging(typed: Values, kind: RowKind, key: str) -> dict[str, list[str]]:
    """What was typed in one row, by the names of the dictionary."""
    prefix = name_prefix(kind, key)
    return {name.removeprefix(prefix): list(texts) for name, texts in typed.items() if name.startswith(prefix)}


def name_prefix(kind: RowKind, key: str) -> str:
    return f"{kind.slug}.{key}."


def _complete(raw: dict[str, list[str]], specs: Iterable[FieldSpec]) -> dict[str, list[str]]:
    """A list of ticks with nothing ticked is not sent at all: say that it is empty."""
    return {**{spec.field: [""] for spec in specs if spec.kind == "codes"}, **raw}


def _values(kind: RowKind, row: Any, typed: Values | None, held: Kept) -> Values:
    if typed is None:
        return {**form_values(row, kind.specs), **belonging(held.values, kind, str(row.pk))}
    return belonging(typed, kind, str(row.pk))


def _row(
    kind: RowKind, values: Values, choices: Choices, problems: Problems, *, row: Any = None, heading: str = ""
) -> ShownRow:
    """One row as it is shown; the empty one when there is no ``row``."""
    key = str(row.pk) if row is not None else NEW
    wrong = problems.get((kind.slug, key), {})
    views = tuple(
        fields.view(
            spec,
            values,
            extras=_extras(choices, spec, row),
            problem=wrong.get(spec.field),
            prefix=f"{kind.slug}-{key}",
            name_prefix=name_prefix(kind, key),
        )
        for spec in kind.specs
    )
    elsewhere = [problem for name, problem in wrong.items() if name not in kind.names]
    lines = tuple(ErrorLine(fields.sentence(problem)) for problem in elsewhere)
    return ShownRow(key, heading, _note(row), views, lines)


def _extras(choices: Choices, spec: FieldSpec, row: Any) -> Extras:
    """What the page adds to a question of a row: the usual roles first, and at the route the usual ones."""
    extras = choices.extras(spec)
    if spec.key == "SubstanceFinding.role":
        return replace(extras, widget="radios", rare=RARE_ROLES)
    usual = usual_routes(getattr(row, "substance_id", None)) if spec.field == "route" else ()
    if not usual:
        return extras
    ways = " / ".join(value_sets.label("VS-ROUTE", code, active()).lower() for code in usual)
    return replace(extras, hint=_("Often: %(ways)s. Choose what you saw or heard.") % {"ways": ways})


def _note(row: Any) -> str:
    """The words in which a substance was reported, when the heading shows its name in the catalogue."""
    reported = getattr(row, "reported_as", None)
    return reported if reported and row.substance_id else ""


__all__ = [
    "NEW",
    "Problems",
    "ShownRow",
    "ShownRows",
    "Stored",
    "belonging",
    "name_prefix",
    "shown",
    "store",
    "store_new",
    "with_asked",
]
