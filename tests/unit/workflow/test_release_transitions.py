import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.workflow.release_situation import ReleaseSituation
from register.workflow.release_transitions import (
    OWNERS,
    PUBLISHED,
    PUBLISHING_MOVES,
    RELEASE_FLOW,
    TRANSITIONS,
    ReleaseState,
    decide,
    possible,
)
from register.workflow.transitions import Allowed, Refused
from tests.unit.workflow.situations import CLEAR_RELEASE, RELEASE_SITUATIONS, SPOT, release_with

# move, from, to, verb: written down a second time, from the protocol of the register.
PROTOCOL = """
submit                       draft                          pending_approval               submit_release
refuse                       pending_approval               draft                          approve_release
publish_provisional          pending_approval               published_provisional          approve_release
publish_further_provisional  pending_approval               published_further_provisional  approve_release
publish_final                pending_approval               published_final                approve_release
supersede                    published_provisional          superseded                     automatic
supersede                    published_further_provisional  superseded                     automatic
supersede                    published_final                superseded                     automatic
retract                      published_provisional          retracted                      retract_release
retract                      published_further_provisional  retracted                      retract_release
retract                      published_final                retracted                      retract_release
retract                      superseded                     retracted                      retract_release
"""
EXPECTED = {(move, source): (target, verb) for move, source, target, verb in map(str.split, PROTOCOL.split("\n")[1:-1])}
MOVES = tuple(dict.fromkeys(move for move, _ in EXPECTED))
PUBLISHING = ("publish_provisional", "publish_further_provisional", "publish_final")


@pytest.mark.parametrize("state", ReleaseState)
@pytest.mark.parametrize("move", MOVES)
def test_a_release_moves_as_the_protocol_says_and_no_other_way(move: str, state: ReleaseState) -> None:
    decision = decide(move, state, CLEAR_RELEASE, reason="daarom")
    if (move, state.value) in EXPECTED:
        target, verb = EXPECTED[move, state.value]
        assert isinstance(decision, Allowed)
        assert decision.transition.target == target
        assert (decision.transition.by or "automatic") == verb
    else:
        assert isinstance(decision, Refused)
        assert decision.code == "wrong_state"


def test_the_table_holds_no_move_that_the_protocol_does_not_name() -> None:
    assert {(row.name, source.value) for row in TRANSITIONS for source in row.sources} == set(EXPECTED)


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached = {RELEASE_FLOW.initial}
    while True:
        further = reached | {row.target for state in reached for row in possible(state)}
        if further == reached:
            break
        reached = further
    assert reached == set(ReleaseState)


def test_the_register_acts_on_what_is_not_yet_published_and_nobody_has_to_act_on_the_rest() -> None:
    assert set(OWNERS) == set(ReleaseState)
    assert {state for state in ReleaseState if OWNERS[state]} == {ReleaseState.DRAFT, ReleaseState.PENDING_APPROVAL}


def test_each_published_state_has_one_move_that_leads_to_it() -> None:
    assert set(PUBLISHING_MOVES) == PUBLISHED
    assert set(PUBLISHING_MOVES.values()) == set(PUBLISHING)


def test_what_was_retracted_never_comes_back() -> None:
    assert possible(ReleaseState.RETRACTED) == ()


# move, state, facts, codes of the obstacles
REFUSALS = [
    ("submit", "draft", {"missing_terms": (SPOT,)}, ["term_missing"]),
    ("submit", "draft", {"built": False}, ["not_built"]),
    ("submit", "draft", {"suppression_report_ready": False}, ["no_suppression_report"]),
    ("submit", "draft", {"difference_report_ready": False}, ["no_difference_report"]),
    ("submit", "draft", {"computable_cells": 1}, ["computable_cells"]),
    ("submit", "draft", {"correction_reason_given": False}, ["correction_unexplained"]),
    ("submit", "draft", {"published_since": ("2016-nl-broad-p1",)}, ["published_since"]),
    *((move, "pending_approval", {"actor_is_author": True}, ["own_release"]) for move in PUBLISHING),
    *((move, "pending_approval", {"computable_cells": 2}, ["computable_cells"]) for move in PUBLISHING),
    *((move, "pending_approval", {"built": False}, ["not_built"]) for move in PUBLISHING),
    ("publish_provisional", "pending_approval", {"tox_completeness_known": False}, ["no_tox_completeness"]),
    ("publish_further_provisional", "pending_approval", {"replaces": ""}, ["nothing_to_replace"]),
    ("publish_further_provisional", "pending_approval", {"replaces": "published_final"}, ["nothing_to_replace"]),
    ("publish_final", "pending_approval", {"open_cases": 1}, ["open_cases"]),
    ("supersede", "published_final", {"successor_published": False}, ["no_successor"]),
    ("retract", "published_final", {"retraction_asked_by_other": False}, ["second_person_missing"]),
    ("retract", "superseded", {"retraction_asked_by_other": False}, ["second_person_missing"]),
]


@pytest.mark.parametrize(("move", "state", "facts", "codes"), REFUSALS)
def test_a_fact_in_the_way_refuses_the_move_and_is_named(
    move: str, state: str, facts: dict[str, object], codes: list[str]
) -> None:
    decision = decide(move, ReleaseState(state), release_with(**facts), reason="daarom")
    assert isinstance(decision, Refused)
    assert [obstacle.code for obstacle in decision.obstacles] == codes
    assert all(obstacle.nl.endswith(".") and obstacle.en.endswith(".") for obstacle in decision.obstacles)


def test_every_guard_of_the_table_is_shown_to_refuse() -> None:
    refusing = set()
    for move, state, facts, _ in REFUSALS:
        row = next(row for row in possible(ReleaseState(state)) if row.name == move)
        refusing |= {guard for guard in row.guards if guard(release_with(**facts))}
    assert refusing == {guard for row in TRANSITIONS for guard in row.guards}


@pytest.mark.parametrize(
    ("move", "state"), [("submit", "draft"), ("refuse", "pending_approval"), ("retract", "superseded")]
)
def test_handing_over_handing_back_and_retracting_need_words(move: str, state: str) -> None:
    decision = decide(move, ReleaseState(state), CLEAR_RELEASE, reason=" ")
    assert isinstance(decision, Refused)
    assert [obstacle.code for obstacle in decision.obstacles] == ["reason_missing"]


def test_a_first_release_needs_no_reason_for_a_correction() -> None:
    first = release_with(replaces="", correction_reason_given=False)
    assert isinstance(decide("publish_provisional", ReleaseState.PENDING_APPROVAL, first), Allowed)


@given(st.sampled_from(PUBLISHING), RELEASE_SITUATIONS)
def test_nothing_is_published_by_its_author_or_with_a_cell_that_can_be_computed(
    move: str, facts: ReleaseSituation
) -> None:
    if isinstance(decide(move, ReleaseState.PENDING_APPROVAL, facts), Allowed):
        assert not facts.actor_is_author
        assert facts.computable_cells == 0
        assert not facts.published_since
        assert facts.built
        assert facts.suppression_report_ready
        assert facts.difference_report_ready
        assert move != "publish_final" or facts.open_cases == 0
        assert facts.correction_reason_given or not facts.replaces
    else:
        assert facts != CLEAR_RELEASE
