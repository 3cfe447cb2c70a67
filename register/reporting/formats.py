"""The files of a published table: tidy CSV and JSON, made from the same protected cells, always the same bytes.

A suppressed count is an empty value with a status, never a number, never text in the value column, and nothing in a
file tells why it was suppressed. Status codes are those of SDMX CL_OBS_STATUS and CL_CONF_STATUS.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, assert_never

from register.disclosure import Count, StructuralZero, Suppressed
from register.reporting import codelists as codes
from register.reporting.codelists import Code
from register.reporting.derived import Derived, PublishedCell
from register.reporting.tables import TableDesign

CSV_TYPE = "text/csv; charset=utf-8; header=present"
JSON_TYPE = "application/json"
MEDIA_TYPES = {"csv": CSV_TYPE, "json": JSON_TYPE}

SUPPRESSION = Code(
    "suppression",
    "Een lege waarde met obs_status Q is verborgen, omdat kleine aantallen tot personen kunnen leiden of omdat zij "
    "anders te berekenen is. Verborgen betekent niet nul; een 0 is een echte nul.",
    "An empty value with obs_status Q is hidden, because small counts can lead to persons or because it could be "
    "computed otherwise. Hidden does not mean zero; a 0 is a true zero.",
)
OBS_STATUS = (
    Code("A", "Normale waarde", "Normal value"),
    Code("P", "Voorlopige waarde", "Provisional value"),
    Code("Q", "Verborgen", "Missing value; suppressed"),
    Code("M", "Kan niet voorkomen", "Missing value; data cannot exist"),
)
CONF_STATUS = (
    Code("F", "Openbaar", "Free for publication"),
    Code("C", "Vertrouwelijk", "Confidential statistical information"),
)


@dataclass(frozen=True, slots=True)
class About:
    """What every file says of its release. ``status`` is provisional, further_provisional or final.

    ``completeness``: per cent of the cases of the period that are decided; ``tox_completeness``: per cent of the
    counted deaths with a final toxicology result. Both are rounded down and None when there is nothing to count.
    ``extracted_on`` is the cut-off day of the figures.
    """

    release_id: str
    title: str
    status: str
    definition: str
    rule_version: str
    year_from: int
    year_to: int
    extracted_on: date
    threshold: int
    completeness: int | None
    tox_completeness: int | None


class Row(NamedTuple):
    """One cell of a published table: year, definition, one code for each column, measure, and what may be known."""

    period: str
    definition: str
    at: tuple[str, ...]
    measure: str
    cell: PublishedCell


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table as it may leave: its design and its cells in order."""

    design: TableDesign
    rows: tuple[Row, ...]

    @property
    def suppressed(self) -> int:
        return sum(isinstance(row.cell, Suppressed) for row in self.rows)


def files(table: ProtectedTable, about: About) -> Mapping[str, bytes]:
    """Every file of a table by its extension."""
    return {"csv": csv_file(table, about), "json": json_file(table, about)}


def columns(design: TableDesign) -> tuple[str, ...]:
    """The column names of the CSV file, in order."""
    named = [name for column in design.columns for name in (column.name, f"{column.name}_label")]
    return (
        "time_period",
        "ref_area",
        "ref_area_label",
        "definition",
        "definition_label",
        *named,
        "measure",
        "obs_value",
        "obs_status",
        "conf_status",
        "release_id",
        "release_status",
        "rule_version",
        "extracted_on",
        "completeness",
        "tox_completeness",
    )


