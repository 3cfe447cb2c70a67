"""The register's own JSON: the cells with the metadata and every code list in Dutch and English.

It says everything that the other formats need, so each of them is made from it, also years later.
"""

import json
from collections.abc import Iterator
from typing import Any

from register.reporting import codelists as codes
from register.reporting.codelists import Code
from register.reporting.formats.cells import (
    CONF_STATUS,
    OBS_STATUS,
    SUPPRESSION,
    About,
    ProtectedTable,
    observation,
    release_facts,
)


def described(table: ProtectedTable, about: About) -> dict[str, Any]:
    """The table as the JSON file holds it."""
    return {
        "release": release_facts(about),
        "table": _table_facts(table, about),
        "cells": list(_cells(table, about)),
    }


def json_file(body: dict[str, Any]) -> bytes:
    """The file: UTF-8, without spaces, one line."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _cells(table: ProtectedTable, about: About) -> Iterator[dict[str, Any]]:
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
        "measures": [_measure(measure) for measure in codes.MEASURES if measure.code in design.measures],
        "obsStatus": [_labelled(code) for code in OBS_STATUS],
        "confStatus": [_labelled(code) for code in CONF_STATUS],
    }


def _dimension(name: str, label: Code, known: tuple[Code, ...]) -> dict[str, Any]:
    return {"name": name, "label": {"nl": label.nl, "en": label.en}, "codes": [_labelled(code) for code in known]}


def _measure(code: Code) -> dict[str, Any]:
    """A measure, and what it counts when that is not deaths."""
    unit = codes.UNITS.get(code.code)
    return {**_labelled(code), **({"unit": {"nl": unit.nl, "en": unit.en}} if unit else {})}


def _labelled(code: Code) -> dict[str, Any]:
    facts: dict[str, Any] = {"code": code.code, "label": {"nl": code.nl, "en": code.en}}
    return {**facts, "parent": code.parent} if code.parent else facts
