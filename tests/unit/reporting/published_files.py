"""The files of one release, as they would be published, for tests of what people read in them."""

from register.disclosure import Policy
from register.reporting import formats
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


def table_files() -> dict[str, dict[str, bytes]]:
    """Every file of every table, by the name of the table and the key of its form."""
    made = protected_release(extract_of(DEATHS), definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    return {name: dict(formats.files(table, ABOUT)) for name, table in made.tables.items()}


def release_files(tables: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """Every file about the whole release, by its file name."""
    return {formats.file_name(one.name, one.key): one.body for one in formats.files_of_release(tables, FACTS)}
