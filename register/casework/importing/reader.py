"""Reading a delimited file from disk, row by row, without trusting it: every fault of the file is one sentence."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from register.casework.importing.plans import ImportMapping

LONGEST_LINE = 1_000_000
DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
KEY_LENGTH = 40


class FileFaultError(Exception):
    """A file that cannot be read as the mapping says; the message is one sentence and nothing was imported."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row of the file: its number from 1, its columns, and the key under which its case is known.

    ``columns`` is None for a row that has another number of fields than the header.
    """

    number: int
    columns: Mapping[str, str] | None
    fields: int
    key: str


def check_file(path: Path, mapping: ImportMapping) -> int:
    """Read the whole file once and count its rows. Raises FileFaultError, so that nothing of it is imported."""
    rows = sum(1 for _ in read_rows(path, mapping))
    if rows == 0:
        raise FileFaultError(f"{path.name} has a header and no rows.")
    return rows


def read_rows(path: Path, mapping: ImportMapping) -> Iterator[DataRow]:
    """The rows of the file in their order.

    The key of a row follows from the source, its content and how often the same content came before: a row that stands
    in the file twice is two cases, and the same file read again gives the same keys. Raises FileFaultError.
    """
    records = _records(path, mapping)
    header = next(records, None)
    if header is None:
        raise FileFaultError(f"{path.name} is empty.")
    _check_header(path, header, mapping)
    seen: Counter[bytes] = Counter()
    for number, values in enumerate(records, start=1):
        digest = hashlib.sha256("\x1f".join(values).encode()).digest()
        seen[digest] += 1
        key = hashlib.sha256(f"{mapping.name}:{seen[digest]}:".encode() + digest).hexdigest()[:KEY_LENGTH]
        columns = dict(zip(header, values, strict=True)) if len(values) == len(header) else None
        yield DataRow(number, columns, len(values), f"{mapping.name}:{key}")


def _records(path: Path, mapping: ImportMapping) -> Iterator[list[str]]:
    """The header and the rows as lists of text; blank lines are passed over."""
    reader = csv.reader(_lines(path, mapping.encoding), delimiter=mapping.delimiter, strict=True)
    try:
        for record in reader:
            if record:
                yield record
    except csv.Error as broken:
        raise FileFaultError(
            f"Line {reader.line_num} of {path.name} cannot be read ({broken}); is a quotation mark missing?"
        ) from None


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """Lines of a bounded length in the encoding of the mapping; a byte order mark is dropped."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), start=1):
                if len(line) > LONGEST_LINE:
                    raise FileFaultError(f"Line {number} of {path.name} is longer than {LONGEST_LINE:,} bytes.")
                if number == 1 and b"\x00" in line:
                    raise FileFaultError(
                        f"{path.name} holds NUL characters in its header; save the file as {encoding}."
                    )
                text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                try:
                    yield text.decode(encoding)
                except UnicodeDecodeError:
                    raise FileFaultError(
                        f"Line {number} of {path.name} is not {encoding}; save the file in that encoding."
                    ) from None
    except OSError as error:
        raise FileFaultError(f"{path.name} cannot be read: {error.strerror}.") from None


def _check_header(path: Path, header: list[str], mapping: ImportMapping) -> None:
    missing = [column for column in mapping.columns if column not in header]
    if missing and len(header) == 1:
        other = next((mark for mark in DELIMITERS if mark != mapping.delimiter and mark in header[0]), "")
        if other:
            raise FileFaultError(
                f"The columns of {path.name} are separated by {DELIMITERS[other]}; the mapping '{mapping.name}' expects"
                f" {DELIMITERS.get(mapping.delimiter, mapping.delimiter)}."
            )
    if missing:
        named = ", ".join(f"'{column}'" for column in missing[:10])
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        raise FileFaultError(f"{path.name} lacks columns that the mapping '{mapping.name}' reads: {named}{more}.")
    twice = next((name for name, count in Counter(header).items() if count > 1), None)
    if twice is not None:
        raise FileFaultError(f"{path.name} has the column '{twice}' more than once.")
