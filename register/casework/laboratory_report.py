"""A report of a laboratory that was pasted or typed as a whole: read for a person to look at, then taken over at once.

Reading stores nothing. Taking over is one write: all lines or none, and never twice by accident.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from register.casework import reference, rows, toxicology
from register.casework.analytes import standing_results
from register.casework.answers import Raw, Vocabularies
from register.casework.dossier import Dossier
from register.casework.errors import InvalidError
from register.casework.opening import opened
from register.casework.units import for_reading, normalised
from register.coding.analytes import Analyte, Family, families
from register.coding.folding import fold
from register.coding.laboratory_names import Name, Status, begins_with_a_name, recognise
from register.coding.laboratory_table import Kind, Line, Table, read_row, read_table
from register.coding.laboratory_values import NO_RESULT, number_in
from register.coding.toxicology_hints import Hint, hints
from register.models import Case, Substance, ToxRequest, ToxResult, ToxSample, User
from register.quality.problems import Problem
from register.workflow.verbs import Verb

ADD, REPLACE = "add", "replace"
REPLACED = "Staat niet meer in de nieuwe versie van het rapport"
ANSWERED = ("outcome", "qualifier", "value", "unit", "lod", "loq", "stage")

CHOOSE_AGAIN = Problem(
    "Bij deze aanvraag staan al uitslagen. Kies of deze erbij komen of ervoor in de plaats.",
    "This request has results already. Choose whether these are added or take their place.",
)
NOTHING_TO_TAKE = Problem(
    "Er is geen regel om over te nemen. Plak de tabel van het laboratorium, of vul een middel en een uitslag in.",
    "There is no line to take over. Paste the table of the laboratory, or fill in a substance and a result.",
)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line as a person sees it before anything is stored.

    ``code`` is the substance that it means, chosen or recognised; ``chosen`` says that a person settled what it is.
    ``beside`` is the value in the unit in which reports are compared, when that is another one.
    """

    line: Line
    name: Name | None = None
    code: str | None = None
    chosen: bool = False
    beside: tuple[Decimal, str] | None = None

    @property
    def state(self) -> str:
        """recognised, choice, unknown or unreadable."""
        if self.line.kind is not Kind.RESULT or self.name is None:
            return "unreadable"
        if self.chosen and self.name.status is Status.CHOICE:
            return Status.RECOGNISED.value if self.code else Status.UNKNOWN.value
        return self.name.status.value


def read_text(text: str) -> tuple[Table, list[ReadLine]]:
    """The lines of a pasted text, each with the substance that its name means."""
    table = read_table(text)
    return table, [_recognised(line) for line in table.lines]


def read_typed(name: str, result: str, *, original: str = "", loq: str = "", choice: str | None = None) -> ReadLine:
    """One line that was typed, or looked at and mended. ``choice``: the code a person chose, "" to keep the words."""
    limit = number_in(loq) if loq else None
    line = replace(read_row(name, result, original), loq=limit if isinstance(limit, Decimal) else None)
    return _recognised(line, choice)


def tells_nothing(one: ReadLine) -> bool:
    """Whether a line may be left out unasked: a header, or no result and no substance at its beginning.

    What can be read in two ways, and a substance whose result cannot be read, is for a person to mend or to leave out.
    """
    if one.line.kind is Kind.HEADER:
        return True
    if one.line.kind is Kind.RESULT or one.line.why != NO_RESULT:
        return False
    return not begins_with_a_name(one.line.original, reference.current().catalogue)


def families_in(lines: Sequence[ReadLine]) -> tuple[Family, ...]:
    """The families of lines that are results; the key of an analyte is the place of its line."""
    return families(_analytes(lines), reference.current().catalogue)


def hints_in(
    lines: Sequence[ReadLine], *, matrix: str = "", scope: Collection[str] = ()
) -> dict[int, tuple[Hint, ...]]:
    """The hints beside each line before it is taken over, by its place; ``matrix`` and ``scope`` are of the report."""
    catalogue = reference.current().catalogue
    found = [replace(one, matrix=matrix, scope=tuple(scope)) for one in _analytes(lines)]
    return {int(one.key): hints(one, found, catalogue) for one in found}


def _analytes(lines: Sequence[ReadLine]) -> list[Analyte]:
    found = []
    for at, one in enumerate(lines):
        reading = one.line.reading
        if one.line.kind is Kind.RESULT and reading is not None:
            value, unit = normalised(reading.value, reading.unit, substance=one.code, molar_mass=None)
            found.append(Analyte(str(at), one.line.name, one.code, reading.outcome, value=value, unit=unit))
    return found


def results_of(case: Case, request_id: UUID) -> list[ToxResult]:
    """The results of a request that were not struck out."""
    return list(case.toxresult_rows.filter(request_id=request_id, removed_at=None).order_by("id"))


