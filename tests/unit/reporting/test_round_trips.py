"""What the programs of statisticians read in each format: the same numbers, and the same cells hidden."""

import csv
import importlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from register.reporting import formats
from register.reporting.formats import csvw
from register.reporting.headings import HEADINGS
from register.reporting.profiles import Profile
from tests.unit.reporting import every_format
from tests.unit.reporting.published_files import FACTS, release_files, table_files

Cells = dict[tuple[str, ...], float | None]
TABLES = tuple(HEADINGS)
WHY_MISSING = {("Q", "C"), ("M", "F")}
NOT_A_KEY = {"obs_value", "obs_status", "conf_status"}


@pytest.fixture(scope="module")
def tables() -> dict[str, dict[str, bytes]]:
    return table_files()


@pytest.fixture(scope="module")
def whole(tables: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return release_files(tables)


@pytest.fixture(scope="module")
def readers() -> Any:
    """Every worker collects this module and one runs it, so the readers are imported only here."""
    limit = csv.field_size_limit()
    found = importlib.import_module("tests.unit.reporting.readers")
    importlib.import_module("frictionless.formats.csv.parser")  # lifts the limit for the whole process
    csv.field_size_limit(limit)
    return found


@pytest.fixture(scope="module")
def book(whole: dict[str, bytes], readers: Any) -> Any:
    return readers.workbook(whole["workbook.xlsx"])


def _dimensions(body: bytes) -> list[str]:
    return [name for name in json.loads(body)["cells"][0] if name not in NOT_A_KEY]


def _published(body: bytes) -> Cells:
    """The cells of the register's own JSON: what every reader must find again."""
    names = _dimensions(body)
    return {tuple(cell[name] for name in names): cell["obs_value"] for cell in json.loads(body)["cells"]}


def _hidden(body: bytes) -> set[tuple[str, ...]]:
    """Where the register's own JSON says that a cell is hidden."""
    names = _dimensions(body)
    return {tuple(cell[name] for name in names) for cell in json.loads(body)["cells"] if cell["conf_status"] == "C"}


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_numbers_and_missing_values_in_the_tidy_csv(
    tables: dict[str, dict[str, bytes]], readers: Any, table: str
) -> None:
    frame = readers.csv_frame(tables[table]["csv"])
    assert frame["obs_value"].dtype.kind in "if"
    assert readers.cells(frame, _dimensions(tables[table]["json"]), "obs_value") == _published(tables[table]["json"])
    missing = frame["obs_value"].isna()
    assert set(zip(frame["obs_status"][missing], frame["conf_status"][missing], strict=True)) <= WHY_MISSING
    assert set(frame.loc[~missing, "conf_status"]) <= {"F"}
    hidden = frame[frame["conf_status"] == "C"]
    assert set(readers.cells(hidden, _dimensions(tables[table]["json"]), "obs_value")) == _hidden(tables[table]["json"])


@pytest.mark.parametrize("table", TABLES)
def test_the_csv_for_a_dutch_excel_holds_the_same_rows(
    tables: dict[str, dict[str, bytes]], readers: Any, table: str
) -> None:
    body = tables[table]["csvnl"]
    assert body.startswith(b"\xef\xbb\xbf")
    dutch = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    plain = list(csv.reader(io.StringIO(tables[table]["csv"].decode(), newline="")))
    value = plain[0].index("obs_value")
    assert dutch == [[*line[:value], line[value].replace(".", ","), *line[value + 1 :]] for line in plain]
    frame = readers.csv_frame(body, sep=";", decimal=",", encoding="utf-8-sig")
    assert readers.cells(frame, _dimensions(tables[table]["json"]), "obs_value") == _published(tables[table]["json"])


@pytest.mark.parametrize("table", TABLES)
def test_sdmx_csv_says_nan_for_what_is_missing(tables: dict[str, dict[str, bytes]], readers: Any, table: str) -> None:
    frame = readers.csv_frame(tables[table]["sdmxcsv"], dtype=str, keep_default_na=False)
    names = [name.upper() for name in _dimensions(tables[table]["json"])]
    assert readers.cells(frame, names, "OBS_VALUE") == _published(tables[table]["json"])
    assert (frame["OBS_VALUE"] != "").all()
    assert set(frame["STRUCTURE"]) == {"dataflow"}
    assert set(frame["STRUCTURE_ID"]) == {f"NLDDR:DF_{table.replace('-', '_').upper()}(1.0.0)"}
    assert set(frame["ACTION"]) == {"R"}
    assert list(frame.columns[:3]) == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]


