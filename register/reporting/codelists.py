"""The codes that published tables use, with their Dutch and English labels and their place in a hierarchy.

``_T`` is a total and ``_U`` unknown, as in the SDMX code lists; age bands have the codes of SDMX CL_AGE.
"""

from dataclasses import dataclass

from register.quality import value_sets

TOTAL = "_T"
UNKNOWN = "_U"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a dimension; ``parent`` is the code it is part of, empty at the top."""

    code: str
    nl: str
    en: str
    parent: str = ""

    def label(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages from ``low`` to ``high`` years, both included; ``high`` None is without end."""

    code: str
    low: int
    high: int | None

    def holds(self, age: int) -> bool:
        return self.low <= age and (self.high is None or age <= self.high)

    def as_code(self) -> Code:
        if self.high is None:
            return Code(self.code, f"{self.low} jaar en ouder", f"{self.low} years and over", TOTAL)
        if self.low == 0:
            return Code(self.code, f"jonger dan {self.high + 1} jaar", f"under {self.high + 1} years", TOTAL)
        return Code(self.code, f"{self.low} tot en met {self.high} jaar", f"{self.low} to {self.high} years", TOTAL)


def _band(low: int, high: int) -> AgeBand:
    return AgeBand(f"Y{low}T{high}", low, high)


YOUNGEST = AgeBand("Y_LT15", 0, 14)
OLDEST = AgeBand("Y_GE65", 65, None)
# The bands of the EU drugs agency's bulletin, and the wider ones of the Dutch National Drug Monitor (to be confirmed).
EUDA_BANDS = (YOUNGEST, *(_band(low, low + 4) for low in range(15, 65, 5)), OLDEST)
NDM_BANDS = (YOUNGEST, _band(15, 24), _band(25, 34), _band(35, 49), _band(50, 64), OLDEST)

ALL = Code(TOTAL, "Totaal", "Total")
NOT_KNOWN = Code(UNKNOWN, "Onbekend", "Unknown", TOTAL)
NO_SUBSTANCE = Code(UNKNOWN, "Geen middel vastgesteld", "No substance established", TOTAL)

AREA = Code("NL", "Nederland", "Netherlands")
DEFINITIONS = (
    Code("sel_b", "Selectie B (algemeen sterfteregister)", "Selection B (general mortality register)"),
    Code("sel_d", "Selectie D (speciaal register)", "Selection D (special register)"),
    Code("nl_broad", "Brede nationale definitie", "Broad national definition"),
)
DEFINITION_CODES = tuple(definition.code for definition in DEFINITIONS)
PRIMARY_GROUPS = (
    Code("opioid", "Opioïden", "Opioids", TOTAL),
    Code("cocaine", "Cocaïne", "Cocaine", TOTAL),
    Code("stimulant", "Overige stimulantia", "Other stimulants", TOTAL),
    Code("other", "Overige middelen", "Other substances", TOTAL),
)
MEASURES = (
    Code("deaths", "Sterfgevallen", "Deaths"),
    Code("any", "Elke vermelding", "Any mention"),
    Code("sole", "Enig middel", "Sole substance"),
    Code("hierarchical", "Hiërarchisch, opioïden eerst", "Hierarchical, opioids first"),
)


def sexes() -> tuple[Code, ...]:
    """Every sex that can be recorded, the unknown and the total."""
    known = (Code(value.code, value.label_nl, value.label_en, TOTAL) for value in value_sets.values("VS-SEX"))
    return (ALL, *known, NOT_KNOWN)


def ages(bands: tuple[AgeBand, ...]) -> tuple[Code, ...]:
    """The bands of one scheme, the unknown and the total."""
    return (ALL, *(band.as_code() for band in bands), NOT_KNOWN)


def band_of(age: int | None, bands: tuple[AgeBand, ...]) -> str:
    """The code of the band that holds this age in years; ``_U`` when the age is not known."""
    if age is None:
        return UNKNOWN
    return next(band.code for band in bands if band.holds(age))


def definition(code: str) -> Code:
    """The definition with this code. Raises LookupError when there is none."""
    for known in DEFINITIONS:
        if known.code == code:
            return known
    raise LookupError(f"unknown definition {code!r}")
