"""A case as the pure rooms see it: the record that the quality rules check and the facts that coding reads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from register.casework import derived
from register.casework.answers import answers_in
from register.casework.dossier import Dossier, with_rows
from register.coding.facts import CaseFacts
from register.models import (
    SECTIONS,
    Case,
    KnownUse,
    NaloxoneGiven,
    SourceDocument,
    SubstanceFinding,
    SuspectedSubstance,
    ToxRequest,
    ToxResult,
    ToxSample,
)
from register.models.case import CaseChild
from register.models.tracked import Tracked
from register.quality.answers import Answer
from register.quality.completeness import missing_core
from register.quality.findings import check
from register.quality.record import Lookups, Record, Row
from register.quality.rule import Finding

ROWS: tuple[type[CaseChild], ...] = (
    SuspectedSubstance,
    SubstanceFinding,
    ToxRequest,
    ToxSample,
    ToxResult,
    NaloxoneGiven,
    KnownUse,
    SourceDocument,
)
LINKS = {"request_id": "request", "sample_id": "sample"}
ANSWERED_ON_CASE = ("Case", *(model.__name__ for model in SECTIONS))


def record_of(case: Case) -> Record:
    """The record of one case; rows are read when they were not yet."""
    return record(Dossier(case))


def records_of(cases: Sequence[Case]) -> dict[UUID, Record]:
    """The records of many cases, read in a fixed number of queries. Their sections must be read already."""
    dossiers = with_rows(cases)
    return {dossier.case.pk: found for dossier, found in zip(dossiers, records(dossiers), strict=True)}


def findings_of(case: Case) -> tuple[Finding, ...]:
    """What is blank and what the quality rules find, in that order."""
    dossier = Dossier(case)
    found = record(dossier)
    return (*missing_core(found), *check(found, dossier.reference.configuration.rules))


def facts_of(case: Case) -> CaseFacts:
    """The facts on which codes, definitions and groups rest."""
    return derived.facts_of(Dossier(case))


def record(dossier: Dossier) -> Record:
    """The record of a dossier in memory, with what was not stored yet; computed again only after a change."""
    if dossier.record is None or dossier.record[0] != dossier.revision:
        dossier.record = (dossier.revision, records([dossier])[0])
    return dossier.record[1]


def records(dossiers: Sequence[Dossier]) -> list[Record]:
    """The records of dossiers in memory, in a fixed number of queries once their rows are read."""
    if not dossiers:
        return []
    today = timezone.localdate()
    lookups = _with_highest(dossiers[0].reference.lookups, dossiers)
    references = _same_reference(dossiers)
    return [_record(dossier, today, lookups, references) for dossier in dossiers]


def _record(dossier: Dossier, today: date, lookups: Lookups, references: Mapping[str, int]) -> Record:
    case = dossier.case
    answers = {}
    for model in ANSWERED_ON_CASE:
        answers.update(_read(dossier, dossier.answers(model), model))
    # A case that was never stored has no moment yet, whatever its type says.
    created = cast("datetime | None", case.created_at)
    begun = created if created and not case.import_key else None
    return Record(
        today=today,
        answers=answers,
        rows={
            model.__name__: tuple(_row(dossier, row) for row in dossier.rows(model) if _stands(row)) for model in ROWS
        },
        lookups=lookups,
        entered_on=timezone.localdate(begun) if begun else None,
        same_reference=max(references.get(case.external_reference or "", 0) - 1, 0),
    )


def _stands(row: CaseChild) -> bool:
    return getattr(row, "removed_at", None) is None


def _read(dossier: Dossier, row: Tracked, model: str) -> dict[str, Answer]:
    """The answers of a row, read again only after it changed."""
    if row.pk not in dossier.read:
        dossier.read[row.pk] = answers_in(row, model)
    return dossier.read[row.pk]


def _row(dossier: Dossier, row: CaseChild) -> Row:
    links = {name: str(key) for column, name in LINKS.items() if (key := getattr(row, column, None))}
    return Row(type(row).__name__, str(row.pk), _read(dossier, row, type(row).__name__), links)


def _with_highest(lookups: Lookups, dossiers: Sequence[Dossier]) -> Lookups:
    """Add the highest concentration seen in other cases, for the substances measured in these."""
    measured = {
        result.substance_id
        for dossier in dossiers
        for result in dossier.rows(ToxResult)
        if _stands(result) and result.substance_id and result.normalised_value is not None
    }
    if not measured:
        return lookups
    others = ToxResult.objects.filter(substance__in=measured, normalised_value__isnull=False, removed_at=None)
    rows = (
        others.exclude(case__in=[dossier.case.pk for dossier in dossiers])
        .values_list("substance_id", "normalised_unit")
        .annotate(Max("normalised_value"))
    )
    highest: dict[tuple[str, str], Decimal] = {(code, unit): value for code, unit, value in rows if unit}
    return replace(lookups, highest_seen=highest)


def _same_reference(dossiers: Sequence[Dossier]) -> Mapping[str, int]:
    """How many cases carry each external reference of these dossiers."""
    asked = {dossier.case.external_reference for dossier in dossiers if dossier.case.external_reference}
    if not asked:
        return {}
    stored = Case.objects.filter(external_reference__in=asked).values_list("pk", "external_reference")
    in_memory = {dossier.case.pk: dossier.case.external_reference for dossier in dossiers}
    return Counter(reference or "" for reference in ({**dict(stored), **in_memory}).values())
