"""When an ordinary word is a street name.

"Wit", "ice", "K" and "joint" are names of substances only in talk of drugs. ``ordinary_words.csv`` gives each such
word a gate, ``street_name_contexts.csv`` the words that open it:

- ``talk``: the sentence speaks of drugs, or names another substance;
- ``close``: a word of use stands directly before or after ("snoof wit", "K gesnoven"), or the word stands in one list
  with another substance ("coke en wit"); never after an article ("de poes");
- ``item``: as ``close``, but counted, so an article may precede it ("een joint gerookt");
- ``party``: the sentence speaks of a night out or of drugs; ``patch``: of opioids or pain;
- ``shorthand``: the whole text is a jotting of names and such short forms ("fen her"; ``recognition`` sees to this);
- ``never``: only as part of a longer name.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from register.coding.catalogue import rows
from register.coding.folding import Word, fold

Place = tuple[int, int]  # positions of the first and the last word, both included

_REACH = 4  # words between a word of use and the street name, all of them fillers
_MARKS = ",;:.)/+'\"’”"
_WITHIN = " -\u2010\u2011'\"‘’“”"
_AUXILIARIES = frozenset({"had", "heeft", "te", "werd", "is", "was"})


def contexts() -> dict[str, frozenset[str]]:
    """Role -> its folded words."""
    found: dict[str, set[str]] = {}
    for row in rows("street_name_contexts.csv"):
        found.setdefault(row["role"], set()).add(fold(row["word"]))
    return {role: frozenset(words) for role, words in found.items()}


class Gates:
    """The gates over one text. ``roles`` are the words that open them, as ``contexts`` gives them."""

    def __init__(self, text: str, words: Sequence[Word], roles: Mapping[str, frozenset[str]]) -> None:
        self._text, self._words, self._roles = text, words, roles
        self._at: dict[str, list[int]] = {}

    def opens(self, gate: str, place: Place, sentence: Place, names: Sequence[Place]) -> bool:
        """Whether the words at ``place`` in ``sentence`` are a street name here.

        ``names``: the names accepted so far, in order; only the nearest on each side can matter.
        """
        after = bisect_left(names, place)
        others = [name for name in names[max(after - 1, 0) : after + 1] if sentence[0] <= name[0] <= sentence[1]]
        match gate:
            case "talk":
                return bool(others) or self._speaks_of("talk", place, sentence)
            case "close" | "item":
                return self._close(gate, place, sentence, others)
            case "party":
                return self._speaks_of("party", place, sentence)
            case "patch":
                beside = any(abs(name[0] - place[1]) <= 2 or abs(place[0] - name[1]) <= 2 for name in others)
                return not beside and self._speaks_of("patch", place, sentence)
            case _:
                return False

    def _is(self, at: int, *roles: str) -> bool:
        word = self._words[at].folded
        return any(word in self._roles[role] for role in roles)

    def _gap(self, at: int) -> str:
        """What stands between word ``at`` and the next one."""
        return self._text[self._words[at].end : self._words[at + 1].start]

    def _speaks_of(self, role: str, place: Place, sentence: Place) -> bool:
        if role not in self._at:
            self._at[role] = [at for at in range(len(self._words)) if self._is(at, role)]
        cues = self._at[role]
        before = bisect_left(cues, place[0])
        behind = bisect_left(cues, place[1] + 1)
        return (before > 0 and cues[before - 1] >= sentence[0]) or (behind < len(cues) and cues[behind] <= sentence[1])

    def _close(self, gate: str, place: Place, sentence: Place, others: Sequence[Place]) -> bool:
        first, last = place
        if gate == "close" and first > sentence[0] and self._is(first - 1, "determiner"):
            return False
        if self._may_end(last, sentence):
            if self._after_use(first, sentence):
                return True
            if self._may_begin(first, sentence) and any(self._listed(place, name) for name in others):
                return True
        return self._before_use(last, sentence)

    def _may_end(self, last: int, sentence: Place) -> bool:
        """Nothing follows that the word could describe ("snelle douche"): punctuation, a verb, a preposition."""
        if last == sentence[1] or any(mark in self._gap(last) for mark in _MARKS):
            return True
        return self._is(last + 1, "follower", "after", "connective") or self._words[last + 1].folded[0].isdigit()

    def _may_begin(self, first: int, sentence: Place) -> bool:
        """Nothing stands before that the word could belong to ("ritalinic acid")."""
        if first == sentence[0] or self._gap(first - 1).strip(" -"):
            return True
        return self._is(first - 1, "connective", "filler", "before")

    def _after_use(self, first: int, sentence: Place) -> bool:
        for at in range(first - 1, max(sentence[0], first - 1 - _REACH) - 1, -1):
            if "," in self._gap(at):
                return False
            if self._is(at, "before"):
                return True
            if not self._is(at, "filler", "determiner", "connective") and not self._words[at].folded.isdigit():
                return False
        return False

    def _before_use(self, last: int, sentence: Place) -> bool:
        for at in range(last + 1, min(sentence[1], last + 3) + 1):
            if self._gap(at - 1).strip(_WITHIN):
                return False
            if self._is(at, "after"):
                return self._may_end(at, sentence)
            if self._words[at].folded not in _AUXILIARIES:
                return False
        return False

    def _listed(self, place: Place, name: Place) -> bool:
        """In one list with another substance: only commas, slashes and joining words between them."""
        one, other = (name, place) if name[0] < place[0] else (place, name)
        between = range(one[1] + 1, other[0])
        marks = self._text[self._words[one[1]].end : self._words[other[0]].start]
        joined = len(between) <= 2 and all(self._is(at, "connective") for at in between)
        return joined and (bool(between) or any(mark in marks for mark in ",/+&"))
