"""The ICD-10 suggestion, step by step."""

import pytest
from hypothesis import given

from register.coding import icd10, rules
from register.coding.catalogue import Catalogue, UnknownCodeError
from register.coding.facts import CONTRIBUTING, CaseFacts, contributors
from register.coding.suggestion import Suggestion, difference, suggest
from tests.unit.coding.cases import CATALOGUE, death
from tests.unit.coding.strategies import deaths

RULES = rules.load()


def suggestion(facts: CaseFacts, catalogue: Catalogue = CATALOGUE) -> Suggestion:
    return suggest(facts, catalogue, RULES)


def t_code(substance: str) -> str:
    return CATALOGUE.substances[substance].icd10_t or "T50.9"


def codes(facts: CaseFacts) -> tuple[str | None, str]:
    found = suggestion(facts)
    return found.ucod, " ".join(found.t_codes)


@pytest.mark.parametrize(
    ("substance", "accident", "suicide", "undetermined", "t_code"),
    [
        ("heroin", "X42", "X62", "Y12", "T40.1"),
        ("cocaine", "X42", "X62", "Y12", "T40.5"),
        ("cannabis", "X42", "X62", "Y12", "T40.7"),
        ("mdma", "X41", "X61", "Y11", "T43.6"),
        ("diazepam", "X41", "X61", "Y11", "T42.4"),
        ("quetiapine", "X41", "X61", "Y11", "T43.5"),
        ("xylazine", "X41", "X61", "Y11", "T42.7"),
        ("ghb", "X44", "X64", "Y14", "T41.2"),
        ("ketamine", "X44", "X64", "Y14", "T41.2"),
        ("nitrous-oxide", "X44", "X64", "Y14", "T41.0"),
        ("loperamide", "X44", "X64", "Y14", "T47.6"),
        ("substance-unknown", "X44", "X64", "Y14", "T50.9"),
        ("propranolol", "X43", "X63", "Y13", "T44.7"),
        ("paracetamol", "X40", "X60", "Y10", "T39.1"),
        ("ethanol", "X45", "X65", "Y15", "T51.0"),
        ("volatile-solvents", "X47", "X67", "Y17", "T59.8"),
    ],
)
def test_one_substance_gets_the_code_of_its_agent_class(
    substance: str, accident: str, suicide: str, undetermined: str, t_code: str
) -> None:
    alone = f"{substance}:sole_cause"
    assert codes(death(alone, intent="accident")) == (accident, t_code)
    assert codes(death(alone, intent="suicide")) == (suicide, t_code)
    assert codes(death(alone, intent="undetermined")) == (undetermined, t_code)
    assert codes(death(alone, intent="homicide")) == ("X85", t_code)


@pytest.mark.parametrize(
    ("substances", "ucod", "t_codes"),
    [
        # P3: the role decides before the class and before the rank
        ("mdma:sole_cause heroin:joint_cause", "X41", "T43.6 T40.1"),
        ("ethanol:joint_cause heroin:possible_contribution", "X45", "T51.0"),
        ("diazepam:possible_contribution heroin:possible_contribution", "X42", "T40.1 T42.4"),
        # P4: narcotics before psychotropics before the rest
        ("mdma heroin", "X42", "T40.1 T43.6"),
        ("diazepam lsd", "X42", "T40.8 T42.4"),
        ("ghb amphetamine", "X41", "T43.6 T41.2"),
        ("ethanol alprazolam", "X41", "T42.4 T51.0"),
        ("ketamine ghb", "X44", "T41.2"),
        ("paracetamol propranolol", "X44", "T39.1 T44.7"),
        ("paracetamol ghb", "X44", "T41.2 T39.1"),
        ("paracetamol ethanol", "X40", "T39.1 T51.0"),
        ("substance-unknown ethanol", "X44", "T50.9 T51.0"),
        # P5: rank of the group, then role, then certainty
        ("cocaine heroin", "X42", "T40.1 T40.5"),
        ("lsd cocaine", "X42", "T40.5 T40.8"),
        ("diazepam mdma", "X41", "T43.6 T42.4"),
        ("heroin:joint_cause::possible methadone:joint_cause::certain", "X42", "T40.3 T40.1"),
        ("heroin:joint_cause::certain methadone:joint_cause", "X42", "T40.1 T40.3"),
        # P7: one per substance, no duplicates, by contributing substances only
        ("oxycodone morphine codeine", "X42", "T40.2"),
        ("heroin:joint_cause morphine:metabolite_or_adulterant", "X42", "T40.1"),
        ("heroin:joint_cause diazepam:therapeutic ethanol:present_no_contribution", "X42", "T40.1"),
        ("heroin:joint_cause cocaine:possible_contribution", "X42", "T40.1"),
    ],
)
def test_several_substances_follow_the_steps(substances: str, ucod: str, t_codes: str) -> None:
    assert codes(death(substances)) == (ucod, t_codes)


