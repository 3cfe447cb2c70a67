"""Finding what may identify a living or dead person in free text, so that the writer can be warned.

It warns and never changes the text. It is not proof: a name without a title is not found. Every pattern is written so
that the time grows with the length of the text and no faster.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

BSN_LENGTH = 9
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

# kind -> what it looks like and what to do
SENTENCES = {
    "bsn": (
        "Dit lijkt een burgerservicenummer. Haal het weg; het register bewaart geen BSN.",
        "This looks like a citizen service number. Remove it; the register keeps no BSN.",
    ),
    "phone": (
        "Dit lijkt een telefoonnummer. Haal het weg.",
        "This looks like a telephone number. Remove it.",
    ),
    "email": (
        "Dit lijkt een e-mailadres. Haal het weg.",
        "This looks like an e-mail address. Remove it.",
    ),
    "address": (
        "Dit lijkt een adres. Noem hooguit de gemeente.",
        "This looks like an address. Name the municipality at most.",
    ),
    "birth_date": (
        "Dit lijkt een geboortedatum. Vul alleen het geboortejaar of de leeftijd in.",
        "This looks like a date of birth. Fill in the year of birth or the age only.",
    ),
    "name": (
        "Dit lijkt een naam van een persoon. Schrijf bijvoorbeeld 'de partner' of 'de huisarts'.",
        "This looks like the name of a person. Write 'the partner' or 'the GP', for example.",
    ),
}


@dataclass(frozen=True, slots=True)
class IdentifyingPart:
    """A part ``text[start:end]`` that may identify a person, with its kind and a sentence for the writer."""

    kind: str
    start: int
    end: int
    nl: str
    en: str


_BSN = re.compile(r"(?<!\d)(?=(\d(?:[ .\u00a0]{0,2}\d){8})(?!\d))")

# 06-12345678, 06 12 34 56 78, +31 6 12345678, 0031-20-1234567, (020) 123 45 67, 0113-123456. A date with a time
# (06-12-2019 02:14) is none of these: after the first dash come no further dashes, except between pairs.
_PHONE = re.compile(
    r"""
    (?<![\w+])
    (?:
        (?:\+|00)31[ .\-]{0,2}(?:\(0\))?[ ]?[1-9](?:[ .\-]?\d){8}
      | 06[ .\-]{0,3}[1-68](?:[ ]?\d){7}
      | 06-[1-68]\d-\d\d-\d\d-\d\d
      | \(?0[1-9]\d\)?[ ]?-?[ ]?[1-9](?:[ ]?\d){6}
      | \(?0[1-9]\d\d\)?[ ]?-?[ ]?[1-9](?:[ ]?\d){5}
    )
    (?!\d)
    """,
    re.VERBOSE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_POSTCODE = re.compile(r"(?<!\w)[1-9]\d{3}(?: ?[A-Z]{2}|[a-z]{2})(?!\w)")
_NUMBER_AFTER = re.compile(r"[ ,;]{1,3}(?:huisnummer|huisnr\.?|nr\.?|no\.?|number)? ?\d{1,5}(?!\d)", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"(?<!\d)\d{1,5} ?[A-Za-z]?[ ,;]{1,3}\Z")
_STREET = re.compile(r"(?<!\w)([^\W\d_]\w{3,60})\s{1,3}(\d{1,5}[a-zA-Z]?)(?!\w)")

_MONTH = r"(?:jan|feb|maa|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]{0,9}\.?"
_DATE = rf"(?:\d{{1,2}}[-/. ]{{1,2}}(?:\d{{1,2}}|{_MONTH})[-/. ]{{1,2}}\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}})(?!\d)"
_BIRTH = re.compile(
    r"(?<!\w)(?:geb|geb\.? ?datum|geboren|geboortedatum|gebdat|born|birth ?date|date of birth|dob|d\.o\.b)"
    rf"[.:]{{0,2}}\s{{0,3}}(?:op|on|is|was)?:?\s{{0,3}}{_DATE}",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<!\w)(?i:dhr|de heer|meneer|mevr|mevrouw|mw|mej|mejuffrouw|fam|familie|mr|mrs|ms|miss|dr|drs|prof)\.?\s{1,3}"
    r"(?:[^\W\d_]\.\s?){0,4}"
    r"(?:(?i:van|de|der|den|het|ter|ten|el|al|la|le|du|von|'t|’t)\s{1,2}){0,3}"
    r"([^\W\d_][\w'’\-]{1,40})"
)

# Letters that after four digits are a unit and not a postcode; the last three are never given out.
_UNITS = frozenset({"MG", "ML", "CL", "DL", "KG", "KM", "CM", "MM", "UG", "NG", "PG", "GR", "IE", "IU", "UU"})
_NOT_POSTCODE = _UNITS | {"SA", "SD", "SS"}
_STREET_ENDINGS = (
    *("straat", "laan", "weg", "plein", "gracht", "kade", "dijk", "dreef", "hof", "singel", "steeg", "pad", "markt"),
    *("plantsoen", "park", "baan", "ring", "street", "road", "avenue"),
)
_NOT_STREETS = frozenset(
    {"onderweg", "halverwege", "snelweg", "luchtweg", "ademweg", "urineweg", "rijbaan", "spoorbaan"}
)


def find(text: str) -> tuple[IdentifyingPart, ...]:
    """The parts of ``text`` that may identify a person, in their order in the text.

    Kinds: ``bsn`` (nine digits that pass the 11-test), ``phone``, ``email``, ``address`` (a postcode beside a house
    number, or a street with a number), ``birth_date`` (a full date after "geb." or "born") and ``name`` (after a
    title such as "mevr.").
    """
    phones = [match.span() for match in _PHONE.finditer(text)]
    found = {
        *(("phone", *span) for span in phones),
        *(("bsn", *span) for span in _service_numbers(text) if not _inside(span, phones)),
        *(("email", *match.span()) for match in _EMAIL.finditer(text)),
        *(("address", *span) for span in _addresses(text)),
        *(("birth_date", *match.span()) for match in _BIRTH.finditer(text)),
        *(("name", *match.span()) for match in _NAME.finditer(text) if match[1][0].isupper()),
    }
    return tuple(
        IdentifyingPart(kind, start, end, *SENTENCES[kind])
        for kind, start, end in sorted(found, key=lambda part: (part[1], part[2], part[0]))
    )


def passes_eleven_test(digits: str) -> bool:
    """The 11-test of the BSN: nine digits, weighted 9 to 2 and -1, add up to a multiple of 11."""
    numbers = [int(digit) for digit in digits]
    if len(numbers) != BSN_LENGTH or not any(numbers):
        return False
    return sum(weight * number for weight, number in zip(_BSN_WEIGHTS, numbers, strict=True)) % 11 == 0


def _service_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _BSN.finditer(text):
        if passes_eleven_test("".join(character for character in match[1] if character.isdigit())):
            yield match.span(1)


def _inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Whether ``span`` lies within one of ``others``, which are in order and do not overlap."""
    nearest = bisect_right(others, span[0], key=lambda other: other[0]) - 1
    return nearest >= 0 and span[1] <= others[nearest][1]


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    for match in _POSTCODE.finditer(text):
        if match[0][-2:].upper() in _NOT_POSTCODE:
            continue
        start, end = match.span()
        after = _NUMBER_AFTER.match(text, end)
        before = _NUMBER_BEFORE.search(text, max(0, start - 12), start)
        if after:
            yield start, after.end()
        elif before:
            yield before.start(), end
    for match in _STREET.finditer(text):
        word = match[1].lower()
        if match[1][0].isupper() and word.endswith(_STREET_ENDINGS) and word not in _NOT_STREETS:
            yield match.span()
