"""The tables that a release publishes: their names, columns and code lists, each read from one frozen extract."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from register.coding.catalogue import Catalogue
from register.disclosure import TOTAL
from register.reporting import codelists as codes
from register.reporting import frozen_codes, items
from register.reporting.codelists import Code
from register.reporting.extract import Extract, Population
from register.reporting.frozen_codes import EUDA, euda_groups
from register.reporting.headings import HEADINGS
from register.reporting.items import Item
from register.reporting.table_design import (
    ADDS_UP,
    BY_MEASURE,
    NO_COUNTS,
    OVERLAPS,
    PER_DEFINITION,
    PER_ITEM,
    RATES,
    Column,
    TableDesign,
)

RATE_MEASURES = ("deaths", "population", "per_100k", "per_million")


def designs(extract: Extract) -> tuple[TableDesign, ...]:
    """The tables T1 to T14 that an extract can fill, with its code lists; rates only where it has a population."""
    catalogue, areas, population = extract.catalogue, extract.known_areas(), extract.population
    sex = Column("sex", "sex", "Geslacht", "Sex", codes.sexes())
    euda = Column("age_band_euda", "age", "Leeftijd (EUDA)", "Age (EUDA)", codes.ages(codes.EUDA_BANDS))
    ndm = Column("age_band_ndm", "age", "Leeftijd (NDM)", "Age (NDM)", codes.ages(codes.NDM_BANDS))
    primary = Column("group", "group", "Middelengroep", "Substance group", frozen_codes.primary_codes())
    groups = Column("group", "group", "Middelengroep", "Substance group", frozen_codes.group_codes(catalogue))
    substances = Column("substance", "substance", "Middel", "Substance", frozen_codes.substance_codes(catalogue))
    intent = Column("intent", "intent", "Intentie", "Intent", codes.values("VS-INTENT"))
    area = Column("area", "area", "Gebied", "Area", frozen_codes.area_codes(areas))
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
        TableDesign("circumstances", (_of_items(extract, items.circumstances()),), ("deaths", "percent"), PER_ITEM),
        *_autopsy(extract),
        TableDesign(
            "toxicology", (_of_set("tox", "VS-TOXSTAT", "Toxicologie", "Toxicology"),), ("deaths", "percent"), ADDS_UP
        ),
        TableDesign("toxicology-scope", (_of_items(extract, (items.scope(),)),), ("deaths", "percent"), PER_ITEM),
        *_for_st5(extract, sex, ndm, intent, number),
        TableDesign("toxicology-days", (_of_items(extract, (items.DAYS,)),), ("deaths", "median_days"), PER_ITEM),
        TableDesign("month", (month,), ("deaths",), ADDS_UP),
        TableDesign("nil-reports", (month,), ("nil_reports",), NO_COUNTS),
        TableDesign("completeness-area", (area,), ("completeness",), NO_COUNTS),
        TableDesign("decision", (decision,), ("deaths",), ADDS_UP, population=codes.NOTIFIED),
        TableDesign("combination", (pairs,), ("any",), OVERLAPS, about="combination"),
        TableDesign("substances-number", (number,), ("deaths",), ADDS_UP),
        TableDesign("cbs", (_of_set("cbs", "VS-CBS", "Vergelijking", "Comparison"),), ("deaths",), ADDS_UP),
    )
    return (*found, *_rates(found, population, extract)) if population else found


def _rates(found: Sequence[TableDesign], population: Population, extract: Extract) -> tuple[TableDesign, ...]:
    """The tables of rates: the tables of counts for whom the population is known, with its source beside them."""
    known = {sex for row in population.rows for sex in (row.sex, TOTAL)}
    source = Column(
        "population_source",
        "population_source",
        "Bron van de bevolking",
        "Source of the population",
        (_told(population, extract),),
        {population.version: ("population_source", TOTAL)},
    )

    adding = RATES if extract.in_full else NO_COUNTS

    def counted(column: Column) -> Column:
        kept = tuple(
            code for code in column.codes if code.code != codes.UNKNOWN and (column.name != "sex" or code.code in known)
        )
        return Column(column.name, column.dimension, column.nl, column.en, kept)

    return tuple(
        TableDesign(f"rate-{design.name}", (*map(counted, design.columns), source), RATE_MEASURES, adding)
        for design in found
        if f"rate-{design.name}" in HEADINGS
    )


def _told(population: Population, extract: Extract) -> Code:
    """The version as a code, with the source and its day as label, so that both stand in every row of every file."""
    known = population.published_on
    nl = en = f"{population.source}, {known}"
    if extract.in_full:
        day = codes.day(known)
        nl, en = f"{population.source}; verschenen op {day.nl}", f"{population.source}; published on {day.en}"
    mark = (" (demonstratiecijfers)", " (demonstration figures)") if population.demo else ("", "")
    return Code(population.version, nl + mark[0], en + mark[1])


def _of_set(dimension: str, value_set: str, nl: str, en: str) -> Column:
    return Column(dimension, dimension, nl, en, codes.values(value_set))


def _of_items(extract: Extract, chosen: Sequence[Item]) -> Column:
    """One column for items that are dimensions of their own: all deaths, then each item with its answers."""
    places = {code.code: (item.code, item.place(code.code)) for item in chosen for code in item.codes()}
    listed = tuple(code for item in chosen for code in item.codes(in_full=extract.in_full))
    return Column("item", "item", "Onderwerp en antwoord", "Item and answer", (codes.ALL, *listed), places)


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
        yield TableDesign("autopsy", (_of_items(extract, (items.AUTOPSY,)),), ("deaths", "percent"), PER_ITEM)


def _for_st5(extract: Extract, sex: Column, ages: Column, intent: Column, number: Column) -> Iterator[TableDesign]:
    """The substances among deaths with known toxicology, and by sex what ST5 asks beside them."""
    if not (extract.st5_told and euda_groups(extract.catalogue)):
        return
    state = Column("toxicology_known", "tox", "Toxicologie bekend", "Toxicology known", codes.toxicology_known())
    groups = _groups_and_opioids(extract)
    yield TableDesign("euda-group-toxicology", (groups, state), ("any", "sole"), OVERLAPS, about="euda_group")
    yield TableDesign("substances-number-toxicology", (number, state), ("deaths",), ADDS_UP)
    yield TableDesign("substances-number-sex", (number, sex), ("deaths",), ADDS_UP)
    yield TableDesign("substances-number-age", (number, ages), ("deaths",), ADDS_UP)
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
