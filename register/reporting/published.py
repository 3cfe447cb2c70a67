"""The published statistics as anybody may read them: the statistics role's view, and nothing else.

Every query goes over the connection of the role that can read the published tables only.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from register.models import PublishedFile, PublishedRelease
from register.reporting import formats
from register.reporting.publishing import MANIFEST, RETRACTED, SUPERSEDED

STATS = "stats"
CURRENT = ("provisional", "further_provisional", "final")
STATUSES = (*CURRENT, SUPERSEDED, RETRACTED)
NEWEST_FIRST = ("-published_at", "identifier")
# How many files each process keeps, and up to which size: the tables that people ask for, and no large workbook.
KEPT, LARGEST_KEPT = 128, 1_000_000
# Of how many releases each process keeps the rules.
KEPT_RULES = 1000


@dataclass(frozen=True, slots=True)
class File:
    """One published file without its content. ``sha256`` is of the content, in hexadecimal.

    ``table`` is the name of its table, or of what it tells of the whole release; ``extension`` the key of its form.
    """

    table: str
    extension: str
    media_type: str
    size: int
    sha256: str
    dimensions: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The hash as the Content-Digest header writes it (RFC 9530)."""
        return f"sha-256=:{base64.b64encode(bytes.fromhex(self.sha256)).decode()}:"

    @property
    def kind(self) -> formats.Kind:
        """Its form."""
        return formats.KINDS[self.extension]

    @property
    def name(self) -> str:
        """The name of the file, with its suffix."""
        return formats.file_name(self.table, self.extension)

    @property
    def path(self) -> str:
        """Where the file stands below the address of its release."""
        return formats.path_of(self.table, self.extension)

    @property
    def of_release(self) -> bool:
        """Whether it speaks of the whole release, and of no single table."""
        return self.table in formats.WHOLE


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

    ``public``: it is for everybody, where the deployment opens its figures; else for who has a token.
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

    @property
    def retracted(self) -> bool:
        return self.status == RETRACTED

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
    files: dict[UUID, list[PublishedFile]] = {row.pk: [] for row in page}
    for file in _offered().filter(release__in=page):
        files[file.release_id].append(file)
    return [_released(row, files[row.pk]) for row in page], rows.count()


def release(identifier: str) -> Released | None:
    """The release with this identifier."""
    row = _releases().filter(identifier=identifier).first()
    return _released(row, _offered().filter(release=row)) if row else None


def rules_of(release: Released) -> Mapping[str, Any] | None:
    """The rules beside the threshold, as its manifest tells them; None where the threshold is the only one."""
    return _kept_rules(release.id, release.manifest_sha256)


@lru_cache(maxsize=KEPT_RULES)
def _kept_rules(release: str, manifest_sha256: str) -> Mapping[str, Any] | None:
    manifest = content(release, MANIFEST, "json")
    if manifest is None or manifest.file.sha256 != manifest_sha256:
        raise LookupError(f"{release} has no such manifest")
    rules: Mapping[str, Any] | None = json.loads(manifest.body).get("rules")
    return rules


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


def _offered() -> QuerySet[PublishedFile]:
    """The files of a release that it names: all but the manifest, which names them."""
    return _files().exclude(table=MANIFEST).order_by("table", "extension")


def _released(row: PublishedRelease, files: Iterable[PublishedFile]) -> Released:
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
        files=tuple(map(_file, files)),
    )


def _file(row: PublishedFile) -> File:
    return File(row.table, row.extension, row.media_type, row.size, row.sha256, tuple(row.dimensions))
