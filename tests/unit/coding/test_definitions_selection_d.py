"""Selection D and the broad national definition: the forensic conclusion and the substances."""

import pytest
from hypothesis import given

from register.coding.definitions import Classification, classify
from register.coding.facts import CaseFacts
from register.coding.settings import Settings
from tests.unit.coding.cases import CATALOGUE, death
from tests.unit.coding.strategies import deaths


def both(facts: CaseFacts, settings: Settings | None = None) -> tuple[str, str]:
    found = classify(facts, CATALOGUE, settings or Settings())
    return found.sel_d.value.value, found.nl_broad.value.value


def rules_of(facts: CaseFacts) -> tuple[str, str]:
    found = classify(facts, CATALOGUE)
    return found.sel_d.rule_id, found.nl_broad.rule_id


def test_a_direct_confirmed_heroin_death_is_in_both() -> None:
    assert both(death("heroin:sole_cause")) == ("yes", "yes")
    assert rules_of(death("heroin:sole_cause")) == ("D3", "N1")


@pytest.mark.parametrize(
    ("group", "sel_d", "broad"),
    [
        ("opioid-illicit", "yes", "yes"),
        ("opioid-synth-illicit", "yes", "yes"),
        ("opioid-nitazene", "yes", "yes"),
        ("opioid-oat", "yes", "yes"),
        ("opioid-unspec", "yes", "yes"),
        ("opioid-rx", "undetermined", "yes"),
        ("opioid-synth-rx", "undetermined", "yes"),
        ("opioid-other", "undetermined", "yes"),
        ("cocaine", "yes", "yes"),
        ("stim-amphetamine", "yes", "yes"),
        ("stim-rx", "undetermined", "yes"),
        ("stim-mdma", "yes", "yes"),
        ("stim-nps", "yes", "yes"),
        ("stim-other", "undetermined", "yes"),
        ("cathinone", "yes", "yes"),
        ("ghb", "undetermined", "yes"),
        ("dissociative", "undetermined", "yes"),
        ("hallucinogen", "yes", "yes"),
        ("cannabis", "yes", "yes"),
        ("cannabis-semi-synth", "undetermined", "yes"),
        ("synth-cannabinoid", "yes", "yes"),
        ("benzo-rx", "no", "yes"),
        ("benzo-designer", "undetermined", "yes"),
        ("z-drug", "no", "yes"),
        ("gabapentinoid", "no", "yes"),
        ("barbiturate", "no", "yes"),
        ("antipsychotic", "no", "yes"),
        ("antidepressant", "no", "yes"),
        ("antidepressant-tca", "no", "yes"),
        ("antihistamine", "no", "undetermined"),
        ("analgesic", "no", "no"),
        ("cardiac", "no", "no"),
        ("alcohol", "no", "no"),
        ("inhalant", "yes", "yes"),
        ("adulterant", "no", "undetermined"),
        ("antidote", "no", "no"),
        ("nps-unspec", "yes", "yes"),
        ("unspec", "no", "undetermined"),
        ("suicide-agent", "no", "no"),
    ],
)
def test_a_single_substance_counts_as_its_group_says(group: str, sel_d: str, broad: str) -> None:
    codes = [code for code, substance in CATALOGUE.substances.items() if substance.group == group]
    assert codes
    for code in codes:
        assert both(death(f"{code}:sole_cause")) == (sel_d, broad), code


@pytest.mark.parametrize(
    ("facts", "sel_d", "broad"),
    [
        (death("heroin", relation="indirect"), "no", "no"),
        (death("heroin", relation="unrelated"), "no", "no"),
        (death("heroin", relation=None), "undetermined", "undetermined"),
        (death("heroin", inclusion="probable"), "yes", "yes"),
        (death("heroin", inclusion="suspected"), "no", "no"),
        (death("heroin", inclusion="excluded"), "no", "no"),
        (death("heroin", inclusion=None), "undetermined", "undetermined"),
        (death("heroin", intent="suicide"), "yes", "yes"),
        (death("heroin", intent="homicide"), "yes", "yes"),
        (death("heroin", intent="undetermined"), "yes", "yes"),
        (death("heroin", intent="medical"), "no", "no"),
        (death("heroin", intent="euthanasia"), "no", "no"),
        (death("heroin", intent=None), "undetermined", "undetermined"),
        (death("heroin", death_in_netherlands=False), "no", "no"),
        (death("heroin", death_in_netherlands=None), "undetermined", "undetermined"),
        # a no decides, whatever else is not known
        (death("heroin", intent=None, inclusion="excluded"), "no", "no"),
        (death("heroin", relation=None, intent="euthanasia"), "no", "no"),
        (death("ethanol:sole_cause", relation=None, intent=None, inclusion=None), "no", "no"),
        # F codes and adverse effects are no poisonings
        (death("heroin", ucod="F11"), "no", "yes"),
        (death("heroin", ucod="F11.2"), "no", "yes"),
        (death("heroin", ucod="F11", t_codes="T40.1"), "yes", "yes"),
        (death("heroin", ucod="F11", t_codes="T71"), "no", "yes"),
        (death("heroin", disorder=True), "no", "yes"),
        (death("heroin", disorder=True, ucod="X42"), "yes", "yes"),
        (death("quetiapine heroin:-", disorder=True), "no", "yes"),
        (death("methadone", as_prescribed=True), "no", "yes"),
        (death("methadone", ucod="Y45.0"), "no", "yes"),
        (death("methadone", as_prescribed=True, ucod="X42"), "yes", "yes"),
        (death("heroin", ucod="X85"), "yes", "yes"),
        (death("heroin", ucod="I46.9"), "yes", "yes"),
    ],
)
def test_the_conclusion_decides_before_the_list(facts: CaseFacts, sel_d: str, broad: str) -> None:
    assert both(facts) == (sel_d, broad)


