"""The return to the EU drugs agency: every number is one of a published cell, and what has no place is told."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from register.coding import catalogue
from register.disclosure import Policy
from register.reporting import formats
from register.reporting.euda import method
from register.reporting.euda.figures import NOT_PUBLISHED, SUPPRESSED, Counts, Figures
from register.reporting.euda.mapping import Mapping, UnmappedError
from register.reporting.euda.people import ByPeople
from register.reporting.euda.template import CURRENT, template
from register.reporting.euda.workbook import workbook_file
from register.reporting.formats import Cube
from register.reporting.profiles import Profile
from register.reporting.protect import protected_release
from register.reporting.published import Released
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of
from tests.unit.reporting.published_files import DEATHS, table_files

GROUPS = {one.code: one.euda_group for one in catalogue.load().substances.values() if one.euda_group}
WHEN = datetime(2018, 7, 1, 10, tzinfo=UTC)
RELEASED = Released(
    id="2016-2017-nl-broad-d1",
    title="Drugssterfte 2016-2017",
    status="final",
    definition="nl_broad",
    period_from=2016,
    period_to=2017,
    cut_off=WHEN,
    published_at=WHEN,
    threshold=5,
    rule_version="1",
    supersedes="",
    tox_completeness=90,
    note="",
    retraction_reason="",
    manifest_sha256="",
    public=False,
    files=(),
)


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, bytes]]:
    return table_files()


@pytest.fixture(scope="module")
def tables(files: dict[str, dict[str, bytes]]) -> dict[str, Figures]:
    return {name: Figures(Cube.of(json.loads(found["json"]))) for name, found in files.items()}


@pytest.fixture(scope="module")
def mapping(tables: dict[str, Figures]) -> Mapping:
    return Mapping.of(tables["substance"], GROUPS, {}, template(CURRENT))


@pytest.fixture(scope="module")
def book(tables: dict[str, Figures], mapping: Mapping) -> Any:
    body = workbook_file(RELEASED, tables, mapping, template(CURRENT))
    assert body == workbook_file(RELEASED, tables, mapping, template(CURRENT)), "the same cells give the same bytes"
    return openpyxl.load_workbook(io.BytesIO(body))


def _lines(sheet: Any, part: str) -> dict[str, list[Any]]:
    """The lines of one part of a sheet by their code."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if str(row[0] or "").startswith(f"{part}. ")) + 2
    found = {}
    for row in rows[start:]:
        if row[1] is None:
            break
        found[str(row[1])] = [value for value in row[2:] if value is not None]
    return found


def _cells(files: dict[str, dict[str, bytes]], table: str, *names: str) -> dict[tuple[str, ...], Any]:
    """The published cells of a table as the workbook shows them."""
    cells = json.loads(files[table]["json"])["cells"]
    signs = {"Q": SUPPRESSED, "M": "[z]"}
    return {tuple(cell[name] for name in names): signs.get(cell["obs_status"], cell["obs_value"]) for cell in cells}


def test_the_people_of_each_year_are_those_of_the_tables(files: dict[str, dict[str, bytes]], book: Any) -> None:
    by_sex = _cells(files, "definition-sex", "time_period", "definition", "sex")
    by_age = _cells(files, "age-euda-sex", "time_period", "age_band_euda", "sex")
    sexes = ("_T", "male", "female", "other", "_U")
    for year in ("2016", "2017"):
        sheet = book[f"ST5 {year}"]
        for code, values in _lines(sheet, "A").items():
            assert values == [by_sex[year, code, sex] for sex in sexes]
        bands = _lines(sheet, "B")
        assert len(bands) == 14
        for code, values in bands.items():
            assert values == [by_age[year, code, sex] for sex in sexes]
    assert SUPPRESSED in by_age.values()
    trend = _lines(book["ST6"], "A")
    assert trend["nl_broad / male"] == [by_sex[year, "nl_broad", "male"] for year in ("2016", "2017")]