@pytest.mark.parametrize("table", TABLES)
def test_pysdmx_reads_sdmx_csv(tables: dict[str, dict[str, bytes]], readers: Any, table: str) -> None:
    found = readers.sdmx_data_set(tables[table]["sdmxcsv"])
    assert found.structure == f"Dataflow=NLDDR:DF_{table.replace('-', '_').upper()}(1.0.0)"
    assert found.action == readers.REPLACES
    names = [name.upper() for name in _dimensions(tables[table]["json"])]
    assert readers.cells(found.data, names, "OBS_VALUE") == _published(tables[table]["json"])
    missing = found.data["OBS_VALUE"] == "NaN"
    about = found.data.loc[missing, ["OBS_STATUS", "CONF_STATUS"]]
    assert set(about.itertuples(index=False, name=None)) <= WHY_MISSING
    assert set(found.data.loc[~missing, "CONF_STATUS"]) <= {"F"}
    hidden = found.data[found.data["CONF_STATUS"] == "C"]
    assert set(readers.cells(hidden, names, "OBS_VALUE")) == _hidden(tables[table]["json"])


@pytest.mark.parametrize("table", TABLES)
def test_sdmx_json_points_from_each_cell_to_its_codes(tables: dict[str, dict[str, bytes]], table: str) -> None:
    message = json.loads(tables[table]["sdmxjson"])
    (structure,), (data,) = message["data"]["structures"], message["data"]["dataSets"]
    axes = structure["dimensions"]["observation"]
    assert [axis["keyPosition"] for axis in axes] == list(range(len(axes)))
    assert axes[-1]["roles"] == ["TIME_PERIOD"]
    status, confidentiality = ([code["id"] for code in one["values"]] for one in structure["attributes"]["observation"])
    names = [name.upper() for name in _dimensions(tables[table]["json"])]
    found: Cells = {}
    for key, (value, about, secret) in data["observations"].items():
        at = {axis["id"]: axis["values"][int(place)]["id"] for axis, place in zip(axes, key.split(":"), strict=True)}
        found[tuple(at[name] for name in names)] = value
        assert (confidentiality[secret] == "C") == (status[about] == "Q")
        assert (value is None) == (status[about] in ("Q", "M"))
    assert found == _published(tables[table]["json"])
    released = dict(zip((one["id"] for one in structure["attributes"]["dataSet"]), data["attributes"], strict=True))
    assert released["RELEASE_ID"] == 0
    assert set(message["meta"]) >= {"id", "prepared", "sender"}
    assert data["links"] == structure["links"]


@pytest.mark.parametrize("table", TABLES)
def test_pyjstat_reads_json_stat(tables: dict[str, dict[str, bytes]], readers: Any, table: str) -> None:
    frame = readers.json_stat_frame(tables[table]["jsonstat"])
    published = _published(tables[table]["json"])
    found = readers.cells(frame, _dimensions(tables[table]["json"]), "value")
    assert {key: value for key, value in found.items() if key in published} == published
    assert all(found[key] is None for key in found.keys() - published.keys())
    body = json.loads(tables[table]["jsonstat"])
    hidden = [body["value"][int(place)] for place, status in body["status"].items() if status == "Q"]
    assert len(hidden) == len(_hidden(tables[table]["json"]))
    assert set(hidden) <= {None}


@pytest.mark.parametrize("table", TABLES)
def test_openpyxl_reads_numbers_and_signs_in_the_workbook(
    tables: dict[str, dict[str, bytes]], book: Any, table: str
) -> None:
    sheet, hidden = book[table], _hidden(tables[table]["json"])
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    head, *lines = rows
    years = [name for name in head if name.isdigit()]
    codes = [place for place, name in enumerate(head) if name.endswith("(code)")]
    names = _dimensions(tables[table]["json"])
    chosen = [name for name in names if len({key[names.index(name)] for key in _published(tables[table]["json"])}) > 1]
    shown = {(year, *(line[place] for place in codes)): line[head.index(year)] for line in lines for year in years}
    assert not sheet.merged_cells.ranges
    assert all(value is not None for line in lines for value in line)
    for key, value in _published(tables[table]["json"]).items():
        at = tuple(code for name, code in zip(names, key, strict=True) if name in chosen)
        cell = shown.pop(at)
        assert cell == (value if value is not None else "[c]" if key in hidden else "[z]")
        assert isinstance(cell, str if value is None else (int, float))
    assert set(shown.values()) <= {"[z]"}


