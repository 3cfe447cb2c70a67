"""Tidy CSV: one row for each cell, with the label of each code and what is known of the release.

There are two: the plain one by RFC 4180, and one that a Dutch Excel opens by a double click.
"""

import csv
import io
from collections.abc import Callable, Iterator

from register.reporting.formats.cube import CONFIDENTIALITY, MEASURE, RELEASE_COLUMNS, STATUS, TIME, VALUE, Cube, Number

BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes text that begins so for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def columns(cube: Cube) -> tuple[str, ...]:
    """The column names, in order: a code and its label for each dimension, then the measure and its value."""
    named = [
        name
        for axis in cube.axes
        for name in ((axis.name,) if axis.name in (TIME, MEASURE) else (axis.name, f"{axis.name}_label"))
    ]
    return (*named, VALUE, STATUS, CONFIDENTIALITY, *RELEASE_COLUMNS)


def csv_file(cube: Cube) -> bytes:
    """Tidy CSV by RFC 4180: UTF-8, comma, point, CRLF, Dutch labels."""
    return _written(cube, ",", number=str, text=str).encode()


def dutch_csv_file(cube: Cube) -> bytes:
    """The same rows for a Dutch Excel: byte order mark, semicolon, decimal comma, no text that acts as a formula."""
    body = _written(cube, ";", number=lambda value: str(value).replace(".", ","), text=harmless)
    return (BYTE_ORDER_MARK + body).encode()


def harmless(text: str) -> str:
    """The text, behind an apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _written(cube: Cube, delimiter: str, *, number: Callable[[Number], str], text: Callable[[str], str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns(cube))
    writer.writerows(_rows(cube, number, text))
    return out.getvalue()


def _rows(cube: Cube, number: Callable[[Number], str], text: Callable[[str], str]) -> Iterator[list[str]]:
    named = [
        {
            code.code: (text(code.code),) if axis.name in (TIME, MEASURE) else (text(code.code), text(code.nl))
            for code in axis.codes
        }
        for axis in cube.axes
    ]
    rest = ["" if value is None else text(str(value)) for value in cube.release_values().values()]
    for cell in cube.cells:
        shown = [part for code, known in zip(cell.at, named, strict=True) for part in known[code]]
        value = "" if cell.value is None else number(cell.value)
        yield [*shown, value, cell.status, cell.confidentiality, *rest]
