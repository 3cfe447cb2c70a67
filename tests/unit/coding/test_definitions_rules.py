"""The rule file and the catalogue say the same, and so do the value sets."""

import csv
from pathlib import Path

import pytest

import register
from register.coding import facts, icd10, rules
from register.coding.verdicts import Verdict, any_of, both
from tests.unit.coding.cases import CATALOGUE

RULES = rules.load()
INTENT_NAMES = {"accident": "accidental", "suicide": "intentional", "undetermined": "undetermined"}


def _codes(selection_b: str) -> set[str]:
    return {code for code, row in CATALOGUE.icd10.items() if row.selection_b == selection_b}


def test_selection_b_names_the_underlying_causes_that_the_catalogue_marks() -> None:
    alone = {code for rule in RULES.selection_b.rules if not rule.needs_t_code for code in rule.ucod}
    with_t = {code for rule in RULES.selection_b.rules if rule.needs_t_code for code in rule.ucod}
    assert alone == _codes("ucod_direct")
    assert with_t == _codes("ucod_with_t")


def test_the_t_list_holds_the_t_codes_that_the_catalogue_marks() -> None:
    t_codes = {code for code, row in CATALOGUE.icd10.items() if row.kind == "poisoning_nature"}
    assert {code for code in t_codes if icd10.is_under(code, RULES.selection_b.t_list)} == _codes("t_code")


@pytest.mark.parametrize("intent", INTENT_NAMES)
def test_the_table_of_the_suggestion_is_the_table_of_the_catalogue(intent: str) -> None:
    ours = {agent.code: getattr(agent, intent) for agent in RULES.agent_classes if getattr(agent, intent)}
    theirs = {
        row.agent_class: row.code
        for row in CATALOGUE.icd10.values()
        if row.kind == "external_cause" and row.intent == INTENT_NAMES[intent]
    }
    assert ours == theirs


def test_every_t_code_of_the_catalogue_has_the_agent_class_of_the_catalogue() -> None:
    t_codes = [row for row in CATALOGUE.icd10.values() if row.kind == "poisoning_nature"]
    assert {row.code: RULES.agent_class(row.code).code for row in t_codes} == {r.code: r.agent_class for r in t_codes}


def test_the_codes_a_suggestion_can_give_are_in_the_catalogue() -> None:
    fixed = RULES.suggestion
    codes = {fixed.assault, fixed.several_disorders, fixed.unlisted_t_code, *(a.ucod for a in fixed.adverse_effects)}
    codes |= {substance.icd10_t for substance in CATALOGUE.substances.values()}
    codes |= {substance.icd10_f for substance in CATALOGUE.substances.values()}
    assert codes - {""} <= set(CATALOGUE.icd10)


@pytest.mark.parametrize(
    ("value_set", "codes"),
    [
        ("VS-INTENT", facts.INTENTS),
        ("VS-RELATION", facts.RELATIONS),
        ("VS-INCL", facts.INCLUSIONS),
        ("VS-ROLE", facts.ROLES),
        ("VS-ORIGINDRUG", facts.ORIGINS),
        ("VS-CERT", facts.CERTAINTIES),
    ],
)
def test_the_facts_take_the_codes_of_the_value_sets_in_their_order(value_set: str, codes: tuple[str, ...]) -> None:
    path = Path(register.__file__).parent / "quality" / "data" / "value_sets.csv"
    with path.open(encoding="utf-8", newline="") as file:
        listed = [row["code"] for row in csv.DictReader(file) if row["value_set"] == value_set]
    assert sorted(codes) == sorted(listed)
    if value_set in ("VS-ROLE", "VS-CERT"):
        assert list(codes) == listed


def test_a_version_that_is_not_shipped_is_refused_by_name() -> None:
    assert rules.CURRENT in rules.versions()
    with pytest.raises(LookupError, match="'2099'"):
        rules.load("2099")


def test_a_no_decides_over_what_is_not_known_and_a_yes_needs_everything() -> None:
    yes, no, undetermined = Verdict.YES, Verdict.NO, Verdict.UNDETERMINED
    pairs = [(yes, yes), (yes, undetermined), (undetermined, undetermined), (no, undetermined), (no, yes), (no, no)]
    assert [both(a, b) for a, b in pairs] == [yes, undetermined, undetermined, no, no, no]
    assert [both(b, a) for a, b in pairs] == [yes, undetermined, undetermined, no, no, no]
    assert [any_of(pair) for pair in pairs] == [yes, yes, undetermined, undetermined, yes, no]
    assert any_of(()) is no
