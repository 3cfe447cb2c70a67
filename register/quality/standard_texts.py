"""Sentences that are needed often: questions about a field, answers to one, and reasons to leave an answer as it is.

In a question ``{field}`` stands for the name of the field. The sentences of the file are what the register is delivered
with; people may change them, leave them out and add their own.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from register.quality.configuring import sentence_problem
from register.quality.problems import Problem

FILE = Path(__file__).parent / "data" / "standard_texts.csv"
ANSWER, ACCEPTANCE, QUESTION = "answer", "acceptance", "question"
USES = (QUESTION, ANSWER, ACCEPTANCE)
OWN = "own_"


@dataclass(frozen=True, slots=True)
class StandardText:
    """One sentence. ``kinds`` are the kinds of fields it is for; none means every field, and the case as a whole."""

    code: str
    kinds: frozenset[str]
    label_nl: str
    label_en: str

    def label(self, language: str) -> str:
        return self.label_nl if language == "nl" else self.label_en


@dataclass(frozen=True, slots=True)
class TextSetting:
    """What people decided about one sentence: its words, and whether it is offered."""

    use: str
    code: str
    nl: str
    en: str
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of each use, in the order in which they are offered."""

    by_use: Mapping[str, tuple[StandardText, ...]]

    def of(self, use: str, kind: str = "") -> tuple[StandardText, ...]:
        """The sentences for ``use`` about a field of this kind."""
        return tuple(text for text in self.by_use[use] if not text.kinds or kind in text.kinds)

    def words(self, use: str, code: str, language: str) -> str:
        """The sentence of ``code``; empty when there is no such sentence."""
        return next((text.label(language) for text in self.by_use[use] if text.code == code), "")


def changed(settings: Iterable[TextSetting]) -> Texts:
    """The sentences as they were delivered with what people decided about them; their own come last."""
    decided = {(setting.use, setting.code): setting for setting in settings}
    delivered = shipped()
    return Texts(
        {
            use: (
                *(
                    _with(text, decided.get((use, text.code)))
                    for text in delivered.by_use[use]
                    if (use, text.code) not in decided or decided[use, text.code].offered
                ),
                *(
                    StandardText(setting.code, frozenset(), setting.nl, setting.en)
                    for setting in decided.values()
                    if setting.use == use and setting.code.startswith(OWN) and setting.offered
                ),
            )
            for use in USES
        }
    )


def problems_of(use: str, nl: str, en: str) -> dict[str, Problem]:
    """What is wrong with the words of a sentence, by language."""
    allowed = frozenset({"field"}) if use == QUESTION else frozenset[str]()
    found = {"nl": sentence_problem(nl, allowed), "en": sentence_problem(en, allowed)}
    return {name: problem for name, problem in found.items() if problem}


def _with(text: StandardText, setting: TextSetting | None) -> StandardText:
    return StandardText(text.code, text.kinds, setting.nl, setting.en) if setting else text


@lru_cache(maxsize=1)
def shipped() -> Texts:
    """The sentences as they were delivered."""
    found: dict[str, list[StandardText]] = {use: [] for use in USES}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = StandardText(row["code"], frozenset(row["kinds"].split()), row["label_nl"], row["label_en"])
            found[row["use"]].append(text)
    return Texts({use: tuple(rows) for use, rows in found.items()})
