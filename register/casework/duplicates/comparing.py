"""Two cases beside each other: which answers differ. The rows that only the second has stand in ``copies``."""

from dataclasses import dataclass

from register.casework.answers import answer_in
from register.casework.dossier import Dossier
from register.casework.intake import COMPUTED
from register.casework.merging import same
from register.quality import dictionary
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec

# Who examined the body belongs to the case itself.
STAYS = COMPUTED | {"Case.forensic_service"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question that at least one of the two cases answers, with both answers."""

    spec: FieldSpec
    first: Answer
    second: Answer

    @property
    def differs(self) -> bool:
        return not same(self.first, self.second)


def compared(first: Dossier, second: Dossier) -> tuple[Comparison, ...]:
    """Every question of the physician's pages with an answer in one of the two, in the order of the dictionary."""
    specs = [spec for page in dictionary.PAGES for spec in dictionary.fields_on(page) if spec.on_case]
    both = [
        Comparison(spec, answer_in(first.answers(spec.model), spec), answer_in(second.answers(spec.model), spec))
        for spec in specs
        if spec.key not in STAYS
    ]
    return tuple(one for one in both if not (one.first.blank and one.second.blank))
