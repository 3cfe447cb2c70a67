from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from register.quality import value_sets
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec, all_fields, field
from register.quality.partial_dates import PartialDate
from register.quality.problems import Problem
from register.quality.reading import read, reasons, written
from register.quality.times import ZONE
from tests.unit.quality.records import values_of

AGE = "Vul een leeftijd tussen 0 en 120 in, of kies 'Onbekend'."


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("Decedent.age_years", "34", 34),
        ("Decedent.age_years", " 034 ", 34),
        ("Decedent.age_years", "+34", 34),
        ("Decedent.age_years", "34.0", 34),
        ("Decedent.age_years", "34,0", 34),
        ("Decedent.age_years", "0", 0),
        ("Decedent.age_years", "120", 120),
        ("Decedent.age_years", ["34"], 34),
        ("ToxResult.value", "0,012", Decimal("0.012")),
        ("ToxResult.value", "0.012", Decimal("0.012")),
        ("ToxResult.value", ",5", Decimal("0.5")),
        ("ToxResult.value", "5,", Decimal("5")),
        ("ToxResult.value", "-0", Decimal("0")),
        ("ToxResult.value", "999999999999,999999", Decimal("999999999999.999999")),
        ("ToxResult.value", "1,5000000", Decimal("1.5")),
        ("Decedent.sex", "female", "female"),
        ("Decedent.sex", " Female ", "female"),
        ("Decedent.context_group", ["other", "sex_work", "other"], ("sex_work", "other")),
        ("Decedent.context_group", "other; sex_work;", ("sex_work", "other")),
        ("Decedent.non_resident", "ja", True),
        ("Decedent.non_resident", "No", False),
        ("Decedent.non_resident", "1", True),
        ("Case.date_examined", "14-03-2019", date(2019, 3, 14)),
        ("Case.date_examined", ["14", "3", "2019"], date(2019, 3, 14)),
        ("Death.date_of_death", ["", "3", "2019"], PartialDate.of(2019, 3)),
        ("Death.date_of_death", "2019", PartialDate.of(2019)),
        ("Case.narrative", "  twee\r\nregels\tmet tab ", "twee\nregels\tmet tab"),
        ("Case.narrative", "\u200bzonder onzichtbare rand\ufeff", "zonder onzichtbare rand"),
        ("Death.death_municipality", "GM0363", "GM0363"),
    ],
)
def test_an_answer_is_read_in_the_ways_people_and_files_write_it(key: str, raw: Any, value: Any) -> None:
    answer = read(field(key), raw)
    assert answer == Answer(value)
    assert type(answer.value) is type(value)


