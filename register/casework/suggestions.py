"""What a typed word or a pasted text may mean: substances for a person to choose from. Nothing is stored here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from register.access import cases_for
from register.casework import reference
from register.casework.answers import Vocabularies
from register.coding import lookup, proposals
from register.coding.catalogue import SubstanceGroup
from register.coding.lookup import PREFIX, Match
from register.coding.proposals import Reading
from register.models import Substance, SuspectedSubstance, User

# With the line that keeps the typed word a list has eight lines.
MOST = 7
LATELY = timedelta(days=90)
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A substance for a typed term, and the group it belongs to."""

    match: Match
    group: SubstanceGroup


def search(term: str, *, by: User | None = None) -> tuple[Suggestion, ...]:
    """Substances for a typed term, best first, each with the reason it is shown; retired ones are not offered.

    What was suspected lately in the region of ``by`` comes before what only resembles the term.
    """
    recent = lately(by) if by is not None and by.region_id else frozenset[str]()
    retired = frozenset(Substance.objects.filter(status=Substance.Status.RETIRED).values_list("pk", flat=True))
    catalogue = reference.current().catalogue
    found = lookup.search(term, catalogue, MOST, recent, retired)
    return tuple(Suggestion(match, catalogue.group_of(match.code)) for match in found)


def get_ready() -> None:
    """Build the names that a search looks through, so that the first search of a process finds them built."""
    lookup.lookup_for(reference.current().catalogue)


def lately(by: User) -> frozenset[str]:
    """Codes of the substances suspected in the cases of their region that changed lately and that they may see."""
    since = timezone.now() - LATELY
    cases = cases_for(by).filter(region_id=by.region_id, changed_at__gte=since)
    rows = SuspectedSubstance.objects.filter(case__in=cases, removed_at=None, substance__isnull=False)
    return frozenset(rows.values_list("substance_id", flat=True).distinct())


def words_for(term: str, substance: str) -> str:
    """The words to keep for a chosen substance: the name whose beginning was typed, else what was typed itself."""
    if not substance:
        return term
    best = next((one for one in lookup.search(term, reference.current().catalogue, 50) if one.code == substance), None)
    return best.matched_text if best is not None and best.score == PREFIX else term


def read(text: str) -> Reading:
    """The substances that a text names, to propose as rows, and those it says were not found."""
    offered: Collection[str] = Vocabularies().substance
    return proposals.read(text, reference.current().catalogue, offered)
