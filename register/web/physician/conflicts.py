"""Two windows, one page: what I typed beside what somebody saved in the meantime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from register.casework import choices
from register.quality import value_sets
from register.quality.dictionary import FieldSpec
from register.web.answers import form_values
from register.web.language import active
from register.web.physician.merging import Merged, merged
from register.web.physician.progress import answers_row

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question with two answers."""

    label: str
    target: str
    mine: str
    theirs: str


def between(
    case: Any, specs: Sequence[FieldSpec], typed: Values, seen_version: int
) -> tuple[Merged, tuple[Difference, ...]]:
    """The page with both changes in it, and the questions to which both gave another answer."""
    now = _values(case, specs)
    found = merged(typed, _seen(case, specs, seen_version, now), now, specs)
    return found, tuple(_difference(spec, typed, now) for spec in found.conflicts)


def _seen(case: Any, specs: Sequence[FieldSpec], seen_version: int, now: Values) -> Values:
    """The answers as they stood at the version the person saw; what is stored now when the history does not know."""
    then = case.history.filter(row_version=seen_version).first()
    if then is None:
        return now
    values: dict[str, list[str]] = {}
    for model in {spec.model for spec in specs}:
        mine = [spec for spec in specs if spec.model == model]
        row = answers_row(case, mine[0])
        past = row.history.filter(history_date__lte=then.history_date).order_by("-history_date", "-history_id").first()
        if past is not None:
            values.update(form_values(past, mine))
    return values


def _values(case: Any, specs: Sequence[FieldSpec]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for spec in specs:
        values.update(form_values(answers_row(case, spec), [spec]))
    return values


def _difference(spec: FieldSpec, typed: Values, now: Values) -> Difference:
    return Difference(spec.label(active()), f"#f-{spec.field}", _words(spec, typed), _words(spec, now))


def _words(spec: FieldSpec, values: Values) -> str:
    """What these form values say, in words."""
    reason = "".join(values.get(f"{spec.field}_missing", ())[:1])
    if reason in value_sets.codes(value_sets.MISSING):
        return value_sets.label(value_sets.MISSING, reason, active())
    texts = [text for text in values.get(spec.field, ()) if text]
    boxes = ["".join(values.get(f"{spec.field}_{box}", ())[:1]) for box in ("day", "month", "year")]
    time = "".join(values.get(f"{spec.field}_time", ())[:1])
    if any(boxes):
        return " ".join(part for part in ("-".join(box for box in boxes if box), time) if part)
    if spec.vocabulary == "municipality":
        names = choices.municipality_names(texts)
        return ", ".join(names.get(text, text) for text in texts)
    if spec.value_set:
        known = value_sets.codes(spec.value_set)
        return ", ".join(value_sets.label(spec.value_set, text, active()) if text in known else text for text in texts)
    return ", ".join(texts) or "–"
