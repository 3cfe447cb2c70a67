"""The review of access as a page: who has what since when, by whom, and what needs attention."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.access import accounts, review
from register.access.accounts import AccountState
from register.access.review import Holding
from register.audit import Event
from register.web.admin_desk.words import MARKS
from register.web.door import allowed
from register.web.language import active
from register.web.notes import looked
from register.workflow.roles import Role
from register.workflow.verbs import Verb

PAGE = 50


@require_safe
@allowed(Verb.MANAGE_USERS)
def index(request: HttpRequest) -> HttpResponse:
    """Every account that is not switched off, page by page."""
    now = timezone.now()
    users = accounts.users_for(request.user).filter(is_active=True).select_related("region", "forensic_service")
    page = Paginator(users.order_by("username", "pk"), PAGE).get_page(request.GET.get("blad"))
    found = review.holdings(page, today=timezone.localdate(now), now=now)
    looked(request, Event.USER_LIST, [one.user.pk for one in found], object_type="user")
    return render(request, "admin_desk/review.html", {"page": page, "rows": [_row(one) for one in found]})


def _row(one: Holding) -> dict[str, Any]:
    return {
        "user": one.user,
        "role": Role(one.user.role).label(active()),
        "mark": MARKS[one.state],
        "since": one.since,
        "granted_by": one.granted_by.display_name if one.granted_by else _("the operator"),
        "attention": _attention(one),
    }


def _attention(one: Holding) -> str:
    if one.state is AccountState.ENDED:
        return _("end date passed")
    return _("not used for 90 days") if one.unused else ""
