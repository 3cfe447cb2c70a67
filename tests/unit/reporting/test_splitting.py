"""A release is protected in pieces that nothing ties together, and proven as one."""

from dataclasses import replace

import pytest

from register.disclosure import (
    AtLeastZero,
    CellKey,
    Count,
    Dimension,
    Infeasible,
    Policy,
    Protected,
    Suppressed,
    System,
    Table,
    build,
    protect,
)
from register.reporting import links
from register.reporting.codelists import NOTIFIED
from register.reporting.margins import margins
from register.reporting.splitting import pieces, protect_pieces, proven
from register.reporting.tabulate import tabulate
from tests.unit.reporting.deaths import YEARS, death, extract_of

POLICY = Policy(threshold=5)
TOTALS = [CellKey.of("nl_broad", "deaths", {"time_period": str(year)}) for year in YEARS]
DEATHS = [
    *(death("heroin", age=age, year=year) for age in range(20, 50) for year in YEARS),
    *(death("cocaine", sex="female", age=33, year=year, intent="suicide") for _ in range(3) for year in YEARS),
    *(death("mdma", year=2017, place="hotel", region=("GG5006", "PV29")) for _ in range(2)),
]


def _whole(deaths: list[object], **changes: object) -> System:
    extract = replace(extract_of(deaths), **changes)  # type: ignore[arg-type]
    parts = tabulate(extract, definition="nl_broad", years=YEARS)
    return build(parts, links.links_between(parts, extract, definition="nl_broad", threshold=5))


@pytest.fixture(scope="module")
def whole() -> System:
    return _whole(DEATHS)


def _dimensions(system: System, cells: tuple[int, ...], open_: frozenset[CellKey]) -> set[str]:
    return {name for cell in cells if system.cells[cell] not in open_ for name, _ in system.cells[cell].at}


def test_no_relation_ties_one_year_to_another_but_what_is_told_of_the_whole_period(whole: System) -> None:
    tied = [
        {dict(whole.cells[cell].at).get("time_period") for cell, _ in row} - {None}
        for row in (*whole.equations, *whole.inequalities)
    ]
    across = [row for row, years in zip((*whole.equations, *whole.inequalities), tied, strict=True) if len(years) > 1]
    told = {name for row in across for cell, _ in row for name, _ in whole.cells[cell].at}
    assert told <= {"time_period", "tox", "decision", "undated"}


def test_tables_that_share_no_more_than_a_total_come_apart_when_it_stays_published(whole: System) -> None:
    open_ = frozenset(TOTALS)
    together = [_dimensions(whole, piece.cells, open_) - {"time_period"} for piece in pieces(whole, POLICY, open_)]
    assert any("place" in names for names in together)
    assert all(names <= {"place"} for names in together if "place" in names)
    assert all(not names & {"month", "cbs"} for names in together if "age" in names)


def test_a_piece_holds_every_relation_of_its_cells(whole: System) -> None:
    open_ = frozenset(TOTALS)
    rows = {frozenset(row) for row in (*whole.equations, *whole.inequalities)}
    for piece in pieces(whole, POLICY, open_):
        mine = {
            frozenset((piece.cells[cell], factor) for cell, factor in row)
            for row in (*piece.system.equations, *piece.system.inequalities)
        }
        free = {cell for cell in piece.cells if whole.cells[cell] not in open_ and whole.values[cell]}
        touched = {row for row in rows if any(cell in free for cell, _ in row)}
        assert mine <= rows
        assert touched - mine <= {row for row in rows if not any(whole.guarded[cell] for cell, _ in row)} | mine


def test_the_whole_is_proven_with_every_relation_of_all_tables(whole: System) -> None:
    outcome = protect_pieces(whole, POLICY, totals=TOTALS)
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    assert outcome.dossier.claim.equations == whole.equations
    assert outcome.dossier.claim.inequalities == whole.inequalities
    assert outcome.dossier.verdict.holds
    assert all(isinstance(outcome.cells[total], Count) for total in TOTALS)


def test_an_alternative_that_breaks_a_relation_of_the_whole_is_found_out(whole: System) -> None:
    outcome = protect_pieces(whole, POLICY, totals=TOTALS)
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    hidden = {cell for cell, flag in enumerate(outcome.dossier.claim.hidden) if flag}
    alone = [((cell, 1),) for cell in sorted(hidden)]
    assert isinstance(proven(whole, POLICY, hidden, list(outcome.dossier.claim.witnesses)), Protected)
    assert isinstance(proven(whole, POLICY, hidden, alone), Infeasible)


