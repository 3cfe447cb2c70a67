"""From what a person typed, or a file holds, to an answer: one function for each kind of field.

The web pages and the import use the same functions, so that a row of a file and a form are refused alike. Nothing here
raises: what cannot be read comes back as a Problem with a sentence.
"""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from register.quality import value_sets
from register.quality.answers import BLANK, Answer, Value
from register.quality.dictionary import FieldSpec
from register.quality.numbers import read_decimal, read_int
from register.quality.partial_dates import PartialDate, parse, parse_parts
from register.quality.problems import Problem
from register.quality.skip_rules import CONDITIONAL
from register.quality.times import read_moment, written_moment

Known = Collection[str] | Callable[[str], bool]

DEFAULT_TEXT_LENGTH = 4000
LONGEST_ENTRY = 200
MOST_CODES = 100
MOST_CODES_NAMED = 8

# Spaces that str.strip leaves: zero-width marks that copying from a web page or a PDF brings along.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LIST_MARK = ";"
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,40}", re.ASCII)

_YES = frozenset({"yes", "ja", "true", "waar", "1", "j", "y"})
_NO = frozenset({"no", "nee", "false", "onwaar", "0", "n"})

_FORBIDDEN_CHARACTER = Problem(
    "Deze tekst bevat een onzichtbaar teken dat niet bewaard kan worden. Typ de tekst opnieuw.",
    "This text holds an invisible character that cannot be stored. Type the text again.",
)
_TOO_LONG = Problem("Dit antwoord is te lang.", "This answer is too long.")
_ONE_ANSWER = Problem("Geef één antwoord.", "Give one answer.")
_DAY_TOO = Problem(
    "Vul de hele datum in: dag, maand en jaar.",
    "Fill in the whole date: day, month and year.",
)


def reasons(spec: FieldSpec) -> tuple[str, ...]:
    """The reasons for missing that a person may choose for this field; ``NA`` is set by the skip rules alone."""
    if not spec.may_be_missing:
        return ()
    tested = spec.page == "toxicologie" or spec.key == "CauseOfDeath.tox_contribution"
    return tuple(code for code in value_sets.codes(value_sets.MISSING) if code != "NA" and (tested or code != "NTST"))


def read(
    spec: FieldSpec, raw: str | Sequence[str], missing: str = "", *, known: Known | None = None
) -> Answer | Problem:
    """Read one answer. Blank text and a blank reason give a blank answer; both filled is a Problem.

    ``raw`` is a text, or a list of texts: the codes that were ticked, or the boxes day, month, year (and time).
    Several codes may also stand in one text, joined by ``;``. ``known`` holds the codes of the vocabulary that a
    ``ref`` field (or a code field without a value set) points at; without it only the shape of the code is checked.
    """
    parts = (raw,) if isinstance(raw, str) else tuple(raw)
    if any(_FORBIDDEN.search(part) for part in parts) or _FORBIDDEN.search(missing):
        return _FORBIDDEN_CHARACTER
    texts = [part.strip().strip(_INVISIBLE).strip() for part in parts]
    reason = missing.strip()
    if not any(texts):
        return _read_reason(spec, reason) if reason else BLANK
    if reason:
        return Problem(
            "Kies een antwoord of een reden waarom het ontbreekt, niet allebei.",
            "Choose an answer or a reason why there is none, not both.",
        )
    value = _read_value(spec, texts, known)
    if isinstance(value, Problem):
        return value
    return BLANK if value is None else Answer(value)


def _read_reason(spec: FieldSpec, reason: str) -> Answer | Problem:
    code = reason.upper()
    if code in reasons(spec) or (code == "NA" and _may_not_apply(spec)):
        return Answer(missing=code)
    if code in value_sets.codes(value_sets.MISSING):
        nl, en = (value_sets.label(value_sets.MISSING, code, language) for language in ("nl", "en"))
        return Problem(f"'{nl}' kan bij dit antwoord niet.", f"'{en}' is not possible for this answer.")
    return Problem(
        f"'{_short(reason)}' is geen bekende reden voor een ontbrekend antwoord.",
        f"'{_short(reason)}' is not a known reason for a missing answer.",
    )


def _may_not_apply(spec: FieldSpec) -> bool:
    return spec.may_be_missing and (spec.level != "core" or spec.key in CONDITIONAL)


