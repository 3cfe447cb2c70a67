"""What a person decides about a pair: another death, or the same one. The older case leads, and both numbers stay."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from register.access import may, pairs_for
from register.audit import Event, acting_as, doing, log_access
from register.casework import steps
from register.casework.answers import answer_in, apply_skip_rules, put
from register.casework.dossier import Dossier, section_name
from register.casework.duplicates import copies
from register.casework.duplicates.comparing import Comparison, compared
from register.casework.duplicates.copies import RowOffer, offers
from register.casework.duplicates.finding import WAITS
from register.casework.errors import InvalidError, NotFoundError, RefusedError, StaleError, refuse_unless
from register.casework.findings import check
from register.casework.merging import as_seen, same
from register.casework.opening import opened
from register.casework.substances import ONE_SOLE_CAUSE, beside_a_sole_cause
from register.casework.whole import whole
from register.models import SECTIONS, Case, DuplicatePair, SubstanceFinding, User
from register.models.case import CaseChild
from register.quality import dictionary
from register.quality.problems import Problem
from register.quality.rule import Severity
from register.workflow import case_acts
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.verbs import Verb

UNDO_WITHIN = timedelta(days=30)
SHORTEST_REASON = 10
State = DuplicatePair.State
REASON_NEEDED = Problem("Geef de reden, in ten minste 10 tekens.", "Give the reason, in at least 10 characters.")
UNDONE = "Samenvoegen ongedaan gemaakt"
TAKEN_OVER = "Overgenomen uit zaak {number}"
DECIDED_ALREADY = (
    "pair_decided",
    "Over deze twee zaken is al besloten. Bekijk het besluit.",
    "These two cases were decided on already. Look at the decision.",
)
LEADING_IS_CLOSED = (
    "leading_case_closed",
    "De oudste zaak is gesloten en verandert niet. Heropen haar eerst, of voeg samen zonder antwoorden over te nemen.",
    "The older case is closed and does not change. Reopen it first, or merge without taking answers over.",
)
TOO_LATE = (
    "undo_too_late",
    "Samenvoegen kan 30 dagen lang ongedaan worden gemaakt. Heropen de vervallen zaak met een reden.",
    "Merging can be undone for 30 days. Reopen the excluded case with a reason.",
)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A pair with both cases, what they answer, the rows that only the second has, and those that were copied."""

    pair: DuplicatePair
    comparisons: tuple[Comparison, ...]
    rows: tuple[RowOffer, ...]
    copied: tuple[CaseChild, ...]


def waiting(*, by: User) -> QuerySet[DuplicatePair]:
    """The pairs that wait for a decision, the likeliest first."""
    return pairs_for(by).filter(state=State.OPEN).order_by("-score", "id")


def decided(*, by: User) -> QuerySet[DuplicatePair]:
    """The pairs that were decided on, the latest first."""
    return pairs_for(by).filter(state__in=(State.MERGED, State.DIFFERENT)).order_by("-decided_at", "id")


def side_by_side(*, pair_id: UUID, by: User) -> SideBySide:
    """One pair to decide on. NotFoundError when there is none for this person."""
    sections = [f"{side}__{section_name(model)}" for side in ("first", "second") for model in SECTIONS]
    places = [f"{side}__{name}" for side in ("first", "second") for name in ("region", "forensic_service", "reporter")]
    pair = pairs_for(by).select_related("decided_by", *sections, *places).filter(pk=pair_id).first()
    if pair is None:
        raise NotFoundError
    first, second = whole(pair.first), whole(pair.second)
    return SideBySide(pair, compared(first, second), offers(first, second), copies.made(first, pair))


def not_the_same(*, pair_id: UUID, reason: str, seen_version: int, by: User, now: datetime) -> DuplicatePair:
    """Two deaths. The pair is remembered and never proposed again."""
    words = _reason(reason)
    with acting_as(by):
        pair = _open_pair(pair_id, seen_version, by)
        doing(Verb.DECIDE_DUPLICATE, reason=words)
        _decide(pair, state=State.DIFFERENT, reason=words, by=by, now=now)
        log_access(Event.CASE_DECIDE, objects=[pair.first_id, pair.second_id])
    return pair


def merge(
    *,
    pair_id: UUID,
    take: Collection[str],
    rows: Collection[str],
    seen_version: int,
    first_version: int,
    second_version: int,
    by: User,
    now: datetime,
    reason: str = "",
) -> DuplicatePair:
    """One death. The older case takes the answers named by ``take`` (``Model.field``) and copies of the rows whose keys
    stand in ``rows``; the other counts no more, with its content and its number. What is written in the older case says
    from which case it came.

    A closed case does not change: nothing is taken into it, and it cannot be the one that follows.
    """
    with acting_as(by):
        pair = _open_pair(pair_id, seen_version, by)
        changes = bool(take or rows)
        if changes and CaseState(pair.first.status) in LOCKED:
            raise RefusedError(*LEADING_IS_CLOSED)
        words = reason.strip()
        came_from = ": ".join(filter(None, (TAKEN_OVER.format(number=pair.second.case_number), words)))
        leading: AbstractContextManager[Dossier | None]
        leading = _opened(pair.first_id, first_version, by, came_from) if changes else nullcontext()
        copied: dict[str, str] = {}
        with leading as first, _opened(pair.second_id, second_version, by, words) as second:
            if first is not None:
                copied = _take_over(first, second, take, rows)
            steps.merge(second, by=by, now=now)
        what = {"taken": sorted(take), "copied": copied, "first_version": first_version}
        _decide(pair, state=State.MERGED, reason=words[:500], by=by, now=now, **what)
        others = pairs_for(by).filter(Q(first=pair.second_id) | Q(second=pair.second_id), state=State.OPEN)
        for other in others:
            other.change(state=State.GONE)
    return pair


