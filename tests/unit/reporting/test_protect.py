"""What leaves gives nothing away: an attacker who has only the published files computes no hidden cell."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.disclosure import Policy
from register.reporting import formats
from register.reporting.extract import Death
from register.reporting.protect import protected_release
from tests.unit.reporting.attacker import computable
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of

SUBSTANCES = st.sets(st.sampled_from(["heroin", "cocaine", "mdma", "ghb", "oxycodone", "ethanol"]), max_size=3)
DEATHS = st.lists(
    st.builds(
        lambda substances, year, sex, age, d: death(
            *sorted(substances),
            year=year,
            sex=sex,
            age=age,
            definitions=(("nl_broad", "sel_d") if d else ("nl_broad",)) if substances else ("sel_b",),
        ),
        SUBSTANCES,
        st.sampled_from(YEARS),
        st.sampled_from(["male", "male", "female", "_U"]),
        st.sampled_from([10, 22, 23, 34, 41, 70, -1]),
        st.booleans(),
    ),
    max_size=60,
)
MEN_AND_WOMEN = [death("heroin", sex=sex, age=40) for sex in ["male"] * 9 + ["female"] * 3]


def _files(deaths: list[Death]) -> dict[str, bytes]:
    made = protected_release(extract_of(deaths), definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    return {name: formats.csv_file(table, ABOUT) for name, table in made.tables.items()}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
