"""Counting: from the frozen extract to the tables of a release, every measure by the attribution rules of coding.

Years stand beside each other without a sum over them, so that one year never gives away another. Every table but T1
and T12 counts the deaths of the release's definition.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from register.coding.attribution import Attribution, attribute
from register.disclosure import Dimension, Table
from register.disclosure.cube import Codes
from register.reporting import codelists as codes
from register.reporting import frozen_codes, involvement, mean_age, tabulate_items, tabulate_people, tabulate_st5
from register.reporting.codelists import TOTAL, UNKNOWN
from register.reporting.extract import Death, Extract
from register.reporting.table_design import TIME
from register.reporting.tabulate_people import Counted


def tabulate(extract: Extract, *, definition: str, years: range) -> tuple[Table, ...]:
    """All tables of a release as parts of one system, and those that nobody prints but that tell what can be."""
    counted = list(_attributed(extract, definition))
    deaths = [death for death, _ in counted]
    periods = Dimension.listed(TIME, [str(year) for year in years])
    return (
        *(_by_sex(extract.counted(code), code, periods) for code in codes.DEFINITION_CODES),
        _by_age(deaths, definition, periods),
        _hierarchical(counted, definition, periods),
        _groups(counted, extract, definition, periods),
        _sole_groups(counted, extract, definition, periods),
        _substances(counted, extract, definition, periods),
        *_euda_groups(counted, extract, definition, periods),
        *_by_intent(counted, extract, definition, periods),
        *(tabulate_people.tabulated(counted, definition=definition, periods=periods) if extract.crossed else ()),
        *_for_st5(counted, extract, definition, periods),
        *_by_area(deaths, extract, definition, periods),
        _flat("T8", "place", codes.values("VS-PLACE"), (definition, periods), deaths, lambda death: death.place),
        _flat("T10", "tox", codes.values("VS-TOXSTAT"), (definition, periods), deaths, lambda death: death.tox),
        *_together(counted, extract, definition, periods),
        _by_number(counted, definition, periods),
        *tabulate_items.tabulated(extract, definition=definition, periods=periods),
        *mean_age.tabulated(extract, definition=definition, periods=periods),
    )


def _attributed(extract: Extract, definition: str) -> Iterator[tuple[Death, Attribution]]:
    """Each death with where it counts; deaths with the same substances count alike."""
    known: dict[tuple[tuple[str, str], ...], Attribution] = {}
    for death in extract.counted(definition):
        where = known.get(death.substances)
        if where is None:
            where = known[death.substances] = attribute(death.facts(), extract.catalogue, extract.settings)
        yield death, where


def _by_sex(deaths: Iterable[Death], definition: str, periods: Dimension) -> Table:
    counts = _count((str(death.year), death.sex) for death in deaths)
    return Table("T1", definition, (periods, _flat_dimension("sex", codes.sexes())), counts)


def _by_age(deaths: Sequence[Death], definition: str, periods: Dimension) -> Table:
    """Both age schemes in one table: the wider bands are sums of the narrower."""
    counts = _count((str(death.year), codes.band_of(death.age_known, codes.EUDA_BANDS), death.sex) for death in deaths)
    return Table("T2", definition, (periods, _ages(), _flat_dimension("sex", codes.sexes())), counts)


def _hierarchical(counted: Counted, definition: str, periods: Dimension) -> Table:
    counts = _count((str(death.year), where.primary_group or UNKNOWN) for death, where in counted)
    groups = _flat_dimension("group", frozen_codes.primary_codes())
    return Table("T3", definition, (periods, groups), counts, "hierarchical", "group")


def _groups(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Table:
    listed = Dimension.listed("group", [code.code for code in frozen_codes.group_codes(extract.catalogue)])
    counts = _count((str(death.year), code) for death, where in counted for code in _mentioned(where))
    return Table("T4", definition, (periods, listed), counts, "any", "group")


def _sole_groups(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Table:
    known = [code.code for code in frozen_codes.group_codes(extract.catalogue) if code.code not in (TOTAL, UNKNOWN)]
    counts = _count(
        (str(death.year), code)
        for death, where in counted
        for code in {where.sole_primary, where.sole_group}
        if code is not None
    )
    return Table("T4", definition, (periods, Dimension.listed("group", known)), counts, "sole", "group")


def _substances(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Table:
    listed = Dimension.listed("substance", [code.code for code in frozen_codes.substance_codes(extract.catalogue)])
    counts = _count(
        (str(death.year), code) for death, where in counted for code in (TOTAL, *(where.any_substances or (UNKNOWN,)))
    )
    return Table("T5", definition, (periods, listed), counts, "any", "substance")


def _euda_groups(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Iterator[Table]:
    """The groups of the EU drugs agency, where the extract knows them; other tables hold their substances."""
    groups = frozen_codes.euda_groups(extract.catalogue)
    if not groups:
        return
    of_substance = {substance: code for code, members in groups.items() for substance in members}
    listed = Dimension.listed("euda_group", tuple(groups))
    rows = [
        (str(death.year), death.sex, code)
        for death, where in counted
        for code in {of_substance[one] for one in where.any_substances if one in of_substance}
    ]
    by_year = _count((year, code) for year, _, code in rows)
    yield Table("T5 EUDA", definition, (periods, listed), by_year, "any", "euda_group")
    if extract.crossed:
        sexes = _flat_dimension("sex", codes.sexes())
        yield Table("T5 EUDA sex", definition, (periods, sexes, listed), _count(rows), "any", "euda_group")


def _for_st5(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Iterator[Table]:
    """What ST5 asks beside all this, where the extract knows the groups of the agency."""
    groups = frozen_codes.euda_groups(extract.catalogue)
    if extract.st5_told and groups:
        together = extract.held_together
        yield from tabulate_st5.tabulated(counted, groups, definition=definition, periods=periods, together=together)


def _by_number(counted: Counted, definition: str, periods: Dimension) -> Table:
    counts = _count((str(death.year), codes.number_of(len(where.any_substances))) for death, where in counted)
    return Table("T13 number", definition, (periods, _flat_dimension("number", codes.numbers())), counts)


def _by_intent(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Iterator[Table]:
    """Intent by main group, by each measure, and the combinations of which all of them are sums."""
    intents = _flat_dimension("intent", codes.values("VS-INTENT"))
    rows = [(str(death.year), death.intent, where) for death, where in counted]
    groups = _flat_dimension("group", frozen_codes.primary_codes())
    hierarchical = _count((year, intent, where.primary_group or UNKNOWN) for year, intent, where in rows)
    yield Table("T6", definition, (periods, intents, groups), hierarchical, "hierarchical", "group")
    mentioned = Dimension.listed("group", involvement.MAIN)
    any_ = _count((year, to, code) for year, one, where in rows for to in (one, TOTAL) for code in where.any_primary)
    yield Table("T6", definition, (periods, intents, mentioned), any_, "any", "group")
    sole = _count(
        (year, to, where.sole_primary)
        for year, one, where in rows
        for to in (one, TOTAL)
        if where.sole_primary is not None
    )
    yield Table("T6", definition, (periods, intents, mentioned), sole, "sole", "group")
    ignored = extract.settings.alcohol_ignored
    involved = involvement.involved(alcohol_ignored=ignored)
    held = _count(
        (year, intent, involvement.broad(where.any_classes, alcohol_ignored=ignored)) for year, intent, where in rows
    )
    yield Table("T6 combinations", definition, (periods, intents, involved), held, printed=False)


def _together(counted: Counted, extract: Extract, definition: str, periods: Dimension) -> Iterator[Table]:
    """Classes and pairs, which overlap, and the combinations of which they are sums."""
    dimension = involvement.together(alcohol_ignored=extract.settings.alcohol_ignored)
    held = _count((str(death.year), involvement.fine(where.any_classes)) for death, where in counted)
    whole = Table("T13 combinations", definition, (periods, dimension), held, "any", "combination", printed=False)
    yield whole
    listed = Dimension.listed("combination", [code.code for code in codes.class_pairs()])
    filled = whole.filled()
    shown = {at: filled[at] for at in Table("T13", definition, (periods, listed), {}).rows()}
    yield Table("T13", definition, (periods, listed), shown, "any", "combination")


def _by_area(deaths: Sequence[Death], extract: Extract, definition: str, periods: Dimension) -> Iterator[Table]:
    """Provinces and regions, which need not lie within each other, and the parts of which both are sums."""
    areas = extract.known_areas()
    parts = {(area.region, area.province): f"{area.region}/{area.province}" for area in areas}
    sums = [(TOTAL, (*parts.values(), UNKNOWN))]
    for side in (0, 1):
        for code in dict.fromkeys(pair[side] for pair in parts):
            if code != UNKNOWN:
                sums.append((code, tuple(part for pair, part in parts.items() if pair[side] == code)))
    dimension = Dimension("area", (*(code for code, _ in sums), *parts.values(), UNKNOWN), tuple(sums))
    counts = _count((str(death.year), parts[death.region, death.province]) for death in deaths)
    whole = Table("T7 parts", definition, (periods, dimension), counts, printed=False)
    yield whole
    listed = Dimension.listed("area", [code.code for code in frozen_codes.area_codes(areas)])
    filled = whole.filled()
    shown = {at: filled[at] for at in Table("T7", definition, (periods, listed), {}).rows()}
    yield Table("T7", definition, (periods, listed), shown)


def _flat(
    name: str,
    dimension: str,
    known: Sequence[codes.Code],
    about: tuple[str, Dimension],
    deaths: Iterable[Death],
    read: Callable[[Death], str],
) -> Table:
    """A table of year by one answer of each death."""
    definition, periods = about
    counts = _count((str(death.year), read(death)) for death in deaths)
    return Table(name, definition, (periods, _flat_dimension(dimension, known)), counts)


def _mentioned(where: Attribution) -> Iterator[str]:
    """The total, and every group and primary group among the contributors once; unknown when there are none."""
    yield TOTAL
    yield from {*where.any_primary, *where.any_groups} or {UNKNOWN}


def _count(cells: Iterable[Codes]) -> Counter[Codes]:
    return Counter(cells)


def _flat_dimension(name: str, known: Sequence[codes.Code]) -> Dimension:
    return Dimension.flat(name, [code.code for code in known if code.code != TOTAL])


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
