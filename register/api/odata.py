"""The open data service in the way of Statistics Netherlands (OData 3): for ``cbsodataR`` and ``cbsodata``.

Its names and its query options are theirs, and the case of its addresses does not matter, so it stands outside the
description of the API. Everything else (token, version, errors, tags) is as in the rest of the API.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from register.api.answers import changing, json_answer
from register.api.odata_filter import FilterError, question
from register.api.problems import Fault
from register.api.queries import Query
from register.api.readers import is_anybody
from register.api.reading import Reading
from register.reporting import open_data
from register.reporting.formats.odata import Rows

SERVICES = {"odataapi": "ODataApi", "odatafeed": "ODataFeed"}
ADDRESSES = {"ApiUrl": "ODataApi", "FeedUrl": "ODataFeed"}
CATALOG, COUNT = "ODataCatalog", "$count"
TABLES, THEMES, TABLES_THEMES = "Tables", "Themes", "Tables_Themes"
PAGE, MOST, MOST_RELEASES = 10_000, 1_000_000, 1000
OPTIONS = ("$format", "$filter", "$select", "$top", "$skip", "$inlinecount")
ALL_PAGES = "allpages"
PREFERENCE = re.compile(r"odata\.maxpagesize=([1-9][0-9]{0,8})(?![0-9])", re.ASCII)


class OData(Reading):
    """Every address of the service."""

    @extend_schema(exclude=True)
    def get(self, request: Request, address: str) -> HttpResponse:
        base = request.build_absolute_uri(request.path.removesuffix(address)).rstrip("/")
        match [part for part in address.lower().split("/") if part]:
            case ["odatacatalog"]:
                return _listed(request, f"{base}/{CATALOG}", [TABLES, THEMES, TABLES_THEMES])
            case ["odatacatalog", name]:
                named, rows = _named(_catalogue(request, base), name)
                return _rows(request, f"{base}/{CATALOG}/{named}", rows)
            case [service, "odata", table] if service in SERVICES:
                return _listed(request, f"{base}/{SERVICES[service]}/odata/{table}", _lists(request, table))
            case [service, "odata", table, name, *rest] if service in SERVICES and rest in ([], [COUNT]):
                named, rows = _named(_lists(request, table), name)
                here = f"{base}/{SERVICES[service]}/odata/{table}/{named}"
                return _count(request, rows) if rest else _rows(request, here, rows)
            case _:
                raise Http404


def _catalogue(request: Request, base: str) -> Mapping[str, Rows]:
    tables = open_data.catalogue(limit=MOST_RELEASES, public=is_anybody(request))
    return {
        TABLES: _with_addresses(base, tables),
        THEMES: open_data.THEMES,
        TABLES_THEMES: open_data.themes_of(tables),
    }


def _lists(request: Request, table: str) -> Mapping[str, Rows]:
    found = open_data.lists_of(table, public=is_anybody(request))
    if found is None:
        raise Http404
    return found


def _named(lists: Mapping[str, Rows], name: str) -> tuple[str, Rows]:
    for known, rows in lists.items():
        if known.lower() == name:
            return known, rows
    raise Http404


def _listed(request: Request, here: str, names: Iterable[str]) -> HttpResponse:
    """The service document: what there is, and where."""
    query = Query(request.query_params)
    query.only(("$format",))
    _only_json(query)
    query.check()
    value = [{"name": name, "url": f"{here}/{name}"} for name in names]
    return json_answer(request, {"odata.metadata": f"{here}/$metadata", "value": value})


def _rows(request: Request, here: str, rows: Rows) -> HttpResponse:
    """One page of the rows that were asked for; ``odata.nextLink`` leads to the next."""
    query = Query(request.query_params)
    query.only(OPTIONS)
    _only_json(query)
    columns = list(rows[0]) if rows else []
    found = _filtered(query, rows, columns)
    shown = _selected(query, columns)
    skip = query.number("$skip", default=0, smallest=0, largest=MOST)
    top = query.number("$top", default=MOST, smallest=0, largest=MOST)
    if request.query_params.get("$inlinecount", ALL_PAGES) not in (ALL_PAGES, "none"):
        query.fault("$inlinecount", "Kies een van: allpages, none.", "Choose one of: allpages, none.")
    query.check()
    size = min(top, _page_size(request))
    page = found[skip : skip + size]
    body: dict[str, Any] = {"odata.metadata": f"{here.rpartition('/')[0]}/$metadata#{here.rpartition('/')[2]}"}
    if request.query_params.get("$inlinecount") == ALL_PAGES:
        body["odata.count"] = str(len(found))
    body["value"] = [{name: row[name] for name in shown} for row in page]
    if size < top and skip + size < len(found):
        body["odata.nextLink"] = f"{here}?{_onwards(request, skip + size, top - size)}"
    return json_answer(request, body)


def _count(request: Request, rows: Rows) -> HttpResponse:
    query = Query(request.query_params)
    query.only(("$filter",))
    found = _filtered(query, rows, list(rows[0]) if rows else [])
    query.check()
    return changing(request, str(len(found)).encode(), media_type="text/plain; charset=utf-8")


def _filtered(query: Query, rows: Rows, columns: Sequence[str]) -> Rows:
    text = query.given.get("$filter")
    if text is None:
        return rows
    try:
        asked = question(text, columns)
    except FilterError as error:
        query.faults.append(Fault("$filter", error.sentence))
        return rows
    return [row for row in rows if asked(row)]


def _selected(query: Query, columns: Sequence[str]) -> list[str]:
    """The columns that were asked for, in the order of the table."""
    text = query.given.get("$select", "*")
    wanted = {name.strip().lower() for name in text.split(",")}
    if "*" in wanted:
        return list(columns)
    if unknown := wanted - {column.lower() for column in columns}:
        listed, odd = ", ".join(columns), ", ".join(sorted(unknown))
        query.fault("$select", f"Onbekend: {odd}. Er zijn: {listed}.", f"Unknown: {odd}. There are: {listed}.")
    return [column for column in columns if column.lower() in wanted]


def _only_json(query: Query) -> None:
    if query.given.get("$format", "json").split(";")[0].lower() not in ("json", "application/json"):
        query.fault("$format", "Alleen json is er.", "Only json is there.")


def _page_size(request: Request) -> int:
    """The largest page, or fewer rows when the client prefers that (``Prefer: odata.maxpagesize=100``)."""
    wanted = PREFERENCE.search(request.headers.get("Prefer", ""))
    return min(PAGE, int(wanted[1])) if wanted else PAGE


def _onwards(request: Request, skip: int, top: int) -> str:
    """The query of the next page: the same, from further on."""
    kept = {name: value for name, value in request.query_params.items() if name not in ("$skip", "$top")}
    more = {**kept, **({"$top": str(top)} if "$top" in request.query_params else {}), "$skip": str(skip)}
    return "&".join(f"{name}={quote(str(value), safe='')}" for name, value in more.items())


def _with_addresses(base: str, rows: Rows) -> Rows:
    return [
        {**row, **{key: f"{base}/{service}/odata/{row['Identifier']}" for key, service in ADDRESSES.items()}}
        for row in rows
    ]
