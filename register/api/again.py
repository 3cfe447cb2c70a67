"""The same file for the same caller once more: from what this process remembers, after one look at the database.

Only what the usual way gave before is remembered: tokens by their digest, files by their address. What anybody asks
first, what has changed, and every refusal goes the usual way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from register.access import Before, digest_of, note_again
from register.api import limits
from register.api.answers import file_answer
from register.reporting.published import Found

SCHEME = "bearer"
METHODS = ("GET", "HEAD")
# How many tokens, and how many files, a process remembers before it begins anew.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class _File:
    """A published file with the words of its address."""

    found: Found
    asked: Mapping[str, str]


_tokens: dict[str, UUID] = {}
_files: dict[str, _File] = {}


def remember_token(plain: str, token_id: UUID) -> None:
    """This token was valid just now."""
    if len(_tokens) >= MOST:
        _tokens.clear()
    _tokens[digest_of(plain)] = token_id


def remember_file(request: HttpRequest | Request, found: Found, asked: Mapping[str, str]) -> None:
    """This file stands at the address of the request."""
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
    """Stands before everything that is for people: a session, a form and a language change no published file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return _answer(request) or self.get_response(request)


def _answer(request: HttpRequest) -> HttpResponse | None:
    """The file, noted as read; None when it must go the usual way."""
    file = _files.get(request.path)
    if file is None or request.method != "GET" or _asks_more(request):
        return None
    digest, token_id = _token(request)
    if token_id is None and (digest or not (file.found.public and settings.PUBLIC_FIGURES)):
        return None
    caller = limits.caller(request, token_id)
    if not limits.has_room(caller):
        return None
    response = file_answer(request, file.found)
    before = Before(token_id, digest, file.found.release, file.found.manifest_sha256)
    if not _noted(request, before, response.status_code, file.asked):
        _tokens.pop(digest, None)
        _files.pop(request.path, None)
        return None
    limits.counted(caller)
    response["Allow"] = ", ".join(METHODS)
    response["Content-Length"] = str(len(response.content))
    return response


def _asks_more(request: HttpRequest) -> bool:
    """Whether the request has a query, or wants certain bytes and no others."""
    return bool(request.META.get("QUERY_STRING")) or "HTTP_IF_MATCH" in request.META


def _token(request: HttpRequest) -> tuple[str, UUID | None]:
    """The digest of what was shown, and the token it is known to be; both empty where nothing was shown."""
    header = request.headers.get("Authorization", "")
    if not header:
        return "", None
    scheme, _, plain = header.partition(" ")
    digest = digest_of(plain)
    return digest, _tokens.get(digest) if scheme.lower() == SCHEME else None


def _noted(request: HttpRequest, before: Before, status: int, asked: Mapping[str, str]) -> bool:
    try:
        return note_again(
            before,
            status=status,
            filters=asked,
            peer=request.META.get("REMOTE_ADDR", ""),
            forwarded=request.headers.get("X-Forwarded-For", ""),
            agent=request.headers.get("User-Agent", ""),
        )
    except Error:
        # The usual way meets the same fault, and says so.
        return False
