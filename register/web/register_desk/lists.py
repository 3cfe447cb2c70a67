"""The worklists as pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from register.audit import Event
from register.casework.desk import desk_of
from register.quality.partial_dates import PartialDate
from register.quality.terms import Terms
from register.web.door import allowed, person
from register.web.facts import partial_date
from register.web.notes import looked
from register.web.register_desk import ageing, choosing, worklists
from register.web.register_desk.ageing import Age
from register.web.register_desk.sheets import reported_name
from register.web.register_desk.worklists import BY_SLUG, FARTHEST, PAGE, WORKLISTS, Worklist
from register.workflow.verbs import Verb


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list in the menu at the side."""

    label: Promise | str
    url: str
    count: int
    current: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class ListGroup:
    label: Promise
    lines: tuple[ListLine, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of a list, with how long it waits in words and the version that a bulk action acts on."""

    key: str
    version: int
    url: str
    number: str
    region: str
    age: Age
    died: str
    substances: str
    unmapped: bool
    status: str
    assigned: str
    changed: bool


@require_safe
@allowed(Verb.TAKE_CASE)
def home(request: HttpRequest) -> HttpResponse:
    """The first list."""
    return redirect("register_desk:worklist", which=WORKLISTS[0].slug)


@require_safe
@allowed(Verb.TAKE_CASE)
def worklist(request: HttpRequest, which: str) -> HttpResponse:
    """One list, page by page, beside the counts of all."""
    return page(request, which)


def page(
    request: HttpRequest,
    which: str,
    problems: Mapping[str, Any] | None = None,
    left: Any = (),
    status: int = 200,
) -> HttpResponse:
    """The list, with what was typed and what is wrong when a form on it comes back."""
    desk = desk_of(person(request))
    lists = worklists.of(desk.lists)
    chosen = next((one for one in lists if one.slug == which), None)
    if chosen is None:
        raise Http404
    counts = worklists.counts(lists, request.user)
    shown = worklists.page_of(chosen, request.user, request.GET.get("blad"), counts[which])
    today = timezone.localdate()
    cases = list(shown)
    named = dict.fromkeys([*(case.pk for case in cases), *(one.key for one in left)])
    looked(request, Event.CASE_LIST, named, filters={"list": which if which in BY_SLUG else "own"})
    rows = [_row(chosen, case, today, desk.settings.terms) for case in cases]
    context = {
        "worklist": chosen,
        "here": chosen.url,
        "groups": _groups(lists, counts, which),
        "count": counts[which],
        "bounded": counts[which] > PAGE * FARTHEST,
        "page": shown,
        "rows": rows,
        "first": rows[0].url if rows and shown.number == 1 else "",
        "order": _("The newest first.") if chosen.since == "locked_on" else _("The longest waiting first."),
        "waits": _("Expected on") if chosen.since == "followup_due" else _("Waits for"),
        "columns": choosing.shown(request.user),
        "left": left,
        **choosing.bulk_forms(request, problems or {}, desk),
    }
    return render(request, "register_desk/worklist.html", context, status=status)


def review_url(case_id: Any, worklist: Worklist) -> str:
    """The page on which a case of this list is reviewed; the list travels along for the next case."""
    return f"{reverse('register_desk:review', args=[case_id])}?lijst={worklist.slug}"


def died_on(death: Any, *, short: bool = False) -> str:
    """The date of death in words, as precise as it is known; empty when it is not."""
    if death.date_of_death_from is None:
        return ""
    return partial_date(PartialDate(death.date_of_death_from, death.date_of_death_to), short=short)


def _groups(lists: tuple[Worklist, ...], counts: dict[str, int], current: str) -> list[ListGroup]:
    groups: dict[Promise, list[ListLine]] = {}
    for line in lists:
        groups.setdefault(line.group, []).append(
            ListLine(line.label, line.url, counts[line.slug], line.slug == current, line.overdue)
        )
    return [ListGroup(label, tuple(lines)) for label, lines in groups.items()]


def _row(chosen: Worklist, case: Any, today: date, terms: Terms) -> CaseRow:
    suspicions = [row for row in case.suspectedsubstance_rows.all() if row.removed_at is None]
    return CaseRow(
        key=str(case.pk),
        version=case.row_version,
        url=review_url(case.pk, chosen),
        number=case.case_number,
        region=case.region.name.removeprefix("GGD "),
        age=_age(chosen, case, today, terms),
        died=died_on(case.death_section, short=True) or "–",
        substances=", ".join(reported_name(row) for row in suspicions) or _("no suspicion yet"),
        unmapped=any(row.substance is None for row in suspicions),
        status=case.status,
        assigned=case.assigned_to.display_name if case.assigned_to else "",
        changed=case.unreviewed_since is not None,
    )


def _age(chosen: Worklist, case: Any, today: date, terms: Terms) -> Age:
    """How long a case waits, in words, with the mark of its lateness."""
    days = worklists.waiting_days(chosen, case, today)
    if days is None:
        return Age("–")
    if chosen.since == "locked_on":
        return Age(date_format(timezone.localtime(case.locked_on), "j N Y"))
    if chosen.since == "followup_due":
        day = date_format(case.followup_due, "j N Y")
        if days <= 0:
            return Age(day)
        late = ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
        return Age(f"{day} · {late}", "is-error", "problem")
    return ageing.of_days(days, terms)
