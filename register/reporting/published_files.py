"""The files of a published release, and what its manifest says of it: neither ever changes, so a process keeps both.

A page of two hundred releases names fifty thousand files: they are read once, by two statements for all that are new.
"""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField, Value
from django.db.models.functions import Cast

from register.models import PublishedFile, PublishedRelease
from register.reporting import formats

STATS = "stats"
# Of how many releases a process keeps the files before it begins anew; 200 take about ten megabytes.
MOST = 1000


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
class Kept:
    """What a process keeps of a release: the files that it names, and the facts of its manifest."""

    files: tuple[File, ...]
    facts: Mapping[str, Any]


_kept: dict[tuple[UUID, str], Kept] = {}


def kept_of(rows: Collection[PublishedRelease]) -> dict[UUID, Kept]:
    """The files and the facts of these releases, by their key."""
    found = {row.pk: _kept.get((row.pk, row.manifest_sha256)) for row in rows}
    missing = [row for row in rows if found[row.pk] is None]
    if missing:
        read = _read([row.pk for row in missing])
        if len(_kept) + len(missing) > MOST:
            _kept.clear()
        _kept.update(((row.pk, row.manifest_sha256), read[row.pk]) for row in missing)
        found.update(read)
    return {key: kept for key, kept in found.items() if kept is not None}


def forget() -> None:
    """Begin anew, as a process does that was just started."""
    _kept.clear()


def _read(keys: Collection[UUID]) -> dict[UUID, Kept]:
    files: dict[UUID, list[File]] = {key: [] for key in keys}
    rows = PublishedFile.objects.using(STATS).filter(release__in=keys)
    columns = ("release_id", "table", "extension", "media_type", "size", "sha256", "dimensions")
    named = rows.exclude(table=formats.MANIFEST).order_by("table", "extension").values_list(*columns)
    for key, table, extension, media_type, size, sha256, dimensions in named.iterator(chunk_size=5000):
        words = (intern(table), intern(extension), intern(media_type))
        files[key].append(File(*words, size, sha256, tuple(map(intern, dimensions))))
    told = rows.filter(table=formats.MANIFEST).annotate(facts=_without_files()).values_list("release_id", "facts")
    facts = dict(told)
    return {key: Kept(tuple(files[key]), facts.get(key, {})) for key in keys}


def _without_files() -> Func:
    """A manifest but for its list of files, taken apart by the database."""
    text = Func(F("body"), Value("UTF8"), function="convert_from", output_field=JSONField())
    parts = (Cast(text, JSONField()), Value("files"))
    return Func(*parts, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())