def test_intent_and_toxicology_are_those_of_the_tables(files: dict[str, dict[str, bytes]], book: Any) -> None:
    intents = _cells(files, "intent-sex", "time_period", "intent", "sex")
    known = _cells(files, "toxicology-sex", "time_period", "toxicology_known", "sex")
    sexes = ("_T", "male", "female", "other", "_U")
    states = _cells(files, "toxicology", "time_period", "tox", "measure")
    for code, values in _lines(book["ST5 2016"], "C").items():
        assert values == [intents["2016", code, sex] for sex in sexes]
    for code, values in _lines(book["ST5 2016"], "L").items():
        assert values == [known["2016", code, sex] for sex in sexes]
    for code, values in _lines(book["ST5 2016"], "D").items():
        assert values == [states["2016", code, "deaths"]]


def test_each_line_of_substances_is_a_published_cell_or_says_why_it_is_none(
    files: dict[str, dict[str, bytes]], book: Any
) -> None:
    published = {
        "group": _cells(files, "group", "time_period", "group", "measure"),
        "substance": _cells(files, "substance", "time_period", "substance", "measure"),
        "euda-group": _cells(files, "euda-group", "time_period", "euda_group", "measure"),
        "substances-number": _cells(files, "substances-number", "time_period", "number", "measure"),
    }
    for year in ("2016", "2017"):
        lines = _lines(book[f"ST5 {year}"], "E")
        assert list(lines) == [line.code for line in template(CURRENT).lines]
        for value, least, most, source in lines.values():
            if source not in ("–", "published zeros"):
                table, code, measure = source.split(" / ")
                assert value == published[table][year, code, measure]
            else:
                assert value in (0, NOT_PUBLISHED)
            assert isinstance(value, int) or value in (SUPPRESSED, NOT_PUBLISHED)
            assert not isinstance(value, int) or value == least == most
    lines = _lines(book["ST5 2016"], "E")
    assert lines["heroin"][0] == lines["any_opioid"][0] == lines["opioids_only"][0] == 40
    assert lines["cocaine"][3] == "group / cocaine / any"
    assert lines["methadone"][0] == 0
    assert lines["mdma"][0] == SUPPRESSED, "three deaths"
    assert lines["polydrug"][0] == SUPPRESSED, "the same three deaths"
    trend = _lines(book["ST6"], "C")["cocaine"]
    assert trend == [published["group"][year, "cocaine", "any"] for year in ("2016", "2017")]


def test_the_mean_age_is_that_of_its_table(files: dict[str, dict[str, bytes]], book: Any) -> None:
    means = _cells(files, "age-mean", "time_period", "sex")
    for sex in ("_T", "male", "female"):
        for year in ("2016", "2017"):
            assert _lines(book[f"ST5 {year}"], "F")[sex] == [means[year, sex]]
        assert _lines(book["ST6"], "D")[sex] == [means[year, sex] for year in ("2016", "2017")]
    assert means["2017", "_T"] == 35, "twenty deaths of 25 to 44 years: 34.5"
    assert means["2016", "female"] == 31, "twelve of 33 and three of 22 years: 30.8"


