"""Every write on a case as a table: the case it needs, who does it, the call, and what it must leave behind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from register.casework import (
    intake,
    laboratory_report,
    moves,
    panel,
    queries,
    review,
    rows,
    substances,
    toxicology,
    toxicology_findings,
)
from register.models import Case, SuspectedSubstance, User
from register.workflow.roles import Role
from tests import factories


@dataclass(frozen=True)
class Write:
    """One write: the case it needs, who does it, the call, its access event, and the move it makes (if any)."""

    name: str
    given: Callable[[User, User], Case]
    by: str
    call: Callable[[Case, dict[str, Any]], Any]
    event: str = "case.update"
    move: str = ""


# What only moves a case, or decides about it as it is: these need the version of now.
NEEDS_THE_CASE_AS_IT_IS = frozenset(
    {
        "submit",
        "take",
        "close_query",
        "accept_answers",
        "await_toxicology",
        "resume",
        "to_panel",
        "from_panel",
        "close",
        "exclude",
        "reopen",
        "withdraw",
        "take_over",
        "hand_in_results",
    }
)


def _without_suspicion(by: User, reviewer: User) -> Case:
    case = factories.filled(by)
    row = case.suspectedsubstance_rows.get()
    return substances.remove_suspicion(case_id=case.pk, row_id=row.pk, seen_version=case.row_version, by=by)


def _without_finding(by: User, reviewer: User) -> Case:
    case = factories.filled(by)
    case = substances.add_finding(case_id=case.pk, substance="mdma", seen_version=case.row_version, by=by)
    row = case.substancefinding_rows.get()
    return substances.remove_finding(case_id=case.pk, row_id=row.pk, seen_version=case.row_version, by=by)


def _queried(by: User, reviewer: User) -> Case:
    case = factories.in_review(by, reviewer)
    return queries.ask(case_id=case.pk, field="", text="Klopt dit?", seen_version=case.row_version, by=reviewer)


def _answered(by: User, reviewer: User) -> Case:
    case = _queried(by, reviewer)
    return queries.answer(query_id=case.query_rows.get().pk, text="Ja", seen_version=case.row_version, by=by)


def _waiting(by: User, reviewer: User) -> Case:
    case = factories.in_review(by, reviewer)
    return moves.await_toxicology(case_id=case.pk, seen_version=case.row_version, by=reviewer)


def in_panel(by: User, reviewer: User) -> Case:
    case = factories.in_review(by, reviewer)
    return panel.to_panel(case_id=case.pk, seen_version=case.row_version, by=reviewer)


def _voted(by: User, reviewer: User) -> Case:
    case = in_panel(by, reviewer)
    for _ in range(2):
        voter = factories.person(Role.PANEL_MEMBER)
        case = panel.vote(
            case_id=case.pk, inclusion="probable", rationale="Past", seen_version=case.row_version, by=voter
        )
    return case


def _filled(by: User, reviewer: User) -> Case:
    return factories.filled(by)


def _submitted(by: User, reviewer: User) -> Case:
    return factories.submitted(by)


def _request(case: Case) -> Any:
    return case.toxrequest_rows.get().pk


def _measured(by: User, reviewer: User) -> Case:
    return factories.with_result(factories.submitted(by), by)


def _proposed(by: User, reviewer: User) -> Case:
    case = _measured(by, reviewer)
    return toxicology_findings.take_proposals(case_id=case.pk, keys=["cocaine"], seen_version=case.row_version, by=by)


def _partly(by: User, reviewer: User) -> Case:
    return factories.add_result(_waiting(by, reviewer), by, reported_as="MDMA")


WRITES = (
    Write(
        "save_page",
        _filled,
        "physician",
        lambda c, w: intake.save_page(case_id=c.pk, page="overledene", raw={"age_years": "51"}, **w),
    ),
    Write(
        "add_row",
        _filled,
        "physician",
        lambda c, w: rows.add_row(case_id=c.pk, kind="naloxone", raw={"given_by": "police"}, **w),
    ),
    Write(
        "add_suspicion",
        _filled,
        "physician",
        lambda c, w: substances.add_suspicion(case_id=c.pk, reported_as="keta", evidence=("scene",), **w),
    ),
    Write(
        "change_suspicion",
        _filled,
        "physician",
        lambda c, w: substances.change_suspicion(
            case_id=c.pk, row_id=c.suspectedsubstance_rows.get().pk, raw={"route": "nasal"}, **w
        ),
    ),
    Write(
        "remove_suspicion",
        _filled,
        "physician",
        lambda c, w: substances.remove_suspicion(case_id=c.pk, row_id=c.suspectedsubstance_rows.get().pk, **w),
    ),
    Write(
        "restore_suspicion",
        _without_suspicion,
        "physician",
        lambda c, w: substances.restore_suspicion(
            case_id=c.pk, row_id=SuspectedSubstance.history.filter(case_id=c.pk).latest().id, **w
        ),
    ),
    Write(
        "add_finding",
        factories.in_review,
        "reviewer",
        lambda c, w: substances.add_finding(
            case_id=c.pk, substance="mdma", evidence=("tox_lab",), reason="Uitslag van het laboratorium", **w
        ),
    ),
    Write(
        "change_finding",
        factories.ready_to_close,
        "reviewer",
        lambda c, w: substances.change_finding(
            case_id=c.pk,
            row_id=c.substancefinding_rows.get().pk,
            raw={"certainty": "probable"},
            reason="Herzien na overleg",
            **w,
        ),
    ),
    Write(
        "remove_finding",
        factories.ready_to_close,
        "reviewer",
        lambda c, w: substances.remove_finding(
            case_id=c.pk, row_id=c.substancefinding_rows.get().pk, reason="Verkeerde zaak", **w
        ),
    ),
    Write(
        "restore_finding",
        _without_finding,
        "physician",
        lambda c, w: substances.restore_finding(case_id=c.pk, row_id=c.substancefinding_rows.get().pk, **w),
    ),
    Write(
        "map_row",
        factories.in_review,
        "reviewer",
        lambda c, w: substances.map_row(
            case_id=c.pk, kind="suspicion", row_id=c.suspectedsubstance_rows.get().pk, substance="mdma", **w
        ),
    ),
    Write(
        "request_toxicology",
        _filled,
        "physician",
        lambda c, w: toxicology.request_toxicology(case_id=c.pk, raw={"lab": "erasmus-mc"}, **w),
    ),
    Write(
        "add_sample",
        _submitted,
        "physician",
        lambda c, w: toxicology.add_sample(case_id=c.pk, request_id=_request(c), raw={"matrix": "urine"}, **w),
    ),
    Write(
        "add_result",
        _submitted,
        "physician",
        lambda c, w: toxicology.add_result(
            case_id=c.pk, request_id=_request(c), raw={"reported_as": "MDMA", "outcome": "detected"}, **w
        ),
    ),
    Write(
        "take_over",
        _submitted,
        "physician",
        lambda c, w: laboratory_report.take_over(
            case_id=c.pk,
            request_id=_request(c),
            report={},
            lines=laboratory_report.read_text("MDMA;1,2;mg/L")[1],
            **w,
        ),
    ),
    Write(
        "take_proposals",
        _measured,
        "physician",
        lambda c, w: toxicology_findings.take_proposals(case_id=c.pk, keys=["cocaine"], **w),
    ),
    Write(
        "conclude_from_results",
        _proposed,
        "physician",
        lambda c, w: toxicology_findings.conclude(
            case_id=c.pk, row_id=c.substancefinding_rows.get().pk, raw={"role": "joint_cause"}, **w
        ),
    ),
    Write(
        "hand_in_results",
        _partly,
        "physician",
        lambda c, w: toxicology.hand_in_results(case_id=c.pk, complete=True, **w),
        move="tox_arrived",
    ),
    Write(
        "receive_report",
        _waiting,
        "physician",
        lambda c, w: toxicology.receive_report(case_id=c.pk, request_id=_request(c), raw={"status": "final"}, **w),
        move="tox_arrived",
    ),
    Write("submit", _filled, "physician", lambda c, w: moves.submit(case_id=c.pk, **w), "case.submit", "submit"),
    Write("take", _submitted, "reviewer", lambda c, w: moves.take(case_id=c.pk, **w), "case.decide", "take"),
    Write(
        "ask",
        factories.in_review,
        "reviewer",
        lambda c, w: queries.ask(case_id=c.pk, field="Death.place_type", text="Waar?", **w),
        move="ask",
    ),
    Write(
        "answer",
        _queried,
        "physician",
        lambda c, w: queries.answer(query_id=c.query_rows.get().pk, text="Thuis", **w),
        move="answer",
    ),
    Write(
        "close_query",
        _answered,
        "reviewer",
        lambda c, w: queries.close_query(case_id=c.pk, query_id=c.query_rows.get().pk, **w),
        move="settle",
    ),
    Write(
        "reask",
        _answered,
        "reviewer",
        lambda c, w: queries.reask(query_id=c.query_rows.get().pk, text="En wanneer?", **w),
        move="ask",
    ),
    Write(
        "accept_answers",
        _answered,
        "reviewer",
        lambda c, w: queries.accept_answers(case_id=c.pk, **w),
        "case.decide",
        "settle",
    ),
    Write(
        "await_toxicology",
        factories.in_review,
        "reviewer",
        lambda c, w: moves.await_toxicology(case_id=c.pk, **w),
        "case.decide",
        "wait",
    ),
    Write(
        "resume",
        _waiting,
        "reviewer",
        lambda c, w: moves.resume(case_id=c.pk, reason="Komt niet meer", **w),
        "case.decide",
        "resume",
    ),
    Write(
        "to_panel",
        factories.in_review,
        "reviewer",
        lambda c, w: panel.to_panel(case_id=c.pk, **w),
        "case.decide",
        "to_panel",
    ),
    Write(
        "from_panel",
        _voted,
        "reviewer",
        lambda c, w: panel.from_panel(case_id=c.pk, **w),
        "case.decide",
        "panel_done",
    ),
    Write(
        "conclude",
        factories.in_review,
        "reviewer",
        lambda c, w: review.conclude(case_id=c.pk, intent_final="suicide", **w),
    ),
    Write(
        "code",
        factories.ready_to_close,
        "reviewer",
        lambda c, w: review.code(case_id=c.pk, ucod="x42", t_codes=["T40.5", "T51.0"], **w),
        "case.decide",
    ),
    Write(
        "close",
        factories.ready_to_close,
        "reviewer",
        lambda c, w: moves.close(case_id=c.pk, **w),
        "case.decide",
        "close",
    ),
    Write(
        "exclude",
        factories.in_review,
        "reviewer",
        lambda c, w: moves.exclude(case_id=c.pk, reason="not_drug", **w),
        "case.decide",
        "exclude",
    ),
    Write(
        "reopen",
        factories.closed,
        "reviewer",
        lambda c, w: moves.reopen(case_id=c.pk, reason="Late uitslag", **w),
        "case.reopen",
        "reopen",
    ),
    Write(
        "withdraw",
        _filled,
        "physician",
        lambda c, w: moves.withdraw(case_id=c.pk, reason="Vergissing", **w),
        "case.withdraw",
        "withdraw",
    ),
)
