"""Requests for toxicology, samples and results. The state of a case's toxicology follows from its requests."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from register.casework import rows, steps, unread
from register.casework.answers import Raw, Vocabularies, put, text_of
from register.casework.dossier import Dossier
from register.casework.editing import require_reason
from register.casework.errors import InvalidError, RefusedError
from register.casework.merging import settle
from register.casework.opening import opened
from register.casework.units import normalised
from register.coding.lookup import resolve
from register.models import Case, Laboratory, Substance, ToxRequest, ToxResult, ToxSample, User
from register.quality.answers import Answer
from register.quality.problems import Problem
from register.quality.terms import TOXICOLOGY
from register.workflow.verbs import Verb

PAGE = "toxicologie"
NOT_REQUESTED = "not_requested"
# From least to most advanced; what stands behind them is settled.
OPEN_STATES = ("requested", "sampled", "partial")
SETTLED = ("final", "refused", "unsuitable")
REPORTED = ("partial", *SETTLED)

REASON_NEEDED = Problem(
    "Kies de reden waarom geen toxicologie is aangevraagd.", "Choose the reason why no toxicology was requested."
)
UNKNOWN_SAMPLE = Problem("Dit monster hoort niet bij deze aanvraag.", "This sample is not one of this request.")
UNKNOWN_STATE = Problem("Kies de stand van de uitslag.", "Choose the state of the report.")
NAME_NEEDED = Problem("Vul een middel in.", "Fill in a substance.")
UNIT_NEEDED = Problem("Kies de eenheid bij deze waarde.", "Choose the unit of this value.")


def request_toxicology(*, case_id: UUID | str, raw: Raw, seen_version: int, by: User) -> Case:
    """Record a request. Without a due date it is the day of the request and the term of the laboratory."""
    with opened(case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version, merges=True) as dossier:
        request(dossier, raw, Vocabularies())
        unread.forget_page(dossier, PAGE)
        catch_up(dossier)
    return dossier.case


def request(dossier: Dossier, raw: Raw, vocabularies: Vocabularies, *, status: str = "requested") -> ToxRequest:
    """Record a request in memory; an earlier "not requested" gives way to it."""
    for row in dossier.rows(ToxRequest):
        if row.status == NOT_REQUESTED:
            dossier.change(row, status=status)
            rows.change(dossier, row, _without_state(raw), vocabularies)
            break
    else:
        row = rows.add(dossier, ToxRequest, _without_state(raw), vocabularies, status=status)
    if row.due_on is None and row.due_on_missing is None and row.requested_on and status in OPEN_STATES:
        dossier.change(row, due_on=row.requested_on + _term(dossier, row.lab_id))
    return row


def no_toxicology(*, case_id: UUID | str, reason: str, seen_version: int, by: User) -> Case:
    """Record that no toxicology was requested. ``reason``: a code of VS-NOTOX."""
    with opened(case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version, merges=True) as dossier:
        not_requested(dossier, reason, Vocabularies())
        unread.forget_page(dossier, PAGE)
        catch_up(dossier)
    return dossier.case


def not_requested(dossier: Dossier, reason: str, vocabularies: Vocabularies) -> ToxRequest:
    """Record in memory that no toxicology was requested."""
    if any(row.status != NOT_REQUESTED for row in dossier.rows(ToxRequest)):
        raise RefusedError(
            "tox_requested",
            "Er is al toxicologie aangevraagd; werk de stand van die aanvraag bij.",
            "Toxicology was requested already; bring the state of that request up to date.",
        )
    raw = {"not_requested_reason": reason}
    if not reason:
        raise InvalidError({"not_requested_reason": REASON_NEEDED})
    for row in dossier.rows(ToxRequest):
        rows.change(dossier, row, raw, vocabularies)
        return row
    return rows.add(dossier, ToxRequest, raw, vocabularies, status=NOT_REQUESTED)


def receive_report(*, case_id: UUID | str, request_id: UUID | str, raw: Raw, seen_version: int, by: User) -> Case:
    """Record what came back: ``status`` (partial, final, refused or unsuitable), date and reference.

    A final or refused report ends the waiting of the case by itself.
    """
    with opened(case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version, merges=True) as dossier:
        row = rows.find(dossier, ToxRequest, request_id)
        status = text_of(raw, "status") or "final"
        if status not in REPORTED:
            raise InvalidError({"status": UNKNOWN_STATE})
        rows.change(dossier, row, _without_state(raw), Vocabularies())
        if row.received_on is None and row.received_on_missing is None:
            dossier.change(row, received_on=timezone.localdate())
        put(dossier, row, settle(dossier, row, {"ToxRequest.status": Answer(status)}))
        catch_up(dossier)
    return dossier.case


def hand_in_results(*, case_id: UUID | str, complete: bool, seen_version: int, by: User) -> Case:
    """Give results that were entered after submission to the register: ``complete`` when nothing more is expected.

    Complete results end the waiting of the case by themselves. Raises RefusedError while there are no results.
    """
    with opened(case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version) as dossier:
        answered = {row.request_id for row in dossier.rows(ToxResult) if row.removed_at is None}
        reported = [row for row in dossier.rows(ToxRequest) if row.pk in answered]
        if not reported:
            raise RefusedError(
                "no_results",
                "Er zijn nog geen uitslagen om in te dienen. Voer eerst de uitslag in.",
                "There are no results to hand in yet. Enter the results first.",
            )
        for row in reported:
            if row.status in OPEN_STATES:
                dossier.change(row, status="final" if complete else "partial")
        catch_up(dossier)
    return dossier.case


def change_request(
    *, case_id: UUID | str, request_id: UUID | str, raw: Raw, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Mend what a request says; its state moves with samples, results and reports."""
    with opened(
        case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version, reason=reason, merges=True
    ) as dossier:
        require_reason(dossier, reason)
        rows.change(dossier, rows.find(dossier, ToxRequest, request_id), _without_state(raw), Vocabularies())
        catch_up(dossier)
    return dossier.case


