"""The page of an invitation: somebody sees as what they were invited, chooses a password and is signed in."""

from typing import Any

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from register.access import invitations
from register.audit import Event, acting_as, log_access
from register.web.admin_desk import mailed_links
from register.web.admin_desk.mailed_links import MailedLink


@login_not_required
@csrf_exempt
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep which invitation this is, and go to its page. Any method will do: a refused one would be logged."""
    return mailed_links.keep(request, LINK, token)


@login_not_required
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Name, role and two boxes for the password; then the account is open."""
    return mailed_links.choose(request, LINK)


def _open_account(request: HttpRequest, invitation: Any, password: str) -> HttpResponse:
    with acting_as(invitations.ACTOR):
        user = invitations.accept(
            invitation_id=invitation.pk, sending=invitation.sending, password=password, now=timezone.now()
        )
        log_access(Event.AUTHZ_CHANGE, object_type="user", objects=[user.pk])
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


LINK = MailedLink(
    kind="invitation",
    page="admin_desk:accept",
    template="admin_desk/accept.html",
    closed="admin_desk/invitation_closed.html",
    actor=invitations.ACTOR,
    read_token=invitations.read_token,
    waiting=lambda key, number: invitations.waiting(invitation_id=key, sending=number, now=timezone.now()),
    name=lambda invitation: invitation.name,
    store=_open_account,
)
