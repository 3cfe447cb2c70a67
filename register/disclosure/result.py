"""What protection returns: cells that may leave, and a dossier that may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from register.disclosure.cells import Cell, CellKey
from register.disclosure.claim import Claim
from register.disclosure.cube import Codes, Table
from register.disclosure.policy import Policy
from register.disclosure.system import Rule, System
from register.disclosure.verdict import Verdict

ENGINE = "moves/1"
Why = Literal["threshold", "group", "dominance", "secondary"]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Why each cell has its fate, for those who decide on a release; as secret as the register, never published.

    ``primary``: hidden by a rule, for their own size or what they tell; ``secondary``: hidden to protect others.
    ``claim`` is the evidence, ``verdict`` what the independent verifier made of it.
    """

    system: System = field(repr=False)
    policy: Policy = field(repr=False)
    primary: frozenset[CellKey] = field(repr=False)
    secondary: frozenset[CellKey] = field(repr=False)
    claim: Claim = field(repr=False)
    verdict: Verdict
    engine: str = ENGINE

    @property
    def why(self) -> dict[CellKey, Why]:
        """Return for each hidden cell the rule that hides it, or that it protects others; its size comes first."""
        hidden, limit, system = self.primary | self.secondary, self.policy.threshold, self.system
        cells = zip(system.cells, system.values, system.guarded, system.rules, strict=True)
        return {
            key: "threshold" if guarded and 0 < value < limit else rule or "secondary"
            for key, value, guarded, rule in cells
            if key in hidden
        }


@dataclass(frozen=True, slots=True)
class Protected:
    """The cells as they may be published. An ``internal`` result is not protected and must not leave the register.

    ``cells`` tell a count, "suppressed" or "cannot occur", and nothing else. ``dossier`` is empty when internal.
    """

    cells: Mapping[CellKey, Cell] = field(repr=False)
    internal: bool
    dossier: Dossier | None = field(repr=False, default=None)

    def table(self, table: Table) -> dict[Codes, Cell]:
        """Return the cells of one printed table by their codes, in the order of its dimensions."""
        return {codes: self.cells[table.key(codes)] for codes in table.rows()}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell cannot be protected, in Dutch and English; it names cells and never their counts.

    ``release`` lists the forced cells that would have to be hidden as well; empty when nothing is known. ``rule`` is
    the one that protects the cell beside its size, if there is one.
    """

    nl: str
    en: str
    cell: CellKey | None = None
    release: tuple[CellKey, ...] = ()
    rule: Rule = ""


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Protection is impossible or not proven; nothing may leave. The reasons name unsafe cells: they stay inside."""

    reasons: tuple[Reason, ...]
