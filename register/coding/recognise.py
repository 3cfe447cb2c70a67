"""``python -m register.coding.recognise FILE --column "Cause of Death" --output out.csv``: substances in free text.

Needs no database: the substances are those shipped with the register. Writes one line per data row, without a header:
the number of the row from 1, a comma, and the codes that its text affirms, separated by ``;`` (none: nothing after the
comma). A file with a fault gives a sentence on standard error, status 1 and no output.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from register.coding import catalogue
from register.coding.csv_files import FileFaultError, records, replacing
from register.coding.recognition import Recogniser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        count = recognise_file(options.file, options.column, options.output)
    except FileFaultError as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    print(f"{count} texts read, written to {options.output}")
    return 0


def recognise_file(source: Path, column: str, target: Path) -> int:
    """Write the codes that each text of a column affirms; the number of texts.

    Raises FileFaultError for a file that cannot be read as a table with that column, in which case the target is not
    touched.
    """
    if target.resolve() == source.resolve():
        raise FileFaultError("the output would replace the file itself; name another output")
    recogniser = Recogniser(catalogue.load())
    name = column.strip()
    count = 0
    with replacing(target) as file:
        for record in records(source, (name,), empty_rows=True):
            count += 1
            file.write(f"{count},{';'.join(recogniser.propose(record.cells[name]))}\n")
    return count


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m register.coding.recognise", description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV file with a header, in UTF-8, with commas")
    parser.add_argument("--column", required=True, help="the column that holds the text")
    parser.add_argument("--output", type=Path, required=True, help="the file to write")
    return parser


if __name__ == "__main__":
    sys.exit(main())
