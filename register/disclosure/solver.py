"""A thin, typed door to the linear programme solver: deterministic, one thread, limits in counts and never in time."""

from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from scipy import sparse

from register.disclosure.arrays import Floats, Ints

ITERATIONS: Final = 200_000  # of the simplex method
NODES: Final = 2_000  # of branch and bound
PRIMAL: Final = 4  # the solver's own number


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best values found, proven best within the solver's tolerance."""

    values: Floats
    objective: float


@dataclass(frozen=True, slots=True)
class NoOptimum:
    """There is no feasible point (``proven``), or the search stopped at its limit."""

    proven: bool


class _Quiet(highspy.Highs):
    """The solver prints a banner as soon as its callbacks are set up, which its constructor does; so hush it first."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the solver's own name
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Programme:
    """min cost @ x with row_lower <= matrix @ x <= row_upper and lower <= x <= upper."""

    def __init__(
        self, matrix: sparse.csc_array, *, cost: Floats, lower: Floats, upper: Floats, rows: tuple[Floats, Floats]
    ) -> None:
        self._highs: highspy.Highs = _Quiet()  # type: ignore[no-untyped-call]
        for option, value in OPTIONS.items():
            self._highs.setOptionValue(option, value)
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = matrix.shape
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
        lp.row_lower_, lp.row_upper_ = rows
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
        lp.a_matrix_.value_ = matrix.data.astype(float)
        self._highs.passModel(lp)
        self._columns = lp.num_col_
        self._whole = False

    def bound(self, column: int, lower: float, upper: float) -> None:
        """Set the range of one column."""
        self._highs.changeColBounds(column, lower, upper)

    def row(self, row: int, lower: float, upper: float) -> None:
        """Set the range of one row."""
        self._highs.changeRowBounds(row, lower, upper)

    def bounds(self, lower: Floats, upper: Floats) -> None:
        """Set the range of every column."""
        self._highs.changeColsBounds(self._columns, np.arange(self._columns, dtype=np.int32), lower, upper)

    def rows(self, lower: Floats, upper: Floats) -> None:
        """Set the range of every row."""
        rows = np.arange(len(lower), dtype=np.int32)
        self._highs.changeRowsBounds(len(lower), rows, lower, upper)  # type: ignore[attr-defined]  # its types lack it

    def limit(self, factors: Floats, most: float) -> None:
        """Add a row: the columns times these factors add up to ``most`` or less."""
        columns = np.flatnonzero(factors).astype(np.int32)
        self._highs.addRow(-np.inf, most, len(columns), columns, factors[columns])

    def price(self, column: int, cost: float) -> None:
        """Set the cost of one column."""
        self._highs.changeColCost(column, cost)

    def prices(self, cost: Floats) -> None:
        """Set the cost of every column."""
        self._highs.changeColsCost(self._columns, np.arange(self._columns, dtype=np.int32), cost)

    def only(self, columns: Ints, cost: Floats) -> None:
        """Set the cost of these columns, and of all others nought."""
        every = np.zeros(self._columns)
        every[columns] = cost
        self.prices(every)

    def whole(self, nodes: int, *, gap: float = 0.0) -> None:
        """Ask for whole values from now on, in so many nodes at most; branch and bound does gain from presolve.

        It may end when the best is proven to be within this part of the bound.
        """
        self._highs.setOptionValue("mip_max_nodes", nodes)
        self._highs.setOptionValue("mip_rel_gap", gap)
        self._whole = True
        self._highs.setOptionValue("presolve", "on")
        kinds = np.full(self._columns, highspy.HighsVarType.kInteger)
        self._highs.changeColsIntegrality(self._columns, np.arange(self._columns, dtype=np.int32), kinds)

    def onwards(self) -> None:
        """From now on only costs change: go on from the last answer, which stays possible, by the primal method."""
        self._highs.setOptionValue("simplex_strategy", PRIMAL)

    def solve(self, *, afresh: bool = True, below: float = np.inf) -> Optimum | NoOptimum:
        """Solve from the empty basis, or from the last one; the answer depends on the programme's history only.

        The search stops, with no optimum, as soon as it is known that none lies ``below``.
        """
        if afresh:
            self._highs.clearSolver()
        self._highs.setOptionValue("objective_bound", below)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            values = np.array(self._highs.getSolution().col_value, dtype=np.float64)
            return Optimum(values, float(self._highs.getObjectiveValue()))
        return NoOptimum(proven=status == highspy.HighsModelStatus.kInfeasible)

    def best(self) -> tuple[Floats, float]:
        """Return the best values found within the limits (none: empty), and the objective that none can be below."""
        self._highs.run()
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        exact = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal and not self._whole
        bound = info.objective_function_value if exact else info.mip_dual_bound if self._whole else -np.inf
        values = solution.col_value if solution.value_valid else []
        return np.array(values, dtype=np.float64), float(bound)

    def pushed(self, basis: Any) -> tuple[float, Floats, Floats, Any]:
        """Solve from this basis (None: the empty one); return objective, reduced costs of columns and rows, and basis.

        A search that stops at its limit gives no bound on the objective, as if everything could move.
        """
        if basis is None:
            self._highs.clearSolver()
        else:
            self._highs.setBasis(basis)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return -np.inf, np.zeros(self._columns), np.zeros(self._highs.getNumRow()), None
        solution = self._highs.getSolution()
        columns, rows = (np.array(duals, dtype=np.float64) for duals in (solution.col_dual, solution.row_dual))
        return float(self._highs.getInfo().objective_function_value), columns, rows, self._highs.getBasis()


OPTIONS: Final[dict[str, bool | int | float | str]] = {
    "presolve": "off",  # small programmes, solved by the thousand: presolve costs more than it saves
    "solver": "simplex",
    "parallel": "off",
    "threads": 1,
    "random_seed": 0,
    "simplex_iteration_limit": ITERATIONS,
}
