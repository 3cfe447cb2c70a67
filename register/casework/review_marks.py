"""What the register saw last of a case, whether news came since, and since when it could be closed.

All three stand in the case itself, so that a worklist finds them by an index. The state of a case does not depend on
them: a case without any of them still stands in the list of its state.
"""

from dataclasses import replace
from datetime import datetime

from register.casework.dossier import Dossier
from register.casework.situation import situation_of
from register.models import User
from register.workflow.case_transitions import OPEN, CaseState, decide
from register.workflow.roles import Role
from register.workflow.transitions import Refused


def mark(dossier: Dossier, *, by: User, now: datetime) -> None:
    """Note that the register saw the case as it is; what is written in the same breath counts as seen.

    Somebody who saw an older version leaves the mark where it was: they have not seen the rest.
    """
    case = dossier.case
    if dossier.seen is not None and dossier.seen < case.row_version:
        return
    dossier.change(case, reviewed_by=by, reviewed_at=now, reviewed_version=case.row_version + 1, unreviewed_since=None)


def note_news(dossier: Dossier, *, by: User, was: str, now: datetime) -> None:
    """Note that somebody outside the register changed a case that was handed in before; ``was`` is its state then.

    A vote is no news of the case: the list of what the panel voted on tells of it.
    """
    case = dossier.case
    if (
        was == CaseState.DRAFT
        or by.role in (Role.REGISTER_STAFF, Role.PANEL_MEMBER)
        or CaseState(case.status) not in OPEN
    ):
        return
    if dossier.changed and case.unreviewed_since is None:
        dossier.change(case, unreviewed_since=now)


def follow_closing(dossier: Dossier, *, now: datetime) -> None:
    """Bring in line since when nothing stands in the way of closing; only a case in review can be closed.

    A pair of cases that waits for a decision is left aside: it comes and goes without a change of the case, so a list
    asks for it when it is read.
    """
    case = dossier.case
    if case.status != CaseState.IN_REVIEW:
        dossier.change(case, closable_since=None)
        return
    situation = situation_of(dossier, by=None)
    said = int(dossier.assessment.duplicate_decision == "open")
    found = decide("close", CaseState.IN_REVIEW, replace(situation, undecided_duplicates=said))
    if isinstance(found, Refused):
        dossier.change(case, closable_since=None)
    elif case.closable_since is None:
        dossier.change(case, closable_since=now)
