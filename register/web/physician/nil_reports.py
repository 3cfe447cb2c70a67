"""Months without a case: what was reported, what a service still owes, and taking a report back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.audit import Event
from register.casework import nil_reports
from register.casework.errors import InvalidError
from register.casework.nil_reports import Month
from register.web.door import allowed, person
from register.web.field_shapes import ErrorLine
from register.web.language import sentence
from register.web.notes import looked
from register.web.physician.lines import day
from register.workflow.verbs import Verb

REPORT, WITHDRAW = "report", "withdraw"


@dataclass(frozen=True, slots=True)
class Row:
    """One month of one service as a line of the list: what is known, and the one thing to do."""

    service: str
    month: str
    glyph: str
    tone: str
    words: str
    detail: str = ""
    do: str = ""
    button: str = ""


@allowed(Verb.REPORT_NIL)
def overview(request: HttpRequest) -> HttpResponse:
    """The months of one's service, the newest first; each button is one report or takes one back."""
    if request.method != "POST":
        return _page(request)
    act, _separator, rest = request.POST.get("do", "").partition(":")
    try:
        done = ACTS.get(act, _nothing)(request, rest)
    except InvalidError as invalid:
        return _page(request, invalid.problems)
    messages.success(request, done, extra_tags="done")
    return redirect("physician:nil_reports")


def _report(request: HttpRequest, rest: str) -> str:
    service, _separator, text = rest.rpartition(":")
    report = nil_reports.report(service=service, month=_month(text), by=person(request), today=timezone.localdate())
    return _("Reported: no drug-related death of %(service)s in %(month)s.") % {
        "service": report.service.name,
        "month": _in_words(report.month),
    }


def _withdraw(request: HttpRequest, rest: str) -> str:
    nil_reports.withdraw(report_id=rest, by=person(request))
    return _("The nil report was withdrawn.")


def _nothing(request: HttpRequest, rest: str) -> str:
    raise InvalidError({"month": nil_reports.NO_SUCH_MONTH})


ACTS = {REPORT: _report, WITHDRAW: _withdraw}


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidError({"month": nil_reports.NO_SUCH_MONTH}) from None


def _page(request: HttpRequest, problems: Mapping[str, Any] | None = None) -> HttpResponse:
    months = nil_reports.overview(user=person(request), today=timezone.localdate())
    looked(request, Event.NIL_LIST, [month.report.pk for month in months if month.report])
    services = {month.service.pk for month in months}
    context = {
        "services": [
            {"name": service.name, "code": service.pk, "rows": [_row(month) for month in of_one]}
            for service, of_one in groupby(
                sorted(months, key=lambda month: (month.service.name, month.service.pk)),
                key=lambda month: month.service,
            )
        ],
        "several": len(services) > 1,
        "errors": [ErrorLine(sentence(problem)) for problem in (problems or {}).values()],
    }
    return render(request, "physician/nil_reports.html", context, status=422 if problems else 200)


def _row(month: Month) -> Row:
    service, name = month.service.name, _in_words(month.first)
    if month.report is not None:
        said = _("reported by %(who)s on %(day)s") % {
            "who": month.report.by.display_name,
            "day": day(timezone.localtime(month.report.at).date()),
        }
        button, do = _("Withdraw"), f"{WITHDRAW}:{month.report.pk}"
        if month.contradicted:
            late = _("A case of this month came in later: withdraw the report.")
            return Row(service, name, "problem", "is-error", _("Nil report, but not without a case"), late, do, button)
        return Row(service, name, "done", "is-done", _("No drug-related death"), said, do, button)
    if month.cases:
        words = ngettext("%(count)d case", "%(count)d cases", month.cases) % {"count": month.cases}
        return Row(service, name, "minus", "", words, _("nothing to report"))
    return Row(
        service,
        name,
        "todo",
        "muted",
        _("Nothing heard yet"),
        do=f"{REPORT}:{month.service.pk}:{month.first.isoformat()}",
        button=_("Report no death"),
    )


def _in_words(month: date) -> str:
    return date_format(month, "F Y")
