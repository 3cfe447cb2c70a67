"""The numbers of a table out of every format that a release has, by the codes of its dimensions and the measure."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from register.reporting.formats import Cube
from register.reporting.formats.odata import entity_sets, key_of, period_key, topic_of

Cells = dict[tuple[str, ...], float | None]
FORMATS = ("csv", "csvnl", "json", "jsonstat", "odata", "sdmxcsv", "sdmxjson", "xlsx")


def numbers(files: Mapping[str, bytes], sheet: Any) -> dict[str, Cells]:
    """By format the cells of a table. ``files``: its forms by key; ``sheet``: its sheet as openpyxl reads it."""
    cube = Cube.of(json.loads(files["json"]))
    names = [axis.name for axis in cube.axes]
    return {
        "csv": _rows(files["csv"].decode(), names, ","),
        "csvnl": _rows(files["csvnl"].decode("utf-8-sig"), names, ";"),
        "json": {tuple(cell[name] for name in names): cell["obs_value"] for cell in json.loads(files["json"])["cells"]},
        "jsonstat": _of_json_stat(json.loads(files["jsonstat"])),
        "odata": _of_open_data(cube),
        "sdmxcsv": _rows(files["sdmxcsv"].decode(), [name.upper() for name in names], ",", "OBS_VALUE"),
        "sdmxjson": _of_sdmx_json(json.loads(files["sdmxjson"])["data"], [name.upper() for name in names]),
        "xlsx": _of_sheet(sheet, cube),
    }


def _rows(text: str, names: list[str], delimiter: str, value: str = "obs_value") -> Cells:
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return {tuple(row[name] for name in names): _number(row[value].replace(",", ".")) for row in rows}


def _number(text: str) -> float | None:
    return None if text in ("", "NaN") else float(text)


def _of_json_stat(body: Any) -> Cells:
    """Row-major order; a place without a cell is null and impossible."""
    places: list[tuple[str, ...]] = [()]
    for name in body["id"]:
        index = body["dimension"][name]["category"]["index"]
        places = [(*place, code) for place in places for code in index]
    return dict(zip(places, body["value"], strict=True))


def _of_open_data(cube: Cube) -> Cells:
    cells: Cells = {}
    for row in entity_sets(cube, cube.name)["TypedDataSet"]:
        place = [row[key_of(axis)] for axis in cube.axes[1:-1]]
        (period,) = [one.code for one in cube.axes[0].codes if period_key(one.code) == row["Perioden"]]
        for number, measure in enumerate(cube.measures, 1):
            cells[period, *place, measure.code] = row[topic_of(number, measure)]
    return cells


def _of_sdmx_json(data: Any, names: list[str]) -> Cells:
    axes = data["structures"][0]["dimensions"]["observation"]
    cells: Cells = {}
    for key, (value, *_) in data["dataSets"][0]["observations"].items():
        at = {axis["id"]: axis["values"][int(place)]["id"] for axis, place in zip(axes, key.split(":"), strict=True)}
        cells[tuple(at[name] for name in names)] = value
    return cells


def _of_sheet(sheet: Any, cube: Cube) -> Cells:
    """The years stand across; a dimension of one code has no column. A sign is no number."""
    head, *lines = sheet.iter_rows(min_row=5, values_only=True)
    codes = [place for place, name in enumerate(head) if name.endswith("(code)")]
    years = [(place, name) for place, name in enumerate(head) if name.isdigit()]
    cells: Cells = {}
    for line in lines:
        down = iter([line[place] for place in codes])
        rest = [axis.codes[0].code if len(axis.codes) == 1 else next(down) for axis in cube.axes[1:]]
        for place, year in years:
            cells[year, *rest] = line[place] if isinstance(line[place], (int, float)) else None
    return cells
