"""Reading whole and decimal numbers as people and laboratories write them."""

import re
from decimal import Decimal

from register.quality.dictionary import FieldSpec
from register.quality.problems import Problem

# Bounds of what the database holds: a four-byte integer, and a decimal of 18 digits with 6 after the point.
LARGEST_INT = 2_147_483_647
DIGITS_BEFORE = 12
DIGITS_AFTER = 6

_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
# "34.0" is how spreadsheets and data frames write a whole number in a column with gaps.
_INT = re.compile(r"[+-]?([0-9]+)(?:[.,]0)?")
_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:[.,]([0-9]*))?")
_QUALIFIED = re.compile(r"[<>≤≥~≈=]\s*[0-9]")

# What the number is called in a sentence, with an example; any other field asks for "een getal".
_NOUNS = {
    "age_years": ("een leeftijd", "an age", "34"),
    "age_months": ("een aantal maanden", "a number of months", "7"),
    "birth_year": ("een geboortejaar", "a year of birth", "1985"),
    "doses": ("een aantal doses", "a number of doses", "2"),
}
_NUMBER = ("een getal", "a number", "12")


def _way_out(spec: FieldSpec) -> tuple[str, str]:
    return (", of kies 'Onbekend'", ", or choose 'Unknown'") if spec.may_be_missing else ("", "")


def read_int(spec: FieldSpec, text: str) -> int | Problem:
    """A whole number in the digits 0-9, within the bounds of the field."""
    noun_nl, noun_en, example = _NOUNS.get(spec.field, _NUMBER)
    out_nl, out_en = _way_out(spec)
    text = text.translate(_MINUS)
    match = _INT.fullmatch(text)
    if match is None:
        return Problem(
            f"Vul {noun_nl} in als heel getal, zoals {example}{out_nl}.",
            f"Fill in {noun_en} as a whole number, such as {example}{out_en}.",
        )
    low = spec.minimum if spec.minimum is not None else -LARGEST_INT
    high = spec.maximum if spec.maximum is not None else LARGEST_INT
    digits = match[1].lstrip("0") or "0"
    number = int(digits) if len(digits) <= 10 else LARGEST_INT + 1
    if text.startswith("-"):
        number = -number
    if low <= number <= high:
        return number
    return Problem(
        f"Vul {noun_nl} tussen {low} en {high} in{out_nl}.",
        f"Fill in {noun_en} between {low} and {high}{out_en}.",
    )


def read_decimal(spec: FieldSpec, text: str) -> Decimal | Problem:
    """A decimal number with a comma or a point; the digits are kept as reported. No exponent, no thousands mark."""
    text = text.translate(_MINUS)
    match = _DECIMAL.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return _not_a_decimal(spec, text)
    sign, whole, fraction = match[1], match[2].lstrip("0") or "0", match[3] or ""
    if len(whole) > DIGITS_BEFORE or len(fraction.rstrip("0")) > DIGITS_AFTER:
        return Problem(
            f"Vul een getal in met ten hoogste {DIGITS_BEFORE} cijfers voor en {DIGITS_AFTER} achter de komma.",
            f"Fill in a number with at most {DIGITS_BEFORE} digits before and {DIGITS_AFTER} after the decimal mark.",
        )
    digits = f"{whole}.{fraction[:DIGITS_AFTER]}" if fraction else whole
    number = Decimal(digits)
    if sign == "-" and number:
        number = -number
    if spec.minimum is not None and number < spec.minimum:
        return Problem(f"Vul een getal van {spec.minimum} of meer in.", f"Fill in a number of {spec.minimum} or more.")
    if spec.maximum is not None and number > spec.maximum:
        return Problem(f"Vul een getal tot en met {spec.maximum} in.", f"Fill in a number up to {spec.maximum}.")
    return number


def _not_a_decimal(spec: FieldSpec, text: str) -> Problem:
    if spec.model == "ToxResult" and _QUALIFIED.match(text):
        return Problem(
            "Zet het teken (<, > of ≈) in het vak 'Teken' en hier alleen het getal.",
            "Put the sign (<, > or ≈) in the box 'Qualifier' and only the number here.",
        )
    out_nl, out_en = _way_out(spec)
    return Problem(
        f"Vul een getal in met een komma of een punt, zoals 0,12{out_nl}.",
        f"Fill in a number with a comma or a point, such as 0.12{out_en}.",
    )
