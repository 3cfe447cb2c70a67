"""Suspected substances and conclusions about substances: two layers that are linked and never overwrite each other."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from register.casework import rows, unread
from register.casework.answers import Raw, Vocabularies, put
from register.casework.dossier import Dossier
from register.casework.editing import edited
from register.casework.errors import InvalidError, NotFoundError
from register.casework.merging import require_unchanged, settle
from register.casework.opening import opened
from register.models import Case, SubstanceFinding, SuspectedSubstance, ToxResult, User
from register.models.case import CaseChild
from register.quality.answers import Answer
from register.quality.problems import Problem
from register.workflow.verbs import Verb

NAME_NEEDED = Problem("Vul een middel in.", "Fill in a substance.")
REASON_NEEDED = Problem("Geef de reden waarom dit middel vervalt.", "Give the reason why this substance is removed.")
UNKNOWN_SUSPICION = Problem("Dit vermoede middel bestaat niet.", "There is no such suspected substance.")
UNKNOWN_SUBSTANCE = Problem("Dit middel staat niet in de catalogus.", "This substance is not in the catalogue.")
ONE_SOLE_CAUSE = Problem(
    "Er is al een middel met de rol 'Doodsoorzaak (alleen)'. Wijzig eerst die rol.",
    "Another substance has the role 'Sole cause' already. Change that role first.",
)
BEFORE_SUBMISSION = "Weggehaald voor het indienen"
MAPPED_KINDS: dict[str, type[CaseChild]] = {
    "suspicion": SuspectedSubstance,
    "finding": SubstanceFinding,
    "result": ToxResult,
}


def add_suspicion(
    *,
    case_id: UUID | str,
    reported_as: str,
    seen_version: int,
    by: User,
    substance: str | None = None,
    evidence: Sequence[str] = (),
    route: str | None = None,
    route_missing: str = "",
    reason: str = "",
) -> Case:
    """Add a suspected substance in the words it was reported in, linked to the catalogue by ``substance``."""
    raw = {
        "reported_as": reported_as,
        "substance": substance or "",
        "evidence": list(evidence),
        "route": route or "",
        "route_missing": route_missing,
    }
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        suspect(dossier, raw, Vocabularies())
    return dossier.case


def suspect(dossier: Dossier, raw: Raw, vocabularies: Vocabularies) -> SuspectedSubstance:
    """Add a suspected substance in memory. The words default to the name in the catalogue."""
    row = rows.add(dossier, SuspectedSubstance, raw, vocabularies)
    _named(dossier, row)
    return row


def change_suspicion(
    *, case_id: UUID | str, row_id: UUID | str, raw: Raw, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Change a suspected substance; form names that ``raw`` does not hold stay as they are."""
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = _standing(dossier, SuspectedSubstance, row_id)
        rows.change(dossier, row, raw, Vocabularies())
        _named(dossier, row)
    return dossier.case


def remove_suspicion(*, case_id: UUID | str, row_id: UUID | str, seen_version: int, by: User, reason: str = "") -> Case:
    """Before the first submission the row goes; afterwards it stays, struck out with the reason."""
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = _standing(dossier, SuspectedSubstance, row_id)
        require_unchanged(dossier, row)
        for finding in dossier.rows(SubstanceFinding):
            if finding.suspicion_id == row.pk:
                dossier.change(finding, suspicion=None)
        if dossier.case.submitted_at is None:
            dossier.drop(row)
        else:
            _strike_out(dossier, row, reason)
        unread.forget_model(dossier, SuspectedSubstance.__name__, row=str(row.pk))
    return dossier.case