@pytest.mark.parametrize(
    ("key", "raw", "sentence"),
    [
        ("Decedent.age_years", "-1", AGE),
        ("Decedent.age_years", "\u22121", AGE),
        ("Decedent.age_years", "130", AGE),
        ("Decedent.age_years", "9" * 150, AGE),
        ("Decedent.age_years", "jong", "Vul een leeftijd in als heel getal, zoals 34, of kies 'Onbekend'."),
        ("Decedent.age_years", "３４", "Vul een leeftijd in als heel getal, zoals 34, of kies 'Onbekend'."),
        ("Decedent.age_years", "1.000", "Vul een leeftijd in als heel getal, zoals 34, of kies 'Onbekend'."),
        ("Decedent.age_years", "9" * 5000, "Dit antwoord is te lang."),
        ("Decedent.age_years", ["34", "35"], "Geef één antwoord."),
        ("ToxResult.value", "NaN", "Vul een getal in met een komma of een punt, zoals 0,12, of kies 'Onbekend'."),
        ("ToxResult.value", "Infinity", "Vul een getal in met een komma of een punt, zoals 0,12, of kies 'Onbekend'."),
        ("ToxResult.value", "1e309", "Vul een getal in met een komma of een punt, zoals 0,12, of kies 'Onbekend'."),
        ("ToxResult.value", "1.234,5", "Vul een getal in met een komma of een punt, zoals 0,12, of kies 'Onbekend'."),
        ("ToxResult.value", ",", "Vul een getal in met een komma of een punt, zoals 0,12, of kies 'Onbekend'."),
        ("ToxResult.value", "<0,01", "Zet het teken (<, > of ≈) in het vak 'Teken' en hier alleen het getal."),
        ("ToxResult.value", "-0,1", "Vul een getal van 0 of meer in."),
        (
            "ToxResult.value",
            "0,0000001",
            "Vul een getal in met ten hoogste 12 cijfers voor en 6 achter de komma.",
        ),
        ("ToxResult.value", "1" * 13, "Vul een getal in met ten hoogste 12 cijfers voor en 6 achter de komma."),
        (
            "Decedent.sex",
            "man",
            "'man' staat niet in de lijst van 'Geslacht'. Kies een waarde uit de lijst (male, female, other).",
        ),
        ("Decedent.sex", ["male", "female"], "Geef één antwoord."),
        ("Decedent.non_resident", "misschien", "Kies ja of nee, of kies 'Onbekend'."),
        ("Case.date_examined", "03-2019", "Vul de hele datum in: dag, maand en jaar."),
        ("Case.date_examined", "31-02-2019", "31-02-2019 bestaat niet: februari 2019 heeft 28 dagen."),
        ("Death.found_at", "14-03-2019", "Vul een datum en een tijd in, zoals 14-03-2019 02:14."),
        ("Death.found_at", "03-2019 02:14", "Vul een datum en een tijd in, zoals 14-03-2019 02:14."),
        ("Death.found_at", "14-03-2019 24:00", "Schrijf de tijd als uren en minuten, van 00:00 tot en met 23:59."),
        ("Case.external_reference", "x" * 61, "Deze tekst telt 61 tekens; er passen er 60. Maak de tekst korter."),
        ("Decedent.context_group", ";".join(map(str, range(200))), "Dit antwoord is te lang."),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_with_the_way_out(key: str, raw: Any, sentence: str) -> None:
    problem = read(field(key), raw)
    assert isinstance(problem, Problem)
    assert problem.nl == sentence
    assert problem.en.endswith(".")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x9f", "\ud800", "\udfff"])
def test_a_character_that_cannot_be_stored_is_refused_in_every_field(character: str) -> None:
    for spec in all_fields():
        for raw in (character, f"a{character}b", [f"1{character}"]):
            problem = read(spec, raw)
            assert isinstance(problem, Problem)
            assert "onzichtbaar teken" in problem.nl
        assert isinstance(read(spec, "", f"UNK{character}"), Problem)


@pytest.mark.parametrize("raw", ["", "   ", "\n", "\u200b", [], [""], ["", " ", ""]])
def test_nothing_given_is_a_blank_answer_in_every_field(raw: Any) -> None:
    for spec in all_fields():
        assert read(spec, raw) == Answer(None, None)
        assert read(spec, raw, " ").blank


def test_a_reason_stands_beside_the_value_and_never_with_it() -> None:
    spec = field("Decedent.sex")
    assert read(spec, "", "UNK") == Answer(missing="UNK")
    assert read(spec, "", "unk") == Answer(missing="UNK")
    both = read(spec, "male", "UNK")
    assert isinstance(both, Problem)
    assert "niet allebei" in both.nl


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("Decedent.sex", ("UNK", "NASK", "PEND", "WTHD")),
        ("ToxResult.value", ("UNK", "NASK", "PEND", "NTST", "WTHD")),
        ("Case.region", ()),
        ("ToxResult.outcome", ()),
    ],
)
def test_a_person_chooses_from_the_reasons_that_the_field_knows(key: str, allowed: tuple[str, ...]) -> None:
    spec = field(key)
    assert reasons(spec) == allowed
    for code in value_sets.codes("VS-MISSING"):
        if code in allowed:
            assert read(spec, "", code) == Answer(missing=code)
        elif code != "NA":
            assert isinstance(read(spec, "", code), Problem)


def test_not_applicable_is_accepted_where_a_question_may_fall_away_and_nowhere_else() -> None:
    assert read(field("Decedent.age_months"), "", "NA") == Answer(missing="NA")
    assert read(field("Death.date_of_death_precision"), "", "NA") == Answer(missing="NA")
    assert isinstance(read(field("Decedent.sex"), "", "NA"), Problem)
    assert isinstance(read(field("Decedent.sex"), "", "geen idee"), Problem)


def test_a_reference_is_held_against_the_codes_that_are_known() -> None:
    spec = field("Death.death_municipality")
    for known in ({"GM0363"}, ["GM0363"], lambda code: code == "GM0363"):
        assert read(spec, "GM0363", known=known) == Answer("GM0363")
        unknown = read(spec, "GM9999", known=known)
        assert isinstance(unknown, Problem)
        assert "GM9999" in unknown.nl
        assert "Gemeente van overlijden" in unknown.nl


