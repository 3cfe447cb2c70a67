"""Counting: each death in each table once, by the measure that the table names."""

from register.coding.settings import Settings
from register.disclosure import Table
from register.reporting import codelists as codes
from register.reporting.extract import Extract
from register.reporting.tabulate import tabulate
from tests.unit.reporting.deaths import YEARS, death, extract_of

DEATHS = [
    death("heroin", definitions=("nl_broad", "sel_b", "sel_d")),
    death("heroin", "cocaine", sex="female", age=19, definitions=("nl_broad", "sel_b", "sel_d")),
    death("oxycodone", "heroin", age=65),
    death("cocaine", "ethanol", year=2017, age=-1),
    death("mdma", year=2017, sex="other", age=14),
    death(year=2017, sex="_U", definitions=("sel_b",)),
]


def _table(number: str, *, measure: str = "", population: str = "nl_broad", extract: Extract | None = None) -> Table:
    parts = tabulate(extract or extract_of(DEATHS), definition="nl_broad", years=YEARS)
    (found,) = [
        part
        for part in parts
        if part.name == number and part.population == population and measure in ("", part.measure)
    ]
    return found


def _count(table: Table, *at: str) -> int:
    return table.filled()[at]


def test_t1_counts_every_definition_by_sex_with_the_unknown_apart() -> None:
    assert _count(_table("T1"), "2016", "_T") == 3
    assert _count(_table("T1", population="sel_b"), "2017", "_U") == 1
    assert _count(_table("T1", population="sel_d"), "2017", "_T") == 0


def test_t2_counts_both_age_schemes_so_that_wide_bands_are_sums_of_narrow_ones() -> None:
    table = _table("T2")
    assert _count(table, "2016", "Y15T19", "female") == 1
    assert _count(table, "2016", "Y15T24", "_T") == 1
    assert _count(table, "2016", "Y_GE65", "male") == 1
    assert _count(table, "2017", "Y_LT15", "other") == 1
    assert _count(table, "2017", "_U", "_T") == 1
    for year in ("2016", "2017"):
        for scheme in (codes.EUDA_BANDS, codes.NDM_BANDS):
            bands = [band.code for band in scheme] + ["_U"]
            assert sum(_count(table, year, band, "_T") for band in bands) == _count(table, year, "_T", "_T")


def test_t3_counts_each_death_once_opioids_first() -> None:
    table = _table("T3")
    assert [_count(table, "2016", code) for code in ("opioid", "cocaine", "_T")] == [3, 0, 3]
    assert [_count(table, "2017", code) for code in ("cocaine", "stimulant", "other", "_T")] == [1, 1, 0, 2]


def test_t4_counts_a_death_under_every_group_it_mentions_and_once_in_each() -> None:
    table = _table("T4", measure="any")
    assert _count(table, "2016", "opioid") == 3
    assert _count(table, "2016", "opioid-illicit") == 3
    assert _count(table, "2016", "opioid-rx") == 1
    assert _count(table, "2016", "cocaine") == 1
    assert _count(table, "2017", "alcohol") == 1
    assert _count(table, "2017", "_T") == 2


def test_t4_counts_as_sole_what_no_other_group_accompanies() -> None:
    table = _table("T4", measure="sole")
    assert _count(table, "2016", "opioid") == 2
    assert _count(table, "2016", "opioid-illicit") == 1
    assert _count(table, "2017", "cocaine") == 0
    assert _count(table, "2017", "stimulant") == 1


def test_alcohol_beside_another_substance_is_ignored_only_when_the_release_says_so() -> None:
    sober = extract_of(DEATHS, Settings(alcohol_ignored=True))
    assert _count(_table("T4", measure="sole", extract=sober), "2017", "cocaine") == 1


def test_t5_counts_every_contributing_substance_and_none_that_only_may_have() -> None:
    extract = extract_of([death("heroin", possible=["diazepam"])])
    table = _table("T5", extract=extract)
    assert _count(table, "2016", "heroin") == 1
    assert _count(table, "2016", "diazepam") == 0


def test_a_death_without_a_contributing_substance_stands_in_the_unknown_row_of_each_table() -> None:
    extract = extract_of([death()])
    for number, measure in (("T3", "hierarchical"), ("T4", "any"), ("T5", "any")):
        assert _count(_table(number, measure=measure, extract=extract), "2016", "_U") == 1


def test_every_age_from_0_to_120_lies_in_exactly_one_band_of_each_scheme() -> None:
    for scheme in (codes.EUDA_BANDS, codes.NDM_BANDS):
        for age in range(121):
            assert sum(band.holds(age) for band in scheme) == 1
