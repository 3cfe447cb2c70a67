"""Two regions with cases in every state, each with a row of every kind, and a word that no other case holds.

How a case comes to its state is tested elsewhere; here the rows only have to be there, written with history and actor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count
from uuid import UUID

from django.utils import timezone

from register.audit import acting_as
from register.models import (
    SECTIONS,
    AcceptedFinding,
    Case,
    DefinitionResult,
    EmergencyAccess,
    ForensicService,
    KnownUse,
    NaloxoneGiven,
    NilReport,
    PanelVote,
    Presence,
    Query,
    QueryMessage,
    Release,
    ReleaseExtract,
    SourceDocument,
    StatusChange,
    SubstanceFinding,
    SuspectedSubstance,
    ToxRequest,
    ToxResult,
    ToxSample,
    UnfinishedForm,
    UnreadAnswer,
    User,
)
from register.models.tracked import Tracked
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.roles import Role
from tests.factories import AMSTERDAM, ROTTERDAM, person

REGIONS = (AMSTERDAM, ROTTERDAM)
REGIONAL = frozenset({Role.PHYSICIAN, Role.COORDINATOR, Role.LAB_CLERK})
NAMES = ("query_id", "request_id", "result_id", "row_id")
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stored:
    """A case with what an address can name of it: its rows, and ``words`` that may be shown to its region alone."""

    key: UUID
    region: str
    state: CaseState
    rows: dict[str, UUID]
    words: tuple[str, ...]


def store(states: Iterable[CaseState], *, reporter: User, staff: User) -> list[Stored]:
    """One case of the reporter's region in each of these states."""
    service = ForensicService.objects.filter(region_id=reporter.region_id).first()
    cases = [_case(state, reporter, staff, service) for state in states]
    with acting_as(reporter):
        Case.objects.create_many(cases)
        for section in SECTIONS:
            section.objects.create_many([section(case=case) for case in cases])
        return [_with_rows(case, reporter, staff) for case in cases]


def store_nil_report(*, by: User) -> None:
    """A month without cases of the first service of the region."""
    service = ForensicService.objects.filter(region_id=by.region_id).first()
    with acting_as(by):
        NilReport(service=service, month=date(2026, 1, 1), by=by).save()


def store_extract(*, by: User) -> None:
    """A release with the counted deaths of the whole country."""
    with acting_as(by):
        release = Release(
            identifier="2026-1", year_from=2026, year_to=2026, cut_off=timezone.now(), created_by=by, rule_version="1"
        )
        release.save()
        ReleaseExtract.objects.create(release=release, cases=1, body=b"x", sha256="x")


def _case(state: CaseState, reporter: User, staff: User, service: ForensicService | None) -> Case:
    number = next(_numbers)
    decided = state in LOCKED
    return Case(
        case_number=f"8888-{number:06}",
        region_id=reporter.region_id,
        forensic_service=service,
        reporter=reporter,
        status=state.value,
        submitted_at=None if state == CaseState.DRAFT else timezone.now(),
        tox_status="final",
        decided_by=staff if decided else None,
        locked_on=timezone.now() if decided else None,
        narrative=f"kanarie-verhaal-{number}",
        external_reference=f"kanarie-kenmerk-{number}",
    )


def _with_rows(case: Case, reporter: User, staff: User) -> Stored:
    word = f"kanarie-stof-{case.case_number}"
    suspicion = _save(SuspectedSubstance(case=case, reported_as=word, substance_id="heroin"))
    _save(SubstanceFinding(case=case, reported_as=word, substance_id="heroin"))
    request = _save(ToxRequest(case=case, status="partial", lab_id="nfi", requested_on=date(2026, 1, 1)))
    sample = _save(ToxSample(case=case, request_id=request, matrix="urine"))
    result = _save(ToxResult(case=case, request_id=request, sample_id=sample, reported_as=word, outcome="detected"))
    query = _save(Query(case=case, opened_by=staff))
    _save(QueryMessage(case=case, query_id=query, text=word, by=staff, role=staff.role))
    _save(NaloxoneGiven(case=case))
    _save(KnownUse(case=case, group_id="ghb"))
    _save(SourceDocument(case=case))
    _save(AcceptedFinding(case=case, code="R1", reason=word, by=reporter))
    _save(UnreadAnswer(case=case, page="overledene", field="Decedent.age_years", typed={"age_years": [word]}))
    _save(UnfinishedForm(case=case, by=reporter, form="laboratory", about=case.pk, typed={"text": [word]}))
    _save(PanelVote(case=case, by=staff, rationale=word))
    Presence.objects.create(case=case, person=reporter)
    open_elsewhere(case, by=person(Role.PHYSICIAN, next(code for code in REGIONS if code != case.region_id)))
    _save(
        StatusChange(case=case, name="submit", from_status="draft", to_status=case.status, role="physician", version=1)
    )
    _save(
        DefinitionResult(
            case=case,
            definition="nl_broad",
            outcome="yes",
            rule_id="N1",
            rule_version="1",
            explanation_nl=word,
            explanation_en=word,
            basis="coded",
        )
    )
    return Stored(
        key=case.pk,
        region=case.region_id,
        state=CaseState(case.status),
        rows=dict(zip(NAMES, (query, request, result, suspicion), strict=True)),
        words=(case.case_number, word, str(case.narrative), str(case.external_reference)),
    )


def open_elsewhere(case: Case, *, by: User) -> EmergencyAccess:
    """An emergency access of somebody of another region to this case, as the database stores it."""
    now = timezone.now()
    with acting_as(by):
        access = EmergencyAccess.objects.create(
            case=case,
            case_number=case.case_number,
            region_id=case.region_id,
            person=by,
            person_role=by.role,
            person_region_id=by.region_id,
            person_epoch=by.session_epoch,
            reason_code="danger",
            text=f"kanarie-stof-{case.case_number}",
            granted_at=now,
            expires_at=now + EmergencyAccess.LASTS,
        )
    access.refresh_from_db()
    return access


def _save(row: Tracked) -> UUID:
    row.save()
    return row.pk
