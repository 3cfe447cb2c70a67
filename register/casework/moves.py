"""Moving one case: the use cases behind the buttons. Questions and panel have their own modules."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from uuid import UUID

from django.utils import timezone

from register.access import may
from register.audit import Event
from register.casework import steps
from register.casework.dossier import Dossier
from register.casework.errors import RefusedError
from register.casework.findings import accept
from register.casework.opening import VerbFor, opened
from register.casework.panel import from_panel, to_panel, vote
from register.casework.queries import accept_answers, answer, ask, close_query, reask
from register.casework.situation import situation_of
from register.models import Case, User
from register.workflow.case_transitions import CaseState, CaseTransition, decide, possible
from register.workflow.transitions import Obstacle, Refused
from register.workflow.verbs import Verb

__all__ = [
    "accept_answers",
    "answer",
    "ask",
    "await_toxicology",
    "close",
    "close_query",
    "exclude",
    "from_panel",
    "moves_from",
    "obstacles_to",
    "reask",
    "reopen",
    "resume",
    "submit",
    "take",
    "to_panel",
    "vote",
    "withdraw",
]


def submit(*, case_id: UUID | str, seen_version: int, by: User, accepted: Mapping[str, str] | None = None) -> Case:
    """Hand the case to the register. ``accepted``: a reason for each warning that asks for one, by its key."""
    with _open(case_id, seen_version, by, Verb.SUBMIT_CASE, event=Event.CASE_SUBMIT) as dossier:
        accept(dossier, accepted or {}, by=by)
        steps.submit(dossier, by=by, now=timezone.now())
    return dossier.case


def take(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """Take a case into review; from here ``by`` is its reviewer."""
    with _open(case_id, seen_version, by, Verb.TAKE_CASE) as dossier:
        steps.take(dossier, by=by, now=timezone.now())
    return dossier.case


def await_toxicology(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """Let the case wait for a result that was requested and has a due date."""
    with _open(case_id, seen_version, by, Verb.REVIEW_CASE) as dossier:
        steps.wait(dossier, by=by, now=timezone.now())
    return dossier.case


def resume(*, case_id: UUID | str, reason: str, seen_version: int, by: User) -> Case:
    """Go on with the review although the result is not in."""
    with _open(case_id, seen_version, by, Verb.REVIEW_CASE, reason) as dossier:
        steps.move(dossier, "resume", by=by, now=timezone.now(), reason=reason)
    return dossier.case


def close(*, case_id: UUID | str, seen_version: int, by: User, accepted: Mapping[str, str] | None = None) -> Case:
    """Close the case; every guard of the workflow must hold. From here it is read-only and counts as final."""
    with _open(case_id, seen_version, by, Verb.CLOSE_CASE) as dossier:
        accept(dossier, accepted or {}, by=by)
        steps.close(dossier, by=by, now=timezone.now())
    return dossier.case


def exclude(*, case_id: UUID | str, reason: str, seen_version: int, by: User) -> Case:
    """Record that this is not a case. ``reason`` is a code of VS-EXCL."""
    with _open(case_id, seen_version, by, Verb.EXCLUDE_CASE) as dossier:
        steps.exclude(dossier, reason=reason, by=by, now=timezone.now())
    return dossier.case


def reopen(*, case_id: UUID | str, reason: str, seen_version: int, by: User, second_person: User | None = None) -> Case:
    """Open a decided case again. One that counts in a final release needs a second person who may ask for it:
    ``second_person``, else who asked before.
    """
    with _open(case_id, seen_version, by, Verb.REOPEN_CASE, reason, Event.CASE_REOPEN) as dossier:
        second = second_person or dossier.case.reopening_asked_by
        agreed = second is not None and second.pk != by.pk and _may_ask(second, dossier.case)
        steps.reopen(dossier, reason=reason, by=by, now=timezone.now(), second_person=agreed)
    return dossier.case


def withdraw(*, case_id: UUID | str, reason: str, seen_version: int, by: User) -> Case:
    """Take back a case that was entered in error. Its content is kept and counts nowhere."""
    with _open(case_id, seen_version, by, _withdrawing, reason, Event.CASE_WITHDRAW) as dossier:
        steps.move(dossier, "withdraw", by=by, now=timezone.now(), reason=reason)
    return dossier.case


def moves_from(*, case: Case, by: User) -> tuple[CaseTransition, ...]:
    """The moves that ``by`` may make from the state of the case, whatever still stands in their way."""
    return tuple(
        transition
        for transition in possible(CaseState(case.status))
        if transition.by is not None and may(by, transition.by, case)
    )


def obstacles_to(*, case: Case, move: str, by: User, reason: str = "-") -> tuple[Obstacle, ...]:
    """Everything in the way of a move, for a screen; empty when it can be made. A reason is taken as given."""
    return obstacles_in(dossier=Dossier(case), move=move, by=by, reason=reason)


def obstacles_in(*, dossier: Dossier, move: str, by: User, reason: str = "-") -> tuple[Obstacle, ...]:
    """The same for a case whose rows were read already."""
    case = dossier.case
    found = decide(move, CaseState(case.status), situation_of(dossier, by=by), reason=reason)
    if isinstance(found, Refused):
        return found.obstacles or (Obstacle(found.code, found.nl, found.en),)
    if found.transition.by is not None and not (allowed := may(by, found.transition.by, case)):
        return (Obstacle(RefusedError.of(allowed).code, allowed.nl, allowed.en),)
    return ()


def _open(
    case_id: UUID | str,
    seen_version: int,
    by: User,
    verb: Verb | VerbFor,
    reason: str = "",
    event: Event = Event.CASE_DECIDE,
) -> AbstractContextManager[Dossier]:
    return opened(case_id=case_id, by=by, verb=verb, seen_version=seen_version, event=event, reason=reason)


def _withdrawing(by: User, case: Case) -> Verb:
    """A draft is withdrawn by its reporter, a submitted case by the register."""
    return Verb.WITHDRAW_DRAFT if case.status == CaseState.DRAFT else Verb.WITHDRAW_CASE


def _may_ask(person: User, case: Case) -> bool:
    return bool(may(person, Verb.REOPEN_CASE, case) or may(person, Verb.REQUEST_REOPENING, case))
