"""What a reader can derive between the tables of a release, beyond sums: overlapping measures, definitions, shares."""

from collections.abc import Iterator, Sequence
from math import gcd

from register.disclosure import (
    TOTAL,
    AtLeastZero,
    CellKey,
    Identity,
    Implied,
    Link,
    Overlap,
    Table,
    containment_links,
    overlap_links,
)
from register.reporting import (
    codelists,
    frozen_codes,
    involvement,
    items,
    mean_age,
    shares,
    st5_links,
    substance_links,
)
from register.reporting.codelists import NOTIFIED, PRIMARY_GROUPS, UNKNOWN
from register.reporting.extract import UNDATED, Extract
from register.reporting.table_design import TIME

ABOUT = ("group", "substance")
# By its rules, version 1, every death of Selection D is one of the broad definition; no other pair is nested.
LARGER, SMALLER = "nl_broad", "sel_d"
# The table that every release has of all definitions.
BY_DEFINITION = "T1"
FINAL_TOXICOLOGY = "final"
# The tables whose measures overlap, and those of which a per cent is told.
OVERLAPPING = frozenset({"T3", "T4", "T5", "T6", "T4 opioid tox", "T4 opioid sex", "T13 tox"})
TOLD = frozenset({BY_DEFINITION, "T10", "T12", "T12 undated"})
# The tables that say where nobody had several substances.
NUMBERED = frozenset({"T13 number", "T13 tox", "T13 sex"})
Terms = list[tuple[CellKey, int]]


def links_between(parts: Sequence[Table], extract: Extract, *, definition: str, threshold: int) -> list[Link]:
    """Every relation between the tables that follows from how deaths are attributed, defined and reported."""
    values, numbered = (
        {part.key(at): value for part in parts if part.name in names for at, value in part.filled().items()}
        for names in (TOLD, NUMBERED)
    )
    overlapping = {part.key(at) for part in parts if part.name in OVERLAPPING for at in part.rows()}
    by_definition = {part.key(at) for part in parts if part.name == BY_DEFINITION for at in part.rows()}
    years = next(dimension.codes for dimension in parts[0].dimensions if dimension.name == TIME)
    return [
        *overlap_links(overlapping | by_definition, ABOUT, _overlap(extract)),
        *containment_links(by_definition, larger=LARGER, smaller=SMALLER),
        *_involved(parts, alcohol_ignored=extract.settings.alcohol_ignored),
        *_classes(extract, definition, years),
        *_several_answers(definition, years),
        *_counted_and_defined(years),
        *_shares(values, definition, years, threshold),
        *mean_age.links(extract, definition=definition, years=years),
        *substance_links.euda_links(extract, definition=definition, years=years),
        *substance_links.sex_links(extract, definition=definition, years=years),
        *st5_links.st5_links(extract, definition=definition, years=years),
        *substance_links.number_links(extract, definition=definition, years=years),
        *substance_links.lone_links(extract, numbered, definition=definition, years=years),
    ]


def _overlap(extract: Extract) -> Overlap:
    """How substances lie in groups and groups in primary groups. Every level lists all that the catalogue holds."""
    catalogue = extract.catalogue
    parents = {("substance", one.code): ("group", one.group) for one in catalogue.substances.values()}
    for code in frozen_codes.group_codes(catalogue):
        if code.code in catalogue.groups and code.parent not in ("", TOTAL):
            parents["group", code.code] = ("group", code.parent)
    sober = {group.code for group in catalogue.groups.values() if group.class_ == "alcohol"}
    ignored = [node for node, above in parents.items() if node[1] in sober or above[1] in sober]
    return Overlap(
        parents=parents,
        complete=frozenset(parents.values()),
        ranked=tuple(("group", primary.code) for primary in PRIMARY_GROUPS),
        ignored=frozenset(ignored if extract.settings.alcohol_ignored else ()),
        none=frozenset((dimension, UNKNOWN) for dimension in ABOUT),
    )


def _involved(parts: Sequence[Table], *, alcohol_ignored: bool) -> Iterator[Link]:
    """The counts of main groups are sums over combinations, and the broad combinations over the fine ones."""
    (fine,) = (part for part in parts if part.name == "T13 combinations")
    (broad,) = (part for part in parts if part.name == "T6 combinations")
    periods, intents, involved = broad.dimensions
    for year in periods.codes:
        for leaf in involvement.broad_leaves(alcohol_ignored=alcohol_ignored):
            yield _same(broad.key((year, TOTAL, leaf)), fine.key((year, leaf)))
        for intent in intents.codes:
            for node in involved.codes:
                measure, _, group = node.partition(":")
                if group:
                    at = {TIME: year, "intent": intent, "group": group}
                    yield _same(broad.key((year, intent, node)), CellKey.of(broad.population, measure, at))


