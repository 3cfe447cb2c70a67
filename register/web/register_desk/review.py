"""The page on which the register reviews a case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.web.door import load_case
from register.web.physician import summaries
from register.web.physician.lines import person
from register.web.register_desk import sheets, worklists
from register.web.register_desk.forms import Sent
from register.web.register_desk.lists import died_on, review_url
from register.web.register_desk.panel import panel_of
from register.workflow.verbs import Verb


@require_safe
@load_case(Verb.TAKE_CASE, prepare=sheets.prepared)
def review(request: HttpRequest, case: Any) -> HttpResponse:
    """A case as a whole: what was recorded at the left, what there is to do at the right."""
    return page(request, case, Sent())


def page(request: HttpRequest, case: Any, sent: Sent, status: int = 200) -> HttpResponse:
    """The review page, with what a form typed when it comes back with mistakes."""
    chosen = worklists.BY_SLUG.get(request.GET.get("lijst", ""))
    following = worklists.next_in(chosen, request.user, case.pk) if chosen else None
    context = {
        "case": case,
        "lede": _lede(case),
        "sections": summaries.of_case(case),
        "changes": sheets.changes_of(case),
        "conclusion": sheets.conclusion_of(case),
        "list_slug": chosen.slug if chosen else "",
        "next_url": review_url(following, chosen) if chosen and following else "",
        **panel_of(case, request.user, sent),
    }
    return render(request, "register_desk/review.html", context, status=status)


def _lede(case: Any) -> str:
    died = died_on(case.death_section)
    return " · ".join(filter(None, (person(case), _("died %(day)s") % {"day": died} if died else "")))
