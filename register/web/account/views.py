"""Signing in and out, and what a person chooses for themselves: language and theme."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from register.audit import Event, acting_as, log_access
from register.web import desks, fields, language, menu
from register.web.account import personas
from register.workflow.roles import Role

A_YEAR = 365 * 24 * 60 * 60


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first desk of the person's role; a page that says so when the role has none."""
    desk = menu.home_of(request.user.role, desks.MENU)  # type: ignore[union-attr]
    return redirect(desk) if desk else render(request, "account/no_desk.html")


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; one sentence for every way in which they do not fit."""
    if request.method != "POST":
        return _sign_in_page(request)
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    person = authenticate(request, username=username, password=password) if username.isprintable() else None
    if person is None:
        return _sign_in_page(request, wrong=True)
    return _enter(request, person)


@require_POST
def sign_in_as_persona(request: HttpRequest) -> HttpResponse:
    """Sign in as a made-up person; unknown outside a demonstration."""
    person = personas.named(request.POST.get("persona", "")) if settings.DEMO else None
    if person is None:
        raise Http404
    return _enter(request, person)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and ask the browser to forget what it kept."""
    if request.user.is_authenticated:
        log_access(Event.LOGOUT, object_type="session")
    logout(request)
    response = redirect("login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Dutch or English, kept with the person and in a cookie for the page before signing in."""
    return _keep(request, "language", language.COOKIE, language.LANGUAGES)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Day or night, kept with the person and in a cookie for the page before signing in."""
    return _keep(request, "theme", language.THEME_COOKIE, language.THEMES)


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am in the register."""
    person: Any = request.user
    facts = [
        {"label": _("Name"), "text": person.display_name},
        {"label": _("User name"), "text": person.get_username()},
        {"label": _("Role"), "text": Role(person.role).label(language.active())},
        {"label": _("GGD region"), "text": person.region.name if person.region else _("The whole country")},
    ]
    return render(request, "account/profile.html", {"facts": facts})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Where help is, and what people ask most."""
    return render(request, "account/help.html")


def _sign_in_page(request: HttpRequest, *, wrong: bool = False) -> HttpResponse:
    name = fields.plain("username", _("User name"), value=request.POST.get("username", ""))
    if wrong:
        name = fields.with_error(name, _("This user name and password do not go together. Check both and try again."))
    context = {
        "username": name,
        "errors": fields.error_lines([name]),
        "next": _next(request),
        "personas": _persona_buttons() if settings.DEMO else [],
    }
    return render(request, "account/sign_in.html", context, status=422 if wrong else 200)


def _persona_buttons() -> list[dict[str, str]]:
    return [
        {
            "username": person.get_username(),
            "role": Role(person.role).label(language.active()),
            "region": person.region.name if person.region else "",
        }
        for person in personas.present()
    ]


def _enter(request: HttpRequest, person: Any) -> HttpResponse:
    with acting_as(person):
        login(request, person)
        log_access(Event.LOGIN, object_type="session")
    response = HttpResponseRedirect(_next(request) or reverse("home"))
    _cookie(request, response, language.COOKIE, person.language)
    return response


def _keep(request: HttpRequest, name: str, cookie: str, allowed: tuple[str, ...]) -> HttpResponse:
    value = request.POST.get(name, "")
    response = HttpResponseRedirect(_next(request) or reverse("home"))
    if value in allowed:
        if request.user.is_authenticated:
            setattr(request.user, name, value)
            request.user.save(update_fields=[name])
        _cookie(request, response, cookie, value)
    return response


def _cookie(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


def _next(request: HttpRequest) -> str:
    """Where the person was going, when that is a page of this register."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""
