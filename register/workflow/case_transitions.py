"""The states of a case, who acts next in each, and the one table of moves between them."""

from collections.abc import Mapping

from register.workflow import case_guards as guards
from register.workflow.case_situation import CaseSituation
from register.workflow.labels import Labelled
from register.workflow.roles import Role
from register.workflow.transitions import Allowed, Flow, Reason, Refused, Transition
from register.workflow.verbs import Verb


class CaseState(Labelled):
    """Where a case stands; the Dutch words are fixed."""

    DRAFT = "draft", "Concept", "Draft"
    SUBMITTED = "submitted", "Ingediend", "Submitted"
    IN_REVIEW = "in_review", "In beoordeling", "In review"
    QUERY_OPEN = "query_open", "Reactie gevraagd", "Response requested"
    QUERY_ANSWERED = "query_answered", "Reactie ontvangen", "Response received"
    AWAITING_TOX = "awaiting_tox", "Wacht op toxicologie", "Awaiting toxicology"
    PANEL = "panel", "In panel", "In panel"
    CLOSED = "closed", "Gesloten (definitief)", "Closed (final)"
    REOPENED = "reopened", "Heropend", "Reopened"
    EXCLUDED = "excluded", "Vervallen (geen geval)", "Excluded (not a case)"
    WITHDRAWN = "withdrawn", "Ingetrokken", "Withdrawn"


# Read-only for everyone; a closed case counts, an excluded one stands in the table of exclusions.
LOCKED = frozenset({CaseState.CLOSED, CaseState.EXCLUDED})
OPEN = frozenset(CaseState) - LOCKED - {CaseState.WITHDRAWN}

# Who acts next. Nobody has to act on what is finished.
OWNERS: Mapping[CaseState, tuple[Role, ...]] = {
    CaseState.DRAFT: (Role.PHYSICIAN,),
    CaseState.SUBMITTED: (Role.REGISTER_STAFF,),
    CaseState.IN_REVIEW: (Role.REGISTER_STAFF,),
    CaseState.QUERY_OPEN: (Role.PHYSICIAN, Role.COORDINATOR, Role.LAB_CLERK),
    CaseState.QUERY_ANSWERED: (Role.REGISTER_STAFF,),
    CaseState.AWAITING_TOX: (Role.LAB_CLERK, Role.PHYSICIAN),
    CaseState.PANEL: (Role.PANEL_MEMBER,),
    CaseState.CLOSED: (),
    CaseState.REOPENED: (Role.REGISTER_STAFF,),
    CaseState.EXCLUDED: (),
    CaseState.WITHDRAWN: (),
}

CaseTransition = Transition[CaseState, CaseSituation]