@pytest.mark.parametrize(
    ("substances", "sel_d", "broad"),
    [
        ("oxycodone:sole_cause:prescribed", "no", "yes"),
        ("oxycodone:sole_cause:illicit", "yes", "yes"),
        ("oxycodone:sole_cause:otc", "yes", "yes"),
        ("oxycodone:sole_cause", "undetermined", "yes"),
        ("methylphenidate:sole_cause:prescribed", "no", "yes"),
        ("methadone:sole_cause:prescribed", "yes", "yes"),
        ("diazepam:sole_cause:illicit", "no", "yes"),
        ("oxycodone heroin", "yes", "yes"),
        ("oxycodone ghb", "undetermined", "yes"),
        ("oxycodone:joint_cause:prescribed ghb", "undetermined", "yes"),
        ("oxycodone:joint_cause:prescribed diazepam", "no", "yes"),
        ("ghb cocaine", "yes", "yes"),
        ("ghb ethanol", "undetermined", "yes"),
        ("diazepam ethanol", "no", "yes"),
        ("paracetamol ethanol", "no", "no"),
        ("paracetamol propranolol", "no", "no"),
        ("promethazine ethanol", "no", "undetermined"),
        ("promethazine heroin", "yes", "yes"),
        ("sodium-azide-nitrite:sole_cause", "no", "no"),
        ("xylazine heroin", "yes", "yes"),
        # roles that do not count
        ("heroin:possible_contribution", "no", "no"),
        ("heroin:present_no_contribution ethanol", "no", "no"),
        ("heroin:metabolite_or_adulterant", "no", "no"),
        ("heroin:therapeutic", "no", "no"),
        ("heroin:given_in_care", "no", "no"),
        ("heroin:artefact", "no", "no"),
        ("heroin:undeterminable", "no", "no"),
        ("heroin:suspected_only", "no", "no"),
        ("", "no", "no"),
        # a role that nobody set
        ("heroin:-", "undetermined", "undetermined"),
        ("heroin:- cocaine", "yes", "yes"),
        ("diazepam:-", "no", "undetermined"),
        ("ethanol:-", "no", "no"),
        ("oxycodone:-:prescribed", "no", "undetermined"),
    ],
)
def test_the_contributing_substances_decide(substances: str, sel_d: str, broad: str) -> None:
    assert both(death(substances)) == (sel_d, broad)


@pytest.mark.parametrize(
    ("substances", "sel_d", "broad"),
    [
        ("diazepam:sole_cause", "D4", "N1"),
        ("diazepam oxycodone:joint_cause:prescribed", "D4", "N1"),
        ("diazepam ethanol", "D3", "N1"),
        ("ethanol:sole_cause", "D3", "N2"),
        ("paracetamol ethanol", "D3", "N2"),
        ("", "D3", "N1"),
    ],
)
def test_a_no_names_the_rule_that_decided(substances: str, sel_d: str, broad: str) -> None:
    assert rules_of(death(substances)) == (sel_d, broad)


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (death("heroin", relation="indirect"), ("D1", "N1")),
        (death("heroin", intent="euthanasia"), ("D2", "N1")),
        (death("heroin", ucod="F11"), ("D1", "N1")),
        (death("heroin", ucod="Y45"), ("P2", "N1")),
        (death("heroin", death_in_netherlands=False), ("D_POPULATION", "N3")),
    ],
)
def test_each_condition_has_its_rule(facts: CaseFacts, rules: tuple[str, str]) -> None:
    assert rules_of(facts) == rules


def test_a_setting_decides_a_group_that_is_to_be_confirmed() -> None:
    settings = Settings(selection_d={"ghb": True, "dissociative": False}, nl_broad={"antihistamine": False})
    assert both(death("ghb"), settings) == ("yes", "yes")
    assert both(death("ketamine"), settings) == ("no", "yes")
    assert both(death("ketamine kratom"), settings) == ("undetermined", "yes")
    assert both(death("promethazine"), settings) == ("no", "no")


