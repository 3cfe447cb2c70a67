"""All that was ever published of the same deaths as one system: what a reader has who kept every release.

A count that is the same in two releases is one unknown, as if everybody knew that nothing changed in it; that is more
than anybody knows, so a proof beside it is a proof beside less. A count that changed is another unknown for each value.
A change of 1 to threshold - 1 is a cell like any small count: hidden, and proven in the same way.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from register.disclosure.cells import CellKey, DisclosureInputError
from register.disclosure.policy import Policy
from register.disclosure.system import Draft, System, Terms


@dataclass(frozen=True, slots=True)
class Edition:
    """One release: its cells with their true counts, all relations, and what was published of it.

    ``published`` gives every cell that was printed: its count, or None when it was hidden. What was withdrawn stays
    in it, for whoever read it still knows it. It is empty for the release that is still to be protected.
    """

    system: System
    published: Mapping[CellKey, int | None] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The earlier releases and the newest one as one system.

    ``newest`` names the cells of the newest release in it, ``origin`` gives the cell behind each name. ``known`` were
    published before, ``hidden`` printed before and never published. ``fresh`` are counts and changes that no earlier
    release has; only these can still be given away. ``changes`` are the small changes. ``mixed`` are the relations that
    the newest release alone tells of old counts: of two releases at once, so that they hold only if nothing changed.
    """

    system: System
    newest: Mapping[CellKey, CellKey]
    origin: Mapping[CellKey, CellKey]
    known: frozenset[CellKey]
    hidden: frozenset[CellKey]
    fresh: frozenset[CellKey]
    changes: frozenset[CellKey]
    mixed: frozenset[Terms] = field(repr=False)


def chronicle(editions: Sequence[Edition], policy: Policy, *, waived: Collection[CellKey] = frozenset()) -> Chronicle:
    """Join releases, the newest last, into one system.

    What earlier releases published is given: it stays known, and no rule protects it any more. No rule protects the
    newest count of the cells of ``waived`` either, nor how they changed. Raises DisclosureInputError when an earlier
    release published another count than it is said to have.
    """
    draft = _Chronicle(policy)
    for number, edition in enumerate(editions, 1):
        draft.add(edition, number, newest=number == len(editions))
    draft.compare(frozenset(waived))
    return draft.told()


class _Chronicle(Draft):
    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self.policy = policy
        self.versions: dict[CellKey, dict[int, CellKey]] = {}
        self.origin: dict[CellKey, CellKey] = {}
        self.known: set[CellKey] = set()
        self.before: set[CellKey] = set()
        self.shown_before: set[CellKey] = set()
        self.newest: dict[CellKey, CellKey] = {}
        self.changes: set[CellKey] = set()
        self.mixed: set[Terms] = set()

    def add(self, edition: Edition, number: int, *, newest: bool) -> None:
        system = edition.system
        names = [self._name(key, value, number) for key, value in zip(system.cells, system.values, strict=True)]
        for at, (key, name) in enumerate(zip(system.cells, names, strict=True)):
            printed = system.printed[at] and (newest or key in edition.published)
            self.margin[name] = max(self.margin.get(name, 0), system.margin[at])
            if printed:
                self.printed.add(name)
            if printed or (system.guarded[at] and not system.printed[at]):
                self.guarded.add(name)
            if system.rules[at]:
                self.rules[name] = system.rules[at]
            if system.impossible[at]:
                self.impossible.add(name)
        places = [self.place(name) for name in names]
        for rows, found in ((system.equations, self.equations), (system.inequalities, self.inequalities)):
            told = {tuple(sorted([(places[cell], factor) for cell, factor in row])): row for row in rows}
            if newest:
                fresh = (row for placed, row in told.items() if placed not in found)
                terms = (tuple(sorted([(names[cell], factor) for cell, factor in row])) for row in fresh)
                self.mixed.update(term for term in terms if all(name in self.before for name, _ in term))
            found.update(told)
        if newest:
            self.newest.update(zip(system.cells, names, strict=True))
        else:
            self.before.update(names)
            self._publish(edition, dict(zip(system.cells, names, strict=True)))

    def _name(self, key: CellKey, value: int, number: int) -> CellKey:
        """The name of a count: the release in which it first stood so."""
        known = self.versions.setdefault(key, {})
        if value not in known:
            name = known[value] = CellKey(f"{key.population} [{number}]", key.measure, key.at)
            self.values[name] = value
            self.origin[name] = key
        return known[value]

    def _publish(self, edition: Edition, names: Mapping[CellKey, CellKey]) -> None:
        for key, value in edition.published.items():
            name = names.get(key)
            if name is None or value not in (None, self.values[name]):
                raise DisclosureInputError(
                    nl=f"Van {key} is eerder een ander aantal gepubliceerd dan de bewaarde feiten nu geven.",
                    en=f"Another count of {key} was published before than the facts that were kept give now.",
                )
            if value is not None:
                self.known.add(name)
            else:
                self.shown_before.add(name)

    def compare(self, waived: frozenset[CellKey]) -> None:
        """Make a guarded cell of every small change that no two releases have told yet."""
        free = self.known | {self.newest[key] for key in waived if key in self.newest}
        self.guarded -= free
        self.rules = {name: rule for name, rule in self.rules.items() if name not in free}
        for key, known in self.versions.items():
            if len(known) > 1 and key not in waived:
                for (one, first), (two, second) in combinations(known.items(), 2):
                    if abs(one - two) < self.policy.threshold and self._is_secret(first, second):
                        self._add_change(key, first, second)

    def _is_secret(self, first: CellKey, second: CellKey) -> bool:
        """Whether a change between two counts is to be kept: both are cells, and not both are known already."""
        public = [name for name in (first, second) if name in self.known or self._is_public_zero(name)]
        cells = all(name in self.guarded or name in self.known for name in (first, second))
        return cells and len(public) < 2 and not any(self._is_public_zero(name) for name in public)

    def _is_public_zero(self, name: CellKey) -> bool:
        visible = self.policy.zeros == "visible" and name in self.printed
        return name in self.impossible or (self.values[name] == 0 and visible)

    def _add_change(self, key: CellKey, first: CellKey, second: CellKey) -> None:
        less, more = sorted((first, second), key=self.values.__getitem__)
        numbers = "-".join(name.population.rpartition("[")[2].rstrip("]") for name in (first, second))
        change = CellKey(f"{key.population} [{numbers}]", key.measure, key.at)
        self.values[change] = self.values[more] - self.values[less]
        self.origin[change] = key
        self.guarded.add(change)
        self.changes.add(change)
        self.equations.add(self.row(((change, -1), (more, 1), (less, -1))))
        if first in self.before and second in self.before:
            self.before.add(change)

    def told(self) -> Chronicle:
        system = self.finish()
        return Chronicle(
            system=system,
            newest=self.newest,
            origin=self.origin,
            known=frozenset(self.known),
            hidden=frozenset(self.shown_before - self.known),
            fresh=frozenset(system.cells) - self.before,
            changes=frozenset(self.changes),
            mixed=frozenset(self.mixed),
        )
