"""The search behind the substance picker: from a few typed letters to substances, each with the reason it is shown.

An exact name comes before a beginning, a beginning before what was used lately, that before a part, and a part before
a near miss. Case, hyphens, spaces, accents and Greek letters make no difference. A name that may mean several
substances shows all of them.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from register.coding.catalogue import Catalogue
from register.coding.folding import fold
from register.coding.once import OncePerCatalogue
from register.coding.sentences import Sentence
from register.coding.spelling import sound
from register.coding.terms import BRAND, COMBINATION_MARKER, GROUP, NAME, RELATIONS, STREET, Term, terms_of

EXACT, PREFIX, PART, NEAR = 100, 80, 60, 40
# Where a part or a near miss stands when the substance was used lately.
LATELY = 70
LIMIT = 8
_SHORTEST_PART = 2
_SHORTEST_NEAR = 4
_LONGEST_TERM = 100

# Between equals the preferred name comes first, then the names people use, then the chemistry.
_WEIGHT = {NAME: 0, STREET: 1, BRAND: 1, GROUP: 2}
_OTHER_KIND = 2


@dataclass(frozen=True, slots=True)
class Match:
    """One substance for the picker.

    ``matched_text`` is the name as it is written in the catalogue and ``kind`` what sort of name it is. ``score`` runs
    from 100 (the very name) over 80 (its beginning) and 60 (a part) down to 40 and less (a near miss). ``recent``: the
    substance was used lately, where the person works.
    """

    code: str
    name_nl: str
    name_en: str
    matched_text: str
    kind: str
    reason: Sentence
    score: int
    recent: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    term: Term
    score: int

    @property
    def rank(self) -> tuple[int, int, int, str]:
        return (-self.score, _WEIGHT.get(self.term.kind, _OTHER_KIND), len(self.term.key), self.term.key)


class Lookup:
    """The names of one catalogue, sorted once; safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._terms = sorted(terms_of(catalogue), key=lambda term: term.key)
        self._keys = [term.key for term in self._terms]
        self._by_length: dict[int, list[int]] = {}
        self._by_sound: dict[str, list[int]] = {}
        for at, term in enumerate(self._terms):
            if term.kind not in RELATIONS:
                self._by_length.setdefault(len(term.key), []).append(at)
                self._by_sound.setdefault(_sound(term.key), []).append(at)

    def search(
        self, term: str, limit: int = LIMIT, recent: Collection[str] = (), left_out: Collection[str] = ()
    ) -> tuple[Match, ...]:
        """At most ``limit`` substances, best first; none for a term without letters or digits.

        ``recent`` holds the codes that were used lately, ``left_out`` those that are not offered. A near miss is looked
        for when the term itself leaves room.
        """
        key = fold(term[:_LONGEST_TERM])
        if not key or limit < 1:
            return ()
        best: dict[str, _Found] = {}
        for stage in (self._beginning, self._inside, self._near):
            self._keep(best, stage(key), left_out)
            if len(best) >= limit:
                break

        def place(item: tuple[str, _Found]) -> tuple[object, ...]:
            code, found = item
            lately = code in recent
            standing = LATELY if lately and found.score < PREFIX else found.score
            return (-standing, not lately, *found.rank, code)

        return tuple(self._match(code, found, code in recent) for code, found in nsmallest(limit, best.items(), place))

    @staticmethod
    def _keep(best: dict[str, _Found], stage: Iterator[_Found], left_out: Collection[str]) -> None:
        """Keep the best name of each substance."""
        for found in stage:
            for code in found.term.codes:
                if code not in left_out and (code not in best or found.rank < best[code].rank):
                    best[code] = found

    def resolve(self, term: str) -> tuple[str, ...]:
        """The codes that a name means exactly, in catalogue order; empty when unknown, several when ambiguous.

        Metabolites and markers are no name of their parent and resolve to nothing.
        """
        key = fold(term)
        codes = {code for found in self._equal(key) if found.kind not in RELATIONS for code in found.codes}
        if term in self._catalogue.substances:
            codes.add(term)
        return tuple(code for code in self._catalogue.substances if code in codes)

    def _equal(self, key: str) -> Iterator[Term]:
        at = bisect_left(self._keys, key)
        while key and at < len(self._keys) and self._keys[at] == key:
            yield self._terms[at]
            at += 1

    def _beginning(self, key: str) -> Iterator[_Found]:
        at = bisect_left(self._keys, key)
        while at < len(self._keys) and self._keys[at].startswith(key):
            whole = self._keys[at] == key
            if whole or self._terms[at].kind != COMBINATION_MARKER:
                yield _Found(self._terms[at], EXACT if whole else PREFIX)
            at += 1

    def _inside(self, key: str) -> Iterator[_Found]:
        if len(key) >= _SHORTEST_PART:
            for at, name in enumerate(self._keys):
                if key in name and not name.startswith(key) and self._terms[at].kind not in RELATIONS:
                    yield _Found(self._terms[at], PART)

    def _near(self, key: str) -> Iterator[_Found]:
        """Names that sound the same or differ by one error, two from eight characters on; then beginnings so."""
        if len(key) < _SHORTEST_NEAR:
            return
        for at in self._by_sound.get(sound(key), ()):
            yield _Found(self._terms[at], NEAR)
        errors = 1 if len(key) < 8 else 2
        places = [
            at for length in range(len(key) - errors, len(key) + errors + 1) for at in self._by_length.get(length, ())
        ]
        for _, distance, choice in process.extract(
            key, [self._keys[at] for at in places], scorer=OSA.distance, score_cutoff=errors, limit=None
        ):
            yield _Found(self._terms[places[choice]], NEAR - 5 * int(distance))
        yield from self._near_beginning(key)

    def _near_beginning(self, key: str) -> Iterator[_Found]:
        first = bisect_left(self._keys, key[0])
        last = bisect_left(self._keys, chr(ord(key[0]) + 1), first)
        longer = [
            at
            for at in range(first, last)
            if len(self._keys[at]) > len(key) + 1 and self._terms[at].kind not in RELATIONS
        ]
        beginnings = [self._keys[at][: len(key)] for at in longer]
        for _, _, choice in process.extract(key, beginnings, scorer=OSA.distance, score_cutoff=1, limit=None):
            yield _Found(self._terms[longer[choice]], NEAR - 15)

    def _match(self, code: str, found: _Found, recent: bool) -> Match:
        substance, term = self._catalogue.substances[code], found.term
        names = substance.name_nl, substance.name_en
        return Match(code, *names, term.text, term.kind, self._reason(found), found.score, recent)

    @staticmethod
    def _reason(found: _Found) -> Sentence:
        reason = found.term.reason
        if found.score >= PART:
            return reason
        return Sentence(f"lijkt op {found.term.text} ({reason.nl})", f"looks like {found.term.text} ({reason.en})")


_sound = lru_cache(maxsize=32_768)(sound)
lookup_for = OncePerCatalogue("lookup", Lookup)


def search(
    term: str,
    catalogue: Catalogue,
    limit: int = LIMIT,
    recent: Collection[str] = (),
    left_out: Collection[str] = (),
) -> tuple[Match, ...]:
    """Substances for a typed term, best first."""
    return lookup_for(catalogue).search(term, limit, recent, left_out)


def resolve(term: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The codes that a name means exactly."""
    return lookup_for(catalogue).resolve(term)
