"""The codes that published tables use, with their Dutch and English labels and their place in a hierarchy.

``_T`` is a total and ``_U`` unknown, as in the SDMX code lists; age bands have the codes of SDMX CL_AGE.
"""

from dataclasses import dataclass
from itertools import combinations

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
INCLUDED = ("confirmed", "probable")
# The state of toxicology in which it is known, and all others together.
FINAL, NOT_FINAL = "final", "not_final"
MONTHS = (
    ("januari", "January"),
    ("februari", "February"),
    ("maart", "March"),
    ("april", "April"),
    ("mei", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augustus", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
)
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
# Whom tables count that do not count the deaths of a definition: every case that was reported, or the services.
NOTIFIED, SERVICES = "notified", "services"
CLASSES = (
    Code("opioid", "Opioïden", "Opioids"),
    Code("cocaine", "Cocaïne", "Cocaine"),
    Code("stimulant", "Overige stimulantia", "Other stimulants"),
    Code("drug", "Overige drugs", "Other drugs"),
    Code("medicine", "Geneesmiddelen, geen opioïd", "Medicines, no opioid"),
    Code("alcohol", "Alcohol", "Alcohol"),
)
COUNTS = ("deaths", "any", "sole", "hierarchical")
MEASURES = (
    Code("deaths", "Sterfgevallen", "Deaths"),
    Code("any", "Elke vermelding", "Any mention"),
    Code("sole", "Enig middel", "Sole substance"),
    Code("hierarchical", "Hiërarchisch, opioïden eerst", "Hierarchical, opioids first"),
    Code("percent", "Procent", "Per cent"),
    Code("median_days", "Mediaan in dagen", "Median in days"),
    Code("mean_age", "Gemiddelde leeftijd", "Mean age"),
    Code("nil_reports", "Diensten met een nulmelding", "Services with a nil report"),
    Code("completeness", "Procent van de meldingen afgehandeld", "Per cent of the reports decided"),
    Code("population", "Inwoners", "Population"),
    Code("per_100k", "Per 100.000 inwoners", "Per 100,000 population"),
    Code("per_million", "Per miljoen inwoners", "Per million population"),
)
# What a measure that counts no deaths is a number of.
UNITS = {
    "percent": Code("", "procent", "per cent"),
    "median_days": Code("", "dagen", "days"),
    "mean_age": Code("", "jaren", "years"),
    "nil_reports": Code("", "diensten", "services"),
    "completeness": Code("", "procent", "per cent"),
    "population": Code("", "inwoners", "inhabitants"),
    "per_100k": Code("", "sterfgevallen per 100.000 inwoners", "deaths per 100,000 population"),
    "per_million": Code("", "sterfgevallen per miljoen inwoners", "deaths per million population"),
}
# How many decimals a measure has that is not told in whole numbers.
DECIMALS = {"percent": 1, "per_100k": 2, "per_million": 1}
# Of whom a mean age is told beside that of all deaths: of the others there are too few.
MEN_AND_WOMEN = ("male", "female")


def sexes() -> tuple[Code, ...]:
    """Every sex that can be recorded, the unknown and the total."""
    return values("VS-SEX")


def values(value_set: str) -> tuple[Code, ...]:
    """Every value of a set that can be recorded, the unknown and the total."""
    known = (Code(value.code, value.label_nl, value.label_en, TOTAL) for value in value_sets.values(value_set))
    return (ALL, *known, NOT_KNOWN)


def months() -> tuple[Code, ...]:
    """The months of a year as ``M01`` to ``M12``, the unknown and the total."""
    named = (Code(f"M{number:02}", nl, en, TOTAL) for number, (nl, en) in enumerate(MONTHS, 1))
    return (ALL, *named, NOT_KNOWN)


def decisions() -> tuple[Code, ...]:
    """What became of a reported case: counted, still suspected, excluded and why, or not decided yet."""
    reasons = (
        Code(f"excluded.{value.code}", value.label_nl, value.label_en, "excluded")
        for value in value_sets.values("VS-EXCL")
    )
    return (
        ALL,
        Code("included", "Geteld", "Counted", TOTAL),
        *(
            Code(code, value_sets.label("VS-INCL", code, "nl"), value_sets.label("VS-INCL", code, "en"), "included")
            for code in INCLUDED
        ),
        Code("suspected", "Gesloten, alleen verdacht", "Closed, only suspected", TOTAL),
        Code("excluded", "Uitgesloten", "Excluded", TOTAL),
        *reasons,
        Code("excluded._U", "Reden onbekend", "Reason unknown", "excluded"),
        Code("open", "Nog niet afgehandeld", "Not decided yet", TOTAL),
    )


def class_pairs() -> tuple[Code, ...]:
    """Each class of substances, and each two of them in the same death."""
    pairs = (
        Code(f"{one.code}+{other.code}", f"{one.nl} + {other.nl.lower()}", f"{one.en} + {other.en.lower()}")
        for one, other in combinations(CLASSES, 2)
    )
    return (*CLASSES, *pairs)


def numbers() -> tuple[Code, ...]:
    """How many substances contributed: one, or more than one; none is that none was established."""
    return (
        ALL,
        Code("one", "Eén middel", "One substance", TOTAL),
        Code("several", "Twee of meer middelen", "Two or more substances", TOTAL),
        NO_SUBSTANCE,
    )


def number_of(substances: int) -> str:
    """The code of so many substances."""
    return UNKNOWN if not substances else "one" if substances == 1 else "several"


def day(text: str) -> Code:
    """A day in words: of 2018-06-01, 1 juni 2018 and 1 June 2018."""
    year, month, number = (int(part) for part in text.split("-"))
    nl, en = MONTHS[month - 1]
    return Code(text, f"{number} {nl} {year}", f"{number} {en} {year}")


def toxicology_known() -> tuple[Code, ...]:
    """Whether there is a final result of toxicology; without one it is asked for, refused, unsuitable or not known."""
    (final,) = (one for one in values("VS-TOXSTAT") if one.code == FINAL)
    return (ALL, final, Code(NOT_FINAL, "Geen definitieve uitslag", "No final result", TOTAL))


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
