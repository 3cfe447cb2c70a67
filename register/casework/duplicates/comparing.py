"""Two cases beside each other: which answers differ, and which rows only the second has."""

from dataclasses import dataclass
from typing import Any

from register.casework.answers import answer_in, columns
from register.casework.dossier import Dossier
from register.casework.intake import COMPUTED
from register.casework.merging import same
from register.coding.folding import fold
from register.models import SubstanceFinding, SuspectedSubstance
from register.models.case import CaseChild
from register.quality import dictionary
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec

# Who examined the body belongs to the case itself.
STAYS = COMPUTED | {"Case.forensic_service"}
COPIED: tuple[type[Any], ...] = (SuspectedSubstance, SubstanceFinding)
# What became of a row in its own case.
OF_ITS_OWN_CASE = frozenset({"removed_reason", "outcome"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question that at least one of the two cases answers, with both answers."""

    spec: FieldSpec
    first: Answer
    second: Answer

    @property
    def differs(self) -> bool:
        return not same(self.first, self.second)


@dataclass(frozen=True, slots=True)
class RowOffer:
    """A suspected or found substance that only the second case has."""

    row: Any
    model: str


def compared(first: Dossier, second: Dossier) -> tuple[Comparison, ...]:
    """Every question of the physician's pages with an answer in one of the two, in the order of the dictionary."""
    specs = [spec for page in dictionary.PAGES for spec in dictionary.fields_on(page) if spec.on_case]
    both = [
        Comparison(spec, answer_in(first.answers(spec.model), spec), answer_in(second.answers(spec.model), spec))
        for spec in specs
        if spec.key not in STAYS
    ]
    return tuple(one for one in both if not (one.first.blank and one.second.blank))


def offers(first: Dossier, second: Dossier) -> tuple[RowOffer, ...]:
    """The standing substances of the second case that the first does not name in the same layer."""
    return tuple(
        RowOffer(row, model.__name__)
        for model in COPIED
        for row in _standing(second, model)
        if _name(row) not in {_name(other) for other in _standing(first, model)}
    )


def copy_of(row: CaseChild) -> Any:
    """The same answers in a new row of no case yet."""
    copy = type(row)()
    for spec in dictionary.fields_of(type(row).__name__):
        if spec.field not in OF_ITS_OWN_CASE:
            for name, value in columns(spec, answer_in(row, spec)).items():
                setattr(copy, name, value)
    return copy


def _standing(dossier: Dossier, model: type[Any]) -> list[Any]:
    return [row for row in dossier.rows(model) if row.removed_at is None]


def _name(row: Any) -> str:
    return row.substance_id or fold(row.reported_as or "")
