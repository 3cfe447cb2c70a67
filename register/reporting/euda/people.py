"""What the published cells of a release say of the deaths of a line by sex, by age, and by known toxicology.

As of all deaths together a figure is taken over from a cell that counts exactly these deaths, and never computed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from register.reporting.codelists import PRIMARY_GROUPS, TOTAL, Code
from register.reporting.euda.figures import NOT_PUBLISHED, SUPPRESSED, Counts, Figures, Shown
from register.reporting.euda.template import ANY, SEVERAL

# The measure that counts each death once, at its best ranked group.
ONCE = "hierarchical"


@dataclass(frozen=True, slots=True)
class ByPeople:
    """The deaths of one year by substances and by one property of the dead.

    ``axis`` is that property, by its name in the files, with its ``codes`` in order. ``by_group`` counts the register's
    main groups by it, ``by_agency`` the groups of the agency and main groups beside them, ``by_number`` how many
    substances there were; each where the release has such a table.
    """

    counts: Counts
    axis: str
    codes: Sequence[Code]
    by_group: Figures | None = None
    by_agency: Figures | None = None
    by_number: Figures | None = None

    def line(self, wanted: Collection[str], measure: str) -> list[Shown]:
        """The figure of a line for each code: of the deaths with any of these substances, or with no others.

        The total is that of the line among all deaths. Where that is a published zero, there is none of each.
        """
        total = self.counts.line(wanted, measure).value
        if total == 0:
            return [0 for _ in self.codes]
        asked = frozenset(wanted) - self.counts.nobody
        return [total if code.code == TOTAL else self._one(asked, measure, code.code) for code in self.codes]

    def _one(self, asked: frozenset[str], measure: str, code: str) -> Shown:
        found = self._several(code) if measure == SEVERAL else self._found(asked, measure, code)
        return _first_number([*found])

    def _several(self, code: str) -> Iterator[Shown]:
        if self.by_number is not None:
            at = {"time_period": self.counts.year, self.axis: code}
            yield self.by_number.shown(**at, number=SEVERAL, measure="deaths")

    def _found(self, asked: frozenset[str], measure: str, code: str) -> Iterator[Shown]:
        """What stands in each cell that counts exactly these deaths."""
        at = {"time_period": self.counts.year, self.axis: code}
        groups = [group for group, held in self.counts.groups.items() if held == asked]
        if self.by_group is not None:
            for group in groups:
                for told in _measures(group, measure):
                    yield from _shown(self.by_group, **at, group=group, measure=told)
        if self.by_agency is not None:
            agency = [group for group, held in self.counts.groups_of_the_agency.items() if held == asked]
            for group in (*groups, *agency):
                yield from _shown(self.by_agency, **at, euda_group=group, measure=measure)


def _measures(group: str, measure: str) -> tuple[str, ...]:
    """Under which measures a table tells this of a group.

    Whoever has the best ranked group is counted there and nowhere else where each death is counted once.
    """
    return (measure, ONCE) if measure == ANY and group == PRIMARY_GROUPS[0].code else (measure,)


def _shown(table: Figures, **codes: str) -> Iterator[Shown]:
    """What stands in the cell, where the table has it."""
    if table.cell(**codes) is not None:
        yield table.shown(**codes)


def once(table: Figures, axis: str, year: str) -> Iterator[tuple[Code, list[Shown]]]:
    """Each main group of the register with its deaths by sex or by age, every death at its best ranked group only."""
    for group in table.codes("group"):
        yield (
            group,
            [
                table.shown(time_period=year, group=group.code, measure=ONCE, **{axis: one.code})
                for one in table.codes(axis)
            ],
        )


def _first_number(found: Sequence[Shown]) -> Shown:
    numbers = [one for one in found if not isinstance(one, str)]
    return numbers[0] if numbers else SUPPRESSED if found else NOT_PUBLISHED
