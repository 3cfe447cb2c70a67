"""CSV on the Web: what the columns of the tidy CSV hold, found by its name beside the file it describes."""

import json
from typing import Any

from register.reporting.formats import said
from register.reporting.formats.columns import Column, columns_of, key_of
from register.reporting.formats.cube import VALUE, Cube
from register.reporting.formats.sdmx_json import SENDER

TYPES = {"year": "gYear", "string": "string", "number": "number", "integer": "integer", "date": "date"}
MISSING = ["", "NaN"]


def csvw_file(cube: Cube) -> bytes:
    """The metadata of ``<table>.csv``, in Dutch."""
    body = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": f"{cube.name}.csv",
        "dc:identifier": f"{cube.release['id']}-{cube.name}",
        "dc:title": cube.title,
        "dc:description": f"{cube.table['adding']['label']['nl']} {cube.table['suppression']['label']['nl']}",
        "dc:publisher": SENDER["nl"],
        "dc:language": "nl",
        **({"dc:provenance": said.in_one(cube.release).nl} if said.says_all(cube.release) else {}),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_column(column) for column in columns_of(cube)],
            "primaryKey": list(key_of(cube)),
        },
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _column(column: Column) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.nl,
        "datatype": TYPES[column.kind],
    }
    if column.name == VALUE:
        facts["null"] = MISSING
    return {**facts, "required": True} if column.required else facts
