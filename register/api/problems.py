"""Errors as ``application/problem+json`` (RFC 9457), in Dutch or English, with every fault at once."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request
from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated, Throttled

from register.api.sentences import DETAILS, TITLES, Sentence

MEDIA_TYPE = "application/problem+json"
UNAUTHORISED = "invalid_token"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request, at the query parameter where it can be mended."""

    parameter: str
    sentence: Sentence


class BadRequestError(APIException):
    """400: the request has faults; all of them are told."""

    status_code = 400

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.sentence.en for fault in faults))
        self.faults = tuple(faults)


class PreconditionFailedError(APIException):
    """412: what is here now is not what the client asked for with If-Match."""

    status_code = 412


class NotReadyError(APIException):
    """409: what was asked for cannot be made yet, for the reason that is given."""

    status_code = 409

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason.en)
        self.reason = reason


class GoneError(APIException):
    """410: the release was retracted, for the reason that is given."""

    status_code = 410

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def problem_response(exception: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The answer to a refused request; None when the exception is a fault of ours and must be logged."""
    request = context["request"]
    match exception:
        case BadRequestError(faults=faults):
            return problem(request, 400, faults=faults)
        case NotReadyError(reason=why):
            return problem(request, 409, more=why)
        case GoneError(reason=reason):
            return problem(request, 410, more=Sentence(reason, reason))
        case NotAuthenticated() | AuthenticationFailed():
            response = problem(request, 401)
            response["WWW-Authenticate"] = 'Bearer realm="register"'
            return response
        case Throttled():
            response = problem(request, 429)
            response["Retry-After"] = str(math.ceil(getattr(exception, "wait", None) or 1))
            return response
        case Http404():
            return problem(request, 404)
        case PermissionDenied():
            return problem(request, 403)
        case APIException(status_code=status):
            return problem(request, status)
        case _:
            return None


def problem(
    request: HttpRequest, status: int, *, faults: Sequence[Fault] = (), more: Sentence | None = None
) -> HttpResponse:
    """One problem document. ``more`` is added to the detail of this status."""
    language = language_of(request)
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400]).in_(language)
    detail = DETAILS.get(status, DETAILS[500 if status >= 500 else 400]).in_(language)
    body: dict[str, Any] = {
        "type": "about:blank",
        "status": status,
        "title": title,
        "detail": f"{detail} {more.in_(language)}" if more else detail,
    }
    if faults:
        body["errors"] = [{"parameter": fault.parameter, "detail": fault.sentence.in_(language)} for fault in faults]
    response = HttpResponse(json.dumps(body, ensure_ascii=False).encode(), content_type=MEDIA_TYPE, status=status)
    response["Content-Language"] = language
    response["Vary"] = "Accept-Language"
    response["Cache-Control"] = "no-store"
    return response


def language_of(request: HttpRequest) -> str:
    """``nl`` or ``en`` by the Accept-Language header; Dutch when it names neither."""
    language = get_language_from_request(getattr(request, "_request", request))
    return "en" if language.startswith("en") else "nl"
