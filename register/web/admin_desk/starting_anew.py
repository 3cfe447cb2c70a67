"""The page for somebody who lost what they sign in with: they choose another password.

A second factor is set up after signing in, as by everybody who has none.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from register.access import new_start
from register.web.admin_desk import mailed_links
from register.web.admin_desk.mailed_links import MailedLink


@login_not_required
@csrf_exempt
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep whose link this is, and go to the page. Any method will do: a refused one would be logged."""
    return mailed_links.keep(request, LINK, token)


@login_not_required
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Name, role and two boxes for the password; then they sign in with it."""
    return mailed_links.choose(request, LINK)


def _store(request: HttpRequest, user: Any, password: str) -> HttpResponse:
    new_start.choose(user_id=user.pk, epoch=user.session_epoch, password=password)
    messages.success(request, _("Your password is stored. Sign in with it."), extra_tags="done")
    return redirect("login")


LINK = MailedLink(
    kind="user",
    page="admin_desk:new_start",
    template="admin_desk/new_start.html",
    closed="admin_desk/new_start_closed.html",
    actor=new_start.ACTOR,
    read_token=new_start.read_token,
    waiting=lambda key, number: new_start.waiting(user_id=key, epoch=number),
    name=lambda user: user.display_name,
    store=_store,
)
