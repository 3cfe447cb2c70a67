"""What goes says so in its answers and in the description, a year before."""

from datetime import date

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from register.api.deprecation import Ending
from register.api.views import Releases
from tests.integration.api.conftest import Get

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


def test_nothing_goes_sooner_than_a_year_after_it_was_announced() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        Ending(date(2027, 1, 1), date(2027, 12, 31))


def test_a_resource_that_goes_says_so_also_when_it_refuses(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Deprecation" not in get("/v1/releases")
    monkeypatch.setattr(Releases, "ending", Ending(date(2027, 1, 1), date(2028, 3, 31), "/v2/releases"))
    for path in ("/v1/releases", "/v1/releases?limit=x"):
        answer = get(path)
        assert answer["Deprecation"] == "@1798761600"
        assert answer["Sunset"] == "Sat, 01 Apr 2028 00:00:00 GMT"
        assert answer["Link"] == '</v2/releases>; rel="successor-version"'
        assert answer["API-Version"] == settings.API_VERSION
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    assert paths["/releases"]["get"]["deprecated"] is True
    assert "deprecated" not in paths["/catalog"]["get"]
