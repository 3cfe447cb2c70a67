"""What a reader can derive between the counts by EUDA group, by number of substances, and the other substance tables.

The groups of the EU drugs agency divide the same substances in another way than the register's own groups. Whichever
of them overlap hold each other: a group has no more deaths than another one together with the substances that the
other lacks.
"""

from collections.abc import Iterator, Mapping, Sequence

from register.disclosure import AtLeastZero, CellKey, Identity, Implied, Link
from register.reporting import codelists, frozen_codes, involvement
from register.reporting.codelists import FINAL, NOT_FINAL, PRIMARY_GROUPS, TOTAL, UNKNOWN
from register.reporting.extract import Extract
from register.reporting.table_design import TIME

Node = tuple[str, str]
Sets = Mapping[Node, frozenset[str]]


def euda_links(extract: Extract, *, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """The relations of each EUDA group in each year; none where the extract does not know them."""
    groups = {("euda_group", code): members for code, members in frozen_codes.euda_groups(extract.catalogue).items()}
    fine, wide = _groups(extract), _wider(extract)
    primary = {group.code: _primary_members(extract, group.code) for group in PRIMARY_GROUPS}
    for year in years:
        names = _Names(definition, year)
        for node, members in groups.items():
            yield from _of_group(names, node, members, extract, fine, primary)
            yield from _beside(names, node, members, fine)
            for other, held in wide.items():
                if members <= held:
                    yield AtLeastZero(((names.any(other), 1), (names.any(node), -1)), "a part has no more deaths")
        for other, held in wide.items():
            parts = tuple((names.any(node), 1) for node, members in groups.items() if members & held)
            if held <= frozenset[str]().union(*groups.values()):
                yield AtLeastZero((*parts, (names.any(other), -1)), "a whole has no more deaths than what covers it")


def sex_links(extract: Extract, *, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """Each EUDA group within each sex beside the main groups, of which each death is counted in the best ranked one.

    Who has a substance of a main group is counted there, or in one that is ranked better.
    """
    if not extract.crossed:
        return
    groups = {("euda_group", code): members for code, members in frozen_codes.euda_groups(extract.catalogue).items()}
    sexes = [one.code for one in codelists.sexes() if one.code != TOTAL]
    primary = [(main.code, _primary_members(extract, main.code)) for main in PRIMARY_GROUPS]
    for names in (_Names(definition, year, sex) for year in years for sex in sexes):
        better: list[CellKey] = []
        for main, held in primary:
            counted = names.of("hierarchical", ("group", main))
            within = {node: members for node, members in groups.items() if members <= held}
            for node, members in within.items():
                whole = names.any(node)
                there = tuple((key, 1) for key in (*better, counted))
                yield AtLeastZero((*there, (whole, -1)), "who has a group is counted in its main group or a better one")
                if members == held and better:
                    name = CellKey(definition, f"{main} beside a better group", counted.at)
                    yield Implied(name, ((whole, 1), (counted, -1)), "who has a group and is counted in a better one")
                elif members == held:
                    yield Identity(((whole, 1), (counted, -1)), "the same substances, the same deaths")
            parts = tuple((names.any(node), 1) for node, members in groups.items() if members & held)
            if held and held <= frozenset[str]().union(*groups.values()):
                yield AtLeastZero((*parts, (counted, -1)), "who is counted in a main group has one of its parts")
            better.append(counted)


def number_links(extract: Extract, *, definition: str, years: Sequence[str]) -> Iterator[Link]:
    """How many substances: none is none elsewhere too, several classes are several, and one is a sole one."""
    for year in years:
        names = _Names(definition, year)
        one, several, none = (
            CellKey.of(definition, "deaths", {TIME: year, "number": code}) for code in ("one", "several", UNKNOWN)
        )
        yield Identity(((none, 1), (names.none, -1)), "no substance by number is none by group")
        classes = tuple((names.any(("combination", leaf)), -1) for leaf in involvement.several_leaves())
        name = CellKey(definition, "several of one class", several.at)
        yield Implied(name, ((several, 1), *classes), "substances of several classes are several substances")
        soles = tuple((names.of("sole", ("group", group.code)), 1) for group in PRIMARY_GROUPS)
        name = CellKey(definition, "sole of several substances", one.at)
        yield Implied(name, (*soles, (one, -1)), "whoever has one substance has its group alone")


def lone_links(
    extract: Extract, values: Mapping[CellKey, int], *, definition: str, years: Sequence[str]
) -> Iterator[Link]:
    """Whoever has a substance has an EUDA group, and with one substance has one: of a year, a sex, a half, or both.

    Where nobody had several substances, a zero that is always shown, the groups add up to the deaths with one. A
    catalogue may hold a substance without a group; then there is only a most. Of a sex and a half at once nobody prints
    how many had several: a zero of either tells it, and there is no most without one.
    """
    groups = frozen_codes.euda_groups(extract.catalogue)
    if not (extract.st5_told and groups):
        return
    covered = frozenset[str]().union(*groups.values()) == extract.catalogue.substances.keys()
    states = [{"tox": state} for state in (FINAL, NOT_FINAL)]
    sexes = [{"sex": one.code} for one in codelists.sexes() if one.code != TOTAL]
    both = [sex | state for sex in sexes for state in states] if extract.held_together else []
    for year in years:
        for at in ({TIME: year} | part for part in ({}, *states, *sexes, *both)):
            one, several = (CellKey.of(definition, "deaths", {**at, "number": code}) for code in ("one", "several"))
            wholes = [{**at, name: TOTAL} for name in ("sex", "tox")] if {"sex", "tox"} <= at.keys() else [at]
            told = [values[CellKey.of(definition, "deaths", {**whole, "number": "several"})] for whole in wholes]
            cells = [CellKey.of(definition, "any", {**at, "euda_group": code}) for code in groups]
            each = tuple((cell, -1) for cell in cells)
            if all(told):
                if len(told) == 1:
                    most = ((one, 1), (several, len(cells)), *each)
                    yield AtLeastZero(most, "who has several substances has no group twice")
                if covered:
                    least = (*((cell, 1) for cell in cells), (one, -1), (several, -1))
                    yield AtLeastZero(least, "who has a substance has a group")
            elif covered:
                yield Identity(((one, 1), *each), "who has one substance has one group")
            else:
                yield AtLeastZero(((one, 1), *each), "who has one substance has no more than one group")


class _Names:
    """The cells of one year, of one sex or of all."""

    def __init__(self, definition: str, year: str, sex: str = TOTAL) -> None:
        self.definition, self.people = definition, {TIME: year, "sex": sex}
        self.deaths = CellKey.of(definition, "deaths", self.people)
        self.none = self.any(("group", UNKNOWN))

    def of(self, measure: str, node: Node) -> CellKey:
        return CellKey.of(self.definition, measure, {**self.people, node[0]: node[1]})

    def any(self, node: Node) -> CellKey:
        return self.of("any", node)


def _of_group(
    names: _Names,
    node: Node,
    members: frozenset[str],
    extract: Extract,
    fine: Sets,
    primary: Mapping[str, frozenset[str]],
) -> Iterator[Link]:
    """A group beside its substances, all deaths, and the deaths that have another group alone."""
    whole = names.any(node)
    each = [names.any(("substance", one)) for one in sorted(members)]
    for one in each:
        yield AtLeastZero(((whole, 1), (one, -1)), "a substance has no more deaths than its group")
    yield AtLeastZero((*((one, 1) for one in each), (whole, -1)), "a group has no more deaths than its substances")
    some = ((names.deaths, 1), (names.none, -1), (whole, -1))
    catalogue = extract.catalogue
    sober = not any(catalogue.group_of(one).class_ == "alcohol" for one in members)
    if not sober and extract.settings.alcohol_ignored:
        yield AtLeastZero(some, "no group has more deaths than there are")
        return
    others = tuple((names.of("sole", ("group", code)), -1) for code, held in primary.items() if not held & members)
    yield AtLeastZero((*some, *others), "who has another group alone does not have this one")
    for code, held in primary.items():
        alone = tuple((names.of("sole", other), -1) for other, inside in fine.items() if inside <= held - members)
        if members <= held and alone:
            above = names.any(("group", code))
            yield AtLeastZero(((above, 1), (whole, -1), *alone), "who has another group alone does not have this one")


def _beside(names: _Names, node: Node, members: frozenset[str], others: Sets) -> Iterator[Link]:
    """A group beside each other group that shares substances with it."""
    for other, held in others.items():
        if members == held:
            yield Identity(((names.any(node), 1), (names.any(other), -1)), "the same substances, the same deaths")
        elif members & held:
            yield _no_more(names, (node, members), (other, held))
            yield _no_more(names, (other, held), (node, members))


def _no_more(names: _Names, one: tuple[Node, frozenset[str]], other: tuple[Node, frozenset[str]]) -> AtLeastZero:
    (node, members), (there, held) = one, other
    lacking = tuple((names.any(("substance", code)), 1) for code in sorted(members - held))
    return AtLeastZero(
        ((names.any(there), 1), *lacking, (names.any(node), -1)), "what the other has, and what it lacks"
    )


def _groups(extract: Extract) -> dict[Node, frozenset[str]]:
    """The register's own groups of substances with what they hold."""
    found: dict[Node, set[str]] = {("group", code): set() for code in extract.catalogue.groups}
    for substance in extract.catalogue.substances.values():
        found["group", substance.group].add(substance.code)
    return {node: frozenset(held) for node, held in found.items() if held}


def _wider(extract: Extract) -> dict[Node, frozenset[str]]:
    """The main groups and the classes of the table of combinations."""
    found = {("group", one.code): _primary_members(extract, one.code) for one in PRIMARY_GROUPS}
    for class_, flag in involvement.FLAG_OF.items():
        found["combination", flag] = frozenset(
            one.code
            for one in extract.catalogue.substances.values()
            if extract.catalogue.group_of(one.code).class_ == class_
        )
    return {node: held for node, held in found.items() if held}


def _primary_members(extract: Extract, primary: str) -> frozenset[str]:
    catalogue = extract.catalogue
    return frozenset(
        one.code
        for one in catalogue.substances.values()
        if frozen_codes.primary_of(catalogue.group_of(one.code).class_) == primary
    )
