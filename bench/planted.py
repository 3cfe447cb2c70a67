"""Deaths of the Connecticut file as profiles, and copies of them as a second report would differ.

The file is open data of a US state and no part of the project; ``REGISTER_REFERENCE_DIR`` says where it stands. Every
pair of deaths in it counts as two deaths, so what agrees by chance counts against the score.
"""

import csv
import os
import random
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

from register.casework.importing import mapping
from register.casework.importing.substances import named_in
from register.coding import catalogue
from register.coding.recognition import Recogniser
from register.quality.likeness import Profile, likeness, shares_near

FILE = "connecticut_drug_deaths_2012_2019.csv"
REFERENCE = Path(os.environ.get("REGISTER_REFERENCE_DIR", Path(__file__).resolve().parents[2] / "shared" / "reference"))
KINDS = (
    "exact",
    "date off by one",
    "age off by one, municipality changed",
    "substance list differs",
)
SEED = 20_120_101


@dataclass(frozen=True, slots=True)
class Planted:
    """One copy, at ``copy`` among the profiles, of the death at ``original``."""

    kind: str
    original: int
    copy: int


def deaths() -> list[Profile]:
    """Every row of the file: the town stands for the municipality and the county for the region.

    The substances are those that an import of the file records.
    """
    plan, shipped = mapping.load("connecticut").substances, catalogue.load()
    recogniser = Recogniser(shipped)
    with (REFERENCE / FILE).open(encoding="utf-8-sig", newline="") as file:
        return [
            _profile(row, frozenset(named.code for named in named_in(row, plan, recogniser, shipped)))
            for row in csv.DictReader(file)
        ]


def _profile(row: dict[str, str], substances: frozenset[str]) -> Profile:
    day = datetime.strptime(row["Date"], "%m/%d/%Y").replace(tzinfo=UTC).date()
    return Profile(
        died_from=day,
        died_to=day,
        sex=row["Sex"],
        age=int(row["Age"]) if row["Age"] else None,
        municipality=row["Death City"],
        region=row["Death County"] or row["Injury County"] or row["Residence County"],
        substances=substances,
    )


def plant(profiles: Sequence[Profile], *, each: int, seed: int = SEED) -> tuple[list[Profile], list[Planted]]:
    """The profiles with ``each`` copies of every kind behind them, and which they are. The same for the same seed.

    The other municipality is one of any region, drawn as often as deaths happen there.
    """
    chance = random.Random(seed)
    whole = [place for place, one in enumerate(profiles) if one.age is not None and one.sex and one.municipality]
    originals = chance.sample([place for place in whole if profiles[place].substances], each * len(KINDS))
    everything, planted = list(profiles), []
    for place, original in enumerate(originals):
        kind = KINDS[place % len(KINDS)]
        planted.append(Planted(kind, original, len(everything)))
        everything.append(_copy(profiles[original], kind, profiles, chance))
    return everything, planted


def _copy(one: Profile, kind: str, profiles: Sequence[Profile], chance: random.Random) -> Profile:
    if kind == KINDS[1]:
        assert one.died_from
        day = one.died_from + timedelta(days=chance.choice((-1, 1)))
        return replace(one, died_from=day, died_to=day)
    if kind == KINDS[2]:
        assert one.age is not None
        elsewhere = [other for other in profiles if other.municipality not in ("", one.municipality)]
        place = chance.choice(elsewhere)
        age = one.age + chance.choice((-1, 1))
        return replace(one, age=age, municipality=place.municipality, region=place.region)
    if kind == KINDS[3]:
        return replace(one, substances=_other_substances(one.substances, profiles, chance))
    return one


def _other_substances(codes: frozenset[str], profiles: Sequence[Profile], chance: random.Random) -> frozenset[str]:
    """One substance fewer, one more, or another in its place; never none. What comes is as common as in the file."""
    coming = [code for other in chance.sample(profiles, 50) for code in sorted(other.substances - codes)]
    left = chance.choice(sorted(codes))
    change = chance.choice(("fewer", "more", "other") if len(codes) > 1 else ("more", "other"))
    kept = codes if change == "more" else codes - {left}
    return kept if change == "fewer" else kept | {chance.choice(coming)}


def score_all(profiles: Sequence[Profile]) -> dict[tuple[int, int], float]:
    """The score of every pair of places that are at most two days apart, as the register would give it."""
    by_day: dict[date, list[int]] = {}
    for place, one in enumerate(profiles):
        if one.died_from:
            by_day.setdefault(one.died_from, []).append(place)
    shares = {year: shares_near(profiles, year) for year in {day.year for day in by_day}}
    found = {}
    for day, places in by_day.items():
        near = [other for apart in range(3) for other in by_day.get(day + timedelta(days=apart), ())]
        for one, other in product(places, near):
            if one < other or profiles[one].died_from != profiles[other].died_from:
                last = max(profiles[one].died_from or day, profiles[other].died_from or day)
                scored = likeness(profiles[one], profiles[other], shares[last.year])
                found[min(one, other), max(one, other)] = scored.score
    return found


def measured(found: Collection[tuple[int, int]], planted: Sequence[Planted]) -> tuple[float, float, dict[str, float]]:
    """Recall, precision, and the recall of each kind."""
    pairs = {(one.original, one.copy): one.kind for one in planted}
    right = set(found) & set(pairs)
    by_kind = {kind: sum(pairs[pair] == kind for pair in right) / list(pairs.values()).count(kind) for kind in KINDS}
    return len(right) / len(pairs), len(right) / max(len(set(found)), 1), by_kind


def number_of(town: str) -> int:
    """A number for a town, the same in every run."""
    return zlib.crc32(town.encode()) % 100_000_000