@pytest.mark.parametrize(
    ("substances", "ucod"),
    [
        ("heroin:sole_cause", "F11"),
        ("cocaine:sole_cause", "F14"),
        ("ethanol:sole_cause", "F10"),
        ("ketamine:sole_cause", "F16"),
        ("heroin cocaine", "F19"),
        ("heroin methadone", "F19"),
        ("quetiapine:sole_cause", None),
    ],
)
def test_a_disorder_without_poisoning_gets_an_f_code_and_no_t_code(substances: str, ucod: str | None) -> None:
    found = suggestion(death(substances, disorder=True, intent=None))
    assert (found.kind, found.ucod, found.t_codes) == ("disorder", ucod, ())


@pytest.mark.parametrize(
    ("substances", "ucod"),
    [("morphine:sole_cause", "Y45.0"), ("diazepam:sole_cause", "Y47"), ("clozapine:sole_cause", None)],
)
def test_use_as_prescribed_is_an_adverse_effect(substances: str, ucod: str | None) -> None:
    found = suggestion(death(substances, as_prescribed=True))
    assert (found.kind, found.ucod, found.t_codes) == ("adverse_effect", ucod, ())


def test_homicide_goes_before_use_as_prescribed_and_disorder() -> None:
    assert suggestion(death("morphine heroin", intent="homicide", as_prescribed=True, disorder=True)).ucod == "X85"


@pytest.mark.parametrize("relation", ["indirect", "unrelated"])
def test_a_death_that_is_not_direct_has_nothing_to_suggest(relation: str) -> None:
    found = suggestion(death("heroin:sole_cause", relation=relation))
    assert (found.kind, found.ucod, found.t_codes) == ("not_direct", None, ())


@pytest.mark.parametrize("intent", ["medical", "euthanasia"])
def test_a_medical_act_and_euthanasia_stand_outside_the_table(intent: str) -> None:
    found = suggestion(death("morphine:sole_cause", intent=intent))
    assert (found.kind, found.ucod) == ("not_in_table", None)


def test_a_substance_without_a_line_in_the_table_leaves_the_cause_to_the_coder() -> None:
    found = suggestion(death("sodium-azide-nitrite:sole_cause", intent="suicide"))
    assert (found.kind, found.ucod, found.t_codes) == ("not_in_table", None, ("T65.8",))


def test_an_unknown_intent_leaves_the_cause_open_and_still_gives_the_t_codes() -> None:
    found = suggestion(death("heroin cocaine", intent=None))
    assert (found.kind, found.ucod, found.t_codes) == ("intent_unknown", None, ("T40.1", "T40.5"))


@pytest.mark.parametrize(
    "substances", ["", "heroin:undeterminable", "heroin:suspected_only", "heroin:-", "naloxone:given_in_care"]
)
def test_without_a_contributing_substance_there_is_no_suggestion(substances: str) -> None:
    found = suggestion(death(substances))
    assert (found.kind, found.ucod, found.t_codes) == ("no_substance", None, ())


def test_a_substance_without_t_code_counts_as_an_unspecified_drug() -> None:
    plain = CATALOGUE.substances["heroin"]
    bare = type(plain)(code="new-one", name_nl="nieuw", name_en="new", group="nps-unspec")
    catalogue = Catalogue({"new-one": bare}, CATALOGUE.groups, CATALOGUE.icd10)
    found = suggestion(death("new-one:sole_cause"), catalogue)
    assert (found.ucod, found.t_codes) == ("X44", ("T50.9",))
    assert [warning.code for warning in found.warnings] == ["NO_T_CODE"]


@pytest.mark.parametrize(
    ("facts", "warning"),
    [
        (death("heroin:possible_contribution"), "POSSIBLE_LEADS"),
        (death("heroin:sole_cause cocaine:joint_cause"), "SOLE_NOT_ALONE"),
        (death("heroin:sole_cause", relation=None), "RELATION_UNKNOWN"),
    ],
)
def test_a_shaky_suggestion_carries_its_warning_in_both_languages(facts: CaseFacts, warning: str) -> None:
    found = suggestion(facts)
    assert [remark.code for remark in found.warnings] == [warning]
    assert found.warnings[0].nl != found.warnings[0].en
    assert found.ucod == "X42"


