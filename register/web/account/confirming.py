"""Asking once more who it is, before something weighty: what was being sent waits on the page that asks."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from register.access import factors
from register.web import fields
from register.web.account import checking, destination, passkeys, proof
from register.web.sending import way_back

NOT_KEPT = frozenset({"csrfmiddlewaretoken", *checking.FIELDS})


def ask(request: HttpRequest, *, back: str = "") -> HttpResponse | None:
    """None when the person proved who they are at most ten minutes ago; else the page that asks for it.

    The page holds what the form sent and sends it again, with the proof, to the same address: nothing typed is lost,
    with or without a script. The door has looked at a proof before the view asks here. ``back`` is the page that held
    the form, where the address itself only takes one.
    """
    if proof.is_fresh(request, now=timezone.now()):
        return None
    if request.method != "POST":
        return redirect(f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")
    kept = [(name, value) for name in request.POST if name not in NOT_KEPT for value in request.POST.getlist(name)]
    return _page(request, action=request.get_full_path(), kept=kept, back=back, status=403)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """The same question before a page that is only looked at."""
    if proof.is_fresh(request, now=timezone.now()):
        return redirect(destination.wanted(request) or reverse("home"))
    return _page(request, action=reverse("confirm"), kept=[("next", destination.wanted(request))])


def _page(
    request: HttpRequest, *, action: str, kept: list[tuple[str, str]], back: str = "", status: int = 200
) -> HttpResponse:
    person: Any = request.user
    kinds, problem = factors.kinds_of(person), request.proof_problem  # type: ignore[attr-defined]
    at_code = factors.APP in kinds and not request.POST.get(checking.PASSWORD)
    password = fields.plain(checking.PASSWORD, _("Password"), error="" if at_code else problem)
    code = fields.plain(checking.CODE, _("Code"), error=problem if at_code else "")
    context = {
        "here": back or way_back(request),
        "action": action,
        "kept": kept,
        "code": code if factors.APP in kinds else None,
        "password": password if person.has_usable_password() else None,
        "question": passkeys.question_for(person) if factors.PASSKEY in kinds else "",
        "errors": fields.error_lines([code, password]),
    }
    return render(request, "account/confirm.html", context, status=422 if problem else status)
