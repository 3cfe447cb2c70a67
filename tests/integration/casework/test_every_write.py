"""What holds for every write on a case: who may, what they saw, what is left behind, and nothing half-done."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from register.casework import moves, panel
from register.casework.errors import InvalidError, NotFoundError, RefusedError, StaleError
from register.models import Case, PanelVote, StatusChange, User
from register.models.tracked import Tracked
from register.workflow.roles import Role
from tests import factories
from tests.integration.casework.writes import NEEDS_THE_CASE_AS_IT_IS, WRITES, Write, in_panel
from tests.trail import looks

pytestmark = pytest.mark.django_db

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
    event = looks(actor=str(by.pk), objects=[case.pk])[-1]
    assert (event.code, event.outcome, event.role) == (write.event, "ok", by.role)
    moved = list(StatusChange.objects.filter(case=case).order_by("at")[changes:])
    assert [(change.name, change.to_status) for change in moved] == (
        [(write.move, stored.status)] if write.move else []
    )


@pytest.mark.parametrize("seen", [-1, 1], ids=["an older version", "a version that is still to come"])
@pytest.mark.parametrize(
    "write", [write for write in WRITES if write.name in NEEDS_THE_CASE_AS_IT_IS], ids=lambda write: write.name
)
def test_a_decision_about_a_case_that_somebody_changed_meanwhile_stores_nothing(
    write: Write, seen: int, physician: User, reviewer: User
) -> None:
    case = write.given(physician, reviewer)
    before = _counts()
    with pytest.raises(StaleError) as stale:
        _do(write, case, _doer(write, physician, reviewer), seen_version=case.row_version + seen)
    assert stale.value.current.row_version == case.row_version
    assert "gewijzigd" in stale.value.nl and "changed" in stale.value.en
    assert _counts() == before


@every_write
def test_a_write_that_does_not_say_what_the_person_saw_stores_nothing(
    write: Write, physician: User, reviewer: User
) -> None:
    case = write.given(physician, reviewer)
    before = _counts()
    with pytest.raises(StaleError):
        _do(write, case, _doer(write, physician, reviewer), seen_version=0)
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
        if "audit.log_access" in sql:
            raise OperationalError("no space left")
        return execute(sql, params, many, context)

    with pytest.raises(OperationalError), connection.execute_wrapper(broken):
        _do(write, case, _doer(write, physician, reviewer))
    assert _counts() == before


def test_a_panel_member_votes_once_and_the_reviewer_never(physician: User, reviewer: User) -> None:
    case = in_panel(physician, reviewer)
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
