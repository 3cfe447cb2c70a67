"""A release of 6,304 made-up deaths beside an earlier one: unchanged, and with late deaths. Processor seconds.

Run: python -m bench.over_time. Needs no database and no reference data.
"""

import time
from collections import Counter
from random import Random

from register.coding import catalogue
from register.coding.settings import DEFAULT
from register.disclosure import Policy
from register.reporting import codelists, items
from register.reporting.codelists import NOTIFIED
from register.reporting.extract import Area, Death, Extract, Tally, catalogue_of
from register.reporting.formats import Row
from register.reporting.over_time import Earlier, Published
from register.reporting.protect import ProtectedRelease, protected_release
from register.reporting.uncollected import uncollected

SEED = 7
YEARS = range(2012, 2020)
SIZES = dict(zip(YEARS, (400, 400, 552, 630, 788, 1024, 1160, 1350), strict=True))
LATE = {2019: 60, 2018: 10, 2017: 6}
COMMON = ("heroin", "cocaine", "fentanyl", "ethanol", "oxycodone", "mdma", "ghb", "alprazolam", "diazepam", "methadone")
AREAS = tuple(Area(f"GG{1000 + n}", f"GGD {n}", f"PV{20 + n // 3}", f"Provincie {n // 3}") for n in range(25))
POLICY = Policy()


def main() -> None:
    """Print a line for each of three releases."""
    chance = Random(SEED)
    deaths = [death(chance, year) for year, size in SIZES.items() for _ in range(size)]
    facts = extract_of(deaths)
    first = measured("alone", facts, [])
    earlier = Earlier("r1", facts, "nl_broad", YEARS, POLICY.threshold, published(first))
    measured("beside it, unchanged", facts, [earlier])
    late = [death(chance, year) for year, size in LATE.items() for _ in range(size)]
    measured(f"beside it, {len(late)} late deaths", extract_of([*deaths, *late]), [earlier])


def measured(name: str, facts: Extract, earlier: list[Earlier]) -> ProtectedRelease:
    """Count, protect and prove; print what it took and what is hidden."""
    started = time.process_time()
    with uncollected():
        made = protected_release(facts, definition="nl_broad", years=YEARS, policy=POLICY, earlier=earlier)
    taken = time.process_time() - started
    beside = made.report.get("over_time", {"withheld": 0, "changes": 0})
    print(
        f"{name}: {taken:.1f} s; {made.report['hidden']} of {made.report['cells']} cells hidden, of which"
        f" {beside['withheld']} published before; {beside['changes']} small changes guarded",
        flush=True,
    )
    return made


def published(made: ProtectedRelease) -> Published:
    """What the ledger would say of a release."""
    found = {}
    for table in made.tables.values():
        for row in table.rows:
            key = table.design.key(row.definition, row.measure, row.period, row.at)
            if row.measure in table.design.counts and key is not None:
                found[key] = _value(row)
    return found


def _value(row: Row) -> int | None:
    value = getattr(row.cell, "value", None)
    return int(value) if value is not None else None


def death(chance: Random, year: int) -> Death:
    """One made-up death."""
    found = set[str]()
    for _ in range(chance.choice((1, 1, 2, 2, 3, 4))):
        found.add(chance.choice(COMMON) if chance.random() < 0.95 else chance.choice(SUBSTANCES))
    area = chance.choices(AREAS, [1 + n % 7 for n in range(len(AREAS))])[0]
    role = "sole_cause" if len(found) == 1 else "joint_cause"
    further = [code for code, part in (("sel_b", 0.85), ("sel_d", 0.9)) if chance.random() < part]
    return Death(
        year=year,
        sex="male" if chance.random() < 0.7 else "female",
        age=min(95, max(12, int(chance.gauss(43, 13)))),
        intent=mostly_first(chance, "VS-INTENT"),
        place=mostly_first(chance, "VS-PLACE"),
        province=area.province,
        region=area.region,
        inclusion="confirmed",
        tox=mostly_first(chance, "VS-TOXSTAT"),
        definitions=("nl_broad", *further),
        substances=tuple(sorted((code, role) for code in found)),
    )


def mostly_first(chance: Random, value_set: str) -> str:
    """A code of a value set; the first ones are the most frequent."""
    known = [code.code for code in codelists.values(value_set) if code.code != codelists.TOTAL]
    return known[min(int(chance.expovariate(0.8)), len(known) - 1)]


def extract_of(deaths: list[Death]) -> Extract:
    """The frozen facts of these deaths, with what is counted on its own."""
    told: Counter[tuple[str, str, int, str]] = Counter()
    for number, one in enumerate(deaths):
        chance = Random(f"{SEED} {number}")
        for population in one.definitions:
            told["month", population, one.year, f"M{chance.randrange(12) + 1:02}"] += 1
            told["cbs", population, one.year, "found" if chance.random() < 0.8 else "not_found"] += 1
            for item in items.every():
                if item.answers and chance.random() < 0.7:
                    told[item.code, population, one.year, chance.choice(item.answers)] += 1
                    told[item.code, population, one.year, items.KNOWN] += item.several
            if chance.random() < 0.7:
                told[items.AUTOPSY.code, population, one.year, "yes" if chance.random() < 0.3 else "no"] += 1
    for year in YEARS:
        told["decision", NOTIFIED, year, "open"] += 30
        told["decision", NOTIFIED, year, "suspected"] += 3 + year % 5
    groups = [[one.code, one.name_nl, one.name_en, one.class_, one.rank] for one in SHIPPED.groups.values()]
    substances = [
        [one.code, one.name_nl, one.name_en, one.group, one.euda_group] for one in SHIPPED.substances.values()
    ]
    euda_groups = [[one.code, one.name_nl, one.name_en] for one in SHIPPED.euda_groups.values()]
    return Extract(
        rule_version="1",
        settings=DEFAULT,
        catalogue=catalogue_of(groups, substances, euda_groups),
        deaths=tuple(sorted(deaths)),
        tallies=tuple(sorted(Tally(*at, count) for at, count in told.items())),
        areas=AREAS,
    )


SHIPPED = catalogue.load()
SUBSTANCES = sorted(SHIPPED.substances)

if __name__ == "__main__":
    main()
