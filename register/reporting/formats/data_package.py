"""A Frictionless data package: all tidy CSV files of a release with their columns, sizes and hashes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from register.reporting.formats import said
from register.reporting.formats.columns import Column, columns_of, key_of
from register.reporting.formats.cube import Cube
from register.reporting.formats.sdmx_json import SENDER

PATH = "tables/{}.csv"


def data_package_file(cubes: Sequence[Cube], csv_files: Mapping[str, bytes], facts: Mapping[str, Any]) -> bytes:
    """``datapackage.json``. ``csv_files``: the tidy CSV of each table by its name; ``facts``: those of the manifest.

    The paths lead from the address of the release to its tables.
    """
    body = {
        "profile": "tabular-data-package",
        "name": facts["id"],
        "id": facts["id"],
        "title": facts["title"],
        "description": _description(facts),
        "version": facts["id"],
        "created": facts["publishedAt"],
        "contributors": [{"title": SENDER["nl"], "role": "publisher"}],
        **({"release": dict(facts)} if said.says_all(facts) else {}),
        "resources": [_resource(cube, csv_files[cube.name]) for cube in cubes],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _description(facts: Mapping[str, Any]) -> str:
    told = [said.in_one(facts).nl] if said.says_all(facts) else []
    return " ".join(part for part in (facts["notes"], *told) if part)


def _resource(cube: Cube, body: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": cube.name,
        "title": cube.title,
        "description": f"{cube.table['adding']['label']['nl']} {cube.table['suppression']['label']['nl']}",
        "path": PATH.format(cube.name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(column) for column in columns_of(cube)],
            "missingValues": [""],
            "primaryKey": list(key_of(cube)),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required}
    if column.codes:
        constraints["enum"] = list(column.codes)
    return {"name": column.name, "description": column.nl, "type": column.kind, "constraints": constraints}
