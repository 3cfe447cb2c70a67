"""What leaves gives nothing away: an attacker who has only the published files computes no hidden cell."""

from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from register.coding.catalogue import Catalogue
from register.disclosure import AtLeastZero, Identity, Link, Policy
from register.reporting import formats, substance_links
from register.reporting.codelists import NOTIFIED
from register.reporting.extract import FORMAT, Death
from register.reporting.protect import protected_release
from register.reporting.tabulate import tabulate
from tests.scale import scaled
from tests.unit.reporting.attacker import cells_of, computable
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


def _files(deaths: list[Death], format: int = FORMAT) -> dict[str, bytes]:
    extract = replace(extract_of(deaths, tallies=_told(deaths)), format=format)
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


ONE_SUBSTANCE_EACH = [
    *(death("heroin", age=20 + number) for number in range(20)),
    *(death("cocaine") for _ in range(8)),
    *(death("methadone") for _ in range(7)),
    *(death("oxycodone") for _ in range(3)),
]


def test_where_nobody_had_several_substances_a_hidden_group_is_not_what_the_others_leave() -> None:
    """The groups of the agency then add up to the deaths with one substance, which the zero beside them tells.

    A release of an older format is made again as it was, and there it can be computed.
    """
    oxycodone = ("any", "2016", "nl_broad", "euda_group=euda.opioid_other")
    cells = cells_of(_files(ONE_SUBSTANCE_EACH))
    assert cells["deaths", "2016", "nl_broad", "number=several"] == 0
    assert cells[oxycodone] is None
    assert computable(_files(ONE_SUBSTANCE_EACH)) == []
    assert oxycodone in computable(_files(ONE_SUBSTANCE_EACH, format=4))


# No man had a final result, and everybody else had one: toxicology tells the sexes apart.
IN_A_CIRCLE = [
    death(substance, sex=sex, age=20 + number, tox=tox)
    for substance, sex, tox, count in (
        ("heroin", "male", "requested", 7),
        ("ketamine", "male", "requested", 13),
        ("heroin", "female", "final", 30),
        ("ketamine", "female", "final", 10),
        ("heroin", "other", "final", 2),
        ("ketamine", "other", "final", 8),
    )
    for number in range(count)
]


def test_a_group_by_sex_is_not_told_by_its_toxicology() -> None:
    """Of each group 7 without a final result are the men who had it, so the two of another sex must not be left over.

    A release of an older format is made again as it was, and there they can be computed.
    """
    heroin = ("any", "2016", "nl_broad", "euda_group=euda.opioid_heroin")
    files = _files(IN_A_CIRCLE)
    cells = cells_of(files)
    assert cells["deaths", "2016", "nl_broad", "sex=male", "tox=final"] == 0
    assert cells[*heroin, "sex=other"] is None
    assert computable(files) == []
    assert (*heroin, "sex=other") in computable(_files(IN_A_CIRCLE, format=5))


def test_the_attacker_of_these_tests_knows_that_both_tell_of_the_same_deaths() -> None:
    heroin, shown, hidden = "euda.opioid_heroin", ",any,{},A,F,", ",any,,Q,C,"
    files = _files(IN_A_CIRCLE)
    told = {name: files[name].decode() for name in ("euda-group", "euda-group-toxicology", "toxicology-sex")}
    swapped = [
        line.replace(hidden, shown.format(30)) if ",female," in line else line.replace(shown.format(7), hidden)
        for line in files["euda-group-sex"].decode().splitlines()
        if line.startswith("time_period") or (heroin in line and line.startswith("2016"))
    ]
    found = computable({name: body.encode() for name, body in {**told, "sexes": "\r\n".join(swapped)}.items()})
    assert found == [("any", "2016", "nl_broad", f"euda_group={heroin}", f"sex={sex}") for sex in ("male", "other")]


def _lone(deaths: list[Death], catalogue: Catalogue | None = None) -> list[Link]:
    extract = extract_of(deaths)
    extract = replace(extract, catalogue=catalogue or extract.catalogue)
    parts = tabulate(extract, definition="nl_broad", years=YEARS)
    printed, values = (
        {part.key(at): value for part in parts if part.printed or every for at, value in part.filled().items()}
        for every in (False, True)
    )
    found = list(substance_links.lone_links(extract, printed, definition="nl_broad", years=("2016",)))
    for link in found:
        terms = link.terms if isinstance(link, Identity | AtLeastZero) else ()
        total = sum(factor * values[key] for key, factor in terms)
        assert total == 0 if isinstance(link, Identity) else total >= 0
    return found


@settings(max_examples=scaled("examples", small=10, full=100), deadline=None)
@given(DEATHS)
def test_what_is_said_of_deaths_with_one_substance_is_true(deaths: list[Death]) -> None:
    assert _lone(deaths)


def test_a_substance_without_a_group_leaves_that_the_groups_add_up_to_no_more() -> None:
    shipped = extract_of([]).catalogue
    without = replace(shipped.substances["oxycodone"], euda_group="")
    catalogue = replace(shipped, substances={**shipped.substances, "oxycodone": without})
    found = _lone(ONE_SUBSTANCE_EACH, catalogue)
    assert found
    assert all(isinstance(link, AtLeastZero) for link in found)


def test_where_somebody_had_several_substances_the_groups_have_a_least_and_a_most() -> None:
    women = [death("heroin", "cocaine", sex="female", tox="partial")]
    told: dict[tuple[str, ...], list[type[Link]]] = {}
    for link in _lone([*ONE_SUBSTANCE_EACH, *women]):
        at = {name: code for key, _ in link.terms for name, code in key.at}
        told.setdefault(tuple(at[name] for name in ("sex", "tox") if name in at), []).append(type(link))
    a_least_and_a_most = {(): 2, ("female",): 2, ("not_final",): 2, ("female", "not_final"): 1}
    assert {at: len(found) for at, found in told.items() if set(found) == {AtLeastZero}} == a_least_and_a_most
    assert all(found == [Identity] for at, found in told.items() if at not in a_least_and_a_most)
    assert len(told) == 1 + 4 + 2 + 4 * 2


def test_of_an_older_extract_nothing_is_said_of_deaths_with_one_substance() -> None:
    older = replace(extract_of(ONE_SUBSTANCE_EACH), format=4)
    assert list(substance_links.lone_links(older, {}, definition="nl_broad", years=("2016",))) == []
