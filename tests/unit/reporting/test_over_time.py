"""Releases that follow each other: whoever keeps them all and subtracts learns no hidden count and no small change."""

from random import Random

import pytest

from register.disclosure import CellKey, Count, Suppressed
from register.reporting.choices import Choices, choices_of
from register.reporting.over_time import ConflictError
from tests.unit.reporting.attacker import cells_of, computable_over_time
from tests.unit.reporting.deaths import YEARS
from tests.unit.reporting.successive import Issued, corrected, facts_of, issue, issue_somehow, somebody

TOTAL_2016 = CellKey.of("nl_broad", "deaths", {"time_period": "2016"})


def _register(seed: int, size: int = 70) -> tuple[list[object], Random]:
    chance = Random(seed)
    return [somebody(chance, YEARS[number % 2]) for number in range(size)], chance


def _attack(issued: list[Issued]) -> tuple[list[object], list[object]]:
    found = computable_over_time([one.files for one in issued], [one.truth for one in issued], 5)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("seed", range(3))
def test_all_files_of_all_releases_together_give_no_hidden_cell_and_no_small_change(seed: int) -> None:
    people, chance = _register(seed)
    issued = [issue(facts_of(people), [])]
    for added, moved in ((8, 2), (1, 1)):
        people = corrected(people, chance, added=added, moved=moved, year=YEARS[-1])
        issued.append(issue_somehow(facts_of(people), issued, chance))
    assert _attack(issued) == ([], [])
    for before, after in zip(issued, issued[1:], strict=False):
        _stays_hidden(before, after)


def _stays_hidden(before: Issued, after: Issued) -> None:
    was, now = cells_of(before.files), cells_of(after.files)
    same = [name for name in was.keys() & now.keys() if before.truth[name] == after.truth[name]]
    assert [name for name in same if (was[name] is None) != (now[name] is None)] == []
