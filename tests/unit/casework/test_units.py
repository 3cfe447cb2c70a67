"""Concentrations in one unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.casework.units import normalised

VOLUME = ("ug_l", "ng_ml", "mg_l", "ug_ml", "g_l", "promille")
values = st.decimals(min_value=0, max_value=1_000_000, places=6)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("12", "ug_l", ("12", "ug_l")),
        ("12", "ng_ml", ("12", "ug_l")),
        ("0.012", "mg_l", ("12", "ug_l")),
        ("0.012", "ug_ml", ("12", "ug_l")),
        ("0.000012", "g_l", ("12", "ug_l")),
        ("5", "ug_kg", ("5", "ug_kg")),
        ("5", "mg_kg", ("5000", "ug_kg")),
    ],
)
def test_a_value_is_converted_exactly(value: str, unit: str, expected: tuple[str, str]) -> None:
    assert normalised(Decimal(value), unit, substance="cocaine") == (Decimal(expected[0]), expected[1])


@given(values)
def test_a_thousandth_of_a_milligram_is_a_microgram(value: Decimal) -> None:
    micro, _ = normalised(value, "ug_l", substance="mdma")
    milli, _ = normalised(value / 1000, "mg_l", substance="mdma")
    assert micro == milli


@given(values, st.sampled_from(VOLUME))
def test_alcohol_is_always_in_grams_per_litre(value: Decimal, unit: str) -> None:
    found, found_unit = normalised(value, unit, substance="ethanol")
    assert found_unit == "g_l"
    assert found is not None and found >= 0


def test_one_gram_of_alcohol_per_litre_is_about_twenty_two_millimoles() -> None:
    found, _ = normalised(Decimal("21.7"), "mmol_l", substance="ethanol")
    assert found is not None and round(found, 2) == Decimal("1.00")


@pytest.mark.parametrize(("value", "unit"), [(None, "mg_l"), (Decimal(1), None), (Decimal(1), "pct_cohb")])
def test_without_value_unit_or_rule_there_is_no_conversion(value: Decimal | None, unit: str | None) -> None:
    assert normalised(value, unit, substance="cocaine") == (None, None)


def test_moles_need_a_molar_mass() -> None:
    assert normalised(Decimal(1), "mmol_l", substance="cocaine") == (None, None)
    assert normalised(Decimal(1), "mmol_l", substance="cocaine", molar_mass=Decimal(303)) == (Decimal(303_000), "ug_l")


def test_a_number_that_does_not_fit_its_column_has_no_normalised_form() -> None:
    assert normalised(Decimal(10) ** 11, "g_l", substance="cocaine") == (None, None)
