"""The release as an Excel workbook: cover, contents, explanation, and a sheet for each table with the years across.

Numbers are numbers; what is hidden or impossible is a sign in brackets. No cells are merged and none within a table is
empty, so that a screen reader and a program can read every sheet.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from register.reporting import codelists
from register.reporting.formats import said, symbols
from register.reporting.formats.columns import MEANINGS
from register.reporting.formats.cube import IMPOSSIBLE, TIME, Axis, Cube, Observation
from register.reporting.formats.sdmx_json import SENDER

LONGEST_SHEET_NAME = 31
LABEL_WIDTH, CODE_WIDTH, NUMBER_WIDTH = 44, 18, 9
# The rows before a table: title, what is counted, how it adds up, legend, headings.
HEADINGS_ROW = 4


def workbook_file(cubes: Sequence[Cube], facts: Mapping[str, Any]) -> bytes:
    """The workbook of all tables, in Dutch; ``facts`` are those of the manifest. The same cells give the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": facts["title"],
            "author": SENDER["nl"],
            "comments": facts["id"],
            "created": datetime.fromisoformat(facts["publishedAt"]).replace(tzinfo=None),
        }
    )
    styles = _Styles(book)
    _cover(book.add_worksheet("Voorblad"), styles, facts)
    _contents(book.add_worksheet("Inhoud"), styles, cubes)
    _explanation(book.add_worksheet("Toelichting"), styles, cubes)
    for cube in cubes:
        _table(book.add_worksheet(sheet_name(cube)), styles, cube)
    book.close()
    return out.getvalue()


def sheet_name(cube: Cube) -> str:
    """The name of the sheet of a table."""
    return cube.name[:LONGEST_SHEET_NAME]


class _Styles:
    """The few looks of the workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.head: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.right: Format = book.add_format({"align": "right"})
        self.link: Format = book.add_format({"font_color": "#154273", "underline": 1})
        self.beside: dict[str, Format] = {
            status: book.add_format({"num_format": f'#,##0.### "{sign}"'}) for status, sign in symbols.BESIDE.items()
        }


def _cover(sheet: Worksheet, styles: _Styles, facts: Mapping[str, Any]) -> None:
    full = said.says_all(facts)
    lines = (
        ("Publicatie", facts["id"]),
        ("Status", said.STATUS_WORDS[facts["status"]].nl),
        ("Definitie", codelists.definition(facts["definition"]).nl),
        ("Jaren van overlijden", f"{facts['periodFrom']} tot en met {facts['periodTo']}"),
        ("Peildatum", said.day(facts["extractedOn"]).nl if full else facts["extractedOn"]),
        ("Gepubliceerd op", said.moment(facts["publishedAt"]).nl if full else facts["publishedAt"]),
        ("Vervangt", facts["supersedes"] or "geen eerdere publicatie"),
        ("Versie van de regels", facts["ruleVersion"]),
        ("Kleinste aantal dat wordt getoond", str(facts["threshold"])),
        *_rules(facts),
        ("Waarover is beslist", _per_cent(facts["completeness"], "van de zaken van de periode")),
        ("Toxicologie definitief", _per_cent(facts["toxCompleteness"], "van de getelde sterfgevallen")),
        ("Toelichting van de makers", facts["notes"] or "geen"),
        ("Bron", SENDER["nl"]),
    )
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, 2 * LABEL_WIDTH)
    sheet.write_string(0, 0, facts["title"], styles.title)
    _lines(sheet, 1, lines)


def _rules(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rules beside the smallest count; an older release has none on its cover."""
    if not said.says_all(facts):
        return []
    told = said.rules(facts.get("rules"))
    return [("Regel", sentence.nl) for sentence in told] or [("Regel", "geen andere dan het kleinste aantal")]


def _contents(sheet: Worksheet, styles: _Styles, cubes: Sequence[Cube]) -> None:
    sheet.set_column(0, 1, CODE_WIDTH + 8)
    sheet.set_column(2, 2, 2 * LABEL_WIDTH)
    sheet.set_column(3, 4, CODE_WIDTH)
    sheet.write_string(0, 0, "Inhoud", styles.title)
    _headings(sheet, 1, ("Blad", "Tabel", "Titel", "Cellen", "Verborgen"), styles)
    for row, cube in enumerate(cubes, 2):
        name = sheet_name(cube)
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.link, name)
        sheet.write_string(row, 1, cube.table["number"])
        sheet.write_string(row, 2, cube.title)
        sheet.write_number(row, 3, cube.table["suppression"]["cells"])
        sheet.write_number(row, 4, cube.table["suppression"]["suppressed"])


