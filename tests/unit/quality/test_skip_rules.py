from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.quality import value_sets
from register.quality.answers import Answer
from register.quality.dictionary import field
from register.quality.partial_dates import PartialDate
from register.quality.skip_rules import CONDITIONAL, SKIP_RULES, SkipRule, not_applicable
from tests.unit.quality.records import answer, answers_of

ASKED, SKIPPED = True, False


@pytest.mark.parametrize(
    ("decider", "given_answer", "dependent", "asked"),
    [
        ("Decedent.age_years", 0, "Decedent.age_months", ASKED),
        ("Decedent.age_years", 34, "Decedent.age_months", SKIPPED),
        ("Decedent.age_years", "UNK", "Decedent.age_months", SKIPPED),
        ("Decedent.age_years", "PEND", "Decedent.age_months", ASKED),
        ("Decedent.age_years", Answer(), "Decedent.age_months", ASKED),
        ("Decedent.sex", "female", "Decedent.pregnancy", ASKED),
        ("Decedent.sex", "male", "Decedent.pregnancy", SKIPPED),
        ("Decedent.residence_kind", "municipality", "Decedent.residence_municipality", ASKED),
        ("Decedent.residence_kind", "none", "Decedent.residence_municipality", SKIPPED),
        ("Death.place_type", "event", "Death.event_class", ASKED),
        ("Death.place_type", "venue", "Death.event_class", ASKED),
        ("Death.place_type", "own_home", "Death.event_class", SKIPPED),
        ("Death.date_of_death", PartialDate.of(2019), "Death.date_of_death_precision", ASKED),
        ("Death.date_of_death", "UNK", "Death.date_of_death_precision", SKIPPED),
        ("Death.use_abroad", False, "Death.use_municipality", ASKED),
        ("Death.use_abroad", True, "Death.use_municipality", SKIPPED),
        ("Circumstances.bystanders", "several", "Circumstances.bystander_relation", ASKED),
        ("Circumstances.bystanders", "none", "Circumstances.use_witnessed", SKIPPED),
        ("Circumstances.emergency_called", "yes", "Circumstances.call_delay_minutes", ASKED),
        ("Circumstances.emergency_called", "no", "Circumstances.call_delay_minutes", SKIPPED),
        ("NaloxoneGiven.given_by", "ambulance", "NaloxoneGiven.doses", ASKED),
        ("NaloxoneGiven.given_by", "no", "NaloxoneGiven.doses", SKIPPED),
        ("History.treatment", "past", "History.treatment_types", ASKED),
        ("History.treatment", "waiting", "History.treatment_types", SKIPPED),
        ("History.prescribed", ["opioid", "agonist"], "History.agonist_daily_dose", ASKED),
        ("History.prescribed", ["opioid"], "History.agonist_daily_dose", SKIPPED),
        ("ToxRequest.status", "not_requested", "ToxRequest.not_requested_reason", ASKED),
        ("ToxRequest.status", "not_requested", "ToxRequest.lab", SKIPPED),
        ("ToxRequest.status", "requested", "ToxRequest.not_requested_reason", SKIPPED),
        ("ToxRequest.status", "requested", "ToxRequest.due_on", ASKED),
        ("ToxResult.outcome", "not_detected", "ToxResult.value", SKIPPED),
        ("ToxResult.outcome", "below_limit", "ToxResult.value", ASKED),
        ("CauseOfDeath.tox_consistent", "yes", "CauseOfDeath.tox_consistent_note", SKIPPED),
        ("Assessment.inclusion", "excluded", "Assessment.exclusion_reason", ASKED),
        ("Assessment.inclusion", "confirmed", "Assessment.exclusion_reason", SKIPPED),
    ],
)
def test_a_question_is_asked_only_when_the_deciding_answer_calls_for_it(
    decider: str, given_answer: Any, dependent: str, asked: bool
) -> None:
    skipped = not_applicable({decider: answer(given_answer)})
    assert (dependent in skipped) is not asked


def test_with_nothing_answered_every_question_is_still_open() -> None:
    assert not_applicable({}) == frozenset()


@pytest.mark.parametrize("rule", SKIP_RULES, ids=lambda rule: rule.decider)
def test_a_rule_speaks_of_fields_and_codes_that_exist_and_says_so_in_both_languages(rule: SkipRule) -> None:
    spec = field(rule.decider)
    if spec.value_set:
        assert rule.values <= set(value_sets.codes(spec.value_set))
    for key in rule.fields:
        dependent = field(key)
        assert spec.on_case == dependent.on_case
        assert spec.on_case or spec.model == dependent.model
    assert rule.nl.startswith("Alleen invullen als ")
    assert rule.en.startswith("Only when ")


def test_a_field_has_one_rule_and_a_rule_stands_below_the_rules_about_its_decider() -> None:
    assert len(CONDITIONAL) == sum(len(rule.fields) for rule in SKIP_RULES)
    order = {key: number for number, rule in enumerate(SKIP_RULES) for key in rule.fields}
    assert all(order.get(rule.decider, -1) < number for number, rule in enumerate(SKIP_RULES))


@given(st.data())
def test_a_question_that_falls_away_never_brings_back_another(data: st.DataObject) -> None:
    deciders = sorted({rule.decider for rule in SKIP_RULES})
    answers = {key: data.draw(answers_of(field(key))) for key in deciders}
    skipped = not_applicable(answers)
    assert skipped <= set(CONDITIONAL)
    for key in skipped:
        rule = CONDITIONAL[key]
        assert rule.decider in skipped or not rule.asks(answers[rule.decider])
