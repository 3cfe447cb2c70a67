"""What people may set of a rule, a text and a term, and what no setting takes away."""

from dataclasses import replace

import pytest

from register.quality import configuring, standard_texts, terms
from register.quality.configuring import RuleSetting, configured, fixed_because, read, severities
from register.quality.findings import RULES, check, codes_of
from register.quality.rule import BLOCKING, Severity, question
from register.quality.standard_texts import QUESTION, TextSetting
from register.quality.terms import ASK_AFTER, FIRST_REMINDER, LATE, SECOND_REMINDER, TERMS, Terms
from tests.unit.quality.records import record

BY_CODE = {rule.code: rule for rule in RULES}
OLD = BY_CODE["Q02a"]


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_what_cannot_be_true_and_what_closing_or_the_database_asks_for_stays_as_heavy_as_it_is(code: str) -> None:
    rule = BY_CODE[code]
    if fixed_because(rule):
        assert severities(rule) == (rule.severity,)
        for other in set(Severity) - {rule.severity}:
            assert "severity" in read(rule, {"severity": other.value})[1]
            lighter = replace(RuleSetting.of(rule), severity=other)
            assert configured((rule,), {code: lighter}) == (rule,)
    else:
        assert rule.severity in severities(rule)
        assert set(severities(rule)) <= {*configuring.CHOOSABLE}


def test_errors_and_tasks_are_fixed_and_a_word_that_points_to_a_person_is_never_passed_over() -> None:
    free = {rule.code for rule in RULES if not fixed_because(rule)}
    assert not [rule for rule in RULES if rule.code in free and rule.severity in (Severity.ERROR, Severity.TASK)]
    assert {rule.code for rule in RULES if rule.code in free and rule.severity in BLOCKING} == {
        *("Q05a", "Q05b", "Q19", "Q35")
    }
    assert Severity.WARNING not in severities(BY_CODE["Q04"])


def test_a_changed_rule_says_and_asks_what_people_wrote() -> None:
    raw = {
        "severity": "error_at_submit",
        "nl": "  {age} jaar\nis oud. ",
        "en": "{age} is old.",
        "question_nl": "Over ‘{field}’: {finding}",
    }
    setting, problems = read(OLD, raw)
    assert problems == {}
    rules = configured(RULES, {OLD.code: setting})
    [found] = codes_of(check(record(Decedent__age_years=115), rules))[OLD.code]
    assert (found.severity, found.nl, found.en) == (Severity.ERROR_AT_SUBMIT, "115 jaar is oud.", "115 is old.")
    changed = next(rule for rule in rules if rule.code == OLD.code)
    assert question(changed, found, ("Leeftijd", "Age")) == ("Over ‘Leeftijd’: 115 jaar is oud.", "115 is old.")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nl", ""),
        ("nl", "x" * 401),
        ("nl", "Klopt {dit}?"),
        ("nl", "Klopt {age.__class__}?"),
        ("nl", "Klopt {age!r}?"),
        ("nl", "Klopt {age:>9}?"),
        ("nl", "Klopt {}?"),
        ("nl", "Klopt {age?"),
        ("nl", "Klopt \x00 dit?"),
        ("question_en", "Is {age} right?"),
        ("severity", "heavy"),
        ("by_itself", "yes"),
        ("by_itself", "perhaps"),
    ],
)
def test_what_does_not_fit_a_rule_is_refused_by_name_and_passed_over_when_it_was_stored(name: str, text: str) -> None:
    _setting, problems = read(OLD, {name: text})
    assert set(problems) == {name}
    assert all(problem.nl and problem.en for problem in problems.values())
    if name in ("nl", "question_en"):
        stored = replace(RuleSetting.of(OLD), **{name: text})
        assert configured((OLD,), {OLD.code: stored, "Q99": stored}) == (OLD,)


def test_only_a_rule_that_comes_true_by_waiting_asks_by_itself() -> None:
    assert {rule.code for rule in RULES if rule.by_itself} == configuring.TIMED
    setting, problems = read(BY_CODE["Q10"], {"by_itself": "no"})
    assert (setting.by_itself, problems) == (False, {})


def test_a_text_is_worded_anew_left_out_or_added_and_a_question_may_name_its_field() -> None:
    texts = standard_texts.changed(
        [
            TextSetting(QUESTION, "right", "Weet u ‘{field}’ zeker?", "Are you sure of ‘{field}’?"),
            TextSetting(QUESTION, "missing", "x", "x", offered=False),
            TextSetting(QUESTION, "own_1", "Wat weet u nog meer?", "What else do you know?"),
            TextSetting(QUESTION, "own_2", "Oud", "Old", offered=False),
            TextSetting(QUESTION, "gone", "Bestaat niet meer", "Is no more"),
        ]
    )
    codes = [text.code for text in texts.of(QUESTION)]
    assert codes == ["right", "source", "report", "compare", "own_1"]
    assert texts.words(QUESTION, "right", "nl") == "Weet u ‘{field}’ zeker?"
    assert texts.words(QUESTION, "missing", "nl") == ""
    assert standard_texts.problems_of(QUESTION, "Klopt ‘{field}’?", "Right?") == {}
    assert set(standard_texts.problems_of("answer", "Klopt ‘{field}’?", "")) == {"nl", "en"}


def test_a_term_is_a_number_of_days_that_keeps_its_order() -> None:
    assert Terms().days(LATE) == 14
    assert Terms({LATE: 20}).days(LATE) == 20
    assert Terms({"laboratory-nfi": 50}).of_laboratory("nfi", 42) == 50
    assert len({term.code for term in TERMS}) == len(TERMS)
    for text in ("", "0", "366", "-1", "zeven", "7.5", "²"):
        assert terms.read(ASK_AFTER, text, Terms())[1]
    assert terms.read(ASK_AFTER, " 30 ", Terms()) == (30, None)
    assert terms.read(FIRST_REMINDER, "14", Terms())[1]
    assert terms.read(FIRST_REMINDER, "14", Terms({SECOND_REMINDER: 20})) == (14, None)