def test_a_firm_suggestion_carries_no_warning_and_names_every_step() -> None:
    found = suggestion(death("mdma heroin cocaine", intent_provisional=True))
    assert found.warnings == ()
    assert [step.code for step in found.steps] == ["P3", "P5", "P4", "P7", "P8"]
    assert found.leading == "heroin"
    assert found.steps[0].nl == "Heroïne leidt: mede-oorzaak."
    assert found.steps[3].en == "T codes: T40.1 (heroin), T40.5 (cocaine) and T43.6 (MDMA)."


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        (
            death("heroin:sole_cause"),
            [
                "P3 Heroin leads: the sole cause.",
                "P4 Intent accident, narcotics and psychodysleptics: X42.",
                "P7 T codes: T40.1 (heroin).",
            ],
        ),
        (
            death("cocaine diazepam", intent="suicide"),
            [
                "P3 Cocaine leads: a joint cause.",
                "P4 First come narcotics and psychodysleptics. Intent suicide, narcotics and psychodysleptics: X62.",
                "P7 T codes: T40.5 (cocaine) and T42.4 (diazepam).",
            ],
        ),
        (
            death("morphine:sole_cause", as_prescribed=True, intent=None, intent_provisional=True),
            [
                "P3 Morphine leads: the sole cause.",
                "P2 Use as prescribed without error: adverse effect, Y45.0.",
            ],
        ),
        (
            death("clozapine:sole_cause", as_prescribed=True),
            [
                "P3 Clozapine leads: the sole cause.",
                "P2 Use as prescribed without error: adverse effect, Y40-Y59, for the coder to choose.",
            ],
        ),
        (
            death("heroin:sole_cause", disorder=True),
            [
                "P3 Heroin leads: the sole cause.",
                "P6 Not an acute poisoning but a disorder due to use: F11.",
            ],
        ),
        (
            death("quetiapine:sole_cause", disorder=True),
            [
                "P3 Quetiapine leads: the sole cause.",
                "P6 Not an acute poisoning but a disorder due to use: no F code for this substance.",
            ],
        ),
    ],
)
def test_each_step_says_what_it_did(facts: CaseFacts, steps: list[str]) -> None:
    assert [f"{step.code} {step.en}" for step in suggestion(facts).steps] == steps


def test_the_steps_say_the_same_in_dutch() -> None:
    prescribed, disorder = (suggestion(death("clozapine", as_prescribed=a, disorder=not a)) for a in (True, False))
    assert prescribed.cause_step.nl == (
        "Gebruik volgens voorschrift zonder fout: bijwerking, Y40-Y59, door de codeur te kiezen."
    )
    assert disorder.cause_step.nl == (
        "Geen acute vergiftiging maar een stoornis door gebruik: geen F-code voor dit middel."
    )
    assert suggestion(death("morphine", as_prescribed=True)).cause_step.nl.endswith("bijwerking, Y45.0.")
    assert suggestion(death("heroin", disorder=True)).cause_step.nl.endswith("door gebruik: F11.")


def test_the_difference_between_two_suggestions_names_what_changed() -> None:
    accident, suicide = (suggestion(death("heroin:sole_cause", intent=intent)) for intent in ("accident", "suicide"))
    assert [change.en for change in difference(accident, suicide)] == ["Underlying cause: X42 becomes X62."]
    more = suggestion(death("heroin cocaine"))
    assert [change.nl for change in difference(accident, more)] == ["T-codes: T40.1 wordt T40.1, T40.5."]
    assert difference(accident, accident) == ()


def test_a_substance_the_catalogue_does_not_hold_is_named() -> None:
    with pytest.raises(UnknownCodeError, match="heroine"):
        suggestion(death("heroine:sole_cause"))


@given(deaths())
def test_the_codes_of_a_suggestion_always_fit_each_other(facts: CaseFacts) -> None:
    found = suggestion(facts)
    assert len(set(found.t_codes)) == len(found.t_codes)
    assert all(icd10.is_poisoning(code) for code in found.t_codes)
    if found.ucod is not None:
        assert found.ucod in CATALOGUE.icd10
        assert found.leading is not None
    assert found.cause_step in found.steps


@given(deaths(roles=CONTRIBUTING))
def test_the_t_codes_are_those_of_the_contributing_substances(facts: CaseFacts) -> None:
    found = suggestion(facts)
    if found.t_codes:
        assert set(found.t_codes) == {t_code(row.code) for row in contributors(facts)}
        assert found.t_codes[0] == t_code(found.leading or "")
