"""May this person do this? A table of role and verb, and what the thing itself adds to it.

What the *state* of a case allows stands in the workflow room; here stands what the *person* may. A refusal is a value
with a sentence in both languages, used in the button's hint, on the error page and in the log.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from register.models import Case, Release, User
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

VERBS_OF: dict[Role, frozenset[Verb]] = {
    Role.PHYSICIAN: frozenset(
        {
            Verb.CREATE_CASE,
            Verb.READ_CASE,
            Verb.PRINT_CASE,
            Verb.EDIT_CASE,
            Verb.SUBMIT_CASE,
            Verb.WITHDRAW_DRAFT,
            Verb.ENTER_TOX,
            Verb.ANSWER_QUERY,
            Verb.REQUEST_REOPENING,
            Verb.REPORT_NIL,
            Verb.SEE_CATALOGUE,
            Verb.OPEN_ELSEWHERE,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            Verb.READ_CASE,
            Verb.ANSWER_QUERY,
            Verb.REPORT_NIL,
            Verb.READ_QUALITY,
            Verb.SEE_CATALOGUE,
            Verb.OPEN_ELSEWHERE,
            Verb.SEE_EMERGENCIES,
        }
    ),
    Role.LAB_CLERK: frozenset({Verb.ENTER_TOX, Verb.ANSWER_QUERY}),
    Role.REGISTER_STAFF: frozenset(
        {
            Verb.READ_CASE,
            Verb.IMPORT_CASES,
            Verb.ENTER_TOX,
            Verb.TAKE_CASE,
            Verb.ASSIGN_CASE,
            Verb.REVIEW_CASE,
            Verb.ASK_QUERY,
            Verb.CLOSE_QUERY,
            Verb.CODE_CASE,
            Verb.CLOSE_CASE,
            Verb.EXCLUDE_CASE,
            Verb.REOPEN_CASE,
            Verb.WITHDRAW_CASE,
            Verb.DECIDE_DUPLICATE,
            Verb.READ_QUALITY,
            Verb.READ_SETTINGS,
            Verb.SET_RULES,
            Verb.ADOPT_RULES,
            Verb.SEE_CATALOGUE,
            Verb.READ_RELEASE_PREVIEW,
            Verb.DRAFT_RELEASE,
            Verb.SUBMIT_RELEASE,
            Verb.APPROVE_RELEASE,
            Verb.RETRACT_RELEASE,
            Verb.KEEP_POPULATION,
            Verb.READ_RELEASED,
            Verb.SEE_EMERGENCIES,
            Verb.END_EMERGENCY,
        }
    ),
    Role.PANEL_MEMBER: frozenset({Verb.READ_PANEL_CASE, Verb.VOTE_PANEL}),
    Role.CATALOGUE_STEWARD: frozenset({Verb.SEE_CATALOGUE, Verb.STEWARD_CATALOGUE}),
    Role.STATISTICIAN: frozenset({Verb.READ_RELEASED}),
    Role.EUDA_REPORTER: frozenset({Verb.READ_RELEASED, Verb.EXPORT_EUDA}),
    Role.EWS_ANALYST: frozenset({Verb.READ_SIGNALS, Verb.TRIAGE_SIGNAL, Verb.READ_RELEASED, Verb.SEE_CATALOGUE}),
    Role.ADMIN: frozenset(
        {
            Verb.MANAGE_USERS,
            Verb.READ_SETTINGS,
            Verb.SET_RULES,
            Verb.MANAGE_SETTINGS,
            Verb.MANAGE_TOKENS,
            Verb.READ_RELEASED,
        }
    ),
    Role.AUDITOR: frozenset({Verb.READ_LOG, Verb.READ_RELEASED, Verb.END_EMERGENCY, Verb.REVIEW_EMERGENCY}),
}

# What only the physician who reports the case may do with it.
OWN_ONLY = frozenset({Verb.PRINT_CASE, Verb.EDIT_CASE, Verb.SUBMIT_CASE, Verb.WITHDRAW_DRAFT})
# What needs a second pair of eyes: never the reporter of the case.
NEVER_OWN = frozenset({Verb.TAKE_CASE, Verb.REVIEW_CASE, Verb.CODE_CASE, Verb.CLOSE_CASE, Verb.EXCLUDE_CASE})
REGIONAL = frozenset({Role.PHYSICIAN, Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Allowed:
    """The person may."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The person may not, and why.

    It counts as false, so that ``if may(...)`` says what it means. Whether there is a refusal is therefore never asked
    by its truth; the check of the types names who does.
    """

    code: str
    nl: str
    en: str

    def __bool__(self) -> Literal[False]:
        return False


def may(user: User | AnonymousUser, verb: Verb, thing: Case | Release | None = None) -> Allowed | Refused:
    """Whether ``user`` may do ``verb``, to ``thing`` when one is given."""
    if not isinstance(user, User) or not user.is_active or _ended(user, timezone.localdate()):
        return Refused("not_signed_in", "Meld u eerst aan.", "Sign in first.")
    if verb not in VERBS_OF[Role(user.role)]:
        return Refused(
            "role",
            f"{verb.nl[0].upper()}{verb.nl[1:]} mag niet met uw rol ({Role(user.role).nl}).",
            f"Your role ({Role(user.role).en}) may not {verb.en}.",
        )
    match thing:
        case None:
            return Allowed()
        case Case():
            return _on_case(user, verb, thing)
        case Release():
            return _on_release(user, verb, thing)


def _ended(user: User, today: date) -> bool:
    return user.ends_on is not None and user.ends_on < today


def _on_case(user: User, verb: Verb, case: Case) -> Allowed | Refused:
    if user.role in REGIONAL and case.region_id != user.region_id:
        return Refused("region", "Deze zaak hoort bij een andere regio.", "This case belongs to another region.")
    if case.status == CaseState.DRAFT and case.reporter_id != user.pk and user.role != Role.COORDINATOR:
        return Refused("draft_of_another", "Dit concept is van een ander.", "This draft belongs to somebody else.")
    if verb in OWN_ONLY and case.reporter_id != user.pk:
        return Refused("not_own_case", "U hebt deze zaak niet zelf ingevoerd.", "You did not enter this case yourself.")
    if verb in NEVER_OWN and case.reporter_id == user.pk:
        return Refused(
            "own_case",
            "U hebt deze zaak zelf ingevoerd; een ander beoordeelt haar.",
            "You entered this case yourself; somebody else reviews it.",
        )
    return Allowed()


def _on_release(user: User, verb: Verb, release: Release) -> Allowed | Refused:
    if verb == Verb.APPROVE_RELEASE and user.pk in (release.created_by_id, release.submitted_by_id):
        return Refused(
            "own_release",
            "U hebt deze publicatie zelf gemaakt. Een collega moet haar goedkeuren.",
            "You made this release yourself. A colleague must approve it.",
        )
    return Allowed()
