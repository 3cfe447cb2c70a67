import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.quality import value_sets
from register.workflow import case_guards
from register.workflow.case_acts import ACTS, refusal, verbs_in
from register.workflow.case_situation import CaseSituation
from register.workflow.case_transitions import (
    CASE_FLOW,
    LOCKED,
    OPEN,
    OWNERS,
    TRANSITIONS,
    CaseState,
    decide,
    possible,
)
from register.workflow.transitions import Allowed, Refused
from register.workflow.verbs import Verb
from tests.unit.workflow.situations import CASE_SITUATIONS, CLEAR_CASE, SENTENCE, SPOT, case_with

# move, from, to, verb: written down a second time, from the protocol of the register.
PROTOCOL = """
submit      draft           submitted       submit_case
take        submitted       in_review       take_case
take        reopened        in_review       take_case
ask         in_review       query_open      ask_query
ask         awaiting_tox    query_open      ask_query
ask         query_answered  query_open      ask_query
answer      query_open      query_answered  answer_query
settle      query_answered  in_review       close_query
settle      query_open      in_review       close_query
wait        submitted       awaiting_tox    review_case
wait        in_review       awaiting_tox    review_case
tox_arrived awaiting_tox    in_review       automatic
resume      awaiting_tox    in_review       review_case
to_panel    in_review       panel           review_case
panel_done  panel           in_review       review_case
close       in_review       closed          close_case
exclude     in_review       excluded        exclude_case
merge       submitted       excluded        decide_duplicate
merge       in_review       excluded        decide_duplicate
merge       awaiting_tox    excluded        decide_duplicate
merge       reopened        excluded        decide_duplicate
withdraw    draft           withdrawn       withdraw_draft
withdraw    submitted       withdrawn       withdraw_case
withdraw    in_review       withdrawn       withdraw_case
withdraw    query_open      withdrawn       withdraw_case
withdraw    query_answered  withdrawn       withdraw_case
withdraw    awaiting_tox    withdrawn       withdraw_case
withdraw    panel           withdrawn       withdraw_case
withdraw    reopened        withdrawn       withdraw_case
reopen      closed          reopened        reopen_case
reopen      excluded        reopened        reopen_case
"""
EXPECTED = {(move, source): (target, verb) for move, source, target, verb in map(str.split, PROTOCOL.split("\n")[1:-1])}
MOVES = tuple(dict.fromkeys(move for move, _ in EXPECTED))


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("move", MOVES)
def test_a_case_moves_as_the_protocol_says_and_no_other_way(move: str, state: CaseState) -> None:
    decision = decide(move, state, CLEAR_CASE, reason="daarom")
    if (move, state.value) in EXPECTED:
        target, verb = EXPECTED[move, state.value]
        assert isinstance(decision, Allowed)
        assert decision.transition.target == target
        assert (decision.transition.by or "automatic") == verb
    else:
        assert isinstance(decision, Refused)
        assert decision.code == "wrong_state"
        assert state.nl in decision.nl
        assert state.en in decision.en


def test_the_table_holds_no_move_that_the_protocol_does_not_name() -> None:
    assert {(row.name, source.value) for row in TRANSITIONS for source in row.sources} == set(EXPECTED)


def test_a_move_has_one_meaning_from_each_state() -> None:
    pairs = [(row.name, source) for row in TRANSITIONS for source in row.sources]
    assert len(pairs) == len(set(pairs))


def test_an_unknown_move_is_refused_with_a_sentence() -> None:
    decision = decide("vanish", CaseState.DRAFT, CLEAR_CASE)
    assert isinstance(decision, Refused)
    assert decision.code == "unknown_move"


def test_every_state_can_be_reached_from_a_new_case() -> None:
    reached = {CASE_FLOW.initial}
    while True:
        further = reached | {row.target for state in reached for row in possible(state)}
        if further == reached:
            break
        reached = further
    assert reached == set(CaseState)


def test_every_open_state_has_an_owner_and_a_way_out_and_no_finished_state_has_an_owner() -> None:
    assert set(OWNERS) == set(CaseState)
    for state in CaseState:
        assert bool(OWNERS[state]) == (state in OPEN)
    for state in OPEN:
        assert any(row.target not in {CaseState.WITHDRAWN, state} for row in possible(state))
    assert {CaseState.CLOSED, CaseState.EXCLUDED} == LOCKED


@pytest.mark.parametrize("move", ["ask", "answer", "resume", "withdraw", "reopen"])
@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_move_that_asks_for_words_is_refused_without_them(move: str, reason: str) -> None:
    source = next(source for name, source in EXPECTED if name == move)
    decision = decide(move, CaseState(source), CLEAR_CASE, reason=reason)
    assert isinstance(decision, Refused)
    assert [obstacle.code for obstacle in decision.obstacles] == ["reason_missing"]


