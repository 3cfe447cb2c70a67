"""The tables that a release publishes: their names, columns and code lists, each read from one frozen extract."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from register.coding.catalogue import Catalogue
from register.disclosure import TOTAL, CellKey
from register.reporting import codelists as codes
from register.reporting import items
from register.reporting.codelists import Code
from register.reporting.errors import BuildError
from register.reporting.extract import Area, Extract, Population
from register.reporting.headings import HEADINGS
from register.reporting.items import Item

TIME = "time_period"
# Before the code of a group of the EU drugs agency: a substance may have the same code.
EUDA = "euda"
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


def designs(extract: Extract) -> tuple[TableDesign, ...]:
    """The tables T1 to T14 that an extract can fill, with its code lists; rates only where it has a population."""
    catalogue, areas, population = extract.catalogue, extract.known_areas(), extract.population
    sex = Column("sex", "sex", "Geslacht", "Sex", codes.sexes())
    euda = Column("age_band_euda", "age", "Leeftijd (EUDA)", "Age (EUDA)", codes.ages(codes.EUDA_BANDS))
    ndm = Column("age_band_ndm", "age", "Leeftijd (NDM)", "Age (NDM)", codes.ages(codes.NDM_BANDS))
    primary = Column("group", "group", "Middelengroep", "Substance group", primary_codes())
    groups = Column("group", "group", "Middelengroep", "Substance group", group_codes(catalogue))
    substances = Column("substance", "substance", "Middel", "Substance", substance_codes(catalogue))
    intent = Column("intent", "intent", "Intentie", "Intent", codes.values("VS-INTENT"))
    area = Column("area", "area", "Gebied", "Area", area_codes(areas))
    month = Column("month", "month", "Maand", "Month", codes.months())
    pairs = Column("combination", "combination", "Combinatie", "Combination", codes.class_pairs())
    decision = Column("decision", "decision", "Besluit", "Decision", codes.decisions())
    number = Column("number", "number", "Aantal middelen", "Number of substances", codes.numbers())
    told = (one for one in codes.sexes() if extract.crossed and one.code in codes.MEN_AND_WOMEN)
    of_means = Column("sex", "sex", "Geslacht", "Sex", (codes.ALL, *told))
    found = (
        TableDesign("definition-sex", (sex,), ("deaths",), PER_DEFINITION, per_definition=True),
        TableDesign("age-euda-sex", (euda, sex), ("deaths",), ADDS_UP),
        TableDesign("age-ndm-sex", (ndm, sex), ("deaths",), ADDS_UP),
        TableDesign("age-mean", (of_means,), ("mean_age",), NO_COUNTS),
        TableDesign("group-hierarchical", (primary,), ("hierarchical",), ADDS_UP, about="group"),
        TableDesign("group", (groups,), ("any", "sole"), OVERLAPS, about="group"),
        TableDesign("substance", (substances,), ("any",), OVERLAPS, about="substance"),
        *_of_the_agency(extract, sex),
        TableDesign("intent-group", (intent, primary), ("hierarchical", "any", "sole"), BY_MEASURE, about="group"),
        *(
            TableDesign(name, (people, primary), ("hierarchical",), ADDS_UP, about="group")
            for name, people in (("sex-group", sex), ("age-ndm-group", ndm))
            if extract.crossed
        ),
        TableDesign("area", (area,), ("deaths",), ADDS_UP),
        TableDesign("place", (_of_set("place", "VS-PLACE", "Soort plaats", "Kind of place"),), ("deaths",), ADDS_UP),
        TableDesign("circumstances", (_of_items(items.circumstances()),), ("deaths", "percent"), PER_ITEM),
        *_autopsy(extract),
        TableDesign(
            "toxicology", (_of_set("tox", "VS-TOXSTAT", "Toxicologie", "Toxicology"),), ("deaths", "percent"), ADDS_UP
        ),
        TableDesign("toxicology-scope", (_of_items((items.scope(),)),), ("deaths", "percent"), PER_ITEM),
        *_for_st5(extract, sex, intent, number),
        TableDesign("toxicology-days", (_of_items((items.DAYS,)),), ("deaths", "median_days"), PER_ITEM),
        TableDesign("month", (month,), ("deaths",), ADDS_UP),
        TableDesign("nil-reports", (month,), ("nil_reports",), NO_COUNTS),
        TableDesign("completeness-area", (area,), ("completeness",), NO_COUNTS),
        TableDesign("decision", (decision,), ("deaths",), ADDS_UP, population=codes.NOTIFIED),
        TableDesign("combination", (pairs,), ("any",), OVERLAPS, about="combination"),
        TableDesign("substances-number", (number,), ("deaths",), ADDS_UP),
        TableDesign("cbs", (_of_set("cbs", "VS-CBS", "Vergelijking", "Comparison"),), ("deaths",), ADDS_UP),
    )
    return (*found, *rate_designs(found, population)) if population else found


def rate_designs(found: Sequence[TableDesign], population: Population) -> tuple[TableDesign, ...]:
    """The tables of rates: the tables of counts for whom the population is known, with its source beside them."""
    known = {sex for row in population.rows for sex in (row.sex, TOTAL)}
    source = Column(
        "population_source",
        "population_source",
        "Bron van de bevolking",
        "Source of the population",
        (_told(population),),
        {population.version: ("population_source", TOTAL)},
    )

    def counted(column: Column) -> Column:
        kept = tuple(
            code for code in column.codes if code.code != codes.UNKNOWN and (column.name != "sex" or code.code in known)
        )
        return Column(column.name, column.dimension, column.nl, column.en, kept)

    return tuple(
        TableDesign(f"rate-{design.name}", (*map(counted, design.columns), source), RATE_MEASURES, NO_COUNTS)
        for design in found
        if f"rate-{design.name}" in HEADINGS
    )


RATE_MEASURES = ("deaths", "population", "per_100k", "per_million")


def _told(population: Population) -> Code:
    """The version as a code, with the source and its day as label, so that both stand in every row of every file."""
    nl = f"{population.source}, {population.published_on}"
    mark = (" (demonstratiecijfers)", " (demonstration figures)") if population.demo else ("", "")
    return Code(population.version, nl + mark[0], nl + mark[1])


def area_codes(areas: Sequence[Area]) -> tuple[Code, ...]:
    """The country, each province followed by the regions that lie wholly in it, then regions across provinces."""
    country = Code(TOTAL, codes.AREA.nl, codes.AREA.en)
    lies_in: dict[str, set[str]] = {}
    for area in areas:
        lies_in.setdefault(area.region, set()).add(area.province)
    provinces = sorted({(area.province, area.province_name) for area in areas if area.province != codes.UNKNOWN})
    regions = sorted({(area.region, area.name) for area in areas})
    found = [country]
    for province, name in provinces:
        found.append(Code(province, name, name, TOTAL))
        found += [Code(code, named, named, province) for code, named in regions if lies_in[code] == {province}]
    found += [
        Code(code, named, named, TOTAL)
        for code, named in regions
        if len(lies_in[code]) > 1 or lies_in[code] == {codes.UNKNOWN}
    ]
    return (*found, codes.NOT_KNOWN)


def _of_set(dimension: str, value_set: str, nl: str, en: str) -> Column:
    return Column(dimension, dimension, nl, en, codes.values(value_set))


def _of_items(chosen: Sequence[Item]) -> Column:
    """One column for items that are dimensions of their own: all deaths, then each item with its answers."""
    places = {code.code: (item.code, item.place(code.code)) for item in chosen for code in item.codes()}
    listed = tuple(code for item in chosen for code in item.codes())
    return Column("item", "item", "Onderwerp en antwoord", "Item and answer", (codes.ALL, *listed), places)


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


def euda_groups(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """The substances of each group of the EU drugs agency that has any, by its code in tables."""
    found: dict[str, set[str]] = {code: set() for code in catalogue.euda_groups}
    for substance in catalogue.substances.values():
        if substance.euda_group in found:
            found[substance.euda_group].add(substance.code)
    return {f"{EUDA}.{code}": frozenset(members) for code, members in found.items() if members}


def _of_the_agency(extract: Extract, sex: Column) -> Iterator[TableDesign]:
    """The tables by group of the EU drugs agency, where the extract knows them."""
    listed = euda_groups(extract.catalogue)
    if not listed:
        return
    column = _euda(extract.catalogue)
    yield TableDesign("euda-group", (column,), ("any",), OVERLAPS, about="euda_group")
    if extract.crossed:
        measures = ("any", "sole") if extract.st5_told else ("any",)
        groups = _groups_and_opioids(extract)
        yield TableDesign("euda-group-sex", (groups, sex), measures, OVERLAPS, about="euda_group")


def _autopsy(extract: Extract) -> Iterator[TableDesign]:
    """How many deaths had an autopsy, where the extract tells it."""
    if extract.st5_told:
        yield TableDesign("autopsy", (_of_items((items.AUTOPSY,)),), ("deaths", "percent"), PER_ITEM)


def _for_st5(extract: Extract, sex: Column, intent: Column, number: Column) -> Iterator[TableDesign]:
    """The substances among deaths with known toxicology, and by sex what ST5 asks beside them."""
    if not (extract.st5_told and euda_groups(extract.catalogue)):
        return
    state = Column("toxicology_known", "tox", "Toxicologie bekend", "Toxicology known", codes.toxicology_known())
    groups = _groups_and_opioids(extract)
    yield TableDesign("euda-group-toxicology", (groups, state), ("any", "sole"), OVERLAPS, about="euda_group")
    yield TableDesign("substances-number-toxicology", (number, state), ("deaths",), ADDS_UP)
    yield TableDesign("substances-number-sex", (number, sex), ("deaths",), ADDS_UP)
    yield TableDesign("intent-sex", (intent, sex), ("deaths",), ADDS_UP)
    yield TableDesign("toxicology-sex", (state, sex), ("deaths",), ADDS_UP)


def _groups_and_opioids(extract: Extract) -> Column:
    """The groups of the agency, and before them opioids together where the extract tells them."""
    column, listed = _euda(extract.catalogue), euda_groups(extract.catalogue)
    beside = codes.PRIMARY_GROUPS[:1] if extract.st5_told else ()
    alone = (codes.ALL, *beside, *(one for one in column.codes if one.code in listed))
    return replace(column, codes=alone, places={one.code: ("group", one.code) for one in beside})


def _euda(catalogue: Catalogue) -> Column:
    """Each group followed by its substances, which are those of table T5: so a file says what a group holds."""
    listed: list[Code] = [codes.ALL]
    for code, members in euda_groups(catalogue).items():
        group = catalogue.euda_groups[code.removeprefix(f"{EUDA}.")]
        listed.append(Code(code, group.name_nl, group.name_en, TOTAL))
        listed += [
            Code(one.code, one.name_nl, one.name_en, code)
            for one in catalogue.substances.values()
            if one.code in members
        ]
    places = {one.code: ("substance", one.code) for one in listed if one.code in catalogue.substances}
    return Column(
        "euda_group",
        "euda_group",
        "EUDA-groep of middel",
        "EUDA group or substance",
        (*listed, codes.NO_SUBSTANCE),
        {**places, codes.UNKNOWN: ("substance", codes.UNKNOWN)},
    )


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
