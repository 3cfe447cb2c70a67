"""What is still blank in a case, and how complete it is."""

from collections.abc import Iterator

from register.quality.dictionary import FieldSpec, all_fields, fields_of
from register.quality.record import Answered, Record
from register.quality.rule import Finding, Severity
from register.quality.skip_rules import not_applicable

CORE_BLANK = "core_blank"

_CORE = tuple(spec for spec in all_fields() if spec.level == "core" and spec.on_case)
_COUNTED = tuple(spec for spec in all_fields() if spec.level in {"core", "strong"} and spec.on_case)
_ROW_MODELS = tuple(dict.fromkeys(spec.model for spec in all_fields() if spec.level == "core" and not spec.on_case))

# Either of these two names a substance: a code of the catalogue, or the words it was reported in.
_EITHER = frozenset({"substance", "reported_as"})


def missing_core(record: Record) -> tuple[Finding, ...]:
    """The core questions without an answer and without a reason, in the order of the dictionary.

    Questions that the skip rules do not ask are left out. Of repeated rows, the core fields of each row that exists.
    """
    skipped = not_applicable(record.answers)
    blanks = [_blank(spec) for spec in _CORE if spec.key not in skipped and record.answer(spec.key).blank]
    for model in _ROW_MODELS:
        for row in record.rows_of(model):
            blanks += [_blank(spec, row.key) for spec in _blank_in_row(model, row)]
    return tuple(blanks)


def _blank_in_row(model: str, row: Answered) -> Iterator[FieldSpec]:
    named = any(not row.answer(f"{model}.{name}").blank for name in _EITHER)
    for spec in fields_of(model):
        if spec.level == "core" and row.answer(spec.key).blank and not (named and spec.field in _EITHER):
            yield spec


def _blank(spec: FieldSpec, row: str = "") -> Finding:
    way_out = (
        (", of kies een reden waarom het antwoord ontbreekt", ", or choose a reason why there is no answer")
        if spec.may_be_missing
        else ("", "")
    )
    return Finding(
        code=CORE_BLANK,
        severity=Severity.ERROR_AT_SUBMIT,
        field=spec.key,
        page=spec.page,
        nl=f"Vul '{spec.label_nl}' in{way_out[0]}.",
        en=f"Fill in '{spec.label_en}'{way_out[1]}.",
        row=row,
    )


def completeness(record: Record) -> int:
    """The share of core and strong questions of the case answered with a value, in whole percents, rounded down.

    Questions that do not apply are left out; rows are not counted, since a case with many results is not more complete.
    """
    skipped = not_applicable(record.answers)
    asked = [spec.key for spec in _COUNTED if spec.key not in skipped and record.answer(spec.key).missing != "NA"]
    answered = sum(record.answer(key).value is not None for key in asked)
    return 100 * answered // len(asked) if asked else 100
