"""The life of a session, and the door that is shut until somebody gave two factors."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from register.access import factors, sessions
from register.web import errors, notes
from register.web.account import checking, proof
from register.web.account.agents import browser_of

NextStep = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., Any]
# Writing the session at every request would cost more than this precision is worth.
TOUCH_AFTER = 30  # seconds
# How long the session still lasts, and who else has a case open.
BY_ITSELF = frozenset({"session_left", "register_desk:beat"})


def before_second_factor(view: View) -> View:
    """Mark a page that somebody reaches who gave a password and no second factor yet."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


class SessionLifeMiddleware:
    """A session ends when nobody used it, after half a day, and with the account or its role (its hash holds both).

    Stands after authentication and before everything that asks who is there.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            _tend(request)
        return self.get_response(request)


class DoorMiddleware:
    """Every page is shut but for those marked ``login_not_required``, until the session gave two factors.

    A page with ``opens_to_anybody`` says by itself when it is open to who is not signed in; who is signed in gives two
    factors there too.

    A proof that a form brings along is looked at here, before the transaction of the request begins: a try counts and
    a used code stays used, also when the request is rolled back. The machine interface has tokens of its own.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        problem = ""
        if request.method == "POST" and request.user.is_authenticated and checking.offered(request):
            problem = checking.confirm(request)
        request.proof_problem = problem  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None when the door is open."""
        if not getattr(view, "login_required", True) or _is_for_machines(request):
            return None
        for_scripts = getattr(view, "signed_out", None)
        if not request.user.is_authenticated:
            if (opens := getattr(view, "opens_to_anybody", None)) and opens():
                return None
            return for_scripts() if for_scripts else _to(request, redirect_to_login(request.get_full_path()))
        if proof.is_complete(request) or hasattr(view, "before_second_factor"):
            return None
        notes.refused(request, "second_factor")
        if for_scripts:
            return for_scripts()
        step = "second_step" if factors.kinds_of(request.user) else "enrol"
        return _to(request, redirect(f"{reverse(step)}?{urlencode({'next': request.get_full_path()})}"))


def _to(request: HttpRequest, way: HttpResponse) -> HttpResponse:
    """The way to sign in; a form that was sent is shown first, so that nothing typed is lost."""
    if request.method in ("GET", "HEAD"):
        return way
    return errors.signed_out(request, way.headers["Location"])


def _is_for_machines(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "api" in match.app_names


def _tend(request: HttpRequest) -> None:
    session, now = request.session, time.time()
    if not request.user.is_authenticated:
        session.flush()
        return
    if now - session.setdefault(sessions.BEGUN, now) > settings.SESSION_ABSOLUTE_AGE:
        logout(request)
        return
    _touch(request, now)


def _touch(request: HttpRequest, now: float) -> None:
    """Being used keeps a session; what a page asks by itself does not."""
    session = request.session
    fresh = now - session.get(sessions.SEEN, 0) < TOUCH_AFTER
    if sessions.SEEN in session and (fresh or _by_itself(request)):
        return
    session[sessions.SEEN] = now
    session[sessions.AGENT] = browser_of(request.headers.get("User-Agent", ""))


def _by_itself(request: HttpRequest) -> bool:
    """Whether a page asked this while nobody touched it."""
    try:
        return resolve(request.path).view_name in BY_ITSELF
    except Resolver404:
        return False
