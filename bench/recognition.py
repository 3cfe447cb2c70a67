"""How well and how fast substances are recognised, against a medical examiner's own columns.

Reads the Connecticut accidental drug deaths of 2012-2019 (folder ``REGISTER_REFERENCE_DIR``, else
``../shared/reference``). Only the text of "Cause of Death" is given to the recogniser; the examiner's columns are the
yardstick and are read afterwards. Beside it, in the same run, a baseline that searches the catalogue's names as plain
substrings. At the end what was missed and why.

    python -m bench.recognition
"""

import csv
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from register.coding.catalogue import Catalogue, load
from register.coding.folding import words
from register.coding.recognition import Recogniser

FILE = "connecticut_drug_deaths_2012_2019.csv"
TEXT = "Cause of Death"
YARDSTICK = {
    "Cocaine": "cocaine",
    "Fentanyl": "fentanyl",
    "Oxycodone": "oxycodone",
    "Ethanol": "ethanol",
    "Hydrocodone": "hydrocodone",
    "Benzodiazepine": "benzodiazepine",
    "Methadone": "methadone",
    "Tramad": "tramadol",
}
BENZODIAZEPINES = frozenset({"benzo-rx", "benzo-designer"})
UNSPECIFIED = frozenset({"opioid-nos", "benzodiazepine-nos", "substance-unknown", "nps-unknown"})
RESEMBLES = 72  # rapidfuzz ratio of a missed word with the column's name, in per cent

Reader = Callable[[str], Sequence[str]]


def reference() -> Path:
    default = Path(__file__).resolve().parents[2] / "shared" / "reference"
    return Path(os.environ.get("REGISTER_REFERENCE_DIR", default)) / FILE


def deaths() -> list[dict[str, str]]:
    with reference().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def columns_of(codes: Sequence[str], catalogue: Catalogue, *, analogues: bool) -> frozenset[str]:
    """The examiner's columns that the codes speak of.

    Benzodiazepine is any code of the two benzodiazepine groups. Fentanyl is the code ``fentanyl``; with ``analogues``
    it is any code of EUDA's group of fentanyls, as the examiner sets Fentanyl for an analogue as well.
    """
    found = set(codes)
    for code in codes:
        substance = catalogue.substances[code]
        if substance.group in BENZODIAZEPINES:
            found.add("benzodiazepine")
        if analogues and substance.euda_group == "opioid_fentanyl":
            found.add("fentanyl")
    return frozenset(found)


def baseline(catalogue: Catalogue) -> Reader:
    """Every name of the catalogue as a plain substring of the lower-case text."""
    names = [
        (name.lower(), substance.code)
        for substance in catalogue.substances.values()
        for name in (substance.name_nl, substance.name_en, *(synonym.text for synonym in substance.synonyms))
    ]

    def read(text: str) -> Sequence[str]:
        lower = text.lower()
        return [code for name, code in names if name in lower]

    return read


def f1(tally: Counter[str]) -> float:
    right, wrong, missed = tally["right"], tally["wrong"], tally["missed"]
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def measured(
    rows: Sequence[dict[str, str]], read: Reader, catalogue: Catalogue, *, analogues: bool
) -> dict[str, Counter[str]]:
    tallies = {column: Counter[str]() for column in YARDSTICK}
    for row in rows:
        said = columns_of(read(row[TEXT]), catalogue, analogues=analogues)
        for column, name in YARDSTICK.items():
            truth, found = bool(row[column].strip()), name in said
            if truth or found:
                tallies[column]["right" if truth and found else "wrong" if found else "missed"] += 1
    return tallies


def speed(texts: Sequence[str], read: Reader) -> float:
    """Texts a second, the best of three passes."""
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        for text in texts:
            read(text)
        best = min(best, time.perf_counter() - begin)
    return len(texts) / best


def total(tallies: dict[str, Counter[str]]) -> Counter[str]:
    return sum(tallies.values(), Counter[str]())


def table(title: str, tallies: dict[str, Counter[str]]) -> None:
    print(f"\n{title}")
    print(f"{'column':<16}{'right':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>9}{'F1':>9}")
    for column, tally in [*tallies.items(), ("all (micro)", total(tallies))]:
        right, wrong, missed = tally["right"], tally["wrong"], tally["missed"]
        precision = right / (right + wrong) if right + wrong else 0.0
        recall = right / (right + missed) if right + missed else 0.0
        print(f"{column:<16}{right:>7}{wrong:>7}{missed:>8}{precision:>11.4f}{recall:>9.4f}{f1(tally):>9.4f}")


def why_missed(text: str, name: str, recogniser: Recogniser) -> str:
    mentions = recogniser.recognise(text)
    if any(mention.negated for mention in mentions):
        return "missed: the text denies a substance"
    seen = {at for mention in mentions for at in range(mention.start, mention.end)}
    resembling = [
        word.folded
        for word in words(text)
        if word.start not in seen
        and len(word.folded) > 2
        and (fuzz.ratio(word.folded, name) >= RESEMBLES or name.startswith(word.folded))
    ]
    if resembling:
        return "missed: misspelt or abbreviated, not caught"
    specific = [mention for mention in mentions if mention.code not in UNSPECIFIED]
    if specific:
        return "missed: the text names other substances only"
    if mentions:
        return "missed: the text names a group only"
    return "missed: the text names no substance"


