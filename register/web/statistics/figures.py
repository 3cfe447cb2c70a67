"""Cijfers: what is published, to read on the page, to download, and to fetch over the API."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from register.audit import Event
from register.reporting import codelists, formats, published
from register.reporting.headings import HEADINGS, place_of
from register.reporting.published import File, Released
from register.web.language import active
from register.web.notes import looked
from register.web.statistics import lines, published_rules, sheet
from register.web.statistics.door import figures_are_open, for_readers, is_anybody, sees
from register.web.statistics.words import status_words

SHOWN = 100
# What the files about a whole release are called.
WHOLE = {
    "workbook": gettext_lazy("Workbook"),
    "codebook": gettext_lazy("Codebook"),
    "datapackage": gettext_lazy("Data package"),
}


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table of a release on its page."""

    name: str
    number: str
    title: str
    url: str


@require_safe
@for_readers
def index(request: HttpRequest) -> HttpResponse:
    """Every published release, newest first, and the tables of the one that counts now."""
    found, total = published.releases(limit=SHOWN, public=is_anybody(request))
    looked(request, Event.STATS_READ, rows=len(found))
    newest = published.latest(public=is_anybody(request))
    current = next((one for one in found if one.id == newest), None)
    context = {
        "rows": [_row(one) for one in found],
        "total": total,
        "current": _row(current) if current else None,
        "tables": _tables(current) if current else [],
    }
    return render(request, "statistics/figures.html", context)


@require_safe
@for_readers
def release_page(request: HttpRequest, release: str) -> HttpResponse:
    """What one release counts, by which rules, and its tables."""
    found = found_for(request, release)
    looked(request, Event.STATS_READ, filters={"release": found.id})
    context = {
        **_row(found),
        "tables": [] if found.retracted else _tables(found),
        "files": [] if found.retracted else _links(found, [file for file in found.files if file.of_release]),
        "api": _api(request, found.id),
        "rules": published_rules.of(found),
    }
    return render(request, "statistics/published.html", context)


@require_safe
@for_readers
def table_page(request: HttpRequest, release: str, table: str) -> HttpResponse:
    """One table to read, with its files and the lines that fetch it in R and Python."""
    found = found_for(request, release)
    if table not in found.tables:
        raise Http404
    if found.retracted:
        return gone(request, found)
    content = published.content(found.id, table, "json")
    if content is None:
        raise Http404
    looked(request, Event.STATS_READ, filters={"release": found.id, "table": table})
    shown = sheet.sheet(
        json.loads(content.body),
        year=request.GET.get("jaar", ""),
        measure=request.GET.get("telling", ""),
        everything=bool(request.GET.get("alles")),
    )
    context = {
        **_row(found),
        "sheet": shown,
        "files": _links(found, [file for file in found.files if file.table == table]),
        "lines": lines.of_table(csv_address(request, found.id, table), token=needs_token(found)),
        "token": needs_token(found),
    }
    return render(request, "statistics/table.html", context)


@require_safe
@for_readers
def download(request: HttpRequest, release: str, table: str, extension: str) -> HttpResponse:
    """The published file itself: of a table, or about the whole release."""
    found = found_for(request, release)
    if not any(file.table == table for file in found.files):
        raise Http404
    if found.retracted:
        return gone(request, found)
    content = published.content(found.id, table, formats.SUFFIXES.get(extension, ""))
    if content is None or table == formats.MANIFEST:
        raise Http404
    looked(request, Event.EXPORT_DOWNLOAD, filters={"release": found.id, "table": table, "format": extension})
    response = HttpResponse(content.body, content_type=content.file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{found.id}-{table}.{extension}"'
    response["ETag"] = quote_etag(content.file.sha256)
    response["Last-Modified"] = http_date(found.published_at.timestamp())
    response["Content-Digest"] = content.file.digest
    return response


def csv_address(request: HttpRequest, release: str, table: str) -> str:
    """Where the API has the tidy CSV of a table."""
    return request.build_absolute_uri(reverse("api:table", args=[release, table, "csv"]))


def needs_token(release: Released) -> bool:
    """Whether the API asks for a token before it gives this release."""
    return not (release.public and figures_are_open())


def found_for(request: HttpRequest, identifier: str) -> Released:
    """The release, when there is one that is for whoever looks. Raises Http404."""
    release = published.release(identifier)
    if release is None or not sees(request, release):
        raise Http404
    return release


def _links(release: Released, files: list[File]) -> list[dict[str, str]]:
    """Where these files are downloaded, in the order in which people want them."""
    order = list(formats.KINDS)
    return [
        {
            "label": f"{WHOLE[file.table]} ({file.kind.label(active())})"
            if file.of_release
            else file.kind.label(active()),
            "url": reverse("statistics:download", args=[release.id, file.table, file.kind.suffix]),
        }
        for file in sorted(files, key=lambda file: (file.table, order.index(file.extension)))
    ]


def gone(request: HttpRequest, release: Released) -> HttpResponse:
    """410: the release was retracted; its description stays, with the reason."""
    looked(request, Event.STATS_READ, filters={"release": release.id})
    context = {**_row(release), "tables": [], "api": _api(request, release.id)}
    return render(request, "statistics/published.html", context, status=410)


def _row(release: Released) -> dict[str, Any]:
    return {
        "release": release,
        "status": status_words(release.status),
        "definition": codelists.definition(release.definition).label(active()),
        "url": reverse("statistics:published", args=[release.id]),
    }


def _tables(release: Released) -> list[TableLine]:
    """The tables of a release by their place in the table plan."""
    lines = []
    for name in sorted(release.tables, key=place_of):
        number, nl, en = HEADINGS.get(name, ("", name, name))
        url = reverse("statistics:table", args=[release.id, name])
        lines.append(TableLine(name, number, nl if active() == "nl" else en, url))
    return lines


def _api(request: HttpRequest, identifier: str) -> str:
    return request.build_absolute_uri(reverse("api:release", args=[identifier]))
