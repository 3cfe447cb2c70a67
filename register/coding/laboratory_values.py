"""One result as a laboratory writes it: "< 0,01 mg/L", "1.200 µg/L", "positief", "n.a.", "0,5 ± 0,1 mg/L".

Nothing is guessed. A sign stays a sign, a value below a limit is no zero, and what can be read in two ways is not read:
``Unreadable`` says in a sentence what to write instead. Codes are those of VS-RESULT, VS-QUAL and VS-UNIT.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from register.coding.catalogue import rows
from register.coding.sentences import Sentence

DETECTED, NOT_DETECTED, BELOW_LIMIT = "detected", "not_detected", "below_limit"
NOT_TESTED, INCONCLUSIVE = "not_tested", "inconclusive"

# What the register can hold: 12 digits before the decimal mark, 6 behind it.
DIGITS_BEFORE, DIGITS_AFTER = 12, 6
LONGEST = 200

DecimalMark = Literal[",", "."]

# Units as they are written, folded by ``_unit_key``: the code of VS-UNIT, and the exact factor to get there.
_UNITS = {row["written"]: (row["unit"], Decimal(row["factor"])) for row in rows("laboratory_units.csv")}
UNIT_LABELS = {
    "ug_l": "µg/L",
    "ng_ml": "ng/mL",
    "mg_l": "mg/L",
    "ug_ml": "µg/mL",
    "g_l": "g/L",
    "promille": "‰",
    "mmol_l": "mmol/L",
    "ug_kg": "µg/kg",
    "mg_kg": "mg/kg",
    "pct_cohb": "% COHb",
}

# Results in words, folded by ``_word_key``: the code of VS-RESULT.
_OUTCOMES = {row["word"]: row["outcome"] for row in rows("laboratory_words.csv")}
_TRACES = frozenset({"spoor", "sporen", "spoortje", "trace", "traces"})

_SIGNS = {
    "": None,
    "=": "eq",
    "<": "lt",
    "≤": "lt",
    "<=": "lt",
    ">": "gt",
    "≥": "gt",
    ">=": "gt",
    "≈": "approx",
    "~": "approx",
    "±": "approx",
    "+/-": "approx",
    "ca": "approx",
    "ca.": "approx",
    "circa": "approx",
    "kleiner dan": "lt",
    "groter dan": "gt",
    "less than": "lt",
    "more than": "gt",
    "greater than": "gt",
}
_SIGN = (
    r"(?P<sign><=|>=|\+/-|[<>≤≥≈~±=]|ca\.?(?![a-z])"
    r"|(?:circa|kleiner dan|groter dan|less than|more than|greater than)\b)?"
)
_DIGITS = r"[0-9][0-9 .,']*[0-9]|[0-9]|[.,][0-9]+"
_VALUE = re.compile(
    rf"{_SIGN}\s*(?P<number>{_DIGITS})"
    rf"(?:\s*(?:±|\+/-)\s*(?P<spread>{_DIGITS})\s*(?P<percent>%(?![a-z ]*(?:cohb|hbco)))?)?"
    rf"(?:\s*(?P<unit>[a-zµ%‰].{{0,19}}|[o0]/oo?0?))?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?P<low>{_DIGITS})\s*(?:-|\u2013|\u2212|tot|to)\s*(?P<high>{_DIGITS})(?:\s*(?P<unit>[a-zµ%‰].{{0,19}}))?",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[0-9]+")
_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in ",. '"}
_BOTH = {
    ",": re.compile(r"[0-9]{1,3}(?:[. '][0-9]{3})+,[0-9]+"),
    ".": re.compile(r"[0-9]{1,3}(?:[, '][0-9]{3})+\.[0-9]+"),
}
_ONE_MARK = re.compile(r"([0-9]*)([.,])([0-9]+)")

NA_NOTE = Sentence(
    "'n.a.' is gelezen als 'niet aangetoond'. Bedoelt het laboratorium 'niet onderzocht', schrijf dat dan.",
    "'n.a.' was read as 'not detected'. If the laboratory means 'not analysed', write 'not tested'.",
)
TRACE_NOTE = Sentence("Spoor: aangetoond, zonder waarde.", "Trace: detected, without a value.")
NO_RESULT = Sentence("Op deze regel staat geen uitslag.", "There is no result on this line.")
TWO_WAYS = Sentence(
    "'{text}' kan {one} of {other} zijn. Schrijf de waarde zonder punt, of met een komma.",
    "'{text}' may be {one} or {other}. Write the value without a thousands mark.",
)
NO_NUMBER = Sentence(
    "'{text}' is niet te lezen als getal. Schrijf bijvoorbeeld 0,12 mg/L.",
    "'{text}' cannot be read as a number. Write for instance 0.12 mg/L.",
)
NO_UNIT = Sentence(
    "De eenheid '{text}' kent het register niet. Schrijf de waarde in mg/L, µg/L, g/L, ‰, mmol/L of mg/kg.",
    "The register does not know the unit '{text}'. Write the value in mg/L, µg/L, g/L, ‰, mmol/L or mg/kg.",
)
UNIT_NEEDED = Sentence(
    "Er staat geen eenheid bij {text}. Schrijf haar achter de waarde, zoals 0,12 mg/L.",
    "There is no unit with {text}. Write it behind the value, as in 0.12 mg/L.",
)
TOO_FINE = Sentence(
    "'{text}' heeft meer cijfers dan het register bewaart: 12 voor en 6 achter de komma.",
    "'{text}' has more digits than the register keeps: 12 before and 6 after the decimal mark.",
)
RANGE_NOTE = Sentence(
    "{text} is een bereik. Aangetoond; de waarde blijft leeg. Vul er één in als het laboratorium die geeft.",
    "{text} is a range. Detected; the value stays empty. Fill one in when the laboratory gives it.",
)
SPREAD_NOTE = Sentence("De meetonzekerheid ({text}) wordt niet bewaard.", "The uncertainty ({text}) is not kept.")
CONVERTED = Sentence("{text} = {value} {unit}", "{text} = {value} {unit}")


@dataclass(frozen=True, slots=True)
class Reading:
    """One result: what the laboratory concluded, the value with its sign and unit, and what the reader should know.

    ``value`` is None for a result in words; with a value there is always a unit.
    """

    outcome: str
    qualifier: str | None = None
    value: Decimal | None = None
    unit: str | None = None
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a result cannot be read, and what to write instead."""

    why: Sentence


