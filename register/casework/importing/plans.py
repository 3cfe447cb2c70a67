"""What a mapping says, as values that can be applied to a row of the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from register.casework.importing.folding import fold
from register.quality import value_sets
from register.quality.dictionary import FieldSpec

Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswerPlan:
    """Where the answer to one question stands.

    The columns are tried in their order; a blank one, and a text that ``values`` maps to nothing, sends the search on.
    ``values`` holds whole texts (folded), ``contains`` pairs of a part of a text and its code, tried in order; without
    both the text itself is the answer. ``otherwise`` stands for a text that neither knows, ``empty`` when all columns
    are blank, ``value`` for a question without columns. Any of these may be a reason for missing. ``order`` says how a
    date is written, such as month, day, year.
    """

    spec: FieldSpec
    columns: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    contains: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""
    empty: str = ""
    value: str = ""
    order: tuple[str, ...] = ()

    def raw(self, row: Columns) -> dict[str, str]:
        """The answer under the names by which a form would send it."""
        return self._sent(self.answer(row))

    def answer(self, row: Columns) -> str:
        """The answer, or the reason for missing, as text."""
        texts = [text for column in self.columns if (text := row[column].strip())]
        for text in texts:
            if found := self._meaning(text):
                return found
        if not texts:
            return self.empty if self.columns else self.value
        unknown = next((text for text in texts if fold(text) not in self.values), "")
        return self.otherwise or unknown or self.empty

    def _meaning(self, text: str) -> str:
        if not self.values and not self.contains:
            return text
        folded = fold(text)
        if folded in self.values:
            return self.values[folded]
        return next((code for part, code in self.contains if part in folded), "")

    def _sent(self, text: str) -> dict[str, str]:
        name = self.spec.field
        if self.spec.may_be_missing and text in value_sets.codes(value_sets.MISSING):
            return {f"{name}_missing": text}
        if self.order:
            parts = text.replace("-", "/").replace(".", "/").split("/")
            if len(parts) == len(self.order):
                return {f"{name}_{box}": part for box, part in zip(self.order, parts, strict=True)}
        return {name: text}


@dataclass(frozen=True, slots=True)
class SubstanceColumn:
    """A column in which the source ticks one substance.

    ``ticked``: the beginning of a text (folded) that means yes. ``named_by``: codes of substances, and of groups as
    ``group:<code>``, by which the text may already name what is ticked.
    """

    column: str
    substance: str
    ticked: str
    named_by: frozenset[str]

    def is_ticked(self, row: Columns) -> bool:
        return fold(row[self.column]).startswith(self.ticked)


@dataclass(frozen=True, slots=True)
class SubstancePlan:
    """Where substances stand, and what it means that the source names them there.

    ``text`` is the column of free text, ``notes`` are columns of short texts that count as ticks. The four roles are
    codes of VS-ROLE: of the only contributor, of one among several, of what can be a metabolite of another one, and of
    what the words mean only possibly. ``nothing_named`` is recorded when nothing is named at all, empty for nothing.
    ``finding`` and ``result`` hold further answers of every finding and result, under their form names.
    """

    text: str
    notes: tuple[str, ...]
    columns: tuple[SubstanceColumn, ...]
    alone: str
    together: str
    metabolite: str
    possible: str
    nothing_named: str
    evidence: tuple[str, ...]
    finding: Mapping[str, str]
    result: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An answer that makes the death no case of this register, with the code of the reason (VS-EXCL)."""

    spec: FieldSpec
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """What a bulk review takes over: answers of the final conclusion under their form names, and exclusions.

    An answer ``provisional`` takes over the provisional one of the case.
    """

    conclusion: Mapping[str, str]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """One source: its file, its regions, its answers, its substances.

    ``service`` is the code of the forensic service, in which ``{region}`` stands for that of the region. ``accept``
    holds a reason for each quality warning (by code) that the source as a whole answers.
    """

    name: str
    title: str
    encoding: str
    delimiter: str
    region: AnswerPlan
    service: str
    answers: tuple[AnswerPlan, ...]
    substances: SubstancePlan | None
    toxicology: Mapping[str, str]
    accept: Mapping[str, str]
    review: ReviewPlan

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the file must have, in the order of the mapping."""
        return tuple(dict.fromkeys(self._columns()))

    def _columns(self) -> Iterator[str]:
        yield from self.region.columns
        for plan in self.answers:
            yield from plan.columns
        if self.substances:
            yield from filter(None, (self.substances.text, *self.substances.notes))
            for column in self.substances.columns:
                yield column.column
