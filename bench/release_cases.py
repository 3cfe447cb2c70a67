"""Made-up closed cases for a release, with something to count, and to hide, in every table of deaths.

They are stored as the register leaves a closed case, with history and trail, in seconds; the Connecticut file goes the
whole way of import and review instead (``connecticut_cases``).
"""

import time
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from random import Random

from bench import over_time
from bench.connecticut_cases import BENCH
from register.audit import acting_as
from register.models import Municipality
from register.reporting import items
from register.reporting.codelists import UNKNOWN
from tests.integration.reporting.closed_cases import Closed, people, store

BATCH = 1_000
SECTIONS = ("Circumstances", "History")
ANSWERED, MATCHED = 0.7, 0.8


def fill(number: int, years: Sequence[int]) -> float:
    """Store so many cases, as many in each year as in another; the seconds that it took."""
    chance, started = Random(over_time.SEED), time.perf_counter()
    with acting_as(BENCH):
        people()
    places = list(Municipality.objects.order_by("code").values_list("code", flat=True))
    for start in range(0, number, BATCH):
        each = range(start, min(start + BATCH, number))
        store(_case(chance, years[one % len(years)], places) for one in each)
    return time.perf_counter() - started


def _case(chance: Random, year: int, places: Sequence[str]) -> Closed:
    death, month = over_time.death(chance, year), chance.randrange(12) + 1
    return Closed(
        day=date(year, month, chance.randrange(monthrange(year, month)[1]) + 1),
        sex=death.sex,
        age=death.age,
        substances=death.substances,
        definitions=death.definitions,
        tox=_known(death.tox),
        intent=_known(death.intent),
        cbs="found" if chance.random() < MATCHED else "not_found",
        place=_known(death.place),
        municipality=places[min(int(chance.expovariate(0.02)), len(places) - 1)],
        answers={section: _answers(chance, section) for section in SECTIONS},
    )


def _answers(chance: Random, section: str) -> dict[str, object]:
    asked = [item for item in items.circumstances() if item.model == section and chance.random() < ANSWERED]
    answers = {item.field: chance.choice(item.answers) for item in asked}
    return {item.field: [answers[item.field]] if item.several else answers[item.field] for item in asked}


def _known(code: str) -> str | None:
    return None if code == UNKNOWN else code
