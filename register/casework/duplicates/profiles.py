"""Cases as profiles to compare, and which pairs are near enough to be worth comparing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from register.coding.folding import fold
from register.models import Case, SubstanceFinding, SuspectedSubstance
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

# Each pair is found from the side whose range of days begins first, by the index on the first day. One case is also
# looked for from the other side, among the few deaths that are not known to the day. Only pairs of one sex and of ages
# at most a year apart, where both are known, can reach the score.
NEAR = """
WITH near AS (
  SELECT mine.case_id AS one, other.case_id AS two FROM register_death mine JOIN register_death other
    ON other.date_of_death_from BETWEEN mine.date_of_death_from - %(days)s AND mine.date_of_death_to + %(days)s
  WHERE {asked}
  UNION ALL
  SELECT mine.case_id, other.case_id FROM register_death mine JOIN register_death other
    ON other.date_of_death_to > other.date_of_death_from
   AND other.date_of_death_to >= mine.date_of_death_from - %(days)s
   AND other.date_of_death_from <= mine.date_of_death_from
  WHERE {asked} AND {alone}
)
SELECT DISTINCT least(one, two), greatest(one, two) FROM near
  JOIN register_decedent a ON a.case_id = one
  JOIN register_decedent b ON b.case_id = two
WHERE one <> two
  AND (a.sex = b.sex OR a.sex IS NULL OR b.sex IS NULL)
  AND (abs(coalesce(a.age_years, 0) - coalesce(b.age_years, 0)) <= 1
       OR (a.age_years IS NULL AND a.age_months IS NULL) OR (b.age_years IS NULL AND b.age_months IS NULL))
"""
SAME_REFERENCE = """
SELECT least(mine.id, other.id), greatest(mine.id, other.id) FROM register_case mine JOIN register_case other
    ON other.external_reference = mine.external_reference AND other.region_id = mine.region_id AND other.id <> mine.id
  WHERE mine.external_reference <> '' AND {asked}
"""


def candidates(case_id: UUID | None = None) -> set[Pair]:
    """The pairs to compare: those of one case, or all. Both keys of a pair in their own order."""
    with connection.cursor() as cursor:
        values = {"days": weights()["date"]["within_days"], "case": case_id}
        asked, alone = ("mine.case_id = %(case)s", "true") if case_id else ("true", "false")
        cursor.execute(NEAR.format(asked=asked, alone=alone), values)
        found = set(cursor.fetchall())
        cursor.execute(SAME_REFERENCE.format(asked="mine.id = %(case)s" if case_id else "true"), values)
        return found | set(cursor.fetchall())


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
