"""SDMX-JSON 2.0: a data message with the names of all codes, ``null`` where a number is missing."""

import json
from typing import Any

from register.reporting.codelists import Code
from register.reporting.formats import said, sdmx
from register.reporting.formats.cube import TIME, Axis, Cube

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/"
    "data-message/tools/schemas/2.0.0/sdmx-json-data-schema.json"
)
SENDER = {"nl": "Register drugsgerelateerde sterfte", "en": "Register of drug-related deaths"}
VALUE = {"nl": "Waarde", "en": "Value"}
STATUS = {"nl": "Status van de waarneming", "en": "Observation status"}
RULES = {"nl": "Regels naast het kleinste aantal", "en": "Rules beside the smallest count"}
CONFIDENTIALITY = {"nl": "Vertrouwelijkheid", "en": "Confidentiality status"}


def sdmx_json_file(cube: Cube) -> bytes:
    """The whole table as one flat data set; ``prepared`` is the cut-off day, so that the bytes stay the same."""
    message = {
        "meta": {
            "schema": SCHEMA,
            "id": f"{cube.release['id']}-{cube.name}",
            "prepared": f"{cube.release['extractedOn']}T00:00:00Z",
            "contentLanguages": ["nl", "en"],
            "sender": {"id": sdmx.AGENCY, **_named(SENDER)},
        },
        "data": {"dataSets": [_data_set(cube)], "structures": [_structure(cube)]},
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _data_set(cube: Cube) -> dict[str, Any]:
    places = [
        {code.code: str(index) for index, code in enumerate(cube.axes[place].codes)} for place in sdmx.key_order(cube)
    ]
    status, confidentiality = (
        {code.code: index for index, code in enumerate(cube.statuses(kind))} for kind in ("obsStatus", "confStatus")
    )
    order = sdmx.key_order(cube)
    return {
        "structure": 0,
        "action": "Replace",
        "links": _links(cube),
        "attributes": [
            *(None if value is None else 0 for value in cube.release_values().values()),
            *(0 for _ in _rules(cube)),
        ],
        "observations": {
            ":".join(known[cell.at[place]] for known, place in zip(places, order, strict=True)): [
                cell.value,
                status[cell.status],
                confidentiality[cell.confidentiality],
            ]
            for cell in cube.cells
        },
    }


def _structure(cube: Cube) -> dict[str, Any]:
    return {
        "dataSets": [0],
        "links": _links(cube),
        **_named(cube.table["title"]),
        "dimensions": {
            "observation": [_dimension(place, axis) for place, axis in enumerate(sdmx.key_axes(cube))],
        },
        "measures": {"observation": [{"id": sdmx.VALUE, **_named(VALUE), "format": {"dataType": _data_type(cube)}}]},
        "attributes": {
            "dataSet": [
                *(_release_attribute(name, value) for name, value in cube.release_values().items()),
                *_rules(cube),
            ],
            "observation": [
                _coded_attribute(sdmx.STATUS, STATUS, cube.statuses("obsStatus")),
                _coded_attribute(sdmx.CONFIDENTIALITY, CONFIDENTIALITY, cube.statuses("confStatus")),
            ],
        },
    }


def _dimension(place: int, axis: Axis) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": sdmx.component(axis.name),
        "name": axis.nl,
        "names": {"nl": axis.nl, "en": axis.en},
        "keyPosition": place,
        "values": [_value(code, among=axis.codes) for code in axis.codes],
    }
    return {**facts, "roles": ["TIME_PERIOD"]} if axis.name == TIME else facts


def _coded_attribute(identifier: str, label: dict[str, str], codes: tuple[Code, ...]) -> dict[str, Any]:
    return {
        "id": identifier,
        **_named(label),
        "relationship": {"observation": {}},
        "values": [_value(code, among=codes) for code in codes],
    }


def _release_attribute(name: str, value: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": name.upper(), "relationship": {"dataflow": {}}}
    return facts if value is None else {**facts, "values": [{"value": value}]}


def _rules(cube: Cube) -> list[dict[str, Any]]:
    """The rules beside the smallest count as one attribute, where the release has any."""
    told = said.rules(cube.release.get("rules")) if said.says_all(cube.release) else ()
    if not told:
        return []
    words = {"nl": " ".join(one.nl for one in told), "en": " ".join(one.en for one in told)}
    return [
        {
            "id": "RULES",
            **_named(RULES),
            "relationship": {"dataflow": {}},
            "values": [{"id": "RULES", **_named(words)}],
        }
    ]


def _value(code: Code, *, among: tuple[Code, ...]) -> dict[str, Any]:
    """A code; the parent is told when it stands in the same list."""
    facts: dict[str, Any] = {"id": code.code, "name": code.nl, "names": {"nl": code.nl, "en": code.en}}
    return {**facts, "parent": code.parent} if any(one.code == code.parent for one in among) else facts


def _data_type(cube: Cube) -> str:
    return "Integer" if cube.whole_numbers() else "Double"


def _named(label: dict[str, str]) -> dict[str, Any]:
    return {"name": label["nl"], "names": {"nl": label["nl"], "en": label["en"]}}


def _links(cube: Cube) -> list[dict[str, str]]:
    urn = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={sdmx.flow(cube)}"
    return [{"rel": "dataflow", "urn": urn}]
