"""The catalogue as a person reads it: what is found, one substance with all that is known of it, and what changed."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from register.casework import reference
from register.casework.errors import NotFoundError
from register.coding import lookup
from register.models import Substance, SubstanceChange, SubstanceSynonym

LONGEST_TERM = 100
# More than any catalogue holds: the list is paged, not cut off.
ALL = 10_000


def listed(*, words: str, group: str, status: str, language: str) -> list[str]:
    """The codes of the substances that fit, by name; those for ``words``, by any name, code or number, best first."""
    rows = Substance.objects.order_by(Lower("name_nl" if language == "nl" else "name_en"), "code")
    for column, code in (("group_id", group), ("status", status)):
        if code:
            rows = rows.filter(**{column: code}) if code.isprintable() else rows.none()
    term = words[:LONGEST_TERM].strip()
    if not term:
        return list(rows.values_list("code", flat=True))
    numbers = {
        code for code, *others in rows.values_list("code", "atc", "cas") if term.lower() in _lower(code, *others)
    }
    found = [match.code for match in lookup.search(term, reference.current().catalogue, ALL)]
    fit = set(rows.values_list("code", flat=True))
    return [code for code in dict.fromkeys([*sorted(numbers), *found]) if code in fit]


def shown(codes: Iterable[str], *, today: date) -> list[Substance]:
    """These substances in this order, each with its groups and with ``names``, how many other names it has today."""
    wanted = list(codes)
    current = Count("synonyms", filter=Q(synonyms__valid_to=None) | Q(synonyms__valid_to__gt=today))
    rows = Substance.objects.filter(pk__in=wanted).select_related("group", "euda_group").annotate(names=current)
    return sorted(rows, key=lambda row: wanted.index(row.code))


def find(code: str) -> Substance:
    """The substance with this code; NotFoundError when there is none."""
    found = Substance.objects.select_related("group", "euda_group").filter(pk=code).first()
    if found is None:
        raise NotFoundError
    return found


def names_of(substance: Substance) -> list[SubstanceSynonym]:
    """Its other names by text, those that ended or will end included."""
    return list(substance.synonyms.order_by(Lower("text"), "pk"))


def parents_of(substance: Substance) -> list[Substance]:
    """The substances of which it is a metabolite."""
    return list(Substance.objects.filter(metabolites__contains=[substance.code]).order_by("code"))


def members(codes: Iterable[str]) -> dict[str, Substance]:
    """Those of ``codes`` that are substances of the catalogue; a metabolite may also be a plain name."""
    return Substance.objects.in_bulk(list(codes))


def changes_of(substance: Substance) -> QuerySet[SubstanceChange]:
    """What was done to it, the latest first."""
    return substance.changes.select_related("by").order_by("-at", "-pk")


def _lower(*texts: str) -> set[str]:
    return {text.lower() for text in texts if text}
