from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.quality.answers import Answer
from register.quality.completeness import completeness, missing_core
from register.quality.dictionary import all_fields, field
from register.quality.record import Record
from tests.unit.quality.records import TODAY, answers_of, record, row, values_of

CORE = [spec for spec in all_fields() if spec.level == "core" and spec.on_case]
COUNTED = [spec for spec in all_fields() if spec.level in {"core", "strong"} and spec.on_case]


def blank(one: Record) -> list[tuple[str, str]]:
    return [(found.field, found.row) for found in missing_core(one)]


def test_an_empty_case_misses_every_core_answer() -> None:
    assert blank(record()) == [(spec.key, "") for spec in CORE]


@given(st.data())
def test_a_core_question_is_missing_exactly_while_it_is_blank(data: st.DataObject) -> None:
    answers = {spec.key: data.draw(answers_of(spec)) for spec in CORE}
    missing = {key for key, _ in blank(Record(today=TODAY, answers=answers))}
    open_date = answers["Death.date_of_death"].missing not in {None, "PEND"}
    for key, answer in answers.items():
        skipped = key == "Death.date_of_death_precision" and open_date
        assert (key in missing) == (answer.blank and not skipped)


def test_the_sentence_names_the_question_the_page_and_the_way_out() -> None:
    [found] = [one for one in missing_core(record()) if one.field == "Decedent.sex"]
    assert found.nl == "Vul 'Geslacht' in, of kies een reden waarom het antwoord ontbreekt."
    assert found.en == "Fill in 'Sex', or choose a reason why there is no answer."
    assert found.page == "overledene"
    [region] = [one for one in missing_core(record()) if one.field == "Case.region"]
    assert region.nl == "Vul 'GGD-regio' in."


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, ["SuspectedSubstance.substance", "SuspectedSubstance.reported_as", "SuspectedSubstance.evidence"]),
        ({"reported_as": "roze pil"}, ["SuspectedSubstance.evidence"]),
        ({"substance": "mdma", "evidence": ["scene"]}, []),
        ({"substance": "mdma"}, ["SuspectedSubstance.evidence"]),
    ],
)
def test_a_substance_row_needs_a_name_and_its_evidence(answers: dict[str, Any], missing: list[str]) -> None:
    rows = [key for key, row_key in blank(record(row("SuspectedSubstance", "r7", **answers))) if row_key == "r7"]
    assert rows == missing


def test_a_request_needs_its_state() -> None:
    assert ("ToxRequest.status", "q1") in blank(record(row("ToxRequest", "q1")))
    assert ("ToxRequest.status", "q1") not in blank(record(row("ToxRequest", "q1", status="requested")))


def full_case(**changes: Answer) -> Record:
    """A case in which every core and strong question has a value and every conditional one is asked."""
    answers = {spec.key: Answer("x") for spec in COUNTED}
    answers |= {
        "Circumstances.bystanders": Answer("one"),
        "Decedent.residence_kind": Answer("municipality"),
        "Death.use_abroad": Answer(False),
        "History.treatment": Answer("current"),
    }
    return Record(today=TODAY, answers=answers | {name.replace("__", "."): one for name, one in changes.items()})


def test_an_empty_case_is_0_percent_and_a_full_one_100_percent_complete() -> None:
    assert completeness(record()) == 0
    assert completeness(full_case()) == 100
    assert completeness(full_case(Decedent__sex=Answer())) < 100


def test_a_reason_for_missing_is_an_answer_but_not_a_value() -> None:
    answers = {spec.key: Answer(missing="UNK") for spec in COUNTED}
    assert completeness(Record(today=TODAY, answers=answers)) == 0


def test_what_does_not_apply_is_left_out_of_the_share() -> None:
    unasked = {"History__treatment_types": Answer()}
    assert completeness(full_case(**unasked)) < 100
    assert completeness(full_case(**unasked, History__treatment=Answer("none"))) == 100
    assert completeness(full_case(CauseOfDeath__cause_line_d=Answer(missing="NA"))) == 100


@given(st.data())
def test_one_more_value_never_lowers_the_share_unless_it_opens_other_questions(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(["Decedent.sex", "Death.place_type", "CauseOfDeath.mechanism"]))
    others = data.draw(st.sets(st.sampled_from([spec.key for spec in COUNTED if spec.key != key])))
    answers = {other: data.draw(answers_of(field(other))) for other in others}
    before = completeness(Record(today=TODAY, answers=answers))
    value = Answer(data.draw(values_of(field(key))))
    after = completeness(Record(today=TODAY, answers=answers | {key: value}))
    assert 0 <= before <= after <= 100
