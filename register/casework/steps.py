"""The moves of a case in memory: one decision of the workflow room each, and one status change that says who and why.

The desk and the bulk paths take the same steps; only the number of cases differs.
"""

from datetime import datetime

from register.access import may
from register.casework.dossier import Dossier
from register.casework.errors import RefusedError, refuse_unless
from register.casework.review_marks import mark
from register.casework.situation import WAITING_FOR_RESULT, situation_of
from register.models import StatusChange, ToxRequest, User
from register.quality import value_sets
from register.workflow.case_transitions import CaseState, decide
from register.workflow.transitions import Refused
from register.workflow.verbs import Verb

LONGEST_REASON = 2000
SYSTEM_ROLE = "system"
# A new version begins when a case is handed in and when a decided one is opened again.
NEW_VERSION = frozenset({"submit", "reopen"})


def move(
    dossier: Dossier,
    name: str,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    second_person: bool = False,
    verb: Verb | None = None,
) -> None:
    """Make the move ``name``; RefusedError when the person may not or a guard stands in the way.

    ``by`` None: the register moves the case itself. ``verb`` replaces the verb of the table for a person who does the
    same by another right, as an import does.
    """
    case = dossier.case
    situation = situation_of(dossier, by=by, second_person=second_person)
    found = decide(name, CaseState(case.status), situation, reason=reason)
    if isinstance(found, Refused):
        raise RefusedError.of(found)
    needed = verb or found.transition.by
    if by is not None and needed is not None:
        refuse_unless(may(by, needed, case))
    version = case.version + (name in NEW_VERSION)
    dossier.add(
        StatusChange(
            name=name,
            from_status=case.status,
            to_status=found.transition.target.value,
            by=by,
            role=by.role if by else SYSTEM_ROLE,
            reason=reason.strip()[:LONGEST_REASON],
            at=now,
            version=version,
        )
    )
    dossier.change(case, status=found.transition.target.value, version=version, state_since=now)


def submit(dossier: Dossier, *, by: User, now: datetime, verb: Verb = Verb.SUBMIT_CASE) -> None:
    """Hand the case to the register; ``verb`` says by which right."""
    move(dossier, "submit", by=by, now=now, verb=verb)
    dossier.change(dossier.case, submitted_at=dossier.case.submitted_at or now)


def take(dossier: Dossier, *, by: User, now: datetime) -> None:
    """Take the case into review."""
    move(dossier, "take", by=by, now=now)
    _reviewed_by(dossier, by)


def wait(dossier: Dossier, *, by: User, now: datetime) -> None:
    """Let the case wait for its toxicology; the earliest due date brings it back."""
    move(dossier, "wait", by=by, now=now)
    due = [row.due_on for row in dossier.rows(ToxRequest) if row.due_on and row.status in WAITING_FOR_RESULT]
    dossier.change(dossier.case, followup_due=min(due))
    if dossier.assessment.reviewer_id is None:
        _reviewed_by(dossier, by)
    mark(dossier, by=by, now=now)


def toxicology_arrived(dossier: Dossier, *, now: datetime) -> None:
    """End the waiting when the toxicology is final or refused; otherwise nothing happens."""
    if dossier.case.status == CaseState.AWAITING_TOX and dossier.case.tox_status in ("final", "refused"):
        move(dossier, "tox_arrived", by=None, now=now)
        dossier.change(dossier.case, followup_due=None)


def close(dossier: Dossier, *, by: User, now: datetime) -> None:
    """Close the case; it is locked and counts as final."""
    move(dossier, "close", by=by, now=now)
    dossier.change(dossier.case, locked_on=now, decided_by=by, followup_due=None)
    mark(dossier, by=by, now=now)


def exclude(dossier: Dossier, *, reason: str, by: User, now: datetime) -> None:
    """Record that this is not a case; ``reason`` is a code of VS-EXCL."""
    known = reason if reason in value_sets.codes("VS-EXCL") else None
    dossier.change(dossier.assessment, inclusion="excluded" if known else None, exclusion_reason=known)
    move(dossier, "exclude", by=by, now=now)
    dossier.change(dossier.case, locked_on=now, decided_by=by, followup_due=None)
    mark(dossier, by=by, now=now)


def merge(dossier: Dossier, *, by: User, now: datetime) -> None:
    """Let an older case lead: this one counts no more, and its number keeps leading to it."""
    dossier.change(dossier.assessment, inclusion="excluded", exclusion_reason="duplicate")
    move(dossier, "merge", by=by, now=now)
    dossier.change(dossier.case, locked_on=now, decided_by=by, followup_due=None)


def reopen(dossier: Dossier, *, reason: str, by: User, now: datetime, second_person: bool) -> None:
    """Open a decided case again; its coding must be confirmed anew."""
    move(dossier, "reopen", by=by, now=now, reason=reason, second_person=second_person)
    dossier.change(dossier.case, locked_on=None, decided_by=None, reopening_asked_by=None)
    values = {"inclusion": None, "exclusion_reason": None} if dossier.assessment.inclusion == "excluded" else {}
    dossier.change(dossier.assessment, coding_confirmed_by=None, **values)


def _reviewed_by(dossier: Dossier, by: User) -> None:
    dossier.change(dossier.case, assigned_to=by)
    dossier.change(dossier.assessment, reviewer=by)
