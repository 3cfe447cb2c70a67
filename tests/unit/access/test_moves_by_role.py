"""Who may move a case or a release from each state: every state, move and role against the protocol in words."""

from itertools import product

import pytest

from register.access import VERBS_OF
from register.workflow import case_transitions, release_transitions
from register.workflow.case_transitions import CaseState
from register.workflow.release_transitions import ReleaseState
from register.workflow.roles import Role
from register.workflow.transitions import Allowed
from tests.unit.workflow.situations import case_with, release_with

STAFF = {"register_staff"}
OPEN_AT_THE_REGISTER = {
    "submitted",
    "in_review",
    "query_open",
    "query_answered",
    "awaiting_tox",
    "panel",
    "reopened",
}

# move -> state -> who, as the protocol of the register says it.
CASES: dict[str, dict[str, set[str]]] = {
    "submit": {"draft": {"physician"}},
    "take": {"submitted": STAFF, "reopened": STAFF},
    "ask": {"in_review": STAFF, "awaiting_tox": STAFF, "query_answered": STAFF},
    "answer": {"query_open": {"physician", "coordinator", "lab_clerk"}},
    "settle": {"query_open": STAFF, "query_answered": STAFF},
    "wait": {"submitted": STAFF, "in_review": STAFF},
    "tox_arrived": {},
    "resume": {"awaiting_tox": STAFF},
    "to_panel": {"in_review": STAFF},
    "panel_done": {"panel": STAFF},
    "close": {"in_review": STAFF},
    "exclude": {"in_review": STAFF},
    "merge": dict.fromkeys(("submitted", "in_review", "awaiting_tox", "reopened"), STAFF),
    "withdraw": {"draft": {"physician"}, **dict.fromkeys(OPEN_AT_THE_REGISTER, STAFF)},
    "reopen": {"closed": STAFF, "excluded": STAFF},
}
PUBLISHED = ("published_provisional", "published_further_provisional", "published_final")
RELEASES: dict[str, dict[str, set[str]]] = {
    "submit": {"draft": STAFF},
    "refuse": {"pending_approval": STAFF},
    "publish_provisional": {"pending_approval": STAFF},
    "publish_further_provisional": {"pending_approval": STAFF},
    "publish_final": {"pending_approval": STAFF},
    "supersede": {},
    "retract": dict.fromkeys((*PUBLISHED, "superseded"), STAFF),
}


@pytest.mark.parametrize("move", CASES)
def test_a_case_is_moved_by_the_roles_that_the_protocol_names_and_by_no_other(move: str) -> None:
    found: dict[str, set[str]] = {}
    for state, role in product(CaseState, Role):
        decision = case_transitions.decide(move, state, case_with(), reason="because")
        if isinstance(decision, Allowed) and decision.transition.by in VERBS_OF[role]:
            found.setdefault(state, set()).add(role)
    assert found == CASES[move]


@pytest.mark.parametrize("move", RELEASES)
def test_a_release_is_moved_by_the_roles_that_the_protocol_names_and_by_no_other(move: str) -> None:
    found: dict[str, set[str]] = {}
    for state, role in product(ReleaseState, Role):
        decision = release_transitions.decide(move, state, release_with(), reason="because")
        if isinstance(decision, Allowed) and decision.transition.by in VERBS_OF[role]:
            found.setdefault(state, set()).add(role)
    assert found == RELEASES[move]


def test_the_protocol_names_every_move_of_both_tables() -> None:
    assert {row.name for row in case_transitions.TRANSITIONS} == set(CASES)
    assert {row.name for row in release_transitions.TRANSITIONS} == set(RELEASES)
