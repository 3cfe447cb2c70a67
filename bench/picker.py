"""Suggestions of the substance picker with 2,000 substances and 10,000 other names: time of a request and of its parts.

Run by ``make bench ARGS=picker``. Each word is asked as a browser asks it, signed in, with the access log and the
session. Beside it stand the help page, which holds no more than the frame of every page, and a bare search of the same
names with LIKE, which knows no misspelling and gives no reason. The time of the processor tells what other work on the
machine does not.
"""

import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.worklist import people  # noqa: E402
from register.audit import acting_as  # noqa: E402
from register.casework import reference, suggestions  # noqa: E402
from register.coding import lookup  # noqa: E402
from register.models import Case, ForensicService, Substance, SubstanceSynonym, SuspectedSubstance, User  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

SUBSTANCES, SYNONYMS, CASES, ROUNDS = 2_000, 10_000, 2_000, 20
BEGINNINGS = (
    *("para", "ortho", "meta", "fluor", "chloor", "broom", "methyl", "ethyl"),
    *("acetyl", "butyr", "furan", "hydroxy", "desmethyl", "nor", "iso", "N-pyrrolidino"),
)
MIDDLES = ("am", "bu", "ca", "di", "fe", "ke", "lo", "mo", "ni", "ox", "pa", "ro", "se", "ti", "va", "zo")
ENDINGS = (
    *("fentanyl", "nitazeen", "amfetamine", "cathinon", "zolam"),
    *("zepam", "ketamine", "indol", "morfine", "pyrrolidine"),
)
WORDS = (
    "ke",
    "fent",
    "keta",
    "3mmc",
    "xtc",
    "kokaine",
    "amfetmine",
    "desmethyl",
    "fluorfentanil",
    "2-fma xyz",
    "qqqqqq",
)


def main() -> None:
    """Fill the catalogue and print one line for each word."""
    physician, _reviewer = people()
    with acting_as(physician):
        fill(physician)
    print(
        f"{Substance.objects.count():,} substances, {SubstanceSynonym.objects.count():,} other names, {CASES:,} cases"
    )
    started = time.perf_counter()
    suggestions.search("keta", by=physician)
    print(f"first search after a change of the catalogue: {(time.perf_counter() - started) * 1000:.0f} ms")
    client = Client()
    sign_in(client, physician)
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _measure(client, physician)


def _measure(client: Client, physician: User) -> None:
    url, help_page, catalogue = reverse("physician:suggest"), reverse("help"), reference.current().catalogue
    print(f"{'word':14} {'ms':>7} {'CPU ms':>7} {'matching':>9} {'help page':>10} {'ratio':>6} {'LIKE':>6}")
    everything: list[float] = []
    busy: list[float] = []
    for word in WORDS:
        request, cpu = _times(lambda word=word: client.post(url, {"term": word}))  # type: ignore[misc]
        _, matching = _times(lambda word=word: lookup.search(word, catalogue, suggestions.MOST))  # type: ignore[misc]
        frame, _ = _times(lambda: client.get(help_page))
        bare, _ = _times(lambda word=word: _bare(word))  # type: ignore[misc]
        everything += request
        busy += cpu
        middle, beside = statistics.median(request), statistics.median(frame)
        print(
            f"{word:14} {middle:>7.1f} {statistics.median(cpu):>7.1f} {statistics.median(matching):>9.1f}"
            f" {beside:>10.1f} {middle / beside:>6.2f} {statistics.median(bare):>6.1f}"
        )
    print(f"all words: p95 {_p95(everything):.1f} ms, {_p95(busy):.1f} ms of the processor")
    for name, work in (
        ("is the catalogue unchanged", reference.current),
        ("what the region used lately", lambda: suggestions.lately(physician)),
    ):
        print(f"{name}: {statistics.median(_times(work)[0]):.1f} ms")


def fill(physician: User) -> None:
    """Names made of chemical parts, alike as those of new substances are, and cases of the region."""
    draw = random.Random(4)
    group = Substance.objects.get(pk="ketamine").group_id
    made: dict[str, str] = {}
    while len(made) < SUBSTANCES - Substance.objects.count():
        name = _name(draw)
        made.setdefault(name.lower(), name)
    Substance.objects.bulk_create(
        [Substance(code=f"x-{code}"[:40], name_nl=name, name_en=name, group_id=group) for code, name in made.items()],
        ignore_conflicts=True,
    )
    codes = [code for code in Substance.objects.values_list("code", flat=True) if code.startswith("x-")]
    kinds = ("street", "brand", "abbreviation", "spelling", "chemical")
    missing = SYNONYMS - SubstanceSynonym.objects.count()
    SubstanceSynonym.objects.bulk_create(
        [
            SubstanceSynonym(substance_id=draw.choice(codes), text=_name(draw), kind=draw.choice(kinds), language="nl")
            for _ in range(missing)
        ],
        ignore_conflicts=True,
    )
    service = ForensicService.objects.get(region_id="GG3406")
    cases = [
        Case(
            case_number=f"9998-{number:06}",
            region_id="GG3406",
            forensic_service=service,
            reporter=physician,
            status="submitted",
        )
        for number in range(CASES)
    ]
    Case.objects.create_many(cases)
    SuspectedSubstance.objects.create_many(
        [SuspectedSubstance(case=case, substance_id=draw.choice(codes), reported_as="x") for case in cases]
    )


def _name(draw: random.Random) -> str:
    parts = [draw.choice(BEGINNINGS), *draw.choices(MIDDLES, k=draw.randint(1, 3)), draw.choice(ENDINGS)]
    return f"{draw.randint(2, 6)}-{''.join(parts)}"


def _bare(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.code FROM register_substance s LEFT JOIN register_substancesynonym n ON n.substance_id = s.code"
            " WHERE lower(s.name_nl) LIKE %s OR lower(n.text) LIKE %s LIMIT 8",
            [f"%{word.lower()}%"] * 2,
        )
        cursor.fetchall()


def _times(work: Callable[[], Any]) -> tuple[list[float], list[float]]:
    """Milliseconds of several rounds, by the clock and of the processor."""
    clock, processor = [], []
    for _ in range(ROUNDS):
        started, busy = time.perf_counter(), time.process_time()
        work()
        clock.append((time.perf_counter() - started) * 1000)
        processor.append((time.process_time() - busy) * 1000)
    return clock, processor


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
