"""Who may change answers when, and that a submitted case changes only with a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from register.audit import Event
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError
from register.casework.opening import opened
from register.models import Case, User
from register.quality.problems import Problem
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

SHORTEST_REASON = 10
REASON_NEEDED = Problem(
    "Geef de reden van deze wijziging, in ten minste 10 tekens; de zaak is al ingediend.",
    "Give the reason for this change, in at least 10 characters; the case was submitted already.",
)


@contextmanager
def edited(*, case_id: UUID | str, by: User, seen_version: int, reason: str = "") -> Iterator[Dossier]:
    """Open a case whose answers ``by`` may change now.

    A draft is filled in by its reporter; afterwards the reporter's region changes answers while a question is out, and
    the register while it reviews, both with a reason.
    """
    with opened(
        case_id=case_id,
        by=by,
        verb=editing_verb,
        seen_version=seen_version,
        event=Event.CASE_UPDATE,
        reason=reason.strip(),
        merges=True,
    ) as dossier:
        require_reason(dossier, reason)
        yield dossier


def editing_verb(by: User, case: Case) -> Verb:
    """What it takes to change an answer of this case in the state it is in."""
    if case.status == CaseState.DRAFT:
        return Verb.EDIT_CASE
    return Verb.REVIEW_CASE if by.role == Role.REGISTER_STAFF else Verb.ANSWER_QUERY


def require_reason(dossier: Dossier, reason: str) -> None:
    """Raise InvalidError when an answer of a submitted case would change without a reason in words."""
    if dossier.case.submitted_at is not None and len(reason.strip()) < SHORTEST_REASON:
        raise InvalidError({"reason": REASON_NEEDED})
