"""Protect the reference tables from their folders, with certificates, beside what other tools make of them.

Run: make bench-disclosure, or ARGS="A C" for some; ARGS="D:eliminate" for a method by name, "A:exact:cells" for prices
too. E, F and G are made with a seed, and only when they are named. Needs the reference data (REGISTER_REFERENCE_DIR).
"""

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal, cast

import numpy as np

from bench import disclosure_generator
from bench.disclosure_instance import REFERENCE
from register.disclosure.arrays import Flags
from register.disclosure.audit import exposed
from register.disclosure.instances import Instance, read_instance
from register.disclosure.lattice import Lattice, lattice
from register.disclosure.moves import Demand
from register.disclosure.single import Hidden, Promise, prices, protect_single
from register.disclosure.single_files import certificate_of, protected_table
from register.disclosure.single_search import Method, Task, asking
from register.disclosure.verdict import verify_files

PEERS = {
    "A": "GaussSuppression 182 / 1,946, 0 + 14 exact; tau-ARGUS family 162 / 1,801, 141 + 35 exact",
    "B": "GaussSuppression 380 / 3,675, 0 exact; tau-ARGUS family 230 / 2,143, 926 exact",
    "C": "GaussSuppression 1,091 / 11,709, 0 exact; tau-ARGUS family 617 / 6,008, 2,166 exact",
    "D": "GaussSuppression 2,115 / 27,441, 0 + 50 exact",
    "E": "GaussSuppression 3,518 / 49,047, not audited",
}
DEFAULT = "ABCD"
Cost = Literal["cells", "counts", "level"]
ATTACKED = 6_000  # unknowns up to which the attack over real numbers is run as well; the certificate proves the rest


def measure(name: str, promise: Promise) -> None:
    """Print one line for an instance: the pattern, the proof and the time, in wall seconds and processor seconds."""
    reference = REFERENCE / "disclosure"
    if not (reference / DEFAULT[0]).is_dir():
        print(f"{name}: skipped, {reference} is not there")
        return
    with tempfile.TemporaryDirectory() as made:
        large = name in disclosure_generator.SHAPES
        _measure(disclosure_generator.write(name, reference, Path(made)) if large else reference / name, promise)


def _measure(folder: Path, promise: Promise) -> None:
    name = folder.name
    instance = read_instance(folder)
    if promise.method == "modular":
        _choose(instance, promise)
    wall, cpu = time.perf_counter(), time.process_time()
    found = protect_single(instance, promise)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if not isinstance(found, Hidden):
        print(f"{name}: not protected; {found.reasons[0][1]}")
        return
    cells = found.lattice
    secondary, lost = found.secondary
    with tempfile.TemporaryDirectory() as place:
        protected, certificate = Path(place, "protected.csv"), Path(place, "certificate.json")
        protected.write_bytes(protected_table(instance, found))
        certificate.write_bytes(certificate_of(instance, found, promise, protected.read_bytes()))
        start = time.process_time()
        reasons = verify_files(folder, protected, certificate)
        verified, size = time.process_time() - start, certificate.stat().st_size
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name} ({promise.method}): {int(cells.weight[found.small].sum())} small, {secondary} secondary, {lost} lost,"
        f" {wall:.1f} s ({cpu:.1f} s of processor);"
        f" {len(found.moves)} alternatives, {size // 1024} KiB, verified: {not reasons} ({verified:.2f} s);"
        f" {memory} MB",
        flush=True,
    )
    if found.bound:
        print(f"   price {found.price:.2f}; no safe pattern costs less than {found.bound:.2f}", flush=True)
    if cells.size <= ATTACKED:
        _attack(found)
    print(f"   others: {PEERS.get(name, 'none known')}", flush=True)


def _choose(instance: Instance, promise: Promise) -> None:
    """Print what elimination modulo a prime hides, before it is repaired, and what is computable then."""
    cells = lattice(instance, zeros_shown=True)
    system = cells.unknowns(np.zeros(cells.size, dtype=bool))
    small, price = system.primary(promise.threshold), prices(cells, promise)
    start = time.process_time()
    task = Task(system, small, promise.ends(cells.values, small), price, Demand(), cells.members(), cells.leaves())
    targets = task.asked.targets(small, task.fixed)
    others = list(task.asked.choose(asking(task), targets, system.forced))
    took = time.process_time() - start
    hidden = np.zeros(cells.size, dtype=bool)
    hidden[[*small.tolist(), *others]] = True
    print(
        f"{len(small)} small unknowns and {len(targets.cells) - len(small)} sums asked for; before repair"
        f" {int(cells.weight[others].sum())} secondary, {int((cells.weight * cells.values)[others].sum())} lost,"
        f" {took:.2f} s of processor"
    )
    _attacked(cells, hidden)


def _attack(found: Hidden) -> None:
    _attacked(found.lattice, found.hidden)


def _attacked(cells: Lattice, hidden: Flags) -> None:
    start = time.process_time()
    system = cells.unknowns(np.zeros(cells.size, dtype=bool))
    exact, sure = (
        [int(cells.weight[flags[level]].sum()) for level in ("A1", "A2")]
        for flags in exposed(system, hidden, Promise().threshold, cells.lines())
    )
    print(
        f"   exact A1 {exact[0]}, A2 {exact[1]}; confined A1 {sure[0]}, A2 {sure[1]}"
        f" (audit {time.process_time() - start:.1f} s of processor)"
    )


if __name__ == "__main__":
    for chosen in sys.argv[1:] or DEFAULT:
        called, by, price, *_ = *chosen.split(":"), "", ""
        measure(called, Promise(method=cast("Method", by or "auto"), cost=cast("Cost", price or "level")))
