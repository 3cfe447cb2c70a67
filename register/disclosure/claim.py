"""What is claimed of the cells of a release, with its evidence: that nobody can compute an unsafe one.

A claim holds every cell with its true value, so it is as secret as the register.
"""

from dataclasses import dataclass, field
from typing import Any

Row = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """That no unsafe cell can be computed, with the evidence.

    Per cell: ``values`` (true counts), ``printed`` (published or suppressed somewhere), ``guarded`` (the threshold
    applies), ``impossible`` (known to be empty), ``hidden`` (of the printed ones, those suppressed), ``sensitive``
    (unsafe whatever its count; nothing at all where no cell is).
    ``equations`` and ``inequalities``: rows of (cell, coefficient) that add up to nought, and to nought or more, in
    every register. ``witnesses``: other registers, each as (cell, change) pairs.
    """

    threshold: int
    zeros: str
    attacker: str
    values: tuple[int, ...] = field(repr=False)
    printed: tuple[bool, ...] = field(repr=False)
    guarded: tuple[bool, ...] = field(repr=False)
    impossible: tuple[bool, ...] = field(repr=False)
    hidden: tuple[bool, ...] = field(repr=False)
    equations: tuple[Row, ...] = field(repr=False)
    inequalities: tuple[Row, ...] = field(repr=False)
    witnesses: tuple[Row, ...] = field(repr=False)
    sensitive: tuple[bool, ...] = field(repr=False, default=())

    def told(self) -> dict[str, Any]:
        """Return this for the verifier; a release shows no marks, and promises one other value."""
        parts: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        sensitive = self.sensitive or (False,) * len(self.values)
        return parts | {"sensitive": sensitive, "marks": False, "protection": "nonexact"}
