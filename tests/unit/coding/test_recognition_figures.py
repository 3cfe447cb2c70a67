"""Recognition held against a medical examiner's own columns on 6,304 real deaths (Connecticut, 2012-2019).

The examiner filled the columns from the whole file; 278 texts, most of them "Multiple Drug Toxicity", name no specific
substance. So two floors: over all deaths, and over those whose text names one.
"""

import pytest

from bench.recognition import UNSPECIFIED, deaths, f1, measured, reference, total
from register.coding.catalogue import load
from register.coding.recognition import Recogniser

if not reference().is_file():
    pytest.skip(
        f"The Connecticut file is not at {reference()}; set REGISTER_REFERENCE_DIR to its folder.",
        allow_module_level=True,
    )

CATALOGUE = load()
RECOGNISER = Recogniser(CATALOGUE)
ROWS = deaths()


def test_over_all_deaths_the_text_alone_gives_the_examiners_columns() -> None:
    found = total(measured(ROWS, RECOGNISER.propose, CATALOGUE, analogues=False))
    assert f1(found) >= 0.9665
    assert found["right"] / (found["right"] + found["wrong"]) >= 0.98


def test_where_the_text_names_a_substance_the_columns_follow_it() -> None:
    naming = [row for row in ROWS if set(RECOGNISER.propose(row["Cause of Death"])) - UNSPECIFIED]
    assert len(naming) > 6_000
    assert f1(total(measured(naming, RECOGNISER.propose, CATALOGUE, analogues=False))) >= 0.98


def test_an_analogue_stands_for_the_column_fentanyl_with_its_hint_or_by_its_group_alike() -> None:
    by_code = total(measured(ROWS, RECOGNISER.propose, CATALOGUE, analogues=False))
    by_group = total(measured(ROWS, RECOGNISER.propose, CATALOGUE, analogues=True))
    assert abs(f1(by_code) - f1(by_group)) < 0.001
