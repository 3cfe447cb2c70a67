"""Who has an account and who was invited, by state, page by page, and found by name, role or region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from register.access import accounts, grants, invitations
from register.access.accounts import AccountState
from register.access.invitations import InvitationState
from register.audit import Event
from register.web import fields
from register.web.admin_desk.words import MARKS, Mark
from register.web.door import allowed
from register.web.field_shapes import FieldView
from register.web.language import active
from register.web.notes import looked
from register.workflow.roles import Role
from register.workflow.verbs import Verb

PAGE = 25
State = AccountState | InvitationState


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: the accounts, or the invitations, that are in one state."""

    state: State
    label: Promise


LISTINGS: dict[str, Listing] = {
    "actief": Listing(AccountState.ACTIVE, gettext_lazy("Active")),
    "uitgenodigd": Listing(InvitationState.INVITED, gettext_lazy("Invited")),
    "uitnodiging-verlopen": Listing(InvitationState.EXPIRED, gettext_lazy("Invitation expired")),
    "beeindigd": Listing(AccountState.ENDED, gettext_lazy("Ended")),
    "uitgezet": Listing(AccountState.SWITCHED_OFF, gettext_lazy("Switched off")),
}
FIRST = "actief"


@dataclass(frozen=True, slots=True)
class Row:
    """One account, or one invitation, in a list."""

    url: str
    name: str
    username: str
    role: str
    region: str
    service: str
    ends_on: date | None
    mark: Mark
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. It travels in the body of the request: a name never stands in an address."""

    words: str = ""
    role: str = ""
    region: str = ""

    @classmethod
    def sent(cls, post: Mapping[str, str]) -> "Wanted":
        return cls(post.get("words", "").strip(), post.get("role", ""), post.get("region", ""))

    def work(self) -> Q:
        """The condition on role and region; a code that is not on the list finds nothing."""
        condition = Q()
        for column, code in (("role", self.role), ("region_id", self.region)):
            if code:
                condition &= Q(**{column: code}) if code.isprintable() else Q(pk__in=[])
        return condition


@require_safe
@allowed(Verb.MANAGE_USERS)
def home(request: HttpRequest) -> HttpResponse:
    """The accounts that work."""
    return redirect("admin_desk:listing", which=FIRST)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.MANAGE_USERS)
def listing(request: HttpRequest, which: str) -> HttpResponse:
    """One list, page by page, beside the counts of all."""
    if which not in LISTINGS:
        raise Http404
    chosen, now = LISTINGS[which], timezone.now()
    wanted = Wanted.sent(request.POST)
    counts = _counts(request.user, now)
    paginator = Paginator(_found(chosen.state, request.user, wanted, now), PAGE)
    if wanted == Wanted():
        paginator.count = counts[chosen.state]
    page = paginator.get_page(request.POST.get("blad"))
    shown = list(page)
    kind = "user" if isinstance(chosen.state, AccountState) else "invitation"
    looked(request, Event.USER_LIST, [one.pk for one in shown], object_type=kind)
    context = {
        "listing": chosen,
        "here_url": reverse("admin_desk:listing", args=[which]),
        "tabs": [_tab(slug, one, counts, slug == which) for slug, one in LISTINGS.items()],
        "page": page,
        "rows": [_row(one, now) for one in shown],
        "are_invitations": kind == "invitation",
        "filters": _filters(wanted),
        "narrowed": wanted != Wanted(),
    }
    return render(request, "admin_desk/users.html", context)


def _counts(user: Any, now: datetime) -> dict[str, int]:
    return {
        **accounts.counts(accounts.users_for(user), today=timezone.localdate(now)),
        **invitations.counts(invitations.invitations_for(user), now=now),
    }


def _found(state: State, user: Any, wanted: Wanted, now: datetime) -> QuerySet[Any]:
    """The accounts or invitations of a state that were asked for, with what a row shows."""
    rows: QuerySet[Any]
    if isinstance(state, AccountState):
        of_state = accounts.in_state(state, today=timezone.localdate(now))
        rows = accounts.users_for(user).filter(of_state, accounts.named(wanted.words))
    else:
        of_state = invitations.in_state(state, now=now)
        rows = invitations.invitations_for(user).filter(of_state, invitations.named(wanted.words))
    return rows.filter(wanted.work()).select_related("region", "forensic_service").order_by("username", "pk")


def _tab(slug: str, one: Listing, counts: Mapping[str, int], current: bool) -> dict[str, Any]:
    url = reverse("admin_desk:listing", args=[slug])
    return {"url": url, "label": one.label, "count": counts[one.state], "current": current}


def _row(one: Any, now: datetime) -> Row:
    invited = hasattr(one, "sending")
    state: State
    if invited:
        url, name, last_seen = reverse("admin_desk:invitation", args=[one.pk]), one.name, one.expires_at
        state = invitations.state_of(one, now=now)
    else:
        url, name, last_seen = reverse("admin_desk:user", args=[one.pk]), one.display_name, one.last_login
        state = accounts.state_of(one, today=timezone.localdate(now))
    return Row(
        url=url,
        name=name,
        username=one.username,
        role=Role(one.role).label(active()),
        region=one.region.name if one.region else "",
        service=one.forensic_service.name if one.forensic_service else "",
        ends_on=one.ends_on,
        mark=MARKS[state],
        last_seen=last_seen,
    )


def _filters(wanted: Wanted) -> list[FieldView]:
    roles = [(role.value, role.label(active())) for role in Role]
    return [
        fields.plain(
            "words", _("Name, user name or e-mail address"), value=wanted.words, maximum=accounts.LONGEST_SEARCH
        ),
        fields.plain("role", _("Role"), value=wanted.role, widget="select", options=roles, unchosen=_("All")),
        fields.plain(
            "region",
            _("GGD region"),
            value=wanted.region,
            widget="select",
            options=grants.regions(),
            unchosen=_("All"),
        ),
    ]
