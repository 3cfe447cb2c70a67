"""The OpenAPI document describes the API that is there, for everybody."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.integration.api.conftest import Get


@pytest.mark.django_db
def test_the_description_is_public_and_open_to_other_sites() -> None:
    answer = Client().get("/v1/openapi.json")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["API-Version"] == answer.json()["info"]["version"] == settings.API_VERSION


@pytest.mark.django_db(databases=["default", "stats"])
def test_only_the_description_is_open_to_other_sites(get: Get) -> None:
    assert "Access-Control-Allow-Origin" not in get("/v1/releases")


@pytest.mark.django_db
def test_every_address_of_the_api_is_described_and_needs_a_token() -> None:
    paths = Client().get("/v1/openapi.json").json()["paths"]
    assert set(paths) == {
        "/catalog",
        "/codebook",
        "/releases",
        "/releases/latest",
        "/releases/{release}",
        "/releases/{release}/euda-workbook",
        "/releases/{release}/manifest",
        "/releases/{release}/tables/{table}",
        "/releases/{release}/tables/{table}.{extension}",
        "/releases/{release}/{name}.{extension}",
    }
    for path in paths.values():
        assert set(path) == {"get"}
        assert path["get"]["security"] == [{"token": []}]
        assert "401" in path["get"]["responses"]


def test_the_description_has_no_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json")
    assert capsys.readouterr().err == ""


def test_no_address_of_the_api_ends_in_a_slash_or_holds_a_capital() -> None:
    (api,) = [one for one in get_resolver().url_patterns if getattr(one, "app_name", None) == "api"]
    assert isinstance(api, URLResolver)
    for pattern in api.url_patterns:
        route = str(pattern.pattern)
        assert not route.endswith("/")
        assert route == route.lower()
