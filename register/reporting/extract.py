"""The frozen facts of a release: what is known of every death that may be counted, and nothing that identifies it.

No case number, no key, no name, no day of death, no municipality. Every published file can be made again from these
lines alone: the first holds the rules and the code lists of that moment, every other one death. What no table crosses
with anything else (a circumstance, the month, a reason to exclude) is frozen as a count and stands with no death.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from register.coding.catalogue import Catalogue, EudaGroup, Substance, SubstanceGroup
from register.coding.facts import CaseFacts, Contributor
from register.coding.settings import Settings
from register.reporting.codelists import NOTIFIED

# The format that is written, and those that are read: format 2 knew nothing of the groups of the EU drugs agency. What
# is tabulated follows the format, so that a release of an older one can be made again: before ``CROSSED`` no table
# crossed substances with sex or age, and the mean age was told of both sexes together; before ``REPORTS_KEPT`` the
# reports of a year were no sum that stays published; before ``OF_ST5`` nothing was crossed with toxicology, neither
# intent nor the number of substances with sex, and no autopsies were told; before ``IN_FULL`` labels and files said
# less; before ``HELD`` what is told by sex and by toxicology, or by sex and by intent, could be taken for what no
# deaths have at once. Only where a release asks for dominance its extract says which forensic service examined each
# death.
FORMAT, READ = 6, (2, 3, 4, 5, 6)
CROSSED, REPORTS_KEPT, OF_ST5, IN_FULL, HELD = 4, 5, 5, 5, 6
# Reports without a known year: they are counted with the whole period.
UNDATED = "undated"
COUNTING_ROLES = ("sole_cause", "joint_cause", "possible_contribution")


@dataclass(frozen=True, slots=True, order=True)
class Death:
    """One death. ``sex``, ``intent``, ``place``, ``province``, ``region`` and ``tox`` are codes, ``_U`` when unknown.

    ``age`` is in whole years, -1 when not known. ``definitions`` are those that hold; ``substances`` are (code, role)
    pairs with a role that can count. ``service`` is the forensic service, empty where no release asked for it.
    """

    year: int
    sex: str
    age: int
    intent: str
    place: str
    province: str
    region: str
    inclusion: str
    tox: str
    definitions: tuple[str, ...]
    substances: tuple[tuple[str, str], ...]
    service: str = ""

    @property
    def age_known(self) -> int | None:
        return None if self.age < 0 else self.age

    def facts(self) -> CaseFacts:
        """The facts on which the attribution to substances rests."""
        return CaseFacts(
            intent=None,
            relation=None,
            inclusion=None,
            substances=tuple(Contributor(code, role) for code, role in self.substances),
        )


@dataclass(frozen=True, slots=True, order=True)
class Tally:
    """How many of ``population`` (a definition, or one of codelists) have ``code`` of ``subject`` in a year."""

    subject: str
    population: str
    year: int
    code: str
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """A region with the province it lies in, by code and name."""

    region: str
    name: str
    province: str
    province_name: str


@dataclass(frozen=True, slots=True, order=True)
class Inhabitants:
    """People in a year by sex, age band of the EU drugs agency and area; ``_T`` is everybody, ``NL`` the country."""

    year: int
    sex: str
    age_band: str
    area: str
    persons: int


@dataclass(frozen=True, slots=True)
class Population:
    """The population figures of a release: one version of them, its source and the day of that source."""

    version: str
    source: str
    published_on: str
    demo: bool
    rows: tuple[Inhabitants, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """The counted deaths with the rules, the catalogue and the population they were counted by."""

    rule_version: str
    settings: Settings
    catalogue: Catalogue
    deaths: tuple[Death, ...]
    tallies: tuple[Tally, ...] = ()
    areas: tuple[Area, ...] = ()
    population: Population | None = None
    format: int = FORMAT

    @property
    def crossed(self) -> bool:
        """Whether substances are counted by sex and by age, and the mean age is told by sex."""
        return self.format >= CROSSED

    @property
    def reports_kept(self) -> bool:
        """Whether the reports of a year stay published where that can be, beside an earlier release."""
        return self.format >= REPORTS_KEPT

    @property
    def st5_told(self) -> bool:
        """Whether it is told what ST5 asks: substances among known toxicology and by sex, intent by sex, autopsies."""
        return self.format >= OF_ST5

    @property
    def in_full(self) -> bool:
        """Whether labels say all: a day in words, and of an answer what was asked."""
        return self.format >= IN_FULL

    @property
    def held_together(self) -> bool:
        """Whether what ST5 asks two by two is also counted together, so that alternatives are those of registers."""
        return self.format >= HELD

    def counted(self, definition: str) -> tuple[Death, ...]:
        """The deaths for which this definition holds."""
        return tuple(death for death in self.deaths if definition in death.definitions)

    def tallied(self, subject: str, population: str) -> dict[tuple[str, str], int]:
        """The counts of a subject by (year, code)."""
        return {
            (str(one.year), one.code): one.count
            for one in self.tallies
            if one.subject == subject and one.population == population
        }

    def reports(self) -> tuple[int, int]:
        """How many reports of the period were decided in time, and how many there were."""
        dated = len(self.deaths) + sum(self.tallied("decision", NOTIFIED).values())
        open_ = sum(count for (_, code), count in self.tallied("decision", NOTIFIED).items() if code == "open")
        undated = Counter(code for (_, code), n in self.tallied(UNDATED, NOTIFIED).items() for _ in range(n))
        return dated - open_ + undated["decided"], dated + undated.total()

    def known_areas(self) -> tuple[Area, ...]:
        """The areas of the vocabulary and any further one in which somebody died; without a name by its code."""
        named = {area.region: area.name for area in self.areas}
        named |= {area.province: area.province_name for area in self.areas}
        seen = {(death.region, death.province) for death in self.deaths}
        further = seen - {(area.region, area.province) for area in self.areas}
        return (
            *self.areas,
            *(Area(one, named.get(one, one), other, named.get(other, other)) for one, other in sorted(further)),
        )

    def keeping(self, before: Mapping[int, "Extract"]) -> "Extract":
        """The facts with those of some years as they were in an earlier extract, by the year."""
        deaths = [death for death in self.deaths if death.year not in before]
        tallies = [one for one in self.tallies if one.year not in before or one.subject == UNDATED]
        for year, source in before.items():
            deaths += [death for death in source.deaths if death.year == year]
            tallies += [one for one in source.tallies if one.year == year and one.subject != UNDATED]
        return replace(self, deaths=tuple(sorted(deaths)), tallies=tuple(sorted(tallies)))

    def hierarchy_version(self) -> str:
        """The groups, their ranks and what belongs to them, as the beginning of a SHA-256 in hexadecimal."""
        told = json.dumps([_groups(self.catalogue), _members(self.catalogue)], separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()[:12]


def to_lines(extract: Extract) -> bytes:
    """The extract as JSON lines in UTF-8; the order of the deaths says nothing about the order of the cases."""
    head = {
        "format": extract.format,
        "rule_version": extract.rule_version,
        "count_possible": extract.settings.count_possible,
        "alcohol_ignored": extract.settings.alcohol_ignored,
        "groups": [
            [group.code, group.name_nl, group.name_en, group.class_, group.rank]
            for group in extract.catalogue.groups.values()
        ],
        "substances": [
            [one.code, one.name_nl, one.name_en, one.group, one.euda_group]
            for one in extract.catalogue.substances.values()
        ],
        "euda_groups": [[one.code, one.name_nl, one.name_en] for one in extract.catalogue.euda_groups.values()],
        "tallies": [astuple(one) for one in sorted(extract.tallies)],
        "areas": [astuple(one) for one in extract.areas],
        "population": _as_population(extract.population),
    }
    return b"".join(_line(row) for row in (head, *map(_as_row, sorted(extract.deaths))))


def from_lines(lines: bytes) -> Extract:
    """The extract that ``to_lines`` wrote. Raises ValueError for another format."""
    head, *rows = [json.loads(line) for line in lines.splitlines()]
    if head["format"] not in READ:
        raise ValueError(f"extract of format {head['format']}; this version reads {', '.join(map(str, READ))}")
    return Extract(
        rule_version=head["rule_version"],
        settings=Settings(count_possible=head["count_possible"], alcohol_ignored=head["alcohol_ignored"]),
        catalogue=catalogue_of(head["groups"], head["substances"], head.get("euda_groups", [])),
        deaths=tuple(_from_row(row) for row in rows),
        tallies=tuple(Tally(*one) for one in head["tallies"]),
        areas=tuple(Area(*one) for one in head["areas"]),
        population=_from_population(head["population"]),
        format=head["format"],
    )


def catalogue_of(
    groups: Sequence[Sequence[Any]], substances: Sequence[Sequence[Any]], euda_groups: Sequence[Sequence[Any]] = ()
) -> Catalogue:
    """A catalogue that holds what attribution and labels need.

    ``groups``: (code, Dutch name, English name, class, rank); ``substances``: (code, Dutch name, English name, group)
    and the EUDA group where it is known; ``euda_groups``: (code, Dutch name, English name).
    """
    return Catalogue(
        substances={row[0]: Substance(*row) for row in substances},
        groups={
            code: SubstanceGroup(code, nl, en, class_, rank, selection_d="", nl_broad="")
            for code, nl, en, class_, rank in groups
        },
        euda_groups={row[0]: EudaGroup(*row) for row in euda_groups},
    )


def packed(lines: bytes) -> tuple[bytes, str]:
    """The lines compressed, and the SHA-256 of the lines themselves."""
    return zlib.compress(lines, 9), hashlib.sha256(lines).hexdigest()


def unpacked(body: bytes, sha256: str) -> bytes:
    """The lines again. Raises ValueError when they are not the lines that were frozen."""
    lines = zlib.decompress(body)
    if hashlib.sha256(lines).hexdigest() != sha256:
        raise ValueError("the stored extract does not match its hash")
    return lines


def _groups(catalogue: Catalogue) -> list[list[Any]]:
    return sorted([group.code, group.class_, group.rank] for group in catalogue.groups.values())


def _members(catalogue: Catalogue) -> list[list[str]]:
    return sorted([substance.code, substance.group] for substance in catalogue.substances.values())


def _as_population(population: Population | None) -> dict[str, Any] | None:
    if population is None:
        return None
    facts = {name: getattr(population, name) for name in ("version", "source", "published_on", "demo")}
    return {**facts, "rows": [astuple(one) for one in sorted(population.rows)]}


def _from_population(facts: Mapping[str, Any] | None) -> Population | None:
    if facts is None:
        return None
    return Population(**{**facts, "rows": tuple(Inhabitants(*one) for one in facts["rows"])})


def _as_row(death: Death) -> dict[str, Any]:
    row = {name: getattr(death, name) for name in Death.__slots__}
    return row if death.service else {name: value for name, value in row.items() if name != "service"}


def _from_row(row: Mapping[str, Any]) -> Death:
    lists = {"definitions": tuple(row["definitions"]), "substances": tuple(map(tuple, row["substances"]))}
    return Death(**{**row, **lists})


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"