def test_substances_by_sex_and_by_age_are_the_cells_that_count_exactly_them(
    files: dict[str, dict[str, bytes]], book: Any
) -> None:
    by_sex = _cells(files, "sex-group", "time_period", "sex", "group")
    agency = _cells(files, "euda-group-sex", "time_period", "euda_group", "sex", "measure")
    of_agency = {at[:3]: value for at, value in agency.items() if at[3] == "any"}
    by_age = _cells(files, "age-ndm-group", "time_period", "age_band_ndm", "group")
    sexes = ("_T", "male", "female", "other", "_U")
    people, ages = _lines(book["ST5 2016"], "G"), _lines(book["ST5 2016"], "H")
    assert list(people) == list(ages) == [line.code for line in template(CURRENT).lines]
    assert people["any_opioid"] == [by_sex["2016", sex, "opioid"] for sex in sexes] == [40, 40, 0, 0, 0]
    assert people["cocaine"] == [of_agency["2016", "euda.cocaine", sex] for sex in sexes]
    assert people["mdma"] == [of_agency["2016", "euda.mdma", sex] for sex in sexes]
    assert people["mdma"][2] == SUPPRESSED, "three women"
    assert people["methadone"] == [0] * 5, "nobody"
    assert ages["any_opioid"] == [by_age["2016", band, "opioid"] for band in dict.fromkeys(at[1] for at in by_age)]
    assert [value for value in ages["any_opioid"] if isinstance(value, int)]
    number = _cells(files, "substances-number-sex", "time_period", "number", "sex")
    assert people["polydrug"] == [number["2016", "several", sex] for sex in sexes]
    assert people["opioids_only"][1:] == [agency["2016", "opioid", sex, "sole"] for sex in sexes[1:]]
    aged = _cells(files, "substances-number-age", "time_period", "number", "age_band_ndm")
    bands = list(dict.fromkeys(at[2] for at in aged))
    assert ages["polydrug"] == [aged["2016", "several", band] for band in bands]
    assert SUPPRESSED in ages["polydrug"], "the same three, in a band"
    for told in (ages["mdma"], ages["opioids_only"]):
        assert set(told[1:]) == {NOT_PUBLISHED}
    totals = _lines(book["ST5 2016"], "E")
    for code, (total, *_) in totals.items():
        assert people[code][0] == ages[code][0] == total


def test_main_groups_by_sex_and_by_age_are_the_cells_that_count_each_death_once(
    files: dict[str, dict[str, bytes]], book: Any
) -> None:
    by_sex = _cells(files, "sex-group", "time_period", "group", "sex")
    by_age = _cells(files, "age-ndm-group", "time_period", "group", "age_band_ndm")
    for year in ("2016", "2017"):
        for letter, published in (("I", by_sex), ("J", by_age)):
            lines = _lines(book[f"ST5 {year}"], letter)
            assert list(lines)[:2] == ["_T", "opioid"]
            for group, values in lines.items():
                at = [key for key in published if key[:2] == (year, group)]
                assert values == [published[key] for key in at]


def test_substances_among_known_toxicology_are_cells_that_count_exactly_them(
    files: dict[str, dict[str, bytes]], book: Any
) -> None:
    of_agency = _cells(files, "euda-group-toxicology", "time_period", "euda_group", "toxicology_known", "measure")
    number = _cells(files, "substances-number-toxicology", "time_period", "number", "toxicology_known")
    states = ("final", "not_final", "_T")
    for year in ("2016", "2017"):
        lines, totals = _lines(book[f"ST5 {year}"], "K"), _lines(book[f"ST5 {year}"], "E")
        assert list(lines) == ["_T", *totals]
        assert lines["_T"] == [number[year, "_T", state] for state in states]
        for code, (total, *_) in totals.items():
            assert lines[code][2] == total
    lines = _lines(book["ST5 2016"], "K")
    assert lines["any_opioid"] == [of_agency["2016", "opioid", state, "any"] for state in states] == [40, 0, 40]
    assert lines["opioids_only"][0] == of_agency["2016", "opioid", "final", "sole"]
    assert lines["cocaine"][:2] == [of_agency["2016", "euda.cocaine", state, "any"] for state in states[:2]]
    assert lines["polydrug"][:2] == [number["2016", "several", state] for state in states[:2]]
    assert lines["methadone"] == [0, 0, 0], "nobody"