def plain(text: str) -> str:
    """The text with every kind of space as one space, and every kind of micro sign, minus and sign as one."""
    spaced = "".join(" " if unicodedata.category(letter) in ("Zs", "Cc", "Cf") else letter for letter in text)
    swapped = spaced.replace("μ", "µ").replace("\u2212", "-").replace("\u2044", "/").replace("⩽", "≤").replace("⩾", "≥")
    return re.sub(r" +", " ", swapped).strip()


def unit_of(text: str) -> tuple[str, Decimal] | None:
    """The code of VS-UNIT for a unit as written, and the factor by which the value changes; None when unknown."""
    return _UNITS.get(_unit_key(text))


def outcome_of(text: str) -> str | None:
    """The code of VS-RESULT for a result in words; None when it is no such word."""
    return _OUTCOMES.get(_word_key(text))


def decimal_mark(texts: list[str]) -> DecimalMark | None:
    """The decimal mark of a table, when at least one of its numbers leaves no doubt and none says otherwise."""
    said = {mark for text in texts for mark in (_certain_mark(plain(text)),) if mark}
    return said.pop() if len(said) == 1 else None


def is_result(text: str) -> bool:
    """Whether the text is a result by itself: a word for one, a number, a range, or a number with a unit we know."""
    text = plain(text)
    if len(text) > LONGEST:
        return False
    if outcome_of(text) is not None:
        return True
    match = _VALUE.fullmatch(text) or _RANGE.fullmatch(text)
    return match is not None and (match["unit"] is None or unit_of(match["unit"]) is not None)


def has_unit(text: str) -> bool:
    """Whether the text is a number with a sign or a unit, so that no bare number such as a year passes for a result."""
    match = _VALUE.fullmatch(plain(text)) or _RANGE.fullmatch(plain(text))
    return match is not None and bool(match["unit"] or match.groupdict().get("sign"))


def read(text: str, unit: str = "", mark: DecimalMark | None = None) -> Reading | Unreadable:
    """One result. ``unit`` is that of the column beside it, ``mark`` the decimal mark of the table."""
    text, unit = plain(text), plain(unit)
    if not text or len(text) > LONGEST:
        return Unreadable(NO_RESULT)
    outcome = outcome_of(text)
    if outcome is not None:
        return Reading(outcome, notes=_notes_of(text))
    match = _VALUE.fullmatch(text)
    if match is not None:
        return _value(text, match, unit, mark)
    if _RANGE.fullmatch(text):
        return Reading(DETECTED, notes=(_filled(RANGE_NOTE, text=text),))
    return Unreadable(_filled(NO_NUMBER, text=text))


def limit(text: str, unit: str = "", mark: DecimalMark | None = None) -> Decimal | None:
    """A limit of detection or quantification in the unit of its column; None when it cannot be read."""
    found = read(text.lstrip("<≤ "), unit, mark)
    return found.value if isinstance(found, Reading) else None


