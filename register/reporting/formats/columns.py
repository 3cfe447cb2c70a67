"""What each column of a tidy file holds, in words and as a type: for the codebook and the two descriptions of CSV."""

from dataclasses import dataclass

from register.reporting.formats import tidy_csv
from register.reporting.formats.cube import CONFIDENTIALITY, MEASURE, STATUS, TIME, VALUE, Cube

LABEL = "_label"
# The columns that stand in every tidy file, in Dutch and English.
MEANINGS = {
    TIME: ("Jaar van overlijden.", "Year of death."),
    MEASURE: ("Wat er is geteld.", "What was counted."),
    VALUE: (
        "De waarde; leeg als zij verborgen is of niet kan voorkomen, nooit tekst.",
        "The value; empty when it is hidden or cannot occur, never text.",
    ),
    STATUS: ("Status van de waarneming (SDMX CL_OBS_STATUS).", "Observation status (SDMX CL_OBS_STATUS)."),
    CONFIDENTIALITY: (
        "Vertrouwelijkheid (SDMX CL_CONF_STATUS): C is verborgen.",
        "Confidentiality status (SDMX CL_CONF_STATUS): C is hidden.",
    ),
    "release_id": ("Kenmerk van de publicatie.", "Identifier of the release."),
    "release_status": (
        "Status waarvoor de publicatie is gemaakt: provisional, further_provisional of final.",
        "Status for which the release was made: provisional, further_provisional or final.",
    ),
    "rule_version": ("Versie van de regels van de definities.", "Version of the rules of the definitions."),
    "extracted_on": (
        "Peildatum: later gesloten zaken tellen niet mee.",
        "Cut-off date: cases closed later do not count.",
    ),
    "completeness": (
        "Percentage van de zaken van de periode waarover is beslist, naar beneden afgerond.",
        "Per cent of the cases of the period that are decided, rounded down.",
    ),
    "tox_completeness": (
        "Percentage van de getelde sterfgevallen met een definitieve toxicologische uitslag, naar beneden afgerond.",
        "Per cent of the counted deaths with a final toxicology result, rounded down.",
    ),
}
KINDS = {"extracted_on": "date", "completeness": "integer", "tox_completeness": "integer"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a tidy file. ``kind`` is year, string, number, integer or date; ``codes`` is empty for free text."""

    name: str
    nl: str
    en: str
    kind: str
    required: bool
    codes: tuple[str, ...] = ()


def columns_of(cube: Cube) -> tuple[Column, ...]:
    """The columns of a table's tidy file, in order."""
    return tuple(_column(cube, name) for name in tidy_csv.columns(cube))


def key_of(cube: Cube) -> tuple[str, ...]:
    """The columns that tell one row from all others."""
    return tuple(axis.name for axis in cube.axes)


def _column(cube: Cube, name: str) -> Column:
    axes = {axis.name: axis for axis in cube.axes}
    if name in axes and name != TIME:
        axis = axes[name]
        nl, en = MEANINGS.get(name, (f"{axis.nl} (code).", f"{axis.en} (code)."))
        return Column(name, nl, en, "string", required=True, codes=tuple(code.code for code in axis.codes))
    if name.endswith(LABEL):
        axis = axes[name.removesuffix(LABEL)]
        return Column(name, f"{axis.nl}.", f"{axis.en}, in Dutch.", "string", required=True)
    nl, en = MEANINGS[name]
    if name == TIME:
        return Column(name, nl, en, "year", required=True)
    if name == VALUE:
        return Column(name, nl, en, "integer" if cube.whole_numbers() else "number", required=False)
    if name in (STATUS, CONFIDENTIALITY):
        codes = cube.statuses("obsStatus" if name == STATUS else "confStatus")
        return Column(name, nl, en, "string", required=True, codes=tuple(code.code for code in codes))
    return Column(name, nl, en, KINDS.get(name, "string"), required=cube.release_values()[name] is not None)
