"""What the API says when it does not answer: a problem document, in Dutch or English, with every fault at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from register.access import issue_token, revoke_token
from register.audit import acting_as
from register.models import ApiToken, Release, User
from tests.integration.api.conftest import Get
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


def _problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["API-Version"] == settings.API_VERSION
    body = answer.json()
    assert body["status"] == status
    assert body["title"] and body["detail"]
    return body


def test_every_fault_of_a_request_is_told_at_once(get: Get) -> None:
    body = _problem(get("/v1/releases?limit=0&offset=-1&status=x&year=2016"), 400)
    errors = body["errors"]
    assert isinstance(errors, list)
    assert {error["parameter"] for error in errors} == {"limit", "offset", "status", "year"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/releases?limit=0",
        "/v1/releases?limit=201",
        "/v1/releases?limit=ten",
        "/v1/releases?limit=%C2%B2",
        "/v1/releases?limit=1&limit=2",
        "/v1/releases?offset=99999999999999999999",
        "/v1/releases?Limit=1",
        "/v1/releases/latest?status=superseded",
        "/v1/releases/latest?definition=sel_x",
        "/v1/releases/2016-nl-broad-p1?format=csv",
    ],
)
def test_a_wrong_parameter_is_400(get: Get, path: str) -> None:
    _problem(get(path), 400)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/releases/unknown",
        "/v1/releases/unknown/manifest",
        "/v1/releases/unknown/tables/group.csv",
        "/v1/releases/2016-nl-broad-p1/tables/unknown.csv",
        "/v1/releases/2016-nl-broad-p1/tables/group.xlsx",
        "/v1/releases/2016-nl-broad-p1/tables/manifest.json",
        "/v1/releases/2016-nl-broad-p1/tables/workbook.xlsx",
        "/v1/releases/2016-nl-broad-p1/tables/unknown",
        "/v1/releases/2016-nl-broad-p1/tables/group.sdmx.xml",
        "/v1/releases/2016-nl-broad-p1/manifest.json",
        "/v1/releases/2016-nl-broad-p1/group.csv",
        "/v1/releases/",
        "/v1/",
        "/v1",
        "/v1/cases",
        "/v1/releases/%00",
    ],
)
def test_what_is_not_published_is_404(get: Get, release: Release, path: str) -> None:
    _problem(get(path), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/v1/releases", "/v1/releases/latest", "/v1/openapi.json", "/v1/catalog"])
def test_writing_is_405_and_says_what_is_allowed(get: Get, path: str, method: str) -> None:
    answer = get(path, method=method)
    _problem(answer, 405)
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer unknown", "Basic eDp5", "Bearer a b", "Bearer \N{EURO SIGN}"])
@pytest.mark.parametrize("path", ["/v1/releases", "/v1/releases/latest", "/v1/releases/x/tables/group.csv"])
def test_without_a_valid_token_the_answer_is_401_with_the_next_step(header: str, path: str) -> None:
    answer = Client().get(path, headers={"Authorization": header} if header else {})
    body = _problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert "token" in str(body["detail"])


def test_an_expired_token_and_a_revoked_token_are_worthless(admin: User) -> None:
    now = timezone.now()
    old, expired = issue_token(organisation="NDM", by=admin, expires_at=now + timedelta(days=1))
    with acting_as("system:test"):
        yesterday = now - timedelta(days=1)
        ApiToken.objects.filter(pk=old.pk).update(created_at=yesterday, expires_at=now - timedelta(seconds=1))
    kept, revoked = issue_token(organisation="NDM", by=admin, expires_at=now + timedelta(days=1))
    headers = {"Authorization": f"Bearer {revoked}"}
    assert Client().get("/v1/releases", headers=headers).status_code == 200
    revoke_token(token_id=kept.pk, by=admin)
    _problem(Client().get("/v1/releases", headers=headers), 401)
    _problem(Client().get("/v1/releases", headers={"Authorization": f"Bearer {expired}"}), 401)


def test_the_use_of_a_token_is_noted(get: Get) -> None:
    assert ApiToken.objects.get().last_used_at is None
    get("/v1/releases")
    assert ApiToken.objects.get().last_used_at is not None


def test_a_token_in_the_address_opens_nothing(token: str) -> None:
    for name in ("token", "access_token", "api_key"):
        _problem(Client().get(f"/v1/releases?{name}={token}"), 401)


def test_a_signed_in_person_has_no_token(admin: User) -> None:
    client = Client()
    sign_in(client, admin)
    _problem(client.get("/v1/releases"), 401)


@pytest.mark.parametrize(
    ("accepted", "language", "title"),
    [
        ("nl", "nl", "Niet gevonden"),
        ("en-GB,en", "en", "Not found"),
        ("fr", "nl", "Niet gevonden"),
        ("", "nl", "Niet gevonden"),
    ],
)
def test_problems_speak_dutch_or_english(get: Get, accepted: str, language: str, title: str) -> None:
    answer = get("/v1/releases/unknown", headers={"Accept-Language": accepted} if accepted else {})
    assert _problem(answer, 404)["title"] == title
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_a_fault_of_ours_is_a_problem_without_a_trace(token: str, caplog: pytest.LogCaptureFixture) -> None:
    stats = connections["stats"]
    port = stats.settings_dict["PORT"]
    stats.close()
    stats.settings_dict["PORT"] = 1
    try:
        client = Client(raise_request_exception=False)
        answer = client.get("/v1/releases", headers={"Authorization": f"Bearer {token}"})
    finally:
        stats.settings_dict["PORT"] = port
    body = _problem(answer, 500)
    assert "connection" not in str(body).lower()
    assert "Internal Server Error: /v1/releases" in caplog.text


def test_a_form_in_the_accept_header_does_not_matter(get: Get, release: Release) -> None:
    for accept in ("text/csv", "application/xml", "*/*", "nonsense"):
        answer = get(f"/v1/releases/{release.identifier}/tables/group.csv", headers={"Accept": accept})
        assert answer.status_code == 200
