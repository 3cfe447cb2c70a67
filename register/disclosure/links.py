"""Relations between tables that do not add up: overlapping measures and overlapping case definitions.

``any`` counts the deaths with a group or substance among the contributors, ``sole`` those with it as the only
contributing one, ``hierarchical`` each death once, at its best ranked group. They are three tables over the same
deaths, and every reader can set one against the other; so the attacker can too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from register.disclosure.cells import CellKey
from register.disclosure.system import AtLeastZero, Identity, Implied, Link, Terms

Node = tuple[str, str]
Stratum = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How the groups and substances of the measures relate.

    ``parents``: node (dimension, code) to the node above it, such as substance to group and group to class.
    ``complete``: parents of which every death has one of the listed children. ``ranked``: the groups of the
    hierarchical measure, best first. ``ignored``:
    nodes that ``sole`` leaves out of account, such as alcohol. ``none``: nodes of deaths without any of them.
    ``any``, ``sole``, ``hierarchical``, ``deaths``: the names of the measures in the tables.
    """

    parents: Mapping[Node, Node] = field(default_factory=dict)
    complete: frozenset[Node] = frozenset()
    ranked: tuple[Node, ...] = ()
    ignored: frozenset[Node] = frozenset()
    none: frozenset[Node] = frozenset()
    any: str = "any"
    sole: str = "sole"
    hierarchical: str = "hierarchical"
    deaths: str = "deaths"


def overlap_links(keys: Iterable[CellKey], dimensions: Collection[str], overlap: Overlap) -> list[Link]:
    """Return every relation between the measures, for each stratum in which these cells occur.

    ``dimensions`` are those the measures are about (group, substance). Cells that no table holds are left out.
    """
    strata: dict[Stratum, dict[tuple[str, Node], CellKey]] = {}
    plain: dict[Stratum, CellKey] = {}
    empty: dict[Stratum, list[CellKey]] = {}
    for key in sorted(keys):
        about = [pair for pair in key.at if pair[0] in dimensions]
        rest = tuple(pair for pair in key.at if pair[0] not in dimensions)
        if len(about) == 1 and about[0] in overlap.none:
            empty.setdefault((key.population, rest), []).append(key)
        elif len(about) == 1:
            strata.setdefault((key.population, rest), {})[key.measure, about[0]] = key
        elif not about and key.measure == overlap.deaths:
            plain[key.population, rest] = key
    found: list[Link] = []
    for stratum in sorted(strata):
        none = empty.get(stratum, [])
        for other in none[1:]:
            found.append(Identity(((none[0], 1), (other, -1)), "no substance by one measure is none by another"))
        found += _Stratum(strata[stratum], plain.get(stratum), none[0] if none else None, overlap).links()
    return found


