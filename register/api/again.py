"""The same file for the same caller once more: from what this process remembers, after one look at the database.

Only what the usual way gave before is remembered: tokens by their digest, files by their address with the headers that
left with them. What anybody asks first, what has changed, and every refusal goes the usual way.

This is answered before Django makes a request of it, because that takes about as long as all else together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import quote_etag
from rest_framework.request import Request

from register.access import Before, digest_of, note_again
from register.api import limits
from register.api.answers import is_known
from register.reporting import published
from register.reporting.published import Found

SCHEME = "bearer"
SENT, UNCHANGED = 200, 304
STATUS_LINES = {SENT: "200 OK", UNCHANGED: "304 Not Modified"}
Environment = dict[str, Any]
Headers = tuple[tuple[str, str], ...]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
# Django's own does not say of what its answers are made.
Application = Callable[[Environment, Any], Any]
# How many tokens, and how many files, a process remembers before it begins anew.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class _File:
    """A published file with the words of its address.

    ``given``: the headers that left with it, by the status of the answer, whether the request came over TLS, and
    whether everybody might have it.
    """

    found: Found
    asked: Mapping[str, str]
    given: dict[tuple[int, bool, bool], Headers] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return quote_etag(self.found.file.sha256)

    @property
    def is_open(self) -> bool:
        """Whether everybody may have it."""
        return self.found.public and settings.PUBLIC_FIGURES


_tokens: dict[str, UUID] = {}
_files: dict[str, _File] = {}


def remember_token(plain: str, token_id: UUID) -> None:
    """This token was valid just now."""
    if len(_tokens) >= MOST:
        _tokens.clear()
    _tokens[digest_of(plain)] = token_id


def remember_file(request: HttpRequest | Request, found: Found, asked: Mapping[str, str]) -> None:
    """This file stands at the address of the request."""
    known = _files.get(request.path)
    if known is not None and (known.found, known.asked) == (found, asked):
        return
    if len(_files) >= MOST:
        _files.clear()
    _files[request.path] = _File(found, dict(asked))


def forget() -> None:
    """Begin anew, as a process does that was just started."""
    _tokens.clear()
    _files.clear()


def remembered() -> int:
    """How many tokens are remembered."""
    return len(_tokens)


class Again:
    """Around the whole application: whoever comes again passes no middleware, and gets the headers it made before."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environment, start_response: StartResponse) -> Any:
        file = _files.get(_address(environ))
        found = _answer(environ, file) if file is not None else None
        if found is None:
            return self.application(environ, start_response)
        status, headers, body = found
        start_response(STATUS_LINES[status], list(headers))
        return [body] if body else []


class RememberMiddleware:
    """Outside all other middleware: what leaves with a file is remembered once all of it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        _remember_headers(request, response)
        return response


class _Asked(HttpRequest):
    """What Django needs to tell whether a request came over TLS, and no more of a request."""

    def __init__(self, environ: Environment) -> None:
        self.META = environ

    def _get_scheme(self) -> str:
        return str(self.META["wsgi.url_scheme"])


def _remember_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """What left with a file here."""
    file = _files.get(request.path)
    if file is None or request.method != "GET" or response.status_code not in (SENT, UNCHANGED) or response.cookies:
        return
    if not _asks_more(request.META):
        file.given[response.status_code, request.is_secure(), file.is_open] = tuple(response.items())


def _answer(environ: Environment, file: _File) -> tuple[int, Headers, bytes] | None:
    """The status, headers and bytes of the file, noted as read; None when it must go the usual way."""
    if environ["REQUEST_METHOD"] != "GET" or _asks_more(environ):
        return None
    digest, token_id = _token(environ)
    if token_id is None and (digest or not file.is_open):
        return None
    status = UNCHANGED if is_known(environ, file.etag) else SENT
    headers = file.given.get((status, _Asked(environ).is_secure(), file.is_open))
    if headers is None or limits.counted(limits.caller(environ, token_id)) > settings.API_REQUESTS_PER_MINUTE:
        return None
    try:
        body = published.body_of(file.found.release, file.found.file) if status == SENT else b""
        noted = _noted(environ, Before(token_id, digest, file.found.release, file.found.manifest_sha256), status, file)
    except Error:
        # The usual way meets the same fault, and says so.
        return None
    if noted:
        return status, headers, body
    _tokens.pop(digest, None)
    _files.pop(_address(environ), None)
    return None


def _address(environ: Environment) -> str:
    """The path of the request, as Django has it. That of a file is of small letters, digits and hyphens."""
    return str(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""))


def _asks_more(environ: Environment) -> bool:
    """Whether the request has a query, or wants certain bytes and no others."""
    return bool(environ.get("QUERY_STRING")) or "HTTP_IF_MATCH" in environ


def _token(environ: Environment) -> tuple[str, UUID | None]:
    """The digest of what was shown, and the token it is known to be; both empty where nothing was shown."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    if not header:
        return "", None
    scheme, _, plain = header.partition(" ")
    digest = digest_of(plain)
    return digest, _tokens.get(digest) if scheme.lower() == SCHEME else None


def _noted(environ: Environment, before: Before, status: int, file: _File) -> bool:
    return note_again(
        before,
        status=status,
        filters=file.asked,
        peer=environ.get("REMOTE_ADDR", ""),
        forwarded=environ.get("HTTP_X_FORWARDED_FOR", ""),
        agent=environ.get("HTTP_USER_AGENT", ""),
    )
