"""The worklists as pages."""

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
from register.quality.partial_dates import PartialDate
from register.web.door import allowed
from register.web.facts import partial_date
from register.web.notes import looked
from register.web.register_desk import worklists
from register.web.register_desk.sheets import reported_name
from register.web.register_desk.worklists import BY_SLUG, GROWS_AFTER, LATE_AFTER, WORKLISTS, Worklist
from register.workflow.verbs import Verb


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list in the menu at the side."""

    label: Promise
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
    """One case of a list, with how long it waits in words."""

    url: str
    number: str
    region: str
    age: str
    tone: str
    glyph: str
    died: str
    substances: str
    unmapped: bool
    status: str
    assigned: str


@require_safe
@allowed(Verb.TAKE_CASE)
def home(request: HttpRequest) -> HttpResponse:
    """The first list."""
    return redirect("register_desk:worklist", which=WORKLISTS[0].slug)


@require_safe
@allowed(Verb.TAKE_CASE)
def worklist(request: HttpRequest, which: str) -> HttpResponse:
    """One list, page by page, beside the counts of all."""
    chosen = BY_SLUG.get(which)
    if chosen is None:
        raise Http404
    counts = worklists.counts(request.user)
    page = worklists.page_of(chosen, request.user, request.GET.get("blad"), counts[which])
    today = timezone.localdate()
    cases = list(page)
    looked(request, Event.CASE_LIST, [case.pk for case in cases], filters={"list": which})
    rows = [_row(chosen, case, today) for case in cases]
    context = {
        "worklist": chosen,
        "groups": _groups(counts, which),
        "count": counts[which],
        "page": page,
        "rows": rows,
        "first": rows[0].url if rows and page.number == 1 else "",
        "order": _("The newest first.") if chosen.since == "locked_on" else _("The longest waiting first."),
        "waits": _("Expected on") if chosen.since == "followup_due" else _("Waits for"),
    }
    return render(request, "register_desk/worklist.html", context)


def review_url(case_id: Any, worklist: Worklist) -> str:
    """The page on which a case of this list is reviewed; the list travels along for the next case."""
    return f"{reverse('register_desk:review', args=[case_id])}?lijst={worklist.slug}"


def died_on(death: Any) -> str:
    """The date of death in words, as precise as it is known; empty when it is not."""
    if death.date_of_death_from is None:
        return ""
    return partial_date(PartialDate(death.date_of_death_from, death.date_of_death_to))


def _groups(counts: dict[str, int], current: str) -> list[ListGroup]:
    groups: dict[Promise, list[ListLine]] = {}
    for line in WORKLISTS:
        url = reverse("register_desk:worklist", args=[line.slug])
        groups.setdefault(line.group, []).append(
            ListLine(line.label, url, counts[line.slug], line.slug == current, line.overdue)
        )
    return [ListGroup(label, tuple(lines)) for label, lines in groups.items()]


def _row(chosen: Worklist, case: Any, today: date) -> CaseRow:
    age, tone, glyph = _age(chosen, case, today)
    suspicions = [row for row in case.suspectedsubstance_rows.all() if row.removed_at is None]
    death = case.death_section
    return CaseRow(
        url=review_url(case.pk, chosen),
        number=case.case_number,
        region=case.region.name.removeprefix("GGD "),
        age=age,
        tone=tone,
        glyph=glyph,
        died=died_on(death) or "–",
        substances=", ".join(reported_name(row) for row in suspicions) or _("no suspicion yet"),
        unmapped=any(row.substance is None for row in suspicions),
        status=case.status,
        assigned=case.assigned_to.display_name if case.assigned_to else "",
    )


def _age(chosen: Worklist, case: Any, today: date) -> tuple[str, str, str]:
    """How long a case waits, in words, with the mark of its lateness."""
    days = worklists.waiting_days(chosen, case, today)
    if days is None:
        return "–", "", ""
    if chosen.since == "locked_on":
        return date_format(timezone.localtime(case.locked_on), "j M Y"), "", ""
    if chosen.since == "followup_due":
        day = date_format(case.followup_due, "j M Y")
        if days <= 0:
            return day, "", ""
        late = ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
        return f"{day} · {late}", "is-error", "problem"
    words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else _("today")
    if days > LATE_AFTER:
        return _("%(age)s · late") % {"age": words}, "is-error", "problem"
    if days > GROWS_AFTER:
        return _("%(age)s · adding up") % {"age": words}, "is-wait", "wait"
    return words, "", ""
