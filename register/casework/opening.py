"""Opening one case for a write: through the door, locked, allowed, not changed since, and stored with its access event.

A write that comes through here happens whole or not at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from register.access import cases_for, may
from register.audit import Event, acting_as, doing, log_access
from register.casework.derived import recompute
from register.casework.dossier import Dossier, keep, read, store
from register.casework.duplicates.finding import announce, worth_comparing
from register.casework.errors import ConflictError, NotFoundError, RefusedError, StaleError, refuse_unless
from register.casework.record import record
from register.casework.review_marks import follow_closing, note_news
from register.casework.seen import Seen
from register.casework.settling import close_what_is_met
from register.models import Case, User
from register.quality.completeness import completeness
from register.workflow import case_acts
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

VerbFor = Callable[[User, Case], Verb]
Door = Callable[[User], QuerySet[Case]]


@contextmanager
def opened(
    *,
    case_id: UUID | str,
    by: User,
    verb: Verb | VerbFor,
    seen_version: int,
    event: Event = Event.CASE_UPDATE,
    reason: str = "",
    door: Door = cases_for,
    merges: bool = False,
) -> Iterator[Dossier]:
    """Give the case to change; at the end derive what follows, store it all and note the access.

    Raises NotFoundError when the door hides the case, RefusedError when the person or the state of the case does not
    allow ``verb``, and StaleError when the case is no longer at ``seen_version``. With ``merges`` a case that was
    changed since is opened too: answers are put with ``merging``, and ConflictError comes when the others are stored.
    """
    with acting_as(by):
        dossier = _locked(door(by), case_id)
        wanted = verb if isinstance(verb, Verb) else verb(by, dossier.case)
        require(by, wanted, dossier.case)
        if not (dossier.case.row_version == seen_version or (merges and 0 < seen_version < dossier.case.row_version)):
            raise StaleError(dossier.case)
        doing(wanted, reason=reason)
        dossier.seen, was = Seen.of(seen_version), dossier.case.status
        yield dossier
        close_what_is_met(dossier, now=timezone.now())
        note_news(dossier, by=by, was=was, now=timezone.now())
        finish(dossier)
        compare = worth_comparing(dossier)
        store([dossier])
        keep(dossier)
        if compare:
            announce(dossier.case)
        log_access(event, objects=[dossier.case.pk])
    if dossier.conflicts:
        raise ConflictError(dossier.case, dossier.conflicts)


def lock(*, case_id: UUID | str, by: User) -> int:
    """The version of the case, which until the end of this transaction only the writes of this transaction raise."""
    return _lock(cases_for(by).only("row_version"), case_id).row_version


def finish(dossier: Dossier) -> None:
    """Bring what follows from the answers up to date. A draft is counted nowhere: of it only how complete it is."""
    if dossier.case.status != CaseState.DRAFT:
        recompute(dossier)
        follow_closing(dossier, now=timezone.now())
    dossier.change(dossier.case, completeness=completeness(record(dossier)))


def require(by: User, verb: Verb, case: Case) -> None:
    """Raise RefusedError unless ``by`` may do ``verb`` with this case in the state it is in."""
    refuse_unless(may(by, verb, case))
    refused = case_acts.refusal(verb, CaseState(case.status))
    if refused is not None:
        raise RefusedError.of(refused)


def _locked(cases: QuerySet[Case], case_id: UUID | str) -> Dossier:
    """The case with its sections and rows, locked.

    They are read after the lock is there: a statement that waits for a row gives that row anew, but what it joins as it
    was when the statement began.
    """
    return read(_lock(cases, case_id))


def _lock(cases: QuerySet[Case], case_id: UUID | str) -> Case:
    try:
        key = UUID(str(case_id))
    except ValueError:
        raise NotFoundError from None
    case = cases.select_for_update(of=("self",)).filter(pk=key).first()
    if case is None:
        raise NotFoundError
    return case
