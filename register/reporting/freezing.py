"""From closed cases to the frozen facts of a release, in a fixed number of queries."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from register.coding.settings import DEFAULT, Settings
from register.models import (
    Case,
    DefinitionResult,
    EudaGroup,
    Municipality,
    StatusChange,
    Substance,
    SubstanceFinding,
    SubstanceGroup,
)
from register.reporting.codelists import DEFINITION_CODES, UNKNOWN
from register.reporting.errors import BuildError
from register.reporting.extract import COUNTING_ROLES, Area, Death, Extract, Population, catalogue_of
from register.reporting.tallies import COLUMNS, Tallies, count_deaths, count_nil_reports, count_reports
from register.workflow.case_transitions import LOCKED, CaseState

# Suspected and excluded cases are not counted, whatever a definition says of them.
COUNTED_INCLUSIONS = ("confirmed", "probable")
COUNTED_NOWHERE = (CaseState.DRAFT.value, CaseState.WITHDRAWN.value)
FINAL_TOXICOLOGY = "final"
# The move that opens a decided case again.
REOPENED = "reopen"

CASE_COLUMNS = (
    "id",
    "region_id",
    "forensic_service_id",
    "tox_status",
    "assessment_section__inclusion",
    "decedent_section__sex",
    "decedent_section__age_years",
    "death_section__date_of_death_from",
    "death_section__date_of_death_to",
    "death_section__place_type",
    "death_section__death_municipality_id",
    "causeofdeath_section__intent_final",
    "causeofdeath_section__intent_provisional",
    *COLUMNS,
)
REPORT_COLUMNS = (
    "status",
    "locked_on",
    "region_id",
    "assessment_section__inclusion",
    "assessment_section__exclusion_reason",
    "death_section__date_of_death_from",
    "death_section__date_of_death_to",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the register is with the cases of a period.

    ``decided`` are closed or excluded on or before the cut-off, ``open`` are not; drafts and withdrawn cases are in
    neither. ``year_unknown`` are closed cases that may be of the period but have no known year of death; they are
    counted nowhere.
    """

    decided: int
    open: int
    year_unknown: int


def freeze(
    *,
    years: range,
    cut_off: datetime,
    rule_version: str,
    settings: Settings = DEFAULT,
    population: Population | None = None,
    services: bool = False,
) -> Extract:
    """The facts of the cases of these years that were closed on or before the cut-off, as confirmed or probable.

    ``services``: also which forensic service examined each death, which no table tells. A death counts in a year when
    that year is known; a date that spans two years does not count. Raises BuildError when the case definitions of a
    case were not computed by ``rule_version``.
    """
    cases = [row for row in _closed(years, cut_off).values(*CASE_COLUMNS) if _year(row) in years]
    wanted = {row["id"] for row in cases}
    definitions = _definitions(wanted, rule_version)
    substances = _substances(wanted)
    places = _Places()
    deaths = [_death(row, definitions[row["id"]], substances.get(row["id"], ()), places) for row in cases]
    if services:
        deaths = [
            replace(d, service=row["forensic_service_id"] or UNKNOWN) for d, row in zip(deaths, cases, strict=True)
        ]
    tallies = Tallies()
    count_deaths(tallies, cases, definitions)
    count_reports(tallies, _reports(years, cut_off), years)
    count_nil_reports(tallies, years)
    return Extract(
        rule_version=rule_version,
        settings=settings,
        catalogue=catalogue_of(
            list(
                SubstanceGroup.objects.order_by("hierarchy_rank", "code").values_list(
                    "code", "name_nl", "name_en", "substance_class", "hierarchy_rank"
                )
            ),
            [
                [*row, euda_group or ""]
                for *row, euda_group in Substance.objects.order_by("code").values_list(
                    "code", "name_nl", "name_en", "group_id", "euda_group_id"
                )
            ],
            list(EudaGroup.objects.order_by("code").values_list("code", "name_nl", "name_en")),
        ),
        deaths=tuple(sorted(deaths)),
        tallies=tallies.told(),
        areas=places.areas(),
        population=population,
    )


def standing(*, years: range, cut_off: datetime) -> Standing:
    """How many cases of the period are decided and how many are not."""
    counted = Counter[str]()
    for row in _reports(years, cut_off):
        if row["year"] is None and row["status"] == CaseState.CLOSED:
            counted["year_unknown"] += 1
        else:
            counted["decided" if row["decided"] else "open"] += 1
    return Standing(counted["decided"], counted["open"], counted["year_unknown"])


def reopened_since(*, years: range, since: datetime) -> int:
    """How many cases of the period were opened again after a moment, once decided: what they counted may change."""
    opened = StatusChange.objects.filter(name=REOPENED, at__gt=since).values("case_id")
    return Case.objects.filter(_perhaps_in(years), pk__in=opened).count()


