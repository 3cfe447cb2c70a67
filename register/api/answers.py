"""Answers as HTTP wants them: strong tags, 304 and 412, how long they may be kept, links between pages."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags, quote_etag
from rest_framework.request import Request

from register.api.problems import GoneError, PreconditionFailedError
from register.api.readers import is_anybody
from register.reporting import published
from register.reporting.published import Found

A_YEAR = 31_536_000
JSON_TYPE = "application/json"


def json_answer(request: Request, body: Any, *, media_type: str = JSON_TYPE) -> HttpResponse:
    """A JSON answer that may change, with a strong ETag over its bytes."""
    return changing(request, json.dumps(body, ensure_ascii=False).encode(), media_type=media_type)


def changing(request: Request, content: bytes, *, media_type: str) -> HttpResponse:
    """An answer that may change: a client may keep it, and asks each time whether it is still so."""
    etag = quote_etag(hashlib.sha256(content).hexdigest())
    _require_match(request, etag)
    response = _unchanged(request, etag) or HttpResponse(content, content_type=media_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"{_who_may_keep(request)}, no-cache"
    return response


def file_answer(request: HttpRequest | Request, found: Found) -> HttpResponse:
    """A published file: it never changes, so a client may keep it. Its bytes are read only when they are sent."""
    if found.retracted:
        raise GoneError(found.retraction_reason)
    file = found.file
    etag = quote_etag(file.sha256)
    _require_match(request, etag)
    response = _unchanged(request, etag) or HttpResponse(
        published.body_of(found.release, file), content_type=file.media_type
    )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(found.published_at.timestamp())
    response["Cache-Control"] = f"{_who_may_keep_file(found)}, max-age={A_YEAR}, immutable"
    if response.status_code == 200:
        response["Content-Digest"] = file.digest
        response["Content-Disposition"] = f'inline; filename="{found.release}-{file.name}"'
    return response


def redirect(request: Request, address: str) -> HttpResponse:
    """302 to where the client finds what it asked for."""
    response = HttpResponse(status=302)
    response["Location"] = address
    response["Cache-Control"] = f"{_who_may_keep(request)}, no-cache"
    return response


def page_links(request: Request, response: HttpResponse, *, limit: int, offset: int, total: int) -> None:
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


def _who_may_keep(request: Request) -> str:
    """Whether caches between the register and the client may keep an answer.

    They may keep what anybody got. What somebody with a token got may name more than others see.
    """
    return "public" if is_anybody(request) else "private"


def _who_may_keep_file(found: Found) -> str:
    """The same for a file: caches may keep one that is for everybody, whoever got it."""
    return "public" if found.public and settings.PUBLIC_FIGURES else "private"


def _require_match(request: HttpRequest | Request, etag: str) -> None:
    """412 when the client asks for other bytes than these (RFC 9110, If-Match; a weak tag never matches).

    It is judged before If-None-Match.
    """
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted.strip() != "*" and etag not in parse_etags(wanted):
        raise PreconditionFailedError


def is_known(asked: Mapping[str, Any], etag: str) -> bool:
    """Whether the client has these bytes already (RFC 9110, If-None-Match; a weak tag matches as well).

    ``asked``: what the web server says of the request.
    """
    header = asked.get("HTTP_IF_NONE_MATCH", "")
    if header == etag:
        return True
    known = parse_etags(header)
    return "*" in known or etag in (tag.removeprefix("W/") for tag in known)


def _unchanged(request: HttpRequest | Request, etag: str) -> HttpResponse | None:
    """304 when the client has these bytes already."""
    return HttpResponse(status=304) if is_known(request.META, etag) else None
