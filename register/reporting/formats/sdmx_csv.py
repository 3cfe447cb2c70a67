"""SDMX-CSV 2.0: identifiers only, ``NaN`` where a number is missing, for an empty cell would mean "left out"."""

import csv
import io

from register.reporting.formats import sdmx
from register.reporting.formats.cube import Cube

MISSING = "NaN"
REPLACE = "R"


def sdmx_csv_file(cube: Cube) -> bytes:
    """The whole table as a replacement of what was there: UTF-8, comma, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    order, flow = sdmx.key_order(cube), sdmx.flow(cube)
    writer.writerow(
        [
            *("STRUCTURE", "STRUCTURE_ID", "ACTION"),
            *(sdmx.component(axis.name) for axis in sdmx.key_axes(cube)),
            *(sdmx.VALUE, sdmx.STATUS, sdmx.CONFIDENTIALITY),
            *sdmx.RELEASE_ATTRIBUTES,
        ]
    )
    rest = ["" if value is None else str(value) for value in cube.release_values().values()]
    writer.writerows(
        [
            *("dataflow", flow, REPLACE),
            *(cell.at[place] for place in order),
            MISSING if cell.value is None else str(cell.value),
            *(cell.status, cell.confidentiality),
            *rest,
        ]
        for cell in cube.cells
    )
    return out.getvalue().encode()
