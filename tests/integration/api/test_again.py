"""Whoever fetches the same file again gets it from what the server remembers, after one look at the database."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from register.access import issue_token, revoke_token
from register.api import again, limits
from register.audit import acting_as, current_actor
from register.models import ApiToken, PublishedRelease, Release, User
from tests.integration.api.conftest import Get, through
from tests.integration.audit.stock import broken_log
from tests.trail import looks

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What another test taught this process is no part of these."""
    again.forget()
    limits.forget()


@pytest.fixture
def get(get_again: Get) -> Get:
    return get_again


def anybody(path: str) -> Any:
    """The answer to somebody without a token."""
    return through(path, {}, lambda: Client().get(path))


@pytest.fixture
def table(release: Release) -> str:
    return f"/v1/releases/{release.identifier}/tables/group.csv"


def _queries(get: Get, path: str, *, secure: bool = False, **headers: str) -> tuple[Any, list[str], int]:
    """The answer, the statements that the register's connection ran for it, and how many the other one did."""
    asked: list[str] = []

    def noted(execute: Any, sql: str, *given: Any) -> Any:
        asked.append(sql)
        return execute(sql, *given)

    with connection.execute_wrapper(noted), CaptureQueriesContext(connections["stats"]) as read:
        answer = get(path, headers=headers, secure=secure)
    return answer, asked, len(read)


def test_the_second_time_one_statement_says_that_it_may_be_read_and_notes_it(get: Get, table: str) -> None:
    get(table)
    before = len(looks(code="stats.read"))
    answer, asked, read = _queries(get, table)
    told = [sql for sql in asked if not sql.startswith("RESET")]  # a test is inside a transaction; a server is not
    assert (answer.status_code, len(told), read) == (200, 1, 0)
    assert "audit.log_access" in told[0]
    (look,) = looks(code="stats.read")[before:]
    token = ApiToken.objects.get()
    assert (look.actor, look.role, look.purpose) == (f"token:{token.pk}", "monitor", "statistiek")
    assert (look.outcome, look.detail) == ("ok", "200")
    assert look.filters == {"release": table.split("/")[3], "table": "group", "extension": "csv"}


@pytest.mark.parametrize("known", [False, True])
def test_the_second_answer_is_the_first_one_with_all_its_headers(get: Get, table: str, known: bool) -> None:
    headers = {"If-None-Match": get(table)["ETag"]} if known else {}
    again.forget()
    first = get(table, headers=headers)
    second, asked, _ = _queries(get, table, **headers)
    assert len([sql for sql in asked if not sql.startswith("RESET")]) == 1
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.status_code == (304 if known else 200)
    assert dict(second.items()) == dict(first.items())


def test_what_leaves_with_a_file_is_remembered_for_each_kind_of_answer_and_way_of_asking(get: Get, table: str) -> None:
    """Who asks without TLS gets nothing that was made for who asks with it, and the other way round."""
    tag = {"If-None-Match": get(table)["ETag"]}
    for headers in ({}, tag, {}, tag):
        get(table, headers=headers)
    assert [len(_queries(get, table, **headers)[1]) for headers in ({}, tag)] == [2, 2]
    answer, asked, _ = _queries(get, table, secure=True, **tag)
    assert answer.status_code == 304
    assert len(asked) > 2, "the first over TLS goes the usual way"
    assert len(_queries(get, table, secure=True, **tag)[1]) == 2


def test_a_token_that_is_revoked_or_expired_opens_nothing_from_its_next_use_on(
    get: Get, admin: User, table: str
) -> None:
    get(table)
    token = ApiToken.objects.get()
    with acting_as("system:test"):
        ApiToken.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    assert get(table).status_code == 401
    with acting_as("system:test"):
        ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert [get(table).status_code for _ in range(2)] == [200, 200]
    revoke_token(token_id=token.pk, by=admin)
    answer = get(table)
    assert answer.status_code == 401
    assert [(look.actor, look.detail) for look in looks(code="stats.read")][-1] == ("anonymous", "401")


@pytest.mark.parametrize(("status", "remembered"), [("retracted", False), ("superseded", True)])
def test_a_release_that_was_retracted_is_looked_up_anew(
    get: Get, release: Release, table: str, status: str, remembered: bool
) -> None:
    get(table)
    reason = "" if remembered else "Dubbele telling."
    PublishedRelease.objects.filter(identifier=release.identifier).update(status=status, retraction_reason=reason)
    before = len(looks(code="stats.read"))
    _, asked, read = _queries(get, table)
    assert (len([sql for sql in asked if not sql.startswith("RESET")]) == 1) is remembered
    assert (read == 0) is remembered
    assert len(looks(code="stats.read")) == before + 1


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": ""}, {"Authorization": "Bearer other"}, {"If-Match": '"other"'}, {"Authorization": "Basic x"}],
)
def test_what_is_asked_otherwise_goes_the_usual_way(get: Get, table: str, headers: dict[str, str]) -> None:
    get(table)
    assert get(table, headers=headers).status_code in (401, 412)
    assert get(f"{table}?year=2016").status_code == 400
    assert get(table, method="post").status_code == 405
    assert get(table, method="head").content == b""


def test_a_caller_who_asks_too_often_is_refused_as_ever(
    get: Get, table: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.api.limits.time.time", lambda: 6_000_000_010.0)  # all of it within one minute
    settings.API_REQUESTS_PER_MINUTE = 3
    assert sorted(get(table).status_code for _ in range(5))[:3] == [200, 200, 200]
    assert get(table).status_code == 429


def test_what_cannot_be_noted_does_not_leave(get: Get, table: str) -> None:
    get(table)
    with broken_log():
        assert get(table).status_code == 503
    assert get(table).status_code == 200


def test_figures_for_everybody_are_noted_as_read_by_nobody_known(
    release: Release, table: str, settings: LazySettings
) -> None:
    settings.PUBLIC_FIGURES = True
    assert [anybody(table).status_code for _ in range(3)] == [200, 200, 200]
    assert [look.actor for look in looks(code="stats.read")][-3:] == ["anonymous"] * 3
    settings.PUBLIC_FIGURES = False
    assert anybody(table).status_code == 401


def test_the_use_of_a_token_is_noted_once_a_minute_however_it_is_read(get: Get, table: str) -> None:
    get(table)
    long_ago = timezone.now() - timedelta(minutes=5)
    with acting_as("system:test"):
        ApiToken.objects.update(last_used_at=long_ago)
    get(table)
    used = ApiToken.objects.get().last_used_at
    assert used and used > long_ago
    get(table)
    assert ApiToken.objects.get().last_used_at == used


def test_nobody_acts_after_a_machine_was_answered(get: Get, table: str, admin: User) -> None:
    get(table)
    with acting_as(admin):
        get(table)
        assert current_actor() and current_actor().name == str(admin.pk)  # type: ignore[union-attr]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.actor'), current_setting('app.role')")
            assert cursor.fetchone() == (str(admin.pk), "admin")


def test_many_callers_and_files_do_not_fill_the_memory(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(again, "MOST", 3)
    token, _ = issue_token(organisation="NDM", by=admin, expires_at=timezone.now() + timedelta(days=1))
    for number in range(10):
        again.remember_token(str(number), token.pk)
    assert again.remembered() <= 3
