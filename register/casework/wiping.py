"""Answers that the skip rules wiped: which they were, and bringing them back with the answer that wiped them."""

from uuid import UUID

from register.casework import intake
from register.casework.answers import answer_in, conditional
from register.casework.editing import edited
from register.casework.errors import NotFoundError
from register.casework.merging import as_seen
from register.models import Case, User
from register.models.tracked import Tracked
from register.quality import dictionary
from register.quality.dictionary import FieldSpec
from register.quality.skip_rules import CONDITIONAL, not_applicable

NOT_APPLICABLE = "NA"


def wiped_since(rows: dict[str, Tracked], version: int) -> list[FieldSpec]:
    """The questions that had an answer when the case was at ``version`` and do not apply now.

    ``rows`` are the rows of the case that hold the single answers of a page, by model.
    """
    found: list[FieldSpec] = []
    for model, row in rows.items():
        past = as_seen(row, version)
        if past is None or past is row:
            continue
        specs = conditional(model)
        skipped = not_applicable({spec.key: answer_in(row, spec) for spec in dictionary.fields_of(model)})
        found += [s for s in specs if s.key in skipped and answer_in(past, s).value is not None]
    return found


def models_of(page: str) -> list[str]:
    """The models of which this page asks single answers."""
    return list(dict.fromkeys(spec.model for spec in intake.fields_of_page(page)))


def restore(*, case_id: UUID | str, page: str, before: int, seen_version: int, by: User) -> Case:
    """Bring back what was wiped since version ``before``, and the answers that decided about it."""
    if page not in dictionary.PAGES:
        raise NotFoundError
    with edited(case_id=case_id, by=by, seen_version=seen_version) as dossier:
        rows = {model: dossier.answers(model) for model in models_of(page)}
        wiped = wiped_since(rows, before)
        deciders = [dictionary.field(CONDITIONAL[spec.key].decider) for spec in wiped]
        past = {model: as_seen(row, before) or row for model, row in rows.items()}
        answers = {spec.key: answer_in(past[spec.model], spec) for spec in (*deciders, *wiped)}
        intake.put_answers(dossier, answers)
    return dossier.case
