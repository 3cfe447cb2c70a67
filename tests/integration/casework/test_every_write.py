"""What holds for every write on a case: who may, what they saw, what is left behind, and nothing half-done."""

from functools import cache
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


@cache
def _counting() -> str:
    """One statement that counts the rows of every table of the register, instead of a hundred."""
    tables = [model._meta.db_table for model in Tracked.__subclasses__()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND (relname LIKE 'register\\_historical%%' OR relname = ANY(%s) OR relname LIKE 'register\\_%%')"
            " ORDER BY relname",
            [tables],
        )
        return " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for (name,) in cursor.fetchall())


def _counts() -> dict[str, int]:
    """How many rows every tracked table, every history and the access log hold."""
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        return dict(cursor.fetchall())


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


@every_write
def test_what_is_refused_stores_nothing(write: Write, physician: User, reviewer: User, stranger: User) -> None:
    case = write.given(physician, reviewer)
    doer = _doer(write, physician, reviewer)
    without_the_right = reviewer if write.name == "answer" else factories.person(Role.COORDINATOR, factories.AMSTERDAM)
    before = _counts()

    def refused(error: type[Exception], by: User, seen_version: int = case.row_version) -> Any:
        with pytest.raises(error) as found:
            _do(write, case, by, seen_version=seen_version)
        assert _counts() == before
        return found.value

    if write.name in NEEDS_THE_CASE_AS_IT_IS:
        for seen in (case.row_version - 1, case.row_version + 1):
            stale = refused(StaleError, doer, seen)
            assert stale.current.row_version == case.row_version
            assert "gewijzigd" in stale.nl and "changed" in stale.en
    refused(StaleError, doer, 0)
    refused(NotFoundError, stranger)
    words = refused(RefusedError, without_the_right)
    assert words.nl and words.en
    with connection.execute_wrapper(_log_is_broken):
        refused(OperationalError, doer)


def _log_is_broken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if "audit.log_access" in sql:
        raise OperationalError("no space left")
    return execute(sql, params, many, context)


@pytest.mark.parametrize("write", [w for w in WRITES if w.name != "reopen"], ids=lambda write: write.name)
def test_a_withdrawn_case_does_not_change(write: Write, physician: User, reviewer: User) -> None:
    case = write.given(physician, reviewer)
    by = physician if case.status == "draft" else reviewer
    withdrawn = moves.withdraw(case_id=case.pk, reason="Vergissing", seen_version=case.row_version, by=by)
    before = _counts()
    with pytest.raises((RefusedError, NotFoundError)):
        _do(write, withdrawn, _doer(write, physician, reviewer))
    assert _counts() == before


def test_a_panel_member_has_one_vote_that_may_change_and_the_reviewer_has_none(physician: User, reviewer: User) -> None:
    case = in_panel(physician, reviewer)
    member = factories.person(Role.PANEL_MEMBER)
    for inclusion in ("probable", "excluded"):
        case = panel.vote(
            case_id=case.pk, inclusion=inclusion, rationale="Past", seen_version=case.row_version, by=member
        )
    kept = PanelVote.objects.get(case=case)
    assert (kept.inclusion, kept.history.count()) == ("excluded", 2)
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
    assert Case.objects.get(pk=case.pk).unreviewed_since is None
