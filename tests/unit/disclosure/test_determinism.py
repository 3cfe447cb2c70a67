"""The same counts give the same bytes, in whatever order they come."""

import os
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import Dimension, Policy, Protected, Table, build, certificate, protect
from tests.unit.disclosure.samples import Record, cubes, records, release


def fingerprint(outcome: object) -> tuple[object, bytes]:
    assert isinstance(outcome, Protected)
    assert outcome.dossier is not None
    return outcome.cells, certificate.write(outcome.dossier.claim)


@settings(max_examples=40, deadline=None)
@given(records(most=30), st.randoms(use_true_random=False))
def test_the_order_of_tables_records_and_links_does_not_matter(deaths: list[Record], random: object) -> None:
    tables, links = release(deaths)
    mixed = list(deaths)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    again, relinked = release(mixed)
    again.reverse()
    relinked.reverse()
    assert fingerprint(protect(build(tables, links), Policy())) == fingerprint(
        protect(build(again, relinked), Policy())
    )


@settings(max_examples=40, deadline=None)
@given(cubes())
def test_the_order_of_codes_and_dimensions_does_not_matter(table: Table) -> None:
    turned = tuple(
        Dimension(side.name, side.codes[::-1], tuple((parent, parts[::-1]) for parent, parts in side.sums[::-1]))
        for side in table.dimensions[::-1]
    )
    counts = {codes[::-1]: count for codes, count in reversed(table.counts.items())}
    other = Table(table.name, table.population, turned, counts)
    assert fingerprint(protect(build([table]), Policy())) == fingerprint(protect(build([other]), Policy()))


SCRIPT = """
from register.disclosure import Dimension, Policy, Table, build, certificate, protect
import random
draw = random.Random(7)
sides = tuple(Dimension.flat(name, [f"{name}{n}" for n in range(6)]) for name in "ab")
table = Table("t", "all", sides, {(a, b): draw.randrange(12) for a in sides[0].codes[1:] for b in sides[1].codes[1:]})
print(certificate.digest(protect(build([table]), Policy()).dossier.claim))
"""


def test_another_process_with_another_hash_seed_gives_the_same_certificate_and_prints_nothing_else() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].strip()) == 64
