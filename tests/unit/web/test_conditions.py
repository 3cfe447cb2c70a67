"""Which questions a page shows: the same as the skip rules say of the stored answers."""

from collections.abc import Iterator

import pytest

from register.quality import dictionary, value_sets
from register.quality.answers import BLANK, Answer
from register.quality.skip_rules import CONDITIONAL, SKIP_RULES, SkipRule, not_applicable
from register.web import conditions
from register.web.answers import written

REASONS = ("UNK", "PEND", "NASK")


def _answers(rule: SkipRule) -> Iterator[tuple[dict[str, list[str]], Answer]]:
    """Answers to the question that decides, as a form sends them and as they are stored."""
    spec = dictionary.field(rule.decider)
    yield {}, BLANK
    yield from (({f"{spec.field}_missing": [reason]}, Answer(missing=reason)) for reason in REASONS)
    match spec.kind:
        case "bool":
            yield from (({spec.field: [word]}, Answer(value)) for word, value in (("yes", True), ("no", False)))
        case "code" | "codes":
            for code in value_sets.codes(spec.value_set):
                yield {spec.field: [code]}, Answer((code,) if spec.kind == "codes" else code)
        case "int":
            yield from (({spec.field: [written(number)]}, Answer(number)) for number in (0, 1, 34))
        case _:
            boxes = {f"{spec.field}_day": ["21"], f"{spec.field}_month": ["10"], f"{spec.field}_year": ["2026"]}
            yield boxes, Answer("2026-10-21")


CASES = [
    pytest.param(field, values, answer, id=f"{field} {values}")
    for rule in SKIP_RULES
    for values, answer in _answers(rule)
    for field in rule.fields
]


@pytest.mark.parametrize(("field", "values", "answer"), CASES)
def test_a_page_shows_the_questions_that_the_register_asks(
    field: str, values: dict[str, list[str]], answer: Answer
) -> None:
    asked = field not in not_applicable({CONDITIONAL[field].decider: answer})
    assert conditions.applies(dictionary.field(field), values) == asked


def test_a_question_without_a_rule_is_always_shown() -> None:
    assert conditions.applies(dictionary.field("Decedent.sex"), {})
