"""The facts that decide whether a case may move, read from its dossier."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from register.casework import unread
from register.casework.dossier import Dossier
from register.casework.findings import check, unaccepted
from register.casework.record import record
from register.models import DuplicatePair, PanelVote, Query, Release, ToxRequest, User
from register.models.case import CLOSED_STATES
from register.quality import dictionary
from register.quality.completeness import missing_core
from register.quality.findings import (
    OVERRIDE_UNEXPLAINED,
    PENDING_ANSWER,
    ROLE_UNSET,
    TERM_UNMAPPED,
    blocking,
    codes_of,
)
from register.quality.rule import Finding
from register.workflow.case_situation import CaseSituation
from register.workflow.release_transitions import ReleaseState
from register.workflow.transitions import Spot

# A certainty of the case that asks for the panel.
DOUBTFUL = frozenset({"possible", "unlikely"})
WAITING_FOR_RESULT = frozenset({"requested", "sampled", "partial"})
FINAL_CONCLUSIONS = ("manner_final", "intent_final")


def situation_of(dossier: Dossier, *, by: User | None, second_person: bool = False) -> CaseSituation:
    """What is true of this case now, for a move by ``by`` (None: the register itself)."""
    case, assessment = dossier.case, dossier.assessment
    found = check(dossier)
    by_code = codes_of(found)
    threads = [query.state for query in dossier.rows(Query)]
    requests = dossier.rows(ToxRequest)
    # What was typed and cannot be read is in the way by itself; that its question is empty says nothing more.
    unreadable = unread.in_the_way(dossier)
    typed = {spot.field for spot in unreadable}
    missing = [finding for finding in missing_core(record(dossier)) if finding.row or finding.field not in typed]
    return CaseSituation(
        actor_is_reporter=by is not None and by.pk == case.reporter_id,
        missing_core=tuple(_label(finding) for finding in missing),
        blocking_errors=(*unreadable, *(_sentence(finding) for finding in blocking(found))),
        unaccepted_warnings=tuple(_sentence(finding) for finding in unaccepted(dossier)),
        unanswered_threads=threads.count(Query.State.OPEN),
        answered_threads=threads.count(Query.State.ANSWERED),
        pending_answers=tuple(_label(finding) for finding in by_code.get(PENDING_ANSWER, ())),
        unmapped_terms=tuple(_row_name(dossier, finding) for finding in by_code.get(TERM_UNMAPPED, ())),
        findings_without_role=tuple(_row_name(dossier, finding) for finding in by_code.get(ROLE_UNSET, ())),
        missing_conclusions=_missing_conclusions(dossier),
        overrides_without_reason=tuple(_label(finding) for finding in by_code.get(OVERRIDE_UNEXPLAINED, ())),
        tox_status=case.tox_status or "",
        no_tox_reason_given=any(row.not_requested_reason or row.not_requested_reason_missing for row in requests),
        tox_due_date_known=any(row.due_on and row.status in WAITING_FOR_RESULT for row in requests),
        inclusion=assessment.inclusion or "",
        exclusion_reason_given=bool(assessment.exclusion_reason),
        coding_confirmed=assessment.coding_confirmed_by_id is not None,
        undecided_duplicates=_undecided_duplicates(dossier),
        doubtful=assessment.case_certainty in DOUBTFUL,
        panel_votes_by_others=sum(vote.by_id != assessment.reviewer_id for vote in dossier.rows(PanelVote)),
        in_final_release=_in_final_release(dossier),
        second_person=second_person,
    )


def _label(finding: Finding) -> Spot:
    spec = dictionary.find(finding.field)
    nl, en = (spec.label_nl, spec.label_en) if spec else (finding.nl, finding.en)
    return Spot(nl, en, finding.field, finding.page)


def _sentence(finding: Finding) -> Spot:
    return Spot(finding.nl, finding.en, finding.field, finding.page)


def _row_name(dossier: Dossier, finding: Finding) -> Spot:
    """A row of substances by its name in the catalogue, or by the words in which it was reported."""
    model = finding.field.partition(".")[0]
    row = record(dossier).row(model, finding.row)
    code, reported = (row.text(f"{model}.{field}") if row else "" for field in ("substance", "reported_as"))
    nl, en = dossier.reference.lookups.substance_name(code) if code else (reported, reported)
    return Spot(nl, en, finding.field, finding.page)


def _missing_conclusions(dossier: Dossier) -> tuple[Spot, ...]:
    specs = [dictionary.field(f"CauseOfDeath.{name}") for name in FINAL_CONCLUSIONS]
    return tuple(
        Spot(spec.label_nl, spec.label_en, spec.key, spec.page)
        for spec in specs
        if getattr(dossier.cause, spec.field) is None and getattr(dossier.cause, f"{spec.field}_missing") is None
    )


def _undecided_duplicates(dossier: Dossier) -> int:
    """How many pairs with this case wait for a decision, and one more when the reviewer still has to decide."""
    case, said = dossier.case, int(dossier.assessment.duplicate_decision == "open")
    if case.submitted_at is None:
        return said
    counted = dossier.open_pairs
    return said + (open_pairs([case.pk])[case.pk] if counted is None else counted)


def open_pairs(keys: Sequence[UUID]) -> Counter[UUID]:
    """How many pairs with each of these cases wait for a decision."""
    pairs = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).filter(Q(first__in=keys) | Q(second__in=keys))
    return Counter(key for pair in pairs.values_list("first_id", "second_id") for key in pair)


def _in_final_release(dossier: Dossier) -> bool:
    """Whether a final release covers the year of death and was cut off after the case was decided."""
    case, died = dossier.case, dossier.death.date_of_death_from
    if case.status not in CLOSED_STATES or case.locked_on is None or died is None:
        return False
    return Release.objects.filter(
        status=ReleaseState.PUBLISHED_FINAL.value,
        year_from__lte=died.year,
        year_to__gte=died.year,
        cut_off__gte=case.locked_on,
    ).exists()
