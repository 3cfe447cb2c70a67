"""What a word may mean that is no name by itself: a compound, an inflection, a run-on or a misspelling.

The order is from sure to unsure: parts of the word that are names ("cocaïnegebruik", "ofheroin", "norsertraline"),
the same sounds ("kokaine"), one error ("fenatnyl"), an ending that belongs to a family of substances ("butonitazene")
and two errors in a long word. Words of ``false_friends.csv`` are never taken for a misspelling.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from register.coding.catalogue import Catalogue, rows
from register.coding.folding import fold
from register.coding.sentences import Sentence
from register.coding.terms import (
    BRAND,
    METABOLITE,
    POSSIBLE,
    PROBABLE,
    SPELLING,
    STREET,
    Entry,
    Meaning,
    lower,
)

_SHORTEST, _LONGEST = 5, 40
_SHORTEST_FUZZY = 6
_SHORTEST_FUZZY_BRAND = 8
_SHORTEST_FOR_TWO_ERRORS = 10
_SHORTEST_AFTER_HEAD = 5
_REMEMBERED = 50_000

# Letters that stand for one sound at the beginning of a word.
_FIRST = str.maketrans({"k": "c", "q": "c", "z": "s", "x": "s", "p": "f"})
_SOUNDS = (("ph", "f"), ("th", "t"), ("ck", "k"), ("qu", "kw"), ("c", "k"), ("y", "i"), ("z", "s"), ("x", "ks"))
_TWICE = re.compile(r"(.)\1+")
_WITH_DIGITS = re.compile(r"\d*([a-z]{5,})\d*")


def sound(word: str) -> str:
    """A folded word as it sounds: "phentanil" and "fentanil", "kokaine" and "cocaine" are one."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return _TWICE.sub(r"\1", word)


def _parts() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in rows("compound_parts.csv"):
        found.setdefault(row["position"], []).append(fold(row["part"]))
    return {position: tuple(sorted(parts, key=lambda part: (-len(part), part))) for position, parts in found.items()}


def _reworded(entry: Entry, certainty: str, why: Callable[[str], Sentence], kind: str | None = None) -> Entry:
    """The entry as one that was reached by a detour: a lower certainty, and how it was reached as its reason."""
    meanings = tuple(
        replace(
            meaning, certainty=lower(meaning.certainty, certainty), reason=why(entry.text), kind=kind or meaning.kind
        )
        for meaning in entry.meanings
    )
    return Entry(entry.text, meanings)


