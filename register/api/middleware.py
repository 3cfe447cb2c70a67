"""What every answer below ``/v1`` carries, whoever made it: the version, and errors as problem documents."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from register.api.problems import MEDIA_TYPE, problem

PREFIX = "/v1/"
# What is sent on may be sent on to another form for another client.
NEGOTIATED = 302
# Kept when an error page of the website is replaced: what the error means for the client, and what keeps it safe.
KEPT = (
    "Allow",
    "Retry-After",
    "WWW-Authenticate",
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
)


class ApiVersionMiddleware:
    """Outside all other middleware but that of the headers, so that it also sees errors that no view made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith(PREFIX) and request.path != PREFIX.rstrip("/"):
            return response
        if response.status_code >= 400 and not _is_problem(response):
            response = _as_problem(request, response)
        response["API-Version"] = settings.API_VERSION
        _forget_the_pages(response)
        return response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    replaced = problem(request, response.status_code)
    for name in KEPT:
        if name in response:
            replaced[name] = response[name]
    return replaced


def _is_problem(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith(MEDIA_TYPE)


def _forget_the_pages(response: HttpResponse) -> None:
    """Take back what middleware for people added: figures speak no language and depend on no cookie."""
    if _is_problem(response):
        response["Vary"] = "Accept-Language, Authorization"
    else:
        response["Vary"] = "Accept, Authorization" if response.status_code == NEGOTIATED else "Authorization"
        del response["Content-Language"]
