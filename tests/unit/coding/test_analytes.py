"""What a laboratory found: names, families, hints, proposals and what became of a suspicion."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding.analytes import Analyte, families, relation_of
from register.coding.catalogue import load
from register.coding.finding_proposals import Concluded, Suspected, proposals
from register.coding.laboratory_names import Status, recognise
from register.coding.suspicions import COVERED_BY, Toxicology, outcome
from register.coding.toxicology_hints import hints, table
from register.quality import value_sets

CATALOGUE = load()


def found(name: str, result: str = "detected", **more: object) -> Analyte:
    """A result under this name, linked as a laboratory's name is."""
    return Analyte(name, name, recognise(name, CATALOGUE).code, result, **more)  # type: ignore[arg-type]


def read(*names: str) -> dict[str, list[str]]:
    """The families of these results: substance, or the words of the report, and the names under it."""
    grouped = families([found(name) for name in names], CATALOGUE)
    return {one.parent or one.name: [member.analyte.key for member in one.members] for one in grouped}


@pytest.mark.parametrize(
    ("name", "status", "codes"),
    [
        ("MDMA", Status.RECOGNISED, ["mdma"]),
        ("cocaine", Status.RECOGNISED, ["cocaine"]),
        ("morfine (vrij)", Status.RECOGNISED, ["morphine"]),
        ("THC totaal", Status.RECOGNISED, ["cannabis"]),
        ("6-MAM", Status.RECOGNISED, []),
        ("cocaethyleen", Status.RECOGNISED, []),
        ("oxy", Status.CHOICE, ["oxycodone", "oxymorphone"]),
        ("dex", Status.CHOICE, ["dexamfetamine", "dextromethorphan"]),
        ("nep-Xanax", Status.CHOICE, ["bromazolam", "flualprazolam"]),
        ("oxazepm", Status.CHOICE, ["oxazepam"]),
        ("N-pyrrolidino X", Status.UNKNOWN, []),
        ("", Status.UNKNOWN, []),
    ],
)
def test_a_name_is_taken_when_it_means_one_thing_and_put_to_a_person_when_not(
    name: str, status: Status, codes: list[str]
) -> None:
    known = recognise(name, CATALOGUE)
    assert known.status is status
    assert ([known.code] if known.code else [match.code for match in known.candidates][: len(codes)]) == codes


def test_metabolites_stand_under_their_parent_and_add_no_substance() -> None:
    assert read("morfine", "6-MAM", "codeïne") == {"heroin": ["morfine", "6-MAM", "codeïne"]}
    assert read("MDA", "MDMA") == {"mdma": ["MDMA", "MDA"]}
    assert read("oxazepam", "temazepam", "diazepam", "nordazepam") == {
        "diazepam": ["diazepam", "oxazepam", "temazepam", "nordazepam"]
    }
    assert read("cocaethyleen", "benzoylecgonine") == {"cocaine": ["cocaethyleen", "benzoylecgonine"]}


def test_what_may_have_been_taken_by_itself_stands_alone_without_its_parent() -> None:
    assert read("morfine", "codeïne") == {"morphine": ["morfine"], "codeine": ["codeïne"]}
    assert read("MDA") == {"mda": ["MDA"]}
    assert read("nordazepam") == {"nordazepam": ["nordazepam"]}


def test_a_metabolite_that_was_not_found_proves_nothing() -> None:
    report = [found("6-MAM", "not_detected"), found("morfine")]
    assert [(one.parent, one.present) for one in families(report, CATALOGUE)] == [("heroin", False), ("morphine", True)]


@given(
    st.lists(
        st.sampled_from([*CATALOGUE.substances, "6-MAM", "EDDP", "EtG", "4-ANPP", "norketamine", "X"]), max_size=12
    )
)
def test_every_result_stands_in_one_family_and_once(names: list[str]) -> None:
    report = [
        Analyte(str(at), name, name if name in CATALOGUE.substances else None, "detected")
        for at, name in enumerate(names)
    ]
    members = [member.analyte.key for one in families(report, CATALOGUE) for member in one.members]
    assert sorted(members) == sorted(analyte.key for analyte in report)


