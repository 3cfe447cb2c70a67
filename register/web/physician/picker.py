"""The substance picker: substances for a typed name, each with the reason why it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from register.casework import suggestions
from register.coding.folding import fold, place_of
from register.web.door import allowed, person
from register.web.language import active, sentence
from register.web.physician.saving import signed_out
from register.web.sending import for_sending
from register.workflow.verbs import Verb

LONGEST_TERM = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, with how it is marked: found, denied, or not at all."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One substance to choose. ``why`` is cut where the typed letters stand."""

    code: str
    name: str
    group: str
    why: tuple[Piece, ...]
    recent: bool


@for_sending
@allowed(Verb.SEE_CATALOGUE)
def suggest(request: HttpRequest) -> HttpResponse:
    """The list under the picker while somebody types, as HTML. It tells of the catalogue and of no case."""
    term = request.POST.get("term", "").strip()[:LONGEST_TERM]
    return render(request, "physician/suggestions.html", {"term": term, "found": candidates(term, person(request))})


suggest.signed_out = signed_out  # type: ignore[attr-defined]


def candidates(term: str, by: Any) -> list[Candidate]:
    """Substances for a typed word, the likeliest first; the word itself can always be kept."""
    dutch = active() == "nl"
    return [
        Candidate(
            code=found.match.code,
            name=found.match.name_nl if dutch else found.match.name_en,
            group=found.group.name_nl if dutch else found.group.name_en,
            why=marked(sentence(found.match.reason), term),
            recent=found.match.recent,
        )
        for found in suggestions.search(term, by=by)
    ]


def marked(text: str, term: str) -> tuple[Piece, ...]:
    """The text with the typed letters marked, where they stand in it."""
    place = place_of(fold(term), text)
    return cut(text, [(*place, "found")] if place else [])


def cut(text: str, places: Sequence[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """The text in pieces: the places, which are in order and do not overlap, and what lies between them."""
    pieces, at = [], 0
    for start, end, mark in places:
        pieces += [Piece(text[at:start]), Piece(text[start:end], mark)]
        at = end
    return tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text)
