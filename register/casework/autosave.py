"""Saving what can be saved: one answer that cannot be never drops the others, while somebody types and after.

In a draft what cannot be read is kept as it was typed (``unread``), and the answer itself is empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from register.casework import intake, unread
from register.casework.answers import Raw, Vocabularies, put
from register.casework.dossier import Dossier
from register.casework.editing import edited
from register.casework.errors import ConflictError, NotFoundError
from register.casework.findings import check
from register.casework.merging import changed_since
from register.casework.rows import KINDS
from register.casework.seen import Conflict, Seen
from register.casework.touching import Touched
from register.models import Case, SubstanceFinding, SuspectedSubstance, User
from register.models.case import CaseChild
from register.models.tracked import columns
from register.quality import dictionary
from register.quality.answers import BLANK, Answer
from register.quality.dictionary import FieldSpec
from register.quality.problems import Problem
from register.quality.rule import Finding, Severity

# A case has one from its beginning, and a small row says nothing without its main answer, so these are never emptied.
NEVER_EMPTY = frozenset(
    {"Case.forensic_service", *(f"{model.__name__}.{needed}" for model, needed in KINDS.values())},
)
ROWS: tuple[type[CaseChild], ...] = (
    SuspectedSubstance,
    SubstanceFinding,
    *(model for model, _needed in KINDS.values()),
)


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """What came of it: which answers stand now as they were sent, and why the others do not.

    ``problems`` by field name; ``kept`` names those of which the draft keeps what was typed. ``changed``: the other
    questions of the page that somebody else answered since the person saw it; who goes on with the new version must
    show them.
    """

    case: Case
    saved: tuple[FieldSpec, ...]
    problems: dict[str, Problem]
    conflicts: tuple[Conflict, ...]
    changed: tuple[FieldSpec, ...]
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What was typed for a question and is no answer; ``row`` is the key of its row, or ``unread.NEW``."""

    field: str
    row: str
    typed: unread.Typed
    problem: Problem | None = None


def save_answers(
    *, case_id: UUID | str, page: str, raw: Raw, seen_version: int, by: User, reason: str = "", touched: str = ""
) -> SavedAnswers:
    """Store the answers of a page that ``raw`` holds, each that can be. ``touched``: the question where the person is,
    as ``Touched`` writes it.
    """
    if page not in dictionary.PAGES:
        raise NotFoundError
    specs = intake.fields_of_page(page)
    seen = Seen.of(seen_version)
    answers: dict[str, Answer] = {}
    problems: dict[str, Problem] = {}
    kept: set[str] = set()
    conflicts: tuple[Conflict, ...] = ()
    changed: list[FieldSpec] = []
    try:
        with edited(case_id=case_id, by=by, seen_version=seen, reason=reason) as dossier:
            raw = unread.with_kept(dossier, page, raw)
            answers, problems = intake.read_answers(specs, raw, Vocabularies())
            changed = _changed_by_others(dossier, specs, seen)
            problems.update(_put_what_fits(dossier, page, answers))
            unread.forget(dossier, (key for key in answers if dictionary.field(key).field not in problems))
            kept = _keep(dossier, page, raw, problems)
            if dossier.changed:
                dossier.change(dossier.case, last_touched=touched or str(Touched(page)))
        case = dossier.case
    except ConflictError as conflict:
        # The others are stored.
        case, conflicts = conflict.current, conflict.conflicts
    not_saved = {*problems, *(dictionary.field(conflict.key).field for conflict in conflicts)}
    saved = tuple(dictionary.field(key) for key in answers if dictionary.field(key).field not in not_saved)
    others = tuple(spec for spec in changed if spec.key not in answers)
    return SavedAnswers(case, saved, problems, conflicts, others, frozenset(kept))


def keep_unanswered(
    *, case_id: UUID | str, page: str, unanswered: Iterable[Unanswered], seen_version: int, by: User, touched: str = ""
) -> tuple[Case, list[Unanswered]]:
    """Keep what was typed in rows and is no answer. Gives the case, and what is kept of it."""
    kept: list[Unanswered] = []
    with edited(case_id=case_id, by=by, seen_version=seen_version) as dossier:
        for one in unanswered:
            if unread.keep(dossier, page, one.field, one.typed, row=one.row, problem=one.problem):
                _empty(dossier, one)
                kept.append(one)
        if dossier.changed:
            dossier.change(dossier.case, last_touched=touched or str(Touched(page)))
    return dossier.case, kept


def _empty(dossier: Dossier, one: Unanswered) -> None:
    """Empty the answer of a row of which the page shows the typed text instead; a row keeps what it needs to say."""
    model = next((model for model in ROWS if model.__name__ == one.field.partition(".")[0]), None)
    row = dossier.row(model, one.row) if model and one.row != unread.NEW else None
    if row is not None and one.problem and one.field not in NEVER_EMPTY:
        put(dossier, row, {one.field: BLANK})


def _keep(dossier: Dossier, page: str, raw: Raw, problems: Mapping[str, Problem]) -> set[str]:
    """Keep what was typed for these questions, and empty their answers: the page shows the typed text instead."""
    kept: set[str] = set()
    asked = {conflict.key for conflict in dossier.conflicts}
    specs = [spec for spec in intake.fields_of_page(page) if spec.field in problems and spec.key not in asked]
    for spec in specs:
        if unread.keep(dossier, page, spec.key, unread.texts_of(spec, raw), problem=problems[spec.field]):
            kept.add(spec.field)
            if spec.key not in NEVER_EMPTY:
                intake.put_answers(dossier, {spec.key: BLANK})
    return kept


def _changed_by_others(dossier: Dossier, specs: tuple[FieldSpec, ...], seen: Seen) -> list[FieldSpec]:
    if seen >= dossier.case.row_version:
        return []
    return [spec for spec in specs if changed_since(dossier.answers(spec.model), [spec], seen)]


def _put_what_fits(dossier: Dossier, page: str, answers: Mapping[str, Answer]) -> dict[str, Problem]:
    """Put the answers together; when the rules say that cannot be true, put each that fits and tell the others."""
    known = {(finding.code, finding.place) for finding in _errors(dossier, page)}
    if not _try(dossier, page, answers, known):
        return {}
    problems: dict[str, Problem] = {}
    waiting = dict(answers)
    while waiting:
        wrong = {key: _try(dossier, page, {key: answer}, known) for key, answer in waiting.items()}
        problems = {
            dictionary.field(key).field: Problem(found[0].nl, found[0].en) for key, found in wrong.items() if found
        }
        left = {key: waiting[key] for key, found in wrong.items() if found}
        if len(left) == len(waiting):
            break
        waiting = left
    return problems


def _try(dossier: Dossier, page: str, answers: Mapping[str, Answer], known: set[tuple[str, str]]) -> list[Finding]:
    """Put the answers, or leave everything as it was and give what cannot be true with them."""
    rows = [dossier.answers(model) for model in {dictionary.field(key).model for key in answers}]
    before = [columns(row) for row in rows]
    conflicts = list(dossier.conflicts)
    intake.put_answers(dossier, answers)
    wrong = [finding for finding in _errors(dossier, page) if (finding.code, finding.place) not in known]
    if wrong:
        for row, values in zip(rows, before, strict=True):
            dossier.change(row, **values)
        dossier.conflicts = conflicts
    return wrong


def _errors(dossier: Dossier, page: str) -> list[Finding]:
    return [
        finding
        for finding in check(dossier)
        if finding.page == page and finding.severity is Severity.ERROR and not finding.row
    ]