def undo(*, pair_id: UUID, reason: str, seen_version: int, by: User, now: datetime) -> DuplicatePair:
    """Take a decision back: the pair waits again, and a case that was merged away is open again.

    The leading case gets back what stood in it, but for an answer that somebody changed since.
    """
    words = _reason(reason)
    with acting_as(by):
        pair = _pair(pair_id, seen_version, by)
        if pair.state not in (State.MERGED, State.DIFFERENT):
            raise StaleError(pair.first)
        doing(Verb.DECIDE_DUPLICATE, reason=words)
        if pair.state == State.MERGED:
            _take_apart(pair, words, by, now)
        pair.change(**WAITS)
        log_access(Event.CASE_DECIDE, objects=[pair.first_id, pair.second_id])
    return pair


def _take_apart(pair: DuplicatePair, reason: str, by: User, now: datetime) -> None:
    if pair.decided_at is None or now - pair.decided_at > UNDO_WITHIN:
        raise RefusedError(*TOO_LATE)
    why = f"{UNDONE}: {reason}"
    version = pair.second.row_version
    with _opened(pair.second_id, version, by, why, Verb.REOPEN_CASE, Event.CASE_REOPEN) as second:
        steps.reopen(second, reason=why, by=by, now=now, second_person=False)
    if not (pair.taken or pair.copied):
        return
    if CaseState(pair.first.status) in LOCKED:
        raise RefusedError(*LEADING_IS_CLOSED)
    with _opened(pair.first_id, pair.first.row_version, by, why) as first:
        _give_back(first, second, pair)
        copies.take_back(first, pair, reason=UNDONE, now=now)


def _opened(
    case_id: UUID,
    seen_version: int,
    by: User,
    reason: str,
    verb: Verb = Verb.DECIDE_DUPLICATE,
    event: Event = Event.CASE_DECIDE,
) -> AbstractContextManager[Dossier]:
    return opened(case_id=case_id, by=by, verb=verb, seen_version=seen_version, event=event, reason=reason)


def _give_back(first: Dossier, second: Dossier, pair: DuplicatePair) -> None:
    """Put back what stood before, where what was taken still stands."""
    for key in pair.taken:
        spec = dictionary.field(key)
        row, other = first.answers(spec.model), second.answers(spec.model)
        before = as_seen(row, pair.first_version or 0)
        if before is not None and same(answer_in(row, spec), answer_in(other, spec)):
            put(first, row, {key: answer_in(before, spec)})
            apply_skip_rules(first, spec.model, row)


def _take_over(first: Dossier, second: Dossier, take: Collection[str], rows: Collection[str]) -> dict[str, str]:
    """Put the chosen answers and rows of the second in the first; the key of each copy and of what it is a copy of."""
    differing = {comparison.spec.key: comparison for comparison in compared(first, second)}
    if not set(take) <= set(differing):
        raise NotFoundError
    for key in take:
        spec = differing[key].spec
        row = first.answers(spec.model)
        put(first, row, {key: answer_in(second.answers(spec.model), spec)})
        apply_skip_rules(first, spec.model, row)
    copied = copies.copy(first, second, rows)
    findings = (row for row in first.rows(SubstanceFinding) if str(row.pk) in copied)
    if any(beside_a_sole_cause(first, row) for row in findings):
        raise InvalidError({"role": ONE_SOLE_CAUSE})
    _require_true(first, take)
    return copied


def _require_true(first: Dossier, take: Collection[str]) -> None:
    """Raise InvalidError when the answers of two cases together cannot be true."""
    untrue = {
        finding.field or finding.code: Problem(finding.nl, finding.en)
        for finding in check(first)
        if finding.severity is Severity.ERROR and (finding.field in take or finding.row)
    }
    if untrue:
        raise InvalidError(untrue)


def _decide(pair: DuplicatePair, *, by: User, now: datetime, **values: object) -> None:
    pair.change(decided_by=by, decided_at=now, **values)


def _open_pair(pair_id: UUID, seen_version: int, by: User) -> DuplicatePair:
    pair = _pair(pair_id, seen_version, by)
    if pair.state != State.OPEN:
        raise RefusedError(*DECIDED_ALREADY)
    return pair


def _pair(pair_id: UUID, seen_version: int, by: User) -> DuplicatePair:
    """The pair, locked, as the person saw it; both cases must be theirs to decide on."""
    pair = pairs_for(by).select_for_update(of=("self",)).select_related("first", "second").filter(pk=pair_id).first()
    if pair is None:
        raise NotFoundError
    if pair.row_version != seen_version:
        raise StaleError(pair.first)
    for case in (pair.first, pair.second):
        _require(by, case)
    return pair


def _require(by: User, case: Case) -> None:
    refuse_unless(may(by, Verb.DECIDE_DUPLICATE, case))


def _reason(text: str) -> str:
    words = text.strip()[:500]
    if len(words) < SHORTEST_REASON:
        raise InvalidError({"reason": REASON_NEEDED})
    return words


def obstacles(pair: DuplicatePair) -> Sequence[RefusedError]:
    """Why these two cannot be merged as they stand; empty when they can."""
    refused = case_acts.refusal(Verb.DECIDE_DUPLICATE, CaseState(pair.second.status))
    return [RefusedError.of(refused)] if refused and pair.state == State.OPEN else []
