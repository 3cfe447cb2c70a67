"""The measures any, sole and hierarchical."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding.attribution import attribute
from register.coding.facts import CaseFacts, contributors
from register.coding.settings import Settings
from tests.unit.coding.cases import CATALOGUE, death
from tests.unit.coding.strategies import deaths

SOBER = Settings(alcohol_ignored=True)


@pytest.mark.parametrize(
    ("substances", "primary"),
    [
        ("heroin cocaine mdma ethanol", "opioid"),
        ("cocaine mdma", "cocaine"),
        ("mdma ghb", "stimulant"),
        ("3-mmc diazepam", "stimulant"),
        ("ghb ketamine", "other"),
        ("diazepam:sole_cause", "other"),
        ("ethanol:sole_cause", "other"),
        ("xylazine:sole_cause", "other"),
        ("substance-unknown:sole_cause", "other"),
        ("cocaine heroin:possible_contribution", "cocaine"),
        ("cocaine heroin:metabolite_or_adulterant", "cocaine"),
        ("heroin:possible_contribution", None),
        ("heroin:-", None),
        ("", None),
    ],
)
def test_opioids_come_before_cocaine_before_stimulants_before_the_rest(substances: str, primary: str | None) -> None:
    assert attribute(death(substances), CATALOGUE).primary_group == primary


@pytest.mark.parametrize(
    ("substances", "substance", "group", "class_"),
    [
        ("heroin:sole_cause", "heroin", "opioid-illicit", "opioid"),
        ("heroin cocaine", "heroin", "opioid-illicit", "opioid"),
        ("oxycodone:joint_cause heroin:joint_cause::certain", "heroin", "opioid-illicit", "opioid"),
        ("oxycodone:sole_cause heroin:joint_cause", "oxycodone", "opioid-rx", "opioid"),
        ("diazepam ghb ethanol", "ghb", "ghb", "other"),
        ("diazepam ethanol", "diazepam", "benzo-rx", "medicine"),
        ("ethanol substance-unknown", "ethanol", "alcohol", "alcohol"),
    ],
)
def test_the_hierarchical_measure_names_one_thing_at_each_level(
    substances: str, substance: str, group: str, class_: str
) -> None:
    found = attribute(death(substances), CATALOGUE)
    levels = found.hierarchical_substance, found.hierarchical_group, found.hierarchical_class
    assert levels == (substance, group, class_)


def test_any_counts_every_contributing_substance_group_and_class() -> None:
    found = attribute(
        death("heroin oxycodone diazepam ethanol cocaine:possible_contribution ghb:therapeutic"), CATALOGUE
    )
    assert found.any_substances == {"heroin", "oxycodone", "diazepam", "ethanol"}
    assert found.any_groups == {"opioid-illicit", "opioid-rx", "benzo-rx", "alcohol"}
    assert found.any_classes == {"opioid", "medicine", "alcohol"}
    assert found.any_primary == {"opioid", "other"}
    assert found.polydrug_count == 4
    assert found.groups_involved == ("opioid-illicit", "opioid-rx", "benzo-rx", "alcohol")


def test_possible_contributions_count_in_any_alone_and_only_when_the_release_says_so() -> None:
    facts = death("heroin cocaine:possible_contribution mdma:undeterminable")
    silent, counting = attribute(facts, CATALOGUE), attribute(facts, CATALOGUE, Settings(count_possible=True))
    assert silent.any_substances == {"heroin"}
    assert counting.any_substances == {"heroin", "cocaine"}
    assert counting.any_groups == {"opioid-illicit", "cocaine"}
    assert (counting.sole_substance, counting.polydrug_count) == ("heroin", 1)
    assert (silent.possible_counted, counting.possible_counted) == (False, True)


@pytest.mark.parametrize(
    ("substances", "strict", "sober"),
    [
        ("heroin:sole_cause", ("heroin", "opioid-illicit", "opioid"), ("heroin", "opioid-illicit", "opioid")),
        ("heroin ethanol", (None, None, None), ("heroin", "opioid-illicit", "opioid")),
        ("heroin cocaine", (None, None, None), (None, None, None)),
        ("oxycodone morphine", (None, "opioid-rx", "opioid"), (None, "opioid-rx", "opioid")),
        ("heroin oxycodone ethanol", (None, None, None), (None, None, "opioid")),
        ("ethanol:sole_cause", ("ethanol", "alcohol", "alcohol"), ("ethanol", "alcohol", "alcohol")),
        ("", (None, None, None), (None, None, None)),
    ],
)
def test_sole_is_the_only_contributor_with_alcohol_ignored_or_not(
    substances: str, strict: tuple[str | None, ...], sober: tuple[str | None, ...]
) -> None:
    for settings, expected in ((Settings(), strict), (SOBER, sober)):
        found = attribute(death(substances), CATALOGUE, settings)
        assert (found.sole_substance, found.sole_group, found.sole_class) == expected
        assert found.alcohol_ignored is settings.alcohol_ignored


def test_medicines_and_alcohol_together_are_solely_other_at_the_primary_level() -> None:
    found = attribute(death("diazepam ethanol"), CATALOGUE)
    assert (found.sole_class, found.sole_primary) == (None, "other")


@given(deaths(), st.booleans(), st.booleans())
def test_sole_is_part_of_hierarchical_and_hierarchical_of_any(
    facts: CaseFacts, alcohol_ignored: bool, count_possible: bool
) -> None:
    found = attribute(facts, CATALOGUE, Settings(count_possible=count_possible, alcohol_ignored=alcohol_ignored))
    levels = (
        (found.sole_substance, found.hierarchical_substance, found.any_substances),
        (found.sole_group, found.hierarchical_group, found.any_groups),
        (found.sole_class, found.hierarchical_class, found.any_classes),
        (found.sole_primary, found.primary_group, found.any_primary),
    )
    for sole, hierarchical, any_of_them in levels:
        assert sole is None or sole in any_of_them
        assert hierarchical is None or hierarchical in any_of_them
        if not (alcohol_ignored and found.hierarchical_class == "alcohol"):
            assert sole in (None, hierarchical)
    assert found.sole_primary in (None, found.primary_group)


def test_ignored_alcohol_keeps_its_rank_in_the_hierarchical_measure() -> None:
    found = attribute(death("ethanol xylazine"), CATALOGUE, SOBER)
    assert (found.sole_substance, found.hierarchical_substance) == ("xylazine", "ethanol")
    assert (found.sole_primary, found.primary_group) == ("other", "other")


@given(st.lists(deaths(), max_size=20))
def test_the_hierarchical_measure_counts_each_death_with_a_contributor_once(facts: list[CaseFacts]) -> None:
    found = [attribute(each, CATALOGUE) for each in facts]
    counts = {
        group: sum(f.primary_group == group for f in found) for group in ("opioid", "cocaine", "stimulant", "other")
    }
    assert sum(counts.values()) == sum(bool(contributors(each)) for each in facts)
    opioids = {code for code in CATALOGUE.substances if CATALOGUE.group_of(code).class_ == "opioid"}
    assert counts["opioid"] == sum(any(row.code in opioids for row in contributors(each)) for each in facts)
