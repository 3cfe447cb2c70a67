"""What recognition promises for every text and every name of the catalogue."""

import unicodedata
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding.catalogue import load
from register.coding.recognition import Recogniser
from register.coding.terms import name_variants

CATALOGUE = load()
RECOGNISER, OTHER = Recogniser(CATALOGUE), Recogniser(CATALOGUE)
CERTAINTIES = {"certain", "probable", "possible"}

NAMES = [
    (name, substance.code)
    for substance in CATALOGUE.substances.values()
    for name in dict.fromkeys((substance.name_nl, substance.name_en))
]
# "Nitrite" of "sodium azide / nitrite" is a common finding in urine and no name by itself.
SINGLE_NAMES = [(variant, code) for name, code in NAMES for variant in name_variants(name) if variant != "nitrite"]
SYNONYMS = [
    (synonym.text, substance.code)
    for substance in CATALOGUE.substances.values()
    for synonym in substance.synonyms
    if synonym.kind in ("brand", "chemical") and "(" not in synonym.text
]


def missed(sentence: str, names: Sequence[tuple[str, str]]) -> list[str]:
    return [name for name, code in names if code not in RECOGNISER.propose(sentence.format(name))]


FRAGMENTS = st.sampled_from(
    [
        "geen", "niet aangetoond", "negatief", "noch", "no", "not detected", ":", ",", ".", ";", "\n", "(-)", "0 mg/L",
        "K", "wit", "pil", "gesnoven", "gebruikte", "fentanyl", "acetyl", "4-ANPP", "cocaïne", "GHB", "nordazepam",
        "cocaethyleen", "speedball", "lean", "mogelijk", "?", "α-PVP", "1,4-BD", "3 MMC", "en", "of", "ofheroin",
        "\0", "🚬", "\ud800", "\u202eenïacoc", "הרואין", "e\u0301", "\u00ad", "-", "/", "of", "werd",
    ]
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=())) | st.lists(FRAGMENTS | st.text(max_size=6), max_size=25).map(
    " ".join
)


@given(TEXTS)
def test_any_text_is_read_and_every_mention_lies_in_it(text: str) -> None:
    end = 0
    places = set()
    for mention in RECOGNISER.recognise(text):
        place = (mention.start, mention.end)
        assert 0 <= mention.start < mention.end <= len(text)
        assert place in places or mention.start >= end
        assert mention.words == text[mention.start : mention.end]
        assert mention.code in CATALOGUE.substances
        assert mention.certainty in CERTAINTIES
        assert mention.reason.nl and mention.reason.en
        places.add(place)
        end = mention.end


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_what_was_read_before_makes_no_difference(texts: list[str]) -> None:
    forward = [RECOGNISER.recognise(text) for text in texts]
    assert [OTHER.recognise(text) for text in reversed(texts)] == forward[::-1]


@given(TEXTS)
def test_proposals_are_the_affirmed_codes(text: str) -> None:
    mentions = RECOGNISER.recognise(text)
    proposed = RECOGNISER.propose(text)
    assert len(set(proposed)) == len(proposed)
    assert set(proposed) == {m.code for m in mentions if not m.negated and m.kind != "combination_marker"}


@given(TEXTS)
def test_text_on_other_lines_does_not_deny_a_name(text: str) -> None:
    assert RECOGNISER.propose(f"Heroïne aangetoond.\n\n{text}")[:1] == ("heroin",)


@pytest.mark.parametrize(
    "sentence", ["In het bloed werd {} aangetoond.", "The toxicology report showed {} in blood", "{} positief"]
)
def test_a_preferred_name_is_found_in_a_plain_sentence(sentence: str) -> None:
    assert missed(sentence, NAMES) == []


def test_a_brand_or_chemical_name_is_found_in_a_plain_sentence() -> None:
    assert missed("Volgens de medicatielijst gebruikte overledene {}, al jaren.", SYNONYMS) == []


def without_accents(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name)
    return "".join(character for character in spread if not unicodedata.combining(character))


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, str.title, without_accents, lambda name: unicodedata.normalize("NFD", name)]
)
def test_case_and_accents_make_no_difference(change: Callable[[str], str]) -> None:
    assert missed("Toxicologie: {} positief", [(change(name), code) for name, code in SINGLE_NAMES]) == []


DENIALS = (
    "Er werd geen {} aangetoond.",
    "{} werd niet aangetoond.",
    "Niet aangetoond: {}, GHB.",
    "Negatief voor cocaïne, {} en MDMA.",
    "Geen aanwijzingen voor gebruik van {}.",
    "{}: negatief",
    "{} niet gevonden in bloed.",
    "Zonder {}.",
    "No evidence of {}.",
    "Negative for {}.",
    "{} was not detected in blood.",
    "Cocaine, {} and heroin were not found.",
    "There was no cocaine, {} or heroin.",
    "Denied use of {}.",
)


@pytest.mark.parametrize("denial", DENIALS)
def test_a_denied_name_is_never_proposed(denial: str) -> None:
    assert [name for name, code in SINGLE_NAMES if code in RECOGNISER.propose(denial.format(name))] == []


@pytest.mark.parametrize("denial", DENIALS)
def test_a_denial_ends_with_its_sentence(denial: str) -> None:
    assert RECOGNISER.propose(f"Fentanyl aangetoond. {denial.format('MDMA')} Ketamine aangetoond.") == (
        "fentanyl",
        "ketamine",
    )
