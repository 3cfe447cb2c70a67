"""What a published table is: its name, columns and measures, how its counts add up, where each of its cells stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from register.disclosure import TOTAL, CellKey
from register.reporting import codelists as codes
from register.reporting.codelists import Code
from register.reporting.headings import HEADINGS

TIME = "time_period"
ADDS_UP = Code("exclusive", "Tellingen tellen op tot het totaal.", "Counts add up to the total.")
OVERLAPS = Code("overlapping", "Tellingen per middel zijn niet optelbaar.", "Counts per substance do not add up.")
PER_DEFINITION = Code(
    "per_definition",
    "Tellingen tellen op binnen een definitie, nooit over definities heen.",
    "Counts add up within a definition, never across definitions.",
)
PER_ITEM = Code(
    "per_item",
    "Bekend en onbekend tellen op per onderwerp; de procenten van antwoorden zijn van de bekende antwoorden.",
    "Known and unknown add up for each item; the per cents of answers are of the known answers.",
)
NO_COUNTS = Code("not_counts", "Dit zijn geen tellingen van sterfgevallen.", "These are not counts of deaths.")
RATES = Code("rates", "Sterftecijfers tellen niet op.", "Death rates do not add up.")
BY_MEASURE = Code(
    "by_measure",
    "Alleen hiërarchische tellingen tellen op tot het totaal.",
    "Only hierarchical counts add up to the total.",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension as it is published: its name in files, and its codes in order.

    ``dimension`` is the name by which all tables know it; two age schemes are two columns of one dimension. ``places``
    gives the (dimension, code) of codes that the tables know by another name; an item of T9 is a dimension of its own.
    """

    name: str
    dimension: str
    nl: str
    en: str
    codes: tuple[Code, ...]
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def holds(self, code: str) -> bool:
        return any(known.code == code for known in self.codes)

    def place(self, code: str) -> tuple[str, str]:
        """The dimension and the code by which the tables know this code."""
        return self.places.get(code, (self.dimension, code))


@dataclass(frozen=True, slots=True)
class TableDesign:
    """One published table. ``name`` stands in its address.

    ``per_definition`` says that the case definition is a dimension of the table; otherwise it is one value throughout.
    ``about`` is the dimension that the measures are about: at its total they all count deaths, which are listed once.
    ``population`` is empty where the table counts deaths of the release's definition.
    """

    name: str
    columns: tuple[Column, ...]
    measures: tuple[str, ...]
    adding: Code
    per_definition: bool = False
    about: str = ""
    population: str = ""

    @property
    def number(self) -> str:
        return HEADINGS[self.name][0]

    @property
    def nl(self) -> str:
        return HEADINGS[self.name][1]

    @property
    def en(self) -> str:
        return HEADINGS[self.name][2]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimension columns of the files, in order."""
        first = ("time_period", "ref_area", "definition") if self.per_definition else ("time_period", "ref_area")
        return (*first, *(column.name for column in self.columns))

    @property
    def counts(self) -> tuple[str, ...]:
        """The measures that count; the others are computed from published counts, or count no deaths."""
        return tuple(measure for measure in self.measures if measure in codes.COUNTS)

    def key(self, definition: str, measure: str, period: str, at: Sequence[str]) -> CellKey | None:
        """The cell that stands at these codes; None where the total stands in the file under another measure."""
        nodes = {TIME: period}
        for column, code in zip(self.columns, at, strict=True):
            dimension, node = column.place(code)
            nodes[dimension] = node
        if self.about and nodes.get(self.about) == TOTAL:
            if measure != self.measures[0]:
                return None
            measure = "deaths"
        return CellKey.of(self.population or definition, measure, nodes)
