"""What files say of their release in words: definition, years, cut-off, rules and completeness, wherever words fit."""

import dataclasses
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.disclosure import Policy
from register.reporting import codelists, formats, items
from register.reporting.formats import said
from register.reporting.formats.odata import entity_sets
from register.reporting.profiles import ALIKE, DOMINANT, WAIVABLE, Profile
from register.reporting.protect import protected_release
from register.reporting.tables import designs
from tests.unit.reporting.deaths import ABOUT, YEARS, extract_of
from tests.unit.reporting.published_files import DEATHS, FACTS, POPULATION

RULES = Profile(alike=1, dominant=90, waived=("definition-sex",), reason="Staat al vast.").facts()
RULED = dataclasses.replace(ABOUT, rules=RULES)
OLDER = dataclasses.replace(RULED, extract_format=0)
IN_DUTCH = ("alle op 1 na", "meer dan 90 procent", "Staat al vast.")
IN_ENGLISH = ("all but 1", "more than 90 per cent", "Staat al vast.")

profiles = st.builds(
    Profile,
    alike=st.none() | st.sampled_from(list(ALIKE)),
    dominant=st.none() | st.sampled_from(DOMINANT),
    waived=st.lists(st.sampled_from(WAIVABLE), unique=True).map(tuple),
    reason=st.just("Staat al vast."),
)


def _files(about: formats.About, table: str = "definition-sex") -> dict[str, str]:
    made = protected_release(extract_of(DEATHS), definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    return {key: body.decode() for key, body in formats.files(made.tables[table], about).items()}


def _whole(about: formats.About, files: dict[str, str]) -> dict[str, bytes]:
    at_publication = ("cutoff", "publishedAt", "supersedes", "notes")
    facts = {**formats.release_facts(about), **{name: FACTS[name] for name in at_publication}}
    tables = {"definition-sex": {key: body.encode() for key, body in files.items()}}
    return {formats.file_name(one.name, one.key): one.body for one in formats.files_of_release(tables, facts)}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return _files(RULED)


@pytest.mark.parametrize("key", ["jsonstat", "sdmxjson", "csvw"])
def test_every_form_of_a_table_that_has_room_for_words_says_the_rules(files: dict[str, str], key: str) -> None:
    assert all(words in files[key] for words in IN_DUTCH)


def test_the_registers_own_json_and_json_stat_hold_the_rules_as_the_manifest_does(files: dict[str, str]) -> None:
    assert json.loads(files["json"])["release"]["rules"] == RULES
    assert json.loads(files["jsonstat"])["extension"]["release"]["rules"] == RULES


def test_sdmx_json_says_the_rules_as_one_attribute_in_both_languages(files: dict[str, str]) -> None:
    message = json.loads(files["sdmxjson"])["data"]
    attributes = message["structures"][0]["attributes"]["dataSet"]
    held = message["dataSets"][0]["attributes"]
    assert len(attributes) == len(held)
    (told,) = attributes[-1]["values"]
    assert (attributes[-1]["id"], held[-1]) == ("RULES", 0)
    assert all(words in told["names"]["en"] for words in IN_ENGLISH)
    usual = json.loads(_files(ABOUT)["sdmxjson"])["data"]["structures"][0]["attributes"]["dataSet"]
    assert "RULES" not in [one["id"] for one in usual]


def test_every_file_about_the_whole_release_says_the_rules(files: dict[str, str]) -> None:
    whole = _whole(RULED, files)
    for name in ("datapackage.json", "codebook.json", "codebook.html", "codebook.csv"):
        assert b"Staat al vast." in whole[name], name
    for name in ("codebook.html", "codebook.csv"):
        assert all(words in whole[name].decode() for words in (*IN_DUTCH, *IN_ENGLISH)), name


def test_the_description_of_a_csv_says_definition_rule_version_cut_off_and_completeness(files: dict[str, str]) -> None:
    told = json.loads(files["csvw"])["dc:provenance"]
    for words in (
        "Brede nationale definitie",
        "2016 tot en met 2017",
        "Peildatum: 1 juni 2018.",
        "Versie van de regels: 1.",
        "100% van de zaken van de periode",
        "90% van de getelde sterfgevallen",
        "Kleinste aantal dat wordt getoond: 5.",
    ):
        assert words in told
    package = json.loads(_whole(RULED, files)["datapackage.json"])
    assert told in package["description"]
    assert package["release"]["ruleVersion"] == "1"


def test_the_open_data_service_says_it_too(files: dict[str, str]) -> None:
    cube = formats.Cube.of(json.loads(files["json"]))
    (info,) = entity_sets(cube, "definition-sex")["TableInfos"]
    assert all(words in info["Description"] for words in (*IN_DUTCH, "Peildatum: 1 juni 2018.", "100% van de zaken"))


def test_a_release_of_before_keeps_the_files_that_it_had() -> None:
    files = _files(OLDER)
    for key in ("csvw", "sdmxjson"):
        assert "Staat al vast." not in files[key]
    assert "extractFormat" not in files["json"]
    assert len(json.loads(files["jsonstat"])["note"]) == 2
    whole = _whole(OLDER, files)
    assert b"release" not in whole["codebook.csv"].split(b"\r\n")[1]
    assert "release" not in json.loads(whole["datapackage.json"])


@given(profiles)
def test_every_rule_is_a_sentence_in_each_language_and_none_is_left_out(profile: Profile) -> None:
    told = said.rules(profile.facts())
    asked = (profile.alike is not None) + (profile.dominant is not None) + len(profile.waived)
    assert len(told) == asked
    assert all(one.nl.endswith(".") and one.en.endswith(".") and one.nl != one.en for one in told)
    facts: dict[str, Any] = {**FACTS, "rules": profile.facts()}
    assert all(one.nl.removesuffix(".") in said.in_one(facts).nl for one in told)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_in_words_is_that_day(day: date) -> None:
    told = codelists.day(day.isoformat())
    months = {nl: number for number, (nl, _) in enumerate(codelists.MONTHS, 1)}
    number, month, year = told.nl.split(" ")
    assert date(int(year), months[month], int(number)) == day
    assert told.en == f"{day.day} {day:%B} {day.year}"


def test_a_moment_in_words_is_by_the_clock_of_the_register() -> None:
    assert said.moment("2018-07-01T22:30:00Z").nl == "2 juli 2018, 00:30"
    assert said.moment("2018-12-31T10:00:00Z").en == "31 December 2018, 11:00"


def test_every_answer_of_an_item_names_what_was_asked_and_in_an_older_release_as_it_did() -> None:
    for item in items.every():
        assert all(one.nl.startswith(f"{item.nl}: ") and one.en.startswith(f"{item.en}: ") for one in item.codes())
    extract = extract_of([], population=POPULATION)
    older = dataclasses.replace(extract, format=4)
    now, before = ({one.name: one for one in designs(each)} for each in (extract, older))
    labels = [{code.code: code.nl for code in each["circumstances"].columns[0].codes} for each in (now, before)]
    assert [each["used_alone._U"] for each in labels] == ["Alleen bij gebruik: onbekend", "Onbekend"]
    assert [each["rate-area"].adding.code for each in (now, before)] == ["rates", "not_counts"]
    assert before["rate-area"].columns[-1].codes[0].nl.endswith(", 2017-05-03 (demonstratiecijfers)")
