"""Check the price that no safe pattern of a table stays below, without the engine that found it.

Run: make bench ARGS=disclosure_bound, or python -m bench.disclosure_bound A. The engine gives cuts: cells of which one
at least must be hidden to protect a small count. Each is proven here from the true table: the cells of the cut, which
everybody reads then, and the hidden cells that cannot fall add up to the small count, with factors that are checked as
exact fractions. A cut that holds for whole numbers only has no such sum; branch and bound looks for an alternative
instead. At last the cheapest choice that meets all cuts is sought anew, with the cuts in another order.
"""

import sys
import time
from fractions import Fraction

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from bench.disclosure_instance import REFERENCE
from register.disclosure.instances import read_instance
from register.disclosure.lattice import lattice
from register.disclosure.moves import Demand
from register.disclosure.single import Promise
from register.disclosure.single_search import Task, exact

SEED = 7
FINEST = 5_000  # of a fraction's denominator
NOUGHT = 1e-9
NODES = 20_000  # of branch and bound for an alternative
INFEASIBLE = 2  # the solver's own number


class Facts:
    """A table as the cuts speak of it: which leaves each cell holds, and which cells cannot fall."""

    def __init__(self, task: Task) -> None:
        """Take the cells with their leaves and the attacker's bounds."""
        self.members = np.asarray(task.members.todense(), dtype=np.int64)
        self.fall = task.ends[0] - task.system.values
        self.fixed = np.flatnonzero(self.fall == 0)

    def summed(self, small: int, cut: tuple[int, ...], way: int) -> bool:
        """Return whether the small count cannot rise (1) or fall (-1), told by a sum in exact fractions."""
        shown = self.members[list(cut)]
        rows = np.vstack([shown, -shown, -way * self.members[self.fixed]])
        told = linprog(np.ones(len(rows)), A_eq=sparse.csc_array(rows.T), b_eq=self.members[small], method="highs-ds")
        if told.status:
            return False
        total = [Fraction(0)] * rows.shape[1]
        for row in np.flatnonzero(told.x > NOUGHT):
            factor = Fraction(float(told.x[row])).limit_denominator(FINEST)
            for leaf in np.flatnonzero(rows[row]):
                total[leaf] += factor * int(rows[row, leaf])
        return total == self.members[small].tolist()

    def searched(self, small: int, cut: tuple[int, ...], way: int) -> bool:
        """Return whether branch and bound proves that no whole alternative lets the count rise (1) or fall (-1)."""
        low = self.fall.astype(float)
        high = np.full(len(low), np.inf)
        low[list(cut)] = high[list(cut)] = 0.0
        low[small], high[small] = (1.0, np.inf) if way > 0 else (low[small], -1.0)
        leaves = self.members.shape[1]
        found = milp(
            np.zeros(leaves),
            constraints=LinearConstraint(sparse.csc_array(self.members), low, high),
            bounds=Bounds(-np.inf, np.inf),
            integrality=np.ones(leaves),
            options={"node_limit": NODES},
        )
        return bool(found.status == INFEASIBLE)

    def ways(self, small: int) -> tuple[int, ...]:
        """Return the ways that the attacker's bounds leave to this count: up, and down when it can fall."""
        return (1, -1) if self.fall[small] else (1,)


def least(cuts: list[tuple[int, ...]], price: np.ndarray) -> float:
    """Return the price of the cheapest choice that meets all cuts, or as much of it as is proven."""
    order = np.random.default_rng(SEED).permutation(len(cuts))
    rows = np.repeat(np.arange(len(cuts)), [len(cuts[place]) for place in order])
    columns = np.concatenate([cuts[place] for place in order])
    matrix = sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=(len(cuts), len(price)))
    every = np.ones(len(price))
    found = milp(price, constraints=LinearConstraint(matrix, 1.0, np.inf), bounds=Bounds(0, 1), integrality=every)
    return float(found.mip_dual_bound)


def asked(name: str) -> Task:
    """Return what the exact way is asked for this table, every cell at the same price."""
    cells = lattice(read_instance(REFERENCE / "disclosure" / name), zeros_shown=True)
    system, promise = cells.unknowns(np.zeros(cells.size, dtype=bool)), Promise()
    small = system.primary(promise.threshold)
    ends, price = promise.ends(cells.values, small), cells.weight.astype(float)
    return Task(system, small, ends, price, Demand(), cells.members(), cells.leaves())


def check(name: str) -> None:
    """Find the cheapest pattern of a table, prove each cut and the bound again, and print what came out."""
    if not (REFERENCE / "disclosure" / name).is_dir():
        print(f"{name}: skipped, its folder is not among the reference data")
        return
    start = time.process_time()
    task = asked(name)
    answer = exact(task)
    if isinstance(answer, list):
        print(f"{name}: not protected")
        return
    found = task.price[sorted(answer.protecting)].sum()
    print(f"{name}: {found:.0f} cells, bound {answer.bound:.2f}, {time.process_time() - start:.0f} s of processor")
    facts, sums, whole = Facts(task), list[tuple[int, ...]](), list[tuple[int, ...]]()
    for cut, small in answer.cuts.items():
        left = [way for way in facts.ways(small) if not facts.summed(small, cut, way)]
        if not left:
            sums.append(cut)
        elif all(facts.searched(small, cut, way) for way in left):
            whole.append(cut)
    print(f"   {len(answer.cuts)} cuts: {len(sums)} proven by exact sums, {len(whole)} by branch and bound")
    print(f"   the cheapest choice that meets those, sought anew, costs {least([*sums, *whole], task.price):.2f}")
    print(f"   {time.process_time() - start:.0f} s of processor in all")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or ["A"]:
        check(chosen)
