"""Frozen deaths for tests, with the shipped catalogue."""

from collections.abc import Iterable, Sequence
from datetime import date

from register.coding import catalogue
from register.coding.settings import DEFAULT, Settings
from register.reporting.extract import Death, Extract, catalogue_of
from register.reporting.formats import About

YEARS = range(2016, 2018)


def death(
    *substances: str,
    year: int = 2016,
    sex: str = "male",
    age: int = 40,
    definitions: Sequence[str] = ("nl_broad",),
    possible: Iterable[str] = (),
) -> Death:
    role = "sole_cause" if len(substances) == 1 else "joint_cause"
    rows = [(code, role) for code in substances] + [(code, "possible_contribution") for code in possible]
    return Death(
        year=year,
        sex=sex,
        age=age,
        intent="accident",
        place="own_home",
        province="PV27",
        region="GG3406",
        inclusion="confirmed",
        tox="final",
        definitions=tuple(sorted(definitions)),
        substances=tuple(sorted(rows)),
    )


def extract_of(deaths: Iterable[Death], settings: Settings = DEFAULT) -> Extract:
    shipped = catalogue.load()
    return Extract(
        rule_version="1",
        settings=settings,
        catalogue=catalogue_of(
            [[one.code, one.name_nl, one.name_en, one.class_, one.rank] for one in shipped.groups.values()],
            [[one.code, one.name_nl, one.name_en, one.group] for one in shipped.substances.values()],
        ),
        deaths=tuple(sorted(deaths)),
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
