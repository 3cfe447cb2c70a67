"""Reading published releases. Nothing here can write, and nothing here sees a case."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date, parse_etags, quote_etag
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, OpenApiTypes, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from register.access import log_reading
from register.api import queries, serializers
from register.api.presenting import release_object
from register.api.problems import GoneError, PreconditionFailedError
from register.api.queries import Query
from register.reporting import published
from register.reporting.published import Content, Released

FOR_EVER = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
REFUSED, FAULT = 400, 500
PROBLEMS: Mapping[int, Any] = {
    401: OpenApiResponse(serializers.ProblemSerializer, description="No valid token."),
    404: OpenApiResponse(serializers.ProblemSerializer, description="Nothing is published at this address."),
}
BAD_REQUEST = {400: OpenApiResponse(serializers.ProblemSerializer, description="Every fault of the request at once.")}
GONE = {410: OpenApiResponse(serializers.ProblemSerializer, description="The release was retracted, and why.")}
NOT_MODIFIED = {
    304: OpenApiResponse(description="Unchanged since the ETag that was sent."),
    412: OpenApiResponse(serializers.ProblemSerializer, description="Not the bytes that If-Match asks for."),
}


class PathDecides(BaseContentNegotiation):
    """The address says which form is sent, whatever the Accept header asks for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Reading(APIView):
    """A resource that can be read and nothing else."""

    http_method_names = ["get", "head"]
    content_negotiation_class = PathDecides

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer, and note who read what before the answer leaves; what cannot be noted does not leave."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Exception:
            self._note(500, {})
            raise
        self._note(response.status_code, kwargs)
        return response

    def _note(self, status: int, asked: Mapping[str, str]) -> None:
        request = self.request
        log_reading(
            getattr(request, "auth", None),
            outcome=_outcome(status),
            detail=str(status),
            # What an address names is known to be published only when it was found; else anybody can have typed it.
            filters=asked if status < REFUSED else {},
            peer=request.META.get("REMOTE_ADDR", ""),
            forwarded=request.headers.get("X-Forwarded-For", ""),
            agent=request.headers.get("User-Agent", ""),
        )

    def head(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = self.get(request, *args, **kwargs)  # type: ignore[attr-defined]
        response["Content-Length"] = str(len(response.content))
        response.content = b""
        return response


class Releases(Reading):
    """The list of releases."""

    @extend_schema(
        operation_id="listReleases",
        summary="Releases, newest first",
        parameters=[
            OpenApiParameter("limit", int, description=f"At most {queries.LARGEST_LIMIT}, default {queries.LIMIT}."),
            OpenApiParameter("offset", int, description="How many to skip."),
            OpenApiParameter("status", str, enum=list(queries.STATUS_WORDS)),
        ],
        responses={200: serializers.ReleaseListSerializer, **NOT_MODIFIED, **BAD_REQUEST, 401: PROBLEMS[401]},
    )
    def get(self, request: Request) -> HttpResponse:
        query = Query(request.query_params)
        query.only(("limit", "offset", "status"))
        limit = query.number("limit", default=queries.LIMIT, smallest=1, largest=queries.LARGEST_LIMIT)
        offset = query.number("offset", default=0, smallest=0, largest=queries.LARGEST_OFFSET)
        status = query.status()
        query.check()
        found, total = published.releases(statuses=[status] if status else (), limit=limit, offset=offset)
        body = {
            "total": total,
            "limit": limit,
            "offset": offset,
            "releases": [release_object(one, request) for one in found],
        }
        response = _json(request, body)
        _page_links(request, response, limit=limit, offset=offset, total=total)
        return response


class Latest(Reading):
    """The newest release."""

    @extend_schema(
        operation_id="latestRelease",
        summary="Redirect to the newest release",
        parameters=[
            OpenApiParameter("status", str, enum=list(queries.CURRENT_WORDS)),
            OpenApiParameter("definition", str, enum=["sel_b", "sel_d", "nl_broad"]),
        ],
        responses={302: OpenApiResponse(description="The address of the release."), **BAD_REQUEST, **PROBLEMS},
    )
    def get(self, request: Request) -> HttpResponse:
        query = Query(request.query_params)
        query.only(("status", "definition"))
        status, definition = query.status(words=queries.CURRENT_WORDS), query.definition()
        query.check()
        identifier = published.latest(status=status, definition=definition)
        if identifier is None:
            raise Http404
        response = HttpResponse(status=302)
        response["Location"] = reverse("api:release", args=[identifier])
        response["Cache-Control"] = ASK_AGAIN
        return response


class OneRelease(Reading):
    """One release with its files."""

    @extend_schema(
        operation_id="getRelease",
        summary="One release and its files",
        responses={200: serializers.ReleaseSerializer, **NOT_MODIFIED, **BAD_REQUEST, **PROBLEMS},
    )
    def get(self, request: Request, release: str) -> HttpResponse:
        _no_parameters(request)
        return _json(request, release_object(_found(release), request))


class Manifest(Reading):
    """The manifest of a release."""

    @extend_schema(
        operation_id="getManifest",
        summary="Manifest: every file of the release with its size and SHA-256",
        responses={(200, "application/json"): OpenApiTypes.OBJECT, **NOT_MODIFIED, **BAD_REQUEST, **PROBLEMS},
    )
    def get(self, request: Request, release: str) -> HttpResponse:
        _no_parameters(request)
        found = _found(release)
        return _file(request, found, published.manifest(found.id))


class TableFile(Reading):
    """One table as a file."""

    @extend_schema(
        operation_id="getTable",
        summary="A table of a release, byte for byte as it was published",
        parameters=[
            OpenApiParameter(
                "table", str, OpenApiParameter.PATH, description="Name of the table, such as age-euda-sex."
            ),
            OpenApiParameter("extension", str, OpenApiParameter.PATH, enum=["csv", "json"]),
        ],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "application/json"): OpenApiTypes.OBJECT,
            **NOT_MODIFIED,
            **BAD_REQUEST,
            **PROBLEMS,
            **GONE,
        },
    )
    def get(self, request: Request, release: str, table: str, extension: str) -> HttpResponse:
        _no_parameters(request)
        found = _found(release)
        if found.retracted:
            raise GoneError(found.retraction_reason)
        if table not in found.tables:
            raise Http404
        return _file(request, found, published.content(found.id, table, extension))


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