def test_the_method_tells_the_rates_of_toxicology_and_of_autopsies_from_published_cells(mapping: Mapping) -> None:
    deaths = [*DEATHS, *(death("ketamine", year=2017, tox="requested") for _ in range(5))]
    tallied = [("autopsy", "nl_broad", 2016, "yes", 10), ("autopsy", "nl_broad", 2016, "no", 30)]
    made = protected_release(
        extract_of(deaths, tallies=[*tallied, ("autopsy", "nl_broad", 2017, "yes", 3)]),
        definition="nl_broad",
        years=YEARS,
        policy=Policy(threshold=5),
    )
    about = replace(ABOUT, rules=Profile(dominant=90, waived=("group",), reason="Published elsewhere").facts())
    published = {name: formats.files(table, about)["json"] for name, table in made.tables.items()}
    found = {name: Figures(Cube.of(json.loads(body))) for name, body in published.items()}
    book = openpyxl.load_workbook(io.BytesIO(workbook_file(RELEASED, found, mapping, template(CURRENT))))
    rows = [(str(row[0].value), str(row[1].value)) for row in book["Method"].iter_rows()]
    told = dict(rows)
    assert told["Toxicology rate by sex"] == (
        "2016: male 100.0 % (40 of 40), female 100.0 % (15 of 15); 2017: male 80.0 % (20 of 25)"
    )
    assert told["Reports decided"] == "100% of the cases of the period"
    assert [text.split(" ")[0] for name, text in rows if name == "Rule"] == ["Counts", "Small"]
    assert told["Toxicology rate"] == (
        "2016: 100.0 % of the deaths have a final result (55 of 55); "
        "2017: 80.0 % of the deaths have a final result (20 of 25)"
    )
    first, second = told["Autopsy rate"].split("; 2017")
    assert first == (
        "2016: 25.0 % of the deaths of which it is known had a forensic or clinical autopsy "
        "(10 of 40; 55 deaths in all)"
    )
    assert "[c] % of the deaths" in second
    assert told["Changes"] == "nothing is told with this release"


def test_where_nobody_had_it_nobody_of_any_sex_or_age_had_it(tables: dict[str, Figures]) -> None:
    counts = Counts(tables["group"], tables["substance"], "2017", number=tables["substances-number"])
    by_sex = ByPeople(counts, "sex", tables["sex-group"].codes("sex"), tables["sex-group"])
    assert counts.line((), "several").value == 0, "each of the twenty had one substance"
    assert by_sex.line((), "several") == [0] * 5


def test_a_release_from_before_these_tables_has_a_workbook_without_them(
    tables: dict[str, Figures], mapping: Mapping
) -> None:
    further = ("sex-group", "age-ndm-group", "euda-group-sex", "euda-group-toxicology", "autopsy")
    further += ("substances-number-sex", "intent-sex", "toxicology-sex")
    older = {name: found for name, found in tables.items() if name not in further}
    book = openpyxl.load_workbook(io.BytesIO(workbook_file(RELEASED, older, mapping, template(CURRENT))))
    titles = [str(row[0].value or "") for row in book["ST5 2016"].iter_rows()]
    assert [title[:2] for title in titles if title[1:3] == ". "] == ["A.", "B.", "C.", "D.", "E.", "F."]
    told = [str(row[1].value) for row in book["Method"].iter_rows() if row[0].value == "Not published"]
    assert told == ["substances by age and sex, mean age by sex, autopsies"]


def test_what_is_not_published_follows_from_what_is(tables: dict[str, Figures], mapping: Mapping) -> None:
    before = {name: table for name, table in tables.items() if name != "substances-number-age"}
    for chosen, untold in ((tables, "opioids only by age"), (before, "opioids only and polydrug by age")):
        lines = dict(method.lines(RELEASED, chosen, mapping, template(CURRENT)))
        assert lines["Not published"] == f"substances by age and sex at once, {untold}"


