"""Two people, one case: which answers of a page that saw an older version are taken, and which must be asked again.

An answer is compared with what stood there when the person saw it and with what stands there now. Nobody's answer is
overwritten unseen: where both changed the same answer to something else, the person chooses.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from register.casework.answers import answer_in, conditional, deciding
from register.casework.dossier import Dossier
from register.casework.errors import ConflictError, StaleError
from register.casework.seen import Conflict, Seen, conflict_name
from register.models import Case, Query, QueryMessage, User
from register.models.tracked import Tracked
from register.quality import dictionary
from register.quality.answers import BLANK, Answer
from register.quality.dictionary import FieldSpec
from register.quality.skip_rules import CONDITIONAL, not_applicable


def settle(
    dossier: Dossier, row: Tracked, answers: Mapping[str, Answer], *, only_changed: bool = False
) -> dict[str, Answer]:
    """Those of ``answers`` that the row takes; the others are noted in the conflicts of the dossier or left as stored.

    A page sends every answer it shows: one that the person left as they saw it is not theirs to change. With
    ``only_changed``, of the form or of the call, each answer that is sent was meant.
    """
    seen = dossier.seen
    if seen is None or row._state.adding:
        return dict(answers)
    if seen >= dossier.case.row_version and not seen.older and not seen.theirs:
        return dict(answers)
    only_changed = only_changed or seen.only_changed
    taken: dict[str, Answer] = {}
    for key, answer in answers.items():
        name = conflict_name(key, _row_key(row))
        if name in seen.theirs:
            continue
        spec, version = dictionary.field(key), seen.of_answer(name)
        now, before = answer_in(row, spec), _before(row, spec, version)
        if same(answer, now) or same(now, before):
            taken[key] = answer
        elif only_changed or not same(answer, before):
            dossier.conflicts.append(_conflict(row, spec, answer, version))
    for decider, lost in _lost_by(row, taken, seen).items():
        dossier.conflicts.append(_conflict(row, dictionary.field(decider), taken.pop(decider), seen, about=lost))
    return taken


def settle_whole(dossier: Dossier, row: Tracked, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The same for answers that are one decision: with a conflict in one of them none is stored (ConflictError)."""
    taken = settle(dossier, row, answers, only_changed=True)
    if dossier.conflicts:
        raise ConflictError(dossier.case, dossier.conflicts)
    return taken


def changed_since(row: Tracked, specs: Collection[FieldSpec], version: int) -> list[FieldSpec]:
    """The questions of which the answer in this row is another one than at ``version``."""
    return [spec for spec in specs if not same(answer_in(row, spec), _before(row, spec, version))]


def require_unchanged(dossier: Dossier, row: Tracked) -> None:
    """Raise StaleError when the row changed since the person saw the case. For what is decided about a row as a whole,
    such as taking it away.
    """
    seen = dossier.seen
    if seen is not None and seen < dossier.case.row_version and _version_of(row) > seen:
        raise StaleError(dossier.case)


def require_read(dossier: Dossier, query: Query) -> None:
    """Raise StaleError when somebody wrote in this thread since the person saw it."""
    require_unchanged(dossier, query)
    if dossier.seen is not None and QueryMessage.objects.filter(query=query, case_version__gt=dossier.seen).exists():
        raise StaleError(dossier.case)


def as_seen(row: Tracked, version: int) -> Tracked | None:
    """The row as it stood when the case was at ``version``; None when its history does not say."""
    if _version_of(row) <= version:
        return row
    column = _column(row)
    past: Tracked | None = (
        row.history.filter(**{f"{column}__lte": version}).order_by(f"-{column}", "-history_id").first()
    )
    return past


def same(one: Answer | None, other: Answer | None) -> bool:
    """Whether two answers say the same. What follows from another answer says nothing of its own."""
    return one is not None and other is not None and _plain(one) == _plain(other)


def _plain(answer: Answer) -> Answer:
    if answer.missing == "NA":
        return BLANK
    if isinstance(answer.value, str):
        return Answer(answer.value.replace("\r\n", "\n").strip() or None, answer.missing)
    return answer


def _before(row: Tracked, spec: FieldSpec, version: int) -> Answer | None:
    past = as_seen(row, version)
    return None if past is None else answer_in(past, spec)


def _lost_by(row: Tracked, taken: Mapping[str, Answer], seen: Seen) -> dict[str, FieldSpec]:
    """Answers after which a question no longer applies that somebody else answered since; with that question."""
    model = type(row).__name__
    deciders = {spec.key: taken.get(spec.key, answer_in(row, spec)) for spec in deciding(model)}
    skipped = not_applicable(deciders)
    found: dict[str, FieldSpec] = {}
    for spec in conditional(model):
        decider = CONDITIONAL[spec.key].decider
        now = answer_in(row, spec)
        if decider in taken and spec.key in skipped and now.value is not None:
            changed = not same(taken[decider], answer_in(row, dictionary.field(decider)))
            if changed and not same(now, _before(row, spec, seen.of_answer(conflict_name(decider, _row_key(row))))):
                found[decider] = spec
    return found


def _conflict(row: Tracked, spec: FieldSpec, mine: Answer, version: int, about: FieldSpec | None = None) -> Conflict:
    by, at = _last_change(row, about or spec, version)
    return Conflict(spec.key, _row_key(row), mine, answer_in(row, spec), int(version), by, at)


def _last_change(row: Tracked, spec: FieldSpec, version: int) -> tuple[User | None, datetime | None]:
    """Who gave the answer that stands in the row now, and when."""
    column, now = _column(row), answer_in(row, spec)
    found = None
    history = row.history.filter(**{f"{column}__gt": version}).select_related("history_user")
    for past in history.order_by(f"-{column}", "-history_id"):
        if not same(answer_in(past, spec), now):
            break
        found = past
    return (found.history_user, found.history_date) if found else (None, None)


def _row_key(row: Tracked) -> str:
    """The key of a row of which a case holds any number; empty for the case and its sections."""
    return "" if type(row).__name__ in dictionary.SECTIONS else str(row.pk)


def _column(row: Tracked) -> str:
    return "row_version" if isinstance(row, Case) else "case_version"


def _version_of(row: Tracked) -> float:
    """The version of the case at which the row last changed; later than any when that was never written down."""
    version = getattr(row, _column(row))
    return float("inf") if version is None else float(version)
