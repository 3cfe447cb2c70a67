"""Cases as profiles to compare, and which pairs are near enough to be worth comparing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from register.coding.folding import fold
from register.models import Case, Death, DuplicatePair, SubstanceFinding, SuspectedSubstance
from register.quality.likeness import Profile, weights
from register.workflow.case_transitions import CaseState

Pair = tuple[UUID, UUID]
# A draft is seen by its reporter only; what was withdrawn or is no case counts nowhere, so it counts nothing twice.
LEFT_OUT = (CaseState.DRAFT.value, CaseState.WITHDRAWN.value, CaseState.EXCLUDED.value)
COLUMNS = (
    "pk",
    "region_id",
    "external_reference",
    "death_section__date_of_death_from",
    "death_section__date_of_death_to",
    "death_section__death_municipality_id",
    "decedent_section__sex",
    "decedent_section__age_years",
    "decedent_section__age_months",
)

# The days that are near a case are computed first and for its own row alone. A condition on the rows of others is then
# a plain comparison that an index answers; one that could fail or tell would be asked behind row-level security, of
# every case there is. OFFSET 0 keeps it a look into that index for each case: taken apart, the planner expects so many
# pairs that it compares each with each. A pair is found from the side whose range of days begins first, by that index,
# and from the other side among the few deaths that are not known to the day. Only pairs of one sex and of ages at most
# a year apart, where both are known, can reach the score. The same reference in one region is always worth comparing.
CANDIDATES = """
WITH mine AS MATERIALIZED (
  SELECT d.case_id, d.date_of_death_from AS first, d.date_of_death_from - %(days)s AS low,
    d.date_of_death_to + %(days)s AS high, c.external_reference AS reference, c.region_id AS region
  FROM register_death d JOIN register_case c ON c.id = d.case_id
  WHERE {asked} AND c.status <> ALL(%(left_out)s)
), near AS (
  SELECT mine.case_id AS one, other.case_id AS two FROM mine CROSS JOIN LATERAL (
    SELECT case_id FROM register_death
    WHERE date_of_death_from BETWEEN mine.low AND mine.high AND date_of_death_from < %(end)s::date OFFSET 0) other
  UNION
  SELECT mine.case_id, other.case_id FROM mine CROSS JOIN LATERAL (
    SELECT case_id FROM register_death
    WHERE date_of_death_to > date_of_death_from
      AND date_of_death_to >= mine.low AND date_of_death_from <= mine.first OFFSET 0) other
)
SELECT least(one, two), greatest(one, two) FROM near
  JOIN register_decedent a ON a.case_id = one
  JOIN register_decedent b ON b.case_id = two
WHERE one <> two
  AND (a.sex = b.sex OR a.sex IS NULL OR b.sex IS NULL)
  AND (abs(coalesce(a.age_years, 0) - coalesce(b.age_years, 0)) <= 1
       OR (a.age_years IS NULL AND a.age_months IS NULL) OR (b.age_years IS NULL AND b.age_months IS NULL))
UNION
SELECT least(mine.case_id, other.id), greatest(mine.case_id, other.id) FROM mine
  JOIN register_case other ON other.external_reference = mine.reference AND other.region_id = mine.region
  JOIN register_death there ON there.case_id = other.id
WHERE mine.reference <> '' AND other.id <> mine.case_id
  AND (there.date_of_death_from IS NULL OR there.date_of_death_from < %(end)s::date)
"""
OF_ONE_CASE, OF_A_YEAR, WITHOUT_DAY = (
    "d.case_id = %(case)s",
    "d.date_of_death_from >= %(begin)s AND d.date_of_death_from < %(end)s::date",
    "d.date_of_death_from IS NULL",
)


def candidates(case_id: UUID) -> set[Pair]:
    """The pairs to compare of one case. Both keys of a pair in their own order."""
    return _pairs(OF_ONE_CASE, case=case_id, end="infinity")


def candidates_of(year: int | None) -> set[Pair]:
    """The pairs to compare of which the later death is of this year; None: neither has a day."""
    if year is None:
        return _pairs(WITHOUT_DAY, end="-infinity")
    return _pairs(OF_A_YEAR, begin=date(year, 1, 1), end=date(year + 1, 1, 1))


def years() -> list[int]:
    """The years of which a death is recorded, the earliest first."""
    return [day.year for day in Death.objects.dates("date_of_death_from", "year")]


def known_of(year: int | None) -> QuerySet[DuplicatePair]:
    """The pairs found before of which the later death is of this year; None: neither has a day."""
    days = (f"{side}__death_section__date_of_death_from" for side in ("first", "second"))
    pairs = DuplicatePair.objects.annotate(later=Greatest(*days))
    if year is None:
        return pairs.filter(later=None)
    return pairs.filter(later__gte=date(year, 1, 1), later__lt=date(year + 1, 1, 1))


def _pairs(asked: str, **values: Any) -> set[Pair]:
    with connection.cursor() as cursor:
        fixed = {"days": weights()["date"]["within_days"], "left_out": list(LEFT_OUT)}
        cursor.execute(CANDIDATES.format(asked=asked), {**fixed, **values})
        return set(cursor.fetchall())


def counted() -> QuerySet[Case]:
    """The cases that are compared at all."""
    return Case.objects.exclude(status__in=LEFT_OUT)


def profiles_of(keys: Collection[UUID]) -> dict[UUID, Profile]:
    """The profiles of those of these cases that are compared."""
    return _read(Q(pk__in=keys), Q(case__in=keys))


def profiles_of_year(year: int) -> dict[UUID, Profile]:
    """The profiles of the deaths of a year and the year before, to count in."""
    died = {"date_of_death_from__year__gte": year - 1, "date_of_death_from__year__lte": year}
    return _read(
        Q(**{f"death_section__{name}": value for name, value in died.items()}),
        Q(**{f"case__death_section__{name}": value for name, value in died.items()}),
    )


def _read(cases: Q, rows: Q) -> dict[UUID, Profile]:
    """Profiles in three queries. ``cases`` and ``rows`` ask the same of the case and of its rows."""
    named = _substances(rows)
    return {
        row[0]: _profile(row, named.get(row[0], frozenset())) for row in counted().filter(cases).values_list(*COLUMNS)
    }


def _profile(row: Sequence[Any], substances: frozenset[str]) -> Profile:
    _, region, reference, first, last, municipality, sex, years, months = row
    return Profile(
        died_from=first,
        died_to=last,
        sex=sex or "",
        age=0 if years is None and months is not None else years,
        municipality=municipality or "",
        region=region,
        reference=fold(reference or ""),
        substances=substances,
    )


def _substances(rows: Q) -> Mapping[UUID, frozenset[str]]:
    """What each case names, suspected or found; a name that is not linked yet by its folded words."""
    found: dict[UUID, set[str]] = {}
    for model in (SuspectedSubstance, SubstanceFinding):
        standing = model._default_manager.filter(rows, removed_at=None)
        named: Iterable[tuple[UUID, str | None, str | None]] = standing.values_list(
            "case_id", "substance_id", "reported_as"
        )
        for case_id, code, words in named:
            found.setdefault(case_id, set()).add(code or f"‘{fold(words or '')}’")
    return {case_id: frozenset(codes) for case_id, codes in found.items()}
