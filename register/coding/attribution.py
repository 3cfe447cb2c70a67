"""To which substance, group and class a death is attributed, by the measures any, sole and hierarchical.

``any`` counts a death under everything that contributed, so its figures overlap. ``sole`` counts a death where one
thing is the only contributor, so its figures are a subset. ``hierarchical`` counts each death once, opioids first
(the practice of the Dutch National Drug Monitor), then cocaine, then stimulants, then the rest; the rest of that order
is to be confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from register.coding import facts as fact
from register.coding.catalogue import Catalogue, SubstanceGroup
from register.coding.facts import CaseFacts, Contributor
from register.coding.settings import DEFAULT, Settings

PrimaryGroup = Literal["opioid", "cocaine", "stimulant", "other"]
ALCOHOL = "alcohol"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where one death counts.

    Levels: substance, group (39 groups), class (9 classes) and primary (opioid, cocaine, stimulant or other, which
    also holds medicines, alcohol and the unknown). A ``sole_…`` or ``hierarchical_…`` value is None when there is no
    such thing; ``primary_group`` is the hierarchical measure at the primary level and None without a contributor.
    A group can be the sole one with two substances of it. Only ``any_…`` may hold possible contributions.
    Sole is part of hierarchical; only with alcohol ignored, and beside a substance that ranks below alcohol (an
    adulterant, an unknown one), the hierarchical measure names alcohol below the primary level.
    """

    any_substances: frozenset[str]
    any_groups: frozenset[str]
    any_classes: frozenset[str]
    any_primary: frozenset[PrimaryGroup]
    sole_substance: str | None
    sole_group: str | None
    sole_class: str | None
    sole_primary: PrimaryGroup | None
    hierarchical_substance: str | None
    hierarchical_group: str | None
    hierarchical_class: str | None
    primary_group: PrimaryGroup | None
    polydrug_count: int
    groups_involved: tuple[str, ...]
    possible_counted: bool
    alcohol_ignored: bool


def attribute(facts: CaseFacts, catalogue: Catalogue, settings: Settings = DEFAULT) -> Attribution:
    """Where this death counts. Raises UnknownCodeError for a substance the catalogue does not hold.

    ``polydrug_count`` is the number of contributing substances, alcohol among them; ``groups_involved`` are their
    groups, highest in the hierarchy first.
    """
    contributing = [(row, catalogue.group_of(row.code)) for row in fact.contributors(facts)]
    counted = list(contributing)
    if settings.count_possible:
        counted += [(row, catalogue.group_of(row.code)) for row in fact.possible_contributors(facts)]
    sober = [(row, group) for row, group in contributing if group.class_ != ALCOHOL]
    alone = sober if settings.alcohol_ignored and sober else contributing
    leading = min(contributing, key=_hierarchy, default=None)
    return Attribution(
        any_substances=frozenset(row.code for row, _ in counted),
        any_groups=frozenset(group.code for _, group in counted),
        any_classes=frozenset(group.class_ for _, group in counted),
        any_primary=frozenset(primary(group) for _, group in counted),
        sole_substance=_only(row.code for row, _ in alone),
        sole_group=_only(group.code for _, group in alone),
        sole_class=_only(group.class_ for _, group in alone),
        sole_primary=_only(primary(group) for _, group in alone),
        hierarchical_substance=leading[0].code if leading else None,
        hierarchical_group=leading[1].code if leading else None,
        hierarchical_class=leading[1].class_ if leading else None,
        primary_group=primary(leading[1]) if leading else None,
        polydrug_count=len(contributing),
        groups_involved=tuple(code for _, code in sorted({(group.rank, group.code) for _, group in contributing})),
        possible_counted=settings.count_possible,
        alcohol_ignored=settings.alcohol_ignored,
    )


def primary(group: SubstanceGroup) -> PrimaryGroup:
    """The class as the hierarchical measure prints it: whatever is no opioid, cocaine or stimulant is other."""
    match group.class_:
        case "opioid":
            return "opioid"
        case "cocaine":
            return "cocaine"
        case "stimulant":
            return "stimulant"
        case _:
            return "other"


def _hierarchy(pair: tuple[Contributor, SubstanceGroup]) -> tuple[int, tuple[int, int], str]:
    row, group = pair
    return group.rank, row.strength, row.code


def _only(items: Iterable[T]) -> T | None:
    distinct = set(items)
    return distinct.pop() if len(distinct) == 1 else None
