"""The published statistics as anybody may read them: the statistics role's view, and nothing else.

Every query goes over the connection of the role that can read the published tables only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from register.models import PublishedFile, PublishedRelease
from register.reporting.published_files import STATS, File, Kept, kept_of
from register.reporting.publishing import RETRACTED, SUPERSEDED

CURRENT = ("provisional", "further_provisional", "final")
STATUSES = (*CURRENT, SUPERSEDED, RETRACTED)
NEWEST_FIRST = ("-published_at", "identifier")
# How many files each process keeps, and up to which size: the tables that people ask for, and no large workbook.
KEPT, LARGEST_KEPT = 128, 1_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """A published file with its bytes."""

    file: File
    body: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A published file with what its release says of it. A retracted release offers its manifest and nothing else.

    ``public``: the release is for everybody, where the deployment opens its figures; else for who has a token.
    """

    release: str
    published_at: datetime
    manifest_sha256: str
    retracted: bool
    retraction_reason: str
    public: bool
    file: File

    def kept(self) -> "Found":
        """The same file as one that stays also when its release was retracted."""
        return replace(self, retracted=False)


@dataclass(frozen=True, slots=True)
class Released:
    """A release as the world knows it. Years are of death, both included.

    ``public``: it is for everybody, where the deployment opens its figures; else for who has a token. ``facts`` are
    what its manifest says of it.
    """

    id: str
    title: str
    status: str
    definition: str
    period_from: int
    period_to: int
    cut_off: datetime
    published_at: datetime
    threshold: int
    rule_version: str
    supersedes: str
    tox_completeness: int | None
    note: str
    retraction_reason: str
    manifest_sha256: str
    public: bool
    files: tuple[File, ...]
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def retracted(self) -> bool:
        return self.status == RETRACTED

    @property
    def rules(self) -> Mapping[str, Any] | None:
        """The rules beside the threshold; None where the threshold is the only one."""
        return self.facts.get("rules")

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables."""
        return tuple(dict.fromkeys(file.table for file in self.files if not file.of_release))

    def file(self, table: str, key: str) -> File | None:
        """The file of a table in this form."""
        return next((file for file in self.files if (file.table, file.extension) == (table, key)), None)


def releases(
    *, statuses: Sequence[str] = (), limit: int = 50, offset: int = 0, public: bool = False
) -> tuple[list[Released], int]:
    """The published releases, newest first, and how many there are; of these statuses when any are named.

    ``public``: only those for everybody.
    """
    rows = _releases(public=public)
    if statuses:
        rows = rows.filter(status__in=statuses)
    page = list(rows.order_by(*NEWEST_FIRST)[offset : offset + limit])
    return _all_released(page), rows.count()


def release(identifier: str) -> Released | None:
    """The release with this identifier."""
    row = _releases().filter(identifier=identifier).first()
    return _all_released([row])[0] if row else None


def latest(*, status: str = "", definition: str = "", public: bool = False) -> str | None:
    """The identifier of the newest release that is neither superseded nor retracted.

    ``public``: of those for everybody.
    """
    rows = _releases(public=public).filter(status__in=[status] if status else CURRENT)
    if definition:
        rows = rows.filter(definition=definition)
    return rows.order_by(*NEWEST_FIRST).values_list("identifier", flat=True).first()


@dataclass(frozen=True, slots=True)
class Span:
    """Which years a release covers, and its status."""

    id: str
    status: str
    period_from: int
    period_to: int


def spans(definition: str, *, public: bool = False) -> list[Span]:
    """The releases of a definition that are neither superseded nor retracted, newest first.

    ``public``: only those for everybody.
    """
    rows = _releases(public=public).filter(status__in=CURRENT, definition=definition)
    columns = ("identifier", "status", "period_from", "period_to")
    return [Span(*row) for row in rows.order_by(*NEWEST_FIRST).values_list(*columns)]


def find(identifier: str, name: str, key: str) -> Found | None:
    """One file with what its release says of it, in one query and without its content."""
    rows = _files().select_related("release").filter(release__identifier=identifier, table=name, extension=key)
    row = rows.first()
    if row is None:
        return None
    release = row.release
    reason = release.retraction_reason if release.status == RETRACTED else ""
    retracted = release.status == RETRACTED
    return Found(
        release=release.identifier,
        published_at=release.published_at,
        manifest_sha256=release.manifest_sha256,
        retracted=retracted,
        retraction_reason=reason,
        public=release.public,
        file=_file(row),
    )


def body_of(release: str, file: File) -> bytes:
    """The bytes of a file that was found. They never change, so a process keeps them by their hash."""
    if file.size > LARGEST_KEPT:
        return _body(release, file.table, file.extension)
    return _kept_body(release, file.table, file.extension, file.sha256)


@lru_cache(maxsize=KEPT)
def _kept_body(release: str, table: str, extension: str, sha256: str) -> bytes:
    return _body(release, table, extension)


def _body(release: str, table: str, extension: str) -> bytes:
    rows = PublishedFile.objects.using(STATS).filter(release__identifier=release)
    return bytes(rows.values_list("body", flat=True).get(table=table, extension=extension))


def content(identifier: str, table: str, extension: str) -> Content | None:
    """One published file, byte for byte."""
    rows = PublishedFile.objects.using(STATS).filter(release__identifier=identifier)
    row = rows.filter(table=table, extension=extension).first()
    return Content(_file(row), bytes(row.body)) if row else None


def _releases(*, public: bool = False) -> QuerySet[PublishedRelease]:
    rows = PublishedRelease.objects.using(STATS)
    return rows.filter(public=True) if public else rows


def _files() -> QuerySet[PublishedFile]:
    return PublishedFile.objects.using(STATS).defer("body")


def _all_released(rows: Sequence[PublishedRelease]) -> list[Released]:
    kept = kept_of(rows)
    return [_released(row, kept[row.pk]) for row in rows]


def _released(row: PublishedRelease, kept: Kept) -> Released:
    return Released(
        id=row.identifier,
        title=row.title,
        status=row.status,
        definition=row.definition,
        period_from=row.period_from,
        period_to=row.period_to,
        cut_off=row.cut_off,
        published_at=row.published_at,
        threshold=row.threshold,
        rule_version=row.rule_version,
        supersedes=row.supersedes,
        tox_completeness=row.tox_completeness,
        note=row.note,
        retraction_reason=row.retraction_reason,
        manifest_sha256=row.manifest_sha256,
        public=row.public,
        files=kept.files,
        facts=kept.facts,
    )


def _file(row: PublishedFile) -> File:
    return File(row.table, row.extension, row.media_type, row.size, row.sha256, tuple(row.dimensions))