def test_icd_codes_are_held_against_the_codes_that_are_known_and_kept_in_their_order() -> None:
    spec = field("CauseOfDeath.icd10_t_codes")
    assert read(spec, "T43.6;T40.1", known={"T40.1", "T43.6"}) == Answer(("T43.6", "T40.1"))
    assert isinstance(read(spec, "T99.9", known={"T40.1"}), Problem)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("14-03-2019 02:14", datetime(2019, 3, 14, 1, 14, tzinfo=UTC)),
        ("14-07-2019 02:14", datetime(2019, 7, 14, 0, 14, tzinfo=UTC)),
        ("2019-03-14T02:14", datetime(2019, 3, 14, 1, 14, tzinfo=UTC)),
        ("2019-03-14T02:14:30+00:00", datetime(2019, 3, 14, 2, 14, 30, tzinfo=UTC)),
        ("2019-03-14T02:14:30Z", datetime(2019, 3, 14, 2, 14, 30, tzinfo=UTC)),
        ("14 maart 2019, 2.14", datetime(2019, 3, 14, 1, 14, tzinfo=UTC)),
        (["14", "3", "2019", "2:14"], datetime(2019, 3, 14, 1, 14, tzinfo=UTC)),
        ("27-10-2019 02:30", datetime(2019, 10, 27, 0, 30, tzinfo=UTC)),
        ("2019-10-27T02:30:00+01:00", datetime(2019, 10, 27, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_the_clock_in_the_netherlands(raw: Any, moment: datetime) -> None:
    answer = read(field("Death.found_at"), raw)
    assert isinstance(answer, Answer)
    assert isinstance(answer.value, datetime)
    assert answer.value.tzinfo is ZONE
    assert answer.value.astimezone(UTC) == moment


def test_an_hour_that_the_clock_skipped_does_not_exist() -> None:
    problem = read(field("Death.found_at"), "31-03-2019 02:30")
    assert isinstance(problem, Problem)
    assert "zomertijd" in problem.nl


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("14-03-2019 02:14+15:00", "uren en minuten"),
        ("14-03-2019 02:14+01:60", "uren en minuten"),
        ("14-03-2019 02:60", "uren en minuten"),
        (["14", "3", "2019", "kwart over twee"], "uren en minuten"),
        (["14", "3", "2019", ""], "een datum en een tijd"),
        (["14", "3", "2019"], "een datum en een tijd"),
        (["", "3", "2019", "02:14"], "een datum en een tijd"),
        ("31-02-2019 02:14", "februari 2019 heeft 28 dagen"),
    ],
)
def test_what_is_no_moment_gets_a_sentence(raw: Any, words: str) -> None:
    problem = read(field("Death.found_at"), raw)
    assert isinstance(problem, Problem)
    assert words in problem.nl


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2019, 3, 14, 1, 14, tzinfo=UTC), "14-03-2019 02:14"),
        (datetime(2019, 3, 14, 1, 14, 30, tzinfo=UTC), "2019-03-14T02:14:30+01:00"),
        (datetime(2019, 10, 27, 1, 30, tzinfo=UTC), "2019-10-27T02:30:00+01:00"),
    ],
)
def test_a_moment_is_written_as_people_do_unless_that_would_lose_part_of_it(moment: datetime, text: str) -> None:
    assert written(moment) == text


@pytest.mark.parametrize(("key", "raw"), [("Case.narrative", ["een", "twee"]), ("Case.date_examined", ["1", "2"])])
def test_several_texts_where_one_is_asked_are_refused(key: str, raw: list[str]) -> None:
    assert read(field(key), raw) == Problem("Geef één antwoord.", "Give one answer.")


_RAW = st.text() | st.lists(st.text(), max_size=5)


@given(st.sampled_from(all_fields()), _RAW, st.text(max_size=6))
def test_any_text_is_an_answer_or_a_problem(spec: FieldSpec, raw: Any, missing: str) -> None:
    result = read(spec, raw, missing)
    assert isinstance(result, Answer | Problem)
    if isinstance(result, Answer):
        assert result.value is None or result.missing is None


_NUMBERS = st.from_regex(r"[-+−]?[0-9]{0,25}[.,]?[0-9]{0,10}(e[0-9]{1,3})?", fullmatch=True)
_DATES = st.from_regex(
    r"[0-9]{0,5}[-/. T:]{0,2}[0-9a-z]{0,6}[-/. T:]{0,2}[0-9]{0,6}( [0-9]{0,3}:[0-9]{0,3})?", fullmatch=True
)


@given(st.sampled_from([spec for spec in all_fields() if spec.kind != "text"]), _NUMBERS | _DATES)
@example(field("Case.version"), "-9999999999")
@example(field("ToxResult.lod"), "0" * 100)
def test_what_looks_like_a_number_or_a_date_is_an_answer_within_the_bounds_or_a_problem(
    spec: FieldSpec, raw: str
) -> None:
    result = read(spec, raw)
    assert isinstance(result, Answer | Problem)
    if isinstance(result, Answer) and isinstance(result.value, int | Decimal) and spec.minimum is not None:
        assert result.value >= spec.minimum
    if isinstance(result, Answer) and spec.kind == "int" and spec.maximum is not None and result.value is not None:
        assert result.value <= spec.maximum


@given(st.data(), st.sampled_from(all_fields()))
def test_what_was_written_is_read_back_as_the_same_value(data: st.DataObject, spec: FieldSpec) -> None:
    value = data.draw(values_of(spec))
    answer = read(spec, written(value))
    if spec.kind == "text":
        first = read(spec, value)
        assert isinstance(first, Answer)
        assert first.blank or read(spec, written(first.value)) == first
    elif spec.kind == "datetime":
        assert isinstance(answer, Answer)
        assert answer.value.astimezone(UTC) == value
    else:
        assert answer == Answer(value)