@pytest.mark.parametrize(
    ("names", "about", "expected"),
    [
        (["6-MAM"], "6-MAM", "six_mam"),
        (["6-acetylmorphine"], "6-acetylmorphine", "six_mam"),
        (["morfine"], "morfine", "morphine_alone"),
        (["morfine", "codeïne"], "codeïne", "codeine_with_morphine"),
        (["cocaethyleen"], "cocaethyleen", "cocaethylene"),
        (["benzoylecgonine"], "benzoylecgonine", "benzoylecgonine_alone"),
        (["MDA", "MDMA"], "MDA", "mda_with_mdma"),
        (["GHB"], "GHB", "ghb"),
        (["ethanol"], "ethanol", "ethanol"),
        (["ethanol", "EtG"], "ethanol", "ethanol_taken"),
        (["ketamine"], "ketamine", "ketamine"),
        (["midazolam"], "midazolam", "midazolam"),
        (["lidocaïne"], "lidocaïne", "lidocaine"),
        (["naloxon"], "naloxon", "naloxone"),
        (["oxazepam", "diazepam"], "oxazepam", "oxazepam_with_diazepam"),
        (["4-ANPP"], "4-ANPP", "four_anpp"),
        (["levamisol"], "levamisol", "levamisole"),
        (["alprazolam"], "alprazolam", "alprazolam"),
        (["norfentanyl"], "norfentanyl", "norfentanyl"),
    ],
)
def test_a_trap_gives_a_hint_with_its_reason(names: list[str], about: str, expected: str) -> None:
    report = [found(name) for name in names]
    own = next(one for one in report if one.key == about)
    assert expected in [hint.id for hint in hints(own, report, CATALOGUE)]


@pytest.mark.parametrize(
    ("names", "about", "silent"),
    [
        (["morfine", "6-MAM"], "morfine", "morphine_alone"),
        (["benzoylecgonine", "cocaïne"], "benzoylecgonine", "benzoylecgonine_alone"),
        (["MDA"], "MDA", "mda_with_mdma"),
        (["ethanol", "EtG"], "ethanol", "ethanol"),
    ],
)
def test_a_hint_is_silent_where_the_report_answers_it(names: list[str], about: str, silent: str) -> None:
    report = [found(name) for name in names]
    own = next(one for one in report if one.key == about)
    assert silent not in [hint.id for hint in hints(own, report, CATALOGUE)]


def test_a_low_level_of_ghb_in_blood_is_no_proof() -> None:
    def said(value: int, matrix: str) -> list[str]:
        own = found("GHB", value=Decimal(value), unit="ug_l", matrix=matrix)
        return [hint.id for hint in hints(own, [own], CATALOGUE)]

    assert "ghb_low" in said(12_000, "blood_femoral")
    assert "ghb_low" not in said(120_000, "blood_femoral")
    assert "ghb_low" not in said(12_000, "urine")
    assert "heart_blood" in said(120_000, "blood_heart")


def test_not_detected_outside_the_scope_is_not_absent() -> None:
    own = found("isotonitazeen", "not_detected", scope=["screen_broad"])
    assert [hint.id for hint in hints(own, [own], CATALOGUE)] == ["nitazenes_not_in_scope"]
    looked_for = found("isotonitazeen", "not_detected", scope=["nitazenes"])
    assert hints(looked_for, [looked_for], CATALOGUE) == ()


def test_every_line_of_the_table_of_hints_speaks_of_something_known_in_two_languages() -> None:
    lines = table(CATALOGUE)
    assert len({line.id for line in lines}) == len(lines)
    for line in lines:
        known = {line.about, *line.beside, *line.without}
        assert all(
            name in CATALOGUE.substances or name[:1] in "*g" or relation_of(name, CATALOGUE) for name in known
        ), line.id
        assert line.sentence.nl.endswith((".", "?")) and line.sentence.en.endswith((".", "?"))
        assert line.outcome in value_sets.codes("VS-RESULT") and line.matrices <= set(value_sets.codes("VS-MATRIX"))


