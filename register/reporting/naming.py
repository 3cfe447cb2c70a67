"""What a cell is called on a page, in Dutch and English, wherever it stands in the tables of a release."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from register.disclosure import CellKey, others_of
from register.reporting import codelists
from register.reporting.choices import list_of
from register.reporting.codelists import DEFINITION_CODES, TOTAL, Code
from register.reporting.conflicts import RULES, Conflict
from register.reporting.extract import Extract
from register.reporting.table_design import TIME, Column, TableDesign
from register.reporting.tables import designs

Words = dict[str, str]
# Between two definitions in the name of a difference.
WITHOUT = " without "


def words_of(design: TableDesign, definition: str, measure: str, period: str, at: Sequence[str]) -> Words:
    """The codes of a cell as words; totals are left out, and what is the same in the whole table."""
    chosen = [codelists.definition(definition)] if design.per_definition else []
    for column, code in zip(design.columns, at, strict=True):
        chosen += [_with_its_item(column, known) for known in column.codes if known.code == code != TOTAL]
    if len(design.measures) > 1:
        chosen += [known for known in codelists.MEASURES if known.code == measure]
    return {language: ", ".join([period, *(one.label(language) for one in chosen)]) for language in ("nl", "en")}


def _with_its_item(column: Column, code: Code) -> Code:
    """An answer goes by its item as well: yes and unknown are answers to many."""
    item = column.place(code.code)[0]
    known = next((one for one in column.codes if one.code == item != code.code), None)
    if known is None:
        return code
    return Code(code.code, f"{known.nl.rpartition(':')[0]}: {code.nl}", f"{known.en.rpartition(':')[0]}: {code.en}")


def told(conflicts: Sequence[Conflict], extract: Extract) -> dict[str, Any]:
    """The cells for which people have to choose, as the release page shows them; they stay inside the register."""
    found = designs(extract)
    cells = [{"key": list_of(one.key), "why": one.why, "year": one.year, **_named(one.key, found)} for one in conflicts]
    return {"cells": cells, "years": sorted({int(one.year) for one in conflicts if one.year and one.why not in RULES})}


def words(keys: Sequence[CellKey], extract: Extract) -> list[Words]:
    """What each of these cells is called."""
    found = designs(extract)
    return [_named(key, found)["cell"] for key in keys]


def _named(key: CellKey, found: Sequence[TableDesign]) -> dict[str, Any]:
    """The table and the words of a cell; a cell that no table prints goes by its codes.

    What one definition counts and another does not is named after the cell of the first, the others of a group after
    the answer that it shares.
    """
    if (group := others_of(key)) is not None:
        whole, answer = (_named(one, found) for one in group)
        deaths = _without_measure(whole["cell"]) if group[0].measure == "deaths" else whole["cell"]
        told = {
            "nl": f"{answer['cell']['nl']}: (vrijwel) allen van ‘{deaths['nl']}’",
            "en": f"{answer['cell']['en']}: (nearly) all of ‘{deaths['en']}’",
        }
        return {"table": answer["table"], "cell": told}
    larger, _, smaller = key.population.partition(WITHOUT)
    if smaller in DEFINITION_CODES:
        whole, less = _named(key._replace(population=larger), found), codelists.definition(smaller)
        told = {"nl": f"{whole['cell']['nl']}, niet in {less.nl}", "en": f"{whole['cell']['en']}, not in {less.en}"}
        return {"table": whole["table"], "cell": told}
    for design in found:
        for period, definition, measure, at in _places(key, design):
            if design.key(definition, measure, period, at) == key:
                return {
                    "table": {"nl": f"{design.number} {design.nl}", "en": f"{design.number} {design.en}"},
                    "cell": words_of(design, definition, measure, period, at),
                }
    return {"table": {"nl": "", "en": ""}, "cell": {"nl": str(key), "en": str(key)}}


def _without_measure(words: Words) -> Words:
    """The words of a total: all measures count the same deaths there, and it stands under the first of them."""
    told = dict(words)
    for measure in codelists.MEASURES:
        told = {language: text.removesuffix(f", {measure.label(language)}") for language, text in told.items()}
    return told


def _places(key: CellKey, design: TableDesign) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Where the cell may stand in a table: nowhere when it has a dimension that the table has not."""
    nodes = dict(key.at)
    period = nodes.pop(TIME, "")
    asked = [
        [code.code for code in column.codes if _fits(nodes, *column.place(code.code))] for column in design.columns
    ]
    if not period or not all(asked):
        return
    definition = key.population if key.population in DEFINITION_CODES else DEFINITION_CODES[0]
    if key.population != (design.population or definition):
        return
    for measure in design.counts:
        for at in product(*asked):
            yield period, definition, measure, at


def _fits(nodes: dict[str, str], dimension: str, code: str) -> bool:
    return nodes.get(dimension, TOTAL) == code
