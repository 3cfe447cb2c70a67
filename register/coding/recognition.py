"""Recognition of substances in free Dutch and English text.

It proposes and never decides: each mention says which words it came from, why, how sure the words are, and whether
the text denies it. What a substance did in a death is for a person to say.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass

from register.coding.catalogue import Catalogue, rows
from register.coding.folding import LONGEST_WORD, Word, fold, words
from register.coding.negation import Negation, Scene
from register.coding.once import OncePerCatalogue
from register.coding.sentences import Sentence
from register.coding.spelling import Speller
from register.coding.street_names import Gates, contexts
from register.coding.terms import (
    COMBINATION_MARKER,
    METABOLITE,
    POSSIBLE,
    RELATIONS,
    Entry,
    Meaning,
    companions,
    index,
    lower,
    terms_of,
)

# What may stand inside one name: "3 MMC", "3-MMC", "benzo's", and a comma or dot between figures ("1,4-BD").
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_JOINS = frozenset(
    {" ", "\t", "\u00a0", "\u2009", "\u202f", "  ", "'", "\u2019", "\u02bc", "`", "\u00b4", *_HYPHENS}
    | {f"{before}{hyphen}{after}" for hyphen in _HYPHENS for before in ("", " ") for after in ("", " ", "\n")}
)
_FIGURE_MARKS = frozenset({",", ".", "'", "\u2032"})

# A fentanyl with a chemical part before it is an analogue: "valeryl fentanyl", "para-fluoro isobutyryl fentanyl".
_ANALOGUE = "fentanyl-analogue-nos"
_ACYL = re.compile(r"[a-z0-9]*(yl|fluoro?|chloro?|methoxy)|acryl|para|ortho|meta|iso")
_ACYL_REASON = Sentence(
    "een zijgroep vóór fentanyl maakt het een analoog", "a side group before fentanyl makes it an analogue"
)

# Forwards and backwards over the ordinary words of a text; a list of them opens from either end.
_PASSES = 4

_DASH_OR_FIGURE = re.compile(r"[-\u2212\u2013]\s*([,;)\n]|$)|[\s:=]0")


@dataclass(frozen=True, slots=True)
class Mention:
    """One substance that a stretch of text may name; ``words`` is ``text[start:end]``.

    ``kind``: name, brand, street, abbreviation, chemical, spelling, group, metabolite_of, marker_of,
    combination_marker or found_with. ``certainty`` (a code of VS-CERT) is how surely the words mean this substance.
    ``negated``: the text says it was not found, not used or not tested. Several mentions with one place are
    alternatives, the parts of a combination, or a substance and what it is often found together with; the reason says
    which. A found_with mention is a question to ask, not a substance that the text names.
    """

    start: int
    end: int
    words: str
    code: str
    reason: Sentence
    kind: str
    negated: bool
    certainty: str


@dataclass(frozen=True, slots=True)
class _Hit:
    first: int
    last: int
    entry: Entry


class Recogniser:
    """The names of one catalogue, compiled once; safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._entries = index(terms_of(catalogue))
        self._ignored = {fold(row["text"]) for row in rows("not_substances.csv")} - set(self._entries)
        self._prefixes = {key[:length] for key in (*self._entries, *self._ignored) for length in range(1, len(key) + 1)}
        self._speller = Speller(self._entries, catalogue)
        self._roles = contexts()
        self._grammar = self._roles["connective"] | self._roles["filler"] | self._roles["determiner"]
        self._negation = Negation()
        self._companions = companions(catalogue)
        self._catalogue = catalogue
        self._analogue = (
            Entry(_ANALOGUE, (Meaning(_ANALOGUE, "chemical", "certain", _ACYL_REASON),))
            if _ANALOGUE in catalogue.substances
            else None
        )

    def recognise(self, text: str) -> tuple[Mention, ...]:
        """All mentions in order of their place; negated ones included and marked."""
        found = words(text)
        hits = list(self._hits(text, found))
        if not hits:
            return ()
        if any(hit.entry.gate for hit in hits):
            hits = self._through_gates(text, found, hits)
        return tuple(self._mentions(text, found, hits))

    def propose(self, text: str) -> tuple[str, ...]:
        """The distinct codes that the text affirms or hints at, in order of first mention.

        A combination marker such as cocaethylene adds no substance, so it proposes none.
        """
        mentions = self.recognise(text)
        return tuple(dict.fromkeys(m.code for m in mentions if not m.negated and m.kind != COMBINATION_MARKER))

    def _hits(self, text: str, found: list[Word]) -> Iterator[_Hit]:
        at, last_index, free = 0, len(found) - 1, 0
        entries, prefixes, ignored = self._entries, self._prefixes, self._ignored
        while at <= last_index:
            key = found[at].folded
            best: Entry | None = None
            end, stop = at, at
            known = False
            while key in prefixes:
                if key in entries and (stop == at or not self._scattered(key, text, found, at, stop)):
                    best, end, known = entries[key], stop, True
                elif key in ignored:
                    best, end, known = None, stop, True
                if stop == last_index or not self._joined(text, found[stop], found[stop + 1]):
                    break
                stop += 1
                key += found[stop].folded
            if not known and len(found[at].folded) <= LONGEST_WORD:
                best = self._speller.entry(found[at].folded)
            if best is not None:
                yield self._hit(text, found, at, end, best, free)
                free = end + 1
            at = end + 1

    def _scattered(self, key: str, text: str, found: list[Word], first: int, last: int) -> bool:
        """A name put together from words that a space parts and that mean something else apart.

        An ordinary word or a short name ("3 m", "so s"), or one that begins with a word of grammar ("met amfetamine").
        """
        entry = self._entries[key]
        if " " in entry.text or " " not in text[found[first].start : found[last].end]:
            return False
        return bool(entry.gate) or found[first].folded in self._grammar or (key.isalpha() and len(key) <= 4)

    def _joined(self, text: str, one: Word, other: Word) -> bool:
        gap = text[one.end : other.start]
        if gap in _JOINS:
            return True
        if gap in _FIGURE_MARKS:
            return one.folded[-1].isdigit() and other.folded[0].isdigit()
        return gap in (".", ". ") and len(one.folded) <= 2 and one.folded.isalpha()

    def _hit(self, text: str, found: list[Word], first: int, last: int, entry: Entry, free: int) -> _Hit:
        """The hit, widened to the chemical parts before a fentanyl; words before ``free`` belong to another name."""
        if self._analogue and entry.codes == ("fentanyl",) and found[last].folded.endswith(("fentanyl", "fentanil")):
            start = first
            while start > free and self._joined(text, found[start - 1], found[start]):
                if not _ACYL.fullmatch(found[start - 1].folded):
                    break
                start -= 1
            if start < first:
                return _Hit(start, last, self._analogue)
        return _Hit(first, last, entry)

    def _through_gates(self, text: str, found: list[Word], hits: list[_Hit]) -> list[_Hit]:
        """Ordinary words only where the text speaks of drugs; one accepted word may open the gate of its neighbour."""
        scene = Scene(text, found, ())
        ends = [at for at in range(len(found)) if self._negation.sentence_ends(scene, at)]
        open_ones = {"", "shorthand"} if self._shorthand(found, hits) else {""}
        accepted = {(hit.first, hit.last): hit for hit in hits if hit.entry.gate in open_ones}
        names = sorted(accepted)
        waiting = [hit for hit in hits if hit.entry.gate not in open_ones]
        gates = Gates(text, found, self._roles)
        for _ in range(_PASSES):
            left: list[_Hit] = []
            for hit in waiting:
                place = (hit.first, hit.last)
                before = bisect_left(ends, hit.first)
                sentence = (ends[before - 1] + 1 if before else 0, ends[bisect_left(ends, hit.last)])
                lower_case = hit.entry.capital and text[found[hit.first].start : found[hit.last].end].islower()
                if not lower_case and gates.opens(hit.entry.gate, place, sentence, names):
                    accepted[place] = hit
                    insort(names, place)
                else:
                    left.append(hit)
            if len(left) == len(waiting):
                break
            waiting = left[::-1]
        return [accepted[place] for place in names]

    def _shorthand(self, found: list[Word], hits: list[_Hit]) -> bool:
        """A text of nothing but names and short forms, two of them words that mean something else elsewhere."""
        short = sum(hit.entry.gate == "shorthand" for hit in hits)
        if short < 2:
            return False
        named = {at for hit in hits for at in range(hit.first, hit.last + 1)}
        return all(at in named or word.folded in self._roles["connective"] for at, word in enumerate(found))

    def _mentions(self, text: str, found: list[Word], hits: list[_Hit]) -> Iterator[Mention]:
        scene = Scene(text, found, [(hit.first, hit.last) for hit in hits])
        folded = {word.folded for word in found}
        denied: frozenset[int] = frozenset()
        if not self._negation.cue_words.isdisjoint(folded) or _DASH_OR_FIGURE.search(text):
            denied = self._negation.denied(scene)
        doubts = None
        if "?" in text or not self._negation.doubt_words.isdisjoint(folded):
            doubts = self._negation.certainties(scene)
        affirmed = [m for number, hit in enumerate(hits) if number not in denied for m in hit.entry.meanings]
        named = {meaning.code for meaning in affirmed if meaning.kind not in RELATIONS}
        shown = named | {meaning.code for meaning in affirmed if meaning.kind == METABOLITE}
        spoken_of = {code for hit in hits for code in hit.entry.codes}  # denied ones too: those are answered
        for number, hit in enumerate(hits):
            start, end = found[hit.first].start, found[hit.last].end
            for meaning in self._meanings(hit.entry, named):
                certainty = lower(meaning.certainty, doubts[number]) if doubts else meaning.certainty
                reason = meaning.reason
                if number not in denied and (parent := self._parent(meaning, shown)):
                    certainty, reason = lower(certainty, POSSIBLE), parent
                yield Mention(
                    start, end, text[start:end], meaning.code, reason, meaning.kind, number in denied, certainty
                )
                for other in self._companions.get(meaning.code, ()) if number not in denied else ():
                    if other.code not in spoken_of:
                        sure = lower(other.certainty, certainty)
                        yield Mention(start, end, text[start:end], other.code, other.reason, other.kind, False, sure)

    def _meanings(self, entry: Entry, named: set[str]) -> tuple[Meaning, ...]:
        """A metabolite of several substances stands for the one that the text names, else for the most usual one."""
        if len(entry.meanings) == 1 or entry.meanings[0].kind != METABOLITE:
            return entry.meanings
        return tuple(meaning for meaning in entry.meanings if meaning.code in named) or entry.meanings[:1]

    def _parent(self, meaning: Meaning, shown: set[str]) -> Sentence | None:
        """The reason of a mention whose substance is also a metabolite of another one that the text shows."""
        if meaning.kind in RELATIONS:
            return None
        for code in self._catalogue.metabolite_parents.get(meaning.code, ()):
            if code in shown and code != meaning.code:
                parent = self._catalogue.substances[code]
                return Sentence(
                    f"{meaning.reason.nl}; of afbraakproduct van {parent.name_nl}, ook in de tekst",
                    f"{meaning.reason.en}; or metabolite of {parent.name_en}, also in the text",
                )
        return None


recogniser_for = OncePerCatalogue("recogniser", Recogniser)


def recognise(text: str, catalogue: Catalogue) -> tuple[Mention, ...]:
    """All mentions of substances of the catalogue in a text."""
    return recogniser_for(catalogue).recognise(text)


def propose(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The distinct codes that a text affirms or hints at, in order of first mention."""
    return recogniser_for(catalogue).propose(text)
