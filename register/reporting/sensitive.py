"""What tells of people though its count is not small: groups that share an answer, and counts of one service.

Groups are asked of where a table crosses something with the substances or the intent of a death, and of all deaths of a
year. The groups of the EU drugs agency cut across the register's own, so no other answer says that all women of a year
had one of them: it is asked by itself, of all deaths and of each sex. Circumstances and history are counted beside
nothing else: their group is everybody of the year whose answer is known, and nobody knows that of an acquaintance.

Which forensic service examined a death is known of deaths, not of what is frozen as counts: by month, circumstance,
decision and match no service is asked of. A count of one area comes from the services there, so neither is an area.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from register.disclosure import CellKey, Sensitive, Table, dominance_links, group_links, others_of
from register.reporting.codelists import DEFINITION_CODES, UNKNOWN
from register.reporting.extract import Extract
from register.reporting.profiles import Profile
from register.reporting.table_design import TIME, TableDesign
from register.reporting.tabulate import tabulate

GROUPED = frozenset({"T4", "T5", "T6"})
# The main group of a death by sex and by age, and what the agency asks: no other count tells them so.
BY_PEOPLE: Mapping[str, frozenset[str]] = {"T4 sex": frozenset({"group"}), "T4 age": frozenset({"group"})}
OF_THE_AGENCY: Mapping[str, frozenset[str]] = {
    "T5 EUDA": frozenset({"euda_group"}),
    "T5 EUDA sex": frozenset({"euda_group"}),
    "T5 EUDA tox": frozenset({"euda_group"}),
    "T4 opioid tox": frozenset({"group"}),
    "T4 opioid sex": frozenset({"group"}),
    "T6 sex": frozenset({"intent"}),
}
# The format of the extract from which the groups of the agency are asked of: an older release is made again as it was.
AGENCY_ASKED = 5
# Of counts that add up each group is asked of by the same answers of the counts that overlap.
ANSWERS: Mapping[str, frozenset[str]] = {
    "any": frozenset({"group", "substance", "intent"}),
    "hierarchical": frozenset({"intent"}),
    "sole": frozenset({"intent"}),
}
CROSSED = frozenset(
    {TIME, "sex", "age", "group", "substance", "euda_group", "intent", "place", "tox", "combination", "number"}
)


def links_of(
    parts: Sequence[Table],
    extract: Extract,
    *,
    definition: str,
    years: range,
    profile: Profile,
    accepted: Collection[CellKey] = (),
) -> list[Sensitive]:
    """The cells that are unsafe by the rules of a profile, but for those that people accepted by name."""
    found: dict[CellKey, Sensitive] = {}
    if profile.alike is not None:
        by_people = BY_PEOPLE if extract.format < AGENCY_ASKED else {**BY_PEOPLE, **OF_THE_AGENCY}
        found |= {link.key: link for link in _groups(parts, by_people, profile.alike)}
    if profile.dominant is not None:
        values = _values(parts)
        largest = _largest(extract, definition, years)
        found |= {link.key: link for link in dominance_links(values, largest, profile.dominant)}
    return [link for key, link in found.items() if key not in accepted]


def keys_of(designs: Iterable[TableDesign], names: Collection[str], definition: str, years: range) -> set[CellKey]:
    """The cells that are counted in the tables of these names."""
    return {
        key
        for design in designs
        if design.name in names
        for period in map(str, years)
        for population in (DEFINITION_CODES if design.per_definition else (definition,))
        for measure in design.counts
        for at in product(*([code.code for code in column.codes] for column in design.columns))
        if (key := design.key(population, measure, period, at)) is not None
    }


def _groups(parts: Sequence[Table], by_people: Mapping[str, frozenset[str]], but: int) -> Iterator[Sensitive]:
    """The others of every group that shares a known answer; that an answer is not known tells nothing."""
    values = _values(parts)
    for part in parts:
        answers = ANSWERS[part.measure] if part.name in GROUPED else by_people.get(part.name)
        if part.printed and answers:
            for link in group_links([part], values, answers, but):
                named = others_of(link.key)
                if named is not None and UNKNOWN not in _answer(*named):
                    yield link


def _answer(whole: CellKey, part: CellKey) -> set[str]:
    return {code for _, code in set(part.at) - set(whole.at)}


def _values(parts: Iterable[Table]) -> dict[CellKey, int]:
    return {part.key(at): value for part in parts if part.printed for at, value in part.filled().items()}


def _largest(extract: Extract, definition: str, years: range) -> dict[CellKey, int]:
    """For each count how much the service provides that provides most; a service that is not known is none."""
    found: dict[CellKey, int] = {}
    for service in sorted({death.service for death in extract.deaths} - {"", UNKNOWN}):
        own = replace(extract, deaths=tuple(one for one in extract.deaths if one.service == service), tallies=())
        for part in tabulate(own, definition=definition, years=years):
            if part.printed and CROSSED.issuperset(dimension.name for dimension in part.dimensions):
                for at, value in part.filled().items():
                    key = part.key(at)
                    found[key] = max(found.get(key, 0), value)
    return found
