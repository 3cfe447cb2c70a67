"""The tables that a release publishes: their names, columns and code lists, each read from one frozen extract."""

from collections.abc import Sequence
from dataclasses import dataclass

from register.coding.catalogue import Catalogue
from register.reporting import codelists as codes
from register.reporting.codelists import Code
from register.reporting.errors import BuildError

ADDS_UP = Code("exclusive", "Tellingen tellen op tot het totaal.", "Counts add up to the total.")
OVERLAPS = Code("overlapping", "Tellingen per middel zijn niet optelbaar.", "Counts per substance do not add up.")
PER_DEFINITION = Code(
    "per_definition",
    "Tellingen tellen op binnen een definitie, nooit over definities heen.",
    "Counts add up within a definition, never across definitions.",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension as it is published: its name in files, and its codes in order.

    ``dimension`` is the name by which all tables know it; two age schemes are two columns of one dimension.
    """

    name: str
    dimension: str
    nl: str
    en: str
    codes: tuple[Code, ...]

    def holds(self, code: str) -> bool:
        return any(known.code == code for known in self.codes)


@dataclass(frozen=True, slots=True)
class TableDesign:
    """One published table. ``name`` stands in its address.

    ``per_definition`` says that the case definition is a dimension of the table; otherwise it is one value throughout.
    """

    name: str
    columns: tuple[Column, ...]
    measures: tuple[str, ...]
    adding: Code
    per_definition: bool = False

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


# What each table is called, by its name: number in the table plan, Dutch and English title.
HEADINGS = {
    "definition-sex": ("T1", "Sterfgevallen naar jaar, definitie en geslacht", "Deaths by year, definition and sex"),
    "age-euda-sex": (
        "T2",
        "Sterfgevallen naar jaar, leeftijd (EUDA) en geslacht",
        "Deaths by year, age (EUDA) and sex",
    ),
    "age-ndm-sex": ("T2", "Sterfgevallen naar jaar, leeftijd (NDM) en geslacht", "Deaths by year, age (NDM) and sex"),
    "group-hierarchical": (
        "T3",
        "Sterfgevallen naar jaar en middelengroep, elk sterfgeval eenmaal",
        "Deaths by year and substance group, each death once",
    ),
    "group": (
        "T4",
        "Sterfgevallen naar jaar en middelengroep, elke vermelding en enig middel",
        "Deaths by year and substance group, any mention and sole substance",
    ),
    "substance": (
        "T5",
        "Sterfgevallen naar jaar en middel, elke vermelding",
        "Deaths by year and substance, any mention",
    ),
}


def designs(catalogue: Catalogue) -> tuple[TableDesign, ...]:
    """The tables T1 to T5 with the code lists of this catalogue."""
    sex = Column("sex", "sex", "Geslacht", "Sex", codes.sexes())
    euda = Column("age_band_euda", "age", "Leeftijd (EUDA)", "Age (EUDA)", codes.ages(codes.EUDA_BANDS))
    ndm = Column("age_band_ndm", "age", "Leeftijd (NDM)", "Age (NDM)", codes.ages(codes.NDM_BANDS))
    primary = Column("group", "group", "Middelengroep", "Substance group", primary_codes())
    groups = Column("group", "group", "Middelengroep", "Substance group", group_codes(catalogue))
    substances = Column("substance", "substance", "Middel", "Substance", substance_codes(catalogue))
    return (
        TableDesign("definition-sex", (sex,), ("deaths",), PER_DEFINITION, per_definition=True),
        TableDesign("age-euda-sex", (euda, sex), ("deaths",), ADDS_UP),
        TableDesign("age-ndm-sex", (ndm, sex), ("deaths",), ADDS_UP),
        TableDesign("group-hierarchical", (primary,), ("hierarchical",), ADDS_UP),
        TableDesign("group", (groups,), ("any", "sole"), OVERLAPS),
        TableDesign("substance", (substances,), ("any",), OVERLAPS),
    )


def primary_codes() -> tuple[Code, ...]:
    """The groups of the hierarchical measure, best rank first."""
    return (codes.ALL, *codes.PRIMARY_GROUPS, codes.NO_SUBSTANCE)


def group_codes(catalogue: Catalogue) -> tuple[Code, ...]:
    """Each primary group followed by the groups of the catalogue within it; a primary group of one group is that group.

    Raises BuildError when a group has the code of a primary group it does not fill alone.
    """
    found: list[Code] = [codes.ALL]
    for primary in codes.PRIMARY_GROUPS:
        members = [group for group in catalogue.groups.values() if primary_of(group.class_) == primary.code]
        found.append(primary)
        if [group.code for group in members] == [primary.code]:
            continue
        found += [Code(group.code, group.name_nl, group.name_en, primary.code) for group in members]
    found.append(codes.NO_SUBSTANCE)
    _distinct(found)
    return tuple(found)


def substance_codes(catalogue: Catalogue) -> tuple[Code, ...]:
    """Every substance of the catalogue, with the group it belongs to."""
    listed = [
        Code(substance.code, substance.name_nl, substance.name_en, substance.group)
        for substance in catalogue.substances.values()
    ]
    return (codes.ALL, *listed, codes.NO_SUBSTANCE)


def primary_of(class_: str) -> str:
    """The primary group of a substance class: whatever is no opioid, cocaine or stimulant is other."""
    return class_ if class_ in ("opioid", "cocaine", "stimulant") else "other"


def _distinct(found: Sequence[Code]) -> None:
    seen: set[str] = set()
    for code in found:
        if code.code in seen:
            raise BuildError(
                nl=f"De middelengroep {code.code} heeft dezelfde code als een hoofdgroep; hernoem haar.",
                en=f"The substance group {code.code} has the code of a main group; rename it.",
            )
        seen.add(code.code)
