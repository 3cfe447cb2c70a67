"""Protect the reference tables from their folders, with certificates, beside what other tools make of them.

Run: make bench-disclosure, or ARGS="A C" for some. Needs the reference data (REGISTER_REFERENCE_DIR).
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.disclosure_instance import REFERENCE
from register.disclosure.audit import exposed
from register.disclosure.instances import read_instance
from register.disclosure.single import Hidden, Promise, protect_single
from register.disclosure.single_files import certificate_of, protected_table
from register.disclosure.verify_files import verify_files

PEERS = {
    "A": "GaussSuppression 182 / 1,946, 0 + 14 exact; tau-ARGUS family 162 / 1,801, 141 + 35 exact",
    "B": "GaussSuppression 380 / 3,675, 0 exact; tau-ARGUS family 230 / 2,143, 926 exact",
    "C": "GaussSuppression 1,091 / 11,709, 0 exact; tau-ARGUS family 617 / 6,008, 2,166 exact",
    "D": "GaussSuppression 2,115 / 27,441, 0 + 50 exact",
}


def measure(name: str) -> None:
    """Print one line for an instance: the pattern, the proof and the time, in wall seconds and processor seconds."""
    folder = REFERENCE / "disclosure" / name
    if not folder.is_dir():
        print(f"{name}: skipped, {folder} is not there")
        return
    instance = read_instance(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    found = protect_single(instance, Promise())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if not isinstance(found, Hidden):
        print(f"{name}: not protected; {found.reasons[0][1]}")
        return
    cells = found.lattice
    secondary, lost = found.secondary
    with tempfile.TemporaryDirectory() as place:
        protected, certificate = Path(place, "protected.csv"), Path(place, "certificate.json")
        protected.write_bytes(protected_table(instance, found))
        certificate.write_bytes(certificate_of(instance, found, Promise(), protected.read_bytes()))
        start = time.process_time()
        reasons = verify_files(folder, protected, certificate)
        verified, size = time.process_time() - start, certificate.stat().st_size
    start = time.process_time()
    system = cells.unknowns(np.zeros(cells.size, dtype=bool))
    exact, sure = (
        [int(cells.weight[flags[level]].sum()) for level in ("A1", "A2")]
        for flags in exposed(system, found.hidden, Promise().threshold, cells.lines())
    )
    audited = time.process_time() - start
    print(
        f"{name}: {int(cells.weight[found.small].sum())} small, {secondary} secondary, {lost} lost, {wall:.1f} s"
        f" ({cpu:.1f} s of processor); exact A1 {exact[0]}, A2 {exact[1]}; confined A1 {sure[0]}, A2 {sure[1]}"
        f" (audit {audited:.1f} s);"
        f" {len(found.moves)} alternatives, {size // 1024} KiB, verified: {not reasons} ({verified:.2f} s)"
    )
    print(f"   others: {PEERS[name]}", flush=True)


if __name__ == "__main__":
    for chosen in sys.argv[1:] or sorted(PEERS):
        measure(chosen)
