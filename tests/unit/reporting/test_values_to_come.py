"""Formats read what a table holds: rates, regions that take no part, notes beside a number, dangerous labels."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest

from register.reporting import formats
from register.reporting.formats import tidy_csv, workbook
from register.reporting.formats.cube import Cube
from tests.unit.reporting.published_files import FACTS, table_files


@pytest.fixture(scope="module")
def rates() -> Cube:
    """A table as later ones may be: rates, a region, a status that no table has today, a label like a formula."""
    body: dict[str, Any] = json.loads(table_files()["group-hierarchical"]["json"])
    cells = body["cells"][:5]
    cells[0] |= {"obs_value": 1.25, "obs_status": "A"}
    cells[1] |= {"obs_value": 3, "obs_status": "U"}
    cells[2] |= {"obs_value": None, "obs_status": "L", "conf_status": "F"}
    cells[3] |= {"obs_value": None, "obs_status": "M", "conf_status": "F"}
    cells[4] |= {"obs_value": None, "obs_status": "Q", "conf_status": "C"}
    body["cells"] = cells
    body["table"]["dimensions"][-1]["codes"][1]["label"]["nl"] = "=HYPERLINK(1)"
    body["table"]["obsStatus"] += [
        {"code": "U", "label": {"nl": "Weinig bekend", "en": "Low reliability"}},
        {"code": "L", "label": {"nl": "Niet verzameld", "en": "Not collected"}},
    ]
    return Cube.of(body)


def test_a_rate_has_a_point_in_one_csv_and_a_comma_in_the_other(rates: Cube) -> None:
    assert b",1.25,A,F," in tidy_csv.csv_file(rates)
    assert b";1,25;A;F;" in tidy_csv.dutch_csv_file(rates)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert tidy_csv.harmless(text) == f"'{text}"


def test_a_label_like_a_formula_stays_as_it_is_in_the_plain_csv_only(rates: Cube) -> None:
    plain, dutch = tidy_csv.csv_file(rates).decode(), tidy_csv.dutch_csv_file(rates).decode()
    assert ",=HYPERLINK(1)," in plain
    assert ";'=HYPERLINK(1);" in dutch


def test_every_way_of_having_no_number_has_its_own_sign_in_the_workbook(rates: Cube) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.workbook_file([rates], FACTS)))["group-hierarchical"]
    values = [row[-1] for row in sheet.iter_rows(min_row=6, values_only=True)]
    assert values == [1.25, 3, "[x]", "[z]", "[c]"]
    assert "[u]" in sheet.cell(7, 3).number_format


def test_all_formats_can_be_made_of_it(rates: Cube) -> None:
    for make in formats.MADE_FROM_CUBE.values():
        assert make(rates)
    body = json.loads(formats.MADE_FROM_CUBE["jsonstat"](rates))
    assert set(body["status"].values()) == {"U", "L", "M", "Q"}
    rows = list(csv.DictReader(io.StringIO(formats.MADE_FROM_CUBE["sdmxcsv"](rates).decode(), newline="")))
    assert [row["OBS_VALUE"] for row in rows] == ["1.25", "3", "NaN", "NaN", "NaN"]