class _Stratum:
    """The cells of one stratum (one year, one sex) by measure and node."""

    def __init__(
        self,
        cells: Mapping[tuple[str, Node], CellKey],
        deaths: CellKey | None,
        none: CellKey | None,
        overlap: Overlap,
    ) -> None:
        self.cells = cells
        self.deaths = deaths
        self.some: Terms = (((deaths, 1), (none, -1)) if none else ((deaths, 1),)) if deaths else ()
        self.none = none
        self.overlap = overlap
        self.nodes = sorted({node for _, node in cells})

    def links(self) -> Iterator[Link]:
        yield from self._within_a_node()
        yield from self._between_levels()
        yield from self._best_rank()
        yield from self._only_one()
        yield from self._several()

    def _cell(self, measure: str, node: Node) -> CellKey | None:
        return self.cells.get((measure, node))

    def _within_a_node(self) -> Iterator[Link]:
        """Sole <= hierarchical <= any <= deaths; the differences are groups of deaths that can be named."""
        overlap = self.overlap
        for node in self.nodes:
            found = self._cell(overlap.any, node)
            sole = self._cell(overlap.sole, node)
            best = self._cell(overlap.hierarchical, node)
            for large, small, name in (
                (found, sole, "any without sole"),
                (found, best, "any without hierarchical"),
                (best, sole, "hierarchical without sole"),
            ):
                if large and small:
                    key = CellKey(large.population, name, large.at)
                    yield Implied(key, ((large, 1), (small, -1)), f"{name} is never below nought")
            for part in (found, sole, best):
                if part and self.some:
                    yield AtLeastZero((*self.some, (part, -1)), "no group has more deaths than there are")

    def _between_levels(self) -> Iterator[Link]:
        """A part has no more than its whole; a whole no more than the sum of all its parts."""
        overlap = self.overlap
        below: dict[tuple[str, Node], list[CellKey]] = {}
        for (measure, node), cell in sorted(self.cells.items()):
            above = overlap.parents.get(node)
            whole = self._cell(measure, above) if above else None
            if above and whole and measure in (overlap.any, overlap.sole):
                below.setdefault((measure, above), []).append(cell)
                yield AtLeastZero(((whole, 1), (cell, -1)), "a part has no more deaths than its whole")
        for (measure, above), parts in below.items():
            whole = self.cells[measure, above]
            each = tuple((part, 1) for part in parts)
            if measure == overlap.any and above in overlap.complete:
                yield AtLeastZero((*each, (whole, -1)), "a whole has no more deaths than its parts together")
            if measure == overlap.sole:
                yield AtLeastZero(((whole, 1), *_negative(each)), "sole parts exclude each other")

    def _best_rank(self) -> Iterator[Link]:
        """Who has a group is counted at that group or at a better one; the best group counts all who have it."""
        overlap = self.overlap
        better: Terms = ()
        for node in overlap.ranked:
            best = self._cell(overlap.hierarchical, node)
            if not best:
                return
            found = self._cell(overlap.any, node)
            if found and not better:
                yield Identity(((best, 1), (found, -1)), "the best ranked group counts all who have it")
            better = (*better, (best, 1))
            if found:
                yield AtLeastZero((*better, (found, -1)), "who has a group is counted there or at a better one")

    def _only_one(self) -> Iterator[Link]:
        """Deaths with one group as the only one do not have another: any_j + the sum of other soles <= whole."""
        overlap = self.overlap
        siblings: dict[Node | None, list[Node]] = {}
        for node in self.nodes:
            above = overlap.parents.get(node)
            siblings.setdefault(above if above and self._cell(overlap.any, above) else None, []).append(node)
        for above, nodes in sorted(siblings.items(), key=str):
            parent = self._cell(overlap.any, above) if above else None
            whole: Terms = ((parent, 1),) if parent else self.some
            if above is None and len({self._level(node) for node in nodes}) > 1:
                continue
            soles = {node: cell for node in nodes if (cell := self._cell(overlap.sole, node))}
            if whole and soles:
                each = tuple((cell, 1) for cell in soles.values())
                yield AtLeastZero((*whole, *_negative(each)), "soles exclude each other")
                for node in nodes:
                    found = self._cell(overlap.any, node)
                    others = tuple((cell, -1) for other, cell in soles.items() if other != node)
                    if found and others and node not in overlap.ignored:
                        yield AtLeastZero((*whole, (found, -1), *others), "a sole death has no other group")

    def _several(self) -> Iterator[Link]:
        """Deaths with several groups, or only with what sole leaves out: those with any, less every sole one."""
        soles = [self._cell(self.overlap.sole, node) for node in self.overlap.ranked]
        if self.deaths and self.none and soles and all(soles):
            key = CellKey(self.deaths.population, "several", self.deaths.at)
            each = tuple((cell, -1) for cell in soles if cell)
            yield Implied(key, (*self.some, *each), "whoever has a group has it alone or with others")

    def _level(self, node: Node) -> int:
        """Return how many nodes stand above this one, and its dimension's place."""
        above = self.overlap.parents.get(node)
        return 0 if above is None else 1 + self._level(above)


def _negative(terms: Terms) -> Terms:
    return tuple((key, -factor) for key, factor in terms)


def containment_links(keys: Iterable[CellKey], *, larger: str, smaller: str) -> list[Link]:
    """Return the difference cells of two populations, one of which contains the other by rule.

    Every cell that both populations publish gives a difference that a reader can compute and that counts deaths.
    """
    present = set(keys)
    found: list[Link] = []
    for key in sorted(present):
        whole = key._replace(population=larger)
        if key.population == smaller and whole in present:
            name = key._replace(population=f"{larger} without {smaller}")
            found.append(Implied(name, ((whole, 1), (key, -1)), f"{larger} contains {smaller}"))
    return found
