"""Rows of a case inside the form of a page: their headings, fields and mistakes."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from register.coding.routes import usual_routes
from register.quality import value_sets
from register.quality.dictionary import FieldSpec
from register.web import fields
from register.web.answers import form_values
from register.web.field_shapes import ErrorLine, FieldView
from register.web.fields import Extras
from register.web.language import active
from register.web.physician.forms import Choices
from register.web.physician.kept import NOTHING, Kept
from register.web.physician.row_kinds import NEW, RowKind, Values, belonging, name_prefix
from register.web.physician.row_storing import Problems
from register.web.physician.summaries import substance_name

# A role is the physician's to choose; no value and no list sets it.
ROLES = frozenset({"SubstanceFinding.role", "SuspectedSubstance.role"})
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
    if spec.key in ROLES:
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
