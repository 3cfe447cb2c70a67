"""Asking to open a decided case again, so that somebody else can agree: a case in a final release needs two people."""

from uuid import UUID

from register.access import cases_for, may
from register.audit import Event, acting_as, log_access
from register.casework.dossier import Dossier, section_name, store
from register.casework.errors import InvalidError, RefusedError, StaleError
from register.casework.opening import lock, require
from register.casework.situation import situation_of
from register.models import SECTIONS, Case, User
from register.quality.problems import Problem
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.verbs import Verb

REASON_NEEDED = Problem("Schrijf de reden van heropenen op.", "Write down the reason for reopening.")
ASKED_ALREADY = (
    "reopening_asked",
    "U hebt al om heropening gevraagd; een collega moet ermee instemmen.",
    "You asked for this case to be reopened already; a colleague has to agree.",
)


def ask(*, case_id: UUID | str, reason: str, seen_version: int, by: User) -> Case:
    """Ask to open the case again. Nothing else of a decided case changes, and nothing of it is computed anew."""
    words = reason.strip()
    if not words:
        raise InvalidError({"reason": REASON_NEEDED})
    with acting_as(by, doing=Verb.REOPEN_CASE, reason=words):
        version = lock(case_id=case_id, by=by)
        case: Case = cases_for(by).select_related(*map(section_name, SECTIONS)).get(pk=case_id)
        require(by, asking_verb(by), case)
        if version != seen_version:
            raise StaleError(case)
        if case.reopening_asked_by_id == by.pk:
            raise RefusedError(*ASKED_ALREADY)
        dossier = Dossier(case)
        dossier.change(case, reopening_asked_by=by)
        store([dossier])
        log_access(Event.CASE_REOPEN, objects=[case.pk])
    return case


def why_asked(case: Case) -> str:
    """The reason of the request that stands with the case, as far as its history keeps it; empty without one."""
    if case.reopening_asked_by_id is None:
        return ""
    kept = case.history.filter(reopening_asked_by=case.reopening_asked_by_id).order_by("-history_id")
    return kept.values_list("history_change_reason", flat=True).first() or ""


def asking_verb(by: User) -> Verb:
    """The register opens a case again, a physician asks for it."""
    return Verb.REOPEN_CASE if may(by, Verb.REOPEN_CASE) else Verb.REQUEST_REOPENING


def needs_another(dossier: Dossier, *, by: User) -> bool:
    """Whether the case can be opened again only with somebody else, who did not ask for it yet."""
    case = dossier.case
    if CaseState(case.status) not in LOCKED or case.reopening_asked_by_id is not None:
        return False
    return situation_of(dossier, by=by).in_final_release
