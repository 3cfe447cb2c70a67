"""What the published cells of a release say of groups that no table of the release is made for.

Counts of substances overlap, so they do not add up to a count of a group. A figure of a group is taken over from a cell
that counts exactly its deaths, and never computed: a published zero tells that nobody died with a substance, so groups
that differ by such substances only have the same deaths. Where no cell is exactly it, two bounds are given that follow
from published cells, as any reader could find them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from register.reporting.codelists import TOTAL, UNKNOWN, Code
from register.reporting.euda.template import SEVERAL
from register.reporting.formats import Cube
from register.reporting.formats.cube import IMPOSSIBLE, TIME, Number, Observation

SOURCE_OF_SEVERAL = "substances-number / several / deaths"
SUPPRESSED, CANNOT_OCCUR, NOT_PUBLISHED = "[c]", "[z]", "[n]"
Shown = Number | str


class Figures:
    """The cells of one published table by their codes."""

    def __init__(self, cube: Cube) -> None:
        self.cube = cube
        self._names = [axis.name for axis in cube.axes]
        self._only = {axis.name: axis.codes[0].code for axis in cube.axes if len(axis.codes) == 1}
        self._cells = {cell.at: cell for cell in cube.cells}

    @property
    def years(self) -> tuple[str, ...]:
        """The years of the table, in order."""
        return tuple(code.code for code in self.codes(TIME))

    def codes(self, name: str) -> tuple[Code, ...]:
        """The codes of a dimension, in order."""
        return next(axis.codes for axis in self.cube.axes if axis.name == name)

    def cell(self, **codes: str) -> Observation | None:
        """The cell at these codes; a dimension of one code need not be named."""
        return self._cells.get(tuple(codes.get(name) or self._only[name] for name in self._names))

    def shown(self, **codes: str) -> Shown:
        """What stands in the workbook for this cell: a number, or the sign of why there is none."""
        cell = self.cell(**codes)
        if cell is None or cell.status == IMPOSSIBLE:
            return CANNOT_OCCUR
        return SUPPRESSED if cell.value is None else cell.value

    def value(self, **codes: str) -> int | None:
        """The count in this cell; None when it is hidden or is not there."""
        cell = self.cell(**codes)
        return None if cell is None or cell.value is None else int(cell.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A published count of deaths with these substances; ``value`` None is hidden. ``source`` says where it stands."""

    source: str
    substances: frozenset[str]
    value: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The figure of a line: what is shown, two bounds, and the cell that it was taken from."""

    value: Shown
    least: Shown
    most: Shown
    source: str


class Counts:
    """The published counts of one year by substances: of groups and of substances, each with what it counts.

    ``euda`` counts groups of the agency as they were when the release was frozen, and names their substances;
    ``number`` counts deaths by how many substances there were. Older releases have neither.
    """

    def __init__(
        self,
        group: Figures,
        substance: Figures,
        year: str,
        *,
        euda: Figures | None = None,
        number: Figures | None = None,
    ) -> None:
        self.group, self.substance, self.year = group, substance, year
        self.euda, self.number = euda, number

    def line(self, wanted: Collection[str], measure: str) -> Line:
        """The figure of the deaths with any of these substances, or with no others (``sole``), or with ``several``."""
        if measure == SEVERAL:
            return self._several()
        asked = frozenset(wanted) - self.nobody
        if not asked:
            return Line(0, 0, 0, "published zeros")
        rows = list(self._rows(measure))
        same = [row for row in rows if row.substances == asked]
        for row in same:
            if row.value is not None:
                return Line(row.value, row.value, row.value, row.source)
        least, most = self._bounds(asked, rows, measure)
        return Line(SUPPRESSED if same else NOT_PUBLISHED, least, most, same[0].source if same else "")

    def _several(self) -> Line:
        if self.number is None:
            return Line(NOT_PUBLISHED, 0, self._total(), "")
        found, source = self.number.value(time_period=self.year, number=SEVERAL, measure="deaths"), SOURCE_OF_SEVERAL
        return Line(SUPPRESSED, 0, self._total(), source) if found is None else Line(found, found, found, source)

    def _total(self) -> Shown:
        total = self.group.value(time_period=self.year, group=TOTAL, measure="any")
        return SUPPRESSED if total is None else total

    @cached_property
    def nobody(self) -> frozenset[str]:
        """The substances of which a published zero says that nobody died with them."""
        return frozenset(code for code in self._listed if self._of(code) == 0)

    @cached_property
    def _listed(self) -> tuple[str, ...]:
        return tuple(code.code for code in self.substance.codes("substance") if code.code not in (TOTAL, UNKNOWN))

    @cached_property
    def _within(self) -> Mapping[str, frozenset[str]]:
        """The substances of each group of the table, also of the groups that hold other groups."""
        found: dict[str, set[str]] = {}
        for code in self.substance.codes("substance"):
            found.setdefault(code.parent, set()).add(code.code)
        for code in reversed(self.group.codes("group")):
            if code.parent and code.code in found:
                found.setdefault(code.parent, set()).update(found[code.code])
        return {group: frozenset(codes) for group, codes in found.items()}

    @cached_property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """What each group of the register holds of the substances with which somebody died."""
        listed = (code.code for code in self.group.codes("group") if code.code not in (TOTAL, UNKNOWN))
        return {code: self._within[code] - self.nobody for code in listed if code in self._within}

    @cached_property
    def groups_of_the_agency(self) -> Mapping[str, frozenset[str]]:
        """The same of the groups of the agency, as they were when the release was frozen."""
        codes = self.euda.codes("euda_group") if self.euda else ()
        found: dict[str, set[str]] = {}
        for code in codes:
            found.setdefault(code.parent, set()).add(code.code)
        return {
            group.code: frozenset(found[group.code]) - self.nobody
            for group in codes
            if group.code in found and group.code != TOTAL
        }

    def _rows(self, measure: str) -> Iterator[Row]:
        for code, held in self.groups.items():
            value = self.group.value(time_period=self.year, group=code, measure=measure)
            yield Row(f"group / {code} / {measure}", held, value)
        if measure == "any":
            for one in self._listed:
                yield Row(f"substance / {one} / any", frozenset({one}), self._of(one))
            for code, held in self.groups_of_the_agency.items():
                value = self.euda.value(time_period=self.year, euda_group=code, measure="any") if self.euda else None
                yield Row(f"euda-group / {code} / any", held, value)

    def _bounds(self, asked: frozenset[str], rows: Sequence[Row], measure: str) -> tuple[Shown, Shown]:
        """No fewer than in any part of it, no more than in anything that holds it or in its parts together."""
        least = max((row.value for row in rows if row.value is not None and row.substances <= asked), default=0)
        above = [row.value for row in rows if row.value is not None and row.substances >= asked]
        each = [self._of(code) for code in asked]
        if measure == "any" and None not in each:
            above.append(sum(count for count in each if count is not None))
        total = self.group.value(time_period=self.year, group=TOTAL, measure="any")
        above += [] if total is None else [total]
        return least, min(above, default=SUPPRESSED) if above else SUPPRESSED

    def _of(self, code: str) -> int | None:
        return self.substance.value(time_period=self.year, substance=code, measure="any")
