"""Adding a second factor: the first one before anything else, more of them from the profile."""

import base64
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

import qrcode
from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from qrcode.image.svg import SvgPathFillImage

from register.access import factors, seeds
from register.audit import Event, log_access
from register.web import fields
from register.web.account import checking, confirming, destination, passkeys, proof
from register.web.account.middleware import before_second_factor

View = Callable[[HttpRequest], HttpResponse]
OFFERED = "offered_seed"


def adding(view: View) -> View:
    """A page that adds a factor: to nobody's account but one's own, and not on the word of a password alone.

    Without a factor the password is all there is; whoever has one gives it first, and once more when it is long ago.
    """

    @wraps(view)
    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @login_required
    def checked(request: HttpRequest) -> HttpResponse:
        person: Any = request.user
        if proof.is_complete(request):
            return confirming.ask(request) or view(request)
        return redirect("second_step") if factors.kinds_of(person) else view(request)

    return before_second_factor(sensitive_post_parameters()(checked))


@adding
def add_app(request: HttpRequest) -> HttpResponse:
    """An app that counts time: a code to scan, and the first number it gives."""
    person: Any = request.user
    if factors.APP in factors.kinds_of(person):
        return redirect("profile")
    seed = _offered(request)
    if request.method != "POST":
        return _app_page(request, seed)
    if not factors.add_app(person=person, seed=seed, code=request.POST.get("code", "")):
        return _app_page(request, seed, _("This is not the number that the app shows now. Type the newest one."))
    del request.session[OFFERED]
    return _added(request, factors.APP)


@adding
def add_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey: the fingerprint or face of a device, or a key of its own."""
    person: Any = request.user
    if request.method != "POST":
        return _passkey_page(request)
    name = request.POST.get("name", "").strip() or _("Passkey")
    if not passkeys.add(person, request.POST.get(checking.CREDENTIAL, ""), name=name):
        return _passkey_page(request, _("The passkey was not made. Try again, or use an app."))
    return _added(request, factors.PASSKEY)


def show_recovery_codes(request: HttpRequest, *, after: str) -> HttpResponse:
    """Make new recovery codes and show them: now, on this page, and never again."""
    person: Any = request.user
    context = {"codes": factors.new_recovery_codes(person=person), "next": after, "here": after}
    return render(request, "account/recovery_codes.html", context)


def _added(request: HttpRequest, kind: str) -> HttpResponse:
    """The session now rests on the new factor; the first one brings recovery codes along."""
    person: Any = request.user
    log_access(Event.FACTOR_ADDED, object_type="session")
    proof.record(request, person, proof.SECOND_FACTOR, type=str(kind))
    request.session.cycle_key()
    if not factors.recovery_codes_left(person):
        return show_recovery_codes(request, after=destination.wanted(request) or reverse("home"))
    messages.success(request, _("The factor was added."), extra_tags="done")
    return redirect(destination.wanted(request) or "profile")


def _offered(request: HttpRequest) -> str:
    """The seed this session was offered; it stays the same until it is taken, and is sealed where it lies."""
    if OFFERED not in request.session:
        request.session[OFFERED] = seeds.seal(factors.new_seed())
    return seeds.unseal(request.session[OFFERED])


def _app_page(request: HttpRequest, seed: str, problem: str = "") -> HttpResponse:
    code = fields.plain("code", _("Number from the app"), error=problem)
    context = {
        "code": code,
        "errors": fields.error_lines([code]),
        "next": destination.wanted(request),
        "picture": _picture(get_adapter().build_totp_url(request.user, seed)),
        "seed": " ".join(seed[at : at + 4] for at in range(0, len(seed), 4)),
        "first": not proof.is_complete(request),
    }
    return render(request, "account/add_app.html", context, status=422 if problem else 200)


def _passkey_page(request: HttpRequest, problem: str = "") -> HttpResponse:
    name = fields.plain("name", _("Name of the passkey"), value=request.POST.get("name", ""), error=problem)
    context = {
        "name": name,
        "errors": fields.error_lines([name]),
        "next": destination.wanted(request),
        "question": passkeys.question_for_new(request.user),
        "first": not proof.is_complete(request),
    }
    return render(request, "account/add_passkey.html", context, status=422 if problem else 200)


def _picture(text: str) -> str:
    """A square to scan, on white in every theme, as an address of its own content."""
    drawn = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
