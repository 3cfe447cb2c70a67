"""Round the reference tables instead of hiding: small counts on A, C and D, every cell on A, and the time it takes.

Run: python -m bench.disclosure_rounding. Needs the reference data (REGISTER_REFERENCE_DIR).
"""

import time

import numpy as np

from bench.disclosure_instance import REFERENCE
from register.disclosure.controlled import Controlled, round_controlled
from register.disclosure.instances import read_instance
from register.disclosure.lattice import lattice
from register.disclosure.rounding import round_instance

OTHERS = {"A": 6, "C": 8, "D": 15}  # SmallCountRounding, base 5


def small(name: str, base: int) -> None:
    """Print the largest deviation of small count rounding."""
    instance = read_instance(REFERENCE / "disclosure" / name)
    wall, cpu = time.perf_counter(), time.process_time()
    found = round_instance(instance, base)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    other = f", other tool {OTHERS[name]}" if base == 5 else ""
    print(f"{name} base {base}: largest {found.largest}{other}; {found.changed} leaves; {wall:.2f} s ({cpu:.2f} s)")


def controlled(name: str, base: int) -> None:
    """Print what controlled rounding of every cell comes to."""
    cells = lattice(read_instance(REFERENCE / "disclosure" / name), zeros_shown=True)
    wall, cpu = time.perf_counter(), time.process_time()
    found = round_controlled(cells.unknowns(np.zeros(cells.size, dtype=bool)), base)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    told = (
        f"deviation {found.deviation} in all (at least {found.least:.0f}), largest {found.largest}"
        if isinstance(found, Controlled)
        else found.en
    )
    print(f"{name} base {base}, every cell: {told}; {wall:.2f} s ({cpu:.2f} s)")


if __name__ == "__main__":
    for chosen in OTHERS:
        for multiple in (5, 3):
            small(chosen, multiple)
    controlled("A", 5)
    controlled("A", 3)
