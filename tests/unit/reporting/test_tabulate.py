"""Counting: each death in each table once, by the measure that the table names."""

from collections import Counter

from register.coding.settings import Settings
from register.disclosure import Table
from register.reporting import codelists as codes
from register.reporting.codelists import NOTIFIED
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


BY_INTENT = extract_of(
    [
        death("heroin", "cocaine", intent="accident"),
        death("heroin", intent="suicide"),
        death("cocaine", "ethanol", intent="suicide"),
        death(intent="_U"),
    ]
)


def test_t6_counts_main_groups_by_intent_by_every_measure_with_the_unknown_apart() -> None:
    best, some, sole = (
        _table("T6", measure=measure, extract=BY_INTENT).filled() for measure in ("hierarchical", "any", "sole")
    )
    assert [best["2016", "suicide", code] for code in ("opioid", "cocaine", "other", "_T")] == [1, 1, 0, 2]
    assert [best["2016", "_U", code] for code in ("_U", "_T")] == [1, 1]
    assert [some["2016", "suicide", code] for code in ("opioid", "cocaine", "other")] == [1, 1, 1]
    assert [sole["2016", intent, "opioid"] for intent in ("accident", "suicide", "_T")] == [0, 1, 1]


def test_t7_counts_regions_that_add_up_to_their_provinces_and_these_to_the_country() -> None:
    zeeland, kennemerland = ("GG5006", "PV29"), ("GG3109", "PV27")
    extract = extract_of([death("heroin"), death("heroin", region=kennemerland), death("heroin", region=zeeland)])
    table = _table("T7", extract=extract).filled()
    assert [table["2016", code] for code in ("_T", "PV27", "PV29", "GG3406", "GG3109", "GG5006")] == [3, 2, 1, 1, 1, 1]


def test_a_region_across_two_provinces_counts_in_each_where_its_deaths_were() -> None:
    extract = extract_of([death("heroin", region=("GG9999", "PV27")), death("heroin", region=("GG9999", "PV29"))])
    table = _table("T7", extract=extract).filled()
    assert [table["2016", code] for code in ("GG9999", "PV27", "PV29")] == [2, 1, 1]


def test_t9_counts_each_item_on_its_own_with_known_and_unknown_apart() -> None:
    tallies = [("used_alone", "nl_broad", 2016, "yes", 2), ("used_alone", "nl_broad", 2016, "no", 1)]
    tallies += [("mental_health", "nl_broad", 2016, code, count) for code, count in (("known", 2), ("diagnosis", 2))]
    extract = extract_of([death("heroin") for _ in range(5)], tallies=tallies)
    parts = {
        part.dimensions[1].name: part.filled()
        for part in tabulate(extract, definition="nl_broad", years=YEARS)
        if part.name == "T9"
    }
    alone, mind = parts["used_alone"], parts["mental_health"]
    assert [alone["2016", code] for code in ("_T", "known", "yes", "no", "_U")] == [5, 3, 2, 1, 2]
    assert [mind["2016", code] for code in ("_T", "known", "diagnosis", "in_care", "_U")] == [5, 2, 2, 0, 3]
    assert parts["cpr"]["2016", "_U"] == 5


def test_t11_and_t14_count_what_is_not_told_as_unknown() -> None:
    tallies = [("month", "nl_broad", 2016, "M03", 2), ("cbs", "nl_broad", 2016, "found", 1)]
    extract = extract_of([death("heroin") for _ in range(3)], tallies=tallies)
    month, match = _table("T11", extract=extract).filled(), _table("T14", extract=extract).filled()
    assert [month["2016", code] for code in ("_T", "M03", "M04", "_U")] == [3, 2, 0, 1]
    assert [match["2016", code] for code in ("_T", "found", "not_found", "_U")] == [3, 1, 0, 2]


def test_t12_counts_every_report_once_whatever_its_definition() -> None:
    tallies = [("decision", NOTIFIED, 2016, code, 2) for code in ("excluded.natural", "suspected", "open")]
    deaths = [death("heroin"), death("heroin", inclusion="probable", definitions=("sel_b",))]
    table = _table("T12", population=NOTIFIED, extract=extract_of(deaths, tallies=tallies)).filled()
    wanted = ("_T", "included", "confirmed", "probable", "suspected", "excluded", "excluded.natural", "open")
    assert [table["2016", code] for code in wanted] == [8, 2, 1, 1, 2, 2, 2, 2]


