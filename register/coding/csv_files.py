"""Reading and writing CSV files of people: every fault is one sentence that names the line, nothing is half-written."""

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

LONGEST_LINE = 1_000_000
# The limit of the csv module belongs to the whole process: a library that lifts it must not lift ours.
LONGEST_CELL = 131_072
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class FileFaultError(Exception):
    """A file that cannot be read or written; the text is a sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One data row: the line of the file on which it starts, and the text of each wanted column."""

    line: int
    cells: dict[str, str]


def records(path: Path, columns: Sequence[str], *, empty_rows: bool = False) -> Iterator[Record]:
    """The data rows of a UTF-8 CSV file with commas and a header; other columns are left alone, blank lines skipped.

    A row whose cells are all empty is skipped too, unless ``empty_rows``: then it counts as a row.

    Raises FileFaultError for a file that is missing, empty, not UTF-8, cut at another delimiter, short of a column, or
    that holds a NUL byte, a line over a million bytes, a cell over 131,072 characters or a row of another length than
    the header.
    """
    reader = csv.reader(_lines(path), strict=True)
    header: list[str] | None = None
    try:
        while True:
            line = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                break
            if any(len(cell) > LONGEST_CELL for cell in row):
                raise csv.Error(f"field larger than field limit ({LONGEST_CELL})")
            if not any(cell.strip() for cell in row) and not (row and header and empty_rows):
                continue
            if header is None:
                header = _header(row, columns)
                continue
            if len(row) != len(header):
                raise FileFaultError(f"line {line}: {len(row)} columns where the header has {len(header)}")
            cells = dict(zip(header, row, strict=True))
            yield Record(line, {column: cells[column].strip() for column in columns})
    except csv.Error as error:
        raise FileFaultError(f"line {max(reader.line_num, 1)}: this is not proper CSV ({error})") from None
    if header is None:
        raise FileFaultError("the file is empty")


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A new text file that takes the place of ``path`` when the block ends well, and leaves nothing when it does not.

    Raises FileFaultError when the file cannot be written.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise FileFaultError(f"cannot write {path}: it is not a regular file")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("x", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        raise FileFaultError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _lines(path: Path) -> Iterator[str]:
    """The lines of the file as text, one at a time and never a very long one, so that memory stays small."""
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                if number == 1:
                    raw = _without_mark(raw)
                if len(raw) > LONGEST_LINE:
                    raise FileFaultError(f"line {number} is longer than {LONGEST_LINE:,} bytes")
                if b"\0" in raw:
                    raise FileFaultError(f"line {number} holds a NUL byte")
                yield _decoded(raw, number)
    except OSError as error:
        raise FileFaultError(f"cannot read {path}: {error.strerror or error}") from None


def _without_mark(raw: bytes) -> bytes:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileFaultError("the file is UTF-16; save it as UTF-8")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _decoded(raw: bytes, number: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"0x{raw[error.start]:02x}"
        raise FileFaultError(
            f"line {number} is not UTF-8 (byte {byte} at {error.start + 1}); save it as UTF-8"
        ) from None


def _header(row: Sequence[str], columns: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in row]
    missing = [column for column in columns if column not in header]
    if missing:
        for delimiter, name in _OTHER_DELIMITERS.items():
            if len(header) == 1 and delimiter in header[0]:
                raise FileFaultError(f"the columns are separated by {name}; separate them by commas")
        raise FileFaultError(f"the header lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}")
    twice = sorted({column for column in columns if header.count(column) > 1})
    if twice:
        raise FileFaultError(f"the header has {', '.join(twice)} twice")
    return header
