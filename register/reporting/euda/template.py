"""The lines that the agency asks for. A version of the template is a data file; a new year is a new file.

The layout is our reading of ST5 and ST6, to be confirmed against the template of the year.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CURRENT = "2026"
ANY, SOLE, SEVERAL, LEFT_OUT = "any", "sole", "several", "none"
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """Deaths with any of the substances of these EUDA groups, or with no other substance than these (``sole``).

    ``several`` has no groups: the deaths with more than one substance.
    """

    code: str
    label: str
    groups: tuple[str, ...]
    measure: str


@dataclass(frozen=True, slots=True)
class Template:
    """The lines of a year, and the groups of which the agency asks nothing."""

    version: str
    lines: tuple[TemplateLine, ...]
    left_out: frozenset[str]

    @property
    def groups(self) -> frozenset[str]:
        """Every group that it knows what to do with."""
        return self.left_out | {group for line in self.lines for group in line.groups}


@cache
def template(version: str) -> Template:
    """The template of a year."""
    with (FOLDER / f"template_{version}.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            TemplateLine(row["line"], row["label"], tuple(filter(None, row["groups"].split(";"))), row["measure"])
            for row in csv.DictReader(file)
        ]
    left_out = frozenset(group for row in rows if row.measure == LEFT_OUT for group in row.groups)
    return Template(version, tuple(row for row in rows if row.measure != LEFT_OUT), left_out)
