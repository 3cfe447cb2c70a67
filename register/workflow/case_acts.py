"""What a case allows in each state, whoever asks: the acts that change it without moving it, and its moves."""

from collections.abc import Mapping

from register.workflow.case_transitions import CaseState, possible
from register.workflow.transitions import Refused
from register.workflow.verbs import Verb

READING = frozenset({Verb.READ_CASE, Verb.PRINT_CASE})

# Physicians never change a submitted case except by an answer or by new toxicology.
ACTS: Mapping[CaseState, frozenset[Verb]] = {
    CaseState.DRAFT: frozenset({Verb.EDIT_CASE, Verb.ENTER_TOX}),
    CaseState.SUBMITTED: frozenset({Verb.ASSIGN_CASE, Verb.ENTER_TOX, Verb.DECIDE_DUPLICATE}),
    CaseState.IN_REVIEW: frozenset(
        {Verb.ASSIGN_CASE, Verb.REVIEW_CASE, Verb.CODE_CASE, Verb.CLOSE_QUERY, Verb.ENTER_TOX, Verb.DECIDE_DUPLICATE}
    ),
    CaseState.QUERY_OPEN: frozenset(
        {
            Verb.ASSIGN_CASE,
            Verb.ANSWER_QUERY,
            Verb.ASK_QUERY,
            Verb.CLOSE_QUERY,
            Verb.REVIEW_CASE,
            Verb.CODE_CASE,
            Verb.ENTER_TOX,
            Verb.DECIDE_DUPLICATE,
        }
    ),
    CaseState.QUERY_ANSWERED: frozenset(
        {
            Verb.ASSIGN_CASE,
            Verb.ANSWER_QUERY,
            Verb.CLOSE_QUERY,
            Verb.REVIEW_CASE,
            Verb.CODE_CASE,
            Verb.ENTER_TOX,
            Verb.DECIDE_DUPLICATE,
        }
    ),
    CaseState.AWAITING_TOX: frozenset(
        {Verb.ASSIGN_CASE, Verb.ENTER_TOX, Verb.REVIEW_CASE, Verb.CODE_CASE, Verb.DECIDE_DUPLICATE}
    ),
    CaseState.PANEL: frozenset({Verb.ASSIGN_CASE, Verb.READ_PANEL_CASE, Verb.VOTE_PANEL, Verb.ENTER_TOX}),
    CaseState.CLOSED: frozenset({Verb.REQUEST_REOPENING}),
    CaseState.REOPENED: frozenset({Verb.ASSIGN_CASE, Verb.ENTER_TOX, Verb.DECIDE_DUPLICATE}),
    CaseState.EXCLUDED: frozenset({Verb.REQUEST_REOPENING}),
    CaseState.WITHDRAWN: frozenset(),
}


def verbs_in(state: CaseState) -> frozenset[Verb]:
    """Every verb that a case in ``state`` allows: reading, the acts of the table, and the verbs of its moves."""
    moving = {transition.by for transition in possible(state) if transition.by is not None}
    return READING | ACTS[state] | moving


def refusal(verb: Verb, state: CaseState) -> Refused | None:
    """The sentence for a verb that the state does not allow, or None when it does."""
    if verb in verbs_in(state):
        return None
    return Refused(
        "wrong_state",
        f"{verb.nl[0].upper()}{verb.nl[1:]} kan niet: de zaak heeft de status '{state.nl}'.",
        f"You cannot {verb.en}: the case has the status '{state.en}'.",
    )
