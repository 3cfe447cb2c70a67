"""A table of results as somebody pastes it from a report: which line is a result, which cell is what.

Tabs, semicolons, bars, commas between quotes and columns of spaces are all read, with or without a header, in any order
of columns. No line is lost: what is no result stays in the answer with the sentence that says so.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from register.coding import laboratory_values as values
from register.coding.catalogue import rows
from register.coding.laboratory_values import DecimalMark, Reading, Unreadable
from register.coding.sentences import Sentence

MOST_LINES, MOST_CHARACTERS = 100, 20_000
LONGEST_NAME = 200
NAME, VALUE, UNIT, RESULT, LOQ, LOD, SKIPPED = "name", "value", "unit", "result", "loq", "lod", "skipped"

# Heads of columns in Dutch and in English: which column of ours they are, "skipped" when we do not read it.
_HEADERS = {row["header"]: row["column"] for row in rows("laboratory_headers.csv")}
_IN_BRACKETS = re.compile(r"^(?P<word>[^([]*?)\s*[(\[]\s*(?:in\s+)?(?P<unit>[^)\]]+)[)\]]$")
_WIDE = re.compile(r"(?: {2,}| *\t[ \t]*)")
_LETTER = re.compile(r"[^\W\d_]")

TOO_LONG = Sentence(
    f"De tekst is te lang: ten hoogste {MOST_LINES} regels en {MOST_CHARACTERS} tekens. Plak alleen de tabel.",
    f"The text is too long: at most {MOST_LINES} lines and {MOST_CHARACTERS} characters. Paste the table alone.",
)
HEADER_LINE = Sentence("Dit is de kop van de tabel.", "This is the header of the table.")
TWO_NUMBERS = Sentence(
    "Op deze regel staan twee getallen. Plak de kop van de tabel erbij, of schrijf hier de ene waarde.",
    "There are two numbers on this line. Paste the header of the table too, or write the one value here.",
)
NO_NAME = Sentence(
    "Op deze regel staat een uitslag zonder middel.", "There is a result without a substance on this line."
)
CONTRADICTION = Sentence(
    "Deze regel geeft een waarde en zegt '{word}'. Schrijf één van beide.",
    "This line gives a value and says '{word}'. Write one of the two.",
)
NAME_TOO_LONG = Sentence(
    f"De naam is langer dan {LONGEST_NAME} tekens.", f"The name is longer than {LONGEST_NAME} characters."
)


class Kind(Enum):
    """What a line of the text is."""

    RESULT = "result"
    HEADER = "header"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text, whole, and what was read in it.

    ``name`` and ``result`` are the words as they stand there; ``why`` says what is wrong with an unreadable line.
    """

    original: str
    kind: Kind
    name: str = ""
    result: str = ""
    reading: Reading | None = None
    loq: Decimal | None = None
    lod: Decimal | None = None
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Every line that is not blank, in its order; or the sentence why the text was not read at all."""

    lines: tuple[Line, ...] = ()
    refused: Sentence | None = None


@dataclass(slots=True)
class _Columns:
    """What a header says: the role of each column, and the unit that stands in it."""

    roles: tuple[str, ...]
    units: dict[str, str] = field(default_factory=dict)


def read_table(text: str) -> Table:
    """The lines of a pasted text. Never raises; a text over the limits is refused as a whole, with a sentence."""
    originals = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if len(originals) > MOST_LINES or len(text) > MOST_CHARACTERS:
        return Table(refused=TOO_LONG)
    delimiter = _delimiter(originals)
    framed = delimiter == "|" and all(line.lstrip().startswith("|") for line in originals)
    split = [_cells(line, delimiter)[framed:] for line in originals]
    mark = values.decimal_mark([part for cells in split for cell in cells for part in _number_parts(cell)])
    columns: _Columns | None = None
    lines = []
    for original, cells in zip(originals, split, strict=True):
        header = _header(cells)
        if header is not None:
            columns = header
            lines.append(Line(original, Kind.HEADER, why=HEADER_LINE))
        else:
            in_columns = columns is not None and (
                delimiter in original if delimiter else len(cells) == len(columns.roles)
            )
            line = _line(original, cells, columns, mark, in_columns=in_columns)
            lines.append(_by_itself(line, delimiter, mark) if line.why == values.NO_RESULT else line)
    return Table(tuple(lines))


def _by_itself(line: Line, delimiter: str, mark: DecimalMark | None) -> Line:
    """A line in which nothing was found, read with its own separator where the table has another."""
    own = _delimiter([line.original])
    if own in ("", delimiter):
        return line
    alone = _line(line.original, _cells(line.original, own), None, mark, in_columns=False)
    return alone if alone.kind is Kind.RESULT else line


def read_row(name: str, result: str, original: str = "") -> Line:
    """One result that somebody typed or mended: a name, and a value with its unit or a word."""
    row = {NAME: values.plain(name), RESULT: values.plain(result)}
    return _read(original or f"{name}  {result}", row, {}, None)


def _line(
    original: str, cells: list[str], columns: _Columns | None, mark: DecimalMark | None, *, in_columns: bool
) -> Line:
    """``in_columns``: the cells stand where the header says; columns of spaces shift when one is empty."""
    if columns is not None and in_columns and len(columns.roles) >= len(cells) > 1:
        row = _by_header(cells, columns)
        return _read(original, row, columns.units, mark)
    found = _by_content(cells) if len(cells) > 1 else _in_running_text(cells)
    if isinstance(found, Sentence):
        return Line(original, Kind.UNREADABLE, why=found)
    return _read(original, found, columns.units if columns else {}, mark)


def _read(original: str, row: Mapping[str, str], units: Mapping[str, str], mark: DecimalMark | None) -> Line:
    name, unit = row.get(NAME, ""), row.get(UNIT, "") or units.get(VALUE, "") or units.get(RESULT, "")
    written = _written(row)
    shown = f"{written} {row[UNIT]}" if row.get(UNIT) and written and values.outcome_of(written) is None else written
    if not name or not written:
        why = NO_NAME if written and not name else values.NO_RESULT
        return Line(original, Kind.UNREADABLE, name=name[:LONGEST_NAME], result=shown, why=why)
    if len(name) > LONGEST_NAME:
        return Line(original, Kind.UNREADABLE, result=shown, why=NAME_TOO_LONG)
    reading = values.read(written, unit, mark)
    if isinstance(reading, Unreadable):
        return Line(original, Kind.UNREADABLE, name=name, result=shown, why=reading.why)
    word = row.get(RESULT, "")
    if reading.outcome == values.DETECTED and values.outcome_of(word) in (values.NOT_DETECTED, values.NOT_TESTED):
        why = Sentence(CONTRADICTION.nl.replace("{word}", word), CONTRADICTION.en.replace("{word}", word))
        return Line(original, Kind.UNREADABLE, name=name, result=shown, why=why)
    if reading.value is not None:
        unit_of_value = unit if not _has_own_unit(written) else ""
        shown = f"{written} {unit_of_value}".strip()
        shown = _without_doubt(shown, reading, mark)
    limits = {
        each: values.limit(row[each], units.get(each) or unit, mark) if row.get(each) else None for each in (LOQ, LOD)
    }
    return Line(original, Kind.RESULT, name, shown, reading, limits[LOQ], limits[LOD])


def _written(row: Mapping[str, str]) -> str:
    """The value when there is one, else the result in words: a report often has both columns."""
    value, result = row.get(VALUE, ""), row.get(RESULT, "")
    if not any(letter.isalnum() or letter in "+±" for letter in value):
        return result if any(letter.isalnum() or letter in "+±" for letter in result) else ""
    if result and not values.is_result(value) and values.outcome_of(result):
        return result
    return value


def _has_own_unit(written: str) -> bool:
    found = values.read(written)
    return isinstance(found, Reading) and found.unit is not None


def _without_doubt(shown: str, reading: Reading, mark: DecimalMark | None) -> str:
    """The result so that it reads the same outside its table, where the decimal mark is not known."""
    alone = values.read(shown)
    if mark is None or (isinstance(alone, Reading) and alone.value == reading.value):
        return shown
    sign = {"lt": "< ", "gt": "> ", "approx": "≈ "}.get(reading.qualifier or "", "")
    return f"{sign}{values.in_dutch(reading.value or Decimal(0))} {values.UNIT_LABELS[reading.unit or 'mg_l']}"


def _by_header(cells: Sequence[str], columns: _Columns) -> dict[str, str]:
    row: dict[str, str] = {}
    for role, cell in zip(columns.roles, cells, strict=False):
        if role != SKIPPED and cell and not row.get(role):
            row[role] = cell
    return row


def _by_content(cells: Sequence[str]) -> dict[str, str] | Sentence:
    """The role of each cell from what stands in it, for a table without a header."""
    row: dict[str, str] = {}
    for cell in cells:
        role = _role_of(cell)
        if role == VALUE and VALUE in row:
            return TWO_NUMBERS
        if role and role not in row:
            row[role] = cell
    return row if VALUE in row or RESULT in row else values.NO_RESULT


def _role_of(cell: str) -> str:
    if not cell or not any(letter.isalnum() or letter in "+±%‰" for letter in cell):
        return ""
    if values.unit_of(cell):
        return UNIT
    if values.outcome_of(cell):
        return RESULT
    return VALUE if values.is_result(cell) else NAME if _LETTER.search(cell) else ""


def _in_running_text(cells: Sequence[str]) -> dict[str, str] | Sentence:
    """A name with its result behind it, between them no more than a space or a colon: "MDMA 1,2 mg/L"."""
    text = cells[0] if cells else ""
    for space in re.finditer(r"(?::\s*|\s+)", text):
        name, result = text[: space.start()], text[space.end() :]
        worded = values.outcome_of(result) is not None
        if name and (worded or (values.is_result(result) and values.has_unit(result))):
            before = _in_running_text([name]) if worded else values.NO_RESULT
            # "MDMA 1,2 mg/L positief": a value stands before the word.
            return {NAME: name.rstrip(":= "), RESULT: result} if isinstance(before, Sentence) else _both(before, result)
    return values.NO_RESULT


def _both(measured: Mapping[str, str], word: str) -> dict[str, str]:
    return {NAME: measured[NAME], VALUE: measured[RESULT], RESULT: word}


def _header(cells: Sequence[str]) -> _Columns | None:
    """The columns that a header names; None when the line is none."""
    roles, units = [], {}
    for cell in cells:
        word = values.plain(cell).lower().strip(" .:*")
        match = _IN_BRACKETS.match(word)
        unit = match["unit"] if match and values.unit_of(match["unit"]) else ""
        role = _HEADERS.get(match["word"] if match else word) or _HEADERS.get(word, "")
        if unit and role:
            units[role] = unit
        roles.append(role)
    known = [role for role in roles if role]
    if NAME not in known or not ({VALUE, RESULT} & set(known)):
        return None
    return _Columns(tuple(role or SKIPPED for role in roles), units)


def _delimiter(lines: Sequence[str]) -> str:
    """What separates the columns of most lines; empty when only spaces do."""
    for mark in "\t;|":
        if 2 * sum(mark in line for line in lines) >= len(lines) > 0:
            return mark
    quoted = [line for line in lines if line.count('"') >= 2 and '",' in line.replace(" ", "")]
    return "," if 2 * len(quoted) >= len(lines) > 0 else ""


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter and delimiter in line:
        found = next(csv.reader([line.replace("\0", " ")], delimiter=delimiter, skipinitialspace=True), [])
        cells = [values.plain(cell) for cell in found]
        while cells and not cells[-1]:
            cells.pop()
        return cells
    spaced = "".join(" " if letter.isspace() and letter != "\t" else letter for letter in line.strip())
    return [values.plain(part) for part in _WIDE.split(spaced) if part.strip()]


def _number_parts(cell: str) -> list[str]:
    """The cell, and in running text what may be a number at its end."""
    return [cell, *(cell[space.end() :] for space in re.finditer(r"\s", cell))]
