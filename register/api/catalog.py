"""The catalogue of data sets, for harvesters and for who looks for figures."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, OpenApiTypes, extend_schema
from rest_framework.request import Request

from register.api.answers import json_answer
from register.api.queries import no_parameters
from register.api.readers import is_anybody
from register.api.reading import NOT_MODIFIED, Reading, problems
from register.reporting import published
from register.reporting.catalog import Publisher, catalog

JSON_LD = "application/ld+json"
MOST = 1000


class Catalog(Reading):
    """All releases as data sets."""

    @extend_schema(
        operation_id="getCatalog",
        summary="Catalogue of all releases by DCAT-AP-NL 3.0",
        description="JSON-LD with its context in it: a data set for each release, a distribution for each file.",
        tags=("catalog",),
        responses={
            (200, JSON_LD): OpenApiResponse(OpenApiTypes.OBJECT, description="The catalogue."),
            **NOT_MODIFIED,
            **problems(412),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        no_parameters(request)
        found, _ = published.releases(limit=MOST, public=is_anybody(request))
        body: dict[str, Any] = catalog(found, _publisher(request))
        return json_answer(request, body, media_type=JSON_LD)


def _publisher(request: Request) -> Publisher:
    base = request.build_absolute_uri(reverse("api:releases")).removesuffix("/releases")
    return Publisher(base, settings.DEFAULT_FROM_EMAIL, public=settings.PUBLIC_FIGURES)
