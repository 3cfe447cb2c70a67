"""Every name by which a substance may be called, as one index of folded names.

The names come from the catalogue and from the shipped lists beside it: ``recognition_terms.csv`` (misspellings,
inflections, English and Dutch wording), ``substance_relations.csv`` (metabolites and markers, with certainty) and
``ordinary_words.csv`` (street names that are ordinary words as well). ``found_together.csv`` holds what goes with a
substance and not with a name. Codes that a catalogue does not hold are left out, so the lists serve any catalogue.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from register.coding.catalogue import Catalogue, Substance, rows
from register.coding.folding import fold
from register.coding.sentences import Sentence

CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"  # codes of VS-CERT
_LEVEL = {CERTAIN: 0, PROBABLE: 1, POSSIBLE: 2}

NAME, BRAND, STREET, ABBREVIATION = "name", "brand", "street", "abbreviation"
CHEMICAL, SPELLING, GROUP = "chemical", "spelling", "group"
METABOLITE, MARKER, COMBINATION_MARKER = "metabolite_of", "marker_of", "combination_marker"
FOUND_WITH = "found_with"
RELATIONS = frozenset({METABOLITE, MARKER, COMBINATION_MARKER, FOUND_WITH})

_KINDS = {
    NAME: Sentence("voorkeursnaam", "preferred name"),
    BRAND: Sentence("merknaam", "brand name"),
    STREET: Sentence("straatnaam", "street name"),
    ABBREVIATION: Sentence("afkorting", "abbreviation"),
    CHEMICAL: Sentence("chemische naam", "chemical name"),
    SPELLING: Sentence("andere schrijfwijze", "other spelling"),
    GROUP: Sentence("groepsnaam", "group name"),
    METABOLITE: Sentence("afbraakproduct", "metabolite"),
}

# Parts of a preferred name that say which member is meant and are no name themselves.
_QUALIFIER = re.compile(r"^(incl\b.*|overige?|niet gespecificeerd|not specified)$", re.IGNORECASE)
_AND_OTHERS = re.compile(r"\s+(e\.a\.|etc\.)$", re.IGNORECASE)
# Substances of which the names are remembered; a catalogue holds some 2,000.
_REMEMBERED = 8_192
_BETWEEN_NAMES = re.compile(r"\s*/\s*|,\s+|\s+en\s+(?=semisynth)|\s+and\s+(?=semi-synth)")


@dataclass(frozen=True, slots=True)
class Term:
    """One name: its text and folded key, what it names, and why. Codes are alternatives unless ``together``."""

    text: str
    key: str
    codes: tuple[str, ...]
    kind: str
    language: str
    certainty: str
    reason: Sentence
    together: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """One substance that a name may stand for."""

    code: str
    kind: str
    certainty: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """All that one folded name may mean. ``gate`` names the context an ordinary word needs; empty: none."""

    text: str
    meanings: tuple[Meaning, ...]
    gate: str = ""
    capital: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(meaning.code for meaning in self.meanings)


def lower(one: str, other: str) -> str:
    """The lower of two certainties."""
    return max(one, other, key=_LEVEL.__getitem__)


def name_variants(name: str) -> tuple[str, ...]:
    """The names inside a preferred name: "4-MMC (mefedron)" names both, "opioid, niet gespecificeerd" names one."""
    outside = re.sub(r"\([^)]*\)", "", name)
    inside = re.findall(r"\(([^)]*)\)", name)
    found: list[str] = []
    for part in (outside, *inside):
        for piece in _BETWEEN_NAMES.split(part):
            plain = _AND_OTHERS.sub("", piece.strip())
            if plain and not _QUALIFIER.match(plain) and plain not in found:
                found.append(plain)
    return tuple(found)


def reason_of(kind: str, text: str) -> Sentence:
    """Why a name was recognised: the kind of name and the name."""
    label = _KINDS[kind]
    return Sentence(f"{label.nl}: {text}", f"{label.en}: {text}")


def _term(text: str, codes: tuple[str, ...], kind: str, language: str, *, together: bool = False) -> Term:
    certainty = PROBABLE if kind == STREET else CERTAIN
    return Term(text, fold(text), codes, kind, language, certainty, reason_of(kind, text), together)


@lru_cache(maxsize=_REMEMBERED)
def _substance_terms(substance: Substance) -> tuple[Term, ...]:
    """The names of one substance. Remembered, so that a change of the catalogue costs only what changed."""
    return tuple(_read_terms(substance))


def _read_terms(substance: Substance) -> Iterator[Term]:
    codes = (substance.code,)
    for language, name in (("nl", substance.name_nl), ("en", substance.name_en)):
        for variant in name_variants(name):
            yield _term(variant, codes, NAME, language)
    for synonym in substance.synonyms:
        kind = synonym.kind if synonym.kind in _KINDS else SPELLING
        yield _term(re.sub(r"\s*\([^)]*\)", "", synonym.text), codes, kind, synonym.language)


def _codes(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(code for code in re.split("[;+]", text) if code in catalogue.substances)


def _shipped_terms(catalogue: Catalogue) -> Iterator[Term]:
    for row in rows("recognition_terms.csv"):
        if codes := _codes(row["codes"], catalogue):
            yield _term(row["text"], codes, row["kind"], row["language"], together="+" in row["codes"])


def _relation_terms(catalogue: Catalogue) -> Iterator[Term]:
    for row in rows("substance_relations.csv"):
        if codes := _codes(row["codes"], catalogue):
            reason = Sentence(row["nl"], row["en"])
            together = "+" in row["codes"]
            yield Term(row["text"], fold(row["text"]), codes, row["relation"], "", row["certainty"], reason, together)
    for substance in catalogue.substances.values():
        for metabolite in substance.metabolites:
            if metabolite not in catalogue.substances:
                for variant in name_variants(metabolite):
                    reason = Sentence(
                        f"{variant} is een afbraakproduct van {substance.name_nl}",
                        f"{variant} is a metabolite of {substance.name_en}",
                    )
                    yield Term(variant, fold(variant), (substance.code,), METABOLITE, "", CERTAIN, reason)


def terms_of(catalogue: Catalogue) -> tuple[Term, ...]:
    """All names in order of weight: preferred names and synonyms, the shipped lists, metabolites and markers.

    A metabolite or marker gives way to a substance of that name, and to an earlier statement about the same name.
    """
    named = [term for substance in catalogue.substances.values() for term in _substance_terms(substance)]
    named.extend(_shipped_terms(catalogue))
    kept = [term for term in named if term.key]
    taken = {term.key for term in kept}
    for term in _relation_terms(catalogue):
        if term.key and term.key not in taken:
            taken.add(term.key)
            kept.append(term)
    return tuple(kept)


def _meanings(terms: list[Term]) -> tuple[Meaning, ...]:
    found: dict[str, Meaning] = {}
    for term in terms:
        for code in term.codes:
            found.setdefault(code, Meaning(code, term.kind, term.certainty, term.reason))
    alternatives = len(found) > 1 and not any(term.together for term in terms)
    if not alternatives or terms[0].kind == METABOLITE:
        return tuple(found.values())
    return tuple(
        Meaning(
            meaning.code,
            meaning.kind,
            POSSIBLE,
            Sentence(
                f"{meaning.reason.nl}; kan meer dan één middel zijn",
                f"{meaning.reason.en}; may be more than one substance",
            ),
        )
        for meaning in found.values()
    )


def companions(catalogue: Catalogue) -> dict[str, tuple[Meaning, ...]]:
    """Code -> the substances it is often found together with, which a text that names it may leave unsaid."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for row in rows("found_together.csv"):
        code, other = row["code"], row["found_with"]
        if code in catalogue.substances and other in catalogue.substances:
            meaning = Meaning(other, FOUND_WITH, row["certainty"], Sentence(row["nl"], row["en"]))
            found[code] = (*found.get(code, ()), meaning)
    return found


def _gates() -> Mapping[str, tuple[str, bool]]:
    return {fold(row["word"]): (row["gate"], row["capital"] == "yes") for row in rows("ordinary_words.csv")}


def index(terms: tuple[Term, ...]) -> dict[str, Entry]:
    """Folded name -> what it may mean. A street name or abbreviation of one or two characters is never taken bare."""
    by_key: dict[str, list[Term]] = {}
    for term in terms:
        by_key.setdefault(term.key, []).append(term)
    gates = _gates()
    entries: dict[str, Entry] = {}
    for key, same in by_key.items():
        short = len(key) <= 2 and all(term.kind in (STREET, ABBREVIATION) for term in same)
        gate, capital = gates.get(key, ("close", True) if short else ("", False))
        meanings = _meanings(same)
        if gate:
            meanings = tuple(replace(meaning, certainty=lower(meaning.certainty, PROBABLE)) for meaning in meanings)
        entries[key] = Entry(same[0].text, meanings, gate, capital)
    return entries
