"""What a text proposes: each substance once, in its own words, and never what the text denies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding.catalogue import load
from register.coding.proposals import read

CATALOGUE = load()
OFFERED = frozenset(CATALOGUE.substances)
NAMES = sorted({s.text for row in CATALOGUE.substances.values() for s in row.synonyms})


def codes(text: str) -> tuple[list[str], list[str]]:
    found = read(text, CATALOGUE, OFFERED)
    return [one.code for one in found.proposed], [one.code for one in found.denied]


@pytest.mark.parametrize(
    ("text", "proposed", "denied"),
    [
        ("Intoxicatie met cocaïne en GHB; geen morfine.", ["cocaine", "ghb"], ["morphine"]),
        ("Cocaïne niet aangetoond.", [], ["cocaine"]),
        ("Geen cocaïne in urine. In bloed cocaïne aangetoond.", ["cocaine"], []),
        ("Benzoylecgonine en cocaïne in bloed.", ["cocaine"], []),
        ("Natuurlijke dood.", [], []),
    ],
)
def test_a_text_proposes_what_it_affirms(text: str, proposed: list[str], denied: list[str]) -> None:
    assert codes(text) == (proposed, denied)


def test_a_substance_is_proposed_in_its_own_name_before_that_of_what_it_leaves_behind() -> None:
    (one,) = read("Benzoylecgonine en cocaïne in bloed.", CATALOGUE, OFFERED).proposed
    assert one.words == "cocaïne"


def test_what_the_text_says_both_ways_is_proposed_with_that_remark() -> None:
    (one,) = read("Geen cocaïne in urine. In bloed cocaïne aangetoond.", CATALOGUE, OFFERED).proposed
    assert one.disputed


def test_what_is_often_found_together_is_no_substance_of_the_text() -> None:
    assert codes("Acetylfentanyl aangetoond.")[0].count("fentanyl") == 0
    assert codes("cocaethyleen")[0] == []


def test_a_substance_that_is_not_offered_is_left_out() -> None:
    assert read("cocaïne", CATALOGUE, OFFERED - {"cocaine"}).proposed == ()


@given(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=20), st.just("geen"), st.just(". ")), max_size=12))
def test_words_and_places_are_those_of_the_text(parts: list[str]) -> None:
    text = " ".join(parts)
    found = read(text, CATALOGUE, OFFERED)
    assert all(one.words in text for one in (*found.proposed, *found.denied))
    edges = [edge for span in found.spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) for span in found.spans)
    named = [one.code for one in (*found.proposed, *found.denied)]
    assert len(named) == len(set(named))
