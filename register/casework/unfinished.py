"""Small forms that somebody began and did not send yet: kept as they were typed, for that person alone.

They are no part of the record of the case: they raise no version, no rule reads them and nothing counts them. They go
when the form is sent or thrown away.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from register.access import cases_for
from register.audit import Event, acting_as, doing, log_access
from register.casework import opening
from register.casework.errors import InvalidError, NotFoundError
from register.models import Case, Query, SuspectedSubstance, ToxRequest, ToxResult, UnfinishedForm, User
from register.quality.problems import Problem
from register.workflow.verbs import Verb

# The forms that are kept, and what it takes to send each.
FORMS: Mapping[str, Verb] = {
    **dict.fromkeys(("further_request", "request", "sample", "report", "result", "change_result"), Verb.ENTER_TOX),
    "laboratory": Verb.ENTER_TOX,
    "question": Verb.ANSWER_QUERY,
}
LONGEST = 100_000  # characters of one form
NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
NOT_KEPT = Problem(
    "Dit is te lang om te bewaren, of bevat een onzichtbaar teken.",
    "This is too long to keep, or holds an invisible character.",
)
WHY = "Formulier dat nog niet is verzonden"

Typed = Mapping[str, Sequence[str]]


def keep(*, case_id: UUID | str, form: str, about: UUID, typed: Typed, by: User, whole: bool = False) -> None:
    """Keep what was typed; names that ``typed`` does not hold stay as they are, unless it is the ``whole`` form."""
    verb = FORMS.get(form)
    if verb is None:
        raise NotFoundError
    with acting_as(by):
        opening.lock(case_id=case_id, by=by)
        case = cases_for(by).get(pk=case_id)
        require_about(case, about)
        opening.require(by, verb, case)
        doing(verb, reason=WHY)
        kept = _find(case, form, about, by)
        before = {} if kept is None or whole else kept.typed
        now = {**before, **{name: list(texts) for name, texts in typed.items()}}
        _require_storable(now)
        if kept is None:
            UnfinishedForm(case=case, by=by, form=form, about=about, typed=now).save()
        else:
            kept.change(typed=now)
        log_access(Event.CASE_UPDATE, objects=[case.pk])


def require_about(case: Case, about: UUID) -> None:
    """Raise NotFoundError unless ``about`` is the key of the case or of a row of it that a form may be about."""
    rows = (ToxRequest, ToxResult, Query, SuspectedSubstance)
    if about != case.pk and not any(row._default_manager.filter(case=case, pk=about).exists() for row in rows):
        raise NotFoundError


def of(*, case: Case, form: str, about: UUID, by: User) -> dict[str, list[str]]:
    """What this person typed in this form and did not send."""
    kept = _find(case, form, about, by)
    return dict(kept.typed) if kept else {}


def forget(*, case: Case, form: str, about: UUID, by: User) -> None:
    """The form was sent, or is thrown away."""
    kept = _find(case, form, about, by)
    if kept is not None:
        with acting_as(by):
            doing(FORMS[form], reason=WHY)
            kept.delete()


def _find(case: Case, form: str, about: UUID, by: User) -> UnfinishedForm | None:
    found: UnfinishedForm | None = case.unfinished_forms.filter(by=by, form=form, about=about).first()
    return found


def _require_storable(typed: Typed) -> None:
    texts = [text for several in typed.values() for text in several]
    if sum(map(len, texts)) > LONGEST or any(map(NOT_STORABLE.search, texts)):
        raise InvalidError({"text": NOT_KEPT})
