"""Releases that follow each other: whoever keeps them all and subtracts learns no hidden count and no small change."""

from itertools import pairwise
from random import Random

import pytest

from register.disclosure import CellKey
from register.reporting.choices import NONE, Choices, choices_of
from register.reporting.errors import RefusedError
from register.reporting.extract import Death
from register.reporting.over_time import ConflictError
from tests.unit.reporting.attacker import Name, cells_of, computable_between_definitions, computable_over_time
from tests.unit.reporting.deaths import YEARS
from tests.unit.reporting.successive import Issued, corrected, facts_of, issue, issue_somehow, somebody

TOTAL = ("deaths", "2017", "nl_broad")
TOTAL_KEY = CellKey.of("nl_broad", "deaths", {"time_period": "2017"})


def _people(chance: Random) -> list[Death]:
    return [somebody(chance, YEARS[number % 2]) for number in range(40)]


def _attack(issued: list[Issued]) -> tuple[list[Name], list[Name]]:
    return computable_over_time([one.files for one in issued], [one.truth for one in issued], 5)


def _figures(one: Issued) -> list[list[object]]:
    return [list(table.rows) for table in one.made.tables.values()]


@pytest.fixture(scope="module")
def people() -> list[Death]:
    return _people(Random(1))


@pytest.fixture(scope="module")
def first(people: list[Death]) -> Issued:
    return issue(facts_of(people), [])


@pytest.fixture(scope="module")
def alone(people: list[Death], first: Issued) -> dict[str, Issued]:
    """The first release of each definition, made as if the other one were not there."""
    return {"nl_broad": first, "sel_d": issue(facts_of(people), [], definition="sel_d")}


@pytest.fixture(scope="module")
def one_more(people: list[Death]) -> list[Death]:
    return [*people, somebody(Random(5), 2017)]


def test_all_files_of_all_releases_together_give_no_hidden_cell_and_no_small_change(
    people: list[Death], first: Issued
) -> None:
    chance = Random(1)
    issued = [first]
    for added, moved in ((8, 2), (1, 1)):
        people = corrected(people, chance, added=added, moved=moved, year=2017)
        issued.append(issue_somehow(facts_of(people), issued, chance))
    assert _attack(issued) == ([], [])
    for before, after in pairwise(issued):
        was, now = cells_of(before.files), cells_of(after.files)
        same = [name for name in was.keys() & now.keys() if before.truth[name] == after.truth[name]]
        assert [name for name in same if was[name] != now[name]] == []


def test_the_attacker_of_these_tests_reads_a_small_change_from_releases_that_were_made_apart(
    first: Issued, one_more: list[Death]
) -> None:
    computed, told = _attack([first, issue(facts_of(one_more), [])])
    assert (*TOTAL, "@1") in told
    assert computed


@pytest.mark.parametrize("order", [("sel_d", "nl_broad"), ("nl_broad", "sel_d")])
def test_who_subtracts_one_definition_from_another_that_holds_it_learns_of_no_few_deaths(
    people: list[Death], alone: dict[str, Issued], order: tuple[str, str]
) -> None:
    earlier, later = order
    issued = [alone[earlier], issue(facts_of(people), [alone[earlier]], definition=later)]
    truth = issued[0].truth | issued[1].truth
    assert computable_between_definitions([one.files for one in issued], truth, 5) == ([], [])


def test_the_attacker_of_these_tests_reads_few_deaths_from_definitions_that_were_published_apart(
    alone: dict[str, Issued],
) -> None:
    apart = [alone["sel_d"], alone["nl_broad"]]
    truth = apart[0].truth | apart[1].truth
    assert computable_between_definitions([one.files for one in apart], truth, 5)[1]


def test_the_same_facts_beside_themselves_give_the_same_figures(people: list[Death], first: Issued) -> None:
    again = issue(facts_of(people), [first, first])
    assert _figures(again) == _figures(first)
    assert again.made.report["over_time"]["withheld"] == 0


def test_one_death_more_in_a_year_asks_people_to_choose(first: Issued, one_more: list[Death]) -> None:
    with pytest.raises(ConflictError) as caught:
        issue(facts_of(one_more), [first])
    assert [(one.key, one.why, one.year) for one in caught.value.conflicts] == [(TOTAL_KEY, "total", "2017")]
    assert caught.value.nl != caught.value.en


def test_a_year_that_waits_keeps_its_published_figures(
    people: list[Death], first: Issued, one_more: list[Death]
) -> None:
    kept = facts_of(one_more).keeping({2017: facts_of(people)})
    assert _figures(issue(kept, [first])) == _figures(first)


def test_a_count_that_was_published_is_not_below_a_higher_threshold_without_a_word(
    people: list[Death], first: Issued
) -> None:
    with pytest.raises(ConflictError) as caught:
        issue(facts_of(people), [first], threshold=10)
    small = [value for value in first.earlier.published.values() if value and value < 10]
    assert {one.why for one in caught.value.conflicts} == {"small"}
    assert len(caught.value.conflicts) == len(small)


def test_a_threshold_that_was_promised_holds_beside_a_lower_one(people: list[Death]) -> None:
    strict = issue(facts_of(people[:16]), [], threshold=10)
    second = issue(facts_of(people[:16]), [strict], threshold=5)
    assert _figures(second) == _figures(strict)
    assert second.made.report["over_time"]["threshold"] == 10


def test_choices_are_read_back_as_they_were_kept_and_add_up() -> None:
    chosen = Choices(keep=(2016,), waived=(TOTAL_KEY,), reason="Omdat.")
    assert choices_of(chosen.told()) == chosen
    assert choices_of(None) == NONE
    both = chosen.and_(Choices(hide_totals=True, reason="En ook."))
    assert (both.keep, both.hide_totals, both.waived, both.reason) == ((2016,), True, (TOTAL_KEY,), "Omdat. En ook.")
    for wrong in (Choices(reason="Zomaar."), Choices(waived=(TOTAL_KEY,)), Choices(hide_totals=True)):
        with pytest.raises(RefusedError):
            wrong.check()