def reasons(rows: Sequence[dict[str, str]], recogniser: Recogniser, catalogue: Catalogue) -> Counter[str]:
    """Print what differs from the examiner and why; the number of cells per reason."""
    counts: Counter[str] = Counter()
    examples: dict[str, Counter[str]] = {}
    for row in rows:
        text = row[TEXT]
        mentions = [mention for mention in recogniser.recognise(text) if not mention.negated]
        said = columns_of(recogniser.propose(text), catalogue, analogues=False)
        for column, name in YARDSTICK.items():
            truth, found = bool(row[column].strip()), name in said
            if truth == found:
                continue
            if truth:
                reason = why_missed(text, name, recogniser)
            else:
                kinds = {m.kind for m in mentions if name in columns_of((m.code,), catalogue, analogues=False)}
                literal = kinds & {"name", "group", "chemical", "brand", "abbreviation"}
                reason = (
                    f"wrong: named in the text ({'as such' if literal else ', '.join(sorted(kinds))}), column empty"
                )
            counts[reason] += 1
            examples.setdefault(reason, Counter())[f"{column}: {' '.join(text.split())[:96]}"] += 1
    print("\nwhat differs from the examiner, and why")
    for reason, count in counts.most_common():
        print(f"{count:>5}  {reason}")
        for example, times in examples[reason].most_common(6):
            print(f"         {times:>3} x {example}")
    return counts


def ceiling(tallies: dict[str, Counter[str]], counts: Counter[str]) -> float:
    """The micro-F1 of a reader who catches every name that stands in the text and no other.

    What the text does not name stays missed, and what it does name while the column is empty stays wrong.
    """
    all_of_them = total(tallies)
    caught = counts["missed: misspelt or abbreviated, not caught"]
    best = Counter(right=all_of_them["right"] + caught, missed=all_of_them["missed"] - caught)
    best["wrong"] = sum(count for reason, count in counts.items() if "as such" in reason)
    return f1(best)


def main() -> int:
    if not reference().is_file():
        print(f"No {FILE} in {reference().parent}: set REGISTER_REFERENCE_DIR.", file=sys.stderr)
        return 1
    rows, catalogue = deaths(), load()
    texts = [row[TEXT] for row in rows]
    begin = time.perf_counter()
    recogniser = Recogniser(catalogue)
    print(f"{len(rows)} deaths; recogniser compiled in {time.perf_counter() - begin:.3f} s")
    plain = baseline(catalogue)
    for title, read in (("recogniser", recogniser.propose), ("baseline: names as substrings", plain)):
        table(title, measured(rows, read, catalogue, analogues=False))
        print(f"Fentanyl by any fentanyl: micro-F1 {f1(total(measured(rows, read, catalogue, analogues=True))):.4f}")
    readings(rows, recogniser, catalogue)
    print(f"\nfirst pass, caches cold: {len(texts) / cold(texts, catalogue):,.0f} texts/s")
    print(f"recogniser: {speed(texts, recogniser.propose):,.0f} texts/s; baseline: {speed(texts, plain):,.0f} texts/s")
    counts = reasons(rows, recogniser, catalogue)
    tallies = measured(rows, recogniser.propose, catalogue, analogues=False)
    best = ceiling(tallies, counts)
    print(f"\nmicro-F1 {f1(total(tallies)):.4f}; a reader who catches every name in the texts: {best:.4f}")
    return 0


def readings(rows: Sequence[dict[str, str]], recogniser: Recogniser, catalogue: Catalogue) -> None:
    """The micro-F1 under other readings of which rows count and what a tick is."""
    said = [set(recogniser.propose(row[TEXT])) for row in rows]
    ticked = [{**row, **{column: row[column] * (row[column] == "Y") for column in YARDSTICK}} for row in rows]
    sure = {
        row[TEXT]: [m.code for m in recogniser.recognise(row[TEXT]) if not m.negated and m.certainty != "possible"]
        for row in rows
    }
    plain = recogniser.propose
    others: tuple[tuple[str, Sequence[dict[str, str]], Reader], ...] = (
        ("every row, any mark is a tick", rows, plain),
        ("every row, only a bare Y is a tick", ticked, plain),
        ("without what is only possible", rows, lambda text: [c for c in plain(text) if c in sure[text]]),
        ("rows dated by the death itself", [row for row in rows if row["Date Type"] == "Date of death"], plain),
        ("rows with age, sex and manner", [r for r in rows if r["Age"] and r["Sex"] and r["Manner of Death"]], plain),
        ("rows whose text names anything", [row for row, codes in zip(rows, said, strict=True) if codes], plain),
        (
            "rows whose text names a specific substance",
            [row for row, codes in zip(rows, said, strict=True) if codes - UNSPECIFIED],
            plain,
        ),
    )
    print("\nother readings of the same yardstick")
    for title, chosen, read in others:
        tallies = measured(chosen, read, catalogue, analogues=False)
        macro = sum(f1(tally) for tally in tallies.values()) / len(tallies)
        print(f"{title:<44}{len(chosen):>6} rows  micro-F1 {f1(total(tallies)):.4f}  mean of columns {macro:.4f}")


def cold(texts: Sequence[str], catalogue: Catalogue) -> float:
    """Seconds of one pass by a recogniser that has seen nothing yet."""
    fresh = Recogniser(catalogue)
    begin = time.perf_counter()
    for text in texts:
        fresh.propose(text)
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
