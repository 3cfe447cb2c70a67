"""The page on which the register reviews a case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.casework.since_review import since_review
from register.casework.whole import as_decided, whole
from register.web.door import load_case
from register.web.physician import summaries
from register.web.physician.lines import person
from register.web.register_desk import changes, section_rows, sheets, worklists
from register.web.register_desk.forms import Sent
from register.web.register_desk.lists import died_on, review_url
from register.web.register_desk.panel import panel_of
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.verbs import Verb

ALL, CHANGES, DECIDED = "alles", "wijzigingen", "gesloten"


@require_safe
@load_case(Verb.TAKE_CASE, prepare=sheets.prepared)
def review(request: HttpRequest, case: Any) -> HttpResponse:
    """A case as a whole: what was recorded at the left, what there is to do at the right."""
    return page(request, case, Sent())


def page(request: HttpRequest, case: Any, sent: Sent, status: int = 200) -> HttpResponse:
    """The review page, with what a form typed when it comes back with mistakes."""
    dossier = whole(case)
    chosen = worklists.find(_asked(request, "lijst"), request.user)
    following = worklists.next_in(chosen, request.user, case) if chosen else None
    context = {
        "case": case,
        "here": reverse("register_desk:review", args=[case.pk]),
        "lede": _lede(case),
        "recent": sheets.moves_of(dossier),
        "conclusion": sheets.conclusion_of(case),
        "list_slug": chosen.slug if chosen else "",
        "list_url": chosen.url if chosen else "",
        "list_label": chosen.label if chosen else "",
        "next_url": review_url(following, chosen) if chosen and following else "",
        **_left(request, case, dossier, chosen),
        **panel_of(dossier, request.user, sent),
    }
    return render(request, "register_desk/review.html", context, status=status)


def _left(request: HttpRequest, case: Any, dossier: Any, chosen: Any) -> dict[str, Any]:
    """The whole case, only what changed since the last review (first, whenever something did), or as it was closed."""
    found, shown = since_review(dossier), _asked(request, "toon")
    again = case.version > 1 and CaseState(case.status) not in LOCKED
    before = as_decided(dossier) if again and shown == DECIDED else None
    if before is None and shown not in (ALL, CHANGES):
        shown = CHANGES if found else ALL
    if shown == CHANGES and found is None:
        shown = ALL
    here, listed = reverse("register_desk:review", args=[case.pk]), f"&lijst={chosen.slug}" if chosen else ""
    read = before[0] if before else dossier
    sections = summaries.of_case(read.case, rows_of_page=section_rows.of(read)) if shown != CHANGES else []
    return {
        "shown": shown,
        "changes": changes.of(found, dossier) if found is not None and shown == CHANGES else None,
        "changed": len(found) if found is not None else None,
        "sections": sections,
        "decided": sheets.decided(*before) if before else None,
        "reviewed": _reviewed(case),
        "url_of_all": f"{here}?toon={ALL}{listed}",
        "url_of_changes": f"{here}?toon={CHANGES}{listed}",
        "url_of_decided": f"{here}?toon={DECIDED}{listed}" if again else "",
    }


def _asked(request: HttpRequest, name: str) -> str:
    """What the address says, or the form that came from this page."""
    return str(request.GET.get(name) or request.POST.get(name, ""))


def _reviewed(case: Any) -> str:
    """When and by whom the case was marked as reviewed; empty when nobody did."""
    if case.reviewed_at is None:
        return ""
    moment = date_format(timezone.localtime(case.reviewed_at), "j F Y, H:i")
    return _("Reviewed on %(moment)s by %(who)s.") % {"moment": moment, "who": case.reviewed_by.display_name}


def _lede(case: Any) -> str:
    died = died_on(case.death_section)
    return " · ".join(filter(None, (person(case), _("died %(day)s") % {"day": died} if died else "")))
