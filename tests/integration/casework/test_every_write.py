"""What holds for every write on a case: who may, what they saw, what is left behind, and nothing half-done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import OperationalError, connection

from register.casework import intake, moves, panel, queries, review, rows, substances, toxicology
from register.casework.errors import InvalidError, NotFoundError, RefusedError, StaleError
from register.models import AccessEvent, Case, PanelVote, StatusChange, User
from register.models.tracked import Tracked
from register.workflow.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Write:
    """One write: the case it needs, who does it, the call, its access event, and the move it makes (if any)."""

    name: str
    given: Callable[[User, User], Case]
    by: str
    call: Callable[[Case, dict[str, Any]], Any]
    event: str = "case.update"
    move: str = ""


def _queried(by: User, reviewer: User) -> Case:
    case = factories.in_review(by, reviewer)
    return queries.ask(case_id=case.pk, field="", text="Klopt dit?", seen_version=case.row_version, by=reviewer)


def _answered(by: User, reviewer: User) -> Case:
    case = _queried(by, reviewer)
    return queries.answer(query_id=case.query_rows.get().pk, text="Ja", seen_version=case.row_version, by=by)


def _waiting(by: User, reviewer: User) -> Case:
    case = factories.in_review(by, reviewer)
    return moves.await_toxicology(case_id=case.pk, seen_version=case.row_version, by=reviewer)


def _in_panel(by: User, reviewer: User) -> Case:
    case = factories.in_review(by, reviewer)
    return panel.to_panel(case_id=case.pk, seen_version=case.row_version, by=reviewer)


def _voted(by: User, reviewer: User) -> Case:
    case = _in_panel(by, reviewer)
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
        "add_finding",
        factories.in_review,
        "reviewer",
        lambda c, w: substances.add_finding(
            case_id=c.pk, substance="mdma", evidence=("tox_lab",), reason="Uitslag", **w
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
            reason="Herzien",
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
    Write("close_query", _answered, "reviewer", lambda c, w: queries.close_query(query_id=c.query_rows.get().pk, **w)),
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
every_write = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)


def _doer(write: Write, physician: User, reviewer: User) -> User:
    return physician if write.by == "physician" else reviewer


def _do(write: Write, case: Case, by: User, seen_version: int | None = None) -> Any:
    version = case.row_version if seen_version is None else seen_version
    return write.call(case, {"by": by, "seen_version": version})


def _counts() -> dict[str, int]:
    """How many rows every tracked table, every history and the access log hold."""
    tables = [model._meta.db_table for model in Tracked.__subclasses__()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND (relname LIKE 'register\\_historical%%' OR relname = ANY(%s) OR relname LIKE 'register\\_%%')"
            " ORDER BY relname",
            [tables],
        )
        names = [name for (name,) in cursor.fetchall()]
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


@every_write
def test_a_write_raises_the_version_and_says_who_did_it(write: Write, physician: User, reviewer: User) -> None:
    case = write.given(physician, reviewer)
    by, seen = _doer(write, physician, reviewer), case.row_version
    changes = StatusChange.objects.filter(case=case).count()
    _do(write, case, by)
    stored = Case.objects.get(pk=case.pk)
    assert stored.row_version > seen
    kept = stored.history.order_by("-history_id").first()
    assert (kept.history_type, kept.history_user_id, kept.status) == ("~", by.pk, stored.status)
    event = AccessEvent.objects.filter(actor=str(by.pk), objects_shown=[case.pk]).order_by("-at").first()
    assert event is not None
    assert (event.code, event.outcome, event.role) == (write.event, "ok", by.role)
    moved = list(StatusChange.objects.filter(case=case).order_by("at")[changes:])
    assert [(change.name, change.to_status) for change in moved] == (
        [(write.move, stored.status)] if write.move else []
    )


@every_write
def test_a_write_of_a_page_that_somebody_changed_meanwhile_stores_nothing(
    write: Write, physician: User, reviewer: User
) -> None:
    case = write.given(physician, reviewer)
    before = _counts()
    with pytest.raises(StaleError) as stale:
        _do(write, case, _doer(write, physician, reviewer), seen_version=case.row_version - 1)
    assert stale.value.current.row_version == case.row_version
    assert "gewijzigd" in stale.value.nl and "changed" in stale.value.en
    assert _counts() == before


@every_write
def test_somebody_of_another_region_does_not_find_the_case(
    write: Write, physician: User, reviewer: User, stranger: User
) -> None:
    case = write.given(physician, reviewer)
    before = _counts()
    with pytest.raises(NotFoundError):
        _do(write, case, stranger)
    assert _counts() == before


@every_write
def test_a_role_without_the_right_is_refused_with_a_sentence(write: Write, physician: User, reviewer: User) -> None:
    case = write.given(physician, reviewer)
    other = factories.person(Role.COORDINATOR, factories.AMSTERDAM)
    if write.name == "answer":
        other = reviewer
    before = _counts()
    with pytest.raises(RefusedError) as refused:
        _do(write, case, other)
    assert refused.value.nl and refused.value.en
    assert _counts() == before


@pytest.mark.parametrize("write", [w for w in WRITES if w.name != "reopen"], ids=lambda write: write.name)
def test_a_withdrawn_case_does_not_change(write: Write, physician: User, reviewer: User) -> None:
    case = write.given(physician, reviewer)
    by = physician if case.status == "draft" else reviewer
    withdrawn = moves.withdraw(case_id=case.pk, reason="Vergissing", seen_version=case.row_version, by=by)
    before = _counts()
    with pytest.raises((RefusedError, NotFoundError)):
        _do(write, withdrawn, _doer(write, physician, reviewer))
    assert _counts() == before


@every_write
def test_when_the_access_event_cannot_be_stored_nothing_is(write: Write, physician: User, reviewer: User) -> None:
    case = write.given(physician, reviewer)
    before = _counts()

    def broken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "register_accessevent"'):
            raise OperationalError("no space left")
        return execute(sql, params, many, context)

    with pytest.raises(OperationalError), connection.execute_wrapper(broken):
        _do(write, case, _doer(write, physician, reviewer))
    assert _counts() == before


def test_a_panel_member_votes_once_and_the_reviewer_never(physician: User, reviewer: User) -> None:
    case = _in_panel(physician, reviewer)
    member = factories.person(Role.PANEL_MEMBER)
    case = panel.vote(case_id=case.pk, inclusion="probable", rationale="Past", seen_version=case.row_version, by=member)
    with pytest.raises(RefusedError):
        panel.vote(
            case_id=case.pk, inclusion="excluded", rationale="Toch niet", seen_version=case.row_version, by=member
        )
    with pytest.raises(NotFoundError):
        panel.vote(case_id=case.pk, inclusion="probable", rationale="Past", seen_version=case.row_version, by=reviewer)
    with pytest.raises(InvalidError) as invalid:
        panel.vote(
            case_id=case.pk,
            inclusion="maybe",
            rationale=" ",
            seen_version=case.row_version,
            by=factories.person(Role.PANEL_MEMBER),
        )
    assert set(invalid.value.problems) == {"inclusion", "rationale"}
    assert PanelVote.objects.filter(case=case).count() == 1
