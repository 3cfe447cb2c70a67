"""The rules of one release as they hold: beside its own those of earlier releases, and what people let be told.

What comes of them is told to the two people of a release; it never reaches a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from register.disclosure import CellKey, Count, Policy, Suppressed, Waiver, others_of
from register.reporting import naming
from register.reporting.choices import NONE, Choices
from register.reporting.extract import Extract
from register.reporting.headings import HEADINGS
from register.reporting.over_time import Earlier, Together
from register.reporting.profiles import USUAL, Profile, strictest
from register.reporting.sensitive import keys_of
from register.reporting.tables import designs

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Rules:
    """``own``: what the makers chose. ``joint``: the rules that hold, also those that an earlier release promised.

    ``waived``: the cells of the tables whose small counts are told. ``choices``: what people chose since.
    """

    own: Profile = USUAL
    joint: Profile = USUAL
    waived: tuple[CellKey, ...] = field(repr=False, default=())
    choices: Choices = NONE

    @classmethod
    def of(
        cls,
        extract: Extract,
        *,
        definition: str,
        years: range,
        profile: Profile,
        earlier: Sequence[Earlier],
        choices: Choices,
    ) -> "Rules":
        """The rules of a release by this profile, beside these earlier ones."""
        printed = designs(extract)
        waived = sorted(keys_of(printed, profile.waived, definition, years)) if profile.waived else ()
        return cls(profile, strictest([profile, *(one.profile for one in earlier)]), tuple(waived), choices)

    def applied(self, policy: Policy) -> Policy:
        """The policy with these rules."""
        own = self.own
        return replace(
            policy,
            alike=self.joint.alike,
            dominant=self.joint.dominant,
            waivers=tuple(Waiver(key, own.person, own.reason, own.day) for key in self.waived),
        )

    def told(self, made: Together, extract: Extract, threshold: int) -> dict[str, Any] | None:
        """What was asked and what came of it, in numbers and names; None where only the threshold is asked.

        ``groups`` and ``dominated``: how many are protected. ``accepted``: what people let be told of groups and
        services, by name. ``shown``: how many small counts are told because their table is waived.
        """
        if self.own.told() is None and self.joint.told() is None:
            return None
        ruled = {key: rule for key, rule in zip(made.system.cells, made.system.rules, strict=True) if rule}
        dominated = [key for key, rule in ruled.items() if rule == "dominance" and made.cells[key] == Suppressed()]
        alone = not made.report
        accepted = [key for key in self.choices.waived if alone or others_of(key) is not None]
        values = [cell.value for key in self.waived if isinstance(cell := made.cells.get(key), Count)]
        return {
            "alike": self.joint.alike,
            "dominant": self.joint.dominant,
            "groups": sum(rule == "group" for rule in ruled.values()),
            "dominated": len(dominated),
            "dominated_named": naming.words(dominated[:MOST_NAMED], extract),
            "accepted": naming.words(accepted, extract),
            "waived": [{"nl": f"{number} {nl}", "en": f"{number} {en}"} for number, nl, en in self._headings()],
            "shown": sum(0 < value < threshold for value in values),
            "reason": self.own.reason,
            "choice": self.choices.reason,
        }

    def _headings(self) -> list[tuple[str, str, str]]:
        return [HEADINGS[name] for name in self.own.waived]
