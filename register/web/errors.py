"""The pages that say no, each with a sentence and a way out, in both languages."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from register.casework.errors import NotFoundError, RefusedError, StaleError
from register.web import notes
from register.web.language import active

# Form fields that carry no answer of the person.
SILENT = frozenset(
    {
        *("csrfmiddlewaretoken", "version", "next", "password", "code"),
        *("confirm_password", "confirm_code", "confirm_credential"),
    }
)


def page_for(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for an expected exception, or None when it is a fault of ours."""
    match exception:
        case RefusedError():
            notes.refused(request, _case_in(request))
            return refused(request, exception)
        case StaleError():
            return stale(request, exception)
        case NotFoundError():
            notes.refused(request, _case_in(request))
            return not_found(request)
        case _:
            return None


def refused(request: HttpRequest, refusal: RefusedError) -> HttpResponse:
    """403: what the person tried is not allowed, with the sentence that says why."""
    return render(request, "errors/refused.html", {"refusal": refusal}, status=403)


def stale(request: HttpRequest, error: StaleError) -> HttpResponse:
    """409: somebody else changed the case in the meantime; what the person typed stands on the page."""
    return render(request, "errors/stale.html", {"error": error, "typed": _typed(request.POST)}, status=409)


def signed_out(request: HttpRequest, way: str) -> HttpResponse:
    """403: nobody is signed in (any more), or not yet in full; what the person typed stands on the page."""
    return render(request, "account/signed_out.html", {"typed": _typed(request.POST), "way": way}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: unknown, or hidden from this person; the page does not tell which."""
    return render(request, "errors/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 without a sentence of the register's own."""
    return render(request, "errors/refused.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent what no page of the register sends."""
    return render(request, "errors/bad_request.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was too old or came from elsewhere; what the person typed stands on the page."""
    return render(request, "errors/csrf.html", {"typed": _typed(request.POST)}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. The page needs no database and no person."""
    context = {"language": active(), "title": _("Something went wrong")}
    return HttpResponse(loader.get_template("errors/server_error.html").render(context), status=500)


def _typed(post: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values of the form that was sent, for copying."""
    pairs = ((name, "; ".join(post.getlist(name))) for name in post if name not in SILENT)  # type: ignore[attr-defined]
    return [(name, value) for name, value in pairs if value.strip()]


def _case_in(request: HttpRequest) -> tuple[Any, ...]:
    match = request.resolver_match
    case_id = match.kwargs.get("case_id") if match else None
    return (case_id,) if case_id else ()
