"""The published tables as the open data service of Statistics Netherlands names them.

A table goes by its own name in the newest release, and by ``<release>.<table>`` for ever.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.timezone import localtime

from register.reporting import published
from register.reporting.formats.cube import Cube
from register.reporting.formats.odata import Rows, entity_sets
from register.reporting.headings import HEADINGS
from register.reporting.published import Found, Released

BETWEEN = "."
# A parsed table takes a few megabytes; people ask for the same few.
KEPT = 8
# Statistics Netherlands puts its tables under themes; all of ours are about one thing.
THEMES: Rows = [
    {
        "ID": 1,
        "ParentID": None,
        "Number": "1",
        "Title": "Drugsgerelateerde sterfte",
        "Language": "nl",
        "Catalog": "register",
    }
]


def lists_of(identifier: str, *, public: bool = False) -> Mapping[str, Rows] | None:
    """Every list of a table by its name; None when it is not published, or not any more. The rows are not to change.

    ``public``: only of releases for everybody.
    """
    found = _found(identifier, public=public)
    if found is None or found.retracted or found.file.of_release:
        return None
    return _parsed(identifier, found.release, found.file.table, found.file.sha256)


def catalogue(*, limit: int, public: bool = False) -> Rows:
    """One row for each table: first those of the newest release by their own names, then those of each release.

    ``public``: only of releases for everybody.
    """
    releases, _ = published.releases(limit=limit, public=public)
    newest = published.latest(public=public)
    rows = [row for release in releases if release.id == newest for row in _rows(release, short=True)]
    rows += [row for release in releases if not release.retracted for row in _rows(release, short=False)]
    return [{"ID": place, **row} for place, row in enumerate(rows)]


def themes_of(tables: Rows) -> Rows:
    """The theme of each table of the catalogue."""
    theme = THEMES[0]["ID"]
    return [
        {"ID": row["ID"], "TableID": row["ID"], "TableIdentifier": row["Identifier"], "ThemeID": theme}
        for row in tables
    ]


def _found(identifier: str, *, public: bool) -> Found | None:
    release, between, table = identifier.rpartition(BETWEEN)
    wanted = release if between else published.latest(public=public)
    found = published.find(wanted, table, "json") if wanted else None
    return None if found is None or (public and not found.public) else found


@lru_cache(maxsize=KEPT)
def _parsed(identifier: str, release: str, table: str, sha256: str) -> Mapping[str, Rows]:
    content = published.content(release, table, "json")
    if content is None or content.file.sha256 != sha256:
        raise LookupError(f"{release} has no such {table}")
    return entity_sets(Cube.of(json.loads(content.body)), identifier)


def _rows(release: Released, *, short: bool) -> Iterator[dict[str, Any]]:
    # Edm.DateTime has no offset; Statistics Netherlands writes Dutch time.
    moment = localtime(release.published_at).replace(tzinfo=None).isoformat(timespec="seconds")
    for table in release.tables:
        _, title, _ = HEADINGS.get(table, ("", table, table))
        yield {
            "Identifier": table if short else f"{release.id}{BETWEEN}{table}",
            "Title": title,
            "ShortTitle": title,
            "Summary": release.title,
            "Updated": moment,
            "Modified": moment,
            "MetaDataModified": moment,
            "Language": "nl",
            "Catalog": "register",
            "Frequency": "Perjaar",
            "Period": f"{release.period_from}-{release.period_to}",
            "OutputStatus": "Regulier",
        }
