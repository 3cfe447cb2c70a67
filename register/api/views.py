"""The releases, and the description of the API. Nothing here can write, and nothing here sees a case."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request

from register.api import queries, serializers
from register.api.answers import json_answer, page_links, redirect
from register.api.presenting import release_object
from register.api.queries import Query, no_parameters
from register.api.readers import is_anybody
from register.api.reading import NOT_MODIFIED, PathDecides, Reading, problems
from register.reporting import published
from register.reporting.codelists import DEFINITION_CODES

RELEASES = ("releases",)


class Releases(Reading):
    """The list of releases."""

    @extend_schema(
        operation_id="listReleases",
        summary="Releases, newest first",
        description="Every release that was ever published, also what was superseded or retracted since.",
        tags=RELEASES,
        parameters=[
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": queries.LARGEST_LIMIT},
                description=f"At most {queries.LARGEST_LIMIT}, default {queries.LIMIT}.",
            ),
            OpenApiParameter(
                "offset",
                {"type": "integer", "minimum": 0, "maximum": queries.LARGEST_OFFSET},
                description="How many to skip.",
            ),
            OpenApiParameter("status", str, enum=list(queries.STATUS_WORDS), description="Only of this status."),
        ],
        responses={
            200: OpenApiResponse(serializers.ReleaseListSerializer, description="One page."),
            **NOT_MODIFIED,
            **problems(412),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        query = Query(request.query_params)
        query.only(("limit", "offset", "status"))
        limit = query.number("limit", default=queries.LIMIT, smallest=1, largest=queries.LARGEST_LIMIT)
        offset = query.number("offset", default=0, smallest=0, largest=queries.LARGEST_OFFSET)
        status = query.status()
        query.check()
        found, total = published.releases(
            statuses=[status] if status else (), limit=limit, offset=offset, public=is_anybody(request)
        )
        body = {
            "total": total,
            "limit": limit,
            "offset": offset,
            "releases": [release_object(one, request) for one in found],
        }
        response = json_answer(request, body)
        page_links(request, response, limit=limit, offset=offset, total=total)
        return response


class Latest(Reading):
    """The newest release."""

    @extend_schema(
        operation_id="latestRelease",
        summary="Redirect to the newest release",
        description="The newest release that is neither superseded nor retracted, of one status when asked.",
        tags=RELEASES,
        parameters=[
            OpenApiParameter("status", str, enum=list(queries.CURRENT_WORDS), description="Only of this status."),
            OpenApiParameter("definition", str, enum=list(DEFINITION_CODES), description="Only by this definition."),
        ],
        responses={302: OpenApiResponse(description="The address of the release."), **problems(404)},
    )
    def get(self, request: Request) -> HttpResponse:
        query = Query(request.query_params)
        query.only(("status", "definition"))
        status, definition = query.status(words=queries.CURRENT_WORDS), query.definition()
        query.check()
        identifier = published.latest(status=status, definition=definition, public=is_anybody(request))
        if identifier is None:
            raise Http404
        return redirect(request, reverse("api:release", args=[identifier]))


class OneRelease(Reading):
    """One release with its files."""

    @extend_schema(
        operation_id="getRelease",
        summary="One release and its files",
        description="What was counted, by which rules, and every file with its size and hash.",
        tags=RELEASES,
        parameters=[queries.RELEASE],
        responses={
            200: OpenApiResponse(serializers.ReleaseSerializer, description="The release."),
            **NOT_MODIFIED,
            **problems(404, 412),
        },
    )
    def get(self, request: Request, release: str) -> HttpResponse:
        no_parameters(request)
        found = published.release(release)
        if found is None or (is_anybody(request) and not found.public):
            raise Http404
        return json_answer(request, release_object(found, request))


class Description(SpectacularJSONAPIView):
    """The OpenAPI description, for everybody and from any site."""

    http_method_names = ["get", "head"]
    authentication_classes = ()
    permission_classes = ()
    content_negotiation_class = PathDecides

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response
