"""Substances in sentences as physicians and examiners write them.

``recognition_sentences.csv`` holds the sentences with the codes they affirm; here stand the things that a list of
codes cannot say: place, kind, reason, certainty and denial.
"""

import csv
from pathlib import Path

import pytest

from register.coding.catalogue import Catalogue, Substance, Synonym, load, rows
from register.coding.folding import fold
from register.coding.recognition import Mention, Recogniser, propose, recognise
from register.coding.terms import index, terms_of

CATALOGUE = load()
RECOGNISER = Recogniser(CATALOGUE)


def sentences() -> list[tuple[str, frozenset[str]]]:
    path = Path(__file__).with_name("recognition_sentences.csv")
    with path.open(encoding="utf-8", newline="") as file:
        found = csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE)
        return [(row["text"], frozenset(code for code in row["codes"].split(";") if code)) for row in found]


def only(text: str, code: str) -> Mention:
    (found,) = [mention for mention in RECOGNISER.recognise(text) if mention.code == code]
    return found


@pytest.mark.parametrize(("text", "codes"), sentences())
def test_a_sentence_proposes_what_it_affirms_and_nothing_else(text: str, codes: frozenset[str]) -> None:
    assert frozenset(RECOGNISER.propose(text)) == codes


def test_the_list_of_sentences_is_long_and_half_of_its_kind_are_traps() -> None:
    found = sentences()
    assert len(found) >= 200
    assert sum(not codes for _, codes in found) >= 60
    assert len({text for text, _ in found}) == len(found)


def test_proposals_come_in_order_of_first_mention_and_once_each() -> None:
    assert RECOGNISER.propose("Heroïne, cocaïne en nog eens heroïne; 6-MAM.") == ("heroin", "cocaine")


@pytest.mark.parametrize(
    ("text", "code", "words", "kind", "certainty", "reason"),
    [
        ("had keta bij zich", "ketamine", "keta", "street", "probable", "straatnaam: keta"),
        ("Lyrica op de lijst", "pregabalin", "Lyrica", "brand", "certain", "merknaam: Lyrica"),
        ("6-MAM in urine", "heroin", "6-MAM", "metabolite_of", "certain", "6-MAM ontstaat alleen uit heroïne"),
        ("EDDP in urine", "methadone", "EDDP", "metabolite_of", "certain", "EDDP is een afbraakproduct van methadon"),
        ("fenatnyl gebruikt", "fentanyl", "fenatnyl", "name", "probable", "lijkt op fentanyl"),
        ("cocaïnegebruik", "cocaine", "cocaïnegebruik", "name", "certain", "samenstelling met cocaïne"),
        ("mogelijk GHB", "ghb", "GHB", "name", "possible", "voorkeursnaam: GHB"),
        ("vermoedelijk GHB en MDMA", "mdma", "MDMA", "name", "probable", "voorkeursnaam: MDMA"),
        ("cocaïne?", "cocaine", "cocaïne", "name", "possible", "voorkeursnaam: cocaïne"),
        ("noscapine aangetoond", "heroin", "noscapine", "marker_of", "possible", None),
        ("butonitazeen", "nitazene-nos", "butonitazeen", "chemical", "certain", "chemische naam: butonitazeen"),
        ("xylonitazeen", "nitazene-nos", "xylonitazeen", "spelling", "possible", None),
    ],
)
def test_a_mention_says_what_it_saw_and_why(
    text: str, code: str, words: str, kind: str, certainty: str, reason: str | None
) -> None:
    found = only(text, code)
    assert (found.words, found.kind, found.certainty, found.negated) == (words, kind, certainty, False)
    assert text[found.start : found.end] == words
    assert reason is None or found.reason.nl == reason
    assert found.reason.en


def test_a_name_of_several_substances_shows_them_all_as_possible() -> None:
    found = RECOGNISER.recognise("nep-Xanax in de broekzak")
    assert [(mention.code, mention.certainty) for mention in found] == [
        ("bromazolam", "possible"),
        ("flualprazolam", "possible"),
    ]
    assert "kan meer dan één middel zijn" in found[0].reason.nl


def test_the_parts_of_a_combination_are_all_certain() -> None:
    found = RECOGNISER.recognise("Percocet")
    assert [(mention.code, mention.certainty) for mention in found] == [
        ("oxycodone", "certain"),
        ("paracetamol", "certain"),
    ]


def test_cocaethylene_is_seen_and_explained_but_adds_no_substance() -> None:
    found = RECOGNISER.recognise("cocaethyleen aangetoond")
    assert {(mention.code, mention.kind) for mention in found} == {
        ("cocaine", "combination_marker"),
        ("ethanol", "combination_marker"),
    }
    assert RECOGNISER.propose("cocaethyleen aangetoond") == ()


def test_an_illicit_fentanyl_analogue_asks_whether_fentanyl_was_there_too() -> None:
    analogue, hint = RECOGNISER.recognise("Mogelijk acetylfentanyl en heroïne")[:2]
    assert (analogue.code, analogue.kind) == ("fentanyl-analogue-nos", "chemical")
    assert (hint.code, hint.kind, hint.certainty, hint.negated) == ("fentanyl", "found_with", "possible", False)
    assert (hint.start, hint.end, hint.words) == (analogue.start, analogue.end, "acetylfentanyl")
    assert hint.reason.nl.startswith("een illegaal fentanylanaloog wordt vaak samen met fentanyl gevonden")
    assert hint.reason.en.endswith("a hint only")


