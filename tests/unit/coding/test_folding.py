"""Spellings that differ only in case, accents, Greek letters, hyphens or spaces are one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding.folding import fold, fold_word, place_of, words

ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3-MMC", "3 mmc"),
        ("3MMC", "3–mmc"),
        ("α-PVP", "alpha-PVP"),
        ("Δ9-THC", "delta 9 THC"),
        ("COCAÏNE", "cocaine"),
        ("N₂O", "n2o"),
        ("ｃｏｋｅ", "coke"),
        ("1,4-BD", "14bd"),
        ("benzo’s", "benzos"),
        ("her\u00adoïne", "heroine"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_names_keep_different_keys() -> None:
    assert len({fold(name) for name in ("3-MMC", "4-MMC", "MDMA", "MDA", "cocaïne", "codeïne")}) == 6


def test_letters_put_together_from_marks_are_one_word() -> None:
    text = unicodedata.normalize("NFD", "wat cocaïne")
    found = words(text)
    assert [word.folded for word in found] == ["wat", "cocaine"]
    assert text[found[1].start : found[1].end] == unicodedata.normalize("NFD", "cocaïne")


def test_a_run_of_more_than_eighty_characters_is_no_word() -> None:
    assert [word.folded for word in words("x" * 81 + " ghb " + "y" * 80)] == ["ghb", "y" * 80]


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_words_lie_in_the_text_in_order_and_fold_to_their_own_letters(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold_word(text[word.start : word.end]) == word.folded
        end = word.end


@pytest.mark.parametrize(
    ("term", "text", "shown"),
    [
        ("keta", "straatnaam: keta", "keta"),
        ("3mmc", "voorkeursnaam: 3-MMC", "3-MMC"),
        ("cocaine", "lijkt op cocaïne", "cocaïne"),
        ("alphapvp", "α-PVP", "α-PVP"),
    ],
)
def test_what_matched_is_found_in_the_words_as_they_are_written(term: str, text: str, shown: str) -> None:
    place = place_of(fold(term), text)
    assert place is not None
    assert text[slice(*place)] == shown


@given(ANY_TEXT, ANY_TEXT)
def test_a_place_holds_the_name_that_was_looked_for(term: str, text: str) -> None:
    key = fold(term)
    assert place_of("", text) is None
    place = place_of(key, text) if key else None
    if place is not None:
        assert key in fold(text[slice(*place)])
