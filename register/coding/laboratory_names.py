"""What a name in a laboratory report means: one substance, a known metabolite, a choice between some, or nothing known.

A laboratory writes chemical names. A street name in its table, or a near miss, is therefore put to a person instead of
being taken, and a name that nobody knows stays as it is written.
"""

import re
from dataclasses import dataclass
from enum import Enum

from register.coding.analytes import Relation, relation_of
from register.coding.catalogue import Catalogue
from register.coding.lookup import PREFIX, Match, resolve, search
from register.coding.terms import RELATIONS, STREET

MOST_CANDIDATES = 4
# A near miss by one or two errors; a beginning that is one off is no likeness for a laboratory.
LEAST_SCORE = 30
# What a laboratory adds to a name and is no part of it: "morfine (vrij)", "THC totaal".
_ADDED = re.compile(
    r"\s*[(\[][^()\[\]]*[)\]]\s*$|[,\s]+(?:vrij|totaal|free|total|geconjugeerd|conjugated|kwantitatief|kwalitatief)$",
    re.IGNORECASE,
)
# Where the first words of a line end, and how many of them a name may have.
_WORD_END = re.compile(r"[\t;|:\"\s]+")
MOST_WORDS, FEWEST_LETTERS = 3, 3


class Status(Enum):
    """How far the name of a line was understood."""

    RECOGNISED = "recognised"
    CHOICE = "choice"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a report: ``code`` when it means one substance, ``relation`` when it is a known metabolite or marker,
    ``candidates`` when a person must choose.
    """

    status: Status
    code: str | None = None
    relation: Relation | None = None
    candidates: tuple[Match, ...] = ()


def recognise(text: str, catalogue: Catalogue) -> Name:
    """What ``text`` means. It is tried as it stands first, and then without what laboratories add to names."""
    found = _recognise(text, catalogue)
    bare = _ADDED.sub("", text).strip()
    if found.status is Status.RECOGNISED or not bare or bare == text:
        return found
    without = _recognise(bare, catalogue)
    return without if without.status is Status.RECOGNISED or found.status is Status.UNKNOWN else found


def begins_with_a_name(text: str, catalogue: Catalogue) -> bool:
    """Whether the first words of a line are a name that the catalogue knows, exactly."""
    words = [word for word in _WORD_END.split(text, maxsplit=MOST_WORDS + 1) if word][:MOST_WORDS]
    names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return any(
        len(name) >= FEWEST_LETTERS and (resolve(name, catalogue) or relation_of(name, catalogue)) for name in names
    )


def _recognise(text: str, catalogue: Catalogue) -> Name:
    relation = relation_of(text, catalogue)
    if relation is not None:
        return Name(Status.RECOGNISED, relation=relation)
    if text in catalogue.substances:
        return Name(Status.RECOGNISED, code=text)
    matches = tuple(match for match in search(text, catalogue) if match.kind not in RELATIONS)
    exact = [match for match in matches if match.score > PREFIX]
    proper = [match for match in exact if match.kind != STREET]
    if len(proper) == 1:
        return Name(Status.RECOGNISED, code=proper[0].code)
    near = proper or [match for match in matches if match.score >= (PREFIX if exact else LEAST_SCORE)]
    if near:
        return Name(Status.CHOICE, candidates=tuple(near[:MOST_CANDIDATES]))
    return Name(Status.UNKNOWN)
