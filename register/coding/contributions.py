"""Whether a substance that contributed to the death stands on the list of a definition.

The lists are flags of the groups in the catalogue. A row counts by its role: a group never adds or removes one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from register.coding.catalogue import Catalogue, SubstanceGroup
from register.coding.facts import CaseFacts, Contributor
from register.coding.sentences import Sentence, listed
from register.coding.settings import Settings
from register.coding.verdicts import Verdict, any_of, both

Flag = Callable[[Contributor, SubstanceGroup, Settings], Verdict]


@dataclass(frozen=True, slots=True)
class OnList:
    """Whether one contributing substance is on the list, and the substances that say so.

    With yes those on the list, with undetermined those that could be, with no all that contributed;
    ``open_because`` says why an undetermined one is open.
    """

    verdict: Verdict
    rows: tuple[Contributor, ...]
    names: Sentence
    open_because: Sentence


def on_list(facts: CaseFacts, catalogue: Catalogue, settings: Settings, flag: Flag) -> OnList:
    """Whether at least one contributing substance carries the flag. Raises UnknownCodeError."""
    rows = [row for row in facts.substances if row.contributes or row.role is None]
    verdicts = [both(_contributed(row), flag(row, catalogue.group_of(row.code), settings)) for row in rows]
    verdict = any_of(verdicts)
    deciding = tuple(row for row, each in zip(rows, verdicts, strict=True) if each is verdict and _named(row, each))
    why = _open_because(deciding, catalogue, flag) if verdict is Verdict.UNDETERMINED else Sentence("", "")
    return OnList(verdict, deciding, _names(deciding, catalogue), why)


def selection_d_flag(row: Contributor, group: SubstanceGroup, settings: Settings) -> Verdict:
    """The list of Selection D; a medicine is on it when it was not prescribed to the deceased."""
    match group.selection_d:
        case "yes" | "no":
            return Verdict(group.selection_d)
        case "if_not_prescribed":
            return Verdict.of(None if row.origin is None else row.origin != "prescribed")
        case _:
            return Verdict.of(settings.selection_d.get(group.code))


def nl_broad_flag(row: Contributor, group: SubstanceGroup, settings: Settings) -> Verdict:
    """The list of the broad definition, which does not ask where a medicine came from."""
    match group.nl_broad:
        case "yes" | "no":
            return Verdict(group.nl_broad)
        case _:
            return Verdict.of(settings.nl_broad.get(group.code))


def medicines_only(found: OnList, catalogue: Catalogue) -> bool:
    """Whether what contributed is medicines and nothing else."""
    groups = [catalogue.group_of(row.code) for row in found.rows]
    return bool(groups) and all(g.class_ == "medicine" or g.selection_d == "if_not_prescribed" for g in groups)


def _contributed(row: Contributor) -> Verdict:
    return Verdict.of(None if row.role is None else row.contributes)


def _names(rows: tuple[Contributor, ...], catalogue: Catalogue) -> Sentence:
    found = [catalogue.substance(code) for code in sorted({row.code for row in rows})]
    return listed([Sentence(substance.name_nl, substance.name_en) for substance in found])


def _open_because(rows: tuple[Contributor, ...], catalogue: Catalogue, flag: Flag) -> Sentence:
    reasons = []
    if any(row.role is None for row in rows):
        reasons.append(Sentence("de rol is niet gezet", "the role is not set"))
    groups = [catalogue.group_of(row.code) for row in rows if row.role is not None]
    asks_origin = [flag is selection_d_flag and group.selection_d == "if_not_prescribed" for group in groups]
    if any(asks_origin):
        reasons.append(Sentence("de herkomst is niet bekend", "the origin is not known"))
    if not all(asks_origin):
        reasons.append(Sentence("de lijst is voor deze groep nog vast te stellen", "the list is still to be confirmed"))
    return listed(reasons)


def _named(row: Contributor, verdict: Verdict) -> bool:
    """A row without a role is named only where it leaves the outcome open."""
    return row.role is not None or verdict is Verdict.UNDETERMINED