def take_over(
    *,
    case_id: UUID | str,
    request_id: UUID | str,
    report: Raw,
    lines: Sequence[ReadLine],
    seen_version: int,
    by: User,
    sample_id: UUID | str | None = None,
    stage: str = "",
    again: str = "",
) -> Case:
    """Store the results of a report: its date and number with the request, and one row for each line.

    ``again`` is needed when the request has results: with ``add`` a line that says what stands there already is left
    out, with ``replace`` lines of the same name are changed and results that the report no longer has are struck out.
    Somebody else's change since the person looked is a StaleError: a report is one thing.
    """
    with opened(case_id=case_id, by=by, verb=Verb.ENTER_TOX, seen_version=seen_version) as dossier:
        request = rows.find(dossier, ToxRequest, request_id)
        sample = _sample(dossier, request, sample_id)
        taken = [_raw(one, stage) for one in lines if one.line.kind is Kind.RESULT]
        if not taken:
            raise InvalidError({"text": NOTHING_TO_TAKE})
        before = [row for row in standing_results(dossier) if row.request_id == request.pk]
        if before and again not in (ADD, REPLACE):
            raise InvalidError({"again": CHOOSE_AGAIN})
        vocabularies = Vocabularies()
        rows.change(dossier, request, report, vocabularies)
        if request.received_on is None and request.received_on_missing is None:
            dossier.change(request, received_on=timezone.localdate())
        if request.status in ("requested", "sampled"):
            dossier.change(request, status="partial")
        if again == REPLACE:
            _replace(dossier, request, before, taken, vocabularies, sample)
        else:
            _add(dossier, request, before, taken, vocabularies, sample)
        toxicology.follow(dossier)
    return dossier.case


def _recognised(line: Line, choice: str | None = None) -> ReadLine:
    if line.kind is not Kind.RESULT or line.reading is None:
        return ReadLine(line)
    catalogue = reference.current().catalogue
    name = recognise(line.name, catalogue)
    code = name.code
    if name.status is Status.CHOICE:
        offered = {match.code for match in name.candidates}
        code = choice if choice in offered else None
        choice = choice if choice == "" or choice in offered else None
    reading = line.reading
    molar_mass = None
    if reading.unit == "mmol_l" and code:
        molar_mass = Substance.objects.filter(pk=code).values_list("molar_mass", flat=True).first()
    beside = for_reading(reading.value, reading.unit, substance=code, molar_mass=molar_mass)
    return ReadLine(line, name, code, chosen=choice is not None, beside=beside)


def _sample(dossier: Dossier, request: ToxRequest, sample_id: UUID | str | None) -> ToxSample | None:
    sample = dossier.row(ToxSample, sample_id) if sample_id else None
    if sample_id and (sample is None or sample.request_id != request.pk):
        raise InvalidError({"sample": toxicology.UNKNOWN_SAMPLE})
    return sample


def _raw(one: ReadLine, stage: str) -> dict[str, str]:
    reading = one.line.reading
    assert reading is not None  # noqa: S101 - a line that is a result has a reading
    measured = reading.value is not None
    return {
        "reported_as": one.line.name,
        "substance": one.code or "",
        "outcome": reading.outcome,
        "qualifier": (reading.qualifier or "") if measured else "",
        "value": format(reading.value, "f") if measured else "",
        "unit": (reading.unit or "") if measured else "",
        "loq": format(one.line.loq, "f") if one.line.loq is not None else "",
        "lod": format(one.line.lod, "f") if one.line.lod is not None else "",
        "stage": stage,
    }


def _add(
    dossier: Dossier,
    request: ToxRequest,
    before: Sequence[ToxResult],
    taken: Sequence[Raw],
    vocabularies: Vocabularies,
    sample: ToxSample | None,
) -> None:
    said = {_saying(row) for row in before}
    for raw in taken:
        row = toxicology.result(dossier, request, raw, vocabularies, sample=sample, links=False)
        if _saying(row) in said:
            dossier.drop(row)


def _replace(
    dossier: Dossier,
    request: ToxRequest,
    before: Sequence[ToxResult],
    taken: Sequence[Raw],
    vocabularies: Vocabularies,
    sample: ToxSample | None,
) -> None:
    left = list(before)
    for raw in taken:
        row = next((one for one in left if _same_line(one, raw, sample)), None)
        if row is None:
            toxicology.result(dossier, request, raw, vocabularies, sample=sample, links=False)
            continue
        left.remove(row)
        rows.change(dossier, row, {name: raw[name] for name in ANSWERED}, vocabularies, needed=("outcome",))
        toxicology.complete(dossier, row, links=False)
    now = timezone.now()
    for row in left:
        dossier.change(row, removed_at=now, removed_reason=REPLACED)


def _same_line(row: ToxResult, raw: Raw, sample: ToxSample | None) -> bool:
    """The same name, or the same substance, in the same specimen."""
    if sample is not None and row.sample_id not in (None, sample.pk):
        return False
    named = fold(row.reported_as or "") == fold(str(raw["reported_as"]))
    return named or (bool(raw["substance"]) and row.substance_id == raw["substance"])


def _saying(row: ToxResult) -> tuple[object, ...]:
    return (fold(row.reported_as or ""), row.sample_id, row.outcome, row.qualifier, row.value, row.unit)
