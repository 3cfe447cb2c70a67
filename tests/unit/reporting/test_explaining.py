"""What the two people of a release read of its protection: which cell protects which, what a coarser table gives."""

import json

import pytest

from register.disclosure import Policy
from register.reporting import formats
from register.reporting.codelists import EUDA_BANDS
from register.reporting.extract import Inhabitants, Population
from register.reporting.protect import ProtectedRelease, protected_release
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of

# Three women: their number is hidden, and something that adds up with it.
PEOPLE = [
    *(death("heroin", sex="male", age=age) for age in (*range(20, 60), *range(20, 60))),
    *(death("cocaine", sex="female", age=age) for age in (24, 41, 41)),
]


LIVING = Population(
    version="2026-1",
    source="Made up",
    published_on="2026-03-01",
    demo=True,
    rows=tuple(Inhabitants(2016, sex, band.code, "NL", 50_000) for sex in ("male", "female") for band in EUDA_BANDS),
)


@pytest.fixture(scope="module")
def made() -> ProtectedRelease:
    return protected_release(extract_of(PEOPLE), definition="nl_broad", years=YEARS, policy=Policy(threshold=5))


def test_a_cell_that_protects_is_named_with_the_small_counts_that_lean_on_it(made: ProtectedRelease) -> None:
    protects = made.report["tables"]["definition-sex"]["protects"]
    (one,) = [one for one in protects["cells"] if one["cell"]["nl"] == "T1 · 2016, Brede nationale definitie, Man"]
    assert "T1 · 2016, Brede nationale definitie, Vrouw" in [words["nl"] for words in one["small"]]
    assert one["cell"]["en"] == "T1 · 2016, Broad national definition, Male"
    assert all(len(table["protects"].get("cells", [])) <= 6 for table in made.report["tables"].values())


def test_a_coarser_table_would_hide_less_of_its_deaths(made: ProtectedRelease) -> None:
    gains = {gain["column"]["en"]: gain for gain in made.report["tables"]["age-euda-sex"]["coarser"]}
    assert gains["Sex"]["left_out"] == "dimension"
    before, after = gains["Sex"]["before"], gains["Sex"]["after"]
    assert before["cells"] == 4 * after["cells"], "four sexes in each band, the unknown among them"
    assert after["hidden"] < before["hidden"]
    assert after["deaths_hidden_percent"] <= before["deaths_hidden_percent"]
    assert made.report["tables"]["definition-sex"]["coarser"] == [], "without its only column it is no table"
    assert made.report["tables"]["substance"]["coarser"] == [], "what overlaps has no sums"


def test_a_form_that_no_table_prints_is_not_offered_as_coarser() -> None:
    extract = extract_of(PEOPLE, population=LIVING)
    made = protected_release(extract, definition="nl_broad", years=YEARS, policy=Policy(threshold=5))
    rates = {name: table["coarser"] for name, table in made.report["tables"].items() if name.startswith("rate-")}
    assert rates["rate-age-euda-sex"], "without sex less would be hidden"
    columns = {gain["column"]["en"] for gains in rates.values() for gain in gains}
    assert columns == {"Sex"}, "rates have no sum over sources of the population"


def test_none_of_it_leaves_the_register(made: ProtectedRelease) -> None:
    for table in made.tables.values():
        for body in formats.files(table, ABOUT).values():
            assert b"protects" not in body
    json.dumps(made.report)
