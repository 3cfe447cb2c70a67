"""Three releases of instance A with late corrections: protected beside each other, and each on its own for comparison.

Run: python -m bench.disclosure_history, or with the names of some corrections. Needs the reference data.
"""

import sys
import time
from collections import Counter
from itertools import pairwise
from random import Random

from bench.disclosure_instance import cube
from register.disclosure import Cell, CellKey, Count, Policy, Suppressed, System, Table, build
from register.disclosure.aliases import unknowns
from register.disclosure.attack import determined
from register.disclosure.audit import hidden_unknowns
from register.disclosure.history import Between, Entry, Infeasible, at_release, entries, protect_next, stack

SEED = 20260110
CORRECTIONS = {"+5/-2": (5, 2), "+20": (20, 0), "+60": (60, 0)}  # deaths added and removed
POLICY = Policy()
Cells = dict[CellKey, Cell]


def corrected(counts: Counter[tuple[str, ...]], added: int, removed: int, chance: Random) -> Counter[tuple[str, ...]]:
    """Add deaths whose codes are drawn one by one from those of other deaths, and remove some."""
    deaths = sorted(counts.elements())
    gone = Counter(chance.sample(deaths, removed))
    new = Counter(tuple(chance.choice(deaths)[axis] for axis in range(len(deaths[0]))) for _ in range(added))
    return Counter({at: count for at, count in (counts - gone + new).items() if count})


def told(systems: list[System], releases: list[Cells], between: Between) -> tuple[int, int, int]:
    """Return small differences published, and small counts and small changes computable over real numbers."""
    shown = 0
    for before, after in pairwise(releases):
        pairs = [(before[key], after[key]) for key in before]
        shown += sum(
            isinstance(a, Count) and isinstance(b, Count) and 0 < abs(a.value - b.value) < POLICY.threshold
            for a, b in pairs
        )
    system = stack(systems, [between] * (len(systems) - 1), POLICY.threshold)
    joined = unknowns(system, POLICY)
    secret = {
        at_release(k, n) for n, cells in enumerate(releases, 1) for k, cell in cells.items() if cell == Suppressed()
    }
    small = joined.primary(POLICY.threshold)
    known = determined(joined, hidden_unknowns(system, joined, secret), POLICY.attacker)[small]
    counts = joined.printed[small]
    return shown, int((known & counts).sum()), int((known & ~counts).sum())


def hidden(cells: Cells) -> int:
    """Return how many rows of the table are hidden, equal ones included."""
    return sum(cell == Suppressed() for cell in cells.values())


def measure(name: str) -> None:
    """Print per release what is hidden jointly and alone, and what three releases together tell."""
    added, removed = CORRECTIONS[name]
    between = Between(only_added=not removed)
    first = cube("A")
    chance = Random(SEED)
    counts = Counter(first.counts)
    systems: list[System] = []
    ledger: list[Entry] = []
    joint: list[Cells] = []
    alone: list[Cells] = []
    for number in (1, 2, 3):
        if number > 1:
            counts = corrected(counts, added, removed, chance)
        systems.append(build([Table("A", "A", first.dimensions, counts)]))
        start = time.process_time()
        found = protect_next(systems, ledger, [between] * (number - 1), POLICY)
        took = time.process_time() - start
        if isinstance(found, Infeasible):
            print(f"{name}, release {number}: {len(found.reasons)} conflicts; {found.reasons[0].en} ({took:.1f} s)")
            return
        single = protect_next(systems[-1:], [], [], POLICY) if number > 1 else found
        assert not isinstance(single, Infeasible)
        joint.append(dict(found.cells))
        alone.append(dict(single.cells))
        ledger += entries(number, found.cells)
        print(
            f"{name}, release {number}: {hidden(joint[-1])} rows hidden (alone {hidden(alone[-1])}), of which"
            f" {len(found.withheld)} published before; {took:.1f} s of processor",
            flush=True,
        )
        if number == 1:
            continue
        for kind, releases in (("beside each other", joint), ("each alone", alone)):
            shown, exact, changes = told(systems, releases, between)
            print(
                f"   {kind}: {shown} small differences published; computable: {exact} small counts, {changes} changes",
                flush=True,
            )


if __name__ == "__main__":
    for chosen in sys.argv[1:] or CORRECTIONS:
        measure(chosen)
