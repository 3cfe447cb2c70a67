"""What one result of a laboratory says, as laboratories write it."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding.laboratory_values import (
    UNIT_LABELS,
    Reading,
    Unreadable,
    decimal_mark,
    number_in,
    read,
    unit_of,
)
from register.quality import value_sets


@pytest.mark.parametrize(
    ("text", "outcome", "qualifier", "value", "unit"),
    [
        ("1,2 mg/L", "detected", "eq", "1.2", "mg_l"),
        ("0.012 mg/l", "detected", "eq", "0.012", "mg_l"),
        ("12 µg/L", "detected", "eq", "12", "ug_l"),
        ("12 \u03bcg/L", "detected", "eq", "12", "ug_l"),
        ("12 ug/L", "detected", "eq", "12", "ug_l"),
        ("12 mcg/l", "detected", "eq", "12", "ug_l"),
        ("300ng/mL", "detected", "eq", "300", "ng_ml"),
        ("1,9 ‰", "detected", "eq", "1.9", "promille"),
        ("1,9 promille", "detected", "eq", "1.9", "promille"),
        ("2,1 g/L", "detected", "eq", "2.1", "g_l"),
        ("21,7 mmol/L", "detected", "eq", "21.7", "mmol_l"),
        ("12 % COHb", "detected", "eq", "12", "pct_cohb"),
        ("0,4 mg/kg", "detected", "eq", "0.4", "mg_kg"),
        ("<0,01 mg/L", "below_limit", "lt", "0.01", "mg_l"),
        ("kleiner dan 5 mg/L", "below_limit", "lt", "5", "mg_l"),
        ("≤ 5 mg/L", "below_limit", "lt", "5", "mg_l"),
        ("> 5 g/L", "detected", "gt", "5", "g_l"),
        ("± 0,5 mg/L", "detected", "approx", "0.5", "mg_l"),
        ("ca. 3 mg/L", "detected", "approx", "3", "mg_l"),
        ("0,5 ± 0,1 mg/L", "detected", "eq", "0.5", "mg_l"),
        ("1.234,5 µg/L", "detected", "eq", "1234.5", "ug_l"),
        ("1,234.5 µg/L", "detected", "eq", "1234.5", "ug_l"),
        ("1 200 µg/L", "detected", "eq", "1200", "ug_l"),
        ("1\u202f200\u00a0µg/L", "detected", "eq", "1200", "ug_l"),
        ("1.200.000 µg/L", "detected", "eq", "1200000", "ug_l"),
        ("12 µmol/L", "detected", "eq", "0.012", "mmol_l"),
        ("120 mg/dL", "detected", "eq", "1.20", "g_l"),
        ("250 pg/mL", "detected", "eq", "0.250", "ng_ml"),
        ("0,1-0,4 mg/L", "detected", None, None, None),
        ("positief", "detected", None, None, None),
        ("pos.", "detected", None, None, None),
        ("Aangetoond", "detected", None, None, None),
        ("spoor", "detected", None, None, None),
        ("neg.", "not_detected", None, None, None),
        ("n.a.", "not_detected", None, None, None),
        ("N.A.", "not_detected", None, None, None),
        ("niet aangetoond", "not_detected", None, None, None),
        ("not detected", "not_detected", None, None, None),
        ("< LOQ", "below_limit", None, None, None),
        ("n.b.", "not_tested", None, None, None),
        ("niet onderzocht", "not_tested", None, None, None),
        ("+/-", "inconclusive", None, None, None),
    ],
)
def test_a_result_is_read_as_the_laboratory_means_it(
    text: str, outcome: str, qualifier: str | None, value: str | None, unit: str | None
) -> None:
    found = read(text)
    assert isinstance(found, Reading), found
    assert (found.outcome, found.qualifier, found.unit) == (outcome, qualifier, unit)
    assert found.value == (None if value is None else Decimal(value))


@pytest.mark.parametrize("text", ["n.a.", "spoor", "0,1-0,4 mg/L", "0,5 ± 0,1 mg/L", "12 µmol/L"])
def test_what_is_not_obvious_is_said_beside_it(text: str) -> None:
    found = read(text)
    assert isinstance(found, Reading) and found.notes and all(note.nl and note.en for note in found.notes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.200 µg/L", "kan 1,2 of 1200 zijn"),
        ("veel", "niet te lezen als getal"),
        ("2 mg", "De eenheid 'mg' kent het register niet"),
        ("1,2", "geen eenheid"),
        ("0,0000001 mg/L", "meer cijfers"),
        ("1234567890123 mg/L", "meer cijfers"),
        ("", "geen uitslag"),
        ("-", "niet te lezen"),
    ],
)
def test_what_can_be_read_in_two_ways_or_not_at_all_is_not_read(text: str, why: str) -> None:
    found = read(text)
    assert isinstance(found, Unreadable)
    assert why in found.why.nl and found.why.en


def test_the_units_are_those_of_the_value_set() -> None:
    labels = {value.code: value.label_nl for value in value_sets.values("VS-UNIT")}
    assert labels == UNIT_LABELS
    assert all(unit_of(label) == (code, 1) for code, label in labels.items())


def test_the_numbers_of_a_table_say_what_its_marks_mean() -> None:
    assert decimal_mark(["1.200", "0,5"]) == ","
    assert decimal_mark(["1,200", "0.5"]) == "."
    assert decimal_mark(["1.200"]) is None
    assert decimal_mark(["0,5", "0.5"]) is None
    assert (number_in("1.200", ","), number_in("1.200", ".")) == (Decimal(1200), Decimal("1.200"))
    assert (number_in("1,200", "."), number_in("1,200")) == (Decimal(1200), Decimal("1.200"))


@given(st.text() | st.text("0123456789.,<>±~=- µgmlL/%‰ ", max_size=30), st.text(max_size=8))
def test_any_text_gives_a_reading_or_a_sentence(text: str, unit: str) -> None:
    found = read(text, unit)
    if isinstance(found, Unreadable):
        assert found.why.nl and found.why.en
        assert not re.search(r"\{(text|value|unit)\}", found.why.nl + found.why.en)
    else:
        assert (found.value is None) == (found.unit is None)
        assert found.value is None or found.value >= 0


@given(st.decimals(0, 99_999, places=3), st.sampled_from([",", "."]))
def test_a_number_written_with_either_mark_is_read_back(number: Decimal, mark: str) -> None:
    written = f"{number:f}".replace(".", mark)
    assert number_in(written, ",") == number or mark == "."
    assert number_in(written, mark) == number  # type: ignore[arg-type]