def test_the_workbook_opens_with_cover_contents_and_explanation(book: Any, tables: dict[str, Any]) -> None:
    assert book.sheetnames[:3] == ["Voorblad", "Inhoud", "Toelichting"]
    assert set(book.sheetnames[3:]) == set(tables) == set(TABLES)
    cover = {row[0]: row[1] for row in book["Voorblad"].iter_rows(min_row=2, values_only=True)}
    assert cover["Publicatie"] == "2016-2017-nl-broad-d1"
    assert cover["Toelichting van de makers"] == "=1+1 is geen formule."
    assert (cover["Peildatum"], cover["Gepubliceerd op"]) == ("1 juni 2018", "1 juli 2018, 12:00")
    assert cover["Regel"] == "geen andere dan het kleinste aantal"
    assert {cell.data_type for cell in book["Voorblad"]["B"][1:]} == {"s"}
    assert [row[0] for row in book["Inhoud"].iter_rows(min_row=3, values_only=True)] == book.sheetnames[3:]
    assert "[c]" in [row[0] for row in book["Toelichting"].iter_rows(values_only=True)]


def test_the_cover_says_each_rule_beside_the_smallest_count(tables: dict[str, Any], readers: Any) -> None:
    rules = Profile(alike=0, dominant=75, waived=("group",), reason="Staat al vast.").facts()
    made = formats.files_of_release(tables, {**FACTS, "rules": rules})
    cover = readers.workbook(next(one.body for one in made if one.key == "xlsx"))["Voorblad"]
    told = [row[1] for row in cover.iter_rows(min_row=2, values_only=True) if row[0] == "Regel"]
    assert [one.split(" ")[0] for one in told] == ["Groepen", "Aantallen", "Kleine"]
    assert told[2].endswith("worden getoond, omdat: Staat al vast.")
    older = formats.files_of_release(tables, {**FACTS, "rules": rules, "extractFormat": 4})
    cover = readers.workbook(next(one.body for one in older if one.key == "xlsx"))["Voorblad"]
    assert "Regel" not in [row[0] for row in cover.iter_rows(values_only=True)]


def test_frictionless_finds_the_data_package_valid_with_every_hash(
    tables: dict[str, dict[str, bytes]], whole: dict[str, bytes], readers: Any, tmp_path: Path
) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "datapackage.json").write_bytes(whole["datapackage.json"])
    for name, found in tables.items():
        (tmp_path / formats.path_of(name, "csv")).write_bytes(found["csv"])
    report = readers.package(tmp_path).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == set(tables)
    rows = readers.package(tmp_path).get_resource("group").read_rows()
    assert {row["conf_status"] for row in rows if row["obs_value"] is None} == {"C"}


@pytest.mark.parametrize("table", TABLES)
def test_csvw_describes_every_column_of_the_file_beside_it(tables: dict[str, dict[str, bytes]], table: str) -> None:
    described = json.loads(tables[table]["csvw"])
    head = tables[table]["csv"].decode().split("\r\n", 1)[0].split(",")
    columns = described["tableSchema"]["columns"]
    assert [column["titles"] for column in columns] == head
    assert described["url"] == f"{table}.csv"
    assert formats.file_name(table, "csvw") == f"{table}.csv-metadata.json"
    assert {column["name"] for column in columns if "null" in column} == {"obs_value"}
    assert next(column["null"] for column in columns if "null" in column) == csvw.MISSING == ["", "NaN"]


def test_the_codebook_names_every_column_and_code_of_every_table(
    tables: dict[str, dict[str, bytes]], whole: dict[str, bytes]
) -> None:
    book = json.loads(whole["codebook.json"])
    lists = {one["name"]: {code["code"] for code in one["codes"]} for one in book["codeLists"]}
    for found in tables.values():
        rows = list(csv.DictReader(io.StringIO(found["csv"].decode(), newline="")))
        assert set(rows[0]) <= {column["name"] for column in book["columns"]}
        for row in rows:
            assert all(row[name] in codes for name, codes in lists.items() if name in row)
    lines = list(csv.DictReader(io.StringIO(whole["codebook.csv"].decode(), newline="")))
    assert {line["code"] for line in lines if (line["kind"], line["name"]) == ("code", "substance")} == lists[
        "substance"
    ]
    page = whole["codebook.html"].decode()
    assert page.startswith("<!DOCTYPE html>")
    assert all(f'id="list-{name}"' in page for name in lists)


def test_the_same_cells_give_the_same_workbook_and_codebook(
    tables: dict[str, dict[str, bytes]], whole: dict[str, bytes]
) -> None:
    assert release_files(tables) == whole


@pytest.mark.parametrize("table", TABLES)
def test_every_format_holds_the_same_numbers(tables: dict[str, dict[str, bytes]], book: Any, table: str) -> None:
    found = every_format.numbers(tables[table], book[table])
    published = _published(tables[table]["json"])
    for kind, cells in found.items():
        assert {key: value for key, value in cells.items() if value is not None} == {
            key: value for key, value in published.items() if value is not None
        }, kind
        assert published.keys() <= cells.keys(), kind
