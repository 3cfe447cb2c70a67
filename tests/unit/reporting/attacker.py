"""An attacker of the tests' own: it reads published CSV files and knows which rows add up, nothing of the engine.

Unknown counts are whole numbers of at least 1, because zeros are shown. What nobody prints, such as a group by sex and
toxicology at once, is at least 0. A cell is computed when it can have one value only. The mixed-integer solver of scipy
answers for every hidden cell, over the hidden cells that anything ties to it.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from register.coding import catalogue
from register.reporting import codelists, items
from register.reporting.frozen_codes import primary_of

Name = tuple[str, ...]
SHIPPED = catalogue.load()
WIDE = {band.code: [one.code for one in codelists.EUDA_BANDS if band.holds(one.low)] for band in codelists.NDM_BANDS}
PRIMARY = [code.code for code in codelists.PRIMARY_GROUPS] + ["_U"]
SEXES = [code.code for code in codelists.sexes() if code.code != "_T"]
BANDS = [band.code for band in codelists.EUDA_BANDS] + ["_U"]
COLUMNS = ("age_band_euda", "age_band_ndm", "sex", "group", "substance", "intent", "area", "place", "tox", "item")
FURTHER = ("month", "decision", "combination", "cbs", "number", "euda_group", "toxicology_known")
STATES = ("tox=final", "tox=not_final")
ABOUT = ("group", "substance", "combination", "euda_group")
# Dimensions of which the leaves add up to all deaths of a year.
FLAT = {
    "place": [code.code for code in codelists.values("VS-PLACE")],
    "tox": [code.code for code in codelists.values("VS-TOXSTAT")],
    "month": [code.code for code in codelists.months()],
    "cbs": [code.code for code in codelists.values("VS-CBS")],
    "intent": [code.code for code in codelists.values("VS-INTENT")],
    "number": [code.code for code in codelists.numbers()],
}
GROUPS = {code: {one.code for one in SHIPPED.substances.values() if one.group == code} for code in SHIPPED.groups}
EUDA = {
    f"euda.{code}": {one.code for one in SHIPPED.substances.values() if one.euda_group == code}
    for code in SHIPPED.euda_groups
}
MAIN = {
    main.code: {
        one.code for one in SHIPPED.substances.values() if primary_of(SHIPPED.group_of(one.code).class_) == main.code
    }
    for main in codelists.PRIMARY_GROUPS
}
REPORTS = "reports"


def computable(files: Mapping[str, bytes]) -> list[Name]:
    """The hidden cells with one possible value, by name."""
    cells = with_both(cells_of(files))
    return _single(cells, _known_sums(cells), _below(cells), [])


def with_both(cells: Mapping[Name, int | None]) -> dict[Name, int | None]:
    """These cells, and what is told by sex and by toxicology told by both at once, which nobody prints."""
    further: dict[Name, int | None] = {}
    for name in cells:
        measure, period, definition, *at = name
        if measure in ("any", "sole") and len(at) == 2 and at[1].startswith("sex="):
            further |= {_named(measure, period, definition, *at, state): None for state in STATES}
    return {**further, **cells}


def computable_over_time(
    releases: Sequence[Mapping[str, bytes]], truths: Sequence[Mapping[Name, int]], threshold: int
) -> tuple[list[Name], list[Name]]:
    """What somebody computes who kept every release: hidden cells, and small changes of a cell between two releases.

    ``truths`` are the true counts of each release. They tell this attacker which cells did not change, which is more
    than anybody outside can know: such a cell is one unknown. Names end in the release that first had the count.
    """
    cells: dict[Name, int | None] = {}
    sums: list[tuple[Name, list[Name]]] = []
    below: list[tuple[Name, Name]] = []
    versions: dict[Name, dict[int, Name]] = {}
    for number, (files, truth) in enumerate(zip(releases, truths, strict=True), 1):
        own = cells_of(files)
        name = {at: versions.setdefault(at, {}).setdefault(truth[at], (*at, f"@{number}")) for at in own}
        for at, value in own.items():
            cells[name[at]] = cells.get(name[at]) if value is None else value
        sums += [(name[whole], [name[part] for part in parts]) for whole, parts in _known_sums(own)]
        below += [(name[small], name[large]) for small, large in _below(own)]
    changes = [
        (first, second)
        for known in versions.values()
        for (one, first), (other, second) in combinations(known.items(), 2)
        if abs(one - other) < threshold
    ]
    told = [first for first, second in changes if cells[first] and cells[second]]
    secret = [(first, second) for first, second in changes if cells[first] is None and cells[second] is None]
    return _single(cells, sums, below, secret), told


def computable_between_definitions(
    releases: Sequence[Mapping[str, bytes]], truth: Mapping[Name, int], threshold: int
) -> tuple[list[Name], list[Name]]:
    """What somebody computes who has releases of the same facts by two definitions, one of which holds the other.

    Hidden cells, and how many deaths of the wider definition the narrower one leaves out, where these are few.
    """
    cells: dict[Name, int | None] = {}
    for files in releases:
        for at, value in cells_of(files).items():
            cells[at] = cells.get(at) if value is None else value
    below = _below(cells)
    few = [(small, large) for small, large in below if (small[2], large[2]) == ("sel_d", "nl_broad")]
    few = [(small, large) for small, large in few if 0 < truth[large] - truth[small] < threshold]
    told = [small for small, large in few if cells[small] is not None and cells[large] is not None]
    secret = [(small, large) for small, large in few if cells[small] is None and cells[large] is None]
    return _single(cells, _known_sums(cells), below, secret), told


def _known_sums(cells: Mapping[Name, int | None]) -> list[tuple[Name, list[Name]]]:
    return [(whole, parts) for whole, parts in _sums(cells) if whole in cells and all(part in cells for part in parts)]


def _single(
    cells: Mapping[Name, int | None],
    sums: Sequence[tuple[Name, list[Name]]],
    below: Sequence[tuple[Name, Name]],
    changes: Sequence[tuple[Name, Name]],
) -> list[Name]:
    """The hidden cells, and the first of each two whose difference is asked for, with one possible value."""
    hidden = sorted(name for name, value in cells.items() if value is None)
    printed = np.array([not _is_both(name) for name in hidden], dtype=int)
    matrix, low, high = _system(hidden, cells, sums, below)
    found = []
    for rows, tied in _apart(matrix):
        part = _Part(matrix[np.ix_(rows, tied)], low[rows], high[rows], printed[tied])
        place = {hidden[at]: number for number, at in enumerate(tied)}
        asked = {name: number for name, number in place.items() if not _is_both(name)}
        found += [name for name, number in asked.items() if part.is_single({number: 1})]
        for one, other in changes:
            if one in place and other in place and part.is_single({place[one]: 1, place[other]: -1}):
                found.append(one)
    return sorted(found)


class _Part:
    """Unknowns that are tied to each other, and every possible register that was found so far."""

    def __init__(self, matrix, low, high, least) -> None:  # type: ignore[no-untyped-def]
        self.rows = matrix, low, high, least
        self.size = matrix.shape[1]
        self.registers = np.zeros((0, self.size), dtype=int)

    def is_single(self, terms: Mapping[int, int]) -> bool:
        """Whether these terms add up to the same number in every possible register."""
        cost = np.zeros(self.size)
        cost[list(terms)] = list(terms.values())
        for sign in (1, -1):
            if len({*(self.registers @ cost).tolist()}) > 1:
                return False
            self.registers = np.vstack([self.registers, _optimum(*self.rows, sign * cost)])
        return len({*(self.registers @ cost).tolist()}) == 1


def _is_both(name: Name) -> bool:
    """Whether a cell is of a group by sex and toxicology at once."""
    return name[0] != "deaths" and any(part.startswith("sex=") for part in name) and any(p in STATES for p in name)


def _apart(matrix):  # type: ignore[no-untyped-def]
    """The hidden cells in groups that no row ties together, each with its rows."""
    size = matrix.shape[1] if matrix.size else 0
    count, label = connected_components(csr_array(matrix.T @ matrix)) if size else (0, np.array([]))
    for one in range(count):
        tied = np.flatnonzero(label == one)
        yield np.flatnonzero(matrix[:, tied].any(axis=1)), tied


def cells_of(files: Mapping[str, bytes]) -> dict[Name, int | None]:
    """Every published cell under one name, whatever table it stands in: measure, year, definition, codes."""
    cells: dict[Name, int | None] = {}
    for body in files.values():
        for row in csv.DictReader(io.StringIO(body.decode(), newline="")):
            if row["measure"] not in codelists.COUNTS:
                continue
            at = sorted(_place(column, row[column]) for column in (*COLUMNS, *FURTHER) if row.get(column, "_T") != "_T")
            about = any(part.startswith(ABOUT) for part in at)
            measure = row["measure"] if about else "deaths"
            population = REPORTS if "decision" in row else row["definition"]
            name = (measure, row["time_period"], population, *at)
            value = int(row["obs_value"]) if row["obs_value"] else None
            assert cells.setdefault(name, value) == value, f"two tables disagree on {name}"
    return cells


def _place(column: str, code: str) -> str:
    """A code as the tables have it together: those of EUDA groups also hold the substances of another table."""
    if column == "euda_group" and code not in EUDA:
        column = "substance" if code in SHIPPED.substances or code == "_U" else "group"
    if column == "toxicology_known":
        column = "tox"
    return f"{column.removesuffix('_euda').removesuffix('_ndm') if column != 'euda_group' else column}={code}"


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
            sums += _flat_sums(head, cells)
            sums += _sums_of_intents(period, definition)
            sums += _sums_of_combinations(period, definition)
            sums += _sums_of_items(head)
            sums += _sums_of_substances(period, definition)
            sums += _sums_of_people(period, definition)
            sums += _sums_of_st5(period, definition)
            sums += _sums_of_both(period, definition)
            sums += _sums_of_lone_substances(period, definition, cells)
        sums += _sums_of_reports(("deaths", period, REPORTS))
    return sums


def _flat_sums(head: Name, cells: Mapping[Name, int | None]) -> list[tuple[Name, list[Name]]]:
    sums = [(head, [(*head, f"{name}={code}") for code in codes if code != "_T"]) for name, codes in FLAT.items()]
    areas = [name for name in cells if name[:3] == head and len(name) == 4 and name[3].startswith("area=")]
    for kind in ("area=GG", "area=PV"):
        sums.append((head, [name for name in areas if name[3].startswith((kind, "area=_U"))]))
    return [(whole, parts) for whole, parts in sums if parts]


def _sums_of_intents(period: str, definition: str) -> list[tuple[Name, list[Name]]]:
    intents = [f"intent={code}" for code in FLAT["intent"] if code != "_T"]
    sums: list[tuple[Name, list[Name]]] = []
    for measure in ("hierarchical", "any", "sole"):
        for code in PRIMARY:
            whole = (measure, period, definition, f"group={code}")
            sums.append((whole, [(measure, period, definition, f"group={code}", intent) for intent in intents]))
    for intent in intents:
        parts = [("hierarchical", period, definition, f"group={code}", intent) for code in PRIMARY]
        sums.append((("deaths", period, definition, intent), parts))
    return sums


def _sums_of_people(period: str, definition: str) -> list[tuple[Name, list[Name]]]:
    """Groups by sex and by age; the groups of the agency by sex, and those that are a main group by another name."""
    sums: list[tuple[Name, list[Name]]] = []
    wide = [f"age_band={band}" for band in (*WIDE, "_U")]
    sexes = [f"sex={sex}" for sex in SEXES]
    for codes in (sexes, wide):
        for measure in ("hierarchical", "any", "sole"):
            for group in (f"group={code}" for code in PRIMARY):
                sums.append(
                    (
                        (measure, period, definition, group),
                        [_named(measure, period, definition, group, one) for one in codes],
                    )
                )
        for one in codes:
            parts = [_named("hierarchical", period, definition, f"group={code}", one) for code in PRIMARY]
            sums.append((("deaths", period, definition, one), parts))
            best, any_ = (
                _named(measure, period, definition, "group=opioid", one) for measure in ("hierarchical", "any")
            )
            sums.append((any_, [best]))
    for euda, members in EUDA.items():
        group = f"euda_group={euda}"
        sums.append(
            (("any", period, definition, group), [_named("any", period, definition, group, one) for one in sexes])
        )
        for main, held in MAIN.items():
            if members and members == held:
                for one in sexes:
                    same = _named("any", period, definition, f"group={main}", one)
                    sums.append((_named("any", period, definition, group, one), [same]))
    return sums


def _sums_of_st5(period: str, definition: str) -> list[tuple[Name, list[Name]]]:
    """Deaths with and without a final result, by number of substances, group and opioids; and the same by sex."""
    numbers = [f"number={code}" for code in FLAT["number"] if code != "_T"]
    wholes = [("deaths",), *(("deaths", one) for one in numbers), ("any", "group=opioid"), ("sole", "group=opioid")]
    wholes += [("any", f"euda_group={euda}") for euda in EUDA]
    sums = [
        (
            _named(measure, period, definition, *at),
            [_named(measure, period, definition, *at, state) for state in STATES],
        )
        for measure, *at in wholes
    ]
    sexes = [f"sex={sex}" for sex in SEXES]
    for half in (*STATES, *sexes):
        parts = [_named("deaths", period, definition, one, half) for one in numbers]
        sums.append((_named("deaths", period, definition, half), parts))
    intents = [f"intent={code}" for code in FLAT["intent"] if code != "_T"]
    for one in (*numbers, *intents, *STATES):
        whole = _named("deaths", period, definition, one)
        sums.append((whole, [_named("deaths", period, definition, one, sex) for sex in sexes]))
    for sex in sexes:
        for codes in (intents, STATES):
            whole = _named("deaths", period, definition, sex)
            sums.append((whole, [_named("deaths", period, definition, sex, one) for one in codes]))
    return [*sums, *_sums_of_numbers_by_age(period, definition, numbers)]


def _sums_of_numbers_by_age(period: str, definition: str, numbers: list[str]) -> list[tuple[Name, list[Name]]]:
    """The number of substances by age; no substance by number is none by group."""
    ages = [f"age_band={band}" for band in (*WIDE, "_U")]
    sums = []
    for one in numbers:
        whole = _named("deaths", period, definition, one)
        sums.append((whole, [_named("deaths", period, definition, one, age) for age in ages]))
    for age in ages:
        parts = [_named("deaths", period, definition, one, age) for one in numbers]
        sums.append((_named("deaths", period, definition, age), parts))
        none = _named("deaths", period, definition, "number=_U", age)
        sums.append((none, [_named("hierarchical", period, definition, "group=_U", age)]))
    return sums


def _sums_of_both(period: str, definition: str) -> list[tuple[Name, list[Name]]]:
    """Groups by sex and by toxicology, from what nobody prints."""
    groups = [("any", "group=opioid"), ("any", "group=_U"), ("sole", "group=opioid")]
    groups += [("any", f"euda_group={euda}") for euda in EUDA]
    sexes = [f"sex={sex}" for sex in SEXES]
    sums = []
    for measure, group in groups:
        for ones, others in ((sexes, STATES), (STATES, sexes)):
            for one in ones:
                whole = _named(measure, period, definition, group, one)
                sums.append((whole, [_named(measure, period, definition, group, one, other) for other in others]))
    return sums


def _sums_of_lone_substances(
    period: str, definition: str, cells: Mapping[Name, int | None]
) -> list[tuple[Name, list[Name]]]:
    """Where nobody had several substances, the groups of the agency are those of the deaths with one."""
    sums: list[tuple[Name, list[Name]]] = []
    for at in ([], *([one] for one in (*STATES, *(f"sex={sex}" for sex in SEXES)))):
        several, one = (_named("deaths", period, definition, f"number={code}", *at) for code in ("several", "one"))
        if cells.get(several) == 0:
            groups = [euda for euda, members in EUDA.items() if members]
            sums.append((one, [_named("any", period, definition, f"euda_group={euda}", *at) for euda in groups]))
    return sums


def _named(measure: str, period: str, definition: str, *at: str) -> Name:
    return (measure, period, definition, *sorted(at))


def _sums_of_combinations(period: str, definition: str) -> list[tuple[Name, list[Name]]]:
    """Who has cocaine has it with opioids or is counted there; a class of one group is that group."""
    pair = ("any", period, definition, "combination=opioid+cocaine")
    best = ("hierarchical", period, definition, "group=cocaine")
    same = [
        (("any", period, definition, f"combination={code}"), [("any", period, definition, f"group={code}")])
        for code in ("opioid", "cocaine", "stimulant", "alcohol")
    ]
    return [(("any", period, definition, "group=cocaine"), [best, pair]), *same]


def _sums_of_substances(period: str, definition: str) -> list[tuple[Name, list[Name]]]:
    """No substance by number is none by group; two groups of the same substances have the same deaths."""
    head = ("any", period, definition)
    none = (("deaths", period, definition, "number=_U"), [(*head, "group=_U")])
    same = [
        ((*head, f"euda_group={euda}"), [(*head, f"group={group}")])
        for euda, members in EUDA.items()
        for group, held in GROUPS.items()
        if members and members == held
    ]
    return [none, *same]


def _sums_of_items(head: Name) -> list[tuple[Name, list[Name]]]:
    sums: list[tuple[Name, list[Name]]] = []
    for item in (*items.every(), items.AUTOPSY):
        known = (*head, f"item={item.code}")
        sums.append((head, [known, (*head, f"item={item.code}._U")]))
        if item.answers and not item.several:
            sums.append((known, [(*head, f"item={item.code}.{answer}") for answer in item.answers]))
    return sums


def _sums_of_reports(head: Name) -> list[tuple[Name, list[Name]]]:
    parents = {code.parent for code in codelists.decisions() if code.parent}
    return [
        (
            head if parent == "_T" else (*head, f"decision={parent}"),
            [(*head, f"decision={code.code}") for code in codelists.decisions() if code.parent == parent],
        )
        for parent in sorted(parents)
    ]


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
            people = [one for one in at if one.startswith(("sex=", "age_band=", "tox="))]
            pairs.append((name, ("deaths", period, definition, *people)))
        if definition == "sel_d":
            pairs.append((name, (measure, period, "nl_broad", *at)))
        if name[0] == "deaths" and not at and definition != REPORTS:
            pairs.append((name, ("deaths", period, REPORTS, "decision=included")))
        if at and at[0].startswith("substance="):
            groups = [code for code, members in EUDA.items() if at[0].removeprefix("substance=") in members]
            pairs += [(name, ("any", period, definition, f"euda_group={code}")) for code in groups]
        if at and at[0].startswith("combination=") and "+" in at[0]:
            both = at[0].removeprefix("combination=").split("+")
            pairs += [(name, ("any", period, definition, f"combination={one}")) for one in both]
        if at and at[0].startswith("item=") and not at[0].endswith("._U"):
            pairs.append((name, ("deaths", period, definition, at[0].partition(".")[0])))
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


def _optimum(matrix, low, high, least, cost):  # type: ignore[no-untyped-def]
    """The possible register with the least cost."""
    constraints = [LinearConstraint(matrix, low, high)] if len(matrix) else []
    whole, bounds = np.ones(len(cost)), Bounds(least, 10_000)
    answer = milp(cost, integrality=whole, bounds=bounds, constraints=constraints)
    if answer.status == 2:  # the truth itself is possible, and the first look of the solver at it has been wrong
        without = {"presolve": False}
        answer = milp(cost, integrality=whole, bounds=bounds, constraints=constraints, options=without)
    assert answer.status == 0, answer.message
    return np.rint(answer.x).astype(int)