def test_t13_counts_a_death_under_each_class_and_each_pair_of_classes() -> None:
    table = _table("T13", extract=extract_of([death("heroin", "cocaine", "ethanol"), death("heroin")])).filled()
    found = {code: count for (year, code), count in table.items() if year == "2016" and count}
    pairs = ("opioid+cocaine", "opioid+alcohol", "cocaine+alcohol")
    assert found == {"opioid": 2, "cocaine": 1, "alcohol": 1} | dict.fromkeys(pairs, 1)


def test_every_count_of_a_main_group_is_a_sum_over_the_combinations_that_nobody_prints() -> None:
    for ignored in (False, True):
        extract = extract_of(
            [*BY_INTENT.deaths, death("cocaine", "ethanol"), death("ethanol"), death("mdma", "ghb")],
            Settings(alcohol_ignored=ignored),
        )
        parts = tabulate(extract, definition="nl_broad", years=YEARS)
        (held,) = [part.filled() for part in parts if part.name == "T6 combinations"]
        for part in parts:
            if part.name == "T6":
                shown = Counter(part.filled())
                for (year, intent, group), count in shown.items():
                    if group != "_T":
                        assert held[year, intent, f"{part.measure}:{group}"] == count


def test_groups_are_counted_by_sex_and_by_age_and_all_three_together_for_nobody_to_read() -> None:
    best = _table("T4 sex").filled()
    assert [best["2016", sex, "opioid"] for sex in ("_T", "male", "female")] == [3, 2, 1]
    once = _table("T4 age").filled()
    assert [once["2016", band, "opioid"] for band in ("_T", "Y15T24", "Y35T49", "Y_GE65")] == [3, 1, 1, 1]
    assert once["2017", "_U", "cocaine"] == 1
    of_agency = _table("T5 EUDA sex").filled()
    assert [of_agency["2016", sex, "euda.opioid_heroin"] for sex in ("_T", "male", "female")] == [3, 2, 1]
    people = _table("T4 people")
    assert not people.printed
    assert people.filled()["2016", "Y15T24", "female", "opioid"] == 1
    lived = _table("T2 years")
    assert not lived.printed
    assert lived.filled()["2016", "male"] == 40 + 65
    assert lived.filled()["2017", "male"] == 0, "an age that is not known is none"


def test_substances_are_counted_among_known_toxicology_and_among_the_rest() -> None:
    deaths = [
        death("heroin"),
        death("heroin", "cocaine"),
        death("heroin", tox="requested"),
        death("cocaine", tox="refused"),
        death(tox="_U"),
    ]
    parts = tabulate(extract_of(deaths), definition="nl_broad", years=YEARS)
    agency, any_, sole, number = (
        part.filled() for part in parts if part.name in ("T5 EUDA tox", "T4 opioid tox", "T13 tox")
    )
    assert [number["2016", "final", code] for code in ("_T", "one", "several", "_U")] == [2, 1, 1, 0]
    assert [number["2016", "not_final", code] for code in ("_T", "one", "several", "_U")] == [3, 2, 0, 1]
    states = ("_T", "final", "not_final")
    assert [agency["2016", state, "euda.opioid_heroin"] for state in states] == [3, 2, 1]
    assert [agency["2016", state, "euda.cocaine"] for state in states] == [2, 1, 1]
    assert [any_["2016", state, "opioid"] for state in states] == [3, 2, 1]
    assert [any_["2016", state, "_U"] for state in states] == [1, 0, 1]
    assert [sole["2016", state, "opioid"] for state in states] == [2, 1, 1]


def test_intent_toxicology_and_the_number_of_substances_are_counted_by_sex_and_the_number_by_age() -> None:
    deaths = [
        death("heroin", "ethanol", sex="female", intent="suicide", tox="requested"),
        death("cocaine", "mdma", sex="female"),
        death("heroin"),
    ]
    parts = {part.name: part for part in tabulate(extract_of(deaths), definition="nl_broad", years=YEARS)}
    number, intent, known = (parts[name].filled() for name in ("T13 sex", "T6 sex", "T10 sex"))
    sexes = ("_T", "male", "female")
    assert [number["2016", sex, "several"] for sex in sexes] == [2, 0, 2]
    assert [intent["2016", "suicide", sex] for sex in sexes] == [1, 0, 1]
    assert [known["2016", sex, "final"] for sex in sexes] == [2, 1, 1]
    alone = parts["T4 opioid sex"]
    assert alone.measure == "sole"
    assert [alone.filled()["2016", sex, "opioid"] for sex in sexes] == [1, 1, 0]
    aged = parts["T13 age"].filled()
    assert [aged["2016", band, "several"] for band in ("_T", "Y35T49", "Y_GE65")] == [2, 2, 0]
    assert not parts["T13 people"].printed
    assert not parts["T13 ages"].printed
    assert not parts["T6 people"].printed
