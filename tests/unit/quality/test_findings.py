from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given

from register.quality.answers import Answer
from register.quality.dictionary import find
from register.quality.findings import (
    OVERRIDE_UNEXPLAINED,
    PENDING_ANSWER,
    ROLE_UNSET,
    RULES,
    TERM_UNMAPPED,
    Finding,
    Severity,
    blocking,
    check,
    codes_of,
    to_accept,
)
from register.quality.partial_dates import PartialDate
from register.quality.record import Record, Row
from register.quality.rule import LABELS
from tests.unit.quality.records import TODAY, record, records, row
from tests.unit.quality.rule_cases import CASES, DIED, at, finding, result


def of(code: str, one: Record) -> list[Finding]:
    return [found for found in check(one) if found.code == code]


@pytest.mark.parametrize("code", CASES)
def test_a_rule_finds_what_it_is_about_and_leaves_what_comes_close(code: str) -> None:
    wrong, fine = CASES[code]
    for one in wrong:
        assert of(code, one)
    for one in fine:
        assert of(code, one) == []


def test_every_rule_is_shown_to_find_something() -> None:
    assert set(CASES) == {rule.code for rule in RULES}


def test_rules_have_codes_of_their_own_and_fields_that_exist() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(find(rule.field) for rule in RULES)
    assert set(LABELS) == set(Severity)
    assert {PENDING_ANSWER, ROLE_UNSET, TERM_UNMAPPED, OVERRIDE_UNEXPLAINED} <= {
        rule.code for rule in RULES if rule.severity is Severity.TASK
    }


def test_a_sentence_names_the_thing_in_the_language_of_the_reader() -> None:
    [found] = of("Q17b", record(finding("heroin", "sole_cause"), finding("cocaine", "joint_cause", "f2")))
    assert found.nl.startswith("heroïne is enige doodsoorzaak, maar cocaïne is mede-oorzaak.")
    assert found.en.startswith("heroin is the sole cause, but cocaine is a joint cause.")
    assert found.severity is Severity.ERROR
    assert (found.field, found.page, found.row) == ("SubstanceFinding.role", "conclusie", "f1")
    assert found.place == "SubstanceFinding.role#f1"


def test_a_municipality_that_was_gone_is_named_with_its_successor() -> None:
    [found] = of("Q03", record(Death__date_of_death=DIED, Death__death_municipality="GM0457"))
    assert found.nl == "'Gemeente van overlijden': Weesp bestond niet op de datum van overlijden. Kies Amsterdam."
    assert found.en == "'Municipality of death': Weesp did not exist on the date of death. Choose Amsterdam."
    assert found.place == "Death.death_municipality"


def test_the_text_that_may_identify_a_person_is_not_repeated_in_the_sentence() -> None:
    [found] = of("Q04", record(Case__narrative="Bel mevr. de Vries op 06-12345678 of mevr. Bakker."))
    assert found.nl.startswith("'Toelichting' lijkt een naam en een telefoonnummer te bevatten.")
    assert "Vries" not in found.nl + found.en
    assert "0612345678" not in (found.nl + found.en).replace("-", "")


def test_every_pending_answer_is_a_task_of_its_own() -> None:
    one = record(finding("heroin", certainty="PEND"), Decedent__sex="PEND", Decedent__housing="PEND")
    assert [(found.field, found.row) for found in of("Q20", one)] == [
        ("Decedent.sex", ""),
        ("Decedent.housing", ""),
        ("SubstanceFinding.certainty", "f1"),
    ]
    assert blocking(of("Q20", one)) == ()


def test_errors_block_and_warnings_at_submission_are_accepted_one_by_one() -> None:
    one = record(
        Circumstances__suspected_none=True,
        Death__date_of_death=PartialDate.of(2025),
        Decedent__age_years=111,
        Decedent__sex="NASK",
    )
    found = check(one)
    assert [each.code for each in blocking(found)] == ["Q01a"]
    assert [each.code for each in to_accept(found)] == ["Q02a"]
    assert set(codes_of(found)) == {"Q01a", "Q02a", "Q11b"}


def test_a_sound_case_has_no_findings() -> None:
    one = record(
        row("SuspectedSubstance", substance="heroin", reported_as="bruin", route="smoked"),
        row("ToxRequest", "q1", status="final", requested_on=date(2024, 3, 15), received_on=date(2024, 4, 20)),
        row("ToxSample", "s1", matrix="blood_femoral", timing="post_mortem", sampled_at=at(15)),
        result("heroin", stage="quantified", unit="ug_l", sample="s1", request="q1"),
        finding("heroin", "sole_cause", certainty="certain", route="smoked"),
        Case__region="GG3406",
        Case__date_examined=date(2024, 3, 14),
        Death__date_of_death=DIED,
        Death__death_municipality="GM0363",
        Death__last_seen_alive=at(13),
        Death__found_at=at(14),
        Decedent__age_years=34,
        Decedent__birth_year=1990,
        CauseOfDeath__manner_provisional="non_natural",
        CauseOfDeath__intent_final="accident",
        CauseOfDeath__icd10_ucod="X42",
        CauseOfDeath__icd10_ucod_suggested="X42",
        CauseOfDeath__wlb_route="article_10",
        Assessment__inclusion="confirmed",
    )
    assert check(one) == ()


@given(records())
def test_any_partial_record_is_checked_without_failing(one: Record) -> None:
    for found in check(one):
        assert found.nl[-1] in ".?"
        assert found.en[-1] in ".?"
        assert find(found.field)


def test_a_record_with_values_of_the_wrong_type_is_checked_without_failing() -> None:
    odd = (Answer(34), Answer("x"), Answer(Decimal("NaN")), Answer(datetime(1, 1, 1, tzinfo=UTC)), Answer(("a",)))
    for value in odd:
        answers = {rule.field: value for rule in RULES} | {"Nothing.known": Answer(missing="PEND")}
        check(Record(today=TODAY, answers=answers, rows={"ToxRequest": (Row("ToxRequest", "r1", answers),)}))
