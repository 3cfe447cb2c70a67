import re
from re import _constants, _parser  # the patterns are judged by their parts, not by a clock
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.quality import identifiers
from register.quality.identifiers import SENTENCES, find, passes_eleven_test


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("BSN 123456782.", "bsn", "123456782"),
        ("bsn 123.456.782 in brief", "bsn", "123.456.782"),
        ("123 456 782", "bsn", "123 456 782"),
        ("kamer 5 123 456 782", "bsn", "123 456 782"),
        ("1 123 111222333", "bsn", "111222333"),
        ("tel 06-12345678", "phone", "06-12345678"),
        ("0612345678", "phone", "0612345678"),
        ("06 12 34 56 78", "phone", "06 12 34 56 78"),
        ("06-12-34-56-78", "phone", "06-12-34-56-78"),
        ("+31 6 12345678", "phone", "+31 6 12345678"),
        ("+31 (0)6 12345678", "phone", "+31 (0)6 12345678"),
        ("+31612345678", "phone", "+31612345678"),
        ("0031 20 1234567", "phone", "0031 20 1234567"),
        ("(020) 123 45 67", "phone", "(020) 123 45 67"),
        ("020-1234567", "phone", "020-1234567"),
        ("0113-123456", "phone", "0113-123456"),
        ("mail jan.de.vries@mail.example.nl.", "email", "jan.de.vries@mail.example.nl"),
        ("Damrak 34, 1012 AB", "address", "34, 1012 AB"),
        ("1012AB 34", "address", "1012AB 34"),
        ("1012 AB, nr. 34", "address", "1012 AB, nr. 34"),
        ("1012ab 34", "address", "1012ab 34"),
        ("gevonden in de Kerkstraat 12 te bed", "address", "Kerkstraat 12"),
        ("geb. 12-03-1981", "birth_date", "geb. 12-03-1981"),
        ("geboren op 12 maart 1981", "birth_date", "geboren op 12 maart 1981"),
        ("Geboortedatum: 1981-03-12", "birth_date", "Geboortedatum: 1981-03-12"),
        ("born on 3/12/1981", "birth_date", "born on 3/12/1981"),
        ("DOB 12-03-81", "birth_date", "DOB 12-03-81"),
        ("volgens dhr. Jansen", "name", "dhr. Jansen"),
        ("mevr. de Vries belde", "name", "mevr. de Vries"),
        ("Mr. Smith said", "name", "Mr. Smith"),
        ("huisarts dr. A.B. van der Berg", "name", "dr. A.B. van der Berg"),
        ("Mw. É. Étienne", "name", "Mw. É. Étienne"),
        ("de heer El Amrani", "name", "de heer El Amrani"),
    ],
)
def test_what_may_identify_a_person_is_found_with_its_place(text: str, kind: str, part: str) -> None:
    found = find(text)
    assert [(one.kind, text[one.start : one.end]) for one in found] == [(kind, part)]
    assert (found[0].nl, found[0].en) == SENTENCES[kind]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "man van 34 jaar, gevonden op 06-12-2019 02:14 na gebruik van GHB",
        "gezien op 01-02-2019 02:14 en gevonden 02-02-2019 11:05",
        "1000 mg 3 x daags, 1500 ML 2 keer",
        "in 2019 op 12 maart, in 2018 is 3 keer",
        "Onderweg 2 uur later; Luchtweg 2 keer vrijgemaakt",
        "zaak 2026-000123, dossier 1234567",
        "de heer was dood, mevrouw werd gevonden door de partner",
        "geboren in 1981, geb. 1981",
        "cocaïne 0,12 mg/L; MDMA 1200 ng/mL; 10.5 en 11.25",
        "000000000",
        "123456789",
        "1234567890",
        "postcode 1012 AB zonder huisnummer",
        "1012 SS 12",
    ],
)
def test_what_points_at_nobody_is_left_alone(text: str) -> None:
    assert find(text) == ()


_DIGITS = st.lists(st.integers(0, 9), min_size=8, max_size=8)
_SEPARATOR = st.sampled_from(["", " ", ".", "\u00a0"])
_PROSE = st.text(st.characters(exclude_categories=("Nd",), exclude_characters="@+(.\u00a0 "), max_size=20)


@given(_DIGITS, st.integers(0, 9), _SEPARATOR, _PROSE, _PROSE)
def test_nine_digits_are_a_bsn_exactly_when_they_pass_the_eleven_test(
    digits: list[int], last: int, separator: str, before: str, after: str
) -> None:
    total = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True))
    valid = (total - last) % 11 == 0 and any(digits)
    written = "".join(map(str, [*digits, last]))
    shown = separator.join((written[:3], written[3:6], written[6:]))
    found = [part for part in find(f"{before} {shown} {after}") if part.kind == "bsn"]
    assert len(found) == valid
    assert passes_eleven_test(written) == valid
    if found:
        assert found[0].start == len(before) + 1
        assert found[0].end - found[0].start == len(shown)


@given(_DIGITS)
def test_every_bsn_that_can_be_made_is_found(digits: list[int]) -> None:
    last = sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
    if last == 10 or not any(digits):
        return
    number = "".join(map(str, [*digits, last]))
    assert [part.kind for part in find(f"nr {number}")] == ["bsn"]


@given(st.text(max_size=200))
def test_every_part_lies_within_the_text_and_in_order(text: str) -> None:
    parts = find(text)
    assert all(0 <= part.start < part.end <= len(text) for part in parts)
    assert [part.start for part in parts] == sorted(part.start for part in parts)


EVIL = [
    "a", "1", "1 ", "0 ", "06 ", "06-1", "@", "a@", "a.", "a@a.", "A-", "mr ", "mr A.", "mr van ", "geb ", "geb 1-1-",
    "1000AA ", " ", "A", "Aaaa ", "Astraat ", "0031 ", "+31 (0) ", "(020) ", "123456782 ", "0612345678 ",
    "0612345678 123456782 ", "1012 AB 12 ", "mr. a.a.a.a", "geboren op 1 jan", "1.1-1 ", "’t ", "\u00a0",
]  # fmt: skip


@pytest.mark.parametrize("piece", EVIL)
def test_a_long_hostile_text_is_searched_to_its_end(piece: str) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    assert [part.kind for part in find(f"{text}, e-mail iemand@example.nl")][-1] == "email"


def _unbounded(tree: Any) -> bool:
    """Whether a parsed pattern holds a repeat without an upper bound."""
    if isinstance(tree, tuple | list | _parser.SubPattern):
        parts = list(tree)
        if len(parts) == 3 and parts[1] is _constants.MAXREPEAT:
            return True
        return any(_unbounded(part) for part in parts)
    return False


def test_no_pattern_repeats_without_a_bound_so_that_time_grows_with_the_length_alone() -> None:
    patterns = [value for value in vars(identifiers).values() if isinstance(value, re.Pattern)]
    assert len(patterns) >= 7
    assert _unbounded(_parser.parse(r"(a|b+)c"))
    for pattern in patterns:
        assert not _unbounded(_parser.parse(pattern.pattern, pattern.flags))
