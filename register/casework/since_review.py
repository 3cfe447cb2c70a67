"""What changed in a case since the register last marked it as reviewed: answers old and new, rows added and struck."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from register.casework import whole
from register.casework.answers import answer_in
from register.casework.dossier import Dossier
from register.casework.merging import same
from register.casework.record import ROWS
from register.models import SECTIONS, Case
from register.models.tracked import Tracked
from register.quality import dictionary
from register.quality.answers import BLANK, Answer
from register.quality.dictionary import FieldSpec

# Follows from the requests for toxicology.
COMPUTED = frozenset({"Case.tox_status"})
# The assessment is the register's own work.
ANSWERED: tuple[type[Tracked], ...] = (Case, *(model for model in SECTIONS if model.__name__ != "Assessment"))


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """One question with the answer that the register saw and the one that stands now."""

    spec: FieldSpec
    before: Answer
    now: Answer


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One row of a list. ``before`` None: it is new; ``now`` None: it was struck or taken away."""

    model: str
    before: Any
    now: Any
    answers: tuple[ChangedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class SinceReview:
    """Everything that changed; empty when nothing did."""

    answers: tuple[ChangedAnswer, ...] = ()
    rows: tuple[ChangedRow, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.answers) + len(self.rows)


def since_review(dossier: Dossier) -> SinceReview | None:
    """The changes since the last mark; None when the register never marked this case."""
    case = dossier.case
    if case.reviewed_version is None or case.reviewed_at is None:
        return None
    if case.row_version <= case.reviewed_version:
        return SinceReview()
    before = whole.at_version(case, case.reviewed_version, case.reviewed_at, (*ANSWERED, *ROWS))
    answers = tuple(
        change for model in ANSWERED for change in _answers(before, dossier.answers(model.__name__), model.__name__)
    )
    rows = tuple(_rows(dossier, before))
    whole.point([row.before for row in rows if row.now is None])
    return SinceReview(answers, rows)


def _answers(before: dict[Any, Any], now: Tracked, model: str) -> Iterator[ChangedAnswer]:
    past = before.get(now.pk)
    for spec in _compared(model):
        was, stands = BLANK if past is None else answer_in(past, spec), answer_in(now, spec)
        if not same(was, stands):
            yield ChangedAnswer(spec, was, stands)


def _rows(dossier: Dossier, before: dict[Any, Any]) -> Iterator[ChangedRow]:
    for model in ROWS:
        name = model.__name__
        rows = {row.pk: row for row in dossier.rows(model)}
        gone = [past for key, past in before.items() if isinstance(past, model) and key not in rows]
        for row in rows.values():
            past = before.get(row.pk)
            was, stands = past is not None and _stands(past), _stands(row)
            if was and stands:
                answers = tuple(_answers(before, row, name))
                if answers:
                    yield ChangedRow(name, past, row, answers)
            elif stands:
                yield ChangedRow(name, None, row)
            elif was:
                yield ChangedRow(name, past, None)
        for past in gone:
            if _stands(past):
                yield ChangedRow(name, past, None)


def _compared(model: str) -> list[FieldSpec]:
    """The questions that a page asks; of a row every one that somebody answers."""
    return [
        spec
        for spec in dictionary.fields_of(model)
        if spec.level != "derived" and spec.key not in COMPUTED and (spec.page or not spec.on_case)
    ]


def _stands(row: Any) -> bool:
    return getattr(row, "removed_at", None) is None
