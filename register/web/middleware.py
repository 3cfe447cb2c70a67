"""What every request passes: the language of the page, and the transaction in which the signed-in person acts."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from register.audit import acting_as
from register.audit.context import coming_from
from register.audit.origin import where
from register.web import errors, language, saves
from register.web.notes import Notes

NextStep = Callable[[HttpRequest], HttpResponseBase]
FAILED = 400
MACHINES = "/v1/"


class LanguageMiddleware:
    """Speak the person's language. Stands after authentication, because the person's own choice comes first."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = language.chosen(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class ActorMiddleware:
    """One transaction for each request of a signed-in person, in which that person is the actor.

    An answer of 400 or above leaves nothing behind but the notes in the access log, which are stored in a transaction
    of their own: a page with mistakes also shows the case, and a refusal is always noted. What cannot be noted is not
    shown. Pages for a signed-in person are never cached. A form that is sent again changes nothing and gets the same
    answer (``saves``). Machines have no session: the API notes its own.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        notes = request.notes = Notes()  # type: ignore[attr-defined]
        if request.path.startswith(MACHINES) or not request.user.is_authenticated:
            with coming_from(_place(request)):
                return self.get_response(request)
        try:
            response = self._answer(request, notes)
        except DatabaseError:  # the commit failed, or what must be noted of a refused request could not be
            response = errors.not_logged(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _answer(self, request: HttpRequest, notes: Notes) -> HttpResponseBase:
        person: Any = request.user
        trace, place = uuid4(), _place(request)
        with acting_as(person, trace=trace, where=place):
            response = self.get_response(request)
            undone = saves.repeated(request) or (response.status_code >= FAILED and not saves.kept(request))
            if undone:
                transaction.set_rollback(True)
            else:
                saves.remember(request, response)
        if undone:
            with acting_as(person, trace=trace, where=place):
                notes.store_again(request, response.status_code)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Claim the key of the form before the view changes anything."""
        return saves.claim(request, kwargs) if request.user.is_authenticated else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal, a stale page and a hidden case have pages of their own."""
        return errors.page_for(request, exception)


def _place(request: HttpRequest) -> Any:
    return where(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded=request.headers.get("X-Forwarded-For", ""),
        agent=request.headers.get("User-Agent", ""),
        session=request.session.session_key or "",
    )
