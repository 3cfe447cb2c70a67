"""Acts on several cases of a worklist at once. Each case is judged by itself: what one refuses, the others still get.

Nothing is decided here: no case is closed, excluded or coded in bulk from the desk.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from register.access import accounts, cases_for, may
from register.access.accounts import AccountState
from register.audit import Event, acting_as, log_access
from register.casework import queries, question_mail, steps
from register.casework.dossier import Dossier, load, store
from register.casework.errors import InvalidError, RefusedError, StaleError, refuse_unless
from register.casework.opening import finish, require
from register.casework.situation import WAITING_FOR_RESULT
from register.models import Case, ToxRequest, User
from register.quality.problems import Problem
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

# More than a page of a list is never chosen at once.
MOST = 100
# What moves a case on and decides nothing about it.
STEPS: Mapping[str, tuple[Verb, Callable[..., None]]] = {
    "take": (Verb.TAKE_CASE, steps.take),
    "wait": (Verb.REVIEW_CASE, steps.wait),
}
Chosen = Mapping[UUID, int]
NOBODY_CHOSEN = Problem("Kies ten minste één zaak.", "Choose at least one case.")
STEP_NEEDED = Problem("Kies een stap.", "Choose a step.")
TERM_NEEDED = Problem("Vul een datum in.", "Fill in a date.")
NOT_WAITING = (
    "not_waiting",
    "Deze zaak wacht niet op toxicologie; een termijn heeft zij niet.",
    "This case does not await toxicology; it has no term.",
)
NOT_ASKED = ("not_asked", "Bij deze zaak staat geen vraag open.", "No question is open for this case.")


@dataclass(frozen=True, slots=True)
class Left:
    """A case that stayed as it was, and why."""

    key: UUID
    case_number: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    cases: int
    left: tuple[Left, ...] = ()


def colleagues() -> tuple[tuple[str, str], ...]:
    """Who may be given a case: the register's staff whose account works, by name."""
    works = accounts.in_state(AccountState.ACTIVE, today=timezone.localdate())
    return by_name(User.objects.filter(works, role=Role.REGISTER_STAFF))


def by_name(people: Iterable[User]) -> tuple[tuple[str, str], ...]:
    """Key and name of each, by name."""
    return tuple(sorted(((str(one.pk), one.display_name) for one in people), key=lambda pair: pair[1].casefold()))


def assign(chosen: Chosen, *, to: UUID | str | None, by: User) -> Done:
    """Give the cases to a colleague, or with None to nobody. Their state stays: only taking begins a review."""
    person = _colleague(to) if to else None

    def give(dossier: Dossier) -> None:
        if person is not None:
            refuse_unless(may(person, Verb.TAKE_CASE, dossier.case))
        dossier.change(dossier.case, assigned_to=person)

    return _each(chosen, by, Verb.ASSIGN_CASE, give)


def set_term(chosen: Chosen, *, day: date | None, by: User) -> Done:
    """Expect the result of every open request on another day."""
    if day is None:
        raise InvalidError({"day": TERM_NEEDED})

    def expect(dossier: Dossier) -> None:
        if dossier.case.status != CaseState.AWAITING_TOX:
            raise RefusedError(*NOT_WAITING)
        for row in dossier.rows(ToxRequest):
            if row.status in WAITING_FOR_RESULT:
                dossier.change(row, due_on=day)
        dossier.change(dossier.case, followup_due=day)

    return _each(chosen, by, Verb.REVIEW_CASE, expect)


def move(chosen: Chosen, *, step: str, by: User) -> Done:
    """Take each case into review, or let each wait for its toxicology (``take`` or ``wait``)."""
    if step not in STEPS:
        raise InvalidError({"step": STEP_NEEDED})
    verb, take = STEPS[step]
    now = timezone.now()
    return _each(chosen, by, verb, lambda dossier: take(dossier, by=by, now=now))


def ask(chosen: Chosen, *, text: str, by: User) -> Done:
    """Ask the reporter of each case the same question about the case as a whole."""
    if not text.strip():
        raise InvalidError({"text": queries.TEXT_NEEDED})
    return _each(chosen, by, Verb.ASK_QUERY, lambda dossier: queries.ask_dossier(dossier, field="", text=text, by=by))


def remind(chosen: Chosen, *, by: User) -> Done:
    """Remind the reporters of what was asked, by one mail each, however many of their cases were chosen."""

    def again(dossier: Dossier) -> None:
        if dossier.case.status != CaseState.QUERY_OPEN:
            raise RefusedError(*NOT_ASKED)
        question_mail.remind(reporter_id=dossier.case.reporter_id)

    return _each(chosen, by, Verb.ASK_QUERY, again)


def _each(chosen: Chosen, by: User, verb: Verb, act: Callable[[Dossier], None]) -> Done:
    if not chosen:
        raise InvalidError({"cases": NOBODY_CHOSEN})
    with acting_as(by, doing=verb):
        keys = list(chosen)[:MOST]
        locked = [row.pk for row in cases_for(by).filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))]
        done: list[Dossier] = []
        left: list[Left] = []
        for dossier in load(cases_for(by).filter(pk__in=locked).order_by("case_number")):
            try:
                _unchanged(dossier.case, chosen)
                require(by, verb, dossier.case)
                act(dossier)
            except (RefusedError, StaleError) as no:
                left.append(Left(dossier.case.pk, dossier.case.case_number, no.nl, no.en))
                continue
            if dossier.changed:
                finish(dossier)
            done.append(dossier)
        store(done)
        if done:
            log_access(Event.CASE_UPDATE, objects=[dossier.case.pk for dossier in done])
    return Done(len(done), tuple(left))


def _unchanged(case: Case, chosen: Chosen) -> None:
    if case.row_version != chosen[case.pk]:
        raise StaleError(case)


def _colleague(key: UUID | str) -> User:
    """A colleague by key; InvalidError for anybody else."""
    known = {key for key, _ in colleagues()}
    if str(key) not in known:
        raise InvalidError({"to": Problem("Kies een collega uit de lijst.", "Choose a colleague from the list.")})
    return User.objects.get(pk=key)
