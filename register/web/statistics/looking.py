"""Cijfers to look at: one chart on a page, drawn on the server from published cells, with the same cells as a table."""

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.audit import Event
from register.reporting import codelists, published
from register.reporting.formats import said
from register.reporting.published import File, Released
from register.web.language import active
from register.web.notes import looked
from register.web.statistics import figures, lines, picture_files, pictures
from register.web.statistics.charts.seen import Figures
from register.web.statistics.door import for_readers, is_anybody
from register.web.statistics.pictures import CHARTS
from register.web.statistics.pictures.chosen import Chosen
from register.web.statistics.pictures.picture import Earlier, Picture, Source
from register.web.statistics.words import status_words

FINAL = "final"
TOLD = ("definition", "extractedOn", "ruleVersion", "completeness", "toxCompleteness")
# How many earlier releases a trend reads at most.
EARLIER = 5
# How many tables each process keeps as it read them. They are published and hold nothing of who asks.
KEPT = 32
FILES = {"csv": "text/csv; charset=utf-8; header=present", "svg": "image/svg+xml", "png": "image/png"}


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
    """One chart of a release, by what the address chooses."""
    found = _found(request, release, chart)
    if found.retracted:
        return figures.gone(request, found)
    choice = Chosen(request.GET.dict())
    picture = _picture(found, chart, choice, public=is_anybody(request))
    looked(request, Event.STATS_READ, filters={"release": found.id, "table": picture.rows.table, **choice.unusual})
    token = _needs_token(found, picture)
    context = {
        "release": found,
        "status": status_words(found.status),
        "definition": codelists.definition(found.definition).label(active()),
        "url": reverse("statistics:published", args=[found.id]),
        "picture": picture,
        "filters": choice.filters,
        "charts": _tabs(found, chart),
        "table_url": reverse("statistics:table", args=[found.id, picture.rows.table]),
        "files": _files(found, chart, choice),
        "lines": lines.of_rows(
            picture.rows, lambda one: figures.csv_address(request, one, picture.rows.table), token=token
        ),
        "token": token,
        "source": _source_line(found),
    }
    return render(request, "statistics/chart.html", context)


@require_safe
@for_readers
def chart_file(request: HttpRequest, release: str, chart: str, extension: str) -> HttpResponse:
    """The same chart as a file: its published rows, or the picture with its words. What is not published has none."""
    found = _found(request, release, chart)
    if found.retracted:
        return figures.gone(request, found)
    choice = Chosen(request.GET.dict())
    picture = _picture(found, chart, choice, public=is_anybody(request))
    if extension not in FILES or not choice.is_published:
        raise Http404
    chosen = {"release": found.id, "table": picture.rows.table, "format": extension, **choice.unusual}
    looked(request, Event.EXPORT_DOWNLOAD, filters=chosen)
    name = "-".join((found.id, chart, *choice.unusual.values()))
    response = HttpResponse(_body(found, picture, extension), content_type=FILES[extension])
    response["Content-Disposition"] = f'attachment; filename="{_harmless(name)}.{extension}"'
    return response


def _found(request: HttpRequest, release: str, chart: str) -> Released:
    found = figures.found_for(request, release)
    if chart not in CHARTS:
        raise Http404
    return found


def _needs_token(found: Released, picture: Picture) -> bool:
    """Whether the API asks for a token before it gives every release of which the chart shows something."""
    others = (published.release(one) for one in picture.rows.years if one != found.id)
    return figures.needs_token(found) or any(other is None or figures.needs_token(other) for other in others)


def _picture(found: Released, chart: str, choice: Chosen, *, public: bool) -> Picture:
    picture = CHARTS[chart](_source(found, choice, public=public))
    if picture is None:
        raise Http404
    return picture


def _source(found: Released, choice: Chosen, *, public: bool) -> Source:
    def table(name: str) -> Figures | None:
        file = found.file(name, "json")
        return _figures(found.id, file) if file else None

    return Source(found.id, cache(table), cache(lambda name: _earlier(found, name, public=public)), choice, active())


def _figures(release: str, file: File) -> Figures:
    return _read(release, file, active())


@lru_cache(maxsize=KEPT)
def _read(release: str, file: File, language: str) -> Figures:
    return Figures(json.loads(published.body_of(release, file)), language)


def _earlier(found: Released, table: str, *, public: bool) -> Sequence[Earlier]:
    """The years before this release, each from the newest release by the same definition that covers it.

    ``public``: only from releases for everybody.
    """
    years: dict[str, Earlier] = {}
    others = [one for one in published.spans(found.definition, public=public) if one.period_from < found.period_from]
    for other in others[:EARLIER]:
        held = published.find(other.id, table, "json")
        read = _figures(other.id, held.file) if held else None
        for year in read.periods if read else ():
            if read and int(year) < found.period_from:
                years.setdefault(year, Earlier(year, other.id, read, other.status != FINAL))
    return [years[year] for year in sorted(years)]


def _body(found: Released, picture: Picture, extension: str) -> bytes:
    if extension == "csv":
        return picture_files.rows_file(picture.rows, lambda release: _csv_of(release, picture.rows.table))
    hidden = _("suppressed, not zero")
    source = f"{_source_line(found)} {_standing(found)}"
    svg = picture_files.svg_file(picture, source=source, hidden=hidden, language=active())
    return svg if extension == "svg" else picture_files.png_file(svg)


def _csv_of(release: str, table: str) -> bytes:
    held = published.find(release, table, "csv")
    if held is None or held.retracted:
        raise Http404
    return published.body_of(release, held.file)


def _source_line(found: Released) -> str:
    moment = date_format(localtime(found.published_at), "j F Y")
    return _("Source: Register of drug-related deaths, release %(name)s, published on %(moment)s.") % {
        "name": found.id,
        "moment": moment,
    }


def _standing(found: Released) -> str:
    """What a picture that leaves its page says of its release, as every file does."""
    lines = [
        (name.label(active()), text.label(active())) for name, text in said.about(found.facts) if name.code in TOLD
    ]
    return " ".join(f"{name}: {text}." for name, text in lines)


def _files(found: Released, chart: str, choice: Chosen) -> list[dict[str, str]]:
    """Where this chart is fetched as a file, in each form."""
    return [
        {
            "label": extension.upper(),
            "url": reverse("statistics:chart_file", args=[found.id, chart, extension]) + choice.query,
        }
        for extension in FILES
    ]


def _harmless(name: str) -> str:
    """A name of letters, digits and hyphens: codes also hold signs that file systems do not like."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)


def _tabs(found: Released, chosen: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse("statistics:chart", args=[found.id, name]), "current": name == chosen}
        for name, label in pictures.names().items()
    ]
