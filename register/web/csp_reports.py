"""Where a browser reports what the content policy stopped. Only the kind of it is noted, nothing of the page or person.

A report holds addresses, which may hold what somebody typed; so the line in the log names the directive, whether the
blocked thing came from here or elsewhere, and the name of the page in the register's own list.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

log = logging.getLogger(__name__)

DIRECTIVES = frozenset(
    {
        "base-uri",
        "connect-src",
        "default-src",
        "font-src",
        "form-action",
        "frame-ancestors",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
        "worker-src",
    }
)
KEYWORDS = frozenset({"inline", "eval", "wasm-eval", "data", "blob", "self"})
LARGEST = 16 * 1024
NOTED = 204


@login_not_required
@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """204, also for what is no report: a browser does nothing with the answer."""
    found = _report_in(request)
    if found is not None:
        directive = str(found.get("effective-directive") or found.get("violated-directive") or "").split(" ")[0]
        log.warning(
            "content policy: %s stopped %s on page %s",
            directive if directive in DIRECTIVES else "unknown directive",
            _source(str(found.get("blocked-uri", ""))),
            _page(str(found.get("document-uri", ""))),
        )
    return HttpResponse(status=NOTED)


def _report_in(request: HttpRequest) -> Mapping[str, Any] | None:
    try:
        body = request.body
        found = json.loads(body) if len(body) <= LARGEST else None
    except (ValueError, RecursionError, RawPostDataException):  # the last: a form, which was read as one already
        return None
    report = found.get("csp-report") if isinstance(found, dict) else None
    return report if isinstance(report, dict) else None


def _source(blocked: str) -> str:
    """What was blocked, in one word."""
    return blocked if blocked in KEYWORDS else "an address"


def _page(address: str) -> str:
    """The name of the page, never its address."""
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return "unknown"
