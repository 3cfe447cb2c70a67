"""What leaves gives nothing away: an attacker who has only the published files computes no hidden cell."""

from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from register.disclosure import Policy
from register.reporting import formats
from register.reporting.codelists import NOTIFIED
from register.reporting.extract import Death
from register.reporting.protect import protected_release
from tests.scale import scaled
from tests.unit.reporting.attacker import computable
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of

SUBSTANCES = st.sets(st.sampled_from(["heroin", "cocaine", "mdma", "ghb", "oxycodone", "ethanol"]), max_size=3)
DEATHS = st.lists(
    st.builds(
        lambda substances, year, sex, age, d, intent, region: death(
            *sorted(substances),
            year=year,
            sex=sex,
            age=age,
            definitions=(("nl_broad", "sel_d") if d else ("nl_broad",)) if substances else ("sel_b",),
            intent=intent,
            region=region,
            place="hotel" if age == 22 else "own_home",
            tox="partial" if d else "final",
            inclusion="probable" if age == 70 else "confirmed",
        ),
        SUBSTANCES,
        st.sampled_from(YEARS),
        st.sampled_from(["male", "male", "female", "_U"]),
        st.sampled_from([10, 22, 23, 34, 41, 70, -1]),
        st.booleans(),
        st.sampled_from(["accident", "accident", "suicide", "_U"]),
        st.sampled_from([("GG3406", "PV27"), ("GG3109", "PV27"), ("GG5006", "PV29")]),
    ),
    max_size=60,
)
MEN_AND_WOMEN = [death("heroin", sex=sex, age=40) for sex in ["male"] * 9 + ["female"] * 3]


def _told(deaths: list[Death]) -> list[tuple[str, str, int, str, int]]:
    """What is frozen as counts: circumstances, months, matches and decisions that fit the deaths."""
    told: Counter[tuple[str, str, int, str]] = Counter()
    for number, one in enumerate(deaths):
        for population in one.definitions:
            told["month", population, one.year, f"M{number % 4 + 1:02}"] += 1
            told["cbs", population, one.year, "found" if number % 3 else "not_found"] += 1
            told["used_alone", population, one.year, "yes" if number % 2 else "no"] += number % 5 > 0
            for code in ("known", "diagnosis", *(("in_care",) if number % 2 else ())):
                told["mental_health", population, one.year, code] += number % 7 > 0
        told["decision", NOTIFIED, one.year, ("open", "suspected", "excluded.natural")[number % 3]] += number % 4 == 0
    return [(*at, count) for at, count in told.items()]


def _files(deaths: list[Death]) -> dict[str, bytes]:
    extract = extract_of(deaths, tallies=_told(deaths))
    made = protected_release(extract, definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    return {name: formats.files(table, ABOUT)["csv"] for name, table in made.tables.items()}


@settings(
    max_examples=scaled("examples", small=4, full=100),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(DEATHS)
def test_no_hidden_cell_can_be_computed_from_the_published_tables(deaths: list[Death]) -> None:
    assert computable(_files(deaths)) == []


def test_the_attacker_of_these_tests_finds_a_hidden_cell_that_stands_alone_in_a_sum() -> None:
    lines = _files(MEN_AND_WOMEN)["definition-sex"].decode().splitlines()
    assert computable({"definition-sex": "\r\n".join(lines).encode()}) == []
    opened = [
        line.replace(",deaths,,Q,C,", ",deaths,9,A,F,")
        if "2016" in line and ",nl_broad," in line and ",male," in line
        else line
        for line in lines
    ]
    assert opened != lines
    assert computable({"definition-sex": "\r\n".join(opened).encode()}) == [
        ("deaths", "2016", "nl_broad", "sex=female")
    ]


def test_the_report_for_the_staff_tells_hidden_from_protecting_cells() -> None:
    made = protected_release(extract_of(MEN_AND_WOMEN), definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    table = made.report["tables"]["definition-sex"]
    assert table["primary"] == 1
    assert table["secondary"] == 1
    assert table["hidden"] == table["primary"] + table["secondary"]
    assert made.report["computable"] == 0


def test_the_same_number_in_two_tables_has_one_fate() -> None:
    made = protected_release(extract_of(MEN_AND_WOMEN), definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    by_sex = {
        (row.period, row.at[0]): row.cell for row in made.tables["definition-sex"].rows if row.definition == "nl_broad"
    }
    by_age = {(row.period, row.at[1]): row.cell for row in made.tables["age-euda-sex"].rows if row.at[0] == "_T"}
    assert by_sex == by_age
