"""Counting: from the frozen extract to the tables T1 to T5, every measure by the attribution rules of coding."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from register.coding.attribution import Attribution, attribute
from register.disclosure import Dimension, Table
from register.disclosure.cube import Codes
from register.reporting import codelists as codes
from register.reporting import tables
from register.reporting.codelists import TOTAL, UNKNOWN
from register.reporting.extract import Death, Extract

TIME = "time_period"
Counted = list[tuple[Death, Attribution]]


def tabulate(extract: Extract, *, definition: str, years: range) -> tuple[Table, ...]:
    """All tables of a release as parts of one system.

    Years stand beside each other without a sum over them, so that one year never gives away another. Every table but
    T1 counts the deaths of the release's ``definition``.
    """
    counted: Counted = [
        (death, attribute(death.facts(), extract.catalogue, extract.settings)) for death in extract.counted(definition)
    ]
    periods = Dimension.listed(TIME, [str(year) for year in years])
    return (
        *(_by_sex(extract.counted(code), code, periods) for code in codes.DEFINITION_CODES),
        _by_age([death for death, _ in counted], definition, periods),
        _hierarchical(counted, definition, periods),
        _groups(counted, extract, definition, periods),
        _sole_groups(counted, extract, definition, periods),
        _substances(counted, extract, definition, periods),
    )


def _by_sex(deaths: Iterable[Death], definition: str, periods: Dimension) -> Table:
    counts = _count((str(death.year), death.sex) for death in deaths)
    return Table("T1", definition, (periods, _sexes()), counts)


def _by_age(deaths: Sequence[Death], definition: str, periods: Dimension) -> Table:
    """Both age schemes in one table: the wider bands are sums of the narrower."""
    counts = _count((str(death.year), codes.band_of(death.age_known, codes.EUDA_BANDS), death.sex) for death in deaths)
    return Table("T2", definition, (periods, _ages(), _sexes()), counts)


def _hierarchical(counted: Counted, definition: str, periods: Dimension) -> Table:
    leaves = [code.code for code in tables.primary_codes() if code.code != TOTAL]
    counts = _count((str(death.year), where.primary_group or UNKNOWN) for death, where in counted)
    return Table("T3", definition, (periods, Dimension.flat("group", leaves)), counts, "hierarchical", "group")


def _groups(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Table:
    listed = Dimension.listed("group", [code.code for code in tables.group_codes(extract.catalogue)])
    counts = _count((str(death.year), code) for death, where in counted for code in _mentioned(where))
    return Table("T4", definition, (periods, listed), counts, "any", "group")


def _sole_groups(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Table:
    known = [code.code for code in tables.group_codes(extract.catalogue) if code.code not in (TOTAL, UNKNOWN)]
    counts = _count(
        (str(death.year), code)
        for death, where in counted
        for code in {where.sole_primary, where.sole_group}
        if code is not None
    )
    return Table("T4", definition, (periods, Dimension.listed("group", known)), counts, "sole", "group")


def _substances(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Table:
    listed = Dimension.listed("substance", [code.code for code in tables.substance_codes(extract.catalogue)])
    counts = _count(
        (str(death.year), code) for death, where in counted for code in (TOTAL, *(where.any_substances or (UNKNOWN,)))
    )
    return Table("T5", definition, (periods, listed), counts, "any", "substance")


def _mentioned(where: Attribution) -> Iterator[str]:
    """The total, and every group and primary group among the contributors once; unknown when there are none."""
    yield TOTAL
    yield from {*where.any_primary, *where.any_groups} or {UNKNOWN}


def _count(cells: Iterable[Codes]) -> Counter[Codes]:
    return Counter(cells)


def _sexes() -> Dimension:
    return Dimension.flat("sex", [code.code for code in codes.sexes() if code.code != TOTAL])


def _ages() -> Dimension:
    narrow = [band.code for band in codes.EUDA_BANDS]
    wide = {
        band.code: tuple(
            part.code for part in codes.EUDA_BANDS if band.holds(part.low) and band.holds(part.high or part.low)
        )
        for band in codes.NDM_BANDS
        if band.code not in narrow
    }
    sums = (*wide.items(), (TOTAL, (*narrow, UNKNOWN)))
    return Dimension("age", (TOTAL, *narrow, *wide, UNKNOWN), sums)
