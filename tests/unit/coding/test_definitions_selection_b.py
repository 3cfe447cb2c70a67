"""Selection B: underlying cause and T-codes, coded or suggested."""

from dataclasses import replace

import pytest
from hypothesis import given

from register.coding import rules
from register.coding.definitions import Outcome, classify
from register.coding.facts import CONTRIBUTING, CaseFacts
from register.coding.verdicts import Verdict
from tests.unit.coding.cases import CATALOGUE, death
from tests.unit.coding.strategies import T_LIST, deaths


def sel_b(facts: CaseFacts) -> Outcome:
    return classify(facts, CATALOGUE).sel_b


def warnings(facts: CaseFacts) -> list[str]:
    return [remark.code for remark in classify(facts, CATALOGUE).warnings]


@pytest.mark.parametrize(
    ("ucod", "t_codes", "value", "rule"),
    [
        ("F11", "", "yes", "B1"),
        ("F12", "", "yes", "B1"),
        ("F14", "", "yes", "B1"),
        ("F15", "", "yes", "B1"),
        ("F16", "", "yes", "B1"),
        ("F19", "", "yes", "B1"),
        ("F11.2", "", "yes", "B1"),
        ("f192", "", "yes", "B1"),
        ("F10", "", "no", "B_LIST"),
        ("F10.2", "T40.1", "no", "B_LIST"),
        ("F13", "T40.1", "no", "B_LIST"),
        ("F17", "", "no", "B_LIST"),
        ("F18", "", "no", "B_LIST"),
        ("F32", "", "no", "B_LIST"),
        ("X41", "T43.6", "yes", "B2"),
        ("X42", "T40.1", "yes", "B2"),
        ("X42.0", "T40.1", "yes", "B2"),
        ("X420", "T401", "yes", "B2"),
        ("X42", "T42.4", "no", "B2"),
        ("X42", "T42.4 T40.9", "yes", "B2"),
        ("X42", "", "no", "B2"),
        ("X61", "T43.6", "yes", "B3"),
        ("X62", "T40.0", "yes", "B3"),
        ("X61", "T42.4", "no", "B3"),
        ("Y11", "T43.6", "yes", "B4"),
        ("Y12", "T40.5", "yes", "B4"),
        ("Y12", "T43.5", "no", "B4"),
        ("X44", "T40.7", "yes", "B5"),
        ("X64", "T43.6", "yes", "B5"),
        ("Y14", "T40.8", "yes", "B5"),
        ("X44", "T41.2", "no", "B5"),
        ("X64", "T50.9", "no", "B5"),
        ("Y14", "T51.0", "no", "B5"),
        *((code, "T40.1", "no", "B_LIST") for code in ("X40", "X43", "X45", "X46", "X47")),
        *((code, "T40.1", "no", "B_LIST") for code in ("X60", "X63", "X65", "X66", "X67")),
        *((code, "T40.1", "no", "B_LIST") for code in ("Y10", "Y13", "Y15", "Y16", "Y17")),
        ("X85", "T40.1", "no", "B_LIST"),
        ("Y45.0", "T40.2", "no", "B_LIST"),
        ("V89.2", "T40.5", "no", "B_LIST"),
        ("I46.9", "", "no", "B_LIST"),
    ],
)
def test_coded_deaths_fall_under_the_rules(ucod: str, t_codes: str, value: str, rule: str) -> None:
    outcome = sel_b(death(ucod=ucod, t_codes=t_codes))
    assert (outcome.value, outcome.rule_id, outcome.basis) == (value, rule, "coded")


@pytest.mark.parametrize("t_code", [*T_LIST, "T40.10", "T43.60", "T40"])
def test_every_code_of_the_t_list_qualifies(t_code: str) -> None:
    assert sel_b(death(ucod="X44", t_codes=t_code)).value == "yes"


@pytest.mark.parametrize("t_code", ["T39.1", "T41.2", "T42.4", "T43.0", "T43.5", "T43.8", "T50.9", "T51.0"])
def test_no_other_t_code_qualifies(t_code: str) -> None:
    assert sel_b(death(ucod="X42", t_codes=t_code)).value == "no"


def test_a_t_code_cut_short_of_t43_6_leaves_it_undetermined() -> None:
    assert sel_b(death(ucod="X41", t_codes="T43")).value == "undetermined"
    assert sel_b(death(ucod="X41", t_codes="T43 T40.1")).value == "yes"
    assert sel_b(death(ucod="X41", t_codes="T42")).value == "no"


