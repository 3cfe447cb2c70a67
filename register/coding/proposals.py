"""From a text to proposals: which substances it names, in which words, and which it says were not there.

A proposal is for a person to accept; nothing here decides. What is often found together with a named substance, and
what marks a combination, are no substances that the text names, so they propose none.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from register.coding.catalogue import Catalogue
from register.coding.recognition import Mention, recognise
from register.coding.sentences import Sentence
from register.coding.terms import COMBINATION_MARKER, FOUND_WITH, RELATIONS

NO_NAME = frozenset({COMBINATION_MARKER, FOUND_WITH})


@dataclass(frozen=True, slots=True)
class Named:
    """A substance that a text names: the first words for it, why they mean it and how surely (a code of VS-CERT).

    ``disputed``: elsewhere the same text says that it was not found.
    """

    code: str
    words: str
    reason: Sentence
    certainty: str
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the text, ``text[start:end]``, and whether the text denies what it names there."""

    start: int
    end: int
    denied: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds: substances to propose, substances it denies, and the places of both in their order."""

    proposed: tuple[Named, ...]
    denied: tuple[Named, ...]
    spans: tuple[Span, ...]


def read(text: str, catalogue: Catalogue, offered: Collection[str]) -> Reading:
    """The substances of a text among those ``offered``, each once, in order of first mention."""
    mentions = [one for one in recognise(text, catalogue) if one.kind not in NO_NAME and one.code in offered]
    affirmed = [one for one in mentions if not one.negated]
    denied = [one for one in mentions if one.negated]
    said, unsaid = {one.code for one in affirmed}, {one.code for one in denied}
    return Reading(
        proposed=tuple(_named(one, one.code in unsaid) for one in _first(affirmed)),
        denied=tuple(_named(one, False) for one in _first(denied) if one.code not in said),
        spans=_spans(mentions),
    )


def _first(mentions: Iterable[Mention]) -> list[Mention]:
    """One mention of each substance: its own name before that of what it leaves behind, then the first."""
    found: dict[str, Mention] = {}
    for one in mentions:
        kept = found.setdefault(one.code, one)
        if kept.kind in RELATIONS and one.kind not in RELATIONS:
            found[one.code] = one
    return list(found.values())


def _named(mention: Mention, disputed: bool) -> Named:
    return Named(mention.code, mention.words, mention.reason, mention.certainty, disputed)


def _spans(mentions: Iterable[Mention]) -> tuple[Span, ...]:
    places: dict[tuple[int, int], bool] = {}
    for one in mentions:
        place = (one.start, one.end)
        places[place] = places.get(place, True) and one.negated
    return tuple(Span(start, end, denied) for (start, end), denied in sorted(places.items()))
