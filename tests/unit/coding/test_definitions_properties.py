"""What holds for the classification of any death."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from register.coding.definitions import Classification, classify
from register.coding.facts import CONTRIBUTING, INTENTS, ROLES, CaseFacts, Contributor
from register.coding.verdicts import Verdict
from tests.unit.coding.cases import CATALOGUE
from tests.unit.coding.strategies import contributors, deaths, origins, substances

NEVER_COUNTS = tuple(role for role in ROLES if role not in (*CONTRIBUTING, "possible_contribution"))


def outcomes(found: Classification) -> tuple[Verdict, Verdict, Verdict]:
    return found.sel_b.value, found.sel_d.value, found.nl_broad.value


@given(deaths(), st.randoms(use_true_random=False))
def test_the_order_of_the_substances_never_matters(facts: CaseFacts, order: st.DataObject) -> None:
    shuffled = list(facts.substances)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert classify(replace(facts, substances=tuple(shuffled)), CATALOGUE) == classify(facts, CATALOGUE)


@given(deaths(), substances, st.sampled_from(NEVER_COUNTS), origins)
def test_a_substance_that_did_not_contribute_changes_nothing(
    facts: CaseFacts, code: str, role: str, origin: str | None
) -> None:
    more = replace(facts, substances=(*facts.substances, Contributor(code, role, origin)))
    assert classify(more, CATALOGUE) == classify(facts, CATALOGUE)


@given(deaths())
def test_a_substance_named_twice_counts_once(facts: CaseFacts) -> None:
    twice = replace(facts, substances=facts.substances * 2)
    found = classify(twice, CATALOGUE)
    assert found.suggestion == classify(facts, CATALOGUE).suggestion
    assert found.attribution == classify(facts, CATALOGUE).attribution
    assert outcomes(found) == outcomes(classify(facts, CATALOGUE))


@given(deaths(), st.sampled_from(sorted(INTENTS)))
def test_learning_the_intent_never_turns_a_decided_outcome(facts: CaseFacts, intent: str) -> None:
    assume(intent != "homicide" or not (facts.disorder or facts.as_prescribed))
    before = classify(replace(facts, intent=None), CATALOGUE)
    after = classify(replace(facts, intent=intent), CATALOGUE)
    for unknown, known in zip(outcomes(before), outcomes(after), strict=True):
        assert unknown in (Verdict.UNDETERMINED, known)


@given(deaths(at_least=1), st.lists(st.sampled_from(ROLES), min_size=5, max_size=5))
def test_learning_the_roles_never_turns_a_decided_outcome(facts: CaseFacts, roles: list[str]) -> None:
    learnt = tuple(
        replace(row, role=role) if row.role is None else row for row, role in zip(facts.substances, roles, strict=False)
    )
    contributing = [row.role for row in learnt if row.contributes]
    assume("sole_cause" not in contributing or len(contributing) == 1)
    before, after = classify(facts, CATALOGUE), classify(replace(facts, substances=learnt), CATALOGUE)
    for unknown, known in zip(outcomes(before), outcomes(after), strict=True):
        assert unknown in (Verdict.UNDETERMINED, known)


@given(
    deaths(),
    contributors(),
    st.sampled_from(("direct", "indirect", "unrelated")),
    st.sampled_from(("confirmed", "excluded")),
)
def test_learning_relation_and_inclusion_never_turns_a_decided_conclusion(
    facts: CaseFacts, rows: tuple[Contributor, ...], relation: str, inclusion: str
) -> None:
    before = classify(replace(facts, substances=rows, relation=None, inclusion=None), CATALOGUE)
    after = classify(replace(facts, substances=rows, relation=relation, inclusion=inclusion), CATALOGUE)
    for unknown, known in zip(outcomes(before)[1:], outcomes(after)[1:], strict=True):
        assert unknown in (Verdict.UNDETERMINED, known)


@given(deaths())
def test_every_outcome_explains_itself_in_both_languages_within_a_thousand_characters(facts: CaseFacts) -> None:
    found = classify(facts, CATALOGUE)
    texts = [(outcome.nl, outcome.en) for outcome in (found.sel_b, found.sel_d, found.nl_broad)]
    texts += [(remark.nl, remark.en) for remark in (*found.suggestion.steps, *found.warnings)]
    for nl, en in texts:
        assert nl.endswith(".")
        assert en.endswith(".")
        assert max(len(nl), len(en)) <= 1000


def test_a_death_by_every_substance_still_explains_itself_within_a_thousand_characters() -> None:
    everything = tuple(Contributor(code, "joint_cause") for code in CATALOGUE.substances)
    found = classify(CaseFacts("accident", "direct", "confirmed", everything), CATALOGUE)
    assert outcomes(found) == (Verdict.YES, Verdict.YES, Verdict.YES)
    for outcome in (found.sel_b, found.sel_d, found.nl_broad):
        assert max(len(outcome.nl), len(outcome.en)) <= 1000
