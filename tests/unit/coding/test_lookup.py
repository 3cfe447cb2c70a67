"""The picker's search: what a few letters find, in which order, and why."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.coding import terms
from register.coding.catalogue import Substance, load
from register.coding.lookup import EXACT, PREFIX, Lookup, resolve, search

ROOT = Path(__file__).resolve().parents[3]

CATALOGUE = load()


def codes(term: str, limit: int = 8) -> list[str]:
    return [match.code for match in search(term, CATALOGUE, limit)]


@pytest.mark.parametrize(
    ("term", "code", "reason"),
    [
        ("keta", "ketamine", "straatnaam: keta"),
        ("3mmc", "3-mmc", "voorkeursnaam: 3-MMC"),
        ("3 MMC", "3-mmc", "voorkeursnaam: 3-MMC"),
        ("miauw", "3-mmc", "straatnaam: miauw"),
        ("G", "ghb", "afkorting: G"),
        ("α-pvp", "alpha-pvp", "voorkeursnaam: alpha-PVP"),
        ("lyri", "pregabalin", "merknaam: Lyrica"),
        ("COCAI", "cocaine", "voorkeursnaam: cocaïne"),
        ("mefedron", "4-mmc", "voorkeursnaam: mefedron"),
        ("kokaine", "cocaine", "lijkt op cocaïne (voorkeursnaam: cocaïne)"),
        ("fentanul", "fentanyl", "lijkt op fentanyl (voorkeursnaam: fentanyl)"),
        ("amfetmine", "amphetamine", "lijkt op amfetamine (voorkeursnaam: amfetamine)"),
        ("6-MAM", "heroin", "6-MAM ontstaat alleen uit heroïne"),
    ],
)
def test_the_first_match_is_the_one_meant_and_says_why(term: str, code: str, reason: str) -> None:
    first = search(term, CATALOGUE)[0]
    assert (first.code, first.reason.nl) == (code, reason)
    assert (first.name_nl, first.name_en) == (CATALOGUE.substance(code).name_nl, CATALOGUE.substance(code).name_en)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("lean", {"codeine", "promethazine"}),
        ("dex", {"dexamfetamine", "dextromethorphan"}),
        ("nep xanax", {"bromazolam", "flualprazolam"}),
    ],
)
def test_an_ambiguous_name_shows_all_it_may_mean_first(term: str, expected: set[str]) -> None:
    assert set(codes(term)[: len(expected)]) == expected
    assert set(resolve(term, CATALOGUE)) == expected


def test_an_exact_name_precedes_a_beginning_a_part_and_a_near_miss() -> None:
    found = search("fent", CATALOGUE, limit=50)
    scores = [match.score for match in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].code == "fentanyl" and found[0].score == 100
    assert {100, 80, 60} <= set(scores)


def test_each_substance_stands_once_with_its_best_name() -> None:
    found = codes("fentanyl", limit=50)
    assert len(found) == len(set(found))


def test_nothing_typed_and_nothing_like_it_find_nothing() -> None:
    assert codes("") == codes(" - ") == codes("qqqqqq") == codes("keta", limit=0) == []


def test_a_name_resolves_exactly_or_not_at_all() -> None:
    assert resolve("Heroïne", CATALOGUE) == ("heroin",)
    assert resolve("u-47700", CATALOGUE) == ("u-47700",)
    assert resolve("heroin", CATALOGUE) == ("heroin",)
    assert resolve("alpha-php-pihp", CATALOGUE) == ("alpha-php-pihp",)
    assert resolve("heroï", CATALOGUE) == ()
    assert resolve("6-MAM", CATALOGUE) == ()
    assert resolve("", CATALOGUE) == ()


@pytest.mark.parametrize("substance", CATALOGUE.substances.values(), ids=lambda substance: substance.code)
def test_every_name_in_the_catalogue_finds_its_substance(substance: Substance) -> None:
    for synonym in substance.synonyms:
        assert substance.code in codes(synonym.text), synonym.text
    assert substance.code in resolve(substance.code, CATALOGUE)


@given(st.text(st.characters(), max_size=300), st.integers(-1, 20))
def test_any_term_is_answered_within_its_limit(term: str, limit: int) -> None:
    found = search(term, CATALOGUE, limit)
    assert len(found) <= max(limit, 0)
    assert all(0 < match.score <= 100 and match.reason.nl and match.reason.en for match in found)
    assert set(resolve(term, CATALOGUE)) <= set(CATALOGUE.substances)


@given(st.sampled_from([s.text for row in CATALOGUE.substances.values() for s in row.synonyms]), st.data())
def test_case_spaces_and_hyphens_make_no_difference(text: str, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([text.upper(), text.replace("-", " "), text.replace(" ", ""), f" {text} "]))
    assert resolve(other, CATALOGUE) == resolve(text, CATALOGUE)


def test_what_was_used_lately_stands_after_a_beginning_and_before_a_part() -> None:
    usual = search("fent", CATALOGUE, 50)
    last = usual[-1].code
    found = search("fent", CATALOGUE, 50, {last})
    beginnings = [match.code for match in usual if match.score >= PREFIX]
    assert usual[-1].score < PREFIX
    assert [match.code for match in found][: len(beginnings) + 1] == [*beginnings, last]
    assert [match.code for match in found if match.recent] == [last]


NAMES = st.sampled_from([(row.code, s.text) for row in CATALOGUE.substances.values() for s in row.synonyms])


@given(NAMES, st.sets(st.sampled_from(sorted(CATALOGUE.substances)), max_size=40))
def test_an_exact_name_is_first_whatever_was_used_lately(named: tuple[str, str], recent: set[str]) -> None:
    code, text = named
    found = search(text, CATALOGUE, recent=recent)
    assert found[0].score == EXACT
    assert code in {match.code for match in found if match.score == EXACT}


@given(st.text(max_size=12), st.sets(st.sampled_from(sorted(CATALOGUE.substances)), max_size=10))
def test_what_was_used_lately_changes_the_order_and_never_the_substances(term: str, recent: set[str]) -> None:
    everything = len(CATALOGUE.substances)
    usual, lately = search(term, CATALOGUE, everything), search(term, CATALOGUE, everything, recent)
    assert {match.code for match in usual} == {match.code for match in lately}


OWN_CATALOGUE = """
import gc, weakref
from register.coding.catalogue import Catalogue, Substance, Synonym
from register.coding.lookup import lookup_for, search
own = Catalogue(
    substances={"x": Substance("x", "eksstof", "xstuff", "unspec", synonyms=(Synonym("xje", "street", "nl"),))},
    groups={},
)
assert lookup_for(own) is lookup_for(own)
assert [match.code for match in search("xje", own)] == ["x"]
index = weakref.ref(lookup_for(own))
assert index() is not None
del own
gc.collect()
assert index() is None
"""


def test_the_index_is_built_once_for_a_catalogue_and_goes_with_it() -> None:
    """In a process of its own: what measures the coverage of this one may hold on to what it has seen."""
    done = subprocess.run([sys.executable, "-c", OWN_CATALOGUE], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_change_of_the_catalogue_reads_only_the_names_that_changed() -> None:
    Lookup(CATALOGUE)
    changed = replace(CATALOGUE.substances["ketamine"], name_nl="ketamine (nieuwe naam)")
    read = terms._substance_terms.cache_info().misses
    Lookup(replace(CATALOGUE, substances={**CATALOGUE.substances, "ketamine": changed}))
    assert terms._substance_terms.cache_info().misses == read + 1
