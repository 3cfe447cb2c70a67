"""From results to conclusions: one proposal for each substance that was found, linked to what was suspected.

A proposal names evidence and never a role, and leaves every suspicion as it stands. A marker or a metabolite of unknown
origin proposes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from register.coding.analytes import DETECTED, Family, relation_of
from register.coding.catalogue import Catalogue
from register.coding.folding import fold
from register.coding.terms import METABOLITE


@dataclass(frozen=True, slots=True)
class Suspected:
    """A suspicion that stands: its key, the substance it is linked to, and the words it was reported in."""

    key: str
    code: str | None
    reported_as: str


@dataclass(frozen=True, slots=True)
class Concluded:
    """A conclusion that stands; ``by_laboratory`` when the laboratory is among its evidence."""

    key: str
    code: str | None
    reported_as: str
    suspicion: str | None
    by_laboratory: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A substance that was found and about which nothing, or nothing with the laboratory behind it, was concluded.

    ``finding`` is the conclusion that gets the evidence and the link; None: a new one is proposed.
    """

    key: str
    family: Family
    suspicion: Suspected | None
    finding: Concluded | None


def proposals(
    families: Sequence[Family], suspicions: Iterable[Suspected], findings: Iterable[Concluded], catalogue: Catalogue
) -> tuple[Proposal, ...]:
    """One proposal for each family that was found, in the order of the families."""
    suspected, concluded = list(suspicions), list(findings)
    linked = {finding.suspicion for finding in concluded if finding.suspicion}
    made = []
    for family in families:
        if not family.present or _only_a_marker(family, catalogue):
            continue
        finding = next((one for one in concluded if _same(one, family)), None)
        own = finding.suspicion if finding else None
        suspicion = next((one for one in suspected if _same(one, family) and one.key not in linked), None)
        if finding is not None and finding.by_laboratory and (own or suspicion is None):
            continue
        made.append(Proposal(key_of(family), family, None if own else suspicion, finding))
        if suspicion is not None:
            linked.add(suspicion.key)
    return tuple(made)


def key_of(family: Family) -> str:
    """The code of the substance, or the folded words of the report: the name of a proposal in a form."""
    return family.parent or f"={fold(family.name)}"


def _same(row: Suspected | Concluded, family: Family) -> bool:
    if family.parent is not None:
        return row.code == family.parent
    return row.code is None and fold(row.reported_as) == fold(family.name)


def _only_a_marker(family: Family, catalogue: Catalogue) -> bool:
    """A marker says that something may have been there, not what: acetylcodeine alone, 4-ANPP alone."""
    if family.parent is not None:
        return False
    found = [one.analyte for one in family.members if one.analyte.outcome == DETECTED]
    known = [relation_of(analyte.reported_as, catalogue) for analyte in found]
    return all(relation is not None and relation.kind != METABOLITE for relation in known)
