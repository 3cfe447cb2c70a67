"""The page that a link in a mail opens: somebody who was invited sees as what, and chooses a password.

The link itself answers with a redirect and nothing else, whatever stands in it: so its secret comes in no log line, no
history of the browser and no address that a page could pass on. What it named waits in the session.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from register.access import invitations
from register.access.errors import ClosedError
from register.audit import Event, acting_as, log_access
from register.web import fields
from register.web.language import active
from register.workflow.roles import Role

IN_SESSION = "invitation"
LONGEST_PASSWORD = 1000


@login_not_required
@csrf_exempt
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep which invitation this is, and go to its page. Any method will do: a refused one would be logged."""
    request.session.pop(IN_SESSION, None)
    named = invitations.read_token(token.rstrip("/"))
    if named is not None:
        request.session[IN_SESSION] = [str(named[0]), named[1]]
    return redirect("admin_desk:accept")


@login_not_required
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Name, role and two boxes for the password; a link that does not work any more gets a page with a way out."""
    if request.user.is_authenticated:
        return render(request, "admin_desk/invitation_signed_in.html")
    try:
        invitation = _invitation(request)
        if request.method != "POST":
            return _page(request, invitation)
        faults = _faults(request)
        return _page(request, invitation, faults) if faults else _open_account(request, invitation)
    except ClosedError:
        return render(request, "admin_desk/invitation_closed.html")


def _invitation(request: HttpRequest) -> Any:
    """The invitation of this session, noted in the access log before anything of it is shown."""
    named = request.session.get(IN_SESSION)
    if named is None:
        raise ClosedError
    with acting_as(invitations.ACTOR):
        found = invitations.waiting(invitation_id=UUID(named[0]), sending=named[1], now=timezone.now())
        log_access(Event.USER_READ, object_type="invitation", objects=[found.pk])
    return found


def _open_account(request: HttpRequest, invitation: Any) -> HttpResponse:
    password = request.POST["password"]
    try:
        with acting_as(invitations.ACTOR):
            user = invitations.accept(
                invitation_id=invitation.pk, sending=invitation.sending, password=password, now=timezone.now()
            )
            log_access(Event.AUTHZ_CHANGE, object_type="user", objects=[user.pk])
    except ValidationError as weak:
        return _page(request, invitation, {"password": _weaknesses(weak)})
    del request.session[IN_SESSION]
    return _enter(request, user.get_username(), password)


def _enter(request: HttpRequest, username: str, password: str) -> HttpResponse:
    """Sign in as everybody does; whatever a first sign-in asks comes after it."""
    person = authenticate(request, username=username, password=password)
    if person is None:
        return redirect("login")
    with acting_as(person):
        login(request, person)
        log_access(Event.LOGIN, object_type="session")
    return redirect("home")


def _weaknesses(weak: ValidationError) -> str:
    """Why a password will not do, in words of the register's own where Django has none in Dutch."""
    told = {"password_too_short": _("This password is too short. Choose at least %(min_length)d characters.")}
    return " ".join(
        told[one.code] % one.params if one.code in told and one.params else " ".join(one.messages)
        for one in weak.error_list
    )


def _faults(request: HttpRequest) -> dict[str, str]:
    """What is wrong with the two boxes, by name."""
    password = request.POST.get("password", "")
    if not password:
        return {"password": _("Choose a password.")}
    if len(password) > LONGEST_PASSWORD or "\0" in password:
        return {"password": _("Choose a password of at most 1000 characters.")}
    if password != request.POST.get("password_again", ""):
        return {"password_again": _("The two passwords differ. Type both again.")}
    return {}


def _page(request: HttpRequest, invitation: Any, faults: dict[str, str] | None = None) -> HttpResponse:
    wrong = faults or {}
    boxes = [
        fields.plain(
            "password",
            _("Password"),
            hint=_("At least 12 characters; a sentence that only you know is good."),
            error=wrong.get("password", ""),
        ),
        fields.plain("password_again", _("The same password again"), error=wrong.get("password_again", "")),
    ]
    facts = [
        {"label": _("Name"), "text": invitation.name},
        {"label": _("User name"), "text": invitation.username},
        {"label": _("Role"), "text": Role(invitation.role).label(active())},
        {"label": _("GGD region"), "text": invitation.region.name if invitation.region else _("The whole country")},
    ]
    context = {"invitation": invitation, "facts": facts, "boxes": boxes, "errors": fields.error_lines(boxes)}
    return render(request, "admin_desk/accept.html", context, status=422 if faults else 200)
