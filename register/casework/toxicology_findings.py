"""From results to conclusions: taking proposals over, and the role of each substance.

New toxicology is the one thing, besides an answer to a question, that changes a case after it was handed in. So these
writes ask for the right to enter toxicology, and touch conclusions only.
"""

from collections.abc import Collection
from uuid import UUID

from register.casework import rows, substances
from register.casework.analytes import LABORATORY, RAPID, RAPID_TEST, report_in, standing_results
from register.casework.answers import Raw, Vocabularies
from register.casework.dossier import Dossier
from register.casework.editing import require_reason
from register.casework.errors import InvalidError, NotFoundError, RefusedError
from register.casework.opening import opened
from register.coding.finding_proposals import Proposal
from register.models import Case, SubstanceFinding, SuspectedSubstance, User
from register.workflow.roles import Role
from register.workflow.verbs import Verb

ASKED = ("role", "certainty", "origin")


def take_proposals(*, case_id: UUID | str, keys: Collection[str], seen_version: int, by: User) -> Case:
    """Take the proposals with these keys over: a conclusion each, without a role, linked to its suspicion.

    A proposal that no longer stands, because somebody took it over already, is passed by.
    """
    with opened(
        case_id=case_id, by=_who_concludes(by), verb=Verb.ENTER_TOX, seen_version=seen_version, merges=True
    ) as dossier:
        for proposal in report_in(dossier).proposals:
            if proposal.key in keys:
                _take(dossier, proposal)
    return dossier.case


def conclude(
    *, case_id: UUID | str, row_id: UUID | str, raw: Raw, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Set role, certainty and origin of a conclusion. Once the case was handed in, another role than the one that was
    set asks for a reason; the first one does not.
    """
    with opened(
        case_id=case_id,
        by=_who_concludes(by),
        verb=Verb.ENTER_TOX,
        seen_version=seen_version,
        reason=reason.strip(),
        merges=True,
    ) as dossier:
        row = rows.find(dossier, SubstanceFinding, row_id)
        if row.removed_at is not None:
            raise NotFoundError
        before = row.role
        asked = {name: value for name, value in raw.items() if name.removesuffix("_missing") in ASKED}
        rows.change(dossier, row, asked, Vocabularies())
        if before is not None and row.role != before:
            require_reason(dossier, reason)
        if substances.beside_a_sole_cause(dossier, row):
            raise InvalidError({"role": substances.ONE_SOLE_CAUSE})
    return dossier.case


def _take(dossier: Dossier, proposal: Proposal) -> None:
    evidence = _evidence(dossier, proposal)
    suspicion = dossier.row(SuspectedSubstance, proposal.suspicion.key) if proposal.suspicion else None
    if proposal.finding is not None:
        row = rows.find(dossier, SubstanceFinding, proposal.finding.key)
        known = list(row.evidence or ())
        dossier.change(row, evidence=known + [code for code in evidence if code not in known])
        if suspicion is not None and row.suspicion_id is None:
            dossier.change(row, suspicion=suspicion)
        return
    known = list(suspicion.evidence or ()) if suspicion is not None else []
    raw = {
        "substance": proposal.family.parent or "",
        "reported_as": "" if proposal.family.parent else proposal.family.name,
        "evidence": known + [code for code in evidence if code not in known],
        # What the physician said of the suspicion is not asked again.
        "route": (suspicion.route or "") if suspicion is not None else "",
    }
    substances.conclude_about(dossier, raw, Vocabularies(), suspicion=suspicion.pk if suspicion else None)


def _evidence(dossier: Dossier, proposal: Proposal) -> list[str]:
    keys = {member.analyte.key for member in proposal.family.members}
    stages = {row.stage for row in standing_results(dossier) if str(row.pk) in keys}
    return [RAPID_TEST] if stages == {RAPID} else [LABORATORY]


def _who_concludes(by: User) -> User:
    """A laboratory says what it found; what that means for the death is for a physician or the register."""
    if by.role == Role.LAB_CLERK:
        raise RefusedError(
            "results_only",
            "Een laboratorium legt uitslagen vast; de arts of het register kiest de rol van een middel.",
            "A laboratory records results; the physician or the register chooses the role of a substance.",
        )
    return by