def add_sample(*, case_id: UUID | str, request_id: UUID | str, raw: Raw, seen_version: int, by: User) -> Case:
    """Add a specimen to a request."""
    with opened(case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version, merges=True) as dossier:
        row = rows.find(dossier, ToxRequest, request_id)
        rows.add(dossier, ToxSample, raw, Vocabularies(), needed=("matrix",), request=row)
        if row.status == "requested":
            dossier.change(row, status="sampled")
        catch_up(dossier)
    return dossier.case


def add_result(
    *,
    case_id: UUID | str,
    request_id: UUID | str,
    raw: Raw,
    seen_version: int,
    by: User,
    sample_id: UUID | str | None = None,
) -> Case:
    """Add one analyte of a report: kept as reported, with substance and normalised value beside it."""
    with opened(case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version, merges=True) as dossier:
        row = rows.find(dossier, ToxRequest, request_id)
        sample = dossier.row(ToxSample, sample_id) if sample_id else None
        if sample_id and (sample is None or sample.request_id != row.pk):
            raise InvalidError({"sample": UNKNOWN_SAMPLE})
        result(dossier, row, raw, Vocabularies(), sample=sample)
        if row.status in ("requested", "sampled"):
            dossier.change(row, status="partial")
        catch_up(dossier)
    return dossier.case


def result(
    dossier: Dossier,
    of: ToxRequest,
    raw: Raw,
    vocabularies: Vocabularies,
    *,
    sample: ToxSample | None = None,
    links: bool = True,
) -> ToxResult:
    """Add one analyte in memory. Without ``links`` its name stays as it is: a person saw it and chose."""
    row = rows.add(dossier, ToxResult, raw, vocabularies, needed=("outcome",), request=of, sample=sample)
    complete(dossier, row, links=links)
    return row


def change_result(
    *, case_id: UUID | str, row_id: UUID | str, raw: Raw, seen_version: int, by: User, reason: str = ""
) -> Case:
    """Mend a result; what was reported before stays in the history."""
    with opened(
        case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version, reason=reason, merges=True
    ) as dossier:
        require_reason(dossier, reason)
        row = rows.find(dossier, ToxResult, row_id)
        rows.change(dossier, row, raw, Vocabularies(), needed=("outcome",))
        complete(dossier, row)
        catch_up(dossier)
    return dossier.case


def state_of(requests: list[ToxRequest]) -> str | None:
    """The state of a case's toxicology: that of the least advanced open request, else the best of the settled ones."""
    states = {row.status for row in requests}
    for state in (*OPEN_STATES, *SETTLED, NOT_REQUESTED):
        if state in states:
            return state
    return None


def follow(dossier: Dossier) -> None:
    """Bring the toxicology status and the follow-up date of the case in line with its requests."""
    requests = dossier.rows(ToxRequest)
    due = [row.due_on for row in requests if row.due_on and row.status in OPEN_STATES]
    dossier.change(dossier.case, tox_status=state_of(requests), followup_due=min(due, default=None))


def catch_up(dossier: Dossier) -> None:
    """The same, and end the waiting of the case when nothing is to come any more."""
    follow(dossier)
    steps.toxicology_arrived(dossier, now=timezone.now())


def complete(dossier: Dossier, row: ToxResult, *, links: bool = True) -> None:
    """Link a name that means one substance, and put the value in the register's own unit."""
    names = dossier.reference.lookups.substance_names
    if links and not row.substance_id and row.reported_as:
        codes = resolve(row.reported_as, dossier.reference.catalogue)
        if len(codes) == 1:
            dossier.change(row, substance_id=codes[0])
    if not row.reported_as:
        if not row.substance_id:
            raise InvalidError({"reported_as": NAME_NEEDED})
        dossier.change(row, reported_as=names[row.substance_id][0])
    if row.value is not None and row.unit is None:
        raise InvalidError({"unit": UNIT_NEEDED})
    molar_mass = None
    if row.unit == "mmol_l" and row.substance_id:
        molar_mass = Substance.objects.values_list("molar_mass", flat=True).get(pk=row.substance_id)
    value, unit = normalised(row.value, row.unit, substance=row.substance_id, molar_mass=molar_mass)
    dossier.change(row, normalised_value=value, normalised_unit=unit)


def _term(dossier: Dossier, lab: str | None) -> timedelta:
    """The days between the request and the report: those of the laboratory, else those that hold without one."""
    terms = dossier.reference.configuration.terms
    days = Laboratory.objects.filter(pk=lab).values_list("term_days", flat=True).first() if lab else None
    return terms.span(TOXICOLOGY) if lab is None or days is None else timedelta(days=terms.of_laboratory(lab, days))


def _without_state(raw: Raw) -> Raw:
    return {name: value for name, value in raw.items() if name != "status"}