class Speller:
    """Unknown words of one index of names, compiled once."""

    def __init__(self, entries: Mapping[str, Entry], catalogue: Catalogue) -> None:
        self._entries = entries
        self._false_friends = {fold(row["word"]) for row in rows("false_friends.csv")}
        parts = _parts()
        self._tails, self._heads = frozenset(parts["tail"]), parts["head"]
        self._endings, self._prefixes = parts["ending"], parts["metabolite"]
        self._families = tuple(
            (row["ending"], Meaning(row["code"], SPELLING, POSSIBLE, Sentence(row["nl"], row["en"])))
            for row in rows("name_families.csv")
            if row["code"] in catalogue.substances
        )
        self._alike: dict[tuple[int, str], list[str]] = {}
        self._by_sound: dict[str, set[str]] = {}
        for key in entries:
            if self._may_be_misspelt(key):
                self._alike.setdefault((len(key), key[0].translate(_FIRST)), []).append(key)
                self._by_sound.setdefault(sound(key), set()).add(key)
        self._known: dict[str, Entry | None] = {}

    def _may_be_misspelt(self, key: str) -> bool:
        entry = self._entries[key]
        kinds = {meaning.kind for meaning in entry.meanings}
        shortest = _SHORTEST_FUZZY_BRAND if BRAND in kinds else _SHORTEST_FUZZY
        return not entry.gate and STREET not in kinds and len(key) >= shortest and key.isalpha()

    def entry(self, word: str) -> Entry | None:
        """What a folded word may mean that is not in the index; None when it means no substance."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii() or word.isdigit():
            return None
        try:
            return self._known[word]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[word] = self._look(word)
            return found

    def _look(self, word: str) -> Entry | None:
        if word in self._false_friends:
            return None
        whole = self._compound(word) or self._inflection(word) or self._run_on(word) or self._metabolite(word)
        if whole:
            return whole
        if any(character.isdigit() for character in word):
            letters = _WITH_DIGITS.fullmatch(word)
            return self._firm(letters.group(1)) if letters else None
        return self._same_sound(word) or self._misspelt(word, 1) or self._family(word) or self._misspelt(word, 2)

    def _firm(self, key: str) -> Entry | None:
        entry = self._entries.get(key)
        return entry if entry and not entry.gate else None

    def _compound(self, word: str) -> Entry | None:
        for cut in range(len(word) - 2, 2, -1):
            if word[cut:] in self._tails:
                entry = self._entries.get(word[:cut])
                if entry and (not entry.gate or (entry.gate == "talk" and cut > 3)):
                    return _reworded(
                        entry, PROBABLE if entry.gate else "certain", lambda text: _built("samenstelling met", text)
                    )
        return None

    def _inflection(self, word: str) -> Entry | None:
        for ending in self._endings:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                entry = self._firm(word[: -len(ending)])
                if entry:
                    return _reworded(entry, "certain", lambda text: _built("vorm van", text))
        return None

    def _run_on(self, word: str) -> Entry | None:
        for head in self._heads:
            rest = word[len(head) :]
            if word.startswith(head) and len(rest) >= _SHORTEST_AFTER_HEAD:
                entry = self._firm(rest) or self._compound(rest)
                if entry:
                    return _reworded(entry, "certain", lambda text: _built("aaneengeschreven met", text))
        return None

    def _metabolite(self, word: str) -> Entry | None:
        for prefix in self._prefixes:
            rest = word[len(prefix) :]
            if word.startswith(prefix) and len(rest) >= _SHORTEST_FUZZY:
                entry = self._firm(rest)
                if entry:
                    return _reworded(entry, PROBABLE, _metabolite_of, METABOLITE)
        return None

    def _same_sound(self, word: str) -> Entry | None:
        keys = self._by_sound.get(sound(word), set()) if len(word) >= _SHORTEST_FUZZY else set()
        return self._agreed(keys, PROBABLE)

    def _family(self, word: str) -> Entry | None:
        for ending, meaning in self._families:
            if word.endswith(ending):
                return Entry(word, (meaning,))
        return None

    def _misspelt(self, word: str, errors: int) -> Entry | None:
        if len(word) < (_SHORTEST_FUZZY if errors == 1 else _SHORTEST_FOR_TWO_ERRORS):
            return None
        shortest = _SHORTEST_FOR_TWO_ERRORS if errors > 1 else 0
        same_start = word[0].translate(_FIRST)
        lengths = range(max(len(word) - errors, shortest), len(word) + errors + 1)
        candidates = [key for length in lengths for key in self._alike.get((length, same_start), ())]
        near = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=errors, limit=None)
        if not near:
            return None
        best = min(distance for _, distance, _ in near)
        return self._agreed(
            {key for key, distance, _ in near if distance == best}, PROBABLE if errors == 1 else POSSIBLE
        )

    def _agreed(self, keys: Iterable[str], certainty: str) -> Entry | None:
        """The one thing the candidates mean; names of different substances at equal distance say nothing."""
        entries = [self._entries[key] for key in sorted(keys)]
        if not entries or len({entry.codes for entry in entries}) > 1:
            return None
        return _reworded(entries[0], certainty, _misspelling_of)


_BUILT = {
    "samenstelling met": "compound with",
    "vorm van": "form of",
    "aaneengeschreven met": "run together with",
}


def _built(how: str, text: str) -> Sentence:
    return Sentence(f"{how} {text}", f"{_BUILT[how]} {text}")


def _misspelling_of(text: str) -> Sentence:
    return Sentence(f"lijkt op {text}", f"looks like {text}")


def _metabolite_of(text: str) -> Sentence:
    return Sentence(f"afbraakproduct van {text}", f"metabolite of {text}")
