"""Asking the register to open a decided case again: late toxicology, an error, something that was not known."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from register.casework import reopening
from register.casework.errors import InvalidError, StaleError
from register.web import fields
from register.web.door import load_case, person
from register.web.language import sentence
from register.web.saves import seen_version
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.verbs import Verb


@load_case(Verb.REQUEST_REOPENING)
def ask(request: HttpRequest, case: Any) -> HttpResponse:
    """The reason; the request stands in a list of the register, which decides."""
    if request.method != "POST":
        if CaseState(case.status) not in LOCKED or case.reopening_asked_by_id:
            return redirect("physician:case", case_id=case.pk)
        return _page(request, case)
    reason = request.POST.get("reason", "")
    try:
        reopening.ask(case_id=case.pk, reason=reason, seen_version=seen_version(request), by=person(request))
    except InvalidError as invalid:
        return _page(request, case, sentence(invalid.problems["reason"]), 422)
    except StaleError as stale:
        return _page(request, case, sentence(stale), 409)
    messages.success(request, _("The register has your request."), extra_tags="done")
    return redirect("physician:case", case_id=case.pk)


def _page(request: HttpRequest, case: Any, error: str = "", status: int = 200) -> HttpResponse:
    reason = fields.plain(
        "reason",
        _("Why should the case be opened again?"),
        value=request.POST.get("reason", ""),
        widget="lines",
        error=error,
        maximum=500,
    )
    context = {"case": case, "field": reason, "errors": fields.error_lines([reason])}
    return render(request, "physician/reopening.html", context, status=status)
