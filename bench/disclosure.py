"""Protect the tables of a release and attack them; beside it, what hiding by hand would give.

Run: python -m bench.disclosure [T5 release | --cubes]. Needs the reference data (REGISTER_REFERENCE_DIR).
"""

import argparse
import time

import numpy as np

from bench import disclosure_instance as instance
from register.disclosure import Audit, CellKey, Infeasible, Policy, Protected, System, audit, build, explain, protect
from register.disclosure.aliases import Unknowns, unknowns

HEADER = f"{'pattern':34}{'hidden':>8}{'second.':>8}{'cells %':>8}{'counts %':>9}{'A1':>5}{'A2':>5}{'whole':>6}{'s':>7}"


def by_hand(system: System, policy: Policy) -> set[CellKey]:
    """Hide the smallest further cell of every line that has one hidden cell, until no line has just one."""
    joined = unknowns(system, policy)
    hidden = np.zeros(len(joined.values), dtype=bool)
    hidden[joined.primary(policy.threshold)] = True
    rows = [joined.equations[[row]].indices for row in range(joined.equations.shape[0])]
    lines = [row for row in rows if joined.printed[row].all()]
    changed = True
    while changed:
        changed = False
        for line in lines:
            if hidden[line].sum() == 1:
                rest = line[~hidden[line]]
                hidden[rest[np.argmin(joined.values[rest])]] = changed = True
    return _keys(system, joined, hidden)


def small_only(system: System, policy: Policy) -> set[CellKey]:
    """Hide the small counts and nothing else."""
    joined = unknowns(system, policy)
    hidden = np.zeros(len(joined.values), dtype=bool)
    hidden[joined.primary(policy.threshold)] = True
    return _keys(system, joined, hidden)


def _keys(system: System, joined: Unknowns, hidden: np.ndarray) -> set[CellKey]:
    pairs = zip(system.cells, joined.of_cell.tolist(), system.printed, strict=True)
    return {key for key, number, printed in pairs if printed and number >= 0 and hidden[number]}


def show(name: str, system: System, hidden: set[CellKey], policy: Policy, seconds: float) -> Audit:
    """Print one pattern: its cost over all printed cells, and what the attackers compute from it."""
    found = audit(system, hidden, policy)
    pairs = [pair for pair in zip(system.cells, system.values, system.printed, strict=True) if pair[2]]
    second = sum(key in hidden and value >= policy.threshold for key, value, _ in pairs)
    lost = sum(value for key, value, _ in pairs if key in hidden) / max(1, sum(value for _, value, _ in pairs))
    exact = [len(found.exact[level]) for level in ("A1", "A2")]
    print(
        f"{name:34}{len(hidden):8}{second:8}{100 * len(hidden) / len(pairs):8.1f}{100 * lost:9.2f}"
        f"{exact[0]:5}{exact[1]:5}{len(found.whole):6}{seconds:7.2f}"
    )
    return found


def compare(name: str, system: System, policy: Policy) -> Protected | Infeasible:
    """Print the engine beside the two patterns a person might make."""
    small = sum(v > 0 and v < policy.threshold for v, p in zip(system.values, system.printed, strict=True) if p)
    print(f"\n{name}: {sum(system.printed)} printed cells, {small} small, {len(system.equations)} sums,", end=" ")
    print(f"{len(system.inequalities)} inequalities; disclosed cells include differences that nobody prints")
    print(HEADER)
    start = time.perf_counter()
    outcome = protect(system, policy)
    seconds = time.perf_counter() - start
    show("small counts only", system, small_only(system, policy), policy, 0.0)
    show("smallest neighbour, line by line", system, by_hand(system, policy), policy, 0.0)
    if isinstance(outcome, Protected) and outcome.dossier:
        found = show("this engine", system, {*outcome.dossier.primary, *outcome.dossier.secondary}, policy, seconds)
        print(f"every small count has a whole-number alternative, checked without a solver: {found.safe}")
    return outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cubes", action="store_true", help="also the reference cubes A and B")
    arguments = parser.parse_args()
    start = time.perf_counter()
    tables, links = instance.release(instance.deaths(("2012", "2018")))
    read = time.perf_counter()
    system = build(tables, links)
    print(f"read and tabulate {read - start:.2f} s, join into one system {time.perf_counter() - read:.2f} s")
    for policy in (Policy(), Policy(threshold=10)):
        outcome = compare(f"T1-T5, 2012-2018, threshold {policy.threshold}", system, policy)
        if isinstance(outcome, Protected) and outcome.dossier:
            for table, share in sorted(explain(outcome.dossier).tables.items()):
                print(f"  {table}: {share.hidden} of {share.cells} cells, {100 * share.counts_hidden:.1f} % of counts")
    compare("Dutch deaths 2013-2017, two margins", build(instance.dutch()), Policy())
    for name in ("A", "B") if arguments.cubes else ():
        compare(f"reference cube {name}", build([instance.cube(name)]), Policy())


if __name__ == "__main__":
    main()
