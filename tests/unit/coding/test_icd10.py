"""ICD-10 codes as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding import icd10
from register.coding.icd10 import InvalidIcd10Error


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("X42", "X42"),
        ("x42", "X42"),
        ("X420", "X42.0"),
        ("X42.0", "X42.0"),
        ("X42.01", "X42.01"),
        ("T401", "T40.1"),
        (" t40.1 ", "T40.1"),
        ("F11.2", "F11.2"),
    ],
)
def test_a_code_has_one_spelling(written: str, code: str) -> None:
    assert icd10.normalise(written) == code


@pytest.mark.parametrize(
    "text", ["", "X4", "42", "X42.", "X42.012", "XX2", "X42.A", "heroin", "X42;X41", "X４２", "T40.1X1A"]
)
def test_a_text_that_is_no_code_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidIcd10Error, match="is not an ICD-10 code"):
        icd10.normalise(text)


@pytest.mark.parametrize("text", ["X42", "T99", "T99.9", "S00", "F11"])
def test_a_code_outside_t00_t98_is_no_nature_code(text: str) -> None:
    with pytest.raises(InvalidIcd10Error, match="T00-T98"):
        icd10.nature_code(text)


@pytest.mark.parametrize(
    ("code", "parents", "under"),
    [
        ("F11.2", ("F11",), True),
        ("F11", ("F11",), True),
        ("F10.2", ("F11",), False),
        ("T40.1", ("T40",), True),
        ("T43.6", ("T43.6",), True),
        ("T43.61", ("T43.6",), True),
        ("T43.5", ("T40", "T43.6"), False),
        ("T43", ("T43.6",), False),
    ],
)
def test_a_subcode_lies_under_its_category(code: str, parents: tuple[str, ...], under: bool) -> None:
    assert icd10.is_under(code, parents) is under


def test_a_code_without_its_last_character_may_be_under_a_subcode() -> None:
    assert icd10.may_be_under("T43", ("T43.6",))
    assert not icd10.may_be_under("T42", ("T43.6",))
    assert not icd10.may_be_under("T43.6", ("T43.6",))


@pytest.mark.parametrize(
    ("code", "poisoning", "adverse", "mental"),
    [
        ("T35.9", False, False, False),
        ("T36", True, False, False),
        ("T65.9", True, False, False),
        ("T66", False, False, False),
        ("Y39", False, False, False),
        ("Y40.0", False, True, False),
        ("Y59.9", False, True, False),
        ("Y60", False, False, False),
        ("F19.2", False, False, True),
    ],
)
def test_the_chapters_have_their_limits(code: str, poisoning: bool, adverse: bool, mental: bool) -> None:
    found = icd10.is_poisoning(code), icd10.is_adverse_effect(code), icd10.is_mental_disorder(code)
    assert found == (poisoning, adverse, mental)


@given(st.from_regex(r"\A[A-Z][0-9]{2}(\.[0-9]{1,2})?\Z"))
def test_the_spelling_of_a_code_in_order_does_not_change(code: str) -> None:
    assert icd10.normalise(code) == code
    assert icd10.normalise(code.replace(".", "").lower()) == code