@pytest.mark.parametrize(
    "move", ["submit", "take", "settle", "wait", "to_panel", "panel_done", "close", "exclude", "merge"]
)
def test_a_move_that_asks_for_no_words_is_allowed_without_them(move: str) -> None:
    source = next(source for name, source in EXPECTED if name == move)
    assert isinstance(decide(move, CaseState(source), CLEAR_CASE), Allowed)


# move, state, facts, codes of the obstacles
REFUSALS = [
    ("submit", "draft", {"missing_core": (SPOT,)}, ["core_blank"]),
    ("submit", "draft", {"missing_core": (SPOT, SPOT)}, ["core_blank", "core_blank"]),
    ("submit", "draft", {"blocking_errors": (SENTENCE,)}, ["error"]),
    ("submit", "draft", {"unaccepted_warnings": (SENTENCE,)}, ["warning_open"]),
    ("take", "submitted", {"actor_is_reporter": True}, ["own_case"]),
    ("take", "reopened", {"actor_is_reporter": True}, ["own_case"]),
    ("answer", "query_open", {"unanswered_threads": 1}, ["thread_unanswered"]),
    ("settle", "query_answered", {"answered_threads": 2}, ["thread_not_closed"]),
    ("settle", "query_answered", {"unanswered_threads": 1}, ["thread_unanswered"]),
    ("wait", "submitted", {"tox_due_date_known": False}, ["no_due_date"]),
    ("wait", "in_review", {"actor_is_reporter": True}, ["own_case"]),
    ("tox_arrived", "awaiting_tox", {"tox_status": "partial"}, ["tox_not_in"]),
    ("tox_arrived", "awaiting_tox", {"tox_status": "unsuitable"}, ["tox_not_in"]),
    ("panel_done", "panel", {"panel_votes_by_others": 1}, ["votes_missing"]),
    ("close", "in_review", {"actor_is_reporter": True}, ["own_case"]),
    ("close", "in_review", {"missing_core": (SPOT,)}, ["core_blank"]),
    ("close", "in_review", {"blocking_errors": (SENTENCE,)}, ["error"]),
    ("close", "in_review", {"unaccepted_warnings": (SENTENCE,)}, ["warning_open"]),
    (
        "close",
        "in_review",
        {"unanswered_threads": 1, "answered_threads": 1},
        ["thread_unanswered", "thread_not_closed"],
    ),
    ("close", "in_review", {"pending_answers": (SPOT,)}, ["pending"]),
    ("close", "in_review", {"unmapped_terms": (SPOT,)}, ["unmapped"]),
    ("close", "in_review", {"findings_without_role": (SPOT,)}, ["role_missing"]),
    ("close", "in_review", {"missing_conclusions": (SPOT,)}, ["conclusion_missing"]),
    ("close", "in_review", {"overrides_without_reason": (SPOT,)}, ["override_unexplained"]),
    ("close", "in_review", {"tox_status": ""}, ["tox_open"]),
    ("close", "in_review", {"tox_status": "requested"}, ["tox_open"]),
    ("close", "in_review", {"tox_status": "sampled"}, ["tox_open"]),
    ("close", "in_review", {"tox_status": "partial"}, ["tox_open"]),
    ("close", "in_review", {"tox_status": "not_requested"}, ["no_tox_reason"]),
    ("close", "in_review", {"inclusion": ""}, ["inclusion_missing"]),
    ("close", "in_review", {"inclusion": "excluded"}, ["inclusion_excluded"]),
    ("close", "in_review", {"coding_confirmed": False}, ["coding_unconfirmed"]),
    ("close", "in_review", {"undecided_duplicates": 1}, ["duplicate_undecided"]),
    ("exclude", "in_review", {"actor_is_reporter": True}, ["own_case"]),
    ("merge", "submitted", {"actor_is_reporter": True}, ["own_case"]),
    ("merge", "awaiting_tox", {"answered_threads": 1}, ["thread_not_closed"]),
    ("exclude", "in_review", {"exclusion_reason_given": False}, ["exclusion_reason_missing"]),
    ("exclude", "in_review", {"doubtful": True, "panel_votes_by_others": 1}, ["doubtful_without_panel"]),
    ("reopen", "closed", {"in_final_release": True}, ["second_person_missing"]),
    ("reopen", "excluded", {"in_final_release": True}, ["second_person_missing"]),
]


@pytest.mark.parametrize(("move", "state", "facts", "codes"), REFUSALS)
def test_a_fact_in_the_way_refuses_the_move_and_is_named(
    move: str, state: str, facts: dict[str, object], codes: list[str]
) -> None:
    decision = decide(move, CaseState(state), case_with(**facts), reason="daarom")
    assert isinstance(decision, Refused)
    assert [obstacle.code for obstacle in decision.obstacles] == codes
    assert all(obstacle.nl.endswith(".") and obstacle.en.endswith(".") for obstacle in decision.obstacles)


