"""Every file of a release, all made from the same cells, and always the same bytes from the same cells.

The register's own JSON holds a table whole; each other format of the table, and each file about the whole release, is
made from that JSON. A format reads dimensions and code lists from the table, so a further table needs nothing here.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from register.reporting.formats import codebook, data_package, register_json, tidy_csv, workbook
from register.reporting.formats.cells import About, ProtectedTable, Row, observation, release_facts
from register.reporting.formats.csvw import csvw_file
from register.reporting.formats.cube import Cube
from register.reporting.formats.json_stat import json_stat_file
from register.reporting.formats.kinds import (
    CODEBOOK,
    DATA_PACKAGE,
    KINDS,
    MANIFEST,
    MEDIA_TYPES,
    SUFFIXES,
    TABLE_KINDS,
    WHOLE,
    WORKBOOK,
    Kind,
    file_name,
    path_of,
)
from register.reporting.formats.sdmx_csv import sdmx_csv_file
from register.reporting.formats.sdmx_json import sdmx_json_file

__all__ = [
    "KINDS",
    "MANIFEST",
    "MEDIA_TYPES",
    "SUFFIXES",
    "TABLE_KINDS",
    "WHOLE",
    "About",
    "Cube",
    "Kind",
    "ProtectedTable",
    "ReleaseFile",
    "Row",
    "file_name",
    "files",
    "files_of_release",
    "observation",
    "path_of",
    "release_facts",
]

# How each form of a table is made, by its key.
MADE_FROM_CUBE = {
    "csv": tidy_csv.csv_file,
    "csvnl": tidy_csv.dutch_csv_file,
    "jsonstat": json_stat_file,
    "sdmxcsv": sdmx_csv_file,
    "sdmxjson": sdmx_json_file,
    "csvw": csvw_file,
}


class ReleaseFile(NamedTuple):
    """A file about a whole release: its name, the key of its form, and its bytes."""

    name: str
    key: str
    body: bytes


def files(table: ProtectedTable, about: About) -> Mapping[str, bytes]:
    """Every file of a table by the key of its form. All of them are text in UTF-8."""
    body = register_json.described(table, about)
    cube = Cube.of(body)
    return {"json": register_json.json_file(body), **{key: make(cube) for key, make in MADE_FROM_CUBE.items()}}


def files_of_release(tables: Mapping[str, Mapping[str, bytes]], facts: Mapping[str, Any]) -> Iterator[ReleaseFile]:
    """The files about the whole release, made when it is published.

    ``tables``: the files of each table by name and key, as they were approved. ``facts``: those of the manifest.
    """
    cubes = [Cube.of(json.loads(found["json"])) for found in tables.values()]
    cubes.sort(key=lambda cube: (len(cube.table["number"]), cube.table["number"], cube.name))
    yield ReleaseFile(WORKBOOK, "xlsx", workbook.workbook_file(cubes, facts))
    csv_files = {name: found["csv"] for name, found in tables.items()}
    yield ReleaseFile(DATA_PACKAGE, "json", data_package.data_package_file(cubes, csv_files, facts))
    for key, body in codebook.codebook_files(cubes, facts).items():
        yield ReleaseFile(CODEBOOK, key, body)
