"""The pages that say no, each with a sentence and a way out, in both languages."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from register.access.emergency import OverError
from register.audit import NotLoggedError
from register.casework.errors import ConflictError, NotFoundError, RefusedError, StaleError
from register.web import notes
from register.web.language import active

# Form fields that carry no answer of the person.
SILENT = frozenset(
    {
        *("csrfmiddlewaretoken", "version", "save_id", "shown_warnings", "next", "do"),
        *("password", "password_again", "code", "confirm_password", "confirm_code", "confirm_credential"),
    }
)
RETRY_AFTER = 60  # seconds


def page_for(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for an expected exception, or None when it is a fault of ours."""
    match exception:
        case RefusedError():
            notes.refused(request, exception.code)
            return refused(request, exception)
        case StaleError() | ConflictError():
            return stale(request, exception)
        case NotFoundError():
            notes.refused(request, "not_found")
            return not_found(request)
        case OverError():
            notes.refused(request, exception.code)
            return emergency_over(request, exception)
        case DataError():
            return unstorable(request)
        case NotLoggedError():
            return not_logged(request)
        case _:
            return None


def refused(request: HttpRequest, refusal: RefusedError) -> HttpResponse:
    """403: what the person tried is not allowed, with the sentence that says why and what they typed."""
    return render(request, "errors/refused.html", {"refusal": refusal, "typed": _typed(request.POST)}, status=403)


def stale(request: HttpRequest, error: StaleError | ConflictError) -> HttpResponse:
    """409: somebody else changed the case in the meantime; what the person typed stands on the page."""
    return render(request, "errors/stale.html", {"error": error, "typed": _typed(request.POST)}, status=409)


def signed_out(request: HttpRequest, way: str) -> HttpResponse:
    """403: nobody is signed in (any more), or not yet in full; what the person typed stands on the page."""
    return render(request, "account/signed_out.html", {"typed": _typed(request.POST), "way": way}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown, or hidden from this person; the page does not tell which."""
    # The address was typed or made up, so the page does not repeat it, not even as the way back after a choice.
    return render(request, "errors/not_found.html", {"here": reverse("home")}, status=404)


def emergency_over(request: HttpRequest, error: OverError) -> HttpResponse:
    """403: the emergency access to this case is over, and the way to ask anew."""
    request.emergency = None  # type: ignore[attr-defined]
    context = {
        "access": error.access,
        "past": error.access.is_over(timezone.now()),
        "here": reverse("home"),
        "typed": _typed(request.POST),
    }
    return render(request, "emergency/over.html", context, status=403)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without a sentence of the register's own."""
    return render(request, "errors/refused.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent what no page of the register sends; sometimes before anybody asked who it is."""
    if not hasattr(request, "user"):
        request.user = AnonymousUser()
    return render(request, "errors/bad_request.html", status=400)


def unstorable(request: HttpRequest) -> HttpResponse | None:
    """400: what was typed holds a character that no database stores; any other fault of data is a fault of ours."""
    typed = _typed(request.POST)
    if not any("\x00" in value for _, value in typed):
        return None
    return render(request, "errors/bad_request.html", {"invisible": True, "typed": typed}, status=400)


def other_form(request: HttpRequest) -> HttpResponse:
    """400: the key of this form was used for another one; what the person typed stands on the page."""
    return render(request, "errors/other_form.html", {"typed": _typed(request.POST)}, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was too old or came from elsewhere; what the person typed stands on the page."""
    notes.refused(request, "csrf")
    return render(request, "errors/csrf.html", {"typed": _typed(request.POST)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. The page needs no database and no person."""
    context = {"language": active(), "title": _("Something went wrong")}
    return HttpResponse(loader.get_template("errors/server_error.html").render(context), status=500)


def not_logged(request: HttpRequest) -> HttpResponse:
    """503: who looks cannot be noted now, so nothing is shown and nothing is saved. The page needs no database."""
    context = {"language": active(), "title": _("Not available for a moment"), "typed": _typed(request.POST)}
    response = HttpResponse(loader.get_template("errors/not_logged.html").render(context), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def _typed(post: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values of the form that was sent, for copying."""
    pairs = ((name, "; ".join(post.getlist(name))) for name in post if _said(name))  # type: ignore[attr-defined]
    return [(name, value) for name, value in pairs if value.strip()]


def _said(name: str) -> bool:
    return name not in SILENT and not name.startswith(("seen.", "keep."))
