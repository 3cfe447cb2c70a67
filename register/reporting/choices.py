"""What people chose for a release that could not be published beside the earlier ones as it was."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from register.disclosure import CellKey
from register.reporting.conflicts import RULES
from register.reporting.errors import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """``keep``: years that keep the figures of the release before, until their corrections are many enough.

    ``hide_totals``: the totals of a year may be hidden as well. ``waived``: cells that may be told although they, or
    their change since an earlier release, are small; ``reason`` says why.
    """

    keep: tuple[int, ...] = ()
    hide_totals: bool = False
    waived: tuple[CellKey, ...] = ()
    reason: str = ""

    @classmethod
    def among(
        cls,
        conflict: Mapping[str, Any],
        *,
        keep: Collection[str],
        hide_totals: bool,
        waive: Collection[str],
        reason: str,
        rules: bool = False,
    ) -> "Choices":
        """What somebody chose of what the conflict of a release offers: years, and cells by their place in its list.

        ``rules``: tell everything in that list that the rules protect and that hiding does not help.
        """
        return cls(
            keep=tuple(year for year in conflict["years"] if str(year) in keep),
            hide_totals=hide_totals,
            waived=tuple(
                key_of(cell["key"])
                for place, cell in enumerate(conflict["cells"])
                if str(place) in waive or (rules and cell["why"] in RULES)
            ),
            reason=reason.strip(),
        )

    def check(self) -> None:
        """Raise RefusedError when nothing was chosen, or a reason is missing."""
        if self == replace(NONE, reason=self.reason):
            raise RefusedError(
                code="nothing_chosen",
                nl="Kies ten minste een manier om verder te gaan.",
                en="Choose at least one way to go on.",
            )
        if (self.hide_totals or self.waived) and not self.reason:
            raise RefusedError(
                code="reason_missing",
                nl="Schrijf op waarom een totaal wordt verborgen of een cel toch wordt getoond.",
                en="Write down why a total is suppressed or a cell is shown nevertheless.",
            )

    def and_(self, more: "Choices") -> "Choices":
        """These choices and further ones."""
        return Choices(
            keep=tuple(sorted({*self.keep, *more.keep})),
            hide_totals=self.hide_totals or more.hide_totals,
            waived=tuple(sorted({*self.waived, *more.waived})),
            reason=" ".join(filter(None, (self.reason, more.reason))),
        )

    def told(self) -> dict[str, Any]:
        """The choices as they are kept with the release."""
        return {
            "keep": sorted(self.keep),
            "hide_totals": self.hide_totals,
            "waived": [list_of(key) for key in sorted(self.waived)],
            "reason": self.reason,
        }


NONE = Choices()


def choices_of(told: Mapping[str, Any] | None) -> Choices:
    """The choices that ``told`` wrote; none where nothing was chosen."""
    if not told:
        return NONE
    return Choices(
        keep=tuple(told["keep"]),
        hide_totals=told["hide_totals"],
        waived=tuple(map(key_of, told["waived"])),
        reason=told["reason"],
    )


def list_of(key: CellKey) -> list[Any]:
    """A cell as JSON keeps it."""
    return [key.population, key.measure, [list(pair) for pair in key.at]]


def key_of(told: list[Any]) -> CellKey:
    """The cell that ``list_of`` wrote."""
    population, measure, at = told
    return CellKey(population, measure, tuple((dimension, code) for dimension, code in at))
