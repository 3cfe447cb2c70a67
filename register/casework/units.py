"""Concentrations in one unit: micrograms per litre, grams per litre for alcohol, micrograms per kilogram in tissue.

Exact conversions: 1 µg/L = 1 ng/mL, 1 mg/L = 1 µg/mL = 1000 µg/L, 1 ‰ = 1 g/L by volume, and mmol/L times the molar
mass in g/mol gives mg/L. Tissue is never converted to volume, and % COHb not at all.
"""

from decimal import Decimal

MICROGRAMS_PER_LITRE = {
    "ug_l": Decimal(1),
    "ng_ml": Decimal(1),
    "mg_l": Decimal(1000),
    "ug_ml": Decimal(1000),
    "g_l": Decimal(1_000_000),
    "promille": Decimal(1_000_000),
}
MICROGRAMS_PER_KILOGRAM = {"ug_kg": Decimal(1), "mg_kg": Decimal(1000)}
ETHANOL = "ethanol"
MOLAR_MASS = {ETHANOL: Decimal("46.07")}
STEP = Decimal("0.000001")
LARGEST = Decimal(10) ** 12


def normalised(
    value: Decimal | None, unit: str | None, *, substance: str | None, molar_mass: Decimal | None = None
) -> tuple[Decimal | None, str | None]:
    """The value and its unit in the register's own unit, both None when there is no conversion.

    ``molar_mass`` in g/mol is needed for mmol/L; that of alcohol (46.07) is known here.
    """
    if value is None or unit is None:
        return None, None
    if unit in MICROGRAMS_PER_KILOGRAM:
        return _stored(value * MICROGRAMS_PER_KILOGRAM[unit], "ug_kg")
    micrograms = _micrograms_per_litre(value, unit, molar_mass or MOLAR_MASS.get(substance or ""))
    if micrograms is None:
        return None, None
    if substance == ETHANOL:
        return _stored(micrograms / MICROGRAMS_PER_LITRE["g_l"], "g_l")
    return _stored(micrograms, "ug_l")


def _micrograms_per_litre(value: Decimal, unit: str, molar_mass: Decimal | None) -> Decimal | None:
    if unit == "mmol_l":
        return None if molar_mass is None else value * molar_mass * MICROGRAMS_PER_LITRE["mg_l"]
    factor = MICROGRAMS_PER_LITRE.get(unit)
    return None if factor is None else value * factor


def _stored(value: Decimal, unit: str) -> tuple[Decimal | None, str | None]:
    """Six digits after the point; a number too large for its column has no normalised form."""
    return (None, None) if value >= LARGEST else (value.quantize(STEP), unit)


def for_reading(
    value: Decimal | None, unit: str | None, *, substance: str | None, molar_mass: Decimal | None = None
) -> tuple[Decimal, str] | None:
    """The value in the unit in which reports are compared: mg/L, g/L for alcohol, mg/kg in tissue.

    None when it is in that unit already, or when there is no conversion.
    """
    kept, kept_unit = normalised(value, unit, substance=substance, molar_mass=molar_mass)
    if kept is None or kept_unit is None:
        return None
    shown = {"ug_l": "mg_l", "ug_kg": "mg_kg"}.get(kept_unit, kept_unit)
    if shown == unit:
        return None
    return (kept if shown == kept_unit else kept / 1000), shown