def _classes(extract: Extract, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """A class of substances has no fewer deaths than each of its groups, and no more than all of them together."""
    under: dict[str, list[str]] = {}
    for group in extract.catalogue.groups.values():
        if (flag := involvement.FLAG_OF.get(group.class_)) is not None:
            under.setdefault(flag, []).append(group.code)
    for year in years:
        for flag, groups in under.items():
            whole = CellKey.of(definition, "any", {TIME: year, "combination": flag})
            each = [CellKey.of(definition, "any", {TIME: year, "group": group}) for group in groups]
            for part in each:
                yield AtLeastZero(((whole, 1), (part, -1)), "a part has no more deaths than its class")
            yield AtLeastZero((*((part, 1) for part in each), (whole, -1)), "a class has no more deaths than its parts")


def _several_answers(definition: str, years: Sequence[str]) -> Iterator[Link]:
    """Of an item with several answers: no answer is given more often than any, and every known one has an answer."""
    for item in items.every():
        if not item.several:
            continue
        for year in years:
            known = CellKey.of(definition, "deaths", {TIME: year, item.code: items.KNOWN})
            answers = {code: CellKey.of(definition, "deaths", {TIME: year, item.code: code}) for code in item.answers}
            each = tuple((key, 1) for key in answers.values())
            yield AtLeastZero((*each, (known, -1)), "whoever has a known answer has one of the answers")
            alone = answers.get(item.alone)
            for code, key in answers.items():
                without = CellKey(definition, f"known without {code}", known.at)
                yield Implied(without, ((known, 1), (key, -1)), f"{item.code}: known, but not {code}")
                if alone is not None and code != item.alone:
                    yield AtLeastZero(((known, 1), (alone, -1), (key, -1)), f"{item.code}: {item.alone} stands alone")


def _counted_and_defined(years: Sequence[str]) -> Iterator[Link]:
    """Every death of a definition is one of those that are counted at all."""
    for year in years:
        counted = CellKey.of(NOTIFIED, "deaths", {TIME: year, "decision": "included"})
        for code in codelists.DEFINITION_CODES:
            defined = CellKey.of(code, "deaths", {TIME: year})
            outside = CellKey(f"{NOTIFIED} without {code}", "deaths", counted.at)
            yield Implied(outside, ((counted, 1), (defined, -1)), f"{code} holds for counted deaths only")


def _shares(values: dict[CellKey, int], definition: str, years: Sequence[str], threshold: int) -> Iterator[Link]:
    """What the published per cents tell of the counts they were computed from."""
    final: Terms = [(CellKey.of(definition, "deaths", {TIME: year, "tox": FINAL_TOXICOLOGY}), 1) for year in years]
    deaths: Terms = [(CellKey.of(definition, "deaths", {TIME: year}), 1) for year in years]
    yield from _share(values, final, deaths, threshold, "the part of the deaths with final toxicology")
    whole: Terms = [(CellKey.of(NOTIFIED, "deaths", {TIME: year}), 1) for year in years]
    open_: Terms = [(CellKey.of(NOTIFIED, "deaths", {TIME: year, "decision": "open"}), -1) for year in years]
    for reported, still_open in zip(whole, open_, strict=True):
        yield from _share(values, [reported, still_open], [reported], threshold, "the part of the reports of a year")
    undated: Terms = [(CellKey.of(NOTIFIED, "deaths", {UNDATED: code}), 1) for code in ("decided", "open")]
    decided = [*whole, *open_, undated[0]]
    yield from _share(values, decided, [*whole, *undated], threshold, "the part of the reports of the period")


def _share(values: dict[CellKey, int], part: Terms, whole: Terms, threshold: int, why: str) -> Iterator[Link]:
    """A share of ``a`` per cent in steps of ``s``: 100 part >= a whole, and 100 part < (a + s) whole.

    The second is one of whole numbers, 100 part <= (a + s) whole - 1, written without a constant: 1 is an ``n``-th of
    the whole, which is ``n``.
    """
    number = sum(values[key] * factor for key, factor in whole)
    percent = shares.share(sum(values[key] * factor for key, factor in part), number, threshold=threshold)
    if percent is None:
        return
    above = percent + shares.step(number, threshold=threshold)
    yield AtLeastZero(_joined([(part, 100), (whole, -percent)]), f"{why} is at least what is told")
    yield AtLeastZero(_joined([(whole, above * number - 1), (part, -100 * number)]), f"{why} is below the next step")


def _joined(sides: Sequence[tuple[Terms, int]]) -> tuple[tuple[CellKey, int], ...]:
    summed: dict[CellKey, int] = {}
    for terms, factor in sides:
        for key, own in terms:
            summed[key] = summed.get(key, 0) + own * factor
    common = gcd(*summed.values())
    return tuple((key, factor // common) for key, factor in summed.items() if factor) if common else ()


def _same(one: CellKey, other: CellKey) -> Identity:
    return Identity(((one, 1), (other, -1)), "two names of the same deaths")
