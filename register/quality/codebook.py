"""The codebook of the record: every question with its kind, limits, codes, reasons for missing, and when it is asked.

It is made from the data dictionary, the value sets and the skip rules, which are what forms and checks read as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from register.quality import dictionary, value_sets
from register.quality.dictionary import FieldSpec
from register.quality.skip_rules import CONDITIONAL, SkipRule
from register.quality.value_sets import Value

COLUMNS = (
    *("question", "page", "level", "privacy", "kind", "minimum", "maximum", "code_list", "may_be_missing"),
    *("label_nl", "label_en", "asked_if", "asked_if_values", "condition_nl", "condition_en"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``codes`` are its possible answers, none for a free one; without ``rule`` it is always asked."""

    spec: FieldSpec
    codes: tuple[Value, ...]
    rule: SkipRule | None


@lru_cache(maxsize=1)
def questions() -> tuple[Question, ...]:
    """Every question, page by page as a physician meets them; what no page asks comes last."""
    places = {page: place for place, page in enumerate(dictionary.PAGES)}
    specs = sorted(dictionary.all_fields(), key=lambda spec: places.get(spec.page, len(places)))
    return tuple(
        Question(spec, value_sets.values(spec.value_set) if spec.value_set else (), CONDITIONAL.get(spec.key))
        for spec in specs
    )


def lines() -> Iterator[dict[str, Any]]:
    """One line for each question, with COLUMNS; empty for what a question has not."""
    for question in questions():
        spec, rule = question.spec, question.rule
        yield {
            "question": spec.key,
            "page": spec.page,
            "level": spec.level,
            "privacy": spec.privacy,
            "kind": spec.kind,
            "minimum": "" if spec.minimum is None else spec.minimum,
            "maximum": "" if spec.maximum is None else spec.maximum,
            "code_list": spec.value_set,
            "may_be_missing": "yes" if spec.may_be_missing else "no",
            "label_nl": spec.label_nl,
            "label_en": spec.label_en,
            "asked_if": rule.decider if rule else "",
            "asked_if_values": " ".join(sorted(map(_code, rule.values))) if rule else "",
            "condition_nl": rule.nl if rule else "",
            "condition_en": rule.en if rule else "",
        }


def document() -> dict[str, Any]:
    """The whole codebook: the lines, and every code list with the days on which each code may be chosen."""
    lists = sorted({question.spec.value_set for question in questions() if question.spec.value_set})
    return {
        "questions": list(lines()),
        "code_lists": {name: _codes(value_sets.values(name)) for name in lists},
        "missing": _codes(value_sets.values(value_sets.MISSING)),
    }


def _codes(values: Sequence[Value]) -> list[dict[str, Any]]:
    return [
        {
            "code": value.code,
            "label_nl": value.label_nl,
            "label_en": value.label_en,
            "valid_from": value.valid_from.isoformat(),
            "valid_to": value.valid_to.isoformat() if value.valid_to else None,
        }
        for value in values
    ]


def _code(value: Any) -> str:
    """A value of a rule as a form and a file write it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
