"""What keeps a release from being published as it is, where people can choose how to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from register.disclosure import CellKey, Infeasible
from register.reporting.errors import BuildError
from register.reporting.table_design import TIME

# Why a cell is in the way though its count is not small.
RULES = frozenset({"group", "dominance"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that keeps a release from being published as it is.

    ``why``: "total", the total of a year changes by fewer deaths than the threshold; "small", it was published before
    and is below the threshold of this release; "forced", it or its change follows from what is known already; "group",
    those of a group who do not share its answer, "dominance", a count of one service: hiding does not help there.
    """

    key: CellKey
    why: str

    @property
    def year(self) -> str:
        """The year of death; empty where the cell is of no year."""
        return dict(self.key.at).get(TIME, "")


class ConflictError(BuildError):
    """The release cannot be published as it is; ``conflicts`` name the cells for which people have to choose."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        number = len(conflicts)
        if all(one.why in RULES for one in conflicts):
            super().__init__(
                nl="De publicatie is niet gemaakt: wat de gekozen regels beschermen, is hier niet te verbergen "
                f"({number} {'keer' if number == 1 else 'keren'}). De groepen, de cellen en de keuze staan hieronder.",
                en="The release was not built: what the chosen rules protect cannot be hidden here "
                f"({number} {'time' if number == 1 else 'times'}). The groups, the cells and the choice stand below.",
            )
            return
        super().__init__(
            nl="De publicatie is niet gemaakt: samen met wat eerder is gepubliceerd zou zij kleine aantallen verraden "
            f"({number} {'cel' if number == 1 else 'cellen'}). De cellen en de keuzes staan hieronder.",
            en="The release was not built: together with what was published before it would give small counts away "
            f"({number} {'cell' if number == 1 else 'cells'}). The cells and the choices stand below.",
        )


def conflicts_of(outcome: Infeasible, origin: Mapping[CellKey, CellKey]) -> list[Conflict]:
    """What people can choose about, by the own names of the cells; nothing when a reason names no cell."""
    found = {origin[one.cell]: Conflict(origin[one.cell], one.rule or "forced") for one in outcome.reasons if one.cell}
    return list(found.values()) if all(one.cell for one in outcome.reasons) else []
