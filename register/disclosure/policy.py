"""What is promised for a set of tables: which counts are unsafe, zero policy, attacker, protection level."""

from dataclasses import dataclass
from typing import Final, Literal

from register.disclosure.cells import CellKey

Zeros = Literal["visible", "hidden"]
Level = Literal["A1", "A2"]  # whom something can be promised against
Knowledge = Literal["A0", "A1", "A2"]  # whom a pattern can be tried against
Cost = Literal["cells", "counts", "balanced"]
MOST_BUT: Final = 2  # "all but so many": more would name half of the table
SHARES: Final = range(50, 100)  # per cent of a count that one contributor may provide
LIGHTEST: Final = 0.01  # a published cell costs more to hide than to move one that is hidden already


@dataclass(frozen=True, slots=True)
class Waiver:
    """A cell that somebody allows to be told, whatever rule speaks against it: by name, with a reason, since a day."""

    cell: CellKey
    person: str
    reason: str
    day: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The promise; every part is a setting with a version in the release, never a constant of the engine.

    ``threshold``: counts of 1 to threshold - 1 are unsafe. ``alike``: of a group in which all but so many share an
    answer, those who do not are unsafe, also when there is nobody; None asks nothing. ``dominant``: a count of which
    one contributor provides more than so many per cent is unsafe; None asks nothing. (register.disclosure.rules finds
    both.) ``waivers``: cells that no rule protects, because somebody says so; they are hidden last.
    ``zeros``: "visible" publishes every true zero, and so tells the attacker that a hidden cell is at least 1;
    "hidden" allows zeros to be hidden as well.
    ``attacker``: the knowledge of register.disclosure.attacker, always together with "counts are whole".
    ``protection``: "nonexact", every unsafe count has at least one other whole value that fits all that is published.
    ``forced_open``: cells that must stay published. ``cost``: what hiding one cell costs: 1 ("cells"), its count
    ("counts"), or the square root of the count with totals dearer than detail ("balanced"). ``weights``: (dimension,
    factor) pairs; hiding a cell that tells this dimension costs so many times as much.
    ``internal``: for working tables that never leave the register: nothing is hidden, and the result says so.
    """

    threshold: int = 5
    zeros: Zeros = "visible"
    attacker: Level = "A2"
    protection: Literal["nonexact"] = "nonexact"
    forced_open: frozenset[CellKey] = frozenset()
    cost: Cost = "balanced"
    internal: bool = False
    alike: int | None = None
    dominant: int | None = None
    waivers: tuple[Waiver, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if self.zeros not in ("visible", "hidden"):
            raise ValueError(f"Unknown zero policy {self.zeros!r}; use visible or hidden.")
        if self.attacker not in ("A1", "A2"):
            raise ValueError(f"Unknown attacker {self.attacker!r}; use A1 or A2.")
        if self.protection != "nonexact":
            raise ValueError(f"Unknown protection level {self.protection!r}; use nonexact.")
        if self.cost not in ("cells", "counts", "balanced"):
            raise ValueError(f"Unknown cost {self.cost!r}; use cells, counts or balanced.")
        if self.threshold < 2 and not self.internal:
            raise ValueError("A threshold below 2 protects nobody; only an internal table may go without.")
        if self.alike is not None and not 0 <= self.alike <= MOST_BUT:
            raise ValueError(f"'All but so many' is 0 to {MOST_BUT}.")
        if self.dominant is not None and self.dominant not in SHARES:
            raise ValueError(f"The share of one contributor is {SHARES.start} to {SHARES.stop - 1} per cent.")
        if any(not (one.person.strip() and one.reason.strip() and one.day.strip()) for one in self.waivers):
            raise ValueError("A waiver has a person, a reason and a day.")
        if any(factor < LIGHTEST for _, factor in self.weights):
            raise ValueError(f"A weight is a number of {LIGHTEST} or more.")

    @property
    def waived(self) -> frozenset[CellKey]:
        """Return the cells that somebody waives."""
        return frozenset(one.cell for one in self.waivers)


PROFILES = {
    "t5": Policy(threshold=5),
    "t10": Policy(threshold=10),
    "none": Policy(threshold=1, internal=True),
}
