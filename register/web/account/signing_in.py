"""Signing in: name and password, then a second factor; and signing out."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from register.access import factors
from register.audit import Event, log_access
from register.web import fields, language, saves
from register.web.account import checking, destination, organisation, passkeys, personas, proof
from register.web.account.adapters import SecondStep
from register.web.account.middleware import before_second_factor
from register.web.sending import for_sending
from register.workflow.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; one sentence for every way in which they do not fit."""
    if request.method != "POST":
        return _sign_in_page(request)
    person = checking.person_with(request, request.POST.get("username", ""), request.POST.get("password", ""))
    if person is None:
        # Of somebody who is signed in the request is rolled back: the try counts and stays noted all the same.
        saves.keep(request, 0)
        return _sign_in_page(request, wrong=True)
    _leave_the_former(request)
    return perform_password_login(request, {}, Login(user=person, redirect_url=_after(request)))


@for_sending
@login_not_required
def sign_in_as_persona(request: HttpRequest) -> HttpResponse:
    """Sign in as a made-up person; unknown outside a demonstration."""
    person = personas.named(request.POST.get("persona", "")) if settings.DEMO else None
    if person is None:
        raise Http404
    _leave_the_former(request)
    proof.record(request, person, proof.DEMO)
    get_adapter(request).login(request, person)
    response = redirect(_after(request))
    language.remember(request, response, language.COOKIE, person.language)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@login_not_required
@before_second_factor
def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor, after the password; also for a session that began without one."""
    stage = LoginStageController.enter(request, SecondStep.key)
    person: Any = request.user if request.user.is_authenticated else stage and stage.login.user
    if not person or (request.user.is_authenticated and not factors.kinds_of(person)):
        return redirect("login")
    if request.user.is_authenticated and proof.is_complete(request):
        return redirect(_after(request))
    if request.method == "POST" and not request.user.is_authenticated:
        if checking.gives_factor(request, person):
            return stage.exit()
        checking.note_failure(person)
        return _second_step_page(request, person, checking.wrong(request))
    return _second_step_page(request, person, request.proof_problem)  # type: ignore[attr-defined]


@for_sending
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and ask the browser to forget what it kept."""
    if request.user.is_authenticated:
        log_access(Event.LOGOUT, object_type="session")
    logout(request)
    response = redirect("login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _leave_the_former(request: HttpRequest) -> None:
    """Somebody else may have been signed in here; nothing of theirs goes along."""
    if request.user.is_authenticated:
        logout(request)


def _after(request: HttpRequest) -> str:
    return destination.wanted(request) or reverse("home")


def _second_step_page(request: HttpRequest, person: Any, problem: str) -> HttpResponse:
    code = fields.plain("confirm_code", _("Code"), error=problem)
    kinds = factors.kinds_of(person)
    context = {
        "code": code,
        "errors": fields.error_lines([code]),
        "next": destination.wanted(request),
        "has_app": factors.APP in kinds,
        "question": passkeys.question_for(person) if factors.PASSKEY in kinds else "",
    }
    return render(request, "account/second_step.html", context, status=422 if problem else 200)


def _sign_in_page(request: HttpRequest, *, wrong: bool = False) -> HttpResponse:
    name = fields.plain("username", _("User name"), value=request.POST.get("username", ""))
    if wrong:
        name = fields.with_error(name, _("This user name and password do not go together. Check both and try again."))
    context = {
        "username": name,
        "errors": fields.error_lines([name]),
        "next": destination.wanted(request),
        "organisations": organisation.choices(),
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
