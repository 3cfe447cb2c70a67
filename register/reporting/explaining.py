"""What the two people of a release read of its protection: which cell protects which, and what a coarser table gives.

Both tell small counts apart from the cells that protect them, so none of it leaves the register. A release has tens of
thousands of cells: of each table the cells on which most small counts lean are named, and the rest is a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from register.disclosure import CellKey, Suppressed
from register.reporting.codelists import TOTAL
from register.reporting.formats import ProtectedTable
from register.reporting.naming import Words, words_of
from register.reporting.table_design import TableDesign

Leans = Mapping[CellKey, Sequence[CellKey]]
Values = Mapping[CellKey, int]
# A cell that a table does not have: no sum is equal to it.
NOT_THERE = float("nan")
# Definition, measure and year.
At = tuple[str, str, str]
MOST_CELLS, MOST_SMALL = 6, 3
# A small count that no table prints, such as how many more deaths a group has than a substance of it.
FOLLOWS = {"nl": "een aantal dat uit de tabellen volgt", "en": "a count that follows from the tables"}


def protects(tables: Mapping[str, ProtectedTable], leans: Leans) -> dict[str, dict[str, Any]]:
    """For each table the cells that protect small counts of any table, those with the most small counts first.

    A cell that stands in several tables is told in the first, with the small counts of that table first. ``more`` are
    further cells or counts that are not named.
    """
    called = _called(tables, {*leans, *(small for each in leans.values() for small in each)})
    found: dict[str, dict[str, Any]] = {}
    told: set[CellKey] = set()
    for name, table in tables.items():
        hidden = {key for key, cell in _counted(table) if isinstance(cell, Suppressed) and key in leans} - told
        told |= hidden
        worst = sorted(hidden, key=lambda key: (-len(leans[key]), key))
        if worst:
            own = {key for key, _ in _counted(table)}
            nearest = {key: sorted(leans[key], key=lambda small: small not in own) for key in worst[:MOST_CELLS]}
            cells = [{"cell": called[key], **_small(small, called)} for key, small in nearest.items()]
            found[name] = {"cells": cells, "more": len(worst) - len(cells)}
    return found


def coarser(tables: Mapping[str, ProtectedTable], values: Values) -> dict[str, list[dict[str, Any]]]:
    """For each table that adds up, how much less would be hidden without a column, or without its finest level.

    Both are told of the finest cells: as they are, and as the sums over that column or level stand in this release now.
    A table that was made without it may show more.
    """
    found = {}
    for name, table in tables.items():
        lists = [_Codes.of({code.code: code.parent for code in column.codes}) for column in table.design.columns]
        there = {(row.definition, row.measure, row.period, row.at): row.cell for row in table.rows}
        adding = [of for of in dict.fromkeys(at[:3] for at in there) if _adds_up(table.design, of, lists, values)]
        told = []
        for place, way, codes in _ways(lists):
            # What a table never prints is no coarser form of it: rates have no sum over sources of the population.
            if not all((*of, at) in there for of in adding for at in product(*codes)):
                continue
            before, after = (
                _share(table.design, adding, chosen, there, values) for chosen in ([c.finest for c in lists], codes)
            )
            if after["deaths_hidden_percent"] < before["deaths_hidden_percent"]:
                column = table.design.columns[place]
                names = {"nl": column.nl, "en": column.en}
                told.append({"column": names, "left_out": way, "before": before, "after": after})
        if told:
            found[name] = told
    return found


def _called(tables: Mapping[str, ProtectedTable], wanted: set[CellKey]) -> dict[CellKey, Words]:
    """The words of each cell with the number of the first table in which it stands."""
    found: dict[CellKey, Words] = {}
    for table in tables.values():
        design = table.design
        for row in table.rows:
            key = _key(design, row)
            if key in wanted and key not in found:
                words = words_of(design, row.definition, row.measure, row.period, row.at)
                found[key] = {language: f"{design.number} · {text}" for language, text in words.items()}
    return found


def _small(keys: Sequence[CellKey], called: Mapping[CellKey, Words]) -> dict[str, Any]:
    named = [called[key] for key in keys if key in called][:MOST_SMALL]
    return {"small": named or [FOLLOWS], "more": len(keys) - max(len(named), 1)}


def _counted(table: ProtectedTable) -> Iterator[tuple[CellKey, Any]]:
    for row in table.rows:
        if (key := _key(table.design, row)) is not None:
            yield key, row.cell


def _key(design: TableDesign, row: Any) -> CellKey | None:
    return design.key(row.definition, row.measure, row.period, row.at) if row.measure in design.counts else None


@dataclass(frozen=True, slots=True)
class _Codes:
    """The codes of a column: those that are nobody's parent, those just below the total, and what each parent holds."""

    finest: tuple[str, ...]
    top: tuple[str, ...]
    under: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, parents: Mapping[str, str]) -> "_Codes":
        under: dict[str, list[str]] = {}
        for code, parent in parents.items():
            if code != TOTAL:
                under.setdefault(parent or TOTAL, []).append(code)
        finest = tuple(code for code in parents if code not in under)
        return cls(finest, tuple(under.get(TOTAL, ())), {parent: tuple(parts) for parent, parts in under.items()})


def _ways(lists: Sequence[_Codes]) -> Iterator[tuple[int, str, list[tuple[str, ...]]]]:
    """Each way to make a table coarser: the column, what is left out, and the codes of every column that remain."""
    for place, one in enumerate(lists):
        others = [each.finest for each in lists]
        if len(lists) > 1:
            yield place, "dimension", [*others[:place], (TOTAL,), *others[place + 1 :]]
        if set(one.top) - set(one.finest):
            yield place, "level", [*others[:place], one.top, *others[place + 1 :]]


def _adds_up(design: TableDesign, of: At, lists: Sequence[_Codes], values: Values) -> bool:
    """Whether each sum of a column is that of its parts, at every code of the other columns."""
    if of[1] not in design.counts:
        return False

    def count(at: Sequence[str]) -> float:
        key = design.key(*of, at)
        return values.get(key, NOT_THERE) if key is not None else NOT_THERE

    every = [(*one.under, *one.finest) for one in lists]
    return all(
        count([*before, parent, *after]) == sum(count([*before, part, *after]) for part in parts)
        for place, one in enumerate(lists)
        for parent, parts in one.under.items()
        for before in product(*every[:place])
        for after in product(*every[place + 1 :])
    )


def _share(
    design: TableDesign, adding: Sequence[At], codes: Sequence[Sequence[str]], there: Mapping[Any, Any], values: Values
) -> dict[str, Any]:
    """How many of these cells are hidden, and the per cent of the deaths in them."""
    cells = hidden = deaths = lost = 0
    for of in adding:
        for at in product(*codes):
            key, closed = design.key(*of, at), isinstance(there.get((*of, at)), Suppressed)
            count = values[key] if key is not None else 0
            cells, hidden, deaths, lost = cells + 1, hidden + closed, deaths + count, lost + (count if closed else 0)
    return {"cells": cells, "hidden": hidden, "deaths_hidden_percent": round(100 * lost / deaths, 1) if deaths else 0.0}
