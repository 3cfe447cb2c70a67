"""Recall and precision of possible duplicates with 500 planted ones among real deaths, and how long a search takes.

Run by ``make bench ARGS=duplicates``. The deaths go through the tables of the register: candidates come from its SQL,
the shares from its counts. The folder ``REGISTER_REFERENCE_DIR`` says where the Connecticut file stands.
"""

import os
import statistics
import time
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.utils import timezone  # noqa: E402

from bench import planted, processor, worklist  # noqa: E402
from bench.planted import KINDS, Planted  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.casework.duplicates import finding  # noqa: E402
from register.models import (  # noqa: E402
    Case,
    Death,
    Decedent,
    DuplicatePair,
    ForensicService,
    Municipality,
    Region,
    SuspectedSubstance,
    User,
)
from register.quality.likeness import Profile, weights  # noqa: E402

EACH, SEEDS = 125, (planted.SEED, planted.SEED + 1, planted.SEED + 2)
BATCH, LOOKS = 2_000, 50
# As many years further on as the file is long, so that copies of it do not lie beside each other.
COPIES, YEARS = 8, 9


def main() -> None:
    """The score on three plantings in memory, the first of them through the database, then the time at 50,000 cases."""
    if not (planted.REFERENCE / planted.FILE).is_file():
        print("The Connecticut file is not here: set REGISTER_REFERENCE_DIR to its folder.")
        return
    deaths = planted.deaths()
    for seed in SEEDS:
        everything, copies = planted.plant(deaths, each=EACH, seed=seed)
        scores = planted.score_all(everything)
        for least in (weights()["possible"], weights()["probable"]):
            found = {pair for pair, score in scores.items() if score >= least}
            _say(f"seed {seed}, {least:.2f} and more", found, copies)
    everything, copies = planted.plant(deaths, each=EACH)
    with acting_as("system:bench"):
        by = User.objects.create_user("bench.duplicates", role="physician", region_id="GG3406")
    keys = _store(everything, by, years=0)
    _all(keys)
    _say("through the database", _stored_pairs(keys), copies)
    for copy in range(1, COPIES):
        keys += _store(everything, by, years=copy * YEARS)
    worklist.analyse()
    _time(keys)


def _say(what: str, found: set[tuple[int, int]], copies: Sequence[Planted]) -> None:
    recall, precision, by_kind = planted.measured(found, copies)
    kinds = ", ".join(f"{kind} {by_kind[kind]:.3f}" for kind in KINDS)
    print(f"{what}: recall {recall:.3f}, precision {precision:.3f}, pairs {len(found)} ({kinds})")


def _stored_pairs(keys: Sequence[UUID]) -> set[tuple[int, int]]:
    place = {key: number for number, key in enumerate(keys)}
    with acting_as("system:bench"):
        pairs = DuplicatePair.objects.filter(state="open").values_list("first_id", "second_id")
        return {(min(place[a], place[b]), max(place[a], place[b])) for a, b in pairs}


def _store(profiles: Sequence[Profile], by: User, *, years: int) -> list[UUID]:
    """The profiles as submitted cases, ``years`` later."""
    regions = _places(profiles)
    keys: list[UUID] = []
    for start in range(0, len(profiles), BATCH):
        some = profiles[start : start + BATCH]
        with acting_as("system:bench"):
            cases = [
                Case(
                    case_number=f"{2100 + years}-{start + number:06}",
                    region_id=regions.get(one.region, "GG3406"),
                    forensic_service=_service(),
                    reporter=by,
                    status="submitted",
                    submitted_at=timezone.now(),
                )
                for number, one in enumerate(some)
            ]
            Case.objects.create_many(cases)
            both = list(zip(cases, some, strict=True))
            Death.objects.create_many([_death(case, one, years) for case, one in both])
            Decedent.objects.create_many(
                [Decedent(case=case, sex=one.sex.lower() or None, age_years=one.age) for case, one in both]
            )
            SuspectedSubstance.objects.create_many(
                [
                    SuspectedSubstance(case=case, substance_id=code, reported_as=code)
                    for case, one in both
                    for code in sorted(one.substances)
                ]
            )
            keys += [case.pk for case in cases]
    return keys


def _death(case: Case, one: Profile, years: int) -> Death:
    assert one.died_from
    day = date.fromordinal(one.died_from.toordinal() + years * 365)
    town = _code(one.municipality) if one.municipality else None
    return Death(case=case, date_of_death_from=day, date_of_death_to=day, death_municipality_id=town)


def _code(town: str) -> str:
    return f"CT{planted.number_of(town):08}"


def _service() -> ForensicService:
    return ForensicService.objects.get(region_id="GG3406")


def _places(profiles: Sequence[Profile]) -> dict[str, str]:
    """A Dutch region for each county, and a municipality for each town."""
    counties = sorted({one.region for one in profiles if one.region})
    codes = list(Region.objects.order_by("code").values_list("code", flat=True))
    towns = {_code(one.municipality): one.municipality for one in profiles if one.municipality}
    Municipality.objects.bulk_create(
        [
            Municipality(code=code, name=town[:80], region_id=codes[0], safety_region="", province_code="", province="")
            for code, town in towns.items()
        ],
        ignore_conflicts=True,
    )
    return {county: codes[number % len(codes)] for number, county in enumerate(counties)}


def _time(keys: Sequence[UUID]) -> None:
    """How long one case takes with all of them there, and all of them at once."""
    rounds, before = [], processor.used()
    for key in keys[:: max(len(keys) // LOOKS, 1)]:
        started = time.perf_counter()
        finding.look(case_id=key)
        rounds.append((time.perf_counter() - started) * 1000)
    own, database = (1000 * seconds / len(rounds) for seconds in processor.since(before))
    rounds.sort()
    print(
        f"one case among {len(keys):,}: median {statistics.median(rounds):.0f} ms,"
        f" slowest of {len(rounds)} {rounds[-1]:.0f} ms, processors {own:.0f} ms and the database {database:.0f} ms"
    )
    _all(keys)


def _all(keys: Sequence[UUID]) -> None:
    started, before = time.perf_counter(), processor.used()
    found, spent = finding.look_at_all(), time.perf_counter() - started
    own, database = processor.since(before)
    print(
        f"all {len(keys):,}: {found.compared:,} pairs compared, {found.open:,} alike, in {spent:.1f} s,"
        f" processors {own:.1f} s and the database {database:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
