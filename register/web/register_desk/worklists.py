"""The worklists: which cases wait, for whom, in which order. Every open case stands in at least one of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.access import cases_for, pairs_for
from register.casework import panel, saved_lists
from register.casework.desk import naming, with_suspicions
from register.workflow.case_transitions import LOCKED, OPEN, CaseState

PAGE = 25
# The farthest page: who needs more narrows the list, and no page counts its way past thousands of cases.
FARTHEST = 100
AT_THE_REGISTER = OPEN - {CaseState.DRAFT}

Which = Callable[[Any, date], Q]


@dataclass(frozen=True, slots=True)
class Worklist:
    """One list. ``since`` names the moment from which a case in it waits; ``overdue`` lists count in red.

    ``own``: kept by the person who looks.
    """

    slug: str
    label: Promise | str
    group: Promise
    which: Which
    since: str
    overdue: bool = False
    own: bool = False

    @property
    def url(self) -> str:
        return reverse("register_desk:worklist", args=[self.slug])


def _state(*states: CaseState) -> Which:
    return lambda user, today: Q(status__in=states)


def _no_pair_waits(user: Any) -> Q:
    """No other case that may be the same death waits for a decision: closing would be refused."""
    waiting = pairs_for(user).filter(state="open")
    return ~Q(Exists(waiting.filter(first=OuterRef("pk")))) & ~Q(Exists(waiting.filter(second=OuterRef("pk"))))


_TO_DO, _OTHERS, _MINE, _DONE = _("To do"), _("Waits for somebody else"), _("Of mine"), _("Finished")

WORKLISTS: tuple[Worklist, ...] = (
    Worklist("nieuw", _("New"), _TO_DO, _state(CaseState.SUBMITTED), "submitted_at"),
    Worklist(
        "gewijzigd",
        _("Changed"),
        _TO_DO,
        lambda user, today: Q(unreviewed_since__isnull=False, status__in=AT_THE_REGISTER),
        "unreviewed_since",
    ),
    Worklist("in-beoordeling", _("In review"), _TO_DO, _state(CaseState.IN_REVIEW), "state_since"),
    Worklist("reactie-ontvangen", _("Response received"), _TO_DO, _state(CaseState.QUERY_ANSWERED), "state_since"),
    Worklist(
        "klaar-om-te-sluiten",
        _("Ready to close"),
        _TO_DO,
        lambda user, today: Q(closable_since__isnull=False, status=CaseState.IN_REVIEW) & _no_pair_waits(user),
        "closable_since",
    ),
    Worklist(
        "panel-heeft-gestemd",
        _("The panel has voted"),
        _TO_DO,
        lambda user, today: panel.with_enough_votes(),
        "state_since",
    ),
    Worklist("heropend", _("Reopened"), _TO_DO, _state(CaseState.REOPENED), "state_since"),
    Worklist(
        "heropening-gevraagd",
        _("Reopening asked for"),
        _TO_DO,
        lambda user, today: Q(reopening_asked_by__isnull=False, status__in=LOCKED),
        "changed_at",
    ),
    Worklist("reactie-gevraagd", _("Response requested"), _OTHERS, _state(CaseState.QUERY_OPEN), "state_since"),
    Worklist(
        "wacht-op-toxicologie",
        _("Awaiting toxicology"),
        _OTHERS,
        lambda user, today: Q(status=CaseState.AWAITING_TOX) & ~Q(followup_due__lt=today),
        "followup_due",
    ),
    Worklist(
        "toxicologie-te-laat",
        _("Toxicology late"),
        _OTHERS,
        lambda user, today: Q(status=CaseState.AWAITING_TOX, followup_due__lt=today),
        "followup_due",
        overdue=True,
    ),
    Worklist("in-panel", _("In panel"), _OTHERS, _state(CaseState.PANEL), "state_since"),
    Worklist(
        "mijn-zaken",
        _("My cases"),
        _MINE,
        lambda user, today: Q(assigned_to=user.pk, status__in=AT_THE_REGISTER),
        "state_since",
    ),
    Worklist("gesloten", _("Closed or excluded"), _DONE, _state(*LOCKED), "locked_on"),
)
BY_SLUG = {worklist.slug: worklist for worklist in WORKLISTS}


def of(kept: Iterable[Any]) -> tuple[Worklist, ...]:
    """The lists of the desk in the order of the menu, those that a person keeps behind the own cases."""
    return (*WORKLISTS[:-1], *map(_own, kept), WORKLISTS[-1])


def find(slug: str, user: Any) -> Worklist | None:
    """The list at this address; None when there is none, or it is somebody else's."""
    if slug in BY_SLUG:
        return BY_SLUG[slug]
    try:
        UUID(slug)
    except ValueError:
        return None
    return next((one for one in map(_own, saved_lists.of(user)) if one.slug == slug), None)


