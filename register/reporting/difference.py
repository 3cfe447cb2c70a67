"""What a new release says that the one before did not: cell by cell, over published cells only."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from register.disclosure import Count
from register.models import PublishedFile, Release
from register.reporting import formats, naming
from register.reporting.formats import ProtectedTable, Row
from register.reporting.publishing import RETRACTED
from register.workflow.release_transitions import PUBLISHED

Key = tuple[str, ...]
Values = dict[Key, int | None]
LARGEST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that both releases show, with different counts."""

    table: str
    key: Key
    was: int
    now: int


def predecessor(release: Release) -> Release | None:
    """The release to compare with: the one it replaces, else the newest published one by the same definition."""
    if release.supersedes is not None:
        return release.supersedes
    published = Release.objects.filter(status__in=PUBLISHED, definition=release.definition).exclude(pk=release.pk)
    return published.order_by("-published_at").first()


def compare(tables: Mapping[str, ProtectedTable], before: Release, *, threshold: int) -> dict[str, Any]:
    """The difference with ``before`` for the release page.

    ``small`` counts the cells that both releases show and that differ by less than the threshold: whoever subtracts
    one from the other sees a small group of deaths. ``hidden_now`` were shown before, ``shown_now`` were hidden.
    """
    changed: list[Change] = []
    hidden_now = shown_now = same = 0
    for name, was in _published_cells(before):
        if name not in tables:
            continue
        now = _cells(tables[name])
        for key in was.keys() & now.keys():
            old, new = was[key], now[key]
            hidden_now += old is not None and new is None
            shown_now += old is None and new is not None
            same += old is not None and old == new
            if old is not None and new is not None and old != new:
                changed.append(Change(name, key, old, new))
    changed.sort(key=lambda change: (-abs(change.now - change.was), change.table, change.key))
    return {
        "release": before.identifier,
        "changed": len(changed),
        "same": same,
        "small": sum(abs(change.now - change.was) < threshold for change in changed),
        "hidden_now": hidden_now,
        "shown_now": shown_now,
        "largest": [
            {
                "table": change.table,
                "cell": _named(tables[change.table], change.key),
                "was": change.was,
                "now": change.now,
                "by": change.now - change.was,
            }
            for change in changed[:LARGEST_SHOWN]
        ],
    }


def _cells(table: ProtectedTable) -> Values:
    """The counts of a table; what is computed from them changes when they do."""
    rows = (row for row in table.rows if row.measure in table.design.counts)
    return {_key(row): row.cell.value if isinstance(row.cell, Count) else None for row in rows}


def _key(row: Row) -> Key:
    return (row.period, row.definition, *row.at, row.measure)


def _named(table: ProtectedTable, key: Key) -> dict[str, str]:
    """What a cell is called on the page."""
    period, definition, *at, measure = key
    return naming.words_of(table.design, definition, measure, period, at)


def _published_cells(before: Release) -> Iterator[tuple[str, Values]]:
    files = PublishedFile.objects.filter(release_id=before.pk, extension="json").exclude(release__status=RETRACTED)
    for file in files.exclude(table__in=formats.WHOLE).order_by("table"):
        body = json.loads(bytes(file.body))
        names = [dimension["name"] for dimension in body["table"]["dimensions"] if dimension["name"] != "ref_area"]
        yield (
            file.table,
            {
                (cell["time_period"], *(cell[name] for name in names), cell["measure"]): cell["obs_value"]
                for cell in body["cells"]
            },
        )