@pytest.mark.parametrize(
    "text",
    [
        "fentanyl en acetylfentanyl",
        "acetylfentanyl en norfentanyl",
        "geen fentanyl, wel furanylfentanyl",
        "geen acetylfentanyl",
        "carfentanil",
        "sufentanil en remifentanil",
    ],
)
def test_no_hint_where_the_text_speaks_of_fentanyl_denies_the_analogue_or_names_another_fentanyl(text: str) -> None:
    assert "found_with" not in {mention.kind for mention in RECOGNISER.recognise(text)}


def test_what_is_found_together_is_left_out_where_the_catalogue_does_not_hold_both() -> None:
    own = Catalogue(
        substances={"fentanyl-analogue-nos": CATALOGUE.substances["fentanyl-analogue-nos"]}, groups=CATALOGUE.groups
    )
    assert propose("furanylfentanyl", own) == ("fentanyl-analogue-nos",)


def test_a_metabolite_of_several_substances_stands_for_the_one_that_is_named() -> None:
    assert RECOGNISER.propose("chloordiazepoxide en nordazepam") == ("chlordiazepoxide",)
    assert RECOGNISER.propose("nordazepam") == ("diazepam",)
    assert RECOGNISER.propose("esketamine en norketamine") == ("esketamine",)


def test_a_substance_that_may_be_a_metabolite_of_another_one_named_is_only_possible() -> None:
    found = only("6-MAM en morfine in urine", "morphine")
    assert found.certainty == "possible"
    assert "afbraakproduct van heroïne" in found.reason.nl
    assert only("morfine in urine", "morphine").certainty == "certain"


def test_a_denied_mention_is_shown_as_denied_and_not_proposed() -> None:
    found = RECOGNISER.recognise("Geen fentanyl aangetoond; wel cocaïne.")
    assert [(mention.code, mention.negated) for mention in found] == [("fentanyl", True), ("cocaine", False)]


def test_a_substance_denied_here_and_affirmed_there_is_proposed() -> None:
    assert RECOGNISER.propose("Sneltest op GHB negatief. In bloed is later GHB aangetoond.") == ("ghb",)


def test_a_list_over_lines_is_denied_until_its_turn() -> None:
    text = "Niet aangetoond:\n- GHB\n- ketamine\nWel aangetoond:\n- cocaïne"
    assert RECOGNISER.propose(text) == ("cocaine",)


def test_a_table_of_results_is_read_line_by_line() -> None:
    text = "Cocaïne: negatief\nFentanyl: 12 µg/L\nAlcohol: 0,00 g/L\nTHC: positief\nGHB: n.a."
    assert RECOGNISER.propose(text) == ("fentanyl", "cannabis")


def test_overlapping_names_are_read_once_and_the_longest_wins() -> None:
    assert {m.words for m in RECOGNISER.recognise("acetyl fentanyl")} == {"acetyl fentanyl"}
    text = "Fentanyl valeryl fentanyl"
    assert [(m.words, m.code) for m in RECOGNISER.recognise(text)] == [
        ("Fentanyl", "fentanyl"),
        ("valeryl fentanyl", "fentanyl-analogue-nos"),
    ]


def test_a_catalogue_of_ones_own_is_recognised_with_its_new_names() -> None:
    kept = {code: CATALOGUE.substances[code] for code in ("heroin", "cocaine")}
    new = Substance("new-1", "nieuwstof", "newstuff", "nps-unspec", synonyms=(Synonym("ns", "street", "nl"),))
    own = Catalogue(substances={**kept, "new-1": new}, groups=CATALOGUE.groups)
    assert propose("nieuwstof en fentanyl, speedball", own) == ("new-1", "heroin", "cocaine")
    assert recognise("Het ns was leeg", own) == ()
    assert propose("NS gesnoven", own) == ("new-1",)


@pytest.mark.parametrize("name", ["recognition_terms.csv", "substance_relations.csv", "name_families.csv"])
def test_the_lists_name_only_codes_that_the_catalogue_holds(name: str) -> None:
    for row in rows(name):
        codes = (row.get("codes") or row["code"]).replace("+", ";").split(";")
        assert set(codes) <= set(CATALOGUE.substances), row


def test_what_is_found_together_is_in_the_catalogue_and_has_its_reason() -> None:
    certainties = {"certain", "probable", "possible"}
    for row in rows("found_together.csv"):
        assert {row["code"], row["found_with"]} <= set(CATALOGUE.substances), row
        assert row["certainty"] in certainties and row["nl"] and row["en"], row


def test_no_false_friend_is_a_name_of_a_substance() -> None:
    friends = {fold(row["word"]) for row in rows("false_friends.csv")}
    assert not [word for word in sorted(friends) if RECOGNISER.recognise(word)]


def test_every_ordinary_word_is_a_name_and_its_gate_exists() -> None:
    names = index(terms_of(CATALOGUE))
    assert [row["word"] for row in rows("ordinary_words.csv") if fold(row["word"]) not in names] == []
    assert {row["gate"] for row in rows("ordinary_words.csv")} <= {
        "talk",
        "close",
        "item",
        "party",
        "patch",
        "shorthand",
        "never",
    }


def test_a_phrase_that_is_no_substance_gives_no_mention() -> None:
    assert [row["text"] for row in rows("not_substances.csv") if RECOGNISER.recognise(row["text"])] == []


def test_a_long_text_is_read_to_its_end() -> None:
    found = RECOGNISER.recognise("Drugs: speed en wit; geen cocaïne, GHB of K. " * 2_000)
    assert len(found) == 2_000 * 5
    assert sum(mention.negated for mention in found) == 2_000 * 3