def proposed(
    report: list[Analyte], suspected: list[Suspected], concluded: list[Concluded]
) -> list[tuple[str, str, str]]:
    """Key, suspicion and conclusion of each proposal."""
    made = proposals(families(report, CATALOGUE), suspected, concluded, CATALOGUE)
    return [
        (one.key, one.suspicion.key if one.suspicion else "", one.finding.key if one.finding else "") for one in made
    ]


def test_what_was_found_is_proposed_once_and_linked_to_what_was_suspected() -> None:
    report = [found("MDMA"), found("MDA"), found("6-MAM"), found("morfine"), found("N-pyrrolidino X")]
    suspected = [
        Suspected("s1", "mdma", "xtc"),
        Suspected("s2", "heroin", "bruin"),
        Suspected("s3", "ketamine", "keta"),
    ]
    assert proposed(report, suspected, []) == [("mdma", "s1", ""), ("heroin", "s2", ""), ("=npyrrolidinox", "", "")]


def test_what_was_concluded_already_gets_the_evidence_and_is_not_doubled() -> None:
    report, suspected = [found("MDMA")], [Suspected("s1", "mdma", "xtc")]
    by_scene = Concluded("f1", "mdma", "xtc", "s1", by_laboratory=False)
    assert proposed(report, suspected, [by_scene]) == [("mdma", "", "f1")]
    by_laboratory = Concluded("f1", "mdma", "MDMA", "s1", by_laboratory=True)
    assert proposed(report, suspected, [by_laboratory]) == []


def test_what_was_not_found_and_what_is_only_a_marker_proposes_nothing() -> None:
    report = [found("ketamine", "not_detected"), found("MDMA", "below_limit"), found("4-ANPP"), found("noscapine")]
    assert proposed(report, [Suspected("s1", "ketamine", "keta")], []) == []


@pytest.mark.parametrize(
    ("code", "report", "settled", "scope", "expected"),
    [
        ("mdma", [found("MDMA")], False, [], "confirmed"),
        ("heroin", [found("6-MAM")], False, [], "confirmed"),
        ("mdma", [found("MDMA", "not_detected")], False, [], "not_detected"),
        ("mdma", [found("MDMA", "below_limit")], False, [], "not_detected"),
        ("mdma", [], False, ["screen_broad"], None),
        ("mdma", [], True, ["screen_broad"], "not_detected"),
        ("mdma", [], True, ["alcohol"], "not_tested"),
        ("mdma", [], True, [], "not_tested"),
        ("isotonitazene", [found("isotonitazeen", "not_detected")], True, ["screen_broad"], "not_tested"),
        ("isotonitazene", [found("isotonitazeen", "not_detected")], True, ["nitazenes"], "not_detected"),
        ("isotonitazene", [], True, ["screen_broad"], "not_tested"),
        ("ghb", [], True, ["ghb"], "not_detected"),
        ("ghb", [found("GHB", "not_tested")], True, ["ghb"], "not_tested"),
        (None, [found("MDMA")], True, ["screen_broad"], None),
    ],
)
def test_a_suspicion_ends_as_confirmed_not_detected_or_not_tested(
    code: str | None, report: list[Analyte], settled: bool, scope: list[str], expected: str | None
) -> None:
    toxicology = Toxicology.of(report, CATALOGUE, settled=settled, scope=scope)
    assert outcome(code, toxicology, set(), CATALOGUE) == expected


def test_a_conclusion_on_other_evidence_confirms_a_suspicion() -> None:
    assert outcome("mdma", Toxicology.of([], CATALOGUE, settled=True), {"mdma"}, CATALOGUE) == "confirmed"


def test_every_scope_of_a_group_is_one_that_a_request_can_name() -> None:
    assert set(COVERED_BY) <= set(CATALOGUE.groups)
    assert {scope for scopes in COVERED_BY.values() for scope in scopes} <= set(value_sets.codes("VS-SCOPE"))