def test_a_group_of_the_agency_is_the_cell_that_counts_exactly_its_substances() -> None:
    """Two medicines of two groups of the register, which the agency counts as one: the release counts it so as well."""
    group = _figures("group", [("_T", ""), ("a", "_T"), ("b", "_T")], {"_T": 30, "a": 12, "b": 9})
    substance = _figures("substance", [("_T", ""), ("x", "a"), ("y", "b")], {"_T": 30, "x": 12, "y": 9})
    euda = _figures("euda_group", [("_T", ""), ("euda.m", "_T"), ("x", "euda.m"), ("y", "euda.m")], {"euda.m": 17})
    line = Counts(group, substance, "2016", euda=euda).line({"x", "y"}, "any")
    assert (line.value, line.source) == (17, "euda-group / euda.m / any")
    line = Counts(group, substance, "2016", euda=euda).line({"x"}, "any")
    assert (line.value, line.source) == (12, "group / a / any"), "another mapping than the release was made with"


def test_what_no_cell_counts_is_no_number_but_two_bounds_that_follow_from_cells() -> None:
    """Two medicines with overlapping deaths: their group has no cell of its own."""
    group = _figures("group", [("_T", ""), ("a", "_T"), ("b", "_T")], {"_T": 30, "a": 12, "b": 9})
    substance = _figures("substance", [("_T", ""), ("x", "a"), ("y", "b"), ("z", "b")], {"_T": 30, "x": 12, "y": 9})
    line = Counts(group, substance, "2016").line({"x", "y"}, "any")
    assert (line.value, line.least, line.most, line.source) == (NOT_PUBLISHED, 12, 21, "")
    hidden = _figures("substance", [("_T", ""), ("x", "a"), ("y", "b"), ("z", "b")], {"_T": 30, "x": 12}, hides="y")
    group = _figures("group", [("_T", ""), ("a", "_T"), ("b", "_T")], {"_T": 30, "a": 12}, hides="b")
    line = Counts(group, hidden, "2016").line({"y"}, "any")
    assert (line.value, line.least, line.most) == (SUPPRESSED, 0, 30)


def _figures(name: str, codes: list[tuple[str, str]], values: dict[str, int], hides: str = "") -> Figures:
    """A small published table; what has no value is a true zero, but for what it hides."""
    listed = [{"code": code, "label": {"nl": code, "en": code}, "parent": parent} for code, parent in codes]
    cells = [
        {
            "time_period": "2016",
            name: code,
            "measure": "any",
            "obs_value": None if code == hides else values.get(code, 0),
            "obs_status": "Q" if code == hides else "A",
            "conf_status": "C" if code == hides else "F",
        }
        for code, _ in codes
    ]
    measure = {"code": "any", "label": {"nl": "elke", "en": "any"}}
    table = {"dimensions": [{"name": name, "label": {"nl": name, "en": name}, "codes": listed}], "measures": [measure]}
    return Figures(Cube.of({"release": {}, "table": table, "cells": cells}))


def test_everything_without_a_place_is_listed_at_once(tables: dict[str, Figures]) -> None:
    groups = {code: group for code, group in GROUPS.items() if code not in ("heroin", "mdma")}
    groups["ketamine"] = "dissociatives"
    with pytest.raises(UnmappedError) as refused:
        Mapping.of(tables["substance"], groups, {"dissociatives": "Dissociatives"}, template(CURRENT))
    assert [(one.kind, one.code) for one in refused.value.unmapped] == [
        ("substance", "heroin"),
        ("substance", "mdma"),
        ("group", "dissociatives"),
    ]
    assert {one.en for one in refused.value.unmapped} == {"heroin", "MDMA", "Dissociatives"}


def test_the_shipped_vocabulary_has_a_place_for_every_substance_and_another_mapping_another_version(
    tables: dict[str, Figures], mapping: Mapping
) -> None:
    assert set(GROUPS.values()) <= template(CURRENT).groups
    other = Mapping.of(tables["substance"], {**GROUPS, "kratom": "opioid_other"}, {}, template(CURRENT))
    assert other.version != mapping.version
