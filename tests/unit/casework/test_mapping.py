"""Mappings of other registers: what they say about a row, and what is wrong with a mapping."""

import re

import pytest

from register.casework.importing import mapping
from register.casework.importing.folding import fold
from register.casework.importing.mapping import MappingError
from register.casework.importing.plans import AnswerPlan
from register.quality import dictionary

MINIMAL = """
title = "T"
service = "FD-{region}"
file = { encoding = "utf-8", delimiter = "," }
region = { column = "county" }
[[answer]]
field = "Decedent.sex"
column = "sex"
values = { "Male" = "male" }
"""


@pytest.mark.parametrize("name", mapping.names())
def test_every_shipped_mapping_can_be_used(name: str) -> None:
    loaded = mapping.load(name)
    assert loaded.columns
    fields = {plan.spec.key for plan in loaded.answers}
    assert {"Decedent.sex", "Decedent.age_years", "Death.date_of_death", "CauseOfDeath.intent_provisional"} <= fields


def test_connecticut_says_that_its_counties_stand_in_for_dutch_regions() -> None:
    text = (mapping.FOLDER / "connecticut.toml").read_text(encoding="utf-8")
    assert "stands in for a GGD region" in text


@pytest.mark.parametrize("words", ["Decedent\u2019s Home", "DECEDENT'S  HOME", " decedent`s home "])
def test_texts_are_compared_as_people_mean_them(words: str) -> None:
    assert fold(words) == "decedent's home"


def _plan(**answers: object) -> AnswerPlan:
    return AnswerPlan(spec=dictionary.field("Death.place_type"), **answers)  # type: ignore[arg-type]


def test_a_text_that_means_nothing_sends_the_search_to_the_next_column() -> None:
    plan = _plan(
        columns=("Location", "Other"),
        values={"residence": "own_home", "other": ""},
        contains=(("motel", "hotel"),),
        otherwise="other",
        empty="UNK",
    )
    assert plan.raw({"Location": "Residence", "Other": ""}) == {"place_type": "own_home"}
    assert plan.raw({"Location": "Other", "Other": "Motel 6"}) == {"place_type": "hotel"}
    assert plan.raw({"Location": "Other", "Other": ""}) == {"place_type": "other"}
    assert plan.raw({"Location": " ", "Other": ""}) == {"place_type_missing": "UNK"}


def test_an_unknown_text_is_handed_on_as_it_is_so_that_reading_refuses_it() -> None:
    plan = _plan(columns=("Location",), values={"residence": "own_home"})
    assert plan.raw({"Location": "Spaceship"}) == {"place_type": "Spaceship"}


def test_a_date_is_taken_apart_in_the_order_of_the_source() -> None:
    plan = AnswerPlan(spec=dictionary.field("Death.date_of_death"), columns=("Date",), order=("month", "day", "year"))
    assert plan.raw({"Date": "02/31/2019"}) == {
        "date_of_death_month": "02",
        "date_of_death_day": "31",
        "date_of_death_year": "2019",
    }
    assert plan.raw({"Date": "last week"}) == {"date_of_death": "last week"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('title = "T"\n', "", "lacks the key 'title'"),
        ("Decedent.sex", "Decedent.name", "unknown field 'Decedent.name'"),
        ('"male"', '"man"', "'man' is not a code of Decedent.sex"),
        ('column = "sex"', 'kolom = "sex"', "unknown key 'kolom'"),
        ('column = "sex"\nvalues = { "Male" = "male" }', "", "neither a column nor a value"),
        ("Decedent.sex", "Case.completeness", "not a question of the physician's pages"),
        ("[[answer]]", "[[answer", "is not TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_with_one_sentence(before: str, after: str, words: str) -> None:
    assert before in MINIMAL
    with pytest.raises(MappingError, match=re.escape(words)):
        mapping.parse("test", MINIMAL.replace(before, after))


def test_a_mapping_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(MappingError, match="connecticut"):
        mapping.load("../../etc/passwd")
