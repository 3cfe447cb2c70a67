"""What the protection of one table cost and where its secrets lean, as values for the two people who decide.

All of it tells small counts apart from the cells that protect them, so none of it may leave the register.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from register.disclosure.arrays import Flags, Ints
from register.disclosure.coarser import Gain, gains, once
from register.disclosure.explain import Share, leaning_on
from register.disclosure.instances import Instance
from register.disclosure.lattice import summed
from register.disclosure.modular import Asked
from register.disclosure.review import Alike, Dominated, Review, alike, dominated
from register.disclosure.single import Hidden, Promise
from register.disclosure.single_search import REFINED

KNOWS: Final = {  # each reader also knows what the ones before know
    "A0": ("alles wat gepubliceerd is en hoe het optelt", "all that is published and how it adds up"),
    "A1": ("dat tellingen niet negatief zijn", "that counts are not negative"),
    "A2": ("dat nullen getoond worden, dus dat een verborgen telling ten minste 1 is",
           "that zeros are shown, so that a hidden count is at least 1"),
    "A3": ("de drempel en de regels", "the threshold and the rules"),
    "A4": ("dat tellingen hele getallen zijn", "that counts are whole numbers"),
}  # fmt: skip
NO_REVIEW: Final = Review()
MARKED: Final = ("welke verborgen tellingen klein zijn", "which hidden counts are small")


def explanation(instance: Instance, promise: Promise, found: Hidden, review: Review = NO_REVIEW) -> dict[str, Any]:
    """Return the audit in words, shares per code, which cell protects which, and what a coarser table would give.

    With a ``review`` also what counts that are not small still tell of a group, or of who reported.
    """
    closed = np.append(found.hidden, False)[found.lattice.of_cell]
    small = np.zeros(found.lattice.size + 1, dtype=bool)
    small[found.small] = True
    closed_small = small[found.lattice.of_cell]
    values, counted = summed(instance.tensor(), instance.sides), once(instance.sides)
    return {
        "audit": {"nl": _words(promise, found, 0), "en": _words(promise, found, 1)},
        "table": _as_values(_share(values, closed, closed_small, counted)),
        "codes": [
            {
                "dimension": side.name,
                "code": code,
                **_as_values(_share(values, closed, closed_small, _only(counted, axis, number))),
            }
            for axis, side in enumerate(instance.sides)
            for number, code in enumerate(side.codes)
        ],
        "protects": _protects(instance, found),
        "gives_away": _gives_away(instance, promise, found),
        "coarser": [_gain(gain) for gain in gains(instance, promise)],
        "alike": [_named(instance, one) for one in alike(instance, review, promise.threshold)],
        "dominated": [_named(instance, one) for one in dominated(instance, review, promise.threshold)],
    }


def _words(promise: Promise, found: Hidden, language: int) -> list[str]:
    """Return what was proven, against whom, and what was not."""
    levels = list(KNOWS)[: list(KNOWS).index(promise.attacker) + 1]
    known = [KNOWS[level][language] for level in dict.fromkeys([*levels, "A4"])]
    if promise.marks:
        known.append(MARKED[language])
    joined = "; ".join(known)
    count, tables, waived = len(found.small), len(found.moves), len(found.waivers)
    dutch = [
        f"Geprobeerd is een lezer die dit alles weet: {joined}.",
        f"Elk van de {count} verschillende kleine aantallen heeft voor die lezer nog een andere mogelijke waarde. "
        f"Het bewijs is een lijst van {tables} andere registers in hele getallen, die zonder solver is nagegaan.",
        "Niet beloofd is dat de lezer niet weet dat een aantal klein is, en niets tegen wie andere gevallen kent.",
    ]
    english = [
        f"The reader that was tried knows all of this: {joined}.",
        f"Each of the {count} different small counts has another possible value for that reader. "
        f"The proof is a list of {tables} other registers in whole numbers, checked without a solver.",
        "It is not promised that the reader does not know a count is small, and nothing against who knows other cases.",
    ]
    if waived:
        dutch.append(f"Met ontheffing gepubliceerd: {waived} kleine aantallen.")
        english.append(f"Published by waiver: {waived} small counts.")
    return (dutch, english)[language]


def _share(values: Ints, closed: Flags, small: Flags, counted: Flags) -> Share:
    hidden = closed & counted
    return Share(
        cells=int(counted.sum()),
        hidden=int(hidden.sum()),
        secondary=int((hidden & ~small).sum()),
        counted=int(values[counted].sum()),
        lost=int(values[hidden].sum()),
    )


def _as_values(share: Share) -> dict[str, Any]:
    return {
        "cells": share.cells,
        "hidden": share.hidden,
        "secondary": share.secondary,
        "cells_hidden_percent": round(100 * share.cells_hidden, 1),
        "counts_hidden_percent": round(100 * share.counts_hidden, 1),
    }


def _only(counted: Flags, axis: int, number: int) -> Flags:
    chosen = np.zeros(counted.shape[axis], dtype=bool)
    chosen[number] = True
    return counted & chosen.reshape([-1 if other == axis else 1 for other in range(counted.ndim)])


def _protects(instance: Instance, found: Hidden) -> list[dict[str, Any]]:
    """Return for each protecting cell the small counts that no known alternative proves without it."""
    others = found.hidden.copy()
    others[found.small] = False
    leaning = leaning_on(
        [move.cells for move in found.known], found.small.tolist(), frozenset(np.flatnonzero(others).tolist())
    )
    named = _naming(instance, found)
    return [{"cell": named(cell), "small": [named(one) for one in small]} for cell, small in leaning.items()]


def _gives_away(instance: Instance, promise: Promise, found: Hidden) -> list[dict[str, Any]]:
    """Return for each protecting cell what any reader of sums could compute if it alone were published too.

    That is one small count, or ones of which nobody can be less than he is: who knows their sum knows each of them.
    An empty sum where only whole numbers or bounds ask for the cell; nothing of a pattern that was chosen otherwise.
    """
    cells = found.lattice
    if promise.method != "modular" or cells.size > REFINED:
        return []
    asked = Asked(cells.members(), cells.leaves(), cells.equations)
    targets = asked.targets(found.small, promise.ends(cells.values, found.small)[0] == cells.values)
    others = found.hidden.copy()
    others[found.small] = False
    reasons = asked.reasons(np.flatnonzero(~found.hidden).tolist(), np.flatnonzero(others).tolist(), targets)
    named = _naming(instance, found)
    return [
        {"cell": named(cell), "sum": [] if target is None else [named(one) for one in targets.cells[target]]}
        for cell, target in reasons.items()
    ]


def _naming(instance: Instance, found: Hidden) -> Callable[[int], dict[str, str]]:
    """Return what calls each unknown by the codes of the first cell that it stands for."""
    _, first = np.unique(found.lattice.of_cell.ravel(), return_index=True)
    first = first[found.lattice.of_cell.ravel()[first] >= 0]

    def named(unknown: int) -> dict[str, str]:
        at = np.unravel_index(int(first[unknown]), found.lattice.of_cell.shape)
        return {side.name: side.codes[int(code)] for side, code in zip(instance.sides, at, strict=True)}

    return named


def _named(instance: Instance, one: Alike | Dominated) -> dict[str, Any]:
    cell = dict(zip((side.name for side in instance.sides), one.at, strict=True))
    return {"cell": cell, **{name: getattr(one, name) for name in one.__slots__ if name != "at"}}


def _gain(gain: Gain) -> dict[str, Any]:
    return {name: getattr(gain, name) for name in gain.__slots__}