def _value(text: str, match: re.Match[str], column_unit: str, mark: DecimalMark | None) -> Reading | Unreadable:
    number = number_in(match["number"], mark)
    if isinstance(number, Unreadable):
        return number
    written = match["unit"] or column_unit
    if not written:
        return Unreadable(_filled(UNIT_NEEDED, text=text))
    known = unit_of(written)
    if known is None:
        return Unreadable(_filled(NO_UNIT, text=written))
    unit, factor = known
    value = number * factor
    if not _fits(value):
        return Unreadable(_filled(TOO_FINE, text=text))
    qualifier = _SIGNS[(match["sign"] or "").lower()]
    notes: tuple[Sentence, ...] = ()
    if match["spread"]:
        notes += (_filled(SPREAD_NOTE, text=f"± {match['spread']}{match['percent'] or ''}"),)
    if _unit_key(written) != _unit_key(UNIT_LABELS[unit]) and factor != 1:
        told = _filled(CONVERTED, text=f"{match['number']} {written}", unit=UNIT_LABELS[unit])
        notes += (Sentence(told.nl.replace("{value}", in_dutch(value)), told.en.replace("{value}", in_english(value))),)
    outcome = BELOW_LIMIT if qualifier == "lt" else DETECTED
    return Reading(outcome, qualifier or "eq", value, unit, notes)


def number_in(text: str, mark: DecimalMark | None = None) -> Decimal | Unreadable:
    """A number as people write it. Without a mark a comma is a decimal comma, and "1.200" can be two numbers."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return Decimal(text)
    for own, pattern in _BOTH.items():
        if pattern.fullmatch(text):
            return Decimal(re.sub(r"[^0-9,.]", "", text).replace("." if own == "," else ",", "").replace(",", "."))
    for other in " '":
        if _GROUPED[other].fullmatch(text):
            return Decimal(text.replace(other, ""))
    match = _ONE_MARK.fullmatch(text)
    if match is not None and not _may_be_thousands(text):
        return Decimal(f"{match[1] or 0}.{match[3]}")
    thousands = next((other for other in ",." if _GROUPED[other].fullmatch(text)), None)
    if thousands is None:
        return Unreadable(_filled(NO_NUMBER, text=text))
    if text.count(thousands) > 1 or (mark is not None and mark != thousands):
        return Decimal(text.replace(thousands, ""))
    as_decimal = Decimal(text.replace(",", "."))
    if mark == thousands or thousands == ",":
        return as_decimal
    whole = text.replace(thousands, "")
    told = _filled(TWO_WAYS, text=text)
    nl, en = (in_dutch(as_decimal.normalize()), in_english(as_decimal.normalize()))
    return Unreadable(
        Sentence(
            told.nl.replace("{one}", nl).replace("{other}", whole),
            told.en.replace("{one}", en).replace("{other}", whole),
        )
    )


def in_dutch(value: Decimal) -> str:
    """A number with a decimal comma and no more zeros than it needs."""
    return in_english(value).replace(".", ",")


def in_english(value: Decimal) -> str:
    """A number with a decimal point and no more zeros than it needs."""
    written = format(value, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def _may_be_thousands(text: str) -> bool:
    """ "1.200" and "1,200"; not "0,012", which can only be a fraction."""
    return not text.startswith("0") and any(_GROUPED[mark].fullmatch(text) for mark in ",.")


def _certain_mark(text: str) -> DecimalMark | None:
    match = _VALUE.fullmatch(text)
    number = match["number"].strip() if match else ""
    if _BOTH[","].fullmatch(number):
        return ","
    if _BOTH["."].fullmatch(number):
        return "."
    one = _ONE_MARK.fullmatch(number)
    if one is None or _may_be_thousands(number):
        return None
    return "," if one[2] == "," else "."


def _fits(value: Decimal) -> bool:
    exponent = value.normalize().as_tuple().exponent
    return value < 10**DIGITS_BEFORE and isinstance(exponent, int) and -exponent <= DIGITS_AFTER


def _notes_of(text: str) -> tuple[Sentence, ...]:
    key = _word_key(text)
    if key == "na":
        return (NA_NOTE,)
    return (TRACE_NOTE,) if key in _TRACES else ()


def _unit_key(text: str) -> str:
    return re.sub(r"[\s.]", "", text).lower().replace("µ", "u").replace("μ", "u").strip("()[]")


def _word_key(text: str) -> str:
    key = plain(text).lower().strip("()[]:;. ")
    short = key.replace(".", "").replace(" ", "")
    return short if len(short) <= 3 and short in _OUTCOMES else key


def _filled(sentence: Sentence, **words: str) -> Sentence:
    nl, en = sentence.nl, sentence.en
    for name, word in words.items():
        nl, en = nl.replace(f"{{{name}}}", word), en.replace(f"{{{name}}}", word)
    return Sentence(nl, en)
