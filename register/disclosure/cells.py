"""What may stand in a published cell, and the name by which all tables know the same cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

TOTAL = "_T"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of deaths that may be published; zero is a number."""

    value: int


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Not a number: too small, or computable from others. It carries no value and no reason, and says neither."""


@dataclass(frozen=True, slots=True)
class StructuralZero:
    """A combination that cannot occur; this is not the count zero."""


Cell = Count | Suppressed | StructuralZero


class CellKey(NamedTuple):
    """The canonical name of a cell: population, measure and the nodes that are not totals, sorted by dimension.

    Two tables that publish the same number of the same deaths give it the same key, so it is one unknown with one
    value and one fate.
    """

    population: str
    measure: str
    at: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, population: str, measure: str, nodes: Mapping[str, str]) -> "CellKey":
        """Name the cell at these nodes (dimension to code); totals are left out."""
        at = [pair for pair in nodes.items() if pair[1] != TOTAL]
        at.sort()
        return cls(population, measure, tuple(at))

    def __str__(self) -> str:
        where = ", ".join(f"{dimension} {code}" for dimension, code in self.at)
        return f"{self.population} {self.measure} ({where or 'total'})"


class DisclosureInputError(ValueError):
    """Tables that contradict themselves or each other, said in one sentence in Dutch (``nl``) and English (``en``)."""

    def __init__(self, *, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl = nl
        self.en = en
