"""My profile: who I am here, what I sign in with, and where I am signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from register.access import factors, organisations, sessions
from register.audit import Event, log_access
from register.web import language
from register.web.account import confirming, organisation, proof
from register.web.account.enrolling import show_recovery_codes
from register.web.sending import for_sending
from register.workflow.roles import Role


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am in the register, my second factors and my sessions."""
    person: Any = request.user
    facts = [
        {"label": _("Name"), "text": person.display_name},
        {"label": _("User name"), "text": person.get_username()},
        {"label": _("Role"), "text": Role(person.role).label(language.active())},
        {"label": _("GGD region"), "text": person.region.name if person.region else _("The whole country")},
        *({"label": _("Signs in by"), "text": name} for name in _organisations_of(person)),
    ]
    own = list(factors.factors_of(person))
    context = {
        "facts": facts,
        "factors": [_factor(factor) for factor in own],
        "may_remove": len(own) > 1,
        "has_app": any(factor.type == factors.APP for factor in own),
        "codes_left": factors.recovery_codes_left(person),
        "sessions": [_session(row, request) for row in sessions.sessions_of(person)],
    }
    return render(request, "account/profile.html", context)


@for_sending
@login_required
def remove_factor(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take one of my factors away; the last one stays."""
    if asked := confirming.ask(request, back=reverse("profile")):
        return asked
    person: Any = request.user
    try:
        removed = factors.remove(person=person, factor_id=factor_id)
    except factors.LastFactorError:
        messages.error(request, _("This is your last second factor. Add another one first."), extra_tags="error")
        return redirect("profile")
    if removed:
        log_access(Event.FACTOR_REMOVED, object_type="session")
        messages.success(request, _("The factor was removed."), extra_tags="done")
    return redirect("profile")


@for_sending
@login_required
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the older ones."""
    if asked := confirming.ask(request, back=reverse("profile")):
        return asked
    log_access(Event.FACTOR_REMOVED, object_type="session")
    return show_recovery_codes(request, after=reverse("profile"))


@for_sending
@login_required
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """End one of my sessions, on this device or another."""
    person: Any = request.user
    if sessions.end_session(person=person, handle=handle):
        log_access(Event.LOGOUT, object_type="session")
        messages.success(request, _("The session was ended."), extra_tags="done")
    return redirect("profile")


@require_safe
@never_cache
@login_not_required
def session_left(request: HttpRequest) -> JsonResponse:
    """For how many seconds this session still lasts, and whose it is. Asking does not make it last longer."""
    if not (request.user.is_authenticated and proof.is_complete(request)):
        return JsonResponse({"seconds": 0})
    return JsonResponse({"seconds": _seconds_left(request), "person": str(request.user.pk)})


@require_safe
@login_required
def session_back(request: HttpRequest) -> HttpResponse:
    """Where a window ends up in which somebody signed in again because another page waits for it."""
    return render(request, "account/session_back.html")


@for_sending
@login_required
def session_stay(request: HttpRequest) -> HttpResponse:
    """The person is still there."""
    request.session[sessions.SEEN] = timezone.now().timestamp()
    return JsonResponse({"seconds": _seconds_left(request), "person": str(request.user.pk)})


def _seconds_left(request: HttpRequest) -> int:
    return int(sessions.left(request.session, now=timezone.now()).total_seconds())


def _factor(factor: Any) -> dict[str, Any]:
    is_app = factor.type == factors.APP
    return {
        "id": factor.pk,
        "name": _("App with numbers") if is_app else factor.wrap().name,
        "kind": "" if is_app else _("Passkey"),
        "added": factor.created_at,
        "used": factor.last_used_at,
    }


def _session(row: Any, request: HttpRequest) -> dict[str, Any]:
    return {
        "handle": sessions.handle_of(row.session_key),
        "agent": row.agent or _("Unknown browser"),
        "begun": row.begun_at,
        "seen": row.seen_at,
        "here": row.session_key == request.session.session_key,
    }


def _organisations_of(person: Any) -> list[str]:
    names = {one["provider_id"]: one["name"] for one in organisation.configured()}
    return [names.get(link.provider, link.provider) for link in organisations.links_of(person)]
