"""The rules of a release beside its threshold, as its makers choose them: groups, single services, and waivers.

They are fixed with the plan, kept with the release and told to whoever approves it. The files say which rules held and
which tables show small counts, and never of a cell why it is hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from register.disclosure.policy import MOST_BUT
from register.reporting.errors import Fault

# Per cent of a count that one forensic service may provide.
DOMINANT = (90, 75)
ALIKE = range(MOST_BUT + 1)
# Tables whose small counts may be told by a waiver: of the whole country, by one characteristic.
WAIVABLE = (
    "definition-sex",
    "group-hierarchical",
    "group",
    "substance",
    "euda-group",
    "place",
    "toxicology",
    "month",
    "combination",
    "substances-number",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is unsafe beside small counts, and what may be told nevertheless.

    ``alike``: groups of which all deaths, or all but so many, share an answer; None asks nothing. ``dominant``: counts
    of which one forensic service provides more than so many per cent; None asks nothing. ``waived``: tables whose small
    counts are told, with ``reason``; ``person`` and ``day`` say who decided that and when.
    """

    alike: int | None = None
    dominant: int | None = None
    waived: tuple[str, ...] = ()
    reason: str = ""
    person: str = "-"
    day: str = "-"

    def told(self) -> dict[str, Any] | None:
        """The profile as it is kept with the release; None where nothing but the threshold is asked."""
        if self.alike is None and self.dominant is None and not self.waived:
            return None
        return {"alike": self.alike, "dominant": self.dominant, "waived": list(self.waived), "reason": self.reason}

    def faults(self) -> list[Fault]:
        """What cannot be chosen, at its field."""
        found = []
        if self.alike is not None and self.alike not in ALIKE:
            found.append(Fault("alike", "Kies welke groepen worden beschermd.", "Choose which groups are protected."))
        if self.dominant is not None and self.dominant not in DOMINANT:
            found.append(Fault("dominant", "Kies een van de aandelen.", "Choose one of the shares."))
        if not set(self.waived) <= set(WAIVABLE):
            found.append(Fault("waived", "Kies uit deze tabellen.", "Choose from these tables."))
        if self.waived and not self.reason.strip():
            found.append(
                Fault(
                    "waiver_reason",
                    "Schrijf op waarom kleine aantallen in deze tabellen worden getoond.",
                    "Write down why small counts of these tables are shown.",
                )
            )
        return found

    def facts(self) -> dict[str, Any] | None:
        """What the files of the release say of it."""
        if self.told() is None:
            return None
        return {
            "groupsSharingAnAnswer": None if self.alike is None else {"allBut": self.alike},
            "dominance": None
            if self.dominant is None
            else {"contributor": "forensic service", "percent": self.dominant},
            "waivers": [{"table": name, "reason": self.reason} for name in self.waived],
        }


USUAL = Profile()


def profile_of(told: Mapping[str, Any] | None, *, person: str = "-", day: str = "-") -> Profile:
    """The profile that ``told`` wrote, decided by this person on this day."""
    if not told:
        return USUAL
    return Profile(
        alike=told["alike"],
        dominant=told["dominant"],
        waived=tuple(told["waived"]),
        reason=told["reason"],
        person=person,
        day=day,
    )


def strictest(profiles: Iterable[Profile]) -> Profile:
    """The rules of all of these together: what was once promised is kept. Waivers are those of one release alone."""
    every = list(profiles)
    return Profile(
        alike=max((one.alike for one in every if one.alike is not None), default=None),
        dominant=min((one.dominant for one in every if one.dominant is not None), default=None),
    )
