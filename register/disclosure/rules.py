"""Cells that are unsafe though their count is not small: what they tell of a group, or of the one who reported.

A group shares an answer when all its deaths, or all but a few, have it: whoever knows somebody of the group then knows
the answer of that person. What is unsafe is the number of the others, which may be nought; it is a cell of its own
that nobody prints. Where zeros are shown the zeros of the other answers often tell it, whatever is hidden: then it is
``unavoidable``, and people decide.

A count is dominated when one contributor provides more than a share of it: whoever reads the count knows nearly what
that one reported.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

import numpy as np

from register.disclosure.aliases import unknowns
from register.disclosure.attack import AttackFailedError, determined
from register.disclosure.cells import TOTAL, CellKey
from register.disclosure.cube import Codes, Dimension, Table
from register.disclosure.policy import Policy
from register.disclosure.system import Sensitive, System

OTHERS: Final = re.compile(r"(?P<whole>.+) but not (?P<part>.+) by (?P<dimension>.+) under (?P<parent>.+)")


def group_links(
    tables: Iterable[Table], values: Mapping[CellKey, int], dimensions: Collection[str], but: int
) -> Iterator[Sensitive]:
    """Yield the others of every group of which all but ``but`` share an answer of one of these dimensions.

    ``values``: all counts that readers see or can compute. An answer is a code beside others below the same code, and
    where somebody may be left any code below: those left of each level may be unknown and their sum known. Of codes
    that overlap and have no sum, the whole is all deaths.
    """
    for table in tables:
        for axis, dimension in enumerate(table.dimensions):
            if dimension.name not in dimensions:
                continue
            groups = _groups(dimension, but)
            for codes in table.rows():
                for parent in groups[codes[axis]]:
                    yield from _others(table, values, axis, codes, parent, but)


def dominance_links(
    values: Mapping[CellKey, int], largest: Mapping[CellKey, int], dominant: int
) -> Iterator[Sensitive]:
    """Yield every count of which the largest contributor provides more than ``dominant`` per cent."""
    for key, most in sorted(largest.items()):
        if 100 * most > dominant * values.get(key, 0) > 0:
            yield Sensitive(key, "dominance", "one contributor provides nearly all")


def others_of(key: CellKey) -> tuple[CellKey, CellKey] | None:
    """Return the group and the answer of which ``group_links`` named the others so; None for any other cell."""
    told = OTHERS.fullmatch(key.measure)
    if told is None:
        return None
    nodes = {**dict(key.at), told["dimension"]: told["parent"]}
    whole = CellKey.of(key.population, told["whole"], nodes)
    return whole, CellKey(key.population, told["part"], key.at)


def unavoidable(system: System, policy: Policy) -> frozenset[CellKey]:
    """Return the cells that a rule protects and that follow from shown zeros and relations whatever else is hidden."""
    if not any(system.rules):
        return frozenset()
    joined = unknowns(system, policy)
    known = np.append(joined.sensitive, True)
    if joined.sensitive.any():
        try:
            everything = np.ones(len(joined.values), dtype=bool)
            known[:-1] = determined(joined, everything, policy.attacker, among=joined.sensitive)
        except AttackFailedError:  # whoever protects them finds out
            known[:-1] = False
    told = zip(system.cells, system.rules, joined.of_cell.tolist(), strict=True)
    return frozenset(key for key, rule, number in told if rule and known[number]) - policy.waived


def _groups(dimension: Dimension, but: int) -> dict[str, list[str]]:
    """Return the codes of which each code is an answer; a sum of a single code is that code, and no answer of it."""
    parts = {child for _, children in dimension.sums for child in children}
    found: dict[str, list[str]] = {code: [] if code in parts or code == TOTAL else [TOTAL] for code in dimension.codes}
    above = {code: dict.fromkeys(groups) for code, groups in found.items()}
    for parent, children in reversed(dimension.in_order()):
        for child in children:
            wider = above[parent] if len(children) == 1 else {parent: None, **above[parent]}
            above[child] |= wider
            found[child] += [] if len(children) == 1 else wider if but else [parent]
    return {code: list(dict.fromkeys(groups)) for code, groups in found.items()}


def _others(
    table: Table, values: Mapping[CellKey, int], axis: int, codes: Codes, parent: str, but: int
) -> Iterator[Sensitive]:
    part = table.key(codes)
    whole = table.key((*codes[:axis], parent, *codes[axis + 1 :]))
    number, shared = values.get(whole, 0), values.get(part, 0)
    if number and part in values and number - shared <= but:
        name = f"{whole.measure} but not {part.measure} by {table.dimensions[axis].name} under {parent}"
        key = CellKey(part.population, name, part.at)
        yield Sensitive(key, "group", "of a group, those who do not share the answer", ((whole, 1), (part, -1)))
