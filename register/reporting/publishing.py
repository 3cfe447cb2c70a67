"""The step out: what is published is written once, hashed, and never changed; only its status moves on."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from register.models import PublishedFile, PublishedRelease, Release
from register.reporting import formats
from register.reporting.formats import About
from register.reporting.profiles import profile_of
from register.workflow.release_transitions import ReleaseState

MANIFEST = formats.MANIFEST
SUPERSEDED = "superseded"
RETRACTED = "retracted"
# The word for each published state in files, in the API and in the published tables.
PUBLIC_STATUS: Mapping[ReleaseState, str] = {
    ReleaseState.PUBLISHED_PROVISIONAL: "provisional",
    ReleaseState.PUBLISHED_FURTHER_PROVISIONAL: "further_provisional",
    ReleaseState.PUBLISHED_FINAL: "final",
    ReleaseState.SUPERSEDED: SUPERSEDED,
    ReleaseState.RETRACTED: RETRACTED,
}


def publish(release: Release, *, at: datetime) -> PublishedRelease:
    """Write the release, its files and its manifest to the published tables."""
    about = about_of(release)
    tables = list(release.tables.order_by("name"))
    stored = [
        _File(table.name, extension, text.encode(), table.summary["dimensions"])
        for table in tables
        for extension, text in sorted(table.files.items())
    ]
    facts = _facts(release, about, at)
    approved = {table.name: {key: text.encode() for key, text in table.files.items()} for table in tables}
    stored += [_File(name, key, body, []) for name, key, body in formats.files_of_release(approved, facts)]
    manifest = _manifest(facts, stored)
    published = PublishedRelease.objects.create(
        id=release.pk,
        identifier=release.identifier,
        title=release.title,
        status=about.status,
        definition=release.definition,
        period_from=release.year_from,
        period_to=release.year_to,
        cut_off=release.cut_off,
        published_at=at,
        threshold=release.threshold,
        rule_version=release.rule_version,
        hierarchy_version=release.hierarchy_version,
        population_version=release.population_id or "",
        supersedes=release.supersedes.identifier if release.supersedes else "",
        tox_completeness=about.tox_completeness,
        note=note_of(release),
        manifest_sha256=manifest.sha256,
        public=release.public,
    )
    PublishedFile.objects.bulk_create(file.row(published) for file in [*stored, manifest])
    return published


def supersede(release: Release) -> None:
    """Say in the published tables that a newer release replaces this one; its files stay."""
    PublishedRelease.objects.filter(pk=release.pk).update(status=SUPERSEDED)


def retract(release: Release, *, reason: str) -> None:
    """Say in the published tables that the release was retracted, and why."""
    PublishedRelease.objects.filter(pk=release.pk).update(status=RETRACTED, retraction_reason=reason[:2000])


def about_of(release: Release) -> About:
    """What the files of a built release say of it."""
    report = release.report or {}
    return About(
        release_id=release.identifier,
        title=release.title,
        status=PUBLIC_STATUS[ReleaseState(release.target_status)],
        definition=release.definition,
        rule_version=release.rule_version,
        year_from=release.year_from,
        year_to=release.year_to,
        extracted_on=timezone.localdate(release.cut_off),
        threshold=release.threshold,
        completeness=report.get("completeness"),
        tox_completeness=report.get("tox_completeness"),
        rules=profile_of(release.profile).facts(),
        extract_format=report.get("extract_format", 0),
    )


class _File:
    def __init__(self, table: str, extension: str, body: bytes, dimensions: Sequence[str]) -> None:
        self.table = table
        self.extension = extension
        self.body = body
        self.dimensions = list(dimensions)
        self.sha256 = hashlib.sha256(body).hexdigest()

    def row(self, published: PublishedRelease) -> PublishedFile:
        return PublishedFile(
            release=published,
            table=self.table,
            extension=self.extension,
            media_type=formats.MEDIA_TYPES[self.extension],
            sha256=self.sha256,
            size=len(self.body),
            body=self.body,
            dimensions=self.dimensions,
        )


def _facts(release: Release, about: About, at: datetime) -> dict[str, Any]:
    """What the manifest, and each file about the whole release, says of it."""
    return {
        **formats.release_facts(about),
        "cutoff": moment(release.cut_off),
        "publishedAt": moment(at),
        "supersedes": release.supersedes.identifier if release.supersedes else None,
        "hierarchyVersion": release.hierarchy_version,
        "populationVersion": release.population_id,
        "notes": note_of(release),
    }


def note_of(release: Release) -> str:
    """The note that is published: that of the person, and which years keep the figures of an earlier release."""
    kept = (release.report or {}).get("kept", {})
    return " ".join(
        [
            *([release.note] if release.note else []),
            *(
                f"De cijfers over {year} zijn die van {source}; verbeteringen volgen later."
                for year, source in kept.items()
            ),
        ]
    )


def _manifest(facts: Mapping[str, Any], stored: Sequence[_File]) -> _File:
    """The release and every file with its size and hash: what a reader needs to prove that nothing changed."""
    whole = {
        **facts,
        "files": [
            {
                "table": file.table,
                "path": formats.path_of(file.table, file.extension),
                "mediaType": formats.MEDIA_TYPES[file.extension],
                "bytes": len(file.body),
                "sha256": file.sha256,
            }
            for file in stored
        ],
    }
    body = json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"
    return _File(MANIFEST, "json", body, [])


def moment(at: datetime) -> str:
    """A moment in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
