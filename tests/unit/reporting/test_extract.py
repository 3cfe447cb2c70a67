"""The frozen extract holds what is counted and nothing that identifies."""

import dataclasses
import json

import pytest

from register.reporting.extract import Death, Inhabitants, Population, from_lines, packed, to_lines, unpacked
from register.reporting.tables import designs
from register.reporting.tabulate import tabulate
from tests.unit.reporting.deaths import YEARS, death, extract_of

IDENTIFYING = {"case", "id", "case_number", "number", "date", "month", "day", "municipality", "reporter", "reference"}


def test_an_extract_read_back_is_the_extract_that_was_written() -> None:
    people = Population("2026-1", "CBS", "2026-03-01", True, (Inhabitants(2016, "male", "Y15T19", "NL", 500_000),))
    extract = extract_of(
        [death("heroin", "cocaine", possible=["diazepam"]), death("mdma", age=-1, sex="_U")],
        tallies=[("month", "nl_broad", 2016, "M05", 1)],
        population=people,
    )
    assert from_lines(to_lines(extract)) == extract


def test_what_no_table_crosses_stands_with_no_death() -> None:
    row = json.loads(
        to_lines(extract_of([death("heroin")], tallies=[("cpr", "nl_broad", 2016, "yes", 1)])).splitlines()[1]
    )
    assert not set(row) & {"month", "cpr", "used_alone", "cbs", "tallies"}


def test_another_order_of_the_groups_is_another_version_of_the_hierarchy() -> None:
    extract = extract_of([death("heroin")])
    groups = dict(extract.catalogue.groups)
    groups["ghb"] = dataclasses.replace(groups["ghb"], rank=2)
    other = dataclasses.replace(extract, catalogue=dataclasses.replace(extract.catalogue, groups=groups))
    assert extract.hierarchy_version() == extract_of([]).hierarchy_version() != other.hierarchy_version()


def test_no_field_of_a_frozen_death_identifies_it() -> None:
    names = {field.name for field in dataclasses.fields(Death)}
    assert not names & IDENTIFYING
    usual, asked = death("heroin"), dataclasses.replace(death("heroin"), service="FS1")
    rows = [json.loads(to_lines(extract_of([one])).splitlines()[1]) for one in (usual, asked)]
    assert [set(row) for row in rows] == [names - {"service"}, names]


def test_the_order_in_which_cases_were_read_leaves_no_trace() -> None:
    one, other = death("heroin", age=30), death("mdma", age=20)
    assert to_lines(extract_of([one, other])) == to_lines(extract_of([other, one]))


def test_packed_lines_come_back_and_a_changed_body_is_refused() -> None:
    lines = to_lines(extract_of([death("heroin")]))
    body, digest = packed(lines)
    assert unpacked(body, digest) == lines
    with pytest.raises(ValueError, match="does not match its hash"):
        unpacked(packed(lines + b"{}\n")[0], digest)


def test_an_older_extract_stays_of_its_format_and_fills_the_tables_it_did() -> None:
    older = dataclasses.replace(extract_of([death("heroin")]), format=3)
    assert from_lines(to_lines(older)) == older
    further = {one.name for one in designs(extract_of([]))} - {one.name for one in designs(older)}
    of_st5 = {"euda-group-toxicology", "substances-number-toxicology", "autopsy"}
    of_st5 |= {"substances-number-sex", "substances-number-age", "intent-sex", "toxicology-sex"}
    assert further == {"sex-group", "age-ndm-group", "euda-group-sex", *of_st5}
    latest = dataclasses.replace(older, format=4)
    assert {one.name for one in designs(extract_of([]))} - {one.name for one in designs(latest)} == of_st5
    parts = tabulate(older, definition="nl_broad", years=YEARS)
    later = ("T4 sex", "T4 age", "T4 people", "T5 EUDA sex", "T4 opioid", "T5 EUDA tox")
    later += ("T13 tox", "T13 sex", "T13 age", "T6 sex")
    assert not [part.name for part in parts if part.name.startswith(later)]


def test_only_the_latest_extract_is_also_counted_by_what_it_tells_two_by_two() -> None:
    latest = extract_of([death("heroin")])
    names = [
        {one.name for one in tabulate(found, definition="nl_broad", years=YEARS)}
        for found in (latest, dataclasses.replace(latest, format=5))
    ]
    assert names[0] - names[1] == {"T5 EUDA sex tox", "T4 opioid sex tox", "T6 opioid people"}
    assert designs(latest) == designs(dataclasses.replace(latest, format=5))


def test_an_extract_of_another_format_is_refused() -> None:
    head, *rest = to_lines(extract_of([])).splitlines(keepends=True)
    other = head.replace(b'"format":6', b'"format":1')
    with pytest.raises(ValueError, match="format 1"):
        from_lines(b"".join([other, *rest]))
