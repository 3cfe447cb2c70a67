"""Between form and record: which form names hold an answer, reading it, and putting it in the columns of a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from register.casework.dossier import Dossier
from register.models import (
    ForensicService,
    Laboratory,
    Municipality,
    Region,
    Substance,
    SubstanceGroup,
)
from register.models.tracked import Tracked
from register.quality import dictionary
from register.quality.answers import BLANK, Answer
from register.quality.dictionary import FieldSpec
from register.quality.partial_dates import PartialDate
from register.quality.problems import Problem
from register.quality.reading import Known, read
from register.quality.skip_rules import CONDITIONAL, not_applicable

Raw = Mapping[str, str | Sequence[str]]

# The boxes in which a form may ask a date, a partial date or a moment, in the order in which they are read.
DATE_BOXES = ("day", "month", "year")
BOXES = {"date": DATE_BOXES, "partial_date": DATE_BOXES, "datetime": (*DATE_BOXES, "time")}
# A moment may also come as one date and one time.
DATE_BOX = "date"
MISSING = "_missing"


class Vocabularies:
    """The codes that a reference may hold; each vocabulary is read once, and only when a reference is."""

    @cached_property
    def municipality(self) -> frozenset[str]:
        return frozenset(Municipality.objects.values_list("pk", flat=True))

    @cached_property
    def region(self) -> frozenset[str]:
        return frozenset(Region.objects.values_list("pk", flat=True))

    @cached_property
    def forensic_service(self) -> frozenset[str]:
        return frozenset(ForensicService.objects.filter(active=True).values_list("pk", flat=True))

    @cached_property
    def lab(self) -> frozenset[str]:
        return frozenset(Laboratory.objects.filter(active=True).values_list("pk", flat=True))

    @cached_property
    def substance(self) -> frozenset[str]:
        return frozenset(Substance.objects.exclude(status=Substance.Status.RETIRED).values_list("pk", flat=True))

    @cached_property
    def substance_group(self) -> frozenset[str]:
        return frozenset(SubstanceGroup.objects.values_list("pk", flat=True))

    def known(self, spec: FieldSpec) -> Known | None:
        """The codes for a field that refers to a vocabulary; None for any other field."""
        return getattr(self, spec.vocabulary) if spec.vocabulary else None


def form_names(spec: FieldSpec) -> tuple[str, ...]:
    """Every name under which a form may send an answer to this field, its reason for missing included."""
    return _form_names(spec.key)


@cache
def _form_names(key: str) -> tuple[str, ...]:
    spec = dictionary.field(key)
    name = spec.field
    boxes = [f"{name}_{box}" for box in BOXES.get(spec.kind, ())]
    if spec.kind == "datetime":
        boxes.append(f"{name}_{DATE_BOX}")
    return (name, *boxes, *((f"{name}{MISSING}",) if spec.may_be_missing else ()))


def read_fields(
    specs: Sequence[FieldSpec], raw: Raw, vocabularies: Vocabularies
) -> tuple[dict[str, Answer], dict[str, Problem]]:
    """Answers by ``Model.field`` and problems by field name, of those fields that ``raw`` speaks about."""
    answers: dict[str, Answer] = {}
    problems: dict[str, Problem] = {}
    for spec in specs:
        if not any(name in raw for name in form_names(spec)):
            continue
        found = read(spec, _texts(spec, raw), text_of(raw, f"{spec.field}{MISSING}"), known=vocabularies.known(spec))
        if isinstance(found, Problem):
            problems[spec.field] = found
        else:
            answers[spec.key] = found
    return answers, problems


def _texts(spec: FieldSpec, raw: Raw) -> str | Sequence[str]:
    """The text of a field, or the texts of its boxes."""
    if spec.field in raw:
        return raw[spec.field]
    if spec.kind == "datetime" and f"{spec.field}_{DATE_BOX}" in raw:
        parts = (text_of(raw, f"{spec.field}_{DATE_BOX}"), text_of(raw, f"{spec.field}_time"))
        return " ".join(part for part in parts if part.strip())
    boxes = BOXES.get(spec.kind)
    return [text_of(raw, f"{spec.field}_{box}") for box in boxes] if boxes else ""


def text_of(raw: Raw, name: str) -> str:
    """The one text that a form sent under this name, empty when it sent none."""
    value = raw.get(name, "")
    return value if isinstance(value, str) else "".join(value[:1])


def columns(spec: FieldSpec, answer: Answer) -> dict[str, Any]:
    """The values of the columns that hold this answer."""
    values: dict[str, Any]
    value = answer.value
    if spec.kind == "partial_date":
        dates = (value.date_from, value.date_to) if isinstance(value, PartialDate) else (None, None)
        values = {f"{spec.field}_from": dates[0], f"{spec.field}_to": dates[1]}
    elif spec.vocabulary:
        values = {f"{spec.field}_id": value}
    else:
        values = {spec.field: list(value) if isinstance(value, tuple) else value}
    if spec.may_be_missing:
        values[f"{spec.field}{MISSING}"] = answer.missing
    return values


@dataclass(frozen=True, slots=True)
class _Stored:
    """The names of the columns of one field: of its value (or the ends of its range) and of its reason for missing."""

    key: str
    value: str
    last: str
    missing: str

    @classmethod
    def of(cls, spec: FieldSpec) -> "_Stored":
        missing = f"{spec.field}{MISSING}" if spec.may_be_missing else ""
        if spec.kind == "partial_date":
            return cls(spec.key, f"{spec.field}_from", f"{spec.field}_to", missing)
        return cls(spec.key, f"{spec.field}_id" if spec.vocabulary else spec.field, "", missing)

    def answer(self, row: Tracked) -> Answer:
        columns = vars(row)
        value = columns.get(self.value)
        missing = columns.get(self.missing) if self.missing else None
        if value is None or value == "" or value == []:
            return BLANK if missing is None else Answer(missing=missing)
        if self.last:
            return Answer(PartialDate(value, columns[self.last]))
        return Answer(tuple(value) if isinstance(value, list) else value)


@cache
def _stored(model: str) -> tuple[_Stored, ...]:
    return tuple(_Stored.of(spec) for spec in dictionary.fields_of(model))


def answer_in(row: Tracked, spec: FieldSpec) -> Answer:
    """The answer that the columns of a row hold."""
    return _Stored.of(spec).answer(row)


def answers_in(row: Tracked, model: str) -> dict[str, Answer]:
    """Every answer of one row, by ``Model.field``."""
    return {stored.key: stored.answer(row) for stored in _stored(model)}


def put(dossier: Dossier, row: Tracked, answers: Mapping[str, Answer]) -> bool:
    """Put answers in the columns of a row; say whether any column changed."""
    changed = [dossier.change(row, **columns(dictionary.field(key), answer)) for key, answer in answers.items()]
    return any(changed)


@cache
def conditional(model: str) -> tuple[FieldSpec, ...]:
    return tuple(spec for spec in dictionary.fields_of(model) if spec.key in CONDITIONAL)


@cache
def deciding(model: str) -> tuple[FieldSpec, ...]:
    deciders = {CONDITIONAL[spec.key].decider for spec in conditional(model)}
    return tuple(spec for spec in dictionary.fields_of(model) if spec.key in deciders)


def apply_skip_rules(dossier: Dossier, model: str, row: Tracked) -> None:
    """Answers that no longer apply become NA and lose their value; an NA that applies again becomes blank."""
    if not conditional(model):
        return
    skipped = not_applicable({spec.key: answer_in(row, spec) for spec in deciding(model)})
    for spec in conditional(model):
        answer = answer_in(row, spec)
        if spec.key in skipped and answer.missing != "NA":
            dossier.change(row, **columns(spec, Answer(missing="NA") if spec.may_be_missing else BLANK))
        elif spec.key not in skipped and answer.missing == "NA":
            dossier.change(row, **columns(spec, BLANK))
