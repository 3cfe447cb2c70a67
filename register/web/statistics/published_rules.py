"""The rules of a published release in words, as its manifest tells them to machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from register.reporting.headings import HEADINGS
from register.reporting.published import Released
from register.web.language import active


@dataclass(frozen=True, slots=True)
class Waived:
    """A table whose small counts are shown, and why."""

    title: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """``all_but``: groups that share an answer are protected, also when so many have another one; None: they are not.

    ``percent``: the share of one forensic service beyond which a count is suppressed; None: no such rule.
    """

    all_but: int | None
    percent: int | None
    waived: tuple[Waived, ...]


def of(release: Released) -> Rules | None:
    """The rules beside the threshold; None where the threshold is the only one."""
    told = release.rules
    if told is None:
        return None
    groups, dominance = told["groupsSharingAnAnswer"], told["dominance"]
    return Rules(
        all_but=groups["allBut"] if groups else None,
        percent=dominance["percent"] if dominance else None,
        waived=tuple(_waived(release, one) for one in told["waivers"]),
    )


def _waived(release: Released, told: Mapping[str, Any]) -> Waived:
    name = told["table"]
    number, nl, en = HEADINGS.get(name, ("", name, name))
    title = f"{number} {nl if active() == 'nl' else en}".strip()
    return Waived(title, reverse("statistics:table", args=[release.id, name]), told["reason"])
