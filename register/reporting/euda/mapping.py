"""Which substances of a release belong to which group of the agency, by the vocabulary."""

import hashlib
import json
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

from register.reporting.codelists import TOTAL, UNKNOWN, Code
from register.reporting.euda.figures import Figures
from register.reporting.euda.template import Template

SUBSTANCE = "substance"


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What stands in the way: a substance without a group, or a group without a line; its code and names."""

    kind: str
    code: str
    nl: str
    en: str


class UnmappedError(Exception):
    """The workbook cannot be made; ``unmapped`` names everything that has no place in it."""

    def __init__(self, unmapped: tuple[Unmapped, ...]) -> None:
        super().__init__(", ".join(one.code for one in unmapped))
        self.unmapped = unmapped


@dataclass(frozen=True, slots=True)
class Mapping:
    """The substances of each group, and the beginning of a SHA-256 over all of it in hexadecimal."""

    version: str
    members: Dictionary[str, frozenset[str]]

    @classmethod
    def of(
        cls,
        substances: Figures,
        groups: Dictionary[str, str],
        names: Dictionary[str, str],
        template: Template,
    ) -> "Mapping":
        """The mapping of the substances of a published table. Raises UnmappedError with everything that is missing.

        ``groups``: the EUDA group of each substance that has one; ``names``: the English name of each group.
        """
        listed = [code for code in substances.codes(SUBSTANCE) if code.code not in (TOTAL, UNKNOWN)]
        missing = [_without_group(code) for code in listed if code.code not in groups]
        used = sorted({groups[code.code] for code in listed if code.code in groups} - template.groups)
        missing += [Unmapped("group", code, names.get(code, code), names.get(code, code)) for code in used]
        if missing:
            raise UnmappedError(tuple(missing))
        members: dict[str, set[str]] = {}
        for code in listed:
            members.setdefault(groups[code.code], set()).add(code.code)
        told = json.dumps([[code.code, groups[code.code]] for code in listed], separators=(",", ":"))
        version = hashlib.sha256(told.encode()).hexdigest()[:12]
        return cls(version, {group: frozenset(codes) for group, codes in members.items()})


def _without_group(code: Code) -> Unmapped:
    return Unmapped("substance", code.code, code.nl, code.en)