@pytest.mark.parametrize(
    ("move", "state", "facts"),
    [
        ("close", "in_review", {"tox_status": "refused"}),
        ("close", "in_review", {"tox_status": "unsuitable"}),
        ("close", "in_review", {"tox_status": "not_requested", "no_tox_reason_given": True}),
        ("close", "in_review", {"inclusion": "probable"}),
        ("tox_arrived", "awaiting_tox", {"tox_status": "refused"}),
        ("exclude", "in_review", {"doubtful": True, "panel_votes_by_others": 2}),
        ("exclude", "in_review", {"tox_status": "requested", "coding_confirmed": False}),
        ("reopen", "closed", {"in_final_release": True, "second_person": True}),
        ("resume", "awaiting_tox", {"tox_status": "requested"}),
    ],
)
def test_a_fact_that_the_protocol_accepts_does_not_refuse(move: str, state: str, facts: dict[str, object]) -> None:
    assert isinstance(decide(move, CaseState(state), case_with(**facts), reason="daarom"), Allowed)


def test_every_guard_of_the_table_is_shown_to_refuse() -> None:
    refusing = set()
    for move, state, facts, _ in REFUSALS:
        row = next(row for row in possible(CaseState(state)) if row.name == move)
        refusing |= {guard for guard in row.guards if guard(case_with(**facts))}
    assert refusing == {guard for row in TRANSITIONS for guard in row.guards}


def test_several_obstacles_are_all_named_and_counted_in_the_sentence() -> None:
    decision = decide("close", CaseState.IN_REVIEW, case_with(pending_answers=(SPOT, SPOT), coding_confirmed=False))
    assert isinstance(decision, Refused)
    assert len(decision.obstacles) == 3
    assert "3" in decision.nl
    assert "3" in decision.en
    assert decision.obstacles[0].field == SPOT.field
    assert decision.obstacles[0].page == SPOT.page


@given(CASE_SITUATIONS)
def test_a_case_closes_exactly_when_nothing_stands_in_the_way(situation: CaseSituation) -> None:
    tox = situation.tox_status in {"final", "refused", "unsuitable"} or (
        situation.tox_status == "not_requested" and situation.no_tox_reason_given
    )
    clear = (
        tox
        and situation.coding_confirmed
        and not situation.actor_is_reporter
        and situation.inclusion in {"confirmed", "probable", "suspected"}
        and situation.unanswered_threads + situation.answered_threads + situation.undecided_duplicates == 0
        and not (
            situation.missing_core
            + situation.blocking_errors
            + situation.unaccepted_warnings
            + situation.pending_answers
            + situation.unmapped_terms
            + situation.findings_without_role
            + situation.missing_conclusions
            + situation.overrides_without_reason
        )
    )
    assert isinstance(decide("close", CaseState.IN_REVIEW, situation), Allowed) == clear


@given(st.sampled_from(MOVES), st.sampled_from(CaseState), CASE_SITUATIONS, st.text(max_size=5))
def test_a_refusal_always_says_why_and_an_allowed_move_leaves_the_state_it_was_asked_from(
    move: str, state: CaseState, situation: CaseSituation, reason: str
) -> None:
    decision = decide(move, state, situation, reason=reason)
    match decision:
        case Allowed(transition):
            assert state in transition.sources
            assert not any(guard(situation) for guard in transition.guards)
        case Refused(code, nl, en, obstacles):
            assert nl
            assert en
            assert (code == "obstacles") == bool(obstacles)


def test_the_toxicology_states_that_end_the_waiting_are_codes_of_the_value_set() -> None:
    assert set(value_sets.codes("VS-TOXSTAT")) > case_guards.SETTLED_TOXICOLOGY | {"not_requested"}


def test_a_locked_case_allows_reading_printing_and_reopening_only() -> None:
    for state in LOCKED:
        assert verbs_in(state) == {Verb.READ_CASE, Verb.PRINT_CASE, Verb.REOPEN_CASE, Verb.REQUEST_REOPENING}
    assert verbs_in(CaseState.WITHDRAWN) == {Verb.READ_CASE, Verb.PRINT_CASE}


def test_a_draft_is_the_only_state_in_which_the_physician_fills_in_the_case() -> None:
    assert [state for state in CaseState if Verb.EDIT_CASE in verbs_in(state)] == [CaseState.DRAFT]


def test_an_answer_is_possible_only_while_a_question_is_out() -> None:
    assert {state for state in CaseState if Verb.ANSWER_QUERY in verbs_in(state)} == {
        CaseState.QUERY_OPEN,
        CaseState.QUERY_ANSWERED,
    }


def test_late_toxicology_can_be_entered_in_every_open_state() -> None:
    assert {state for state in CaseState if Verb.ENTER_TOX in verbs_in(state)} == set(OPEN)


@pytest.mark.parametrize("state", CaseState)
def test_the_sentence_of_a_state_that_forbids_names_the_state(state: CaseState) -> None:
    assert set(ACTS) == set(CaseState)
    assert refusal(Verb.READ_CASE, state) is None
    refused = refusal(Verb.DRAFT_RELEASE, state)
    assert refused is not None
    assert state.nl in refused.nl
    assert state.en in refused.en
