"""The protected tables of a release as bytes, between the proof and the writing of its files."""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from register.disclosure import Count, StructuralZero, Suppressed
from register.reporting.derived import Derived, PublishedCell
from register.reporting.formats import ProtectedTable, Row
from register.reporting.table_design import TableDesign

HIDDEN, IMPOSSIBLE = "s", "m"
COUNTED, DERIVED = "c", "d"


def to_bytes(tables: Mapping[str, ProtectedTable]) -> bytes:
    """The cells of every table, compressed; what they say of hidden cells is what the files will say."""
    told = {
        name: [[row.period, row.definition, row.at, row.measure, _told(row.cell)] for row in table.rows]
        for name, table in tables.items()
    }
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 6)


def from_bytes(body: bytes, designs: Iterable[TableDesign]) -> dict[str, ProtectedTable]:
    """The tables that ``to_bytes`` wrote, by the designs they were made by."""
    told = json.loads(zlib.decompress(body))
    return {
        design.name: ProtectedTable(
            design,
            tuple(
                Row(period, definition, tuple(at), measure, _cell(cell))
                for period, definition, at, measure, cell in told[design.name]
            ),
        )
        for design in designs
    }


def _told(cell: PublishedCell) -> Any:
    match cell:
        case Count(value):
            return [COUNTED, value]
        case Derived(value):
            return [DERIVED, value]
        case Suppressed():
            return HIDDEN
        case StructuralZero():
            return IMPOSSIBLE
        case _:
            assert_never(cell)


def _cell(told: Any) -> PublishedCell:
    if told == HIDDEN:
        return Suppressed()
    if told == IMPOSSIBLE:
        return StructuralZero()
    kind, value = told
    return Count(value) if kind == COUNTED else Derived(value)
