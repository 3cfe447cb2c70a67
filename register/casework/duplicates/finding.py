"""Finding pairs of cases that may be one death. Nothing here decides: a pair waits for a person.

The register compares in its own name, because it must look across regions, after the commit of the write that gave the
reason to: whoever hands in a case neither waits for it nor reads along.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from register import outbox
from register.audit import acting_as
from register.casework.dossier import Dossier
from register.casework.duplicates.profiles import (
    Pair,
    candidates,
    candidates_of,
    known_of,
    profiles_of,
    profiles_of_year,
    years,
)
from register.models import (
    Case,
    Death,
    Decedent,
    DuplicatePair,
    StatusChange,
    SubstanceFinding,
    SuspectedSubstance,
    User,
)
from register.quality.likeness import Likeness, Profile, Shares, likeness, shares_near, weights
from register.workflow.case_transitions import CaseState

FINDER = "system:duplicates"
TASK, TASK_OF_A_YEAR = "register.find_duplicates", "register.find_duplicates_of_a_year"
State = DuplicatePair.State
# A pair comes back when it is alike again, and when a case that was merged away was opened again by itself.
COMES_BACK = (State.GONE, State.MERGED)
WAITS: dict[str, Any] = {
    "state": State.OPEN,
    "decided_by": None,
    "decided_at": None,
    "reason": "",
    "first_version": None,
    "taken": [],
    "copied": [],
}
# What is compared, by the table and the column it stands in.
COMPARED: dict[type[Any], frozenset[str]] = {
    Case: frozenset({"external_reference", "status"}),
    Death: frozenset({"date_of_death_from", "date_of_death_to", "death_municipality_id"}),
    Decedent: frozenset({"sex", "age_years", "age_months"}),
}
ROWS = (SuspectedSubstance, SubstanceFinding)


@dataclass(frozen=True, slots=True)
class Found:
    """How many pairs were compared, and what became of them."""

    compared: int
    new: int
    open: int
    gone: int

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.compared + other.compared, self.new + other.new, self.open + other.open, self.gone + other.gone
        )


def worth_comparing(dossier: Dossier) -> bool:
    """Whether what is about to be stored can change which cases look like this one. A draft is compared with none."""
    if dossier.case.status == CaseState.DRAFT:
        return False
    changed = [(type(row), names) for row, names in dossier.touched.values()]
    return (
        any(isinstance(row, (*ROWS, StatusChange)) for row in [*dossier.fresh, *dossier.gone])
        or any(model in ROWS for model, _ in changed)
        or any(COMPARED.get(model, frozenset()) & set(names) for model, names in changed)
    )


def announce(case: Case) -> None:
    """Ask for the case to be compared when this transaction commits."""
    outbox.enqueue(TASK, key=f"duplicates:{case.pk}:{case.row_version}", case_id=str(case.pk))


def look(*, case_id: UUID, trace: UUID | None = None) -> Found:
    """Compare one case with all that are near."""
    with acting_as(FINDER, trace=trace):
        near = candidates(case_id)
        known = DuplicatePair.objects.filter(Q(first=case_id) | Q(second=case_id))
        return _settle(near, {(pair.first_id, pair.second_id): pair for pair in known})


def look_at_year(*, year: int | None, by: User | str = FINDER, trace: UUID | None = None) -> Found:
    """Compare every two cases that are near and of which the later death is of this year; None: neither has a day."""
    with acting_as(by, trace=trace):
        known = {(pair.first_id, pair.second_id): pair for pair in known_of(year)}
        return _settle(candidates_of(year), known)


def look_at_all(*, by: User | str = FINDER) -> Found:
    """Compare every case with all that are near: year by year, each in a transaction of its own."""
    with acting_as(by):
        parts = [*years(), None]
    return sum((look_at_year(year=year, by=by) for year in parts), Found(0, 0, 0, 0))


def ask_for_all(*, now: datetime) -> int:
    """Have the worker compare every case with all that are near, in one message for each year; how many."""
    with acting_as(FINDER):
        parts = ["", *map(str, years())]
        for year in parts:
            outbox.enqueue(TASK_OF_A_YEAR, key=f"duplicates-all:{now.isoformat()}:{year}", year=year)
    return len(parts)


def _settle(near: Collection[Pair], known: dict[Pair, DuplicatePair]) -> Found:
    """Bring the pairs up to date: new ones are added, those that are alike no more are set aside.

    What a person decided stays as it was decided.
    """
    profiles = profiles_of({key for pair in near for key in pair})
    order = dict(Case.objects.filter(pk__in=profiles).values_list("pk", "created_at"))
    alike = {tuple(sorted(pair, key=lambda key: (order[key], key))): found for pair, found in _compared(near, profiles)}
    fresh = [_pair(pair, found) for pair, found in alike.items() if pair not in known]
    DuplicatePair.objects.create_many(fresh)
    for pair, row in known.items():
        if pair in alike:
            values = {"score": percentage(alike[pair].score), "evidence": _written(alike[pair])}
            row.change(**values, **(WAITS if row.state in COMES_BACK else {}))
        elif row.state == State.OPEN:
            row.change(state=State.GONE)
    rows = [*fresh, *known.values()]
    states = [row.state for row in rows]
    return Found(len(near), len(fresh), states.count(State.OPEN), states.count(State.GONE))


def _compared(near: Iterable[Pair], profiles: dict[UUID, Profile]) -> Iterator[tuple[Pair, Likeness]]:
    """The pairs that reach the score."""
    shares = lru_cache(maxsize=None)(_shares)
    for pair in near:
        if pair[0] in profiles and pair[1] in profiles:
            one, other = profiles[pair[0]], profiles[pair[1]]
            year = max((day.year for day in (one.died_from, other.died_from) if day), default=None)
            found = likeness(one, other, shares(year))
            if found.score >= weights()["possible"]:
                yield pair, found


def _shares(year: int | None) -> Shares:
    return shares_near(profiles_of_year(year).values(), year) if year else Shares.of(())


def _pair(pair: tuple[UUID, ...], found: Likeness) -> DuplicatePair:
    return DuplicatePair(first_id=pair[0], second_id=pair[1], score=percentage(found.score), evidence=_written(found))


def percentage(score: float) -> int:
    """A score as it is stored and shown: rounded down, so that 90 is never less than probable."""
    return int(score * 100)


def _written(found: Likeness) -> dict[str, float]:
    return {name: round(value, 2) for name, value in found.evidence.items()}
