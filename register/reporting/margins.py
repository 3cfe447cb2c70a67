"""The sums that stay published where that can be, beside the totals of a year: by sex, by age and by group.

Readers want them before any detail. And tables that share nothing but sums that stay published are protected each by
itself, which takes a third of the time. Beside an earlier release the reports of a year are such sums as well: they
changed with every late death, and the published share of the reports ties those of all years together.
"""

from collections.abc import Iterator

from register.disclosure import CellKey, System
from register.reporting import codelists, frozen_codes
from register.reporting.codelists import FINAL, NDM_BANDS, NOT_FINAL, NOTIFIED, TOTAL
from register.reporting.extract import Extract
from register.reporting.table_design import TIME

# What is crossed with sex beside substances.
BY_SEX = (("number", codelists.numbers()), ("intent", codelists.values("VS-INTENT")))


def margins(
    system: System, extract: Extract, *, definition: str, years: range, threshold: int, beside: bool = False
) -> list[CellKey]:
    """The counts of each line of sums in which none is small, and each group of the EU drugs agency that is not.

    None where an older extract crosses nothing with sex or age: its tables come apart at the totals. ``beside`` an
    earlier release also the reports of each year.
    """
    if not extract.crossed:
        return []
    values = dict(zip(system.cells, system.values, strict=True))
    found: list[CellKey] = []
    reports = [[CellKey.of(NOTIFIED, "deaths", {TIME: str(year)})] for year in years]
    for line in (*_lines(extract, definition, years), *(reports if beside and extract.reports_kept else ())):
        shown = [key for key in line if values.get(key)]
        if all(values[key] >= threshold for key in shown):
            found += shown
    return found


def _lines(extract: Extract, definition: str, years: range) -> Iterator[list[CellKey]]:
    sexes, ages, groups = (
        [one.code for one in known if one.code != TOTAL]
        for known in (codelists.sexes(), codelists.ages(NDM_BANDS), frozen_codes.primary_codes())
    )
    lines = [("deaths", "sex", sexes), ("deaths", "age", ages), ("hierarchical", "group", groups)]
    if extract.st5_told:
        lines.append(("deaths", "tox", [FINAL, NOT_FINAL]))
        lines += [("deaths", name, [one.code for one in known if one.code != TOTAL]) for name, known in BY_SEX]
    for year in map(str, years):
        for measure, name, codes in lines:
            yield [CellKey.of(definition, measure, {TIME: year, name: code}) for code in codes]
        for group in frozen_codes.euda_groups(extract.catalogue):
            yield [CellKey.of(definition, "any", {TIME: year, "euda_group": group})]
