"""Machines leave events too: each request for figures one, with the token that made it, also when it is refused."""

from typing import Any

import pytest
from django.test import Client

from register.access import revoke_token
from register.models import ApiToken, Release, User
from tests.integration.api.conftest import Get
from tests.signing_in import sign_in
from tests.trail import Look, looks

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


def _told(before: int) -> list[Look]:
    return [look for look in looks(code="stats.read") if look.id > before]


def _last() -> int:
    return max((look.id for look in looks()), default=0)


def test_a_table_that_is_read_names_token_release_and_table(get: Get, release: Release) -> None:
    before = _last()
    assert get(f"/v1/releases/{release.identifier}/tables/group.csv").status_code == 200
    (look,) = _told(before)
    token = ApiToken.objects.latest("created_at")
    assert (look.actor, look.role, look.purpose) == (f"token:{token.pk}", "monitor", "statistiek")
    assert look.filters == {"release": release.identifier, "table": "group", "extension": "csv"}
    assert (look.outcome, look.detail, look.regions) == ("ok", "200", [])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/releases", 200),
        ("/v1/releases?limit=0", 400),
        ("/v1/releases/unknown", 404),
        ("/v1/releases/latest", 302),
    ],
)
def test_each_request_leaves_one_event_with_its_status(get: Get, release: Release, path: str, status: int) -> None:
    before = _last()
    assert get(path).status_code == status
    (look,) = _told(before)
    assert (look.outcome, look.detail) == ("ok" if status < 400 else "denied", str(status))
    assert "unknown" not in look.filters.values()


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic x", "Bearer a b", f"Bearer {'x' * 5000}"])
def test_a_request_without_a_valid_token_is_noted_as_anonymous(release: Release, header: str) -> None:
    before = _last()
    answer = Client().get("/v1/releases", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    (look,) = _told(before)
    assert (look.actor, look.role, look.outcome, look.detail) == ("anonymous", "monitor", "denied", "401")
    assert look.filters == {}


def test_a_revoked_token_is_anonymous_from_its_next_use_on(get: Get, admin: User, release: Release) -> None:
    revoke_token(token_id=ApiToken.objects.latest("created_at").pk, by=admin)
    before = _last()
    assert get("/v1/releases").status_code == 401
    assert [look.actor for look in _told(before)] == ["anonymous"]


def test_a_wrong_method_is_noted(get: Get, release: Release) -> None:
    before = _last()
    assert get("/v1/releases", method="post").status_code == 405
    assert [(look.outcome, look.detail) for look in _told(before)] == [("denied", "405")]


def test_a_session_of_a_person_does_not_become_the_actor_of_a_machine(admin: User, release: Release) -> None:
    client = Client()
    sign_in(client, admin)
    before = _last()
    assert client.get("/v1/releases").status_code == 401
    assert [look.actor for look in looks() if look.id > before] == ["anonymous"]


def test_an_answer_that_fails_is_noted_as_a_fault(get: Get, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **options: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("register.api.views.published.releases", broken)
    before = _last()
    with pytest.raises(RuntimeError):
        get("/v1/releases")
    assert [(look.outcome, look.detail) for look in _told(before)] == [("error", "500")]


def test_the_description_of_the_api_is_public_and_leaves_no_event(release: Release) -> None:
    before = _last()
    assert Client().get("/v1/openapi.json").status_code == 200
    assert _told(before) == []
