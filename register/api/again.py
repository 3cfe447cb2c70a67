"""The same file for the same caller once more: from what this process remembers, after one look at the database.

Only what the usual way gave before is remembered: tokens by their digest, files by their address with the headers that
left with them. What anybody asks first, what has changed, and every refusal goes the usual way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
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
    given: dict[tuple[int, bool, bool], dict[str, str]] = field(default_factory=dict)

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


class AgainMiddleware:
    """Outside all other middleware: whoever comes again passes none of it, and gets the headers that it made before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        file = _files.get(request.path)
        if file is not None and (again := _answer(request, file)):
            return again
        response = self.get_response(request)
        _remember_headers(request, response)
        return response


def _remember_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """What left with a file here, once the last of the middleware is done with it."""
    file = _files.get(request.path)
    if file is None or request.method != "GET" or response.status_code not in (SENT, UNCHANGED) or response.cookies:
        return
    if not _asks_more(request):
        file.given[response.status_code, request.is_secure(), file.is_open] = dict(response.items())


def _answer(request: HttpRequest, file: _File) -> HttpResponse | None:
    """The file, noted as read; None when it must go the usual way."""
    if request.method != "GET" or _asks_more(request):
        return None
    digest, token_id = _token(request)
    if token_id is None and (digest or not file.is_open):
        return None
    status = UNCHANGED if is_known(request, file.etag) else SENT
    headers = file.given.get((status, request.is_secure(), file.is_open))
    if headers is None or limits.counted(limits.caller(request, token_id)) > settings.API_REQUESTS_PER_MINUTE:
        return None
    try:
        body = published.body_of(file.found.release, file.found.file) if status == SENT else b""
        noted = _noted(request, Before(token_id, digest, file.found.release, file.found.manifest_sha256), status, file)
    except Error:
        # The usual way meets the same fault, and says so.
        return None
    if noted:
        return HttpResponse(body, status=status, headers=headers)
    _tokens.pop(digest, None)
    _files.pop(request.path, None)
    return None


def _asks_more(request: HttpRequest) -> bool:
    """Whether the request has a query, or wants certain bytes and no others."""
    return bool(request.META.get("QUERY_STRING")) or "HTTP_IF_MATCH" in request.META


def _token(request: HttpRequest) -> tuple[str, UUID | None]:
    """The digest of what was shown, and the token it is known to be; both empty where nothing was shown."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if not header:
        return "", None
    scheme, _, plain = header.partition(" ")
    digest = digest_of(plain)
    return digest, _tokens.get(digest) if scheme.lower() == SCHEME else None


def _noted(request: HttpRequest, before: Before, status: int, file: _File) -> bool:
    return note_again(
        before,
        status=status,
        filters=file.asked,
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""),
        agent=request.META.get("HTTP_USER_AGENT", ""),
    )
