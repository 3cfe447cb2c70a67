"""What the pages share that a link in a mail opens: whose account it is, and two boxes for a password.

The link itself answers with a redirect and nothing else, whatever stands in it: so its secret comes in no log line, no
history of the browser and no address that a page could pass on. What it named waits in the session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from register.access.errors import ClosedError
from register.audit import Event, acting_as, log_access
from register.web import fields
from register.web.admin_desk import passwords
from register.web.language import active
from register.workflow.roles import Role


@dataclass(frozen=True)
class MailedLink:
    """One kind of link: where it leads, who acts, and what it does with a password.

    `waiting` and `store` raise ClosedError when the link does not work any more, `store` a ValidationError when the
    password is too weak.
    """

    kind: str  # what it names, in the access log
    page: str  # the name of the page's address, under which the session keeps what the link named
    template: str
    closed: str  # the template for a link that does not work any more
    actor: str
    read_token: Callable[[str], tuple[UUID, int] | None]
    waiting: Callable[[UUID, int], Any]
    name: Callable[[Any], str]
    store: Callable[[HttpRequest, Any, str], HttpResponse]


def keep(request: HttpRequest, link: MailedLink, token: str) -> HttpResponse:
    """Keep what the link names, and go to its page."""
    request.session.pop(link.page, None)
    named = link.read_token(token.rstrip("/"))
    if named is not None:
        request.session[link.page] = [str(named[0]), named[1]]
    return redirect(link.page)


def choose(request: HttpRequest, link: MailedLink) -> HttpResponse:
    """Name, role and two boxes for the password; a link that does not work any more gets a page with a way out."""
    if request.user.is_authenticated:
        return render(request, "admin_desk/invitation_signed_in.html")
    try:
        account = _account(request, link)
        if request.method != "POST":
            return _page(request, link, account)
        faults = passwords.faults(request)
        return _page(request, link, account, faults) if faults else _store(request, link, account)
    except ClosedError:
        return render(request, link.closed)


def _account(request: HttpRequest, link: MailedLink) -> Any:
    """The account of this session, noted in the access log before anything of it is shown."""
    named = request.session.get(link.page)
    if named is None:
        raise ClosedError
    with acting_as(link.actor):
        found = link.waiting(UUID(named[0]), named[1])
        log_access(Event.USER_READ, object_type=link.kind, objects=[found.pk])
    return found


def _store(request: HttpRequest, link: MailedLink, account: Any) -> HttpResponse:
    try:
        answer = link.store(request, account, request.POST["password"])
    except ValidationError as weak:
        return _page(request, link, account, {"password": passwords.weaknesses(weak)})
    request.session.pop(link.page, None)
    return answer


def _page(request: HttpRequest, link: MailedLink, account: Any, faults: dict[str, str] | None = None) -> HttpResponse:
    boxes = passwords.boxes(faults or {})
    context = {
        "username": account.username,
        "facts": _facts(account, link.name(account)),
        "boxes": boxes,
        "errors": fields.error_lines(boxes),
    }
    return render(request, link.template, context, status=422 if faults else 200)


def _facts(account: Any, name: str) -> list[dict[str, str]]:
    """Whose account it is and what it is for, for the person who chooses its password."""
    return [
        {"label": _("Name"), "text": name},
        {"label": _("User name"), "text": account.username},
        {"label": _("Role"), "text": Role(account.role).label(active())},
        {"label": _("GGD region"), "text": account.region.name if account.region else _("The whole country")},
    ]
