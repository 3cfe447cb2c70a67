"""Sentences that are needed often: questions about a field, answers to one, and reasons to leave an answer as it is.

In a question ``{field}`` stands for the name of the field.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "standard_texts.csv"
ANSWER, ACCEPTANCE, QUESTION = "answer", "acceptance", "question"


@dataclass(frozen=True, slots=True)
class StandardText:
    """One sentence. ``kinds`` are the kinds of fields it is for; none means every field, and the case as a whole."""

    code: str
    kinds: frozenset[str]
    label_nl: str
    label_en: str

    def label(self, language: str) -> str:
        return self.label_nl if language == "nl" else self.label_en


def texts(use: str, kind: str = "") -> tuple[StandardText, ...]:
    """The sentences for ``use`` about a field of this kind, in the order of the file."""
    return tuple(text for text in _load()[use] if not text.kinds or kind in text.kinds)


def words(use: str, code: str, language: str) -> str:
    """The sentence of ``code``; empty when there is no such sentence."""
    return next((text.label(language) for text in _load()[use] if text.code == code), "")


@lru_cache(maxsize=1)
def _load() -> Mapping[str, tuple[StandardText, ...]]:
    found: dict[str, list[StandardText]] = {ANSWER: [], ACCEPTANCE: [], QUESTION: []}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = StandardText(row["code"], frozenset(row["kinds"].split()), row["label_nl"], row["label_en"])
            found[row["use"]].append(text)
    return {use: tuple(rows) for use, rows in found.items()}
