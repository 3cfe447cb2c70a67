"""Answers that the skip rules wiped: which they were, and bringing them back with the answer that wiped them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from register.casework import intake
from register.casework.answers import answer_in, apply_skip_rules, conditional, put
from register.casework.editing import edited
from register.casework.errors import NotFoundError
from register.casework.merging import as_seen, settle
from register.casework.rows import KINDS
from register.models import Case, User
from register.models.case import CaseChild
from register.models.tracked import Tracked
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.quality.skip_rules import CONDITIONAL, not_applicable


@dataclass(frozen=True, slots=True)
class Wiped:
    """A question that lost its answer, and the row that holds it."""

    row: Tracked
    spec: FieldSpec


def wiped_since(rows: Iterable[Tracked], version: int) -> list[Wiped]:
    """The questions in ``rows`` that had an answer when the case was at ``version`` and do not apply now."""
    found: list[Wiped] = []
    for row in rows:
        past = as_seen(row, version)
        if past is None or past is row:
            continue
        model = type(row).__name__
        specs = conditional(model)
        skipped = not_applicable({spec.key: answer_in(row, spec) for spec in dictionary.fields_of(model)})
        found += [Wiped(row, s) for s in specs if s.key in skipped and answer_in(past, s).value is not None]
    return found


def models_of(page: str) -> list[str]:
    """The models of which this page asks single answers."""
    return list(dict.fromkeys(spec.model for spec in intake.fields_of_page(page)))


def row_models_of(page: str) -> list[type[CaseChild]]:
    """The models of which this page has small rows in which an answer may wipe another."""
    models = (model for model, _needed in KINDS.values())
    return [model for model in models if any(spec.page == page for spec in conditional(model.__name__))]


def restore(*, case_id: UUID | str, page: str, before: int, seen_version: int, by: User) -> Case:
    """Bring back what was wiped since version ``before``, and the answers that decided about it."""
    if page not in dictionary.PAGES:
        raise NotFoundError
    with edited(case_id=case_id, by=by, seen_version=seen_version) as dossier:
        rows: list[Tracked] = [dossier.answers(model) for model in models_of(page)]
        rows += [row for model in row_models_of(page) for row in dossier.rows(model)]
        wiped = wiped_since(rows, before)
        for row in rows:
            specs = [one.spec for one in wiped if one.row is row]
            past = as_seen(row, before) or row
            deciders = [dictionary.field(CONDITIONAL[spec.key].decider) for spec in specs]
            answers = {spec.key: answer_in(past, spec) for spec in (*deciders, *specs)}
            put(dossier, row, settle(dossier, row, answers))
            apply_skip_rules(dossier, type(row).__name__, row)
    return dossier.case
