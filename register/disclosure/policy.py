"""What is promised for a set of tables: threshold, zero policy, attacker, protection level."""

from dataclasses import dataclass
from typing import Literal

from register.disclosure.cells import CellKey

Zeros = Literal["visible", "hidden"]
Level = Literal["A1", "A2"]
Cost = Literal["cells", "counts", "balanced"]


@dataclass(frozen=True, slots=True)
class Policy:
    """The promise; every part is a setting with a version in the release, never a constant of the engine.

    ``threshold``: counts of 1 to threshold - 1 are unsafe. ``zeros``: "visible" publishes every true zero, and so
    tells the attacker that a hidden cell is at least 1; "hidden" allows zeros to be hidden as well.
    ``attacker``: the knowledge of register.disclosure.attacker, always together with "counts are whole".
    ``protection``: "nonexact", every unsafe count has at least one other whole value that fits all that is published.
    ``forced_open``: cells that must stay published. ``cost``: what hiding one cell costs: 1 ("cells"), its count
    ("counts"), or the square root of the count with totals dearer than detail ("balanced").
    ``internal``: for working tables that never leave the register: nothing is hidden, and the result says so.
    """

    threshold: int = 5
    zeros: Zeros = "visible"
    attacker: Level = "A2"
    protection: Literal["nonexact"] = "nonexact"
    forced_open: frozenset[CellKey] = frozenset()
    cost: Cost = "balanced"
    internal: bool = False

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


PROFILES = {
    "t5": Policy(threshold=5),
    "t10": Policy(threshold=10),
    "none": Policy(threshold=1, internal=True),
}