def _explanation(sheet: Worksheet, styles: _Styles, cubes: Sequence[Cube]) -> None:
    sheet.set_column(0, 0, CODE_WIDTH)
    sheet.set_column(1, 1, 3 * LABEL_WIDTH)
    sheet.write_string(0, 0, "Toelichting", styles.title)
    _headings(sheet, 1, ("Teken", "Betekenis"), styles)
    measures = {code.code: code.nl for cube in cubes for code in cube.measures}
    row = _lines(sheet, 2, ((code.code, code.nl) for code in symbols.LEGEND))
    row = _lines(sheet, row, (("verborgen", cubes[0].table["suppression"]["label"]["nl"]),) if cubes else ())
    row = _lines(sheet, row, ((f"telling {code}", text) for code, text in measures.items()))
    row = _lines(sheet, row, ((one.code, one.nl) for one in codelists.DEFINITIONS))
    shown = ("rule_version", "extracted_on", "completeness", "tox_completeness")
    _lines(sheet, row, ((name, MEANINGS[name][0]) for name in shown))


def _table(sheet: Worksheet, styles: _Styles, cube: Cube) -> None:
    years = cube.axes[0]
    down = tuple(axis for axis in cube.open_axes if axis.name != TIME)
    _above(sheet, styles, cube)
    headings = [text for axis in down for text in (axis.nl, f"{axis.nl} (code)")] or ["Telling"]
    _headings(sheet, HEADINGS_ROW, [*headings, *(code.code for code in years.codes)], styles)
    _widths(sheet, len(headings), len(years.codes))
    sheet.freeze_panes(HEADINGS_ROW + 1, len(headings))
    for row, (labels, cells) in enumerate(_lines_of(cube, down), HEADINGS_ROW + 1):
        for column, text in enumerate(labels):
            sheet.write_string(row, column, text)
        for column, year in enumerate(years.codes, len(headings)):
            _cell(sheet, row, column, cells.get(year.code), styles)


def _above(sheet: Worksheet, styles: _Styles, cube: Cube) -> None:
    fixed = [axis.codes[0].nl for axis in cube.axes[1:] if len(axis.codes) == 1]
    provisional = "" if cube.usual_status == "A" else " Alle cijfers zijn voorlopig (p)."
    sheet.write_string(0, 0, f"{cube.table['number']} {cube.title}", styles.title)
    sheet.write_string(1, 0, f"Eenheid: {cube.unit(cube.measures[0].code)}. {'; '.join(fixed)}.{provisional}")
    sheet.write_string(2, 0, cube.table["adding"]["label"]["nl"])
    sheet.write_string(3, 0, "; ".join(f"{code.code} {code.nl}" for code in symbols.LEGEND))


def _lines_of(cube: Cube, down: Sequence[Axis]) -> Iterable[tuple[list[str], dict[str, Observation]]]:
    """The lines of a table: the labels and codes of each, and its cells by year."""
    places = [place for place, axis in enumerate(cube.axes) if axis in down]
    names = [{code.code: code.nl for code in axis.codes} for axis in down]
    lines: dict[tuple[str, ...], dict[str, Observation]] = {}
    for cell in cube.cells:
        lines.setdefault(tuple(cell.at[place] for place in places), {})[cell.at[0]] = cell
    for key, cells in lines.items():
        labels = [text for code, known in zip(key, names, strict=True) for text in (known[code], code)]
        yield labels or [cube.measures[0].nl], cells


def _cell(sheet: Worksheet, row: int, column: int, cell: Observation | None, styles: _Styles) -> None:
    if cell is None or cell.value is None:
        status = IMPOSSIBLE if cell is None else cell.status
        sheet.write_string(row, column, symbols.INSTEAD[status], styles.right)
    else:
        sheet.write_number(row, column, cell.value, styles.beside.get(cell.status))


def _lines(sheet: Worksheet, row: int, lines: Iterable[tuple[str, str]]) -> int:
    """Write two cells for each line; the row after the last."""
    for name, text in lines:
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
        row += 1
    return row


def _headings(sheet: Worksheet, row: int, texts: Sequence[str], styles: _Styles) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, styles.head)


def _widths(sheet: Worksheet, labels: int, years: int) -> None:
    for column in range(labels):
        sheet.set_column(column, column, LABEL_WIDTH if column % 2 == 0 else CODE_WIDTH)
    sheet.set_column(labels, labels + years, NUMBER_WIDTH)


def _per_cent(value: int | None, of_what: str) -> str:
    return "niet te zeggen" if value is None else f"{value}% {of_what}"