def csv_file(table: ProtectedTable, about: About) -> bytes:
    """Tidy CSV by RFC 4180: UTF-8, comma, CRLF, one row for each cell, Dutch labels."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns(table.design))
    writer.writerows(_csv_rows(table, about))
    return out.getvalue().encode()


def json_file(table: ProtectedTable, about: About) -> bytes:
    """The same cells in JSON, with the metadata and the code lists in Dutch and English; UTF-8."""
    body = {
        "release": release_facts(about),
        "table": _table_facts(table, about),
        "cells": list(_json_cells(table, about)),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def observation(cell: PublishedCell, status: str) -> tuple[float | None, str, str]:
    """The value, observation status and confidentiality status of a cell in a release of this status.

    A count is a whole number; a per cent, a rate or a median may be a decimal one.
    """
    match cell:
        case Count(value) | Derived(value):
            return value, "A" if status == "final" else "P", "F"
        case Suppressed():
            return None, "Q", "C"
        case StructuralZero():
            return None, "M", "F"
        case _:
            assert_never(cell)


def release_facts(about: About) -> dict[str, Any]:
    """The release as the JSON file and the manifest describe it."""
    return {
        "id": about.release_id,
        "title": about.title,
        "status": about.status,
        "definition": about.definition,
        "ruleVersion": about.rule_version,
        "periodFrom": about.year_from,
        "periodTo": about.year_to,
        "extractedOn": about.extracted_on.isoformat(),
        "threshold": about.threshold,
        "completeness": about.completeness,
        "toxCompleteness": about.tox_completeness,
    }


def _csv_rows(table: ProtectedTable, about: About) -> Iterator[list[str]]:
    labels = [{code.code: code.nl for code in column.codes} for column in table.design.columns]
    rest = [
        about.release_id,
        about.status,
        about.rule_version,
        about.extracted_on.isoformat(),
        _text(about.completeness),
        _text(about.tox_completeness),
    ]
    area = [codes.AREA.code, codes.AREA.nl]
    for row in table.rows:
        named = [text for code, known in zip(row.at, labels, strict=True) for text in (code, known[code])]
        definition = [row.definition, codes.definition(row.definition).nl]
        value, obs_status, conf_status = observation(row.cell, about.status)
        yield [row.period, *area, *definition, *named, row.measure, _text(value), obs_status, conf_status, *rest]


def _json_cells(table: ProtectedTable, about: About) -> Iterator[dict[str, Any]]:
    names = [column.name for column in table.design.columns]
    for row in table.rows:
        value, obs_status, conf_status = observation(row.cell, about.status)
        yield {
            "time_period": row.period,
            "ref_area": codes.AREA.code,
            "definition": row.definition,
            **dict(zip(names, row.at, strict=True)),
            "measure": row.measure,
            "obs_value": value,
            "obs_status": obs_status,
            "conf_status": conf_status,
        }


def _table_facts(table: ProtectedTable, about: About) -> dict[str, Any]:
    design = table.design
    defined = codes.DEFINITIONS if design.per_definition else (codes.definition(about.definition),)
    return {
        "name": design.name,
        "number": design.number,
        "title": {"nl": design.nl, "en": design.en},
        "unit": {"nl": "sterfgevallen", "en": "deaths"},
        "adding": _labelled(design.adding),
        "suppression": {
            "threshold": about.threshold,
            "zeros": "shown",
            "cells": len(table.rows),
            "suppressed": table.suppressed,
            "label": {"nl": SUPPRESSION.nl, "en": SUPPRESSION.en},
        },
        "dimensions": [
            _dimension("ref_area", Code("", "Gebied", "Area"), (codes.AREA,)),
            _dimension("definition", Code("", "Definitie", "Definition"), defined),
            *(_dimension(column.name, Code("", column.nl, column.en), column.codes) for column in design.columns),
        ],
        "measures": [_labelled(measure) for measure in codes.MEASURES if measure.code in design.measures],
        "obsStatus": [_labelled(code) for code in OBS_STATUS],
        "confStatus": [_labelled(code) for code in CONF_STATUS],
    }


def _dimension(name: str, label: Code, known: tuple[Code, ...]) -> dict[str, Any]:
    return {"name": name, "label": {"nl": label.nl, "en": label.en}, "codes": [_labelled(code) for code in known]}


def _labelled(code: Code) -> dict[str, Any]:
    facts: dict[str, Any] = {"code": code.code, "label": {"nl": code.nl, "en": code.en}}
    return {**facts, "parent": code.parent} if code.parent else facts


def _text(value: float | None) -> str:
    return "" if value is None else str(value)
