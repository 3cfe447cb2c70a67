"""The page that sets the published Connecticut figures beside the file's own totals, as Markdown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bench.connecticut_api import Fetched

if TYPE_CHECKING:
    from bench.connecticut_figures import Row

FATES = ("open", "excluded", "outside", "undetermined")
LABELS = {"male": "Men", "female": "Women", "_U": "Not known"}
NAMES = {
    "heroin": "Heroin",
    "fentanyl": "Fentanyl",
    "cocaine": "Cocaine",
    "ethanol": "Ethanol",
    "oxycodone": "Oxycodone",
    "methadone": "Methadone",
    "hydrocodone": "Hydrocodone",
    "tramadol": "Tramadol",
    "hydromorphone": "Hydromorphone",
    "xylazine": "Xylazine",
    "gabapentin": "Gabapentin",
}
HIDDEN = "·"
INTRODUCTION = """# Connecticut 2012-2018: the published figures beside the file

A demonstration on real, dirty input. The deaths are those of the open file "Accidental Drug Related Deaths" of the
State of Connecticut (Office of the Chief Medical Examiner). They did not happen in the Netherlands: counties stand in
for GGD regions, and nothing here says anything about a Dutch figure.

`make bench ARGS=connecticut_figures` writes this page. It imports the file, reviews and closes the cases by the bulk
path, publishes a release, fetches it over the API with a token, checks every file against the manifest, and counts
every difference out of the register. It fails when a figure is neither equal nor explained.
"""
MADE = """
Release `{id}`: {deaths:,} deaths, {cells:,} cells, {hidden} of them suppressed ({hidden_percent} %), none computable
from the others ({witnesses} checked alternatives). All {numbers:,} numbers are the same in all eight formats of
their table. {files} files fetched, each with the size and SHA-256 that the manifest promises. {completeness} % of the
cases are decided, {open} are open.
"""
READING = """
How to read the tables: "file" is the file's own total, "release" what the API gave for the broad national definition.
`·` is a suppressed cell (a count of 1 to 4, or one that could be computed from others); what a suppressed cell would
have been is not explained here either. Between the two stands why a death of the file is not counted:

- **open**: a guard refused to close the case, because its manner of death is pending or not known in the file;
- **excluded**: certified as natural, so not a case of this register;
- **outside**: closed, and outside the broad definition, for instance alcohol alone;
- **undetermined**: closed, and the definition cannot be decided on the facts, for instance no substance is named.
"""
SUBSTANCES = """
## By substance

The file ticks a column for a substance; the register counts every contributing substance that a column **or** the
certified cause of death names. "Named only" are counted deaths whose text names the substance while the column is
empty; "not counted" are ticked deaths that stand in none of the tables, for the reasons above; "as another" are counted
deaths whose tick the register kept as something else. Sums are over the years in which the release shows the substance:
file - not counted - as another + named only = release.

"""


def page(rows: Sequence["Row"], over_api: Fetched, report: Mapping[str, Any]) -> str:
    """The whole page."""
    return "".join(
        [
            INTRODUCTION,
            _made(over_api, report),
            READING,
            "\n## By year\n\n",
            _table(["Year", "File", *(fate.capitalize() for fate in FATES), "Release"], _years(rows, over_api)),
            "\n## By year and sex\n\n",
            _table(["Year", "Sex", "File", "Not counted", "Release"], _sexes(rows, over_api)),
            SUBSTANCES,
            _table(
                ["Substance", "Years shown", "File", "Not counted", "As another", "Named only", "Release"],
                _substances(rows, over_api),
            ),
            "\n### By year, file / release\n\n",
            _table(["Substance", *_all_years(rows)], _by_year(rows, over_api)),
        ]
    )


def _made(over_api: Fetched, report: Mapping[str, Any]) -> str:
    facts = {**report, "id": over_api.identifier, "files": over_api.files, "numbers": over_api.numbers}
    return MADE.format(**facts)


def _years(rows: Sequence["Row"], over_api: Fetched) -> Iterable[list[str]]:
    totals = Counter[str]()
    for year in _all_years(rows):
        mine = [row for row in rows if str(row.year) == year]
        fates = Counter(row.fate for row in mine)
        published = over_api.values[year, "sex", "_T"]
        yield [year, *_numbers([len(mine), *(fates[fate] for fate in FATES), published])]
        totals.update({"file": len(mine), "release": published or 0, **fates})
    yield ["**All**", *_numbers([totals["file"], *(totals[fate] for fate in FATES), totals["release"]])]


def _sexes(rows: Sequence["Row"], over_api: Fetched) -> Iterable[list[str]]:
    for year in _all_years(rows):
        for sex, label in LABELS.items():
            mine = [row for row in rows if str(row.year) == year and row.sex == sex]
            published = over_api.values[year, "sex", sex]
            gone = None if published is None else sum(row.fate != "counted" for row in mine)
            yield [year, label, *_numbers([len(mine), gone, published])]


def _substances(rows: Sequence["Row"], over_api: Fetched) -> Iterable[list[str]]:
    for code, name in NAMES.items():
        shown = [year for year in _all_years(rows) if over_api.values[year, "substance", code] is not None]
        mine = [row for row in rows if str(row.year) in shown]
        counted = [row for row in mine if row.fate == "counted"]
        ticked = sum(code in row.ticked for row in mine)
        gone = ticked - sum(code in row.ticked for row in counted)
        other = sum(code in row.ticked - row.contributing for row in counted)
        named = sum(code in row.contributing - row.ticked for row in counted)
        published = sum(over_api.values[year, "substance", code] or 0 for year in shown)
        if ticked - gone - other + named != published:
            raise SystemExit(f"{name} does not come out: {ticked} - {gone} - {other} + {named} is not {published}.")
        yield [name, str(len(shown)), *_numbers([ticked, gone, other, named, published])]


def _by_year(rows: Sequence["Row"], over_api: Fetched) -> Iterable[list[str]]:
    for code, name in NAMES.items():
        cells = []
        for year in _all_years(rows):
            ticked = sum(code in row.ticked for row in rows if str(row.year) == year)
            published = over_api.values[year, "substance", code]
            cells.append(f"{ticked} / {HIDDEN if published is None else published}")
        yield [name, *cells]


def _all_years(rows: Iterable["Row"]) -> list[str]:
    return sorted({str(row.year) for row in rows})


def _numbers(values: Iterable[int | None]) -> list[str]:
    return [HIDDEN if value is None else f"{value:,}" for value in values]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