YEAR = Dimension.listed("time_period", ["2016"])
TABLE = Table("T", "p", (YEAR, Dimension.flat("sex", ["male", "female"])), {("2016", "male"): 4, ("2016", "female"): 9})
TOTAL = CellKey.of("p", "deaths", {"time_period": "2016"})
MEN = CellKey.of("p", "deaths", {"time_period": "2016", "sex": "male"})
WOMEN = CellKey.of("p", "deaths", {"time_period": "2016", "sex": "female"})


def test_a_total_gives_way_where_its_table_cannot_be_protected_beside_it() -> None:
    ordered = build(
        [TABLE], [AtLeastZero(((WOMEN, 4), (MEN, -9)), "ratio"), AtLeastZero(((MEN, 9), (WOMEN, -4)), "ratio")]
    )
    outcome = protect_pieces(ordered, POLICY, totals=[TOTAL])
    assert isinstance(outcome, Protected)
    assert outcome.cells[MEN] == outcome.cells[WOMEN] == outcome.cells[TOTAL] == Suppressed()


def test_a_sum_gives_way_before_a_total_does() -> None:
    outcome = protect_pieces(build([TABLE]), POLICY, totals=[TOTAL], sums=[WOMEN])
    assert isinstance(outcome, Protected)
    assert (outcome.cells[MEN], outcome.cells[WOMEN], outcome.cells[TOTAL]) == (Suppressed(), Suppressed(), Count(13))


def test_a_line_of_sums_stays_published_where_none_of_them_is_small() -> None:
    def kept(deaths: list[object], **changes: object) -> set[tuple[str, str]]:
        extract = replace(extract_of(deaths), **changes)  # type: ignore[arg-type]
        system = _whole(deaths, **changes)
        found = margins(system, extract, definition="nl_broad", years=YEARS, threshold=5)
        return {at for key in found for at in key.at if at[0] != "time_period"}

    men, women = [death("heroin", sex="male", age=30)] * 20, [death("cocaine", sex="female", age=30)] * 6
    assert {("sex", "male"), ("sex", "female"), ("group", "cocaine")} <= kept([*men, *women])
    assert not {name for name, _ in kept([*men, *women[:3]])} & {"sex", "group"}
    assert kept([*men, *women], format=3) == set()


def test_beside_an_earlier_release_the_reports_of_a_year_stay_published_too() -> None:
    def reports(*, beside: bool, **changes: object) -> list[CellKey]:
        deaths = [death("heroin")] * 20
        extract = replace(extract_of(deaths), **changes)  # type: ignore[arg-type]
        found = margins(
            _whole(deaths, **changes), extract, definition="nl_broad", years=YEARS, threshold=5, beside=beside
        )
        return [key for key in found if key.population == NOTIFIED]

    assert reports(beside=True) == [CellKey.of(NOTIFIED, "deaths", {"time_period": str(YEARS.start)})]
    assert reports(beside=True, format=4) == reports(beside=False) == []


def test_one_reason_is_enough_in_haste_and_nothing_else_changes() -> None:
    few, many = ["2016", "2017"], Dimension.flat("sex", ["male", "female"])
    counts = {(year, sex): count for year in few for sex, count in (("male", 4), ("female", 9))}
    system = build([Table("T", "p", (Dimension.listed("time_period", few), many), counts)])
    forced = replace(POLICY, forced_open=frozenset(key for key in system.cells if dict(key.at).get("sex") != "male"))
    slow, fast = (protect(system, forced, hasty=hasty) for hasty in (False, True))
    assert isinstance(slow, Infeasible)
    assert isinstance(fast, Infeasible)
    assert (len(slow.reasons), fast.reasons) == (2, slow.reasons[:1])
    assert protect(system, POLICY, hasty=True) == protect(system, POLICY)


def test_a_year_with_few_deaths_is_hidden_as_a_whole() -> None:
    outcome = protect_pieces(_whole([death("heroin") for _ in range(3)]), POLICY, totals=TOTALS)
    assert isinstance(outcome, Protected)
    assert outcome.cells[TOTALS[0]] == Suppressed()
    assert outcome.cells[TOTALS[1]] == Count(0)