def test_a_setting_cannot_change_a_group_that_is_decided() -> None:
    settings = Settings(selection_d={"cocaine": False, "benzo-rx": True}, nl_broad={"alcohol": True})
    assert both(death("cocaine"), settings) == ("yes", "yes")
    assert both(death("diazepam"), settings) == ("no", "yes")
    assert both(death("ethanol"), settings) == ("no", "no")


@pytest.mark.parametrize(
    ("facts", "nl", "en"),
    [
        (
            death("heroin mdma"),
            "Relatie: direct. Inclusie: bevestigd. Intentie: ongeval. Vergiftiging. "
            "Op de lijst van Selectie D: heroïne en MDMA. Overleden in Nederland.",
            "Relation: direct. Inclusion: confirmed. Intent: accident. Poisoning. "
            "On the list of Selection D: heroin and MDMA. Died in the Netherlands.",
        ),
        (
            death("oxycodone kratom", intent=None),
            "Intentie niet bekend. Niet te bepalen voor kratom (mitragynine) en oxycodon: "
            "de herkomst is niet bekend en de lijst is voor deze groep nog vast te stellen.",
            "Intent not known. Cannot be told for kratom (mitragynine) and oxycodone: "
            "the origin is not known and the list is still to be confirmed.",
        ),
        (
            death("oxycodone"),
            "Niet te bepalen voor oxycodon: de herkomst is niet bekend.",
            "Cannot be told for oxycodone: the origin is not known.",
        ),
        (
            death("ghb diazepam"),
            "Niet te bepalen voor GHB: de lijst is voor deze groep nog vast te stellen.",
            "Cannot be told for GHB: the list is still to be confirmed.",
        ),
        (
            death("ghb:-"),
            "Niet te bepalen voor GHB: de rol is niet gezet.",
            "Cannot be told for GHB: the role is not set.",
        ),
        (
            death("heroin", inclusion="suspected"),
            "Inclusie: verdacht (valt erbuiten).",
            "Inclusion: suspected (outside).",
        ),
        (death("diazepam"), "Alleen geneesmiddelen: diazepam.", "Medicines only: diazepam."),
        (death(), "Geen middel heeft bijgedragen.", "No substance contributed."),
        (death("xylazine"), "Niet op de lijst van Selectie D: xylazine.", "Not on the list of Selection D: xylazine."),
        (death("heroin", ucod="F11"), "Alleen een stoornis (F11), geen vergiftiging.", "Only a disorder (F11)."),
        (death("clozapine", disorder=True), "Alleen een stoornis (F), geen vergiftiging.", "Only a disorder (F)."),
    ],
)
def test_selection_d_explains_itself_with_the_facts_it_used(facts: CaseFacts, nl: str, en: str) -> None:
    outcome = classify(facts, CATALOGUE).sel_d
    assert (outcome.nl, outcome.en) == (nl, en)


def test_a_yes_names_the_substances_on_the_list_and_no_others() -> None:
    assert "Selection D: heroin. " in classify(death("heroin diazepam ghb cocaine:-"), CATALOGUE).sel_d.en
    assert "Contributed: heroin. " in classify(death("heroin ethanol"), CATALOGUE).nl_broad.en


def test_the_broad_definition_explains_an_open_list() -> None:
    outcome = classify(death("promethazine ethanol"), CATALOGUE).nl_broad
    assert outcome.en == "Cannot be told for promethazine: the list is still to be confirmed."


def test_a_metabolite_beside_its_parent_counts_by_its_role_and_warns() -> None:
    def codes_of(found: Classification) -> list[str]:
        return [warning.code for warning in found.warnings]

    apart = classify(death("heroin morphine:metabolite_or_adulterant"), CATALOGUE)
    assert (apart.polydrug_count, codes_of(apart)) == (1, [])
    both_counted = classify(death("mdma mda"), CATALOGUE)
    assert (both_counted.polydrug_count, codes_of(both_counted)) == (2, ["METABOLITE_COUNTED"])


def test_the_outcomes_carry_version_and_basis() -> None:
    coded, suggested = death("heroin", ucod="X42", t_codes="T40.1"), death("heroin")
    for facts, basis in ((coded, "coded"), (suggested, "suggested")):
        found = classify(facts, CATALOGUE)
        for outcome in (found.sel_b, found.sel_d, found.nl_broad):
            assert (outcome.rule_version, outcome.basis) == ("1", basis)


@given(deaths())
def test_selection_d_asks_all_that_the_broad_definition_asks(facts: CaseFacts) -> None:
    """Every group of the list of D is psychoactive, so a yes for D is a yes for the broad definition."""
    sel_d, broad = both(facts)
    if sel_d == "yes":
        assert broad == "yes"