def restore_suspicion(
    *, case_id: UUID | str, row_id: UUID | str, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Put back a suspected substance that went before the first submission, with the conclusions that answered it."""
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = rows.put_back(dossier, SuspectedSubstance, row_id)
        answered = SubstanceFinding.history.filter(case_id=dossier.case.pk, suspicion_id=row_id)
        keys = set(answered.values_list("id", flat=True))
        for finding in dossier.rows(SubstanceFinding):
            if finding.pk in keys and finding.suspicion_id is None:
                dossier.change(finding, suspicion=row)
    return dossier.case


def add_finding(
    *,
    case_id: UUID | str,
    seen_version: int,
    by: User,
    reported_as: str = "",
    substance: str | None = None,
    suspicion: UUID | str | None = None,
    role: str | None = None,
    certainty: str | None = None,
    certainty_missing: str = "",
    evidence: Sequence[str] = (),
    route: str | None = None,
    route_missing: str = "",
    origin: str | None = None,
    origin_missing: str = "",
    reason: str = "",
) -> Case:
    """Add a conclusion about a substance. The role may stay open until the case is closed; it is never guessed."""
    raw = {
        "reported_as": reported_as,
        "substance": substance or "",
        "role": role or "",
        "certainty": certainty or "",
        "certainty_missing": certainty_missing,
        "evidence": list(evidence),
        "route": route or "",
        "route_missing": route_missing,
        "origin": origin or "",
        "origin_missing": origin_missing,
    }
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        conclude_about(dossier, raw, Vocabularies(), suspicion=suspicion)
    return dossier.case


def conclude_about(
    dossier: Dossier, raw: Raw, vocabularies: Vocabularies, *, suspicion: UUID | str | None = None
) -> SubstanceFinding:
    """Add a conclusion about a substance in memory, linked to the suspicion it answers when there is one."""
    linked = None
    if suspicion:
        linked = dossier.row(SuspectedSubstance, suspicion)
        if linked is None:
            raise InvalidError({"suspicion": UNKNOWN_SUSPICION})
    row = rows.add(dossier, SubstanceFinding, raw, vocabularies, suspicion=linked)
    _named(dossier, row)
    _one_sole_cause(dossier, row)
    return row


def change_finding(
    *, case_id: UUID | str, row_id: UUID | str, raw: Raw, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Change a conclusion about a substance; form names that ``raw`` does not hold stay as they are."""
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = _standing(dossier, SubstanceFinding, row_id)
        rows.change(dossier, row, raw, Vocabularies())
        _named(dossier, row)
        _one_sole_cause(dossier, row)
    return dossier.case


def remove_finding(*, case_id: UUID | str, row_id: UUID | str, seen_version: int, by: User, reason: str = "") -> Case:
    """Strike a conclusion out with its reason; it is never deleted. Before the first submission the reason is known."""
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        row = _standing(dossier, SubstanceFinding, row_id)
        require_unchanged(dossier, row)
        _strike_out(dossier, row, reason if dossier.case.submitted_at else BEFORE_SUBMISSION)
        unread.forget_model(dossier, SubstanceFinding.__name__, row=str(row.pk))
    return dossier.case


def suspicion_taken_away(*, case: Case, row_id: UUID | str) -> SuspectedSubstance | None:
    """A suspected substance that went before the first submission and can be put back."""
    return rows.taken_away(case=case, model=SuspectedSubstance, row_id=row_id)


def finding_taken_away(*, case: Case, row_id: UUID | str) -> SubstanceFinding | None:
    """A conclusion that was struck out before the first submission and can be put back."""
    if case.submitted_at is not None:
        return None
    struck = SubstanceFinding.objects.filter(case=case).exclude(removed_at=None).select_related("substance")
    return next((row for row in struck if str(row.pk) == str(row_id)), None)


def restore_finding(*, case_id: UUID | str, row_id: UUID | str, seen_version: int, by: User, reason: str = "") -> Case:
    """Let a conclusion stand again that was taken away before the first submission."""
    with edited(case_id=case_id, by=by, seen_version=seen_version, reason=reason) as dossier:
        if finding_taken_away(case=dossier.case, row_id=row_id) is None:
            raise NotFoundError
        row = rows.find(dossier, SubstanceFinding, row_id)
        dossier.change(row, removed_at=None, removed_reason=None)
        _one_sole_cause(dossier, row)
    return dossier.case


def map_row(*, case_id: UUID | str, kind: str, row_id: UUID | str, substance: str, seen_version: int, by: User) -> Case:
    """Link a row (``suspicion``, ``finding`` or ``result``) to the catalogue. The words it was reported in stay."""
    if kind not in MAPPED_KINDS:
        raise NotFoundError
    with opened(case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, merges=True) as dossier:
        link(dossier, rows.find(dossier, MAPPED_KINDS[kind], row_id), substance, Vocabularies())
    return dossier.case


def link(dossier: Dossier, row: CaseChild, substance: str, vocabularies: Vocabularies) -> None:
    """Link a row to the catalogue in memory."""
    if substance not in vocabularies.substance:
        raise InvalidError({"substance": UNKNOWN_SUBSTANCE})
    put(dossier, row, settle(dossier, row, {f"{type(row).__name__}.substance": Answer(substance)}))


def _standing(dossier: Dossier, model: type[rows.Child], row_id: UUID | str) -> rows.Child:
    row = rows.find(dossier, model, row_id)
    if getattr(row, "removed_at", None) is not None:
        raise NotFoundError
    return row


def _strike_out(dossier: Dossier, row: SuspectedSubstance | SubstanceFinding, reason: str) -> None:
    words = reason.strip()[:500]
    if not words:
        raise InvalidError({"reason": REASON_NEEDED})
    dossier.change(row, removed_at=timezone.now(), removed_reason=words)


def _named(dossier: Dossier, row: SuspectedSubstance | SubstanceFinding) -> None:
    """A row has the words it was reported in; without them the name of the substance in the catalogue."""
    if row.reported_as:
        return
    if not row.substance_id:
        raise InvalidError({"reported_as": NAME_NEEDED})
    dossier.change(row, reported_as=dossier.reference.lookups.substance_name(row.substance_id)[0])


def beside_a_sole_cause(dossier: Dossier, row: SubstanceFinding) -> bool:
    """Whether this conclusion and another one both say "sole cause"."""
    others = (other for other in dossier.rows(SubstanceFinding) if other is not row and other.removed_at is None)
    return row.role == "sole_cause" and any(other.role == "sole_cause" for other in others)


def _one_sole_cause(dossier: Dossier, row: SubstanceFinding) -> None:
    if beside_a_sole_cause(dossier, row):
        raise InvalidError({"role": ONE_SOLE_CAUSE})
