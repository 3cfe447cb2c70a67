"""The codebook of a release: every column, code list, measure and status, in Dutch and English."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from register.reporting.codelists import Code
from register.reporting.formats import said
from register.reporting.formats.columns import columns_of
from register.reporting.formats.cube import Axis, Cube

TEMPLATE = "documents/codebook.html"
HEADER = ("kind", "table", "name", "code", "parent", "label_nl", "label_en")


def codebook_files(cubes: Sequence[Cube], facts: Mapping[str, Any]) -> dict[str, bytes]:
    """The codebook by its extension; ``facts`` are those of the manifest."""
    book = _described(cubes, facts)
    return {
        "csv": _as_csv([*_lines_of_release(facts), *_lines(book)]),
        "html": render_to_string(TEMPLATE, {"book": book, "about": _about(facts)}).encode(),
        "json": json.dumps(book, ensure_ascii=False, indent=1).encode() + b"\n",
    }


def _described(cubes: Sequence[Cube], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The content. A code list that two tables share stands once, under the name of its dimension."""
    columns = {column.name: column for cube in cubes for column in columns_of(cube)}
    statuses = {kind: _union(cube.statuses(kind) for cube in cubes) for kind in ("obsStatus", "confStatus")}
    return {
        "release": dict(facts),
        "tables": [
            {
                "name": cube.name,
                "number": cube.table["number"],
                "title": dict(cube.table["title"]),
                "adding": dict(cube.table["adding"]["label"]),
                "dimensions": [axis.name for axis in cube.axes[:-1]],
                "measures": [code.code for code in cube.measures],
            }
            for cube in cubes
        ],
        "columns": [
            {"name": column.name, "type": column.kind, "label": {"nl": column.nl, "en": column.en}}
            for column in columns.values()
        ],
        "codeLists": [
            {"name": name, "label": {"nl": axis.nl, "en": axis.en}, "codes": [_labelled(code) for code in axis.codes]}
            for name, axis in _code_lists(cubes).items()
        ],
        "obsStatus": [_labelled(code) for code in statuses["obsStatus"]],
        "confStatus": [_labelled(code) for code in statuses["confStatus"]],
    }


def _code_lists(cubes: Sequence[Cube]) -> dict[str, Axis]:
    """The code list of each dimension and of the measures: all codes that any table of the release has."""
    found: dict[str, Axis] = {}
    for cube in cubes:
        for axis in cube.axes[1:]:
            known = found.get(axis.name)
            codes = _union([known.codes if known else (), axis.codes])
            found[axis.name] = Axis(axis.name, axis.nl, axis.en, codes)
    return found


def _union(lists: Any) -> tuple[Code, ...]:
    """The codes of several lists, each once, in the order of their first appearance."""
    return tuple({code.code: code for codes in lists for code in codes}.values())


def _labelled(code: Code) -> dict[str, Any]:
    return {"code": code.code, "parent": code.parent, "label": {"nl": code.nl, "en": code.en}}


def _about(facts: Mapping[str, Any]) -> tuple[tuple[Code, Code], ...]:
    return said.about(facts) if said.says_all(facts) else ()


def _lines_of_release(facts: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for name, text in _about(facts):
        yield ("release", "", name.code, text.code, "", f"{name.nl}: {text.nl}", f"{name.en}: {text.en}")


def _as_csv(lines: Iterable[tuple[str, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(lines)
    return out.getvalue().encode()


def _lines(book: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for table in book["tables"]:
        yield ("table", table["name"], "", "", "", table["title"]["nl"], table["title"]["en"])
    for column in book["columns"]:
        yield ("column", "", column["name"], "", "", column["label"]["nl"], column["label"]["en"])
    lists = [(one["name"], one["codes"]) for one in book["codeLists"]]
    lists += [("obs_status", book["obsStatus"]), ("conf_status", book["confStatus"])]
    for name, codes in lists:
        for code in codes:
            yield ("code", "", name, code["code"], code["parent"], code["label"]["nl"], code["label"]["en"])