@pytest.mark.parametrize("inclusion", ["confirmed", "probable", "suspected", "excluded", None])
@pytest.mark.parametrize("relation", ["direct", "indirect", "unrelated", None])
def test_a_coded_death_is_judged_by_its_codes_alone(relation: str | None, inclusion: str | None) -> None:
    facts = death("ethanol", relation=relation, inclusion=inclusion, intent=None, ucod="X42", t_codes="T40.1")
    assert sel_b(facts).value == "yes"


@pytest.mark.parametrize(
    ("ucod", "t_codes", "warns"),
    [
        ("X42", "T40.1", False),
        ("X42", "T43.6", True),
        ("X42", "T40.1 T43.6", False),
        ("X62", "T43.6 T42.4", True),
        ("Y12", "T43.6", True),
        ("X41", "T43.6", False),
        ("X41", "T40.5", True),
        ("X61", "T40.2 T42.4", True),
        ("Y11", "T40.2 T43.6", False),
        ("Y11", "T40.2", True),
        ("X44", "T40.1", False),
        ("X44", "T43.6", False),
        ("F11", "T43.6", False),
        ("X42", "T42.4", False),
    ],
)
def test_a_mismatch_of_cause_and_t_code_warns_and_does_not_decide(ucod: str, t_codes: str, warns: bool) -> None:
    facts = death(ucod=ucod, t_codes=t_codes)
    assert warnings(facts) == (["B_PAIR"] if warns else [])
    if warns:
        assert sel_b(facts).value == "yes"


def test_a_coded_acute_intoxication_counts_and_warns() -> None:
    facts = death(ucod="F11.0")
    assert (sel_b(facts).value, warnings(facts)) == ("yes", ["F_ACUTE"])
    assert warnings(death(ucod="F11.2")) == []


@pytest.mark.parametrize(
    ("substances", "value"),
    [
        ("heroin:sole_cause", "yes"),
        ("mdma:sole_cause", "yes"),
        ("oxycodone:sole_cause:prescribed", "yes"),
        ("3-mmc:sole_cause", "yes"),
        ("cannabis:sole_cause", "yes"),
        ("ghb:sole_cause", "no"),
        ("ketamine:sole_cause", "no"),
        ("nitrous-oxide:sole_cause", "no"),
        ("diazepam:sole_cause", "no"),
        ("bromazolam alprazolam", "no"),
        ("ethanol:sole_cause", "no"),
        ("amitriptyline:sole_cause", "no"),
        ("ketamine mdma", "yes"),
        ("ghb heroin ethanol", "yes"),
        ("diazepam heroin:possible_contribution", "no"),
        ("diazepam heroin:present_no_contribution", "no"),
        ("heroin:undeterminable", "no"),
        ("", "no"),
    ],
)
@pytest.mark.parametrize("intent", ["accident", "suicide", "undetermined"])
def test_without_codes_the_suggestion_decides(substances: str, value: str, intent: str) -> None:
    outcome = sel_b(death(substances, intent=intent))
    assert (outcome.value, outcome.basis) == (value, "suggested")


@pytest.mark.parametrize("intent", ["homicide", "medical", "euthanasia"])
def test_no_other_intent_comes_under_selection_b(intent: str) -> None:
    assert sel_b(death("heroin:sole_cause", intent=intent)).value == "no"


@pytest.mark.parametrize("relation", ["indirect", "unrelated"])
def test_a_death_that_is_not_direct_is_out_while_nobody_coded_it(relation: str) -> None:
    assert sel_b(death("heroin:sole_cause", relation=relation)).value == "no"
    assert sel_b(death("heroin:sole_cause", relation=relation, t_codes="T40.1")).value == "no"


def test_a_disorder_is_in_by_its_f_code_and_an_adverse_effect_is_out() -> None:
    assert sel_b(death("heroin:sole_cause", intent=None, disorder=True)).value == "yes"
    assert sel_b(death("diazepam:sole_cause", intent="accident", disorder=True)).value == "no"
    assert sel_b(death("morphine:sole_cause", as_prescribed=True)).value == "no"


