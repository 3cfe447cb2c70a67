"""What a rule says, in Dutch and in English."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement in both languages of the register."""

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A statement with the code of the rule, step or warning that makes it."""

    code: str
    nl: str
    en: str


def listed(items: Sequence[Sentence]) -> Sentence:
    """The items in a row; after six of them only how many more there are, so that a sentence stays a sentence."""
    shown, more = items[:MOST_NAMES], len(items) - MOST_NAMES
    nl, en = [item.nl for item in shown], [item.en for item in shown]
    if more > 0:
        nl.append(f"nog {more}")
        en.append(f"{more} more")
    return Sentence(_row(nl, "en"), _row(en, "and"))


def joined(sentences: Sequence[Sentence]) -> Sentence:
    """The sentences one after another."""
    return Sentence(" ".join(s.nl for s in sentences), " ".join(s.en for s in sentences))


def capital(text: str) -> str:
    """The text with a capital in front; the rest stays as it is (MDMA, GHB)."""
    return text[:1].upper() + text[1:]


def _row(names: Sequence[str], last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