def _read_value(spec: FieldSpec, texts: list[str], known: Known | None) -> Value | Problem | None:
    if spec.kind == "codes":
        return _read_codes(spec, texts, known)
    if spec.kind == "text":
        return _read_text(spec, texts)
    if any(len(text) > LONGEST_ENTRY for text in texts):
        return _TOO_LONG
    if spec.kind in _OF_PARTS:
        return _OF_PARTS[spec.kind](texts)
    filled = [text for text in texts if text]
    if len(filled) > 1:
        return _ONE_ANSWER
    if spec.kind == "code" or spec.vocabulary:
        return _read_code(spec, filled[0], known)
    return _OF_TEXT[spec.kind](spec, filled[0])


def _read_text(spec: FieldSpec, texts: list[str]) -> str | Problem:
    if len(texts) > 1:
        return _ONE_ANSWER
    limit = spec.maximum or DEFAULT_TEXT_LENGTH
    text = texts[0].replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limit:
        return Problem(
            f"Deze tekst telt {len(text)} tekens; er passen er {limit}. Maak de tekst korter.",
            f"This text has {len(text)} characters; {limit} fit. Make the text shorter.",
        )
    return text


def _read_codes(spec: FieldSpec, texts: list[str], known: Known | None) -> tuple[str, ...] | Problem | None:
    entries = dict.fromkeys(entry.strip() for text in texts for entry in text.split(_LIST_MARK))
    entries.pop("", None)
    if len(entries) > MOST_CODES:
        return _TOO_LONG
    chosen = []
    for entry in entries:
        code = _read_code(spec, entry, known)
        if isinstance(code, Problem):
            return code
        chosen.append(code)
    if spec.value_set:
        order = value_sets.codes(spec.value_set)
        return tuple(code for code in order if code in chosen) or None
    return tuple(dict.fromkeys(chosen)) or None


def _read_code(spec: FieldSpec, text: str, known: Known | None) -> str | Problem:
    if spec.value_set:
        codes = value_sets.codes(spec.value_set)
        return next((code for code in (text, text.lower()) if code in codes), None) or _unknown(spec, text, codes)
    if known is None:
        return text if spec.vocabulary or _CODE.fullmatch(text) else _unknown(spec, text)
    if callable(known):
        return text if known(text) else _unknown(spec, text)
    return text if text in known else _unknown(spec, text)


def _unknown(spec: FieldSpec, text: str, codes: tuple[str, ...] = ()) -> Problem:
    choices = f" ({', '.join(codes)})" if 0 < len(codes) <= MOST_CODES_NAMED else ""
    nl = f"'{_short(text)}' staat niet in de lijst van '{spec.label_nl}'. Kies een waarde uit de lijst{choices}."
    en = f"'{_short(text)}' is not in the list of '{spec.label_en}'. Choose a value from the list{choices}."
    return Problem(nl, en)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _read_bool(spec: FieldSpec, text: str) -> bool | Problem:
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    way_out = (", of kies 'Onbekend'", ", or choose 'Unknown'") if spec.may_be_missing else ("", "")
    return Problem(f"Kies ja of nee{way_out[0]}.", f"Choose yes or no{way_out[1]}.")


def _read_partial_date(texts: list[str]) -> PartialDate | Problem:
    match texts:
        case [text]:
            return parse(text)
        case [day, month, year]:
            return parse_parts(day, month, year)
        case _:
            return _ONE_ANSWER


def _read_day(texts: list[str]) -> Value | Problem:
    found = _read_partial_date(texts)
    if isinstance(found, Problem):
        return found
    return found.date_from if found.date_from == found.date_to else _DAY_TOO


_OF_PARTS: dict[str, Callable[[list[str]], Value | Problem]] = {
    "partial_date": _read_partial_date,
    "date": _read_day,
    "datetime": read_moment,
}
_OF_TEXT: dict[str, Callable[[FieldSpec, str], Value | Problem]] = {
    "int": read_int,
    "decimal": read_decimal,
    "bool": _read_bool,
}


def written(value: Value) -> str:
    """The value as a person would type it: dates as dd-mm-yyyy, a decimal comma, codes joined by ``;``.

    ``read`` gives the same value back.
    """
    match value:
        case bool():
            return "ja" if value else "nee"
        case tuple():
            return _LIST_MARK.join(value)
        case PartialDate():
            return value.written()
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case datetime():
            return written_moment(value)
        case date():
            return PartialDate(value, value).written()
        case str() | int():
            return str(value)
        case _:
            assert_never(value)