TRANSITIONS: tuple[CaseTransition, ...] = (
    Transition(
        "submit",
        (CaseState.DRAFT,),
        CaseState.SUBMITTED,
        by=Verb.SUBMIT_CASE,
        nl="Indienen",
        en="Submit",
        why="Counted as suspected from here",
        guards=(guards.core_answered, guards.no_errors, guards.warnings_accepted),
    ),
    Transition(
        "take",
        (CaseState.SUBMITTED, CaseState.REOPENED),
        CaseState.IN_REVIEW,
        by=Verb.TAKE_CASE,
        nl="In beoordeling nemen",
        en="Take into review",
        why="Four eyes: a case is never reviewed by the person who reported it",
        guards=(guards.not_the_reporter,),
    ),
    Transition(
        "ask",
        (CaseState.IN_REVIEW, CaseState.AWAITING_TOX, CaseState.QUERY_ANSWERED),
        CaseState.QUERY_OPEN,
        by=Verb.ASK_QUERY,
        nl="Vraag stellen",
        en="Ask a question",
        why="The reporter knows what the register does not; asking again keeps the thread",
        reason=Reason.QUESTION,
    ),
    Transition(
        "answer",
        (CaseState.QUERY_OPEN,),
        CaseState.QUERY_ANSWERED,
        by=Verb.ANSWER_QUERY,
        nl="Antwoord versturen",
        en="Send the answer",
        why="With the last answer the case returns to the register's desk",
        guards=(guards.threads_answered,),
        reason=Reason.ANSWER,
    ),
    Transition(
        "settle",
        (CaseState.QUERY_ANSWERED, CaseState.QUERY_OPEN),
        CaseState.IN_REVIEW,
        by=Verb.CLOSE_QUERY,
        nl="Vragen afronden",
        en="Settle the questions",
        why="Only the register closes a question, also one that no longer needs an answer",
        guards=(guards.threads_closed,),
    ),
    Transition(
        "wait",
        (CaseState.SUBMITTED, CaseState.IN_REVIEW),
        CaseState.AWAITING_TOX,
        by=Verb.REVIEW_CASE,
        nl="Laten wachten op toxicologie",
        en="Let it wait for toxicology",
        why="All is done except the report; the due date brings the case back",
        guards=(guards.not_the_reporter, guards.due_date_known),
    ),
    Transition(
        "tox_arrived",
        (CaseState.AWAITING_TOX,),
        CaseState.IN_REVIEW,
        by=None,
        nl="Toxicologie binnen",
        en="Toxicology is in",
        why="A final or refused result ends the waiting without anyone asking",
        guards=(guards.toxicology_arrived,),
    ),
    Transition(
        "resume",
        (CaseState.AWAITING_TOX,),
        CaseState.IN_REVIEW,
        by=Verb.REVIEW_CASE,
        nl="Beoordeling hervatten",
        en="Resume the review",
        why="Sometimes the result will not come",
        reason=Reason.MANUAL,
    ),
    Transition(
        "to_panel",
        (CaseState.IN_REVIEW,),
        CaseState.PANEL,
        by=Verb.REVIEW_CASE,
        nl="Aan het panel voorleggen",
        en="Put before the panel",
        why="Doubtful cases are decided by more than one person",
    ),
    Transition(
        "panel_done",
        (CaseState.PANEL,),
        CaseState.IN_REVIEW,
        by=Verb.REVIEW_CASE,
        nl="Panel afronden",
        en="End the panel",
        why="Votes advise, the reviewer decides",
        guards=(guards.votes_in,),
    ),
    Transition(
        "close",
        (CaseState.IN_REVIEW,),
        CaseState.CLOSED,
        by=Verb.CLOSE_CASE,
        nl="Sluiten",
        en="Close",
        why="Final conclusion; locked and counted as final in the next release",
        guards=guards.CLOSING_GUARDS,
    ),
    Transition(
        "exclude",
        (CaseState.IN_REVIEW,),
        CaseState.EXCLUDED,
        by=Verb.EXCLUDE_CASE,
        nl="Laten vervallen",
        en="Exclude",
        why="Not a case; the reason is kept and counted",
        guards=(guards.not_the_reporter, guards.exclusion_explained, guards.panel_when_doubtful),
    ),
    Transition(
        "merge",
        (CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.AWAITING_TOX, CaseState.REOPENED),
        CaseState.EXCLUDED,
        by=Verb.DECIDE_DUPLICATE,
        nl="Samenvoegen met een oudere zaak",
        en="Merge into an older case",
        why="The same death is counted once; the older case leads and both numbers stay",
        guards=(guards.not_the_reporter, guards.threads_closed, guards.exclusion_explained),
    ),
    Transition(
        "withdraw",
        (CaseState.DRAFT,),
        CaseState.WITHDRAWN,
        by=Verb.WITHDRAW_DRAFT,
        nl="Intrekken",
        en="Withdraw",
        why="Entered in error; the content is kept",
        reason=Reason.WITHDRAWAL,
    ),
    Transition(
        "withdraw",
        (
            CaseState.SUBMITTED,
            CaseState.IN_REVIEW,
            CaseState.QUERY_OPEN,
            CaseState.QUERY_ANSWERED,
            CaseState.AWAITING_TOX,
            CaseState.PANEL,
            CaseState.REOPENED,
        ),
        CaseState.WITHDRAWN,
        by=Verb.WITHDRAW_CASE,
        nl="Intrekken",
        en="Withdraw",
        why="Entered in error; after submission only the register withdraws",
        reason=Reason.WITHDRAWAL,
    ),
    Transition(
        "reopen",
        (CaseState.CLOSED, CaseState.EXCLUDED),
        CaseState.REOPENED,
        by=Verb.REOPEN_CASE,
        nl="Heropenen",
        en="Reopen",
        why="Late toxicology, an error, new information or a check with CBS; the closed version stays in its releases",
        guards=(guards.second_person_when_published,),
        reason=Reason.REOPENING,
    ),
)

CASE_FLOW: Flow[CaseState, CaseSituation] = Flow("zaak", "case", CaseState.DRAFT, Verb.CREATE_CASE, TRANSITIONS)


def decide(
    name: str, state: CaseState, situation: CaseSituation, *, reason: str = ""
) -> Allowed[CaseState, CaseSituation] | Refused:
    """Whether a case in ``state`` may make the move ``name``, given the facts and the words the actor wrote."""
    return CASE_FLOW.decide(name, state, situation, reason=reason)


def possible(state: CaseState) -> tuple[CaseTransition, ...]:
    """The moves that leave ``state``, whoever may make them."""
    return CASE_FLOW.possible(state)
