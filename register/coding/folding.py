"""One spelling for comparing: case, diacritics, Greek letters, hyphens and spaces make no difference.

"3-MMC", "3 mmc" and "3MMC" fold to one key, as do "α-PVP" and "alpha-PVP", "cocaïne" and "COCAINE".
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "σ": "sigma",
    "ς": "sigma",
    "ω": "omega",
}
# Letters that Unicode does not take apart into a plain letter and a mark.
_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"}
_TRANSLATION = str.maketrans(_GREEK | _LETTERS)

# Within a word: marks that stand apart in decomposed text, the soft hyphen, and joiners without width.
_INVISIBLE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_INVISIBLE}])*")

# A longer run of letters is no word of a language; it is not kept either.
LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits: its folded form and its place in the text, ``text[start:end]``."""

    folded: str
    start: int
    end: int


def _fold(word: str) -> str:
    plain = word.casefold()
    if plain.isascii():
        return plain
    spread = unicodedata.normalize("NFKD", plain).casefold().translate(_TRANSLATION)
    return "".join(character for character in spread if character.isalnum())


_fold_short = lru_cache(maxsize=32_768)(_fold)


def fold_word(word: str) -> str:
    """One word without case, diacritics and Greek letters."""
    return _fold_short(word) if len(word) <= LONGEST_WORD else _fold(word)


def fold(text: str) -> str:
    """The key of a name: its words folded and put together, everything else left out."""
    return "".join(fold_word(word) for word in WORD.findall(text))


def place_of(key: str, text: str) -> tuple[int, int] | None:
    """Where a folded name stands in a text, ``text[start:end]``; None when it does not. For showing what matched."""
    folded, origin = "", []
    for at, character in enumerate(text):
        plain = _fold_short(character) if character.isalnum() else ""
        folded += plain
        origin += [at] * len(plain)
    start = folded.find(key) if key else -1
    return None if start < 0 else (origin[start], origin[start + len(key) - 1] + 1)


def words(text: str) -> list[Word]:
    """The words of a text in order; a run of more than 80 characters is passed over."""
    return [
        Word(fold_word(match.group()), match.start(), match.end())
        for match in WORD.finditer(text)
        if match.end() - match.start() <= LONGEST_WORD
    ]
