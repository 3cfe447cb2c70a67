"""The substance catalogue and the ICD-10 codes as values.

The shipped catalogue (``load()``) comes from ``register/coding/data`` and needs no database; casework builds the same
type from the rows the register's staff maintain. Groups and flags marked "to confirm" in the reference stay data.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


class UnknownCodeError(LookupError):
    """A code that the catalogue or a value set does not hold."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name of a substance; kind is brand, street, abbreviation, spelling or chemical, language is nl or en."""

    text: str
    kind: str
    language: str


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance. ``icd10_t`` and ``icd10_f`` may be empty; ``metabolites`` are codes or plain names."""

    code: str
    name_nl: str
    name_en: str
    group: str
    euda_group: str = ""
    atc: str = ""
    cas: str = ""
    icd10_t: str = ""
    icd10_f: str = ""
    synonyms: tuple[Synonym, ...] = ()
    metabolites: tuple[str, ...] = ()
    verified: str = ""


@dataclass(frozen=True, slots=True)
class SubstanceGroup:
    """A group with its class, its rank in the hierarchical measure (1 wins) and its flags for the definitions.

    ``selection_d``: yes, no, if_not_prescribed or to_confirm; ``nl_broad``: yes, no or to_confirm.
    """

    code: str
    name_nl: str
    name_en: str
    class_: str
    rank: int
    selection_d: str
    nl_broad: str


@dataclass(frozen=True, slots=True)
class EudaGroup:
    """A group in which the EU drugs agency counts substances."""

    code: str
    name_nl: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Icd10Code:
    """An ICD-10 code with its kind, intent, agent class and its part in Selection B."""

    code: str
    kind: str
    intent: str
    agent_class: str
    title_nl: str
    title_en: str
    role: str
    selection_b: str


@dataclass(frozen=True)
class Catalogue:
    """Substances, groups and ICD-10 codes that belong together; immutable."""

    substances: Mapping[str, Substance]
    groups: Mapping[str, SubstanceGroup]
    icd10: Mapping[str, Icd10Code] = field(default_factory=dict)
    euda_groups: Mapping[str, EudaGroup] = field(default_factory=dict)

    def substance(self, code: str) -> Substance:
        try:
            return self.substances[code]
        except KeyError:
            raise UnknownCodeError(f"unknown substance code {code!r}") from None

    def group_of(self, code: str) -> SubstanceGroup:
        return self.groups[self.substance(code).group]

    @cached_property
    def metabolite_parents(self) -> Mapping[str, tuple[str, ...]]:
        """Folded-lower metabolite code or name -> codes of the substances it can come from."""
        parents: dict[str, list[str]] = {}
        for substance in self.substances.values():
            for metabolite in substance.metabolites:
                parents.setdefault(metabolite.lower(), []).append(substance.code)
        return {name: tuple(codes) for name, codes in parents.items()}


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped vocabulary file, as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _synonym(text: str) -> Synonym:
    words, kind, language = text.rsplit("|", 2)
    return Synonym(words, kind, language)


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """The catalogue shipped with the project."""
    substances = {
        row["code"]: Substance(
            code=row["code"],
            name_nl=row["name_nl"],
            name_en=row["name_en"],
            group=row["group"],
            euda_group=row["euda_group"],
            atc=row["atc"],
            cas=row["cas"],
            icd10_t=row["icd10_t"],
            icd10_f=row["icd10_f"],
            synonyms=tuple(_synonym(part) for part in _parts(row["synonyms"])),
            metabolites=_parts(row["metabolites"]),
            verified=row["verified"],
        )
        for row in rows("substances.csv")
    }
    groups = {
        row["group"]: SubstanceGroup(
            code=row["group"],
            name_nl=row["name_nl"],
            name_en=row["name_en"],
            class_=row["class"],
            rank=int(row["hierarchy_rank"]),
            selection_d=row["selection_d"],
            nl_broad=row["nl_broad"],
        )
        for row in rows("substance_groups.csv")
    }
    icd10 = {
        row["code"]: Icd10Code(
            code=row["code"],
            kind=row["kind"],
            intent=row["intent"],
            agent_class=row["agent_class"],
            title_nl=row["title_nl"],
            title_en=row["title_en"],
            role=row["role"],
            selection_b=row["selection_b"],
        )
        for row in rows("icd10_codes.csv")
    }
    euda_groups = {
        row["euda_group"]: EudaGroup(row["euda_group"], row["name_nl"], row["name_en"])
        for row in rows("euda_groups.csv")
    }
    return Catalogue(substances=substances, groups=groups, icd10=icd10, euda_groups=euda_groups)
