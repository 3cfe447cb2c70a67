"""The population figures that rates are computed with: every version, and the form for a new one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from register.reporting import population_file, populations
from register.reporting.errors import Fault, InvalidError
from register.web import fields
from register.web.door import allowed, person
from register.web.field_shapes import FieldView
from register.web.language import sentence
from register.workflow.verbs import Verb

PAGE = 20
DAY = ("published_day", "published_month", "published_year")
MOST = 1_000_000


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.KEEP_POPULATION)
def population(request: HttpRequest) -> HttpResponse:
    """The versions; a new one is kept when everything in the form is right, and nothing of it otherwise."""
    if request.method != "POST":
        return _page(request)
    try:
        made = populations.keep(
            code=request.POST.get("code", ""),
            source=request.POST.get("source", ""),
            published_on=_day(request.POST),
            text=request.POST.get("numbers", ""),
            reason=request.POST.get("reason", ""),
            by=person(request),
            now=timezone.now(),
        )
    except InvalidError as invalid:
        return _page(request, invalid.faults)
    messages.success(request, _("Version %(code)s is kept.") % {"code": made.code}, extra_tags="done")
    return redirect("statistics:population")


def _page(request: HttpRequest, faults: Any = ()) -> HttpResponse:
    shown = _fields(request.POST, faults)
    context = {
        "page": Paginator(populations.versions(), PAGE).get_page(request.GET.get("blad")),
        "fields": shown,
        "errors": fields.error_lines(shown),
        "used": populations.newest(),
    }
    return render(request, "statistics/population.html", context, status=422 if faults else 200)


def _fields(typed: Mapping[str, str], faults: Any) -> list[FieldView]:
    wrong: dict[str, list[Fault]] = {}
    for fault in faults:
        wrong.setdefault(fault.field, []).append(fault)
    said = {name: " ".join(map(sentence, told)) for name, told in wrong.items()}

    def plain(name: str, label: str, **more: Any) -> FieldView:
        return fields.plain(name, label, value=typed.get(name, ""), error=said.get(name, ""), **more)

    columns = ", ".join(population_file.COLUMNS)
    return [
        plain("code", _("Name of the version"), maximum=populations.LONGEST_CODE, hint=_("Such as cbs-2026.")),
        plain("source", _("Source"), maximum=populations.LONGEST_SOURCE, hint=_("Published beside every rate.")),
        fields.dated("published_on", _("Day of the source"), typed, error=said.get("published_on", "")),
        plain(
            "numbers",
            _("Numbers"),
            widget="lines",
            maximum=MOST,
            hint=_("Lines with %(columns)s. The Netherlands by sex and age band, regions by their total (_T).")
            % {"columns": columns},
        ),
        plain("reason", _("Reason"), widget="lines", maximum=populations.LONGEST_REASON),
    ]


def _day(typed: Mapping[str, str]) -> date | None:
    try:
        day, month, year = (int(typed.get(name, "")) for name in DAY)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