def test_the_suggestion_fills_in_whichever_code_is_empty() -> None:
    only_cause = sel_b(death("heroin:sole_cause", ucod="X42"))
    assert (only_cause.value, only_cause.basis) == ("yes", "suggested")
    only_t_codes = sel_b(death("heroin:sole_cause", t_codes="T42.4"))
    assert (only_t_codes.value, only_t_codes.basis) == ("no", "suggested")
    cause_needs_no_t_code = sel_b(death("heroin:sole_cause", ucod="F11"))
    assert (cause_needs_no_t_code.value, cause_needs_no_t_code.basis) == ("yes", "coded")


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        (death("heroin:sole_cause", intent=None), "undetermined"),
        (death("ghb:sole_cause", intent=None), "no"),
        (death("ghb:sole_cause", intent=None, t_codes="T40.1"), "undetermined"),
        (death("heroin:sole_cause", intent=None, relation="indirect"), "no"),
        (death("heroin:sole_cause", intent=None, as_prescribed=True), "no"),
        (death("heroin:sole_cause", intent=None, ucod="X42"), "yes"),
        (death("heroin:-"), "undetermined"),
        (death("ghb:-"), "no"),
        (death("heroin:- cocaine"), "yes"),
        (death("heroin:- ethanol"), "undetermined"),
        (death("heroin:- ghb", intent="homicide"), "no"),
        (death("heroin:-", ucod="X42"), "undetermined"),
        (death("heroin:-", ucod="X42", t_codes="T42.4"), "no"),
        (death("heroin:-", ucod="X42", t_codes="T40.1"), "yes"),
        (death("heroin:-", ucod="F11"), "yes"),
        (death("heroin:possible_contribution diazepam:-"), "undetermined"),
        (death("heroin:possible_contribution diazepam:- cocaine:-"), "undetermined"),
        (death("heroin:possible_contribution diazepam:- cocaine:- mdma:-"), "undetermined"),
        (death("heroin:possible_contribution lsd:- cocaine:- mdma:-"), "yes"),
        (death("heroin:-", ucod="X85"), "no"),
        (death(t_codes="T40.1"), "undetermined"),
        (death(t_codes="T41.2"), "no"),
        (death(t_codes="T40.1", intent="homicide"), "no"),
        (death(t_codes="T40.1", relation="unrelated"), "no"),
        (death("heroin:sole_cause", relation=None), "yes"),
    ],
)
def test_what_is_not_known_leaves_it_open_only_when_it_could_matter(facts: CaseFacts, value: str) -> None:
    assert sel_b(facts).value == value


def test_an_open_outcome_says_what_is_missing_in_both_languages() -> None:
    outcome = sel_b(death("heroin:-", intent=None))
    assert outcome.nl == "Niet te bepalen: de intentie is niet bekend en de rol van een middel is niet gezet."
    assert outcome.en == "Cannot be told: the intent is not known and the role of a substance is not set."


def test_an_outcome_names_the_codes_it_read() -> None:
    assert sel_b(death("heroin mdma")).en == "Accidental poisoning: X42 with T40.1 and T43.6."
    assert sel_b(death(ucod="X42")).nl == "X42 met geen T-code: geen code van de lijst T40.0-T40.9, T43.6."


ALONE = {"F11", "F12", "F14", "F15", "F16", "F19"}
WITH_T = {"X41", "X42", "X44", "X61", "X62", "X64", "Y11", "Y12", "Y14"}


@given(deaths(coded=True, roles=CONTRIBUTING))
def test_selection_b_of_a_coded_death_is_what_its_definition_says(facts: CaseFacts) -> None:
    assert facts.ucod is not None
    t_codes = facts.t_codes or classify(facts, CATALOGUE).suggestion.t_codes
    listed = any(code in T_LIST for code in t_codes)
    expected = facts.ucod[:3] in ALONE or (facts.ucod[:3] in WITH_T and listed)
    assert sel_b(facts).value == ("yes" if expected else "no")


@given(deaths())
def test_a_yes_always_rests_on_an_underlying_cause_of_the_list(facts: CaseFacts) -> None:
    found = classify(facts, CATALOGUE)
    if found.sel_b.value is Verdict.YES:
        assert (facts.ucod or found.suggestion.ucod or "")[:3] in ALONE | WITH_T
    if found.sel_b.basis == "coded":
        assert facts.ucod is not None


@pytest.mark.parametrize(
    ("ucod", "t_code", "pooled", "strict"),
    [
        ("X42", "T40.1", Verdict.YES, Verdict.YES),
        ("X42", "T43.6", Verdict.YES, Verdict.NO),
        ("X41", "T43.6", Verdict.YES, Verdict.YES),
        ("Y11", "T40.5", Verdict.YES, Verdict.NO),
        ("X44", "T40.1", Verdict.YES, Verdict.YES),
        ("X42", "T42.4", Verdict.NO, Verdict.NO),
    ],
)
def test_the_strict_version_pairs_a_cause_with_its_own_codes_and_warns_of_no_pair(
    ucod: str, t_code: str, pooled: Verdict, strict: Verdict
) -> None:
    one = death("heroin", ucod=ucod, t_codes=t_code)
    first, second = (classify(one, CATALOGUE, ruleset=rules.load(version)) for version in ("1", "2"))
    assert (first.sel_b.value, second.sel_b.value) == (pooled, strict)
    assert (first.sel_b.rule_version, second.sel_b.rule_version) == ("1", "2")
    assert "B_PAIR" not in {warning.code for warning in second.warnings}
    assert first.sel_d == replace(second.sel_d, rule_version="1")
