"""The files of one release, as they would be published, for tests of what people read in them."""

from register.disclosure import Policy
from register.reporting import codelists, formats
from register.reporting.extract import Inhabitants, Population
from register.reporting.protect import protected_release
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of

DEATHS = [
    *(death("heroin", sex="male", age=age) for age in range(20, 60)),
    *(death("cocaine", sex="female", age=33) for _ in range(12)),
    *(death("mdma", "ghb", sex="female", age=22) for _ in range(3)),
    *(death("ketamine", year=2017, age=age) for age in range(25, 45)),
]
FACTS = {
    **formats.release_facts(ABOUT),
    "cutoff": "2018-06-01T00:00:00Z",
    "publishedAt": "2018-07-01T10:00:00Z",
    "supersedes": None,
    "notes": "=1+1 is geen formule.",
}
# What is frozen as counts, and people of whom there are rates with decimals.
TALLIES = [
    *(("used_alone", "nl_broad", 2016, answer, count) for answer, count in (("yes", 30), ("no", 13))),
    *(("month", "nl_broad", 2016, f"M{number:02}", 2 + number) for number in range(1, 6)),
    ("nil_reports", codelists.SERVICES, 2016, "M02", 7),
    *(("completeness", codelists.NOTIFIED, 2016, f"GG3406.{state}", 40) for state in ("decided", "open")),
    *(("tox_days.days", "nl_broad", 2016, str(days), 1) for days in range(20, 45)),
    ("tox_days", "nl_broad", 2016, "known", 25),
]
PEOPLE = [(sex, band.code, "NL") for sex in ("male", "female") for band in codelists.EUDA_BANDS]
POPULATION = Population(
    "2017-1",
    "Verzonnen bevolking",
    "2017-05-03",
    True,
    tuple(
        Inhabitants(year, *at, 700_000 + 31 * place)
        for year in YEARS
        for place, at in enumerate([*PEOPLE, ("_T", "_T", "GG3406")])
    ),
)


def table_files() -> dict[str, dict[str, bytes]]:
    """Every file of every table, by the name of the table and the key of its form."""
    extract = extract_of(DEATHS, tallies=TALLIES, population=POPULATION)
    made = protected_release(extract, definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    return {name: dict(formats.files(table, ABOUT)) for name, table in made.tables.items()}


def release_files(tables: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """Every file about the whole release, by its file name."""
    return {formats.file_name(one.name, one.key): one.body for one in formats.files_of_release(tables, FACTS)}
