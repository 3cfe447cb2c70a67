"""Controlled rounding: every cell becomes a neighbouring multiple of the base, and every sum still holds.

The register with the smallest total deviation is found by branch and bound, so this is for small tables. In three or
more dimensions there may be none; then a wider choice of multiples can be asked for, and whoever publishes says so.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from register.disclosure.aliases import KNOWN, Unknowns
from register.disclosure.arrays import Ints
from register.disclosure.cells import DisclosureInputError

NODES: Final = 5_000  # of branch and bound
OPTIMAL: Final = 0  # the solver's own numbers for how it ended
INFEASIBLE: Final = 2


@dataclass(frozen=True, slots=True)
class Controlled:
    """Rounded values per unknown. ``deviation``: their total distance to the truth, each unknown as often as it shows.

    ``least`` is the proven lower bound of that distance; the two are equal when the search came to its end.
    """

    values: Ints = field(repr=False)
    deviation: int
    least: float
    largest: int

    def of_cells(self, system: Unknowns) -> Ints:
        """Return the rounded value of every cell; a cell everyone knows to be nought stays nought."""
        return np.append(self.values, 0)[np.where(system.of_cell == KNOWN, len(self.values), system.of_cell)]


@dataclass(frozen=True, slots=True)
class NotRounded:
    """No rounded register was found; ``proven`` when none exists. The sentences are Dutch and English."""

    proven: bool
    nl: str
    en: str


def round_controlled(system: Unknowns, base: int, *, wider: int = 0) -> Controlled | NotRounded:
    """Round every unknown down or up to a multiple of the base, or up to ``wider`` multiples further.

    A count that is a multiple already stays as it is unless ``wider`` allows more. Raises DisclosureInputError for a
    base below 2 or a negative ``wider``.
    """
    if base < 2 or wider < 0:
        raise DisclosureInputError(
            nl="Gecontroleerd afronden vraagt een veelvoud van ten minste 2.",
            en="Controlled rounding takes a base of at least 2.",
        )
    below, rest = np.divmod(system.values, base)
    size = len(below)
    cost = np.concatenate([base - 2 * rest, np.full(2 * size, base)]) * np.tile(system.shown, 3)
    far = np.full(size, wider)
    upper = np.concatenate([rest > 0, far, np.minimum(far, below)])
    rules = sparse.vstack([system.equations, system.inequalities])
    whole = rules @ below
    equal = system.equations.shape[0]
    if size == 0:
        return Controlled(below, 0, 0.0, 0)
    answer = milp(
        cost,
        integrality=np.ones(3 * size),
        bounds=Bounds(np.zeros(3 * size), upper.astype(float)),
        constraints=LinearConstraint(
            sparse.csr_array(sparse.hstack([rules, rules, -rules])),
            -whole.astype(float),
            np.where(np.arange(len(whole)) < equal, -whole, np.inf),
        ),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return _none(base, wider, proven=answer.status == INFEASIBLE)
    steps = np.rint(answer.x).astype(np.int64)
    after = base * (below + steps[:size] + steps[size : 2 * size] - steps[2 * size :])
    sound = not (system.equations @ after).any() and bool((system.inequalities @ after >= 0).all())
    if not sound or (after < 0).any():
        return _none(base, wider, proven=False)
    far = np.abs(after - system.values)
    deviation = int(far @ system.shown)
    least = float(deviation) if answer.status == OPTIMAL else float(answer.mip_dual_bound + rest @ system.shown)
    return Controlled(after, deviation, least, int(far.max(initial=0)))


def _none(base: int, wider: int, *, proven: bool) -> NotRounded:
    room_nl = "aangrenzende veelvouden" if not wider else f"veelvouden tot {wider} verder dan de aangrenzende"
    room_en = "neighbouring multiples" if not wider else f"multiples up to {wider} beyond the neighbouring ones"
    if proven:
        return NotRounded(
            proven=True,
            nl=f"Met {room_nl} van {base} bestaat geen tabel die optelt; sta ruimere veelvouden toe en vermeld dat.",
            en=f"No table with {room_en} of {base} adds up; allow wider multiples, and say so.",
        )
    return NotRounded(
        proven=False,
        nl=f"Met {room_nl} van {base} is binnen de zoekgrens geen tabel gevonden die optelt.",
        en=f"No table with {room_en} of {base} that adds up was found within the limit of the search.",
    )
