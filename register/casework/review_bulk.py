"""Reviewing many imported cases at once, by the same steps and under the same guards as one case on the screen.

The mapping of the source says what its certified conclusion means: which answers are final, and which make a death no
case of this register. A case that a guard refuses stays as it was and is listed with every reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.utils import timezone

from register.access import cases_for, may
from register.audit import Event, acting_as, log_access
from register.casework import reference, review, steps
from register.casework.answers import Vocabularies, answer_in
from register.casework.dossier import Dossier, load, store
from register.casework.errors import InvalidError, RefusedError, refuse_unless
from register.casework.findings import accept, key_of, unaccepted
from register.casework.importing.plans import Exclusion, ImportMapping
from register.casework.opening import finish
from register.casework.situation import open_pairs
from register.models import User
from register.workflow.case_transitions import CaseState
from register.workflow.transitions import Obstacle
from register.workflow.verbs import Verb

BATCH = 200
PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class NotReviewed:
    """A case that stayed as it was, with the reasons."""

    case_number: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of a batch of cases."""

    cases: int
    closed: int
    excluded: int
    refused: tuple[NotReviewed, ...]


def waiting(mapping: ImportMapping, *, by: User, year: int | None = None, limit: int | None = None) -> list[UUID]:
    """The keys of the submitted cases of this source, oldest first. Raises RefusedError."""
    for verb in (Verb.TAKE_CASE, Verb.CLOSE_CASE):
        refuse_unless(may(by, verb))
    cases = cases_for(by).filter(status=CaseState.SUBMITTED, import_key__startswith=f"{mapping.name}:")
    if year is not None:
        cases = cases.filter(death_section__date_of_death_from__year=year)
    with acting_as(by):
        return list(cases.order_by("case_number").values_list("pk", flat=True)[:limit])


def review_cases(
    keys: Sequence[UUID], mapping: ImportMapping, *, by: User, dry_run: bool = False
) -> Iterator[Reviewed]:
    """Take, conclude, code and close these cases, one batch at a time; with ``dry_run`` nothing is stored."""
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        yield _review(batch, mapping, by, dry_run=dry_run)


def _review(keys: Sequence[UUID], mapping: ImportMapping, by: User, *, dry_run: bool) -> Reviewed:
    with acting_as(by, doing=Verb.REVIEW_CASE, reason=f"bulk review {mapping.name}"):
        locked = cases_for(by).filter(pk__in=keys, status=CaseState.SUBMITTED).order_by("case_number")
        dossiers = load(locked.select_for_update(of=("self",)))
        vocabularies, current = Vocabularies(), reference.current()
        pairs = open_pairs(keys)
        done: list[Dossier] = []
        refused: list[NotReviewed] = []
        named: list[UUID] = []
        for dossier in dossiers:
            dossier.reference, dossier.open_pairs = current, pairs[dossier.case.pk]
            number = dossier.case.case_number
            try:
                _decide(dossier, mapping, by, vocabularies)
            except (RefusedError, InvalidError) as no:
                refused.append(NotReviewed(number, _reasons(no)))
                named.append(dossier.case.pk)
            else:
                done.append(dossier)
        if not dry_run:
            store(done)
        if done and not dry_run:
            log_access(Event.CASE_DECIDE, objects=[dossier.case.pk for dossier in done])
        if named:
            log_access(Event.CASE_LIST, objects=named, filters={"list": "bulk_review"})
    closed = sum(dossier.case.status == CaseState.CLOSED for dossier in done)
    return Reviewed(len(keys), closed, len(done) - closed, tuple(refused))


def _decide(dossier: Dossier, mapping: ImportMapping, by: User, vocabularies: Vocabularies) -> None:
    now = timezone.now()
    steps.take(dossier, by=by, now=now)
    for exclusion in mapping.review.exclusions:
        if _applies(exclusion, dossier):
            steps.exclude(dossier, reason=exclusion.reason, by=by, now=now)
            finish(dossier)
            return
    review.conclude_dossier(dossier, _conclusion(dossier, mapping.review.conclusion), vocabularies)
    finish(dossier)
    accept(dossier, {key_of(f): mapping.accept.get(f.code, "") for f in unaccepted(dossier)}, by=by)
    _code_and_close(dossier, by, now)
    finish(dossier)


def _code_and_close(dossier: Dossier, by: User, now: datetime) -> None:
    """Accept the suggested codes and close; without a suggestion, say that beside what else stands in the way."""
    uncoded: tuple[Obstacle, ...] = ()
    try:
        review.accept_dossier(dossier, by=by)
    except RefusedError as no:
        uncoded = (Obstacle(no.code, no.nl, no.en),)
    try:
        steps.close(dossier, by=by, now=now)
    except RefusedError as no:
        raise RefusedError(no.code, no.nl, no.en, (*uncoded, *no.obstacles)) from None


def _applies(exclusion: Exclusion, dossier: Dossier) -> bool:
    return answer_in(dossier.answers(exclusion.spec.model), exclusion.spec).value == exclusion.value


def _conclusion(dossier: Dossier, planned: Mapping[str, str]) -> dict[str, str]:
    """The final conclusion under its form names; ``provisional`` takes over the provisional answer or its reason."""
    raw = {}
    for name, text in planned.items():
        if text == PROVISIONAL:
            before = name.replace("final", PROVISIONAL)
            raw[name] = getattr(dossier.cause, before) or ""
            raw[f"{name}_missing"] = getattr(dossier.cause, f"{before}_missing") or ""
        else:
            raw[name] = text
    return raw


def _reasons(no: RefusedError | InvalidError) -> tuple[tuple[str, str], ...]:
    if isinstance(no, InvalidError):
        return tuple((problem.en, problem.nl) for problem in no.problems.values())
    return tuple((obstacle.en, obstacle.nl) for obstacle in no.obstacles) or ((no.en, no.nl),)
