"""The page that a link in a mail opens for somebody who lost what they sign in with: they choose another password.

Like the link of an invitation this one answers with a redirect and nothing else, and what it named waits in the
session. A second factor is set up after signing in, as by everybody who has none.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from register.access import new_start
from register.access.errors import ClosedError
from register.audit import Event, acting_as, log_access
from register.web import fields
from register.web.admin_desk import passwords
from register.web.admin_desk.accepting import facts_of

IN_SESSION = "new_start"


@login_not_required
@csrf_exempt
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep whose link this is, and go to the page. Any method will do: a refused one would be logged."""
    request.session.pop(IN_SESSION, None)
    named = new_start.read_token(token.rstrip("/"))
    if named is not None:
        request.session[IN_SESSION] = [str(named[0]), named[1]]
    return redirect("admin_desk:new_start")


@login_not_required
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Name, role and two boxes for the password; a link that does not work any more gets a page with a way out."""
    if request.user.is_authenticated:
        return render(request, "admin_desk/invitation_signed_in.html")
    try:
        user = _person(request)
        if request.method != "POST":
            return _page(request, user)
        faults = passwords.faults(request)
        return _page(request, user, faults) if faults else _store(request, user)
    except ClosedError:
        return render(request, "admin_desk/new_start_closed.html")


def _person(request: HttpRequest) -> Any:
    """The person of this session, noted in the access log before anything of them is shown."""
    named = request.session.get(IN_SESSION)
    if named is None:
        raise ClosedError
    with acting_as(new_start.ACTOR):
        found = new_start.waiting(user_id=UUID(named[0]), epoch=named[1])
        log_access(Event.USER_READ, object_type="user", objects=[found.pk])
    return found


def _store(request: HttpRequest, user: Any) -> HttpResponse:
    try:
        new_start.choose(user_id=user.pk, epoch=user.session_epoch, password=request.POST["password"])
    except ValidationError as weak:
        return _page(request, user, {"password": passwords.weaknesses(weak)})
    del request.session[IN_SESSION]
    messages.success(request, _("Your password is stored. Sign in with it."), extra_tags="done")
    return redirect("login")


def _page(request: HttpRequest, user: Any, faults: dict[str, str] | None = None) -> HttpResponse:
    boxes = passwords.boxes(faults or {})
    context = {
        "username": user.username,
        "facts": facts_of(user, user.display_name),
        "boxes": boxes,
        "errors": fields.error_lines(boxes),
    }
    return render(request, "admin_desk/new_start.html", context, status=422 if faults else 200)
