"""Frozen deaths for tests, with the shipped catalogue."""

from collections.abc import Iterable, Sequence
from datetime import date

from register.coding import catalogue
from register.coding.settings import DEFAULT, Settings
from register.reporting.extract import Area, Death, Extract, Population, Tally, catalogue_of
from register.reporting.formats import About

YEARS = range(2016, 2018)
AREAS = (
    Area("GG3406", "GGD Amsterdam", "PV27", "Noord-Holland"),
    Area("GG3109", "GGD Kennemerland", "PV27", "Noord-Holland"),
    Area("GG5006", "GGD Zeeland", "PV29", "Zeeland"),
)


def death(
    *substances: str,
    year: int = 2016,
    sex: str = "male",
    age: int = 40,
    definitions: Sequence[str] = ("nl_broad",),
    possible: Iterable[str] = (),
    intent: str = "accident",
    place: str = "own_home",
    region: tuple[str, str] = ("GG3406", "PV27"),
    inclusion: str = "confirmed",
    tox: str = "final",
) -> Death:
    role = "sole_cause" if len(substances) == 1 else "joint_cause"
    rows = [(code, role) for code in substances] + [(code, "possible_contribution") for code in possible]
    return Death(
        year=year,
        sex=sex,
        age=age,
        intent=intent,
        place=place,
        province=region[1],
        region=region[0],
        inclusion=inclusion,
        tox=tox,
        definitions=tuple(sorted(definitions)),
        substances=tuple(sorted(rows)),
    )


def extract_of(
    deaths: Iterable[Death],
    settings: Settings = DEFAULT,
    tallies: Iterable[tuple[str, str, int, str, int]] = (),
    population: Population | None = None,
) -> Extract:
    """Frozen deaths; ``tallies`` are (subject, population, year, code, count)."""
    shipped = catalogue.load()
    return Extract(
        rule_version="1",
        settings=settings,
        catalogue=catalogue_of(
            [[one.code, one.name_nl, one.name_en, one.class_, one.rank] for one in shipped.groups.values()],
            [[one.code, one.name_nl, one.name_en, one.group, one.euda_group] for one in shipped.substances.values()],
            [[one.code, one.name_nl, one.name_en] for one in shipped.euda_groups.values()],
        ),
        deaths=tuple(sorted(deaths)),
        tallies=tuple(sorted(Tally(*one) for one in tallies)),
        areas=AREAS,
        population=population,
    )


ABOUT = About(
    release_id="2016-2017-nl-broad-d1",
    title="Drugssterfte 2016-2017",
    status="final",
    definition="nl_broad",
    rule_version="1",
    year_from=2016,
    year_to=2017,
    extracted_on=date(2018, 6, 1),
    threshold=5,
    completeness=100,
    tox_completeness=90,
)
