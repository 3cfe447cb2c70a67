"""Counting what no table crosses: each item of T9, toxicology, the month, the decision on a report, the match with CBS.

These facts are frozen as counts; whatever is left of the deaths of a year is unknown.
"""

from collections import Counter
from collections.abc import Iterator

from register.disclosure import Dimension, Table
from register.reporting import codelists as codes
from register.reporting import items
from register.reporting.codelists import NOTIFIED, TOTAL, UNKNOWN
from register.reporting.extract import UNDATED, Extract
from register.reporting.items import KNOWN, Item


def tabulated(extract: Extract, *, definition: str, periods: Dimension) -> Iterator[Table]:
    """The tables T9, T11, T12, T14 and the further ones of T10."""
    deaths = Counter(str(death.year) for death in extract.counted(definition))
    for item in (*items.every(), *((items.AUTOPSY,) if extract.st5_told else ())):
        yield _of_item(item, extract, definition, periods, deaths)
    yield _rest_unknown("T11", "month", codes.months(), (extract, definition, periods), deaths)
    yield _rest_unknown("T14", "cbs", codes.values("VS-CBS"), (extract, definition, periods), deaths)
    yield _decisions(extract, periods)
    yield _undated(extract)


def _of_item(item: Item, extract: Extract, definition: str, periods: Dimension, deaths: Counter[str]) -> Table:
    """One item: known answers and the unknown add up; the answers add up to the known ones unless there are several."""
    told = extract.tallied(item.code, definition)
    single = bool(item.answers) and not item.several
    sums = [(KNOWN, item.answers)] if single else []
    sums.append((TOTAL, (KNOWN, UNKNOWN)))
    dimension = Dimension(item.code, (TOTAL, KNOWN, *item.answers, UNKNOWN), tuple(sums))
    counts: Counter[tuple[str, ...]] = Counter()
    for year in periods.codes:
        for code in item.answers:
            counts[year, code] = told.get((year, code), 0)
        known = sum(counts[year, code] for code in item.answers) if single else told.get((year, KNOWN), 0)
        counts[year, KNOWN] = known
        counts[year, UNKNOWN] = deaths[year] - known
    return Table(_table_of(item), definition, (periods, dimension), counts)


def _table_of(item: Item) -> str:
    return "T10" if item.model == "ToxRequest" else "T9"


def _rest_unknown(
    name: str,
    subject: str,
    known: tuple[codes.Code, ...],
    about: tuple[Extract, str, Dimension],
    deaths: Counter[str],
) -> Table:
    extract, definition, periods = about
    counts: Counter[tuple[str, ...]] = Counter(extract.tallied(subject, definition))
    for year in periods.codes:
        told = sum(counts[year, code.code] for code in known)
        counts[year, UNKNOWN] += deaths[year] - told
    leaves = [code.code for code in known if code.code != TOTAL]
    return Table(name, definition, (periods, Dimension.flat(subject, leaves)), counts)


def _decisions(extract: Extract, periods: Dimension) -> Table:
    """Every reported case of the years: counted, suspected, excluded with its reason, or open."""
    known = codes.decisions()
    under = {
        parent.code: tuple(code.code for code in known if code.parent == parent.code)
        for parent in known
        if any(code.parent == parent.code for code in known)
    }
    dimension = Dimension("decision", tuple(code.code for code in known), tuple(under.items()))
    counts: Counter[tuple[str, ...]] = Counter((str(death.year), death.inclusion) for death in extract.deaths)
    for (year, code), count in extract.tallied("decision", NOTIFIED).items():
        if year in periods.codes:
            counts[year, code] += count
    return Table("T12", NOTIFIED, (periods, dimension), counts)


def _undated(extract: Extract) -> Table:
    """Reports without a known year: in the completeness of the period, and in no row of any table."""
    told = extract.tallied(UNDATED, NOTIFIED)
    counts: dict[tuple[str, ...], int] = {
        (code,): sum(count for (_, one), count in told.items() if one == code) for code in ("decided", "open")
    }
    return Table("T12 undated", NOTIFIED, (Dimension.listed(UNDATED, ("decided", "open")),), counts, printed=False)
