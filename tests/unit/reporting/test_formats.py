"""Files: what stands in them, and that all of them say the same."""

import csv
import dataclasses
import io
import json

import pytest

from register.disclosure import PROFILES, Count, Policy, StructuralZero, Suppressed
from register.reporting import codelists, formats
from register.reporting.formats import ProtectedTable
from register.reporting.protect import protected_release
from tests.unit.reporting.deaths import ABOUT, YEARS, death, extract_of

BEFORE_THE_DIMENSIONS = ["time_period", "ref_area", "ref_area_label", "definition", "definition_label"]
AFTER_THE_DIMENSIONS = ["measure", "obs_value", "obs_status", "conf_status", "release_id", "release_status"]
EVERY_FILE_SAYS = ["rule_version", "extracted_on", "completeness", "tox_completeness"]
DEATHS = [
    *(death("heroin", sex="male", age=age) for age in range(20, 60)),
    *(death("cocaine", sex="female", age=33) for _ in range(12)),
    *(death("mdma", "ghb", sex="female", age=22) for _ in range(3)),
    *(death("ketamine", year=2017, age=age) for age in range(25, 45)),
]


@pytest.fixture(scope="module")
def tables() -> dict[str, ProtectedTable]:
    return protected_release(extract_of(DEATHS), definition="nl_broad", years=YEARS, policy=Policy(threshold=5)).tables


def _read(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


def test_the_columns_are_those_of_the_guide(tables: dict[str, ProtectedTable]) -> None:
    header = formats.files(tables["age-euda-sex"], ABOUT)["csv"].split(b"\r\n", 1)[0].decode().split(",")
    dimensions = ["age_band_euda", "age_band_euda_label", "sex", "sex_label"]
    assert header == [*BEFORE_THE_DIMENSIONS, *dimensions, *AFTER_THE_DIMENSIONS, *EVERY_FILE_SAYS]


def test_csv_is_utf_8_without_a_mark_with_crlf_and_commas(tables: dict[str, ProtectedTable]) -> None:
    body = formats.files(tables["group"], ABOUT)["csv"]
    assert not body.startswith(b"\xef\xbb\xbf")
    assert body.endswith(b"\r\n")
    assert body.count(b"\n") == body.count(b"\r\n") == len(tables["group"].rows) + 1
    assert "Opioïden" in body.decode()


def test_the_value_column_holds_numbers_or_nothing_and_counts_are_whole(tables: dict[str, ProtectedTable]) -> None:
    for table in tables.values():
        for row in _read(formats.files(table, ABOUT)["csv"]):
            if row["obs_value"]:
                assert (row["obs_status"], row["conf_status"]) == ("A", "F")
                if row["measure"] in codelists.COUNTS:
                    assert int(row["obs_value"]) not in range(1, 5)
                else:
                    assert float(row["obs_value"]) >= 0
            else:
                suppressed, impossible = ("Q", "C"), ("M", "F")
                counts = row["measure"] in codelists.COUNTS
                assert (row["obs_status"], row["conf_status"]) in {suppressed, suppressed if counts else impossible}


def test_something_is_hidden_and_true_zeros_are_shown(tables: dict[str, ProtectedTable]) -> None:
    values = [row["obs_value"] for row in _read(formats.files(tables["substance"], ABOUT)["csv"])]
    assert "" in values
    assert "0" in values


def test_json_holds_the_same_cells_as_csv(tables: dict[str, ProtectedTable]) -> None:
    for table in tables.values():
        rows = _read(formats.files(table, ABOUT)["csv"])
        cells = json.loads(formats.files(table, ABOUT)["json"])["cells"]
        assert len(rows) == len(cells)
        for row, cell in zip(rows, cells, strict=True):
            assert {name: row[name] for name in cell} == {
                name: "" if value is None else str(value) for name, value in cell.items()
            }


def test_json_carries_the_code_lists_that_its_cells_use(tables: dict[str, ProtectedTable]) -> None:
    for table in tables.values():
        body = json.loads(formats.files(table, ABOUT)["json"])
        for dimension in body["table"]["dimensions"]:
            known = {code["code"] for code in dimension["codes"]}
            assert {cell[dimension["name"]] for cell in body["cells"]} <= known


def test_the_same_cells_always_give_the_same_bytes(tables: dict[str, ProtectedTable]) -> None:
    again = protected_release(
        extract_of(reversed(DEATHS)), definition="nl_broad", years=YEARS, policy=Policy(threshold=5)
    ).tables
    for name, table in tables.items():
        assert formats.files(again[name], ABOUT) == formats.files(table, ABOUT)


def test_every_file_says_definition_rule_version_extraction_date_and_completeness(
    tables: dict[str, ProtectedTable],
) -> None:
    row = _read(formats.files(tables["substance"], ABOUT)["csv"])[0]
    assert row["definition"] == "nl_broad"
    assert [row[name] for name in EVERY_FILE_SAYS] == ["1", "2018-06-01", "100", "90"]
    facts = json.loads(formats.files(tables["substance"], ABOUT)["json"])["release"]
    assert [facts[name] for name in ("ruleVersion", "extractedOn", "completeness", "toxCompleteness")] == [
        "1",
        "2018-06-01",
        100,
        90,
    ]


def test_no_file_tells_a_small_count_from_the_cells_that_protect_it(tables: dict[str, ProtectedTable]) -> None:
    for table in tables.values():
        cells = json.loads(formats.files(table, ABOUT)["json"])["cells"]
        assert len({tuple(cell) for cell in cells}) == 1
        hidden = [cell for cell in cells if cell["obs_value"] is None]
        assert {(cell["obs_status"], cell["conf_status"]) for cell in hidden} <= {("Q", "C"), ("M", "F")}
        for body in formats.files(table, ABOUT).values():
            assert b"secondary" not in body
            assert b"primary" not in body.replace(b"primaryKey", b"")


@pytest.mark.parametrize(
    ("cell", "status", "expected"),
    [
        (Count(12), "final", (12, "A", "F")),
        (Count(12), "provisional", (12, "P", "F")),
        (Count(0), "further_provisional", (0, "P", "F")),
        (Suppressed(), "final", (None, "Q", "C")),
        (Suppressed(), "provisional", (None, "Q", "C")),
        (StructuralZero(), "final", (None, "M", "F")),
    ],
)
def test_each_situation_has_its_sdmx_codes(cell: object, status: str, expected: tuple[object, ...]) -> None:
    assert formats.observation(cell, status) == expected  # type: ignore[arg-type]


def test_a_provisional_release_says_so_in_every_row(tables: dict[str, ProtectedTable]) -> None:
    about = dataclasses.replace(ABOUT, status="provisional")
    rows = _read(formats.files(tables["definition-sex"], about)["csv"])
    assert {row["release_status"] for row in rows} == {"provisional"}
    assert {row["obs_status"] for row in rows} <= {"P", "Q"}


def test_without_protection_every_count_is_there() -> None:
    found = protected_release(extract_of(DEATHS), definition="nl_broad", years=YEARS, policy=PROFILES["none"])
    assert found.report["internal"] is True
    assert not any(table.suppressed for table in found.tables.values())
