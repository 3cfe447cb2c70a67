"""A table as the open data service of Statistics Netherlands offers one (OData 3): metadata lists and two data sets.

Each measure is a column, called a topic there. ``cbsodataR`` and ``cbsodata`` read it with another base address.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from register.reporting.codelists import DECIMALS, Code
from register.reporting.formats import said, symbols
from register.reporting.formats.cube import AREA, TIME, Axis, Cube, Number
from register.reporting.formats.sdmx_json import SENDER

Rows = list[dict[str, Any]]
TYPED, UNTYPED = "TypedDataSet", "UntypedDataSet"
PERIODS = "Perioden"
STATUS_WORDS = {"provisional": "Voorlopig", "further_provisional": "NaderVoorlopig", "final": "Definitief"}
# The code that stands for all of a dimension, where it has one.
TOTALS = ("_T", "NL")
# 2016 is 2016JJ00, 2016-05 is 2016MM05, 2016-Q2 is 2016KW02.
PARTS = (("JJ", re.compile(r"(\d{4})")), ("MM", re.compile(r"(\d{4})-(\d{2})")), ("KW", re.compile(r"(\d{4})-Q(\d)")))


def entity_sets(cube: Cube, identifier: str) -> Mapping[str, Rows]:
    """Every list of the table by its name, in the order of the service. ``identifier`` is that of the table there."""
    dimensions = {key_of(axis): axis for axis in cube.axes[:-1]}
    groups = _groups(dimensions)
    return {
        "TableInfos": [_table_info(cube, identifier)],
        UNTYPED: list(_data(cube, _as_text)),
        TYPED: list(_data(cube, lambda value, status: value)),
        "DataProperties": list(_properties(cube)),
        "CategoryGroups": groups,
        **{key: _members(key, axis, cube, groups) for key, axis in dimensions.items()},
    }


def key_of(axis: Axis) -> str:
    """The name of a dimension as a column: ``age_band_euda`` is ``AgeBandEuda``."""
    return PERIODS if axis.name == TIME else _capitals(axis.name)


def topic_of(place: int, measure: Code) -> str:
    """The name of a measure as a column, with its place behind it."""
    return f"{_capitals(measure.code)}_{place}"


def period_key(period: str) -> str:
    """A period in the way of Statistics Netherlands. Raises ValueError for one of another kind."""
    for kind, shape in PARTS:
        if found := shape.fullmatch(period):
            year, *part = found.groups()
            return f"{year}{kind}{int(part[0]) if part else 0:02}"
    raise ValueError(f"{period!r} is no year, month or quarter")


def _data(cube: Cube, say: Any) -> Iterator[dict[str, Any]]:
    """One row for each place in the table, with all measures beside each other; None where a measure has no cell."""
    keys = [key_of(axis) for axis in cube.axes[:-1]]
    topics = {measure.code: topic_of(place, measure) for place, measure in enumerate(cube.measures, 1)}
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for cell in cube.cells:
        period, *rest = cell.at[:-1]
        place = (period_key(period), *rest)
        if place not in rows:
            rows[place] = {"ID": len(rows), **dict(zip(keys, place, strict=True)), **dict.fromkeys(topics.values())}
        rows[place][topics[cell.at[-1]]] = say(cell.value, cell.status)
    return iter(rows.values())


def _as_text(value: Number | None, status: str) -> str:
    return symbols.CBS_INSTEAD[status] if value is None else str(value)


def _table_info(cube: Cube, identifier: str) -> dict[str, Any]:
    release, table = cube.release, cube.table
    cut_off = f"{release['extractedOn']}T00:00:00"
    summary = f"{table['adding']['label']['nl']} {table['suppression']['label']['nl']}"
    source = f"{release['id']}, {STATUS_WORDS[release['status']]}, peildatum {release['extractedOn']}."
    return {
        "ID": 0,
        "Title": cube.title,
        "ShortTitle": cube.title,
        "Identifier": identifier,
        "Summary": summary,
        "Modified": cut_off,
        "MetaDataModified": cut_off,
        "ReasonDelivery": "Actualisering",
        "ExplanatoryText": summary,
        "OutputStatus": "Regulier",
        "Source": SENDER["nl"],
        "Language": "nl",
        "Catalog": "register",
        "Frequency": "Perjaar",
        "Period": f"{release['periodFrom']}-{release['periodTo']}",
        "ShortDescription": summary,
        "Description": f"{summary} {source} {said.in_one(release).nl}",
        "DefaultPresentation": "",
        "DefaultSelection": _default_selection(cube),
        "GraphTypes": "Table",
    }


def _default_selection(cube: Cube) -> str:
    """What a client shows of the table when nothing is chosen: every year, the total of what has one, and all columns.

    ``cbsodataR`` reads it with patterns of its own, so brackets and spaces are those of Statistics Netherlands.
    """
    chosen = {PERIODS: [period_key(code.code) for code in cube.axes[0].codes]}
    for axis in cube.axes[1:-1]:
        codes = [code.code for code in axis.codes]
        if total := next((one for one in TOTALS if one in codes), ""):
            chosen[key_of(axis)] = [total]
    asked = (" or ".join(f"({key} eq '{code}')" for code in codes) for key, codes in chosen.items())
    keys = [*map(key_of, cube.axes[:-1]), *(topic_of(place, one) for place, one in enumerate(cube.measures, 1))]
    return f"$filter={' and '.join(f'({one})' for one in asked)}&$select={', '.join(keys)}"


def _properties(cube: Cube) -> Iterator[dict[str, Any]]:
    for place, axis in enumerate(cube.axes[:-1]):
        kind = {TIME: "TimeDimension", AREA: "GeoDimension"}.get(axis.name, "Dimension")
        yield _property(place, kind, key_of(axis), axis.nl)
    for place, measure in enumerate(cube.measures, 1):
        whole = cube.whole_numbers(measure.code)
        yield {
            **_property(len(cube.axes) - 2 + place, "Topic", topic_of(place, measure), measure.nl),
            "Datatype": "Long" if whole else "Double",
            "Unit": cube.unit(measure.code),
            "Decimals": DECIMALS.get(measure.code, 0),
            "Default": "None",
        }


def _property(place: int, kind: str, key: str, title: str) -> dict[str, Any]:
    return {
        "odata.type": f"Cbs.OData.{kind}",
        "ID": place,
        "Position": place,
        "ParentID": None,
        "Key": key,
        "Type": kind,
        "Title": title,
        "Description": title,
        "ReleasePolicy": False,
        "Datatype": None,
        "Unit": None,
        "Decimals": None,
        "Default": None,
    }


def _groups(dimensions: Mapping[str, Axis]) -> Rows:
    """A group for each code of which other codes of the same dimension are part."""
    parents = [(key, code) for key, axis in dimensions.items() for code in _parents(axis)]
    return [
        {"ID": number, "DimensionKey": key, "Title": code.nl, "Description": code.code, "ParentID": None}
        for number, (key, code) in enumerate(parents, 1)
    ]


def _members(key: str, axis: Axis, cube: Cube, groups: Rows) -> Rows:
    """The codes of a dimension; periods say how final they are, other codes to which group they belong."""
    if axis.name == TIME:
        status = STATUS_WORDS[cube.release["status"]]
        return [
            {"Key": period_key(one.code), "Title": one.nl, "Description": "", "Status": status} for one in axis.codes
        ]
    numbers = {group["Description"]: group["ID"] for group in groups if group["DimensionKey"] == key}
    return [
        {"Key": one.code, "Title": one.nl, "Description": one.en, "CategoryGroupID": numbers.get(one.parent)}
        for one in axis.codes
    ]


def _parents(axis: Axis) -> list[Code]:
    above = {code.parent for code in axis.codes}
    return [code for code in axis.codes if code.code in above]


def _capitals(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