def _outcome(status: int) -> str:
    if status < REFUSED:
        return "ok"
    return "denied" if status < FAULT else "error"


def _no_parameters(request: Request) -> None:
    query = Query(request.query_params)
    query.only(())
    query.check()


def _found(identifier: str) -> Released:
    release = published.release(identifier)
    if release is None:
        raise Http404
    return release


def _json(request: Request, body: Any) -> HttpResponse:
    """A JSON answer that may change, with a strong ETag over its bytes."""
    content = json.dumps(body, ensure_ascii=False).encode()
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    _require_match(request, etag)
    response = _unchanged(request, etag) or HttpResponse(content, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = ASK_AGAIN
    return response


def _file(request: Request, release: Released, content: Content | None) -> HttpResponse:
    """A published file: it never changes, so a client may keep it."""
    if content is None:
        raise Http404
    file = content.file
    etag = quote_etag(file.sha256)
    _require_match(request, etag)
    response = _unchanged(request, etag) or HttpResponse(content.body, content_type=file.media_type)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(release.published_at.timestamp())
    response["Cache-Control"] = FOR_EVER
    if response.status_code == 200:
        response["Content-Digest"] = file.digest
        response["Content-Disposition"] = f'inline; filename="{release.id}-{file.table}.{file.extension}"'
    return response


def _require_match(request: HttpRequest | Request, etag: str) -> None:
    """412 when the client asks for other bytes than these (RFC 9110, If-Match; a weak tag never matches).

    It is judged before If-None-Match.
    """
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip() != "*" and etag not in parse_etags(wanted):
        raise PreconditionFailedError


def _unchanged(request: HttpRequest | Request, etag: str) -> HttpResponse | None:
    """304 when the client has these bytes already (RFC 9110, If-None-Match; a weak tag matches as well)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag in (tag.removeprefix("W/") for tag in known):
        return HttpResponse(status=304)
    return None


def _page_links(request: Request, response: HttpResponse, *, limit: int, offset: int, total: int) -> None:
    """Link to the next and the previous page (RFC 8288)."""
    pages = []
    if offset + limit < total:
        pages.append(("next", offset + limit))
    if offset > 0:
        pages.append(("prev", max(0, offset - limit)))
    kept = {name: value for name, value in request.query_params.items() if name not in ("limit", "offset")}
    here = request.build_absolute_uri(request.path)
    links = [
        f'<{here}?{urlencode({**kept, "limit": limit, "offset": start})}>; rel="{relation}"'
        for relation, start in pages
    ]
    if links:
        response["Link"] = ", ".join(links)
