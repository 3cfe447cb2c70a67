"""The Dutch deaths of 2013-2017: made-up cases with the published margins give exactly those margins back.

The cases go the whole way: imported, reviewed and closed under every guard, frozen, counted, protected. The margins are
those of the EMCDDA statistical bulletin 2019 (Selection B): by sex and by age band, without a cross table.
"""

import csv
import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import TransactionTestCase
from django.utils import timezone

from register.casework import review_bulk
from register.casework.importing import importer, mapping, synthetic
from register.disclosure import PROFILES, Count, Policy, Suppressed
from register.models import User
from register.reporting import building, formats, freezing, releases
from register.reporting.codelists import EUDA_BANDS
from register.reporting.extract import Extract
from register.reporting.formats import ProtectedTable
from register.reporting.plans import Plan
from register.reporting.protect import ProtectedRelease, protected_release
from register.reporting.publishing import about_of
from register.workflow.release_transitions import ReleaseState
from tests.unit.reporting import every_format
from tests.unit.reporting.attacker import computable

pytestmark = pytest.mark.django_db(databases=["default"])
YEARS = range(2013, 2018)
SEXES = {"M": "male", "F": "female", "_T": "_T"}
BANDS = {f"{band.low}-{band.high}": band.code for band in EUDA_BANDS} | {"65+": "Y_GE65", "_T": "_T"}


@pytest.fixture(scope="module")
def margins(reference_dir: Path) -> list[dict[str, str]]:
    with (reference_dir / "nl_deaths_2013_2017.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def frozen(
    django_db_setup: None, django_db_blocker: Any, reference_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Extract]:
    """961 closed cases, frozen."""
    cases = tmp_path_factory.mktemp("dutch") / "cases.csv"
    synthetic.write_cases(reference_dir / "nl_deaths_2013_2017.csv", cases)
    plan = mapping.load("nl_margins")
    with django_db_blocker.unblock():
        importing = User.objects.create_user("invoer", role="register_staff")
        reviewing = User.objects.create_user("toetser", role="register_staff")
        imported = list(importer.import_file(cases, plan, by=importing))
        assert sum(batch.imported for batch in imported) == 961
        keys = review_bulk.waiting(plan, by=reviewing)
        reviewed = list(review_bulk.review_cases(keys, plan, by=reviewing))
        assert sum(batch.closed for batch in reviewed) == 961
        yield freezing.freeze(years=YEARS, cut_off=timezone.now(), rule_version="1")
        TransactionTestCase._fixture_teardown(None)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def open_tables(frozen: Extract) -> dict[str, ProtectedTable]:
    """The tables without protection, for inside use only."""
    return protected_release(frozen, definition="sel_b", years=YEARS, policy=PROFILES["none"]).tables


@pytest.fixture(scope="module")
def protected(frozen: Extract) -> Callable[[int], ProtectedRelease]:
    """The release protected at a threshold, once for each."""

    @cache
    def at(threshold: int) -> ProtectedRelease:
        return protected_release(frozen, definition="sel_b", years=YEARS, policy=Policy(threshold=threshold))

    return at


def _shown(table: ProtectedTable) -> dict[tuple[str, ...], int]:
    return {
        (row.period, *row.at): row.cell.value
        for row in table.rows
        if row.definition == "sel_b" and isinstance(row.cell, Count)
    }


def test_year_by_sex_gives_exactly_the_published_margins(
    open_tables: dict[str, ProtectedTable], margins: list[dict[str, str]]
) -> None:
    table = _shown(open_tables["definition-sex"])
    expected = {(row["year"], SEXES[row["sex"]]): int(row["deaths"]) for row in margins if row["age_band"] == "_T"}
    assert len(expected) == 15
    assert {key: table[key] for key in expected} == expected
    assert sum(table.values()) == 2 * 961


def test_year_by_age_gives_exactly_the_published_margins(
    open_tables: dict[str, ProtectedTable], margins: list[dict[str, str]]
) -> None:
    table = _shown(open_tables["age-euda-sex"])
    expected = {
        (row["year"], BANDS[row["age_band"]], "_T"): int(row["deaths"]) for row in margins if row["sex"] == "_T"
    }
    assert len(expected) == 60
    assert {key: table[key] for key in expected} == expected
    assert {table[str(year), "_U", "_T"] + table[str(year), "Y_LT15", "_T"] for year in YEARS} == {0}


def test_every_format_gives_exactly_the_published_margins(
    open_tables: dict[str, ProtectedTable], margins: list[dict[str, str]]
) -> None:
    about = formats.About("r", "t", "final", "sel_b", "1", 2013, 2017, timezone.localdate(), 1, 100, 100)
    files = {name: dict(formats.files(open_tables[name], about)) for name in ("definition-sex", "age-euda-sex")}
    facts = {**formats.release_facts(about), "publishedAt": "2018-07-01T10:00:00Z", "supersedes": None, "notes": ""}
    body = next(one.body for one in formats.files_of_release(files, facts) if one.key == "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(body))
    by_sex, by_age = (every_format.numbers(files[name], book[name]) for name in files)
    assert tuple(by_sex) == tuple(by_age) == every_format.FORMATS
    for kind in every_format.FORMATS:
        for row in margins:
            if row["age_band"] == "_T":
                at = (row["year"], "NL", "sel_b", SEXES[row["sex"]], "deaths")
                assert by_sex[kind][at] == int(row["deaths"]), kind
            if row["sex"] == "_T":
                at = (row["year"], "NL", "sel_b", BANDS[row["age_band"]], "_T", "deaths")
                assert by_age[kind][at] == int(row["deaths"]), kind


@pytest.mark.parametrize("threshold", [5, 10])
def test_with_suppression_on_no_hidden_cell_can_be_computed(
    protected: Callable[[int], ProtectedRelease], threshold: int
) -> None:
    made = protected(threshold)
    about = formats.About("r", "t", "final", "sel_b", "1", 2013, 2017, timezone.localdate(), threshold, 100, 100)
    files = {name: formats.files(table, about)["csv"] for name, table in made.tables.items()}
    hidden = sum(table.suppressed for table in made.tables.values())
    assert hidden > 20
    assert computable(files) == []


def test_what_is_shown_with_suppression_on_is_the_true_count(
    protected: Callable[[int], ProtectedRelease], open_tables: dict[str, ProtectedTable]
) -> None:
    made = protected(5)
    for name, table in made.tables.items():
        for row, true in zip(table.rows, open_tables[name].rows, strict=True):
            assert row[:-1] == true[:-1]
            assert row.cell == true.cell or isinstance(row.cell, Suppressed)


def test_the_same_figures_come_out_of_a_release(protected: Callable[[int], ProtectedRelease]) -> None:
    maker = User.objects.get(username="invoer")
    now = timezone.now()
    release = releases.draft(
        plan=Plan(
            title="Nederland 2013-2017",
            definition="sel_b",
            year_from=2013,
            year_to=2017,
            cut_off=now,
            target=ReleaseState.PUBLISHED_FINAL,
        ),
        by=maker,
        now=now,
    )
    release = building.build(release_id=release.pk, now=now)
    assert release.build == "built"
    assert release.report is not None
    assert (release.report["deaths"], release.report["completeness"]) == (961, 100)
    made = protected(5)
    for table in release.tables.all():
        assert table.files["csv"].encode() == formats.files(made.tables[table.name], about_of(release))["csv"]
