"""What protection returns: cells that may leave, and a dossier that may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from register.disclosure.cells import Cell, CellKey
from register.disclosure.cube import Codes, Table
from register.disclosure.policy import Policy
from register.disclosure.system import System
from register.disclosure.verify import Claim, Verdict

ENGINE = "moves/1"


@dataclass(frozen=True, slots=True)
class Dossier:
    """Why each cell has its fate, for those who decide on a release; as secret as the register, never published.

    ``primary``: hidden for their own size; ``secondary``: hidden to protect others. ``claim`` is the evidence,
    ``verdict`` what the independent verifier made of it.
    """

    system: System = field(repr=False)
    policy: Policy = field(repr=False)
    primary: frozenset[CellKey] = field(repr=False)
    secondary: frozenset[CellKey] = field(repr=False)
    claim: Claim = field(repr=False)
    verdict: Verdict
    engine: str = ENGINE


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

    ``release`` lists the forced cells that would have to be hidden as well; empty when nothing is known.
    """

    nl: str
    en: str
    cell: CellKey | None = None
    release: tuple[CellKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Protection is impossible or not proven; nothing may leave. The reasons name unsafe cells: they stay inside."""

    reasons: tuple[Reason, ...]
