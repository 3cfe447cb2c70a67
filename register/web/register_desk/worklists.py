"""The worklists: which cases wait, for whom, in which order. Every open case stands in at least one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.access import cases_for
from register.workflow.case_transitions import LOCKED, OPEN, CaseState

PAGE = 25
GROWS_AFTER, LATE_AFTER = 7, 14


@dataclass(frozen=True, slots=True)
class Worklist:
    """One list. ``since`` names the moment from which a case in it waits; ``overdue`` lists count in red."""

    slug: str
    label: Promise
    group: Promise
    which: Callable[[Any, date], Q]
    since: str
    overdue: bool = False


def _state(*states: CaseState) -> Callable[[Any, date], Q]:
    return lambda user, today: Q(status__in=states)


_TO_DO, _OTHERS, _MINE, _DONE = _("To do"), _("Waits for somebody else"), _("Of mine"), _("Finished")

WORKLISTS: tuple[Worklist, ...] = (
    Worklist("nieuw", _("New"), _TO_DO, _state(CaseState.SUBMITTED), "submitted_at"),
    Worklist("in-beoordeling", _("In review"), _TO_DO, _state(CaseState.IN_REVIEW), "changed_at"),
    Worklist("reactie-ontvangen", _("Response received"), _TO_DO, _state(CaseState.QUERY_ANSWERED), "changed_at"),
    Worklist("heropend", _("Reopened"), _TO_DO, _state(CaseState.REOPENED), "changed_at"),
    Worklist("reactie-gevraagd", _("Response requested"), _OTHERS, _state(CaseState.QUERY_OPEN), "changed_at"),
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
    Worklist("in-panel", _("In panel"), _OTHERS, _state(CaseState.PANEL), "changed_at"),
    Worklist(
        "mijn-zaken",
        _("My cases"),
        _MINE,
        lambda user, today: Q(assigned_to=user.pk, status__in=OPEN),
        "changed_at",
    ),
    Worklist("gesloten", _("Closed or excluded"), _DONE, _state(*LOCKED), "locked_on"),
)
BY_SLUG = {worklist.slug: worklist for worklist in WORKLISTS}


def counts(user: Any) -> dict[str, int]:
    """How many cases stand in each list, in one query."""
    today = timezone.localdate()
    numbers = cases_for(user).aggregate(
        **{name.replace("-", "_"): Count("pk", filter=lists.which(user, today)) for name, lists in BY_SLUG.items()}
    )
    return {name: numbers[name.replace("-", "_")] for name in BY_SLUG}


def cases_in(worklist: Worklist, user: Any) -> QuerySet[Any]:
    """The cases of a list, the longest waiting first; of finished cases the newest first."""
    cases = cases_for(user).filter(worklist.which(user, timezone.localdate()))
    if worklist.group is _DONE:
        return cases.order_by(F("locked_on").desc(nulls_last=True), "pk")
    return cases.order_by(F(worklist.since).asc(nulls_last=True), "pk")


def page_of(worklist: Worklist, user: Any, number: str | None, count: int) -> Any:
    """One page of a list with what its rows show, in a fixed number of queries."""
    cases = (
        cases_in(worklist, user)
        .select_related("region", "death_section", "assigned_to")
        .prefetch_related("suspectedsubstance_rows__substance")
    )
    paginator = Paginator(cases, PAGE)
    paginator.count = count
    return paginator.get_page(number)


def next_in(worklist: Worklist, user: Any, after: Any) -> Any | None:
    """The key of the case that waits longest in a list, other than ``after``; None when the list is empty."""
    return cases_in(worklist, user).exclude(pk=after).values_list("pk", flat=True).first()


def waiting_days(worklist: Worklist, case: Any, today: date) -> int | None:
    """For how many days a case waits in this list; negative when its due date is still to come."""
    since = getattr(case, worklist.since)
    if since is None:
        return None
    day = timezone.localtime(since).date() if isinstance(since, datetime) else since
    return (today - day).days
