"""The frozen facts of a release: what is known of every death that may be counted, and nothing that identifies it.

No case number, no key, no name, no day of death, no municipality. Every published file can be made again from these
lines alone: the first holds the rules and the code lists of that moment, every other one death.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from register.coding.catalogue import Catalogue, Substance, SubstanceGroup
from register.coding.facts import CaseFacts, Contributor
from register.coding.settings import Settings

FORMAT = 1
COUNTING_ROLES = ("sole_cause", "joint_cause", "possible_contribution")


@dataclass(frozen=True, slots=True, order=True)
class Death:
    """One death. ``sex``, ``intent``, ``place``, ``province``, ``region`` and ``tox`` are codes, ``_U`` when unknown.

    ``age`` is in whole years, -1 when not known. ``definitions`` are those that hold; ``substances`` are (code, role)
    pairs with a role that can count.
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


@dataclass(frozen=True, slots=True)
class Extract:
    """The counted deaths with the rules and the catalogue they were counted by."""

    rule_version: str
    settings: Settings
    catalogue: Catalogue
    deaths: tuple[Death, ...]

    def counted(self, definition: str) -> tuple[Death, ...]:
        """The deaths for which this definition holds."""
        return tuple(death for death in self.deaths if definition in death.definitions)


def to_lines(extract: Extract) -> bytes:
    """The extract as JSON lines in UTF-8; the order of the deaths says nothing about the order of the cases."""
    head = {
        "format": FORMAT,
        "rule_version": extract.rule_version,
        "count_possible": extract.settings.count_possible,
        "alcohol_ignored": extract.settings.alcohol_ignored,
        "groups": [
            [group.code, group.name_nl, group.name_en, group.class_, group.rank]
            for group in extract.catalogue.groups.values()
        ],
        "substances": [
            [substance.code, substance.name_nl, substance.name_en, substance.group]
            for substance in extract.catalogue.substances.values()
        ],
    }
    return b"".join(_line(row) for row in (head, *map(_as_row, sorted(extract.deaths))))


def from_lines(lines: bytes) -> Extract:
    """The extract that ``to_lines`` wrote. Raises ValueError for another format."""
    head, *rows = [json.loads(line) for line in lines.splitlines()]
    if head["format"] != FORMAT:
        raise ValueError(f"extract of format {head['format']}; this version reads format {FORMAT}")
    return Extract(
        rule_version=head["rule_version"],
        settings=Settings(count_possible=head["count_possible"], alcohol_ignored=head["alcohol_ignored"]),
        catalogue=catalogue_of(head["groups"], head["substances"]),
        deaths=tuple(_from_row(row) for row in rows),
    )


def catalogue_of(groups: Sequence[Sequence[Any]], substances: Sequence[Sequence[Any]]) -> Catalogue:
    """A catalogue that holds what attribution and labels need.

    ``groups``: (code, Dutch name, English name, class, rank); ``substances``: (code, Dutch name, English name, group).
    """
    return Catalogue(
        substances={code: Substance(code, nl, en, group) for code, nl, en, group in substances},
        groups={
            code: SubstanceGroup(code, nl, en, class_, rank, selection_d="", nl_broad="")
            for code, nl, en, class_, rank in groups
        },
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


def _as_row(death: Death) -> dict[str, Any]:
    return {name: getattr(death, name) for name in Death.__slots__}


def _from_row(row: Mapping[str, Any]) -> Death:
    lists = {"definitions": tuple(row["definitions"]), "substances": tuple(map(tuple, row["substances"]))}
    return Death(**{**row, **lists})


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"
