"""Building a release in steps that are kept: freeze the cases, count and protect, write the files.

Each step is one transaction. A build that was killed goes on with the step it was in, from the facts that were frozen,
so that it comes to the same figures.
"""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from register.audit import acting_as
from register.disclosure import Policy
from register.models import Release, ReleaseCells, ReleaseChange, ReleaseExtract, ReleaseTable
from register.reporting import cells, difference, extract, formats, freezing, ledger, naming, populations, shares
from register.reporting.choices import choices_of
from register.reporting.codelists import NOTIFIED
from register.reporting.conflicts import ConflictError
from register.reporting.errors import BuildError
from register.reporting.extract import Extract
from register.reporting.formats import ProtectedTable
from register.reporting.over_time import Earlier
from register.reporting.profiles import Profile, profile_of
from register.reporting.protect import protected_release
from register.reporting.publishing import about_of
from register.reporting.queueing import ask_for_build
from register.reporting.tables import designs
from register.reporting.uncollected import uncollected
from register.workflow.release_transitions import ReleaseState

BUILDER = "system:release-builder"
Build = Release.Build
ENDED = frozenset({Build.BUILT, Build.FAILED})


def build(*, release_id: uuid.UUID, now: datetime, trace: uuid.UUID | None = None) -> Release:
    """Build the tables of a draft at once. Does nothing when they are built or the release is no draft any more.

    When the cases do not allow it, or protection is not proven, the release says why and no file exists.
    """
    with acting_as(BUILDER, trace=trace):
        release = Release.objects.select_for_update().get(pk=release_id)
        facts = _Facts(release)
        while _unfinished(release):
            _step(release, now, facts)
        return release


def advance(*, release_id: uuid.UUID, now: datetime, trace: uuid.UUID | None = None) -> Release:
    """Take the next step of a build and ask for the one after it."""
    with acting_as(BUILDER, trace=trace):
        release = Release.objects.select_for_update().get(pk=release_id)
        if _unfinished(release):
            _step(release, now, _Facts(release))
            if _unfinished(release):
                ask_for_build(release)
        return release


def _unfinished(release: Release) -> bool:
    return release.build not in ENDED and release.status == ReleaseState.DRAFT


class _Facts:
    """The frozen facts of one release, read when they are first asked for and then kept for the steps that follow."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._held: Extract | None = None

    def read(self) -> Extract:
        if self._held is None:
            self._held = frozen_facts(self._release)
        return self._held


def _step(release: Release, now: datetime, facts: _Facts) -> None:
    try:
        with uncollected():
            match release.build:
                case Build.WAITING:
                    _freeze(release)
                case Build.FROZEN:
                    _protect(release, facts.read())
                case Build.PROVEN:
                    _write(release, facts.read(), now)
    except BuildError as error:
        if isinstance(error, ConflictError):
            told = naming.told(error.conflicts, facts.read())
            release.report = {**(release.report or {}), "conflict": told}
        ReleaseExtract.objects.filter(release=release).delete()
        release.change(build=Build.FAILED, build_message_nl=error.nl[:2000], build_message_en=error.en[:2000])
        _note(release, "build_failed", error.en)


def _freeze(release: Release) -> None:
    frozen = freezing.freeze(
        years=release.years,
        cut_off=release.cut_off,
        rule_version=release.rule_version,
        population=populations.frozen(release.population, release.years),
        services=profile_of(release.profile).dominant is not None,
    )
    earlier = ledger.frozen(release)
    kept = ledger.kept_from(release, choices_of(release.choices).keep, earlier)
    frozen = frozen.keeping({year: ledger.facts(source) for year, source in kept.items()})
    body, sha256 = extract.packed(extract.to_lines(frozen))
    ReleaseExtract.objects.create(release=release, cases=len(frozen.deaths), body=body, sha256=sha256, earlier=earlier)
    release.report = {
        **_counts(release, frozen),
        "kept": {str(year): source.identifier for year, source in sorted(kept.items())},
    }
    release.change(build=Build.FROZEN, hierarchy_version=frozen.hierarchy_version())


def _protect(release: Release, frozen: Extract) -> None:
    made = protected_release(
        frozen,
        definition=release.definition,
        years=release.years,
        policy=Policy(threshold=release.threshold),
        earlier=earlier_releases(release),
        choices=choices_of(release.choices),
        profile=chosen_rules(release),
    )
    ReleaseCells.objects.create(release=release, body=cells.to_bytes(made.tables))
    release.change(build=Build.PROVEN, report={**(release.report or {}), **made.report})


def _write(release: Release, frozen: Extract, now: datetime) -> None:
    held = ReleaseCells.objects.get(release=release)
    tables = cells.from_bytes(bytes(held.body), designs(frozen))
    about = about_of(release)
    for name, table in tables.items():  # one by one: an array of them all costs more to write down than they do
        ReleaseTable.objects.create(
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
    ReleaseCells.objects.filter(release=release).delete()
    release.report = {**(release.report or {}), "difference": _difference(release, tables)}
    release.change(build=Build.BUILT, build_message_nl="", build_message_en="", built_at=now)
    _note(release, "build", "")


def chosen_rules(release: Release) -> Profile:
    """The rules that the makers of a release chose beside its threshold, with who did and when."""
    maker, day = release.created_by.display_name, timezone.localdate(release.created_at)
    return profile_of(release.profile, person=maker or "-", day=day.isoformat())


def frozen_facts(release: Release) -> Extract:
    """The facts that were frozen for this release. Raises BuildError when they are not as they were frozen."""
    return ledger.facts(release)


def earlier_releases(release: Release) -> list[Earlier]:
    """The releases beside which this one was protected, as they were known when it was frozen."""
    return ledger.earlier(ReleaseExtract.objects.get(release=release).earlier)


def _counts(release: Release, frozen: Extract) -> dict[str, Any]:
    """How many deaths count, and how far the register is with the cases of the period."""
    counted = frozen.counted(release.definition)
    with_tox = sum(death.tox == freezing.FINAL_TOXICOLOGY for death in counted)
    standing = freezing.standing(years=release.years, cut_off=release.cut_off)
    decided, reported = frozen.reports()
    return {
        "extract_format": frozen.format,
        "deaths": len(counted),
        "open": standing.open,
        "year_unknown": standing.year_unknown,
        "completeness": shares.share(decided, reported, threshold=release.threshold),
        "tox_completeness": shares.share(with_tox, len(counted), threshold=release.threshold),
        "years": [_of_year(frozen, release.definition, year) for year in release.years],
    }


def _of_year(frozen: Extract, definition: str, year: int) -> dict[str, Any]:
    """How complete one year is, for those who decide: this never leaves the register."""
    counted = [death for death in frozen.counted(definition) if death.year == year]
    with_tox = sum(death.tox == freezing.FINAL_TOXICOLOGY for death in counted)
    return {
        "year": year,
        "deaths": len(counted),
        "open": frozen.tallied("decision", NOTIFIED).get((str(year), "open"), 0),
        "tox_percent": round(100 * with_tox / len(counted)) if counted else None,
    }


def _difference(release: Release, tables: dict[str, ProtectedTable]) -> dict[str, Any] | None:
    before = difference.predecessor(release)
    return difference.compare(tables, before, threshold=release.threshold) if before else None


def _note(release: Release, name: str, reason: str) -> None:
    ReleaseChange.objects.create(
        release=release, name=name, from_status=release.status, to_status=release.status, by=None, reason=reason[:2000]
    )
