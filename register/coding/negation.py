"""Which mentions a text denies, and which it only supposes.

A denial reaches a mention over words that belong to the denial ("geen aanwijzingen voor gebruik van cocaïne"), and
goes on along a list ("geen cocaïne, GHB of fentanyl"; "amfetamine en fentanyl werden niet aangetoond"). It stops at
the end of the sentence, at a turn ("wel", "maar", "but") and at an item with a result of its own. "Not tested" counts
as a denial: it is no ground for a proposal. The words are in ``negation_cues.csv``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from register.coding.catalogue import rows
from register.coding.folding import WORD, Word, fold_word
from register.coding.terms import CERTAIN, POSSIBLE, PROBABLE

_UNKNOWN_WORDS = 3  # words between "geen" and the mention that no list knows
_UNKNOWN_LISTED = 6  # the same when "of" closes a list with the mention: "geen CO, cyanide of opiaten"
_BACKWARD_WORDS = 8
_HEDGE_WORDS = 3

_PHRASE_ROLES = frozenset({"before", "after", "colon", "answer", "clause", "both", "pseudo", "adjacent"})
_END = re.compile(r"[;!?\n\r]")
# Behind a mention: "(-)", a dash before the next comma or line end, or a measured zero.
_MINUS = re.compile(r"\s*:?\s*(\(\s*[-\u2212\u2013]\s*\)|[-\u2212\u2013](?=\s*([,;.)\n]|$)))")
_ZERO = re.compile(r"\s*[:=]?\s*0([.,]0+)?\s*(‰|promille|%|[mµμn]?g\s*/\s*(ml|dl|l)|mg%)", re.IGNORECASE)
_VALUE = re.compile(r"\s*[:=(]?\s*[<>]?\s*\d|\s*\(?\+")


@dataclass(frozen=True, slots=True)
class Scene:
    """A text with its words, the word positions (first, last) of its mentions in order, and its sentences."""

    text: str
    words: Sequence[Word]
    mentions: Sequence[tuple[int, int]]

    def gap(self, at: int) -> str:
        """What stands between word ``at`` and the next one."""
        return self.text[self.words[at].end : self.words[at + 1].start]

    def behind(self, at: int) -> str:
        """What follows word ``at``, up to 24 characters."""
        return self.text[self.words[at].end : self.words[at].end + 24]


def _cues() -> tuple[dict[str, frozenset[str]], dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]]:
    single: dict[str, set[str]] = {}
    phrases: dict[tuple[str, ...], set[str]] = {}
    for row in rows("negation_cues.csv"):
        words = tuple(fold_word(word) for word in WORD.findall(row["words"]))
        if row["role"] in _PHRASE_ROLES:
            phrases.setdefault(words, set()).add(row["role"])
        else:
            single.setdefault(row["role"], set()).add(words[0])
    by_first: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for words in sorted(phrases, key=lambda words: (-len(words), words)):
        by_first.setdefault(words[0], []).append((words, frozenset(phrases[words])))
    return {role: frozenset(words) for role, words in single.items()}, by_first


class Negation:
    """The reading of denials and suppositions; compiled once, used for any text."""

    def __init__(self) -> None:
        self._words, self._cues = _cues()
        self._doubt: Mapping[str, str] = dict.fromkeys(self._words["possible"], POSSIBLE) | dict.fromkeys(
            self._words["probable"], PROBABLE
        )
        self.doubt_words = frozenset(self._doubt)
        self.cue_words = frozenset(self._cues)
        self._along = self._words["list"] | (self._words["pass"] - self._words["singular"])

    def sentence_ends(self, scene: Scene, at: int) -> bool:
        """Whether a sentence ends between word ``at`` and the next one."""
        if at + 1 >= len(scene.words):
            return True
        gap = scene.gap(at)
        if gap in (" ", ", ", "-"):
            return False
        if _END.search(gap):
            return True
        word = scene.words[at].folded
        lettered = len(word) == 1 and at > 0 and scene.gap(at - 1) == "."  # "o.a. cocaïne"
        return ". " in gap and not lettered and word not in self._words["abbreviation"]

    def certainties(self, scene: Scene) -> list[str]:
        """Per mention how far the words around it suppose: certain, probable or possible."""
        found: list[str] = []
        for number, (first, last) in enumerate(scene.mentions):
            level = POSSIBLE if scene.behind(last).lstrip(" (").startswith("?") else CERTAIN
            for at in range(first - 1, max(-1, first - 1 - _HEDGE_WORDS), -1):
                word = scene.words[at].folded
                if self.sentence_ends(scene, at) or (number and at <= scene.mentions[number - 1][1]):
                    if number and at == scene.mentions[number - 1][1] and first - at > 1 and level == CERTAIN:
                        between = [scene.words[index].folded for index in range(at + 1, first)]
                        if all(item in self._words["list"] for item in between):
                            level = found[number - 1]
                    break
                if word in self._doubt:
                    level = self._doubt[word] if level == CERTAIN else level
                    break
            found.append(level)
        return found

    def denied(self, scene: Scene) -> frozenset[int]:
        """The numbers of the mentions that the text denies."""
        found: set[int] = set()
        owner = {at: number for number, (first, last) in enumerate(scene.mentions) for at in range(first, last + 1)}
        for number, (_, last) in enumerate(scene.mentions):
            behind = scene.behind(last)
            if _MINUS.match(behind) or _ZERO.match(behind):
                found.add(number)
        at = 0
        while at < len(scene.words):
            cue = None if at in owner else self._cue_at(scene, at, owner)
            if cue is None:
                at += 1
                continue
            end, roles = cue
            found.update(self._reach(scene, at, end, roles, owner))
            at = end + 1
        return frozenset(found)

    def _cue_at(self, scene: Scene, at: int, owner: Mapping[int, int]) -> tuple[int, frozenset[str]] | None:
        for phrase, roles in self._cues.get(scene.words[at].folded, ()):
            end = at + len(phrase) - 1
            if end >= len(scene.words) or end in owner:
                continue
            same = all(scene.words[at + step].folded == word for step, word in enumerate(phrase))
            if same and not any(self.sentence_ends(scene, step) for step in range(at, end)):
                return end, roles
        return None

    def _reach(
        self, scene: Scene, start: int, end: int, roles: frozenset[str], owner: Mapping[int, int]
    ) -> Sequence[int]:
        if "pseudo" in roles:
            return ()
        follows = scene.behind(end).lstrip()
        if "colon" in roles and follows.startswith(":"):
            return self._forward(scene, end, owner, 0, lines=True)
        if "answer" in roles and start - 1 in owner and ":" in scene.gap(start - 1) and not follows[:1].isalnum():
            return (owner[start - 1],)
        if "clause" in roles and start - 1 in owner and not follows[:1].isalnum():
            return self._backward(scene, start, owner)
        if "before" in roles:
            forward = self._forward(scene, end, owner, _UNKNOWN_WORDS)
            if "both" in roles and forward:
                return forward + self._backward(scene, start, owner)
            if forward or "after" not in roles:
                return forward
        if "after" in roles and (backward := self._backward(scene, start, owner)):
            return backward
        if "adjacent" in roles:
            return (owner[end + 1],) if end + 1 in owner and not self.sentence_ends(scene, end) else ()
        if "colon" in roles and end + 1 < len(scene.words) and scene.words[end + 1].folded in self._words["verb"]:
            return self._forward(scene, end, owner, 0)
        return ()

    def _forward(
        self, scene: Scene, end: int, owner: Mapping[int, int], unknown: int, *, lines: bool = False
    ) -> list[int]:
        """From a cue to the first mention, then along the list that begins there."""
        first = next((at for at in range(end + 1, len(scene.words)) if at in owner), None)
        if first is None or any(self._stops(scene, at, lines) for at in range(end, first)):
            return []
        between = range(end + 1, first)
        strange = [at for at in between if not self._belongs(scene, at)]
        in_list = bool(unknown and between) and self._is(scene, first - 1, "or")
        if len(strange) > (_UNKNOWN_LISTED if in_list else unknown):
            return []
        if any(self._turns(scene, at) for at in strange):
            return []
        commas = [at for at in range(end, first) if "," in scene.gap(at) and not self._is(scene, at + 1, "including")]
        if commas and strange and not in_list:
            return []
        if commas and self._has_own_result(scene, owner[first], listed=False):
            return []
        return self._along_list(scene, owner[first], owner, lines)

    def _is(self, scene: Scene, at: int, *roles: str) -> bool:
        word = scene.words[at].folded
        return any(word in self._words[role] for role in roles)

    def _belongs(self, scene: Scene, at: int) -> bool:
        """Whether a word belongs to a denial and does not end it."""
        return self._is(scene, at, "pass", "list", "result", "singular", "including") and not self._turns(scene, at)

    def _turns(self, scene: Scene, at: int) -> bool:
        """Whether the text turns here ("wel", "behalve"); "met" does not in "overdosering met"."""
        return self._is(scene, at, "stop") and not self._is(scene, at - 1, "takes_with")

    def _along_list(self, scene: Scene, first: int, owner: Mapping[int, int], lines: bool) -> list[int]:
        found = [first]
        number = first
        while number + 1 < len(scene.mentions):
            last, following = scene.mentions[number][1], scene.mentions[number + 1][0]
            between = range(last + 1, following)
            joined = any(scene.words[at].folded in self._words["list"] for at in between)
            if any(self._stops(scene, at, lines) for at in range(last, following)):
                break
            if any(scene.words[at].folded not in self._along for at in between):
                break
            if self._has_own_result(scene, number + 1, listed=not joined and not lines):
                break
            number += 1
            found.append(number)
        return found

    def _stops(self, scene: Scene, at: int, lines: bool) -> bool:
        if lines and not re.search(r"[;!?]|\.\s", scene.gap(at)):
            return False
        return self.sentence_ends(scene, at)

    def _has_own_result(self, scene: Scene, number: int, *, listed: bool) -> bool:
        """A value, "positief", or, in a list of commas only, a verb of its own: the denial does not reach it."""
        last = scene.mentions[number][1]
        behind = scene.behind(last)
        if _VALUE.match(behind) and not _ZERO.match(behind):
            return True
        if last + 1 >= len(scene.words) or self.sentence_ends(scene, last) or "," in scene.gap(last):
            return False
        word = scene.words[last + 1].folded
        return word in self._words["positive"] or (listed and word in self._words["verb"])

    def _backward(self, scene: Scene, start: int, owner: Mapping[int, int]) -> list[int]:
        """From a cue back to the last mention, then back along its list."""
        nearest = range(start - 1, max(-1, start - 2 - _BACKWARD_WORDS), -1)
        last = next((at for at in nearest if at in owner), None)
        if last is None or any(self.sentence_ends(scene, at) for at in range(last, start)):
            return []
        between = range(last + 1, start)
        if any(not self._is(scene, at, "pass", "singular", "pronoun", "turn") for at in between):
            return []
        # "..., werd niet aangetoond" and "..., maar dit is niet aangetoond" speak of what stands before the comma.
        commas = [at for at in range(last, start) if "," in scene.gap(at)]
        if any(at + 1 == start or not self._is(scene, at + 1, "verb", "pronoun", "turn") for at in commas):
            return []
        one = any(self._is(scene, at, "singular") for at in between)
        return self._back_along_list(scene, owner[last], one)

    def _back_along_list(self, scene: Scene, last: int, one: bool) -> list[int]:
        """``one``: the verb is singular, so a bare comma parts what is denied from what went before."""
        found = [last]
        for number in range(last, 0, -1):
            end, following = scene.mentions[number - 1][1], scene.mentions[number][0]
            between = range(end + 1, following)
            if any(self.sentence_ends(scene, at) for at in range(end, following)):
                break
            if any(not self._is(scene, at, "list") for at in between):
                break
            if one and not between and "/" not in scene.gap(end):
                break
            found.append(number - 1)
        return found
