"""Cijfers to look at: one chart on a page, drawn on the server from published cells, with the same cells as a table."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from register.audit import Event
from register.reporting import codelists, published
from register.reporting.published import Released
from register.web.language import active
from register.web.notes import looked
from register.web.statistics import figures, pictures
from register.web.statistics.charts.seen import Figures
from register.web.statistics.door import for_readers, is_anybody
from register.web.statistics.pictures import CHARTS, Source
from register.web.statistics.words import status_words

FINAL = "final"
# How many earlier releases a trend reads at most.
EARLIER = 5


@require_safe
@for_readers
def newest(request: HttpRequest) -> HttpResponse:
    """The first chart of the release that counts now."""
    release = published.latest(public=is_anybody(request))
    if release is None:
        return redirect("statistics:figures")
    return redirect("statistics:chart", release, next(iter(CHARTS)))


@require_safe
@for_readers
def chart(request: HttpRequest, release: str, chart: str) -> HttpResponse:
    """One chart of a release."""
    found = figures.found_for(request, release)
    if chart not in CHARTS:
        raise Http404
    if found.retracted:
        return figures.gone(request, found)
    picture = CHARTS[chart](_source(found, request.GET.get("jaar", ""), public=is_anybody(request)))
    if picture is None:
        raise Http404
    looked(request, Event.STATS_READ, filters={"release": found.id, "table": picture.table})
    context = {
        "release": found,
        "status": status_words(found.status),
        "definition": codelists.definition(found.definition).label(active()),
        "url": reverse("statistics:published", args=[found.id]),
        "picture": picture,
        "charts": _tabs(found, chart),
        "table_url": reverse("statistics:table", args=[found.id, picture.table]),
        "csv_url": reverse("statistics:download", args=[found.id, picture.table, "csv"]),
        "hides": any("·" in cells for _, cells in picture.lines),
    }
    return render(request, "statistics/chart.html", context)


def _source(found: Released, year: str, *, public: bool) -> Source:
    @cache
    def table(name: str) -> Figures | None:
        return _figures(found.id, name)

    return Source(table, lambda: _earlier(found, public=public), active(), year)


def _figures(release: str, table: str) -> Figures | None:
    content = published.content(release, table, "json")
    return Figures(json.loads(content.body), active()) if content else None


def _earlier(found: Released, *, public: bool) -> Sequence[tuple[str, Figures, bool]]:
    """The years before this release, each from the newest release by the same definition that covers it.

    ``public``: only from releases for everybody.
    """
    years: dict[str, tuple[Figures, bool]] = {}
    others = [one for one in published.spans(found.definition, public=public) if one.period_from < found.period_from]
    for other in others[:EARLIER]:
        held = _figures(other.id, "group")
        for year in held.periods if held else ():
            if held and int(year) < found.period_from and year not in years:
                years[year] = held, other.status != FINAL
    return [(year, *years[year]) for year in sorted(years)]


def _tabs(found: Released, chosen: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse("statistics:chart", args=[found.id, name]), "current": name == chosen}
        for name, label in pictures.names().items()
    ]