def _reports(years: range, cut_off: datetime) -> list[dict[str, Any]]:
    """Every reported case that may be of these years, with its ``year`` and whether it was ``decided`` in time."""
    cases = Case.objects.exclude(status__in=COUNTED_NOWHERE).filter(_perhaps_in(years)).values(*REPORT_COLUMNS)
    return [
        {**row, "year": _year(row), "decided": row["status"] in LOCKED and row["locked_on"] <= cut_off} for row in cases
    ]


def _perhaps_in(years: range) -> Q:
    first, last = date(years.start, 1, 1), date(years.stop - 1, 12, 31)
    unknown = Q(death_section__date_of_death_from__isnull=True)
    return unknown | Q(death_section__date_of_death_from__lte=last, death_section__date_of_death_to__gte=first)


def _closed(years: range, cut_off: datetime) -> QuerySet[Case]:
    return Case.objects.filter(
        _perhaps_in(years),
        status=CaseState.CLOSED,
        locked_on__lte=cut_off,
        assessment_section__inclusion__in=COUNTED_INCLUSIONS,
    )


def _year(row: Mapping[str, Any]) -> int | None:
    first, last = row["death_section__date_of_death_from"], row["death_section__date_of_death_to"]
    return first.year if first and last and first.year == last.year else None


def _definitions(cases: set[uuid.UUID], rule_version: str) -> dict[uuid.UUID, tuple[str, ...]]:
    """The definitions that hold for each case, all of them computed by one version of the rules."""
    found: dict[uuid.UUID, list[str]] = {}
    by_this_version = Counter[uuid.UUID]()
    rows = DefinitionResult.objects.filter(definition__in=DEFINITION_CODES, rule_version=rule_version)
    for case, definition, outcome in rows.values_list("case_id", "definition", "outcome"):
        by_this_version[case] += 1
        if outcome == "yes":
            found.setdefault(case, []).append(definition)
    stale = sum(by_this_version[case] < len(DEFINITION_CODES) for case in cases)
    if stale:
        raise BuildError(
            nl=f"Bij {stale} gesloten zaken zijn de definities niet met regelversie {rule_version} bepaald. "
            "Laat ze eerst opnieuw bepalen.",
            en=f"The definitions of {stale} closed cases were not computed by rule version {rule_version}. "
            "Have them computed again first.",
        )
    return {case: tuple(sorted(found.get(case, ()))) for case in cases}


def _substances(cases: set[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    found: dict[uuid.UUID, list[tuple[str, str]]] = {}
    rows = SubstanceFinding.objects.filter(
        role__in=COUNTING_ROLES, removed_at__isnull=True, substance__isnull=False, case__status=CaseState.CLOSED
    )
    for case, substance, role in rows.values_list("case_id", "substance_id", "role").distinct():
        if case in cases and substance and role:
            found.setdefault(case, []).append((substance, role))
    return found


class _Places:
    """The region and province of a municipality, and the province of a region."""

    def __init__(self) -> None:
        self.of_municipality: dict[str, tuple[str, str]] = {}
        self.province_of: dict[str, str] = {}
        self.found: set[Area] = set()
        rows = Municipality.objects.values_list("code", "region_id", "region__name", "province_code", "province")
        for code, region, name, province, province_name in rows:
            self.of_municipality[code] = (region, province)
            self.province_of[region] = province
            self.found.add(Area(region, name, province, province_name))

    def of(self, municipality: str | None, region: str) -> tuple[str, str]:
        """The region and province of death; those of the reporting service where the municipality is not known."""
        if municipality in self.of_municipality:
            return self.of_municipality[municipality]
        return region, self.province_of.get(region, UNKNOWN)

    def areas(self) -> tuple[Area, ...]:
        """Every region with the province that one of its municipalities lies in."""
        return tuple(sorted(self.found))


def _death(
    row: Mapping[str, Any], definitions: tuple[str, ...], substances: Iterable[tuple[str, str]], places: _Places
) -> Death:
    region, province = places.of(row["death_section__death_municipality_id"], row["region_id"])
    age = row["decedent_section__age_years"]
    intent = row["causeofdeath_section__intent_final"] or row["causeofdeath_section__intent_provisional"]
    return Death(
        year=row["death_section__date_of_death_from"].year,
        sex=row["decedent_section__sex"] or UNKNOWN,
        age=-1 if age is None else age,
        intent=intent or UNKNOWN,
        place=row["death_section__place_type"] or UNKNOWN,
        province=province,
        region=region,
        inclusion=row["assessment_section__inclusion"],
        tox=row["tox_status"] or UNKNOWN,
        definitions=definitions,
        substances=tuple(sorted(substances)),
    )
