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
from register.web.admin_desk import passwords
from register.web.language import active
from register.workflow.roles import Role

IN_SESSION = "invitation"


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
        faults = passwords.faults(request)
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
        return _page(request, invitation, {"password": passwords.weaknesses(weak)})
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


def _page(request: HttpRequest, invitation: Any, faults: dict[str, str] | None = None) -> HttpResponse:
    boxes = passwords.boxes(faults or {})
    context = {
        "username": invitation.username,
        "facts": facts_of(invitation, invitation.name),
        "boxes": boxes,
        "errors": fields.error_lines(boxes),
    }
    return render(request, "admin_desk/accept.html", context, status=422 if faults else 200)


def facts_of(account: Any, name: str) -> list[dict[str, str]]:
    """Whose account it is and what it is for, for the person who chooses its password."""
    return [
        {"label": _("Name"), "text": name},
        {"label": _("User name"), "text": account.username},
        {"label": _("Role"), "text": Role(account.role).label(active())},
        {"label": _("GGD region"), "text": account.region.name if account.region else _("The whole country")},
    ]
