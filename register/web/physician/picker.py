"""Substances for a typed name, each with the reason why it is shown."""

from dataclasses import dataclass

from register.casework import reference
from register.coding import lookup
from register.web.language import active, sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """One substance to choose."""

    code: str
    name: str
    group: str
    why: str


def candidates(term: str) -> list[Candidate]:
    """At most eight substances, the likeliest first; the typed word itself can always be kept."""
    catalogue = reference.current().catalogue
    found = []
    for match in lookup.search(term, catalogue):
        group = catalogue.group_of(match.code)
        dutch = active() == "nl"
        found.append(
            Candidate(
                code=match.code,
                name=match.name_nl if dutch else match.name_en,
                group=group.name_nl if dutch else group.name_en,
                why=sentence(match.reason),
            )
        )
    return found
