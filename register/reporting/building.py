"""Building a release: freeze, count, protect, write the files. One transaction, so a killed build leaves nothing."""

import uuid
from datetime import datetime
from typing import Any

from register.audit import acting_as
from register.disclosure import Policy
from register.models import Release, ReleaseChange, ReleaseExtract, ReleaseTable
from register.reporting import difference, extract, formats, freezing, shares
from register.reporting.errors import BuildError
from register.reporting.extract import Extract
from register.reporting.protect import ProtectedRelease, protected_release
from register.reporting.publishing import about_of
from register.reporting.situation import years_of
from register.workflow.release_transitions import ReleaseState

BUILDER = "system:release-builder"


def build(*, release_id: uuid.UUID, now: datetime, trace: uuid.UUID | None = None) -> Release:
    """Build the tables of a draft. Does nothing when they are built already or the release is no draft any more.

    When the cases do not allow it, or protection is not proven, the release says why and no file exists.
    """
    with acting_as(BUILDER, trace=trace):
        release = Release.objects.select_for_update().get(pk=release_id)
        if release.build == Release.Build.BUILT or release.status != ReleaseState.DRAFT:
            return release
        try:
            frozen = freezing.freeze(
                years=years_of(release), cut_off=release.cut_off, rule_version=release.rule_version
            )
            made = protected_release(
                frozen,
                definition=release.definition,
                years=years_of(release),
                policy=Policy(threshold=release.threshold),
            )
        except BuildError as error:
            release.change(
                build=Release.Build.FAILED, build_message_nl=error.nl[:2000], build_message_en=error.en[:2000]
            )
            _note(release, "build_failed", error.en)
            return release
        _store(release, frozen, made)
        release.change(build=Release.Build.BUILT, build_message_nl="", build_message_en="", built_at=now)
        _note(release, "build", "")
        return release


def _store(release: Release, frozen: Extract, made: ProtectedRelease) -> None:
    lines = extract.to_lines(frozen)
    body, sha256 = extract.packed(lines)
    ReleaseExtract.objects.create(release=release, cases=len(frozen.deaths), body=body, sha256=sha256)
    release.report = {**made.report, **_counts(release, frozen), "difference": _difference(release, made)}
    about = about_of(release)
    ReleaseTable.objects.bulk_create(
        ReleaseTable(
            release=release,
            name=name,
            files={extension: data.decode() for extension, data in formats.files(table, about).items()},
            summary={
                "number": table.design.number,
                "title": {"nl": table.design.nl, "en": table.design.en},
                "dimensions": list(table.design.dimensions),
                "cells": len(table.rows),
                "hidden": table.suppressed,
            },
        )
        for name, table in made.tables.items()
    )


def _counts(release: Release, frozen: Extract) -> dict[str, Any]:
    """How many deaths count, and how far the register is with the cases of the period."""
    counted = frozen.counted(release.definition)
    with_tox = sum(death.tox == freezing.FINAL_TOXICOLOGY for death in counted)
    standing = freezing.standing(years=years_of(release), cut_off=release.cut_off)
    whole = standing.decided + standing.open
    return {
        "deaths": len(counted),
        "open": standing.open,
        "year_unknown": standing.year_unknown,
        "completeness": shares.share(standing.decided, whole, threshold=release.threshold),
        "tox_completeness": shares.share(with_tox, len(counted), threshold=release.threshold),
    }


def _difference(release: Release, made: ProtectedRelease) -> dict[str, Any] | None:
    before = difference.predecessor(release)
    return difference.compare(made.tables, before, threshold=release.threshold) if before else None


def _note(release: Release, name: str, reason: str) -> None:
    ReleaseChange.objects.create(
        release=release, name=name, from_status=release.status, to_status=release.status, by=None, reason=reason[:2000]
    )
