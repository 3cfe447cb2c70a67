"""JSON-stat 2.0: the cube as one list of values in row-major order, ``null`` where a number is missing.

``status`` names only what is unlike the rest of the release: suppressed, impossible, or worth a note. A combination
that the table does not have (such as a total of sole substances) is null and impossible.
"""

import json
from itertools import product
from typing import Any

from register.reporting.codelists import DECIMALS
from register.reporting.formats import said
from register.reporting.formats.cube import AREA, IMPOSSIBLE, MEASURE, TIME, Axis, Cube, Observation
from register.reporting.formats.sdmx_json import SENDER


def json_stat_file(cube: Cube) -> bytes:
    """The table with Dutch labels; the codes are the same in every language."""
    cells = {cell.at: cell for cell in cube.cells}
    places = list(product(*([code.code for code in axis.codes] for axis in cube.axes)))
    found = [cells.get(place) for place in places]
    body = {
        "version": "2.0",
        "class": "dataset",
        "label": cube.title,
        "source": SENDER["nl"],
        "updated": f"{cube.release['extractedOn']}T00:00:00Z",
        "note": [cube.table["adding"]["label"]["nl"], cube.table["suppression"]["label"]["nl"], *_rules(cube)],
        "id": [axis.name for axis in cube.axes],
        "size": [len(axis.codes) for axis in cube.axes],
        "role": {"time": [TIME], "geo": [AREA], "metric": [MEASURE]},
        "dimension": {axis.name: _dimension(axis, cube) for axis in cube.axes},
        "value": [None if cell is None else cell.value for cell in found],
        "status": _statuses(found, cube.usual_status),
        "extension": {
            "status": {
                "default": cube.usual_status,
                "label": {code.code: code.nl for code in cube.statuses("obsStatus")},
            },
            "release": dict(cube.release),
        },
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _rules(cube: Cube) -> list[str]:
    return [sentence.nl for sentence in said.rules(cube.release.get("rules"))] if said.says_all(cube.release) else []


def _decimals(cube: Cube, measure: str) -> int:
    if said.says_all(cube.release):
        return DECIMALS.get(measure, 0)
    return 0 if cube.whole_numbers(measure) else 1


def _statuses(found: list[Observation | None], usual: str) -> dict[str, str]:
    statuses = (IMPOSSIBLE if cell is None else cell.status for cell in found)
    return {str(place): status for place, status in enumerate(statuses) if status != usual}


def _dimension(axis: Axis, cube: Cube) -> dict[str, Any]:
    category: dict[str, Any] = {
        "index": [code.code for code in axis.codes],
        "label": {code.code: code.nl for code in axis.codes},
    }
    known = {code.code for code in axis.codes}
    children: dict[str, list[str]] = {}
    for code in axis.codes:
        if code.parent in known:
            children.setdefault(code.parent, []).append(code.code)
    if children:
        category["child"] = children
    if axis.name == MEASURE:
        category["unit"] = {
            code.code: {"label": cube.unit(code.code), "decimals": _decimals(cube, code.code)} for code in axis.codes
        }
    return {"label": axis.nl, "category": category}
