"""What the published cells of a release say of the deaths of a line by sex, and by age.

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

    ``axis`` is that property, by its name in the files; ``by_group`` counts the register's main groups by it,
    ``by_agency`` the groups of the agency, where the release has such a table.
    """

    counts: Counts
    axis: str
    by_group: Figures
    by_agency: Figures | None = None

    @property
    def codes(self) -> Sequence[Code]:
        """The sexes or the age bands, in order."""
        return self.by_group.codes(self.axis)

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
        return NOT_PUBLISHED if measure == SEVERAL else _first_number([*self._found(asked, measure, code)])

    def _found(self, asked: frozenset[str], measure: str, code: str) -> Iterator[Shown]:
        """What stands in each cell that counts exactly these deaths."""
        at = {"time_period": self.counts.year, self.axis: code}
        listed = {one.code for one in self.by_group.codes("group")}
        for group, held in self.counts.groups.items():
            if held == asked and group in listed and (told := self._measure(group, measure)):
                yield self.by_group.shown(**at, group=group, measure=told)
        if measure == ANY and self.by_agency is not None:
            for group, held in self.counts.groups_of_the_agency.items():
                if held == asked:
                    yield self.by_agency.shown(**at, euda_group=group, measure=measure)

    def _measure(self, group: str, measure: str) -> str:
        """Under which measure the table tells this of a group; empty when it does not.

        Whoever has the best ranked group is counted there and nowhere else where each death is counted once.
        """
        told = {one.code for one in self.by_group.codes("measure")}
        if measure in told:
            return measure
        return ONCE if measure == ANY and group == PRIMARY_GROUPS[0].code and ONCE in told else ""


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
