"""``python -m register.coding.classify FACTS.csv --output out.csv``: the case definitions of a file of deaths.

Needs no database: the substances and the rules are those shipped with the register. Writes
``case,sel_b,sel_d,nl_broad,suggested_ucod,suggested_t_codes,primary_group,reasons``, one line per row of the input;
``primary_group`` is empty when no substance contributed. A file with a fault gives a sentence on standard error for
each, status 1 and no output.
"""

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from register.coding import catalogue
from register.coding.csv_files import FileFaultError, replacing
from register.coding.definitions import Classification, Outcome, classify
from register.coding.facts_file import FiledCase, read
from register.coding.sentences import Remark

Language = Literal["nl", "en"]
HEADER = ("case", "sel_b", "sel_d", "nl_broad", "suggested_ucod", "suggested_t_codes", "primary_group", "reasons")
MOST_FAULTS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        count = classify_file(options.facts, options.output, options.language)
    except FileFaultError as error:
        print(f"{options.facts}: {error}", file=sys.stderr)
        return 1
    print(f"{count} cases classified, written to {options.output}")
    return 0


def classify_file(source: Path, target: Path, language: Language) -> int:
    """Classify the cases of a file into another; the number of cases.

    Raises FileFaultError with every fault found (the first twenty), in which case the target is not touched.
    """
    known = catalogue.load()
    faults: list[str] = []
    count = 0
    with replacing(target) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for filed in read(source, known):
            count += 1
            if filed.facts is None:
                faults += filed.faults
            elif not faults:
                writer.writerow(_row(filed, classify(filed.facts, known), language))
        if faults:
            raise FileFaultError("\n".join(_shown(faults)))
    return count


def _row(filed: FiledCase, found: Classification, language: Language) -> tuple[str, ...]:
    return (
        filed.case,
        found.sel_b.value,
        found.sel_d.value,
        found.nl_broad.value,
        found.suggestion.ucod or "",
        ";".join(found.suggestion.t_codes),
        found.primary_group or "",
        " | ".join(_reasons(found, language)),
    )


def _reasons(found: Classification, language: Language) -> Iterator[str]:
    """Each outcome with the rule that decided, then the steps of the suggestion, then the warnings."""
    for name, outcome in (("sel_b", found.sel_b), ("sel_d", found.sel_d), ("nl_broad", found.nl_broad)):
        yield f"{name} {outcome.rule_id} ({outcome.basis}): {_text(outcome, language)}"
    for remark in (*found.suggestion.steps, *found.warnings):
        yield f"{remark.code}: {_text(remark, language)}"


def _text(said: Outcome | Remark, language: Language) -> str:
    return said.nl if language == "nl" else said.en


def _shown(faults: Sequence[str]) -> list[str]:
    more = len(faults) - MOST_FAULTS
    return [*faults[:MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m register.coding.classify", description=__doc__.partition("\n")[0])
    parser.add_argument("facts", type=Path, metavar="FACTS.csv", help="the file of deaths")
    parser.add_argument("--output", type=Path, required=True, help="the file to write")
    parser.add_argument("--language", choices=("en", "nl"), default="en", help="language of the reasons")
    return parser


if __name__ == "__main__":
    sys.exit(main())
