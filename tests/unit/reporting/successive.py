"""Made-up registers that grow and are corrected, and the releases that come of them one after the other."""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

from register.disclosure import PROFILES, Policy
from register.reporting.choices import NONE, Choices
from register.reporting.codelists import NOTIFIED
from register.reporting.extract import Death, Extract
from register.reporting.formats.cube import Cube
from register.reporting.formats.register_json import described
from register.reporting.formats.tidy_csv import csv_file
from register.reporting.over_time import ConflictError, Earlier, entries_of
from register.reporting.protect import ProtectedRelease, protected_release
from tests.unit.reporting.attacker import Name, cells_of
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of

SUBSTANCES = ("heroin", "cocaine", "mdma", "ghb", "oxycodone", "ethanol")
REGIONS = (("GG3406", "PV27"), ("GG3109", "PV27"), ("GG5006", "PV29"))


@dataclass(frozen=True)
class Issued:
    """A release as it went out, and the true counts behind its cells."""

    files: dict[str, bytes]
    truth: dict[Name, int]
    made: ProtectedRelease
    earlier: Earlier


def somebody(chance: Random, year: int) -> Death:
    found = chance.sample(SUBSTANCES, chance.choice((1, 1, 2, 3)))
    return death(
        *sorted(found),
        year=year,
        sex=chance.choice(("male", "male", "female")),
        age=chance.choice((22, 23, 34, 41, 47, 70)),
        definitions=("nl_broad", "sel_d") if chance.random() < 0.7 else ("nl_broad",),
        intent=chance.choice(("accident", "accident", "suicide", "_U")),
        place=chance.choice(("own_home", "own_home", "hotel")),
        region=chance.choice(REGIONS),
        tox=chance.choice(("final", "final", "partial")),
    )


def corrected(people: list[Death], chance: Random, *, added: int, moved: int, year: int) -> list[Death]:
    """The register some months later: further deaths of a year, and some whose substances were found to be others."""
    now = list(people)
    for place in chance.sample(range(len(now)), moved):
        now[place] = replace(somebody(chance, now[place].year), sex=now[place].sex, age=now[place].age)
    return [*now, *(somebody(chance, year) for _ in range(added))]


def facts_of(people: list[Death], seed: int = 0) -> Extract:
    """Frozen facts, with months, matches, circumstances and decisions that fit the deaths."""
    told: Counter[tuple[str, str, int, str]] = Counter()
    for number, one in enumerate(people):
        for population in one.definitions:
            told["month", population, one.year, f"M{(number + seed) % 5 + 1:02}"] += 1
            told["cbs", population, one.year, "found" if number % 3 else "not_found"] += 1
            told["used_alone", population, one.year, "yes" if number % 2 else "no"] += number % 5 > 0
        told["decision", NOTIFIED, one.year, ("open", "suspected")[number % 2]] += number % 4 == 0
    return extract_of(people, tallies=[(*at, count) for at, count in told.items()])


def issue(
    facts: Extract,
    before: list[Issued],
    choices: Choices = NONE,
    *,
    threshold: int = 5,
    definition: str = "nl_broad",
) -> Issued:
    """Protect and publish; raises ConflictError where people have to choose."""
    earlier = [one.earlier for one in before]
    terms = {"definition": definition, "years": YEARS}
    made = protected_release(facts, policy=Policy(threshold=threshold), earlier=earlier, choices=choices, **terms)  # type: ignore[arg-type]
    bare = protected_release(facts, policy=PROFILES["none"], **terms)  # type: ignore[arg-type]
    about = replace(ABOUT, definition=definition)
    bodies = {name: described(table, about) for name, table in made.tables.items()}
    true = cells_of({name: csv_file(Cube.of(described(table, about))) for name, table in bare.tables.items()})
    published = entries_of(bodies.values(), facts)
    return Issued(
        {name: csv_file(Cube.of(body)) for name, body in bodies.items()},
        {name: value for name, value in true.items() if value is not None},
        made,
        Earlier(f"r{len(before) + 1}", facts, definition, YEARS, threshold, published),
    )


def issue_somehow(facts: Extract, before: list[Issued], chance: Random) -> Issued:
    """As people do: where it cannot be, the totals are hidden, or the years keep what was published."""
    try:
        return issue(facts, before)
    except ConflictError as conflict:
        years = [int(one.year) for one in conflict.conflicts]
    if chance.random() < 0.5:
        try:
            return issue(facts, before, Choices(hide_totals=True, reason="Kleine aanvulling."))
        except ConflictError as conflict:
            years += [int(one.year) for one in conflict.conflicts]
    return issue(facts.keeping(dict.fromkeys(years, before[-1].earlier.extract)), before)
