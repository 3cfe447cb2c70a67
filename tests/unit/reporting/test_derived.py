"""Per cents, rates, medians, nil reports and completeness: from published counts, or of nobody's death."""

import pytest

from register.disclosure import Count, Policy, StructuralZero, Suppressed
from register.reporting.codelists import EUDA_BANDS, NOTIFIED, SERVICES
from register.reporting.derived import Derived
from register.reporting.extract import Inhabitants, Population
from register.reporting.formats import ProtectedTable
from register.reporting.protect import protected_release
from tests.unit.reporting.deaths import YEARS, death, extract_of

PEOPLE = Population(
    version="2026-1",
    source="CBS, bevolking op 1 januari",
    published_on="2026-03-01",
    demo=True,
    rows=(
        *(Inhabitants(2016, sex, band.code, "NL", 50_000) for sex in ("male", "female") for band in EUDA_BANDS),
        *(Inhabitants(2016, "_T", "_T", code, number) for code, number in (("GG3406", 800_000), ("GG5006", 400_000))),
    ),
)
TALLIES = [
    ("used_alone", "nl_broad", 2016, "yes", 30),
    ("used_alone", "nl_broad", 2016, "no", 10),
    ("cpr", "nl_broad", 2016, "yes", 38),
    ("cpr", "nl_broad", 2016, "no", 2),
    ("tox_days", "nl_broad", 2016, "known", 11),
    *(("tox_days.days", "nl_broad", 2016, str(days), 1) for days in range(20, 42, 2)),
    ("tox_days", "nl_broad", 2017, "known", 9),
    *(("tox_days.days", "nl_broad", 2017, str(days), 1) for days in range(9)),
    ("nil_reports", SERVICES, 2016, "M02", 7),
    ("completeness", NOTIFIED, 2016, "GG3406.decided", 99),
    ("completeness", NOTIFIED, 2016, "GG3406.open", 1),
    ("completeness", NOTIFIED, 2016, "GG3109.decided", 3),
    ("completeness", NOTIFIED, 2016, "GG3109.open", 1),
]
DEATHS = [
    *(death("heroin", age=40) for _ in range(40)),
    *(death("cocaine", age=22, sex="female", region=("GG5006", "PV29")) for _ in range(10)),
    *(death("heroin", year=2017) for _ in range(9)),
]


@pytest.fixture(scope="module")
def tables() -> dict[str, ProtectedTable]:
    extract = extract_of(DEATHS, tallies=TALLIES, population=PEOPLE)
    return protected_release(extract, definition="nl_broad", years=YEARS, policy=Policy(threshold=5)).tables


def _cells(table: ProtectedTable, measure: str, year: str = "2016") -> dict[tuple[str, ...], object]:
    return {row.at: row.cell for row in table.rows if row.measure == measure and row.period == year}


def test_an_answer_is_a_per_cent_of_the_known_answers_and_what_is_known_one_of_all(
    tables: dict[str, ProtectedTable],
) -> None:
    found = _cells(tables["circumstances"], "percent")
    shown = [found[code,] for code in ("used_alone", "used_alone._U", "used_alone.yes", "used_alone.no")]
    assert shown == [Derived(80.0), Derived(20.0), Derived(75.0), Derived(25.0)]


def test_no_per_cent_and_no_rate_stands_where_a_count_is_hidden(tables: dict[str, ProtectedTable]) -> None:
    counts, percents = (_cells(tables["circumstances"], measure) for measure in ("deaths", "percent"))
    assert counts["cpr.no",] == counts["cpr.yes",] == percents["cpr.no",] == percents["cpr.yes",] == Suppressed()
    for name in ("rate-age-euda-sex", "rate-age-ndm-sex", "rate-area"):
        rows = tables[name].rows
        hidden = {(row.period, row.at) for row in rows if row.measure == "deaths" and row.cell == Suppressed()}
        rates = {(row.period, row.at): row.cell for row in rows if row.measure == "per_100k"}
        assert not any(isinstance(rates[at], Derived) for at in hidden)


def test_a_median_stands_where_ten_deaths_or_more_have_both_dates(tables: dict[str, ProtectedTable]) -> None:
    assert _cells(tables["toxicology-days"], "median_days")["tox_days",] == Derived(30)
    assert _cells(tables["toxicology-days"], "deaths", "2017")["tox_days",] == Count(9)
    assert _cells(tables["toxicology-days"], "median_days", "2017")["tox_days",] == Suppressed()


def test_rates_are_of_the_people_who_live_there_in_both_units(tables: dict[str, ProtectedTable]) -> None:
    ages = tables["rate-age-euda-sex"]
    at = ("Y40T44", "male", "2026-1")
    assert _cells(ages, "deaths")[at] == Count(40)
    assert _cells(ages, "population")[at] == Count(50_000)
    assert _cells(ages, "per_100k")[at] == Derived(80.0)
    assert _cells(ages, "per_million")[at] == Derived(800.0)
    assert _cells(ages, "population")["_T", "_T", "2026-1"] == Count(1_200_000)
    assert _cells(tables["rate-age-ndm-sex"], "population")["Y35T49", "_T", "2026-1"] == Count(300_000)
    areas = tables["rate-area"]
    assert _cells(areas, "per_100k")["GG3406", "2026-1"] == Derived(5.0)
    assert _cells(areas, "per_million")["PV29", "2026-1"] == Derived(25.0)
    assert _cells(areas, "population")["_T", "2026-1"] == Count(1_200_000)


def test_there_is_no_rate_where_the_population_is_not_known(tables: dict[str, ProtectedTable]) -> None:
    assert _cells(tables["rate-area"], "per_100k")["GG3109", "2026-1"] == StructuralZero()
    assert set(_cells(tables["rate-area"], "per_million", "2017").values()) == {StructuralZero()}


def test_the_source_of_the_population_and_its_day_stand_in_every_row_and_demo_figures_say_so(
    tables: dict[str, ProtectedTable],
) -> None:
    (told,) = tables["rate-area"].design.columns[-1].codes
    assert told.nl == "CBS, bevolking op 1 januari; verschenen op 1 maart 2026 (demonstratiecijfers)"
    assert told.en == "CBS, bevolking op 1 januari; published on 1 March 2026 (demonstration figures)"
    assert {row.at[-1] for row in tables["rate-area"].rows} == {"2026-1"}


def test_nil_reports_count_services_and_completeness_tells_no_small_number(tables: dict[str, ProtectedTable]) -> None:
    nil = _cells(tables["nil-reports"], "nil_reports")
    assert (nil["M02",], nil["M03",], nil["_T",]) == (Count(7), Count(0), Count(7))
    told = _cells(tables["completeness-area"], "completeness")
    assert [told[code,] for code in ("GG3406", "GG3109", "PV27")] == [Derived(95), Derived(0), Derived(95)]
    assert told["GG5006",] == StructuralZero()


def test_without_a_population_there_are_no_rates() -> None:
    made = protected_release(extract_of(DEATHS), definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    assert not any(name.startswith("rate-") for name in made.tables)
