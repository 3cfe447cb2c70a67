"""The sentences that a form offers: complete, for fields that exist, short enough to be stored."""

import pytest

from register.quality import standard_texts
from register.quality.standard_texts import ACCEPTANCE, ANSWER

USES = (ANSWER, ACCEPTANCE)
LONGEST = 500


@pytest.mark.parametrize("use", USES)
def test_every_sentence_stands_once_in_two_languages(use: str) -> None:
    found = standard_texts.shipped().by_use[use]
    assert len({text.code for text in found}) == len(found)
    for text in found:
        assert text.label("nl") != text.label("en")
        assert 0 < max(len(text.label("nl")), len(text.label("en"))) < LONGEST


def test_a_date_offers_other_answers_than_a_choice() -> None:
    texts = standard_texts.shipped()
    of_a_date = {text.code for text in texts.of(ANSWER, "date")}
    of_a_choice = {text.code for text in texts.of(ANSWER, "code")}
    assert of_a_date - of_a_choice == {"estimated"}
    assert of_a_choice - of_a_date == {"seen", "told"}
    assert {text.code for text in texts.of(ANSWER)} == of_a_date & of_a_choice


def test_a_code_that_does_not_exist_says_nothing() -> None:
    texts = standard_texts.shipped()
    assert texts.words(ANSWER, "right", "nl") == "Klopt, zo ingevuld."
    assert texts.words(ANSWER, "right", "en") == "It is right as it stands."
    assert texts.words(ANSWER, "verzonnen", "nl") == ""
