"""Readers with nothing but patience: complete search over whole numbers, and plain linear programmes.

Neither uses anything of the engine but the relations of a system, as rows of whole coefficients.
"""

from collections.abc import Collection, Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from register.disclosure import Cell, CellKey, Count, Link, StructuralZero, Suppressed, System, Table
from register.disclosure.system import Identity, Implied, Row

Domain = tuple[int, int]


class Search:
    """Every whole-number alternative of a system in which some cells are suppressed, by depth-first search.

    A suppressed cell is at least 1 when zeros are visible (0 when its true value is 0); ``most`` bounds all cells.
    ``marked``: the threshold of a reader who sees which suppressed cells are below it.
    """

    def __init__(
        self, system: System, suppressed: Collection[CellKey], *, most: int, least: int = 1, marked: int = 0
    ) -> None:
        self.equations = system.equations
        self.inequalities = system.inequalities
        self.start = []
        for cell, key in enumerate(system.cells):
            value = system.values[cell]
            if system.impossible[cell] or (system.printed[cell] and key not in suppressed):
                self.start.append((value, value))
            else:
                low = least if system.printed[cell] and value else 0
                small = 0 < value < marked
                self.start.append((max(low, 0 if small or not value else marked), marked - 1 if small else most))
        self.rows_of: dict[int, list[tuple[Row, bool]]] = {}
        for rows, equal in ((self.equations, True), (self.inequalities, False)):
            for row in rows:
                for cell, _ in row:
                    self.rows_of.setdefault(cell, []).append((row, equal))

    def possible(self, cell: int, value: int) -> bool:
        """Return whether some alternative gives this cell this value."""
        low, high = self.start[cell]
        if not low <= value <= high:
            return False
        domains = list(self.start)
        domains[cell] = (value, value)
        every = [(row, True) for row in self.equations] + [(row, False) for row in self.inequalities]
        return self._narrow(domains, every) and self._complete(domains)

    def values(self, cell: int) -> set[int]:
        """Return every value that this cell can have."""
        low, high = self.start[cell]
        return {value for value in range(low, high + 1) if self.possible(cell, value)}

    def _complete(self, domains: list[Domain]) -> bool:
        open_cells = [(high - low, cell) for cell, (low, high) in enumerate(domains) if low < high]
        if not open_cells:
            return True
        cell = min(open_cells)[1]
        low, high = domains[cell]
        for value in range(low, high + 1):
            copy = list(domains)
            copy[cell] = (value, value)
            if self._narrow(copy, self.rows_of.get(cell, [])) and self._complete(copy):
                return True
        return False

    def _narrow(self, domains: list[Domain], queue: list[tuple[Row, bool]]) -> bool:
        """Narrow the domains by every row until nothing changes; return whether all are still possible."""
        pending = list(queue)
        while pending:
            row, equal = pending.pop()
            most = sum(f * (domains[c][1] if f > 0 else domains[c][0]) for c, f in row)
            least = sum(f * (domains[c][0] if f > 0 else domains[c][1]) for c, f in row)
            if most < 0 or (equal and least > 0):
                return False
            for cell, factor in row:
                low, high = domains[cell]
                size = abs(factor)
                room = most // size
                new = (max(low, high - room), high) if factor > 0 else (low, min(high, low + room))
                if equal:
                    room = -least // size
                    new = (new[0], min(new[1], low + room)) if factor > 0 else (max(new[0], high - room), new[1])
                if new[0] > new[1]:
                    return False
                if new != (low, high):
                    domains[cell] = new
                    pending += self.rows_of[cell]
                    most = sum(f * (domains[c][1] if f > 0 else domains[c][0]) for c, f in row)
                    least = sum(f * (domains[c][0] if f > 0 else domains[c][1]) for c, f in row)
        return True


def intervals(
    tables: Collection[Table], links: Collection[Link], cells: Mapping[CellKey, Cell], wanted: Collection[CellKey]
) -> dict[CellKey, tuple[float, float]]:
    """Return the least and greatest value of suppressed cells over everything that fits the published tables.

    Works from published cells only, with scipy, from the sums of the tables and the links; visible zeros are known.
    """
    keys = sorted(cells)
    names = dict.fromkeys([*keys, *(link.key for link in links if isinstance(link, Implied))])
    place = {key: number for number, key in enumerate(names)}
    equal: list[list[tuple[CellKey, int]]] = []
    above: list[list[tuple[CellKey, int]]] = []
    for table in tables:
        for axis, dimension in enumerate(table.dimensions):
            for codes in table.rows():
                for parent, children in dimension.sums:
                    if codes[axis] == parent:
                        parts = [table.key((*codes[:axis], child, *codes[axis + 1 :])) for child in children]
                        equal.append([(table.key(codes), -1), *((part, 1) for part in parts)])
    for link in links:
        if isinstance(link, Identity):
            equal.append(list(link.terms))
        elif isinstance(link, Implied):
            equal.append([(link.key, -1), *link.terms])
        else:
            above.append([(key, -factor) for key, factor in link.terms])
    bounds: list[tuple[float, float | None]] = [(0.0, None)] * len(place)
    for key, cell in cells.items():
        match cell:
            case Count(value):
                bounds[place[key]] = (value, value)
            case Suppressed():
                bounds[place[key]] = (1.0, None)
            case StructuralZero():
                bounds[place[key]] = (0.0, 0.0)
    system = {
        "A_eq": _matrix(equal, place),
        "b_eq": np.zeros(len(equal)) if equal else None,
        "A_ub": _matrix(above, place),
        "b_ub": np.zeros(len(above)) if above else None,
        "bounds": bounds,
    }
    found = {}
    for key in wanted:
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(place))
            cost[place[key]] = sign
            answer = linprog(cost, **system, method="highs")
            ends.append(sign * answer.fun if answer.status == 0 else np.inf)
        found[key] = (ends[0], ends[1])
    return found


def _matrix(rows: list[list[tuple[CellKey, int]]], place: dict[CellKey, int]) -> object:
    if not rows:
        return None
    data = [(number, place[key], factor) for number, row in enumerate(rows) for key, factor in row]
    where, columns, factors = zip(*data, strict=True)
    return csr_array((factors, (where, columns)), shape=(len(rows), len(place)), dtype=float)