def _own(saved: Any) -> Worklist:
    base = BY_SLUG.get(saved.base)

    def which(user: Any, today: date) -> Q:
        found = base.which(user, today) if base else Q(status__in=AT_THE_REGISTER)
        if saved.region_id:
            found &= Q(region=saved.region_id)
        if saved.assigned:
            found &= Q(assigned_to=user.pk) if saved.assigned == "me" else Q(assigned_to=None)
        return found & naming(saved.substance_id) if saved.substance_id else found

    return Worklist(str(saved.pk), saved.name, _MINE, which, base.since if base else "state_since", own=True)


def counts(lists: Sequence[Worklist], user: Any) -> dict[str, int]:
    """How many cases stand in each list, in one statement with a part for each: so each goes by its own index."""
    first, *others = (_counted(place, one, user) for place, one in enumerate(lists))
    found = dict(first.union(*others, all=True))
    return {one.slug: found.get(place, 0) for place, one in enumerate(lists)}


def _counted(place: int, worklist: Worklist, user: Any) -> QuerySet[Any]:
    """One row with the place of a list and its number of cases; none for a list without."""
    cases = cases_for(user).filter(worklist.which(user, timezone.localdate())).order_by()
    return cases.annotate(place=Value(place)).values("place").annotate(cases=Count("pk")).values_list("place", "cases")


def cases_in(worklist: Worklist, user: Any) -> QuerySet[Any]:
    """The cases of a list, the longest waiting first; of finished cases the newest first."""
    cases = cases_for(user).filter(worklist.which(user, timezone.localdate()))
    if worklist.group is _DONE:
        return cases.order_by(F("locked_on").desc(nulls_last=True), "pk")
    return cases.order_by(F(worklist.since).asc(nulls_last=True), "pk")


def page_of(worklist: Worklist, user: Any, number: str | None, count: int) -> Any:
    """One page of a list with what its rows show, in a fixed number of queries.

    The keys of the page are found first, in the same statement: what the rows show is read of these alone.
    """
    cases = cases_in(worklist, user)
    paginator = Paginator(cases.values("pk"), PAGE)
    paginator.count = min(count, PAGE * FARTHEST)
    page: Any = paginator.get_page(number)
    rows = cases_for(user).filter(pk__in=page.object_list).order_by(*cases.query.order_by)
    page.object_list = with_suspicions(rows.select_related("region", "death_section", "assigned_to"))
    return page


def next_in(worklist: Worklist, user: Any, after: Any) -> Any | None:
    """The key of the case that comes behind ``after`` in a list, else of the first other one; None when there is none.

    The case itself may have left the list: its place is where it would have stood.
    """
    cases = cases_in(worklist, user).exclude(pk=after.pk).values_list("pk", flat=True)
    value = getattr(after, worklist.since)
    behind = cases.filter(_behind(worklist, value, after.pk)).first()
    return behind or cases.first()


def _behind(worklist: Worklist, value: Any, key: Any) -> Q:
    since = worklist.since
    if value is None:
        return Q(**{f"{since}__isnull": True, "pk__gt": key})
    later = "lt" if worklist.group is _DONE else "gt"
    return Q(**{f"{since}__{later}": value}) | Q(**{since: value, "pk__gt": key}) | Q(**{f"{since}__isnull": True})


def waiting_days(worklist: Worklist, case: Any, today: date) -> int | None:
    """For how many days a case waits in this list; negative when its due date is still to come."""
    since = getattr(case, worklist.since)
    if since is None:
        return None
    day = timezone.localtime(since).date() if isinstance(since, datetime) else since
    return (today - day).days
