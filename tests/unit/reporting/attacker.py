"""An attacker of the tests' own: it reads published CSV files and knows which rows add up, nothing of the engine.

Unknown counts are whole numbers of at least 1, because zeros are shown. A cell is computed when it can have one value
only. The mixed-integer solver of scipy answers for every hidden cell.
"""

import csv
import io
from collections.abc import Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from register.reporting import codelists

Name = tuple[str, ...]
WIDE = {band.code: [one.code for one in codelists.EUDA_BANDS if band.holds(one.low)] for band in codelists.NDM_BANDS}
PRIMARY = [code.code for code in codelists.PRIMARY_GROUPS] + ["_U"]
SEXES = [code.code for code in codelists.sexes() if code.code != "_T"]
BANDS = [band.code for band in codelists.EUDA_BANDS] + ["_U"]


def computable(files: Mapping[str, bytes]) -> list[Name]:
    """The hidden cells with one possible value, by name."""
    cells = _cells(files)
    hidden = sorted(name for name, value in cells.items() if value is None)
    sums = [(whole, parts) for whole, parts in _sums(cells) if whole in cells and all(part in cells for part in parts)]
    below = _below(cells)
    matrix, low, high = _system(hidden, cells, sums, below)
    found = []
    for number, name in enumerate(hidden):
        least, most = (_optimum(matrix, low, high, len(hidden), number, sign) for sign in (1, -1))
        if least == most:
            found.append(name)
    return found


def _cells(files: Mapping[str, bytes]) -> dict[Name, int | None]:
    """Every published cell under one name, whatever table it stands in: measure, year, definition, codes."""
    cells: dict[Name, int | None] = {}
    for body in files.values():
        for row in csv.DictReader(io.StringIO(body.decode(), newline="")):
            at = sorted(
                f"{column.removesuffix('_euda').removesuffix('_ndm')}={row[column]}"
                for column in ("age_band_euda", "age_band_ndm", "sex", "group", "substance")
                if row.get(column, "_T") != "_T"
            )
            about = any(part.startswith(("group", "substance")) for part in at)
            measure = row["measure"] if about else "deaths"
            name = (measure, row["time_period"], row["definition"], *at)
            value = int(row["obs_value"]) if row["obs_value"] else None
            assert cells.setdefault(name, value) == value, f"two tables disagree on {name}"
    return cells


def _sums(cells: Mapping[Name, int | None]) -> list[tuple[Name, list[Name]]]:
    sums: list[tuple[Name, list[Name]]] = []
    for period in sorted({name[1] for name in cells}):
        for definition in sorted({name[2] for name in cells}):
            head = ("deaths", period, definition)
            sums.append((head, [(*head, f"sex={sex}") for sex in SEXES]))
            sums.append((head, [(*head, f"age_band={band}") for band in BANDS]))
            sums.append((head, [("hierarchical", period, definition, f"group={code}") for code in PRIMARY]))
            for band in BANDS + list(WIDE):
                sums.append(((*head, f"age_band={band}"), [(*head, f"age_band={band}", f"sex={sex}") for sex in SEXES]))
            for tail in [[], *([f"sex={sex}"] for sex in SEXES)]:
                if tail:
                    sums.append(((*head, *tail), [(*head, f"age_band={band}", *tail) for band in BANDS]))
                for wide, parts in WIDE.items():
                    if parts != [wide]:
                        whole = (*head, f"age_band={wide}", *tail)
                        sums.append((whole, [(*head, f"age_band={part}", *tail) for part in parts]))
            opioids = ("any", period, definition, "group=opioid")
            sums.append((opioids, [("hierarchical", period, definition, "group=opioid")]))
    return sums


def _below(cells: Mapping[Name, int | None]) -> list[tuple[Name, Name]]:
    """Pairs of which the first is never more than the second."""
    pairs = []
    for name in cells:
        measure, period, definition, *at = name
        if measure == "sole":
            pairs.append((name, ("any", period, definition, *at)))
        if measure == "hierarchical":
            pairs.append((name, ("any", period, definition, *at)))
        if measure == "any":
            pairs.append((name, ("deaths", period, definition)))
        if definition == "sel_d":
            pairs.append((name, (measure, period, "nl_broad", *at)))
    return [(small, large) for small, large in pairs if small in cells and large in cells]


def _system(hidden, cells, sums, below):  # type: ignore[no-untyped-def]
    place = {name: number for number, name in enumerate(hidden)}
    rows, low, high = [], [], []

    def add(terms, least, most):  # type: ignore[no-untyped-def]
        row, known = np.zeros(len(hidden)), 0
        for name, factor in terms:
            value = cells[name]
            if value is None:
                row[place[name]] += factor
            else:
                known += factor * value
        if row.any():
            rows.append(row)
            low.append(least - known)
            high.append(most - known)

    for whole, parts in sums:
        add([(whole, -1), *((part, 1) for part in parts)], 0, 0)
    for small, large in below:
        add([(large, 1), (small, -1)], 0, np.inf)
    return np.array(rows).reshape(len(rows), len(hidden)), np.array(low), np.array(high)


def _optimum(matrix, low, high, size, number, sign):  # type: ignore[no-untyped-def]
    cost = np.zeros(size)
    cost[number] = sign
    constraints = [LinearConstraint(matrix, low, high)] if len(matrix) else []
    answer = milp(cost, integrality=np.ones(size), bounds=Bounds(1, 10_000), constraints=constraints)
    assert answer.status == 0, answer.message
    return round(answer.x[number])
